"""`./pace count --json`: how many records of each kind there are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from pacesetter.imports import exporting
from pacesetter.imports.console import Console, ready


class Command(Console):
    help = "Count the records of every generic preset."

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ready()
        found = exporting.count()
        if options["json"]:
            self.give(found)
        else:
            for entity, number in found.items():
                self.stdout.write(f"{entity}\t{number}")
