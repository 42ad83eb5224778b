"""How our own organisation stands, read once: what a plan compares with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pacesetter.people import reads
from pacesetter.people.models import EntityMaster, ExternalId, Membership, Person, RoleGrant, Team, TeamPlace

FIELDS: Final = ("name", "employee_no", "mobile", "email", "hire_on")
KEYS: Final = ("employee_no", "mobile", "email")
MASTERED: Final = ("person", "team", "membership")


@dataclass
class OurPerson:
    """A person of ours with the seats of today: (team, manager, title)."""

    pk: int
    values: dict[str, object]
    here: bool
    primary: tuple[int, int | None, str] | None = None
    further: set[int] = field(default_factory=set)
    seated_ever: bool = False
    admin: bool = False

    @property
    def name(self) -> str:
        return str(self.values["name"])


@dataclass
class OurTeam:
    """A team of ours."""

    pk: int
    name: str
    parent: int | None
    leader: int | None
    open: bool


@dataclass
class Book:
    """Everybody and every team, and which id over there they are bound to."""

    company: str
    people: dict[int, OurPerson]
    teams: dict[int, OurTeam]
    bound_people: dict[str, int]
    bound_teams: dict[str, int]
    # field → value → person, merged records included: keys are unique over all of them
    holders: dict[str, dict[str, int]]
    outside: frozenset[str]


def book(name: str, source: str, on: date) -> Book:
    """The book of a day. `name`: the chat system, which may be the master of people, teams or memberships."""
    merged: dict[int, int] = {}
    people: dict[int, OurPerson] = {}
    holders: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    for row in Person.objects.order_by("id"):
        for key in KEYS:
            if getattr(row, key):
                holders[key][getattr(row, key)] = row.pk
        if row.merged_into_id is not None:
            merged[row.pk] = row.merged_into_id
            continue
        here = not row.access_ended and (row.left_on is None or row.left_on >= on)
        people[row.pk] = OurPerson(row.pk, {key: getattr(row, key) for key in FIELDS}, here)
    for person_id in Membership.objects.values_list("person_id", flat=True).distinct():
        if person_id in people:
            people[person_id].seated_ever = True
    for seat in Membership.objects.filter(reads.valid(on)).order_by("id"):
        one = people.get(seat.person_id)
        if one is None:
            continue
        if seat.primary:
            one.primary = (seat.team_id, seat.manager_id, seat.title)
        else:
            one.further.add(seat.team_id)
    for person_id in RoleGrant.objects.filter(reads.valid(on), role="admin").values_list("person_id", flat=True):
        if person_id in people:
            people[person_id].admin = True
    parents = dict(TeamPlace.objects.filter(reads.valid(on)).values_list("team_id", "parent_id"))
    teams = {
        team.pk: OurTeam(
            team.pk, team.name, parents.get(team.pk), team.leader_id, team.closed_on is None or team.closed_on > on
        )
        for team in Team.objects.order_by("id")
    }
    bound = ExternalId.objects.filter(source=source)
    bound_people = {}
    for key, pk in bound.filter(entity="person").values_list("external_id", "object_id"):
        while pk in merged:
            pk = merged[pk]
        if pk in people:
            bound_people[key] = pk
    bound_teams = {
        key: pk for key, pk in bound.filter(entity="team").values_list("external_id", "object_id") if pk in teams
    }
    outside = EntityMaster.objects.filter(source=name, entity__in=MASTERED).values_list("entity", flat=True)
    return Book(
        reads.company().name, people, teams, bound_people, bound_teams, holders, frozenset(outside)
    )  # fmt: skip
