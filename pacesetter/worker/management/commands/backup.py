"""`./pace backup [--to PLACE]`: one archive of database, files and key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pacesetter.config import clock
from pacesetter.worker import backup


class Command(BaseCommand):
    """Keeps this installation, while it runs."""

    help = "Write one archive of database, files and secret key."
    # `./pace check` does them: they load every page, which costs two seconds
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", help="file or folder (default: HOME/backups)")
        parser.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        place = Path(options["to"]) if options["to"] else settings.HOME / "backups"
        if place.suffix != ".gz":
            place.mkdir(parents=True, exist_ok=True, mode=0o750)
            place = place / f"pacesetter-{now:%Y%m%d-%H%M%S}.tar.gz"
        if place.exists():
            raise CommandError(f"{place} exists already")
        if not place.parent.is_dir():
            raise CommandError(f"{place.parent} is no folder")
        manifest = backup.write(place.resolve(), at=now)
        rows = sum(manifest.tables.values())
        said = {"file": str(place), "bytes": place.stat().st_size, "tables": len(manifest.tables), "rows": rows,
                "files": sum(1 for name in manifest.members if name.startswith("home/"))}  # fmt: skip
        if options["json"]:
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.stdout.write(f"{place}: {rows:,} rows of {said['tables']} tables, {said['files']} files")
