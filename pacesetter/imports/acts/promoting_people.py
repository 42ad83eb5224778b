"""The people of an import, through the acts of their room: teams, persons, seats, roles, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.people import acts, reads
from pacesetter.people.models import Person, Region, Team

from ..checking.people import PersonRow
from ..staging import Staging

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
        self.fresh: set[int] = set()
        self.regions: dict[str, Region] = {}
        self.people: dict[int, Person] = {}

    def run(self, rows: list[PersonRow], updates: list[tuple[int, dict[str, Any]]]) -> list[Change]:
        done: list[Change] = []
        for row in rows:
            person = acts.add_person(
                name=row.name, employee_no=row.employee_no, mobile=row.mobile, email=row.email, hire_on=row.hire_on,
                extra=row.extra, by=self.by, at=self.at,
            )  # fmt: skip
            self.ids.made["people"].append(person.pk)
            self.people[person.pk] = person
            done.append((person.pk, None, {"name": row.name, "employee_no": row.employee_no}))
        self._teams()
        made = [(self.people[pk], row) for pk, row in zip(self.ids.made["people"], rows, strict=True)]
        self._leaders(made)
        for person, row in made:
            if row.team_id is not None:
                self._seat(person, row, acts.join_team)
            if row.role:
                self._role(person, row.role)
            if row.growth_stage:
                acts.override_stage(
                    person=person, stage=row.growth_stage, on=self.today, reason=_("随文件导入"), by=self.by, at=self.at
                )
        for pk, change in updates:
            done.append(self._update(pk, change))
        for person, row in made:
            if row.left_on is not None:
                acts.leave(person=person, on=row.left_on, reason=_("随文件导入"), by=self.by, at=self.at)
        return done

    def _teams(self) -> None:
        for name, parent in self.staging.items("teams"):
            above = self._team(parent) if parent is not None else None
            team = acts.add_team(name=name, parent=above, by=self.by, at=self.at)
            self.teams.append(team)
            self.fresh.add(team.pk)
            self.ids.made["teams"].append(team.pk)

    def _team(self, known: int) -> Team:
        return self.teams[-known - 1] if known < 0 else Team.objects.get(pk=known)

    def _leaders(self, made: list[tuple[Person, PersonRow]]) -> None:
        """The first manager of a team that has no head becomes its head."""
        for person, row in made:
            if row.role in ("manager", "director") and row.team_id is not None:
                team = self._team(row.team_id)
                if team.leader_id is None:
                    changed = acts.change_team(team=team, leader=person, by=self.by, at=self.at)
                    team.leader_id = changed.leader_id

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
        manager: Any = acts.LEADER if row.manager_id is None else self._person(row.manager_id)
        assert row.team_id is not None
        act(
            person=person, team=self._team(row.team_id), manager=manager, region=self._region(row.region),
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
