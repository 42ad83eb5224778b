"""People with their team, line manager, region and role. All of a file is gathered first: managers may stand below."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pacesetter.people import rules
from pacesetter.people.models import Membership, Person, RoleGrant

from ..faults import shown
from .base import Row
from .planner import Planner

FIELDS = ("employee_no", "mobile", "email", "hire_on", "extra")


@dataclass(slots=True)
class PersonRow:
    """A person to add. `manager_id` and `team_id` are provisional (negative) where they come with the same batch."""

    name: str
    employee_no: str | None = None
    mobile: str | None = None
    email: str | None = None
    hire_on: date | None = None
    left_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    team_id: int | None = None
    manager_id: int | None = None
    region: str = ""
    title: str = ""
    role: str = ""
    growth_stage: str = ""


class People(Planner):
    """A person is the employee number, else mobile or mail, else the one of that name."""

    entity = "people"
    key_columns = ("employee_no", "mobile", "email", "external_id")
    whole = True

    def __init__(self, checker: Any) -> None:
        super().__init__(checker)
        self._later: list[tuple[Row, PersonRow]] = []

    def words(self, row: Row) -> dict[str, list[Any]]:
        return {"people": [*row.keys, row.values.get("name"), row.values.get("manager")]}

    def finish(self) -> None:
        super().finish()
        # everybody of the file is known now: line managers can be told
        for row, made in self._later:
            manager = row.refer("manager", "people")
            if manager is not None:
                made.manager_id = manager
        self._later.clear()

    def before(self, rows: list[Row]) -> None:
        """Take in the names of the whole file first, so that a manager below counts as known."""
        self._coming = {key for row in rows for key in [*row.keys, row.values.get("name")] if key}

    def plan(self, row: Row) -> None:
        values = row.get
        made = PersonRow(
            name=values("name", ""),
            employee_no=values("employee_no"),
            mobile=values("mobile"),
            email=values("email"),
            hire_on=values("hire_on"),
            left_on=values("left_on"),
            extra=row.extra() | ({"备注": values("note")} if values("note") else {}),
            team_id=self._team(row),
            region=values("region", ""),
            title=values("title", ""),
            role=self._role(row),
            growth_stage=values("growth_stage", ""),
        )
        if made.hire_on and made.left_on and made.left_on < made.hire_on:
            row.wrong("left_on", "before_creation", earlier=made.hire_on.isoformat())
        known = self.identify(row, made.name)
        self._manager(row, made)
        if made.left_on is not None:
            row.open_day("left_on")
        if row.faults:
            return self.checker.refuse(row.record, row.faults)
        if known is not None:
            return self.meet(row, known, lambda old: self._differ(row, made, old))
        local = self.directory.add(row.keys, [made.name])
        if made.manager_id is None and values("manager"):
            self._later.append((row, made))
        return self.create(row, made, local)

    def identify(self, row: Row, name: str) -> int | None:
        """Keys must agree: an employee number of one person beside the mobile of another is a contradiction."""
        found = {known for key in row.keys if (known := self.directory.key(key)) is not None}
        if len(found) > 1:
            told = self.checker.candidates("people", sorted(found))
            row.wrong("mobile" if row.get("mobile") else "employee_no", "keys_disagree", candidates=told)
            return None
        return super().identify(row, name)

    def _manager(self, row: Row, made: PersonRow) -> None:
        word = row.get("manager")
        if not word:
            return
        if word in (row.get("name"), row.get("employee_no"), row.get("external_id")):
            row.wrong("manager", "own_manager")
            return
        if not self.directory.find(word) and word in self._coming:
            return
        made.manager_id = row.refer("manager", "people")

    def _team(self, row: Row) -> int | None:
        path = row.get("team")
        if not path:
            return None
        found = self.checker.teams.find(path)
        if len(found) != 1:
            row.wrong("team", "ambiguous_team", value=shown(path))
            return None
        return found[0]

    def _role(self, row: Row) -> str:
        role = row.get("role", "")
        if role and not self.checker.choices.may_grant:
            self.checker.tally(row.record, "role_left_out")
            return ""
        return str(role)

    def _differ(self, row: Row, made: PersonRow, old: dict[str, Any]) -> dict[str, Any]:
        changed = self.differ(made, old, FIELDS)
        choice = self.checker.choices.on_existing
        if choice == "skip":
            return {}
        if choice == "overwrite" and made.name and made.name != old["name"]:
            changed["name"] = made.name
        seat = old["seat"]
        if made.team_id is not None and (seat is None or (choice == "overwrite" and seat[0] != made.team_id)):
            changed["+seat"] = made
        if made.left_on is not None and old["left_on"] is None:
            changed["+left_on"] = made.left_on
        if made.role and made.role not in old["roles"] and (choice == "overwrite" or not old["roles"]):
            changed["+role"] = made.role
        return changed

    def stored(self, ids: list[int]) -> dict[int, dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for start in range(0, len(ids), 900):
            part = ids[start : start + 900]
            for old in Person.objects.filter(pk__in=part).values("pk", "name", "left_on", *FIELDS):
                found[old["pk"]] = {**old, "seat": None, "roles": set()}
            seats = Membership.objects.filter(person_id__in=part, primary=True, valid_to=rules.OPEN_END)
            for pk, team, manager in seats.values_list("person_id", "team_id", "manager_id"):
                found[pk]["seat"] = (team, manager)
            for pk, role in RoleGrant.objects.filter(person_id__in=part).values_list("person_id", "role"):
                found[pk]["roles"].add(role)
        return found
