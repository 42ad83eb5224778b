"""`./pace setup --from WORLD.json`: company, calendars, teams, people, roles and closed periods, without a browser."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from pacesetter.config import clock
from pacesetter.imports import setting_up
from pacesetter.imports.console import REFUSED, Console, ready, usage
from pacesetter.lib.refusal import Refusal


class Command(Console):
    help = "Set up company, calendars, teams, people and closed periods from a JSON file; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="world", required=True, metavar="WORLD.json")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["world"])
        try:
            world = json.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise usage(f"cannot read {path.name}: {error.strerror}") from error
        except ValueError as error:
            self.give({"made": {}, "errors": [{"path": "$", "reason": f"JSON: {error}"}]})
            sys.exit(REFUSED)
        ready()
        try:
            made = setting_up.set_up(world, by=None, at=clock.now())
        except Refusal as refusal:
            self.give({"made": {}, "errors": [{"path": refusal.field, "reason": str(refusal)}]})
            sys.exit(REFUSED)
        self.give({"made": made, "errors": []})
