"""`./pace invite EMPLOYEE_NO`: the link with which somebody signs in first, made on the machine itself.

For an installation whose people came from a file before anybody could sign in, and for an admin who is locked out.
Exit 0 with the link as JSON, 2 refused, 64 wrong usage.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction
from django.urls import reverse

from pacesetter.config import clock
from pacesetter.imports.console import REFUSED, Console, ready, usage
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads
from pacesetter.people.models import Person


class Command(Console):
    help = "a link with which somebody sets a password and signs in"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("employee_no")
        parser.add_argument("--admin", default="", metavar="REASON", help="make them a system administrator as well")
        parser.add_argument("--address", default="http://localhost:8000", help="where the installation is opened")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ready()
        person = Person.objects.filter(employee_no=options["employee_no"], merged_into=None).first()
        if person is None:
            raise usage(f"no person with employee number {options['employee_no']}")
        try:
            link = _way_in(person, options["admin"])
        except Refusal as refusal:
            self.give({"errors": [{"path": refusal.field, "reason": str(refusal)}]})
            sys.exit(REFUSED)
        self.give({"name": person.name, "link": options["address"].rstrip("/") + link})


@transaction.atomic
def _way_in(person: Person, admin: str) -> str:
    """The path of a fresh link; whoever has a password already gets one that sets another."""
    at = clock.now()
    if admin:
        acts.grant_role(person=person, role="admin", on=reads.business_day(at), reason=admin, by=None, at=at)
    make = acts.reset_link if person.has_usable_password() else acts.invite
    _row, secret = make(person=person, by=None, at=at)
    return reverse("invitation", args=[secret])
