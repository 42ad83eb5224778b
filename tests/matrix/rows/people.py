"""People, teams, company, journal, oneself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pacesetter.people.acts import record_absence
from pacesetter.people.models import Absence, Person
from tests.matrix.policy import EVERY, OWN, TEAM, Row, everybody, to
from tests.world import AT, World

# the table: people are read by these, written by HRBP (persons, seats, stages) and admin (everything)
READ_ALL = ("director", "hrbp", "analyst", "admin")
PEOPLE_READ = to("rep", "manager", *READ_ALL)
PERSON_READ = {
    **everybody(OWN),
    "manager": TEAM,
    **dict.fromkeys(READ_ALL, EVERY),
}
HR = to("hrbp", "admin")
ADMIN = to("admin")
JOURNAL = to("rep", "director", "hrbp", "finance", "admin")


def person(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": who.pk}


def team(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": world.east1.pk}


def missing(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": 999_999}


def absence(world: World, who: Person) -> Mapping[str, Any]:
    """A day's leave of that person, before anybody of the cast left."""
    row = Absence.objects.filter(person=who).first() or record_absence(
        person=who, kind="leave", start=date(2026, 1, 20), end=date(2026, 1, 21), by=None, at=AT
    )
    return {"pk": row.pk}


def calendar_day(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": world.company.calendar_id, "day": "2026-03-17"}


def calendar_year(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": world.company.calendar_id, "year": 2026}


ROWS = {
    "home": Row(everybody()),
    # what it finds is proved in tests/web/test_finder.py
    "search": Row(everybody()),
    "manage": Row(everybody()),
    "set_language": Row(everybody(), anonymous="open"),
    "setup": Row(ADMIN, anonymous="hidden"),
    "setup_step": Row(ADMIN, lambda world, who: {"step": "people"}, anonymous="hidden"),
    "invitation": Row({}, lambda world, who: {"secret": "never-made"}, anonymous="hidden"),
    "me": Row(everybody()),
    "me_profile": Row(everybody()),
    "me_password": Row(everybody()),
    "me_privacy": Row(everybody()),
    "me_devices_end": Row(everybody()),
    "me_device_end": Row({}, missing),
    "me_token_new": Row(everybody()),
    "me_token_revoke": Row({}, missing),
    "people": Row(PEOPLE_READ),
    "person_new": Row(HR),
    "people_invite": Row(HR),
    "person": Row(PERSON_READ, person),
    "person_edit": Row(HR, person),
    "person_stage": Row(HR, person),
    "person_absent": Row(HR, person),
    "absence_withdraw": Row(HR, absence),
    "person_move": Row(HR, person),
    "person_correct": Row(HR, person),
    "person_leave": Row(HR, person),
    "person_invite": Row(HR, person),
    "person_grant": Row(ADMIN, person),
    "person_revoke": Row(ADMIN, person),
    "person_sign_out": Row(ADMIN, person),
    "person_view_as": Row(ADMIN, person),
    "person_merge": Row(ADMIN, person),
    "view_as_end": Row(everybody()),
    "teams": Row(PEOPLE_READ),
    "team_new": Row(ADMIN),
    "team_edit": Row(ADMIN, team),
    "team_move": Row(ADMIN, team),
    "team_close": Row(ADMIN, team),
    "rights": Row(everybody()),
    "company": Row(PEOPLE_READ),
    "calendar": Row(PEOPLE_READ),
    "calendar_new": Row(ADMIN),
    "calendar_day": Row(ADMIN, calendar_day),
    "calendar_build": Row(ADMIN, calendar_year),
    "periods": Row(PEOPLE_READ),
    "audit": Row(JOURNAL),
    "audit_csv": Row(JOURNAL),
    "audit_xlsx": Row(JOURNAL),
    "audit_check": Row(ADMIN),
    "audit_undo_merge": Row({}, missing),
}
