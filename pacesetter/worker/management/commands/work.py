"""`./pace work`: run the loop until SIGTERM; `--once` does what is due now and ends."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pacesetter.config import clock
from pacesetter.worker.chores import CHORES
from pacesetter.worker.loop import Busy, Loop, take_lock


class Command(BaseCommand):
    """The worker of this installation; a second one beside it is refused."""

    help = "Run the worker: imports, calendar, nightly backup."
    # `./pace check` does them: they load every page, which costs two seconds
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now and end")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lock = take_lock(settings.HOME)
        except Busy as busy:
            raise CommandError(str(busy), returncode=3) from busy
        with lock:
            loop = Loop(settings.HOME, CHORES, clock.now)
            loop.listen()
            if options["once"]:
                loop.once()
            else:
                loop.forever()
