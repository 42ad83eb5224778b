"""The steps of a plan through the acts of the people room; facts of moved people get the seat of their day again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pacesetter.activity import acts as activity
from pacesetter.people import acts as people
from pacesetter.people.models import ExternalId, Membership, Person, Team
from pacesetter.people.reads import seat_at
from pacesetter.people.rules import OPEN_END, OPEN_START
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer, Deal, Lead
from pacesetter.pipeline.rules import OPEN_STAGES

from ..planning import Step


class Applying:
    """One application, inside the transaction of its act."""

    def __init__(self, source: str, *, by: Person | None, at: datetime, on: date, role: str, reason: str) -> None:
        self.source, self.on, self.role, self.reason = source, on, role, reason
        self.who: dict[str, Any] = {"by": by, "at": at}
        self.moved: dict[int, date] = {}
        self.fresh: set[int] = set()

    def run(self, steps: list[Step]) -> dict[str, int]:
        """Take the steps in their order."""
        counts: dict[str, int] = {}
        for step in steps:
            getattr(self, step.kind)(step.key, step.args)
            counts[step.kind] = counts.get(step.kind, 0) + 1
        for person_id, start in self.moved.items():
            for room in (pipeline, activity):
                room.refreeze(person_id=person_id, start=start, end=OPEN_END, reason=self.reason, **self.who)
        return counts

    # --- whom and what a key means ---
    def _bound(self, entity: str, key: str) -> int | None:
        rows = ExternalId.objects.filter(source=self.source, entity=entity, external_id=key)
        return rows.values_list("object_id", flat=True).first()

    def _team(self, key: str | None) -> Team | None:
        pk = self._bound("team", key) if key else None
        return Team.objects.get(pk=pk) if pk is not None else None

    def _person(self, key: str) -> Person | None:
        pk = self._bound("person", key)
        person = Person.objects.filter(pk=pk).first() if pk is not None else None
        while person is not None and person.merged_into is not None:
            person = person.merged_into
        return person

    def _bind(self, entity: str, key: str, pk: int) -> None:
        people.link_external(source=self.source, entity=entity, external_id=key, object_id=pk, **self.who)

    # --- teams ---
    def team_link(self, key: str, args: dict[str, Any]) -> None:
        """A department is a team that is already here."""
        self._bind("team", key, args["team"])

    def team_add(self, key: str, args: dict[str, Any]) -> None:
        """A department that is not here yet, as if it had always been there."""
        made = people.add_team(name=args["name"], parent=self._team(args["parent"]), **self.who)
        self._bind("team", key, made.pk)

    def team_rename(self, key: str, args: dict[str, Any]) -> None:
        """The name over there."""
        people.change_team(team=Team.objects.get(pk=args["team"]), name=args["to"], reason=self.reason, **self.who)

    def team_move(self, key: str, args: dict[str, Any]) -> None:
        """The parent over there, from today on."""
        team = Team.objects.get(pk=args["team"])
        people.move_team(team=team, parent=self._team(args["parent"]), on=self.on, reason=self.reason, **self.who)

    def team_leader(self, key: str, args: dict[str, Any]) -> None:
        """Who heads the department."""
        team, leader = self._team(key), self._person(args["leader"])
        if team is not None and leader is not None:
            people.change_team(team=team, leader=leader, reason=self.reason, **self.who)

    # --- people ---
    def person_link(self, key: str, args: dict[str, Any]) -> None:
        """A member is a person who is already here."""
        self._bind("person", key, args["person"])

    same_name = person_link

    def person_add(self, key: str, args: dict[str, Any]) -> None:
        """A member who is not here yet."""
        values = dict(args)
        if values.get("hire_on"):
            values["hire_on"] = date.fromisoformat(values["hire_on"])
        made = people.add_person(**values, **self.who)
        self._bind("person", key, made.pk)
        self.fresh.add(made.pk)
        if self.role:
            people.grant_role(person=made, role=self.role, reason=self.reason, **self.who)

    def person_change(self, key: str, args: dict[str, Any]) -> None:
        """What is said over there and was empty here, or is mastered there."""
        changes = dict(args["changes"])
        person = Person.objects.get(pk=args["person"])
        if changes.get("hire_on"):
            changes["hire_on"] = date.fromisoformat(changes["hire_on"])
            self.moved[person.pk] = OPEN_START
        people.change_person(person=person, reason=self.reason, **changes, **self.who)

    # --- seats ---
    def _seat(self, key: str, args: dict[str, Any]) -> tuple[Person, dict[str, Any]] | None:
        person, team = self._person(key), self._team(args["department"])
        if person is None or team is None:
            return None
        leader = self._person(args["leader"]) if args.get("leader") else None
        manager = leader if leader is not None and leader.pk != person.pk else people.LEADER
        return person, {"team": team, "manager": manager, "title": args.get("title") or ""}

    def seat(self, key: str, args: dict[str, Any]) -> None:
        """A first seat holds from the hire date or always, as in an import; a later one from today."""
        found = self._seat(key, args)
        if found is None:
            return
        person, how = found
        first = not Membership.objects.filter(person=person).exists()
        start = (person.hire_on or OPEN_START) if first else self.on
        people.join_team(person=person, on=start, **how, **self.who)
        self._moved(person, start)

    def seat_move(self, key: str, args: dict[str, Any]) -> None:
        """Another primary team or another manager, from today on."""
        found = self._seat(key, args)
        if found is not None:
            person, how = found
            people.transfer(person=person, on=self.on, reason=self.reason, **how, **self.who)
            self._moved(person, self.on)

    seat_manager = seat_move

    def _moved(self, person: Person, start: date) -> None:
        if person.pk not in self.fresh:
            self.moved[person.pk] = min(start, self.moved.get(person.pk, start))

    def further(self, key: str, args: dict[str, Any]) -> None:
        """兼岗 beside the primary team."""
        person, team = self._person(key), self._team(args["department"])
        if person is not None and team is not None:
            start = (person.hire_on or OPEN_START) if person.pk in self.fresh else self.on
            people.join_team(person=person, team=team, on=start, primary=False, **self.who)

    def further_end(self, key: str, args: dict[str, Any]) -> None:
        """No longer 兼岗 there."""
        person = self._person(key)
        if person is not None:
            team = Team.objects.get(pk=args["team"])
            people.end_further(person=person, team=team, on=self.on, reason=self.reason, **self.who)

    def leaver(self, key: str, args: dict[str, Any]) -> None:
        """Today is the last day; what the person holds goes to the manager, where there is one."""
        person = Person.objects.get(pk=args["person"])
        above = seat_at(person.pk, self.on).manager_id
        manager = Person.objects.filter(pk=above, access_ended=False).first() if above is not None else None
        held = holds(person)
        if manager is not None and any(held.values()):
            pipeline.transfer_ownership(
                from_person=person, to_person=manager, on=self.on, reason=self.reason, **self.who
            )  # fmt: skip
        if manager is not None:
            takers: dict[str, Person | None] = dict.fromkeys(("customers", "deals", "leads"), manager)
            activity.hand_over_plans(from_person=person, to=takers, reason=self.reason, **self.who)
        people.leave(person=person, on=self.on, reason=self.reason, **self.who)


def holds(person: Person) -> dict[str, int]:
    """How much somebody holds that a leaving hands over."""
    return {
        "customers": Customer.objects.filter(owner=person, merged_into=None).count(),
        "deals": Deal.objects.filter(owner=person, stage__in=OPEN_STAGES).count(),
        "leads": Lead.objects.filter(owner=person).exclude(stage__in=("won", "lost")).count(),
    }
