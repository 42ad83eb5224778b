"""`./pace export PRESET`: records by canonical column, as JSON, CSV, XLSX or Parquet."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from pacesetter.imports import exporting
from pacesetter.imports.console import Console, ready, usage
from pacesetter.lib import sheets

WRITERS: dict[str, Callable[..., None]] = {
    "csv": sheets.write_csv,
    "xlsx": sheets.write_xlsx,
    "parquet": sheets.write_parquet,
}


class Command(Console):
    help = "Export the records of a generic preset (importing them again creates nothing), or adjustments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("preset", choices=exporting.EXPORTS)
        for kind in WRITERS:
            parser.add_argument(f"--{kind}", metavar="FILE", type=Path, help=f"write a {kind} file")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ready()
        entity = options["preset"]
        written = False
        for kind, write in WRITERS.items():
            path = options[kind]
            if path is None:
                continue
            if not path.parent.is_dir():
                raise usage(f"there is no folder {path.parent.name}")
            header, rows = exporting.table(entity)
            write(path, header, rows)
            written = True
            self.say(f"{path.name} written")
        if options["json"] or not written:
            self._json(entity)

    def _json(self, entity: str) -> None:
        """One record a line inside the list, so that a large export needs no memory."""
        names = exporting.columns(entity)
        self.stdout.write("[")
        before = ""
        for row in exporting.Exporter().rows(entity):
            record = {name: row.pop(name, None) for name in names} | row
            if before:
                self.stdout.write(before + ",")
            before = json.dumps(record, ensure_ascii=False)
        if before:
            self.stdout.write(before)
        self.stdout.write("]")
