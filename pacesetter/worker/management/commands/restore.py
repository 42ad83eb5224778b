"""`./pace restore ARCHIVE [--force]`: bring an installation back into this home. Stop the server and worker first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pacesetter.config import clock
from pacesetter.worker import archive, restore
from pacesetter.worker.loop import Busy, take_lock


class Command(BaseCommand):
    """Restores database, files and key; a home with records needs --force."""

    help = "Bring an installation back from an archive."
    # `./pace check` does them: they load every page, which costs two seconds
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("archive")
        parser.add_argument("--force", action="store_true", help="put aside what this home holds now")
        parser.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Path(options["archive"])
        if not source.is_file():
            raise CommandError(f"there is no file {source}", returncode=64)
        try:
            with take_lock(settings.HOME):
                manifest = restore.read(source, force=options["force"], at=clock.now())
        except Busy as busy:
            raise CommandError(f"{busy}: stop the worker and the server first", returncode=3) from busy
        except restore.NotEmpty as full:
            raise CommandError(f"{full}. Nothing was changed; --force puts it aside.", returncode=2) from full
        except (archive.Damaged, restore.Unknown) as fault:
            raise CommandError(str(fault), returncode=2) from fault
        rows = sum(manifest.tables.values())
        if options["json"]:
            self.stdout.write(json.dumps({"made_at": manifest.made_at, "rows": rows, "tables": manifest.tables}))
        else:
            self.stdout.write(f"{rows:,} rows of {len(manifest.tables)} tables as of {manifest.made_at}")
