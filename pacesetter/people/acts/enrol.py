"""Many new people at once, as a file brings them: one act and one line a batch, the team tree worked out once.

For records nobody has touched yet: whoever already holds a seat or a role moves by the acts of one person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows, reserve_ids, write_rows
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import GrowthStage, Membership, Person, Region, RoleGrant, StageOverride, Team, TeamClosure, TeamPlace
from ..models.person import new_login
from .persons import refuse_taken, tidy
from .roles import known_role
from .seats import LEADER
from .teams import rebuild_closure

CHUNK = 500


@dataclass(slots=True)
class Newcomer:
    """A person to add, as `add_person` takes one."""

    name: str
    employee_no: str | None = None
    mobile: str | None = None
    email: str | None = None
    hire_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class NewTeam:
    """A team to add. `parent`: a team that is there, or the place of one earlier in the same list; None = top."""

    name: str
    parent: Team | int | None = None
    leader: Person | None = None


@dataclass(slots=True)
class Place:
    """Where a new person belongs, from the beginning: seat, role and stage, each only if given."""

    person: Person
    team: Team | None = None
    manager: Person | str | None = LEADER
    region: Region | None = None
    title: str = ""
    role: str = ""
    stage: str = ""


def _parts(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


@transaction.atomic
def add_people(rows: Sequence[Newcomer], *, by: Person | None, at: datetime) -> list[Person]:
    """New persons in the order of the rows; each checked as `add_person` checks one, none added if one is refused."""
    clean = [tidy({name: getattr(row, name) for name in ("name", "employee_no", "mobile", "email")}) for row in rows]
    _refuse_twice(clean)
    ids = reserve_ids(Person, len(rows))
    blank = {"language": "", "theme": "", "density": "", "access_version": 1, "access_ended": False}
    values = [
        {"id": pk, "password": make_password(None), "login": new_login(), **one, "hire_on": row.hire_on, **blank}
        for pk, one, row in zip(ids, clean, rows, strict=True)
    ]
    columns = [*(values[0] if values else ()), "extra"]
    texts = (json.dumps(row.extra or {}, ensure_ascii=False) for row in rows)
    write_rows(Person, columns, ((*one.values(), text) for one, text in zip(values, texts, strict=True)))
    entry = record("add_people", by=by, at=at, entity="person", rows=len(rows), after={"people": len(rows)})
    told = zip(ids, clean, rows, strict=True)
    record_rows(entry, "person", ((pk, None, {**one, "hire_on": row.hire_on}) for pk, one, row in told))
    people = [Person(**one, extra=row.extra or {}) for one, row in zip(values, rows, strict=True)]
    for person in people:
        person._state.adding, person._state.db = False, "default"
    return people


def _refuse_twice(clean: Sequence[dict[str, Any]]) -> None:
    """No key may mean two people at sign-in: neither somebody there nor somebody else in the list."""
    mine: dict[str, int] = {}
    for place, values in enumerate(clean):
        for name in ("employee_no", "mobile", "email"):
            if values[name] and mine.setdefault(values[name], place) != place:
                raise refuse_taken(name, values[name], clean[mine[values[name]]]["name"])
    for part in _parts(list(mine)):
        there = Person.objects.filter(Q(employee_no__in=part) | Q(mobile__in=part) | Q(email__in=part))
        for holder in there[:1]:
            held = {holder.employee_no, holder.mobile, holder.email}
            key = next(key for key in part if key in held)
            name = next(name for name in ("employee_no", "mobile", "email") if clean[mine[key]][name] == key)
            raise refuse_taken(name, key, holder.name)


@transaction.atomic
def add_teams(rows: Sequence[NewTeam], *, by: Person | None, at: datetime) -> list[Team]:
    """New teams, parents before their children, as if they had always been there; the tree is worked out once."""
    made: list[Team] = []
    places = []
    for row in rows:
        if not row.name.strip():
            raise Refusal(_("写上团队名称。"), code="required", field="name")
        above = made[row.parent] if isinstance(row.parent, int) else row.parent
        team = Team.objects.create(name=row.name.strip(), leader=row.leader)
        made.append(team)
        if above is not None:
            places.append(TeamPlace(team=team, parent=above, valid_from=rules.OPEN_START))
    if not made:
        return made
    TeamPlace.objects.bulk_create(places)
    rebuild_closure()
    above_of = {place.team_id: place.parent_id for place in places}
    entry = record("add_teams", by=by, at=at, entity="team", rows=len(made), after={"teams": len(made)})
    record_rows(
        entry,
        "team",
        ((t.pk, None, {"name": t.name, "parent_id": above_of.get(t.pk), "leader_id": t.leader_id}) for t in made),
    )
    return made


@transaction.atomic
def place_people(rows: Sequence[Place], *, on: date, reason: str, by: Person | None, at: datetime) -> None:
    """Give new people their seat, role and stage; a stage set by hand holds from `on`, the rest from the beginning."""
    _check_new(rows)
    if any(row.stage for row in rows):
        reads.refuse_closed(on, field="on")
    heads = _heads() if any(row.manager == LEADER for row in rows) else {}
    seats, roles, stages, told = [], [], [], []
    for row in rows:
        pk = row.person.pk
        after: dict[str, Any] = {}
        if row.team is not None:
            manager = _manager(row, heads)
            region = row.region.pk if row.region else None
            seat = (pk, row.team.pk, manager, region, row.title.strip(), True, rules.OPEN_START, rules.OPEN_END)
            seats.append(seat)
            after |= {"team_id": row.team.pk, "manager_id": manager, "region_id": region, "title": row.title.strip()}
        if row.role:
            known_role(row.role)
            roles.append((pk, row.role, rules.OPEN_START, rules.OPEN_END, reason))
            after["role"] = row.role
        if row.stage:
            if row.stage not in GrowthStage.values:
                raise Refusal(_("没有这个成长阶段。"), code="stage", field="stage")
            stages.append((pk, row.stage, reason, on, rules.OPEN_END))
            after |= {"stage": row.stage, "stage_from": on}
        if after:
            told.append((pk, None, after))
    if not told:
        return
    spell = ("valid_from", "valid_to")
    write_rows(
        Membership, ("person_id", "team_id", "manager_id", "region_id", "title", "primary", *spell), seats
    )  # fmt: skip
    write_rows(RoleGrant, ("person_id", "role", *spell, "reason"), roles)
    write_rows(StageOverride, ("person_id", "stage", "reason", *spell), stages)
    entry = record("place_people", by=by, at=at, entity="person", rows=len(told), reason=reason,
                   after={"seats": len(seats), "roles": len(roles), "stages": len(stages)})  # fmt: skip
    record_rows(entry, "person", told)


def _check_new(rows: Sequence[Place]) -> None:
    """Nothing is cut here: a person with a seat, a role or a stage is moved by the acts of one person."""
    ids = [row.person.pk for row in rows]
    if len(set(ids)) != len(ids):
        raise ValueError("a person stands in the list twice")
    for part in _parts(ids):
        for model in (Membership, RoleGrant, StageOverride):
            if model._default_manager.filter(person_id__in=part).exists():
                raise ValueError("only people without seat, role and stage are placed in bulk")


def _heads() -> dict[int, list[int]]:
    """Team → the heads of it and of the teams above, the nearest first."""
    rows = TeamClosure.objects.filter(valid_to=rules.OPEN_END, ancestor__leader__isnull=False).order_by("depth")
    found: dict[int, list[int]] = {}
    for team, leader in rows.values_list("descendant_id", "ancestor__leader_id"):
        found.setdefault(team, []).append(leader)
    return found


def _manager(row: Place, heads: dict[int, list[int]]) -> int | None:
    if row.manager is None or row.team is None:
        return None
    if isinstance(row.manager, Person):
        if row.manager.pk == row.person.pk:
            raise Refusal(_("直属上级不能是本人。"), code="own_manager", field="manager")
        return row.manager.pk
    above: Iterable[int] = heads.get(row.team.pk, ())
    return next((head for head in above if head != row.person.pk), None)
