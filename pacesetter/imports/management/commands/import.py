"""`./pace import --preset NAME PATH`: files into records, as docs/import.md says."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from pacesetter.config import clock
from pacesetter.imports import importing
from pacesetter.imports.acts import batches
from pacesetter.imports.console import REFUSED, Console, ready, usage
from pacesetter.imports.plan import Plan
from pacesetter.imports.presets import PRESETS


class Command(Console):
    help = "Import a file or a folder; exit 0 taken, 2 refused, 64 wrong usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="PATH", help="a file or a folder")
        parser.add_argument("--preset", required=True, metavar="NAME", help=", ".join(PRESETS))
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would happen")
        parser.add_argument("--take-good", action="store_true", help="take the good rows although others are wrong")
        parser.add_argument("--on-existing", choices=["skip", "fill", "overwrite"], default="fill")
        parser.add_argument("--sheet", default="", metavar="NAME", help="the worksheet to read (default: the first)")
        parser.add_argument("--rows", action="store_true", help="say which record each row became")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["path"])
        if not path.exists():
            raise usage(f"there is no {path.name}")
        ready()
        preset = options["preset"]
        if preset not in PRESETS and not batches.saved(preset):
            raise usage(f"there is no preset {preset}; known: {', '.join(PRESETS)}")
        order = batches.order_for(
            preset, [path], on_existing=options["on_existing"], take_good=options["take_good"],
            dry_run=options["dry_run"], want_rows=options["rows"], sheet=options["sheet"],
        )  # fmt: skip
        self._told = time.monotonic()
        if options["dry_run"]:
            result = importing.run(order, by=None, at=clock.now(), progress=self._progress)
        else:
            result = batches.run_now(order, by=None, at=clock.now(), progress=self._progress)
        self.give(result.as_json())
        if result.refused:
            sys.exit(REFUSED)

    def _progress(self, plan: Plan, phase: str) -> None:
        """A line a few times a minute, on stderr."""
        if time.monotonic() - self._told > 5:
            self._told = time.monotonic()
            self.say(f"{phase}: {plan.done} rows")
