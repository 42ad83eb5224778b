"""Who sits where under whom, who heads a team, and who is not there any more."""

from __future__ import annotations

from datetime import date

from pacesetter.people.rules import manager_loop

from ..adapter import Member
from ..book import Book, OurPerson
from ..snapshot import Snapshot
from .people import People
from .steps import Plan
from .teams import Teams


class Seats:
    """The last part of a plan."""

    def __init__(self, snapshot: Snapshot, book: Book, plan: Plan, teams: Teams, people: People, on: date) -> None:
        self.snapshot, self.book, self.plan, self.teams, self.people, self.on = snapshot, book, plan, teams, people, on
        self.outside = "membership" in book.outside
        self.members = [one for one in snapshot.members if one.here and one.id in people.person_of]
        self.leader_of = self._leaders()

    def run(self) -> None:
        """Heads, seats, leavers."""
        self._heads()
        for member in self.members:
            self._seat(member)
        self._leavers()

    def _leaders(self) -> dict[str, str]:
        """member → 直属上级, where that is somebody we know and no circle."""
        known = set(self.people.person_of)
        found = {one.id: one.leader for one in self.members if one.leader and one.leader != one.id}
        numbers = {key: n for n, key in enumerate(sorted({*found, *found.values()}))}
        above: dict[int, int | None] = {numbers[key]: numbers[leader] for key, leader in found.items()}
        for key, leader in list(found.items()):
            name = self.people.names[key]
            if manager_loop(above, numbers[key]):
                self.plan.note("leader_loop", key, name)
                del found[key]
            elif leader not in known:
                self.plan.note("leader_unknown", key, name)
                del found[key]
        return found

    def _heads(self) -> None:
        heads = {one.id: one.leader for one in self.snapshot.departments if one.leader}
        for member in self.snapshot.members:
            for department in member.leads:
                if member.here:
                    heads.setdefault(department, member.id)
        for department, leader in heads.items():
            if department not in self.teams.team_of or leader not in self.people.person_of:
                continue
            pk, who = self.teams.team_of[department], self.people.person_of[leader]
            team = self.book.teams[pk] if pk is not None else None
            held = team.leader if team else None
            if team is not None and who is not None and held == who:
                continue
            was = self.book.people[held].name if held in self.book.people else ""  # type: ignore[index]
            args = {"from": was, "to": self.people.names[leader]}
            label = self.teams.names[department]
            if held is None or "team" in self.book.outside:
                self.plan.step("team_leader", department, label, leader=leader, **args)
            else:
                self.plan.note("kept", department, label, **args)

    def _seat(self, member: Member) -> None:
        name = self.people.names[member.id]
        wanted = [one for one in member.departments if one in self.teams.team_of]
        if not wanted:
            self.plan.note("no_department", member.id, name)
            return
        pk = self.people.person_of[member.id]
        person = self.book.people[pk] if pk is not None else None
        leader = self.leader_of.get(member.id)
        said = {"department": wanted[0], "leader": leader, "title": member.title[:80]}
        now = self.teams.names[wanted[0]]
        stays = True
        if person is None or person.primary is None:
            self.plan.step("seat", member.id, name, **said, **{"from": "", "to": now})
        elif self.teams.team_of[wanted[0]] != person.primary[0]:
            was = self.book.teams[person.primary[0]].name
            stays = self._differs("seat_move", member.id, name, was, now, **said)
        elif leader is not None:
            who = self.people.person_of[leader]
            if who is None or who != person.primary[1]:
                manager = self.book.people.get(person.primary[1] or 0)
                self._differs(
                    "seat_manager", member.id, name, manager.name if manager else "", self.people.names[leader], **said
                )
        self._further(member, person, wanted, stays)

    def _further(self, member: Member, person: OurPerson | None, wanted: list[str], moves: bool) -> None:
        name = self.people.names[member.id]
        held = set(person.further) if person else set()
        kept_at = person.primary[0] if person and person.primary and not moves else None
        teams = {self.teams.team_of[one]: one for one in wanted[1:]}
        for one in wanted[1:]:
            pk = self.teams.team_of[one]
            if pk is None or (pk not in held and pk != kept_at):
                self.plan.step("further", member.id, name, department=one, says=self.teams.names[one])
        ours_too = set(self.book.bound_teams.values())
        for pk in sorted(held - set(teams) - {self.teams.team_of[wanted[0]]}):  # type: ignore[type-var]
            if pk in ours_too:
                self._differs("further_end", member.id, name, self.book.teams[pk].name, "", team=pk)

    def _differs(self, kind: str, key: str, label: str, was: str, now: str, **args: object) -> bool:
        if self.outside:
            self.plan.step(kind, key, label, **{"from": was, "to": now}, **args)
        else:
            self.plan.note("kept", key, label, **{"from": was, "to": now})
        return self.outside

    def _leavers(self) -> None:
        here = {one.id for one in self.snapshot.members if one.here}
        present = {pk for key, pk in self.book.bound_people.items() if key in here}
        present |= {pk for pk in self.people.person_of.values() if pk is not None}
        for key, pk in sorted(self.book.bound_people.items()):
            person = self.book.people[pk]
            if key in here or pk in present or not person.here:
                continue
            present.add(pk)
            if person.admin:
                self.plan.note("leaver_admin", key, person.name)
            else:
                self.plan.step("leaver", key, person.name, person=pk)
