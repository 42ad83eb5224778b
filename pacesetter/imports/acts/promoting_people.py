"""The people of an import, through the acts of their room: teams, persons, seats, roles, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.people import acts, reads
from pacesetter.people.models import Person, Region, Team

from ..checking.people import PersonRow
from ..staging import Staging

HEADS = ("manager", "director")
Change = tuple[int, dict[str, Any] | None, dict[str, Any] | None]


def write(staging: Staging, ids: Any, *, by: Person | None, at: datetime) -> list[Change]:
    """Add and change people; returns what was done, for the batch's journal line. Fills `ids.made["people"]`."""
    rows: list[PersonRow] = list(staging.items("people"))
    updates: list[tuple[int, dict[str, Any]]] = list(staging.items("update:people"))
    ids.made["people"], ids.made["teams"] = [], []
    if not rows and not updates:
        return []
    return _Maker(staging, ids, by, at).run(rows, updates)


class _Maker:
    def __init__(self, staging: Staging, ids: Any, by: Person | None, at: datetime) -> None:
        self.staging, self.ids, self.by, self.at = staging, ids, by, at
        self.today = reads.business_day(at)
        self.teams: list[Team] = []
        self.there: dict[int, Team] = {}
        self.regions: dict[str, Region] = {}
        self.people: dict[int, Person] = {}

    def run(self, rows: list[PersonRow], updates: list[tuple[int, dict[str, Any]]]) -> list[Change]:
        done: list[Change] = []
        newcomers = [
            acts.Newcomer(row.name, row.employee_no, row.mobile, row.email, row.hire_on, row.extra) for row in rows
        ]
        people = acts.add_people(newcomers, by=self.by, at=self.at) if rows else []
        for person, row in zip(people, rows, strict=True):
            self.ids.made["people"].append(person.pk)
            self.people[person.pk] = person
            done.append((person.pk, None, {"name": row.name, "employee_no": row.employee_no}))
        made = list(zip(people, rows, strict=True))
        self._teams(made)
        self._leaders(made)
        acts.place_people(
            [self._place(person, row) for person, row in made],
            on=self.today, reason=_("随文件导入"), by=self.by, at=self.at,
        )  # fmt: skip
        for pk, change in updates:
            done.append(self._update(pk, change))
        for person, row in made:
            if row.left_on is not None:
                acts.leave(person=person, on=row.left_on, reason=_("随文件导入"), by=self.by, at=self.at)
        return done

    def _teams(self, made: list[tuple[Person, PersonRow]]) -> None:
        """The teams that come with the file; the first manager of each is its head."""
        heads: dict[int, Person] = {}
        for person, row in made:
            if row.role in HEADS and row.team_id is not None and row.team_id < 0:
                heads.setdefault(-row.team_id - 1, person)
        rows = [
            acts.NewTeam(name, self._above(parent), heads.get(place))
            for place, (name, parent) in enumerate(self.staging.items("teams"))
        ]
        self.teams = acts.add_teams(rows, by=self.by, at=self.at)
        self.ids.made["teams"] += [team.pk for team in self.teams]

    def _above(self, parent: int | None) -> Team | int | None:
        return None if parent is None else -parent - 1 if parent < 0 else self._team(parent)

    def _team(self, known: int) -> Team:
        if known < 0:
            return self.teams[-known - 1]
        if known not in self.there:
            self.there[known] = Team.objects.get(pk=known)
        return self.there[known]

    def _leaders(self, made: list[tuple[Person, PersonRow]]) -> None:
        """The first manager of a team that was there without a head becomes its head."""
        for person, row in made:
            if row.role in HEADS and row.team_id is not None and self._team(row.team_id).leader_id is None:
                team = acts.change_team(team=self._team(row.team_id), leader=person, by=self.by, at=self.at)
                self.there[team.pk] = team

    def _place(self, person: Person, row: PersonRow) -> acts.Place:
        if row.team_id is None:
            return acts.Place(person, role=row.role, stage=row.growth_stage)
        return acts.Place(
            person, self._team(row.team_id), self._manager(row), self._region(row.region), row.title, row.role,
            row.growth_stage,
        )  # fmt: skip

    def _manager(self, row: PersonRow) -> Person | str:
        return acts.LEADER if row.manager_id is None else self._person(row.manager_id)

    def _region(self, name: str) -> Region | None:
        if not name:
            return None
        if name not in self.regions:
            self.regions[name] = acts.add_region(name=name, by=self.by, at=self.at)
        return self.regions[name]

    def _person(self, known: int) -> Person:
        pk = self.ids.sure("people", known)
        if pk not in self.people:
            self.people[pk] = Person.objects.get(pk=pk)
        return self.people[pk]

    def _seat(self, person: Person, row: PersonRow, act: Any, **more: Any) -> None:
        assert row.team_id is not None
        act(
            person=person, team=self._team(row.team_id), manager=self._manager(row), region=self._region(row.region),
            title=row.title, by=self.by, at=self.at, **more,
        )  # fmt: skip

    def _role(self, person: Person, role: str) -> None:
        acts.grant_role(person=person, role=role, reason=_("随文件导入"), by=self.by, at=self.at)

    def _update(self, pk: int, change: dict[str, Any]) -> Change:
        person = self._person(pk)
        plain = {name: value for name, value in change.items() if not name.startswith("+")}
        before = {name: getattr(person, name) for name in plain}
        if plain:
            person = acts.change_person(person=person, by=self.by, at=self.at, **plain)
        row = change.get("+seat")
        if row is not None:
            if reads.seat_at(pk, self.today).team_id is None:
                self._seat(person, row, acts.join_team)
            else:
                self._seat(person, row, acts.transfer, on=self.today, reason=_("随文件导入"))
        if change.get("+role"):
            self._role(person, change["+role"])
        if change.get("+left_on"):
            acts.leave(person=person, on=change["+left_on"], reason=_("随文件导入"), by=self.by, at=self.at)
        return pk, before, plain | {"team": row is not None}
