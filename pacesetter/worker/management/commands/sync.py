"""`./pace sync NAME`: the organisation of a chat system, tried or taken over, as docs/chat.md says."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser

from pacesetter.chat import acts, configured, planning
from pacesetter.chat.adapter import ChatError
from pacesetter.chat.models import State
from pacesetter.config import clock
from pacesetter.imports.console import REFUSED, Console, ready, usage
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads


class Command(Console):
    help = "Take over the organisation of a chat system; exit 0 done, 2 refused, 64 wrong usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help=", ".join(configured.NAMES))
        parser.add_argument("--dry-run", action="store_true", help="write no person and no team, say what would happen")
        parser.add_argument("--tick", action="append", default=[], metavar="ID", help="a leaver or namesake to take")
        parser.add_argument("--role", choices=["rep"], default="", help="role of whoever is added")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"]
        if name not in configured.names():
            raise usage(f"{name} is not configured; see docs/chat.md")
        ready()
        if reads.company_or_none() is None:
            raise usage("set up the company first")
        at = clock.now()
        run = acts.ask(name=name, by=None, at=at)
        acts.claim(run.pk, at=at)
        run = acts.look(run, at=at)
        answer: dict[str, Any] = {"system": name, "applied": False, "counts": run.counts, "steps": [], "notes": []}
        if run.state == State.FAILED:
            answer["error"] = ChatError(**run.fault).says
            self._end(answer)
        for kind in ("steps", "notes"):
            answer[kind] = [_row(one) for one in getattr(run, kind)]
        if not options["dry_run"]:
            try:
                answer["counts"] = acts.apply(
                    run=run, ticked=frozenset(options["tick"]), role=options["role"], by=None, at=at
                )
            except Refusal as refusal:
                answer["error"] = str(refusal)
                self._end(answer)
            answer["applied"] = True
        self.give(answer)

    def _end(self, answer: dict[str, Any]) -> None:
        self.say(answer["error"])
        self.give(answer)
        sys.exit(REFUSED)


def _row(one: dict[str, Any]) -> dict[str, Any]:
    words = planning.STEPS.get(one["kind"]) or planning.NOTES[one["kind"]]
    return {
        "id": f"{one['kind']}:{one['key']}",
        "kind": one["kind"],
        "label": one["label"],
        "says": f"{words} {planning.told(one['kind'], one['args'])}".strip(),
    }
