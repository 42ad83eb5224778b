"""`python -m manage demo seed` fills an empty home with the demo company; `demo logins` prints who may sign in."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from pacesetter.config import clock
from pacesetter.demo import logins
from pacesetter.demo.play import play
from pacesetter.demo.played import ZONE
from pacesetter.demo.story import tell
from pacesetter.people.models import Company


class Command(BaseCommand):
    """The demo company; a client like any other: it uses acts only."""

    help = "Fill an empty home with the demo company, or print its logins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["seed", "logins"])
        parser.add_argument("--json", action="store_true", help="print only JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "seed":
            if Company.objects.exists():
                raise CommandError("this home holds a company already", returncode=2)
            now = clock.now()
            story = tell(clock.today(ZONE))
            made = logins.make(play(story, at=now), settings.HOME, at=now)
        else:
            made = logins.read(settings.HOME)
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in made], ensure_ascii=False))
            return
        for one in made:
            self.stdout.write(f"{one.role:<10} {one.login:<8} {one.password:<26} {one.name}")
