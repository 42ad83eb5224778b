"""Departments against teams: linked, added, renamed, moved. Nothing is ever closed."""

from __future__ import annotations

from ..adapter import Department
from ..book import Book, OurTeam
from ..snapshot import Snapshot
from .steps import Plan


class Teams:
    """`team_of`: department id → our team's id, or None when it is added by this plan; not there = left out."""

    def __init__(self, snapshot: Snapshot, book: Book, plan: Plan) -> None:
        self.book, self.plan = book, plan
        self.outside = "team" in book.outside
        self.team_of: dict[str, int | None] = {}
        self.names: dict[str, str] = {}
        known = {one.id: one for one in snapshot.departments}
        # bound in the past, also when the department has gone: never taken for another one
        self.taken = set(book.bound_teams.values())
        self.parents = {one.id: self._parent(one, known) for one in snapshot.departments}
        for one in self._parents_first(list(known.values())):
            self.names[one.id] = (one.name or book.company)[:80]
            self._place(one)
        for key, pk in book.bound_teams.items():
            if key not in known and book.teams[pk].open:
                plan.note("team_gone", key, book.teams[pk].name)

    def _parent(self, one: Department, known: dict[str, Department]) -> str | None:
        """The department above; None at the top of what we are shown, and where the way up is a circle."""
        path, at = {one.id}, one.parent
        while at is not None and at in known:
            if at in path:
                self.plan.note("department_loop", one.id, one.name)
                return None
            path.add(at)
            at = known[at].parent
        return one.parent if one.parent in known else None

    def _parents_first(self, departments: list[Department]) -> list[Department]:
        below: dict[str | None, list[Department]] = {}
        for one in departments:
            below.setdefault(self.parents[one.id], []).append(one)
        ordered: list[Department] = []
        waiting = list(below.get(None, ()))
        while waiting:
            one = waiting.pop(0)
            ordered.append(one)
            waiting += below.get(one.id, ())
        return ordered

    def above(self, key: str) -> str | None:
        """The nearest department above that has a team."""
        at = self.parents[key]
        while at is not None and at not in self.team_of:
            at = self.parents[at]
        return at

    def _place(self, one: Department) -> None:
        name, parent = self.names[one.id], self.above(one.id)
        bound = self.book.bound_teams.get(one.id)
        if bound is not None:
            if not self.book.teams[bound].open:
                self.plan.note("team_closed", one.id, name)
                return
            self.team_of[one.id] = bound
            self._compare(one, self.book.teams[bound], name, parent)
            return
        found = self._same(one, name, parent)
        if len(found) > 1:
            self.plan.note("team_twice", one.id, name)
        elif found:
            self.taken.add(found[0].pk)
            self.team_of[one.id] = found[0].pk
            self.plan.step("team_link", one.id, name, team=found[0].pk, says=found[0].name)
            self._compare(one, found[0], name, parent)
        else:
            self.team_of[one.id] = None
            above = self.names[parent] if parent else ""
            self.plan.step("team_add", one.id, name, name=name, parent=parent, says=above)

    def _same(self, one: Department, name: str, parent: str | None) -> list[OurTeam]:
        """Unbound open teams of this name: at the top, or under the same parent, before anywhere else."""
        named = [
            team for team in self.book.teams.values() if team.open and team.pk not in self.taken and team.name == name
        ]
        above = self.team_of.get(parent) if parent else None
        if parent is None or above is not None:
            return [team for team in named if team.parent == above] or named
        return named

    def _compare(self, one: Department, team: OurTeam, name: str, parent: str | None) -> None:
        # the top is often called by the company's full name: it keeps its name and place here
        if name != team.name and parent is not None:
            self._differs("team_rename", one.id, team.name, team.name, name, team=team.pk)
        above = self.team_of.get(parent) if parent else None
        if parent is not None and (above is None or above != team.parent):
            was = self.book.teams[team.parent].name if team.parent else ""
            self._differs("team_move", one.id, name, was, self.names[parent], team=team.pk, parent=parent)

    def _differs(self, kind: str, key: str, label: str, was: str, now: str, **args: object) -> None:
        if self.outside:
            self.plan.step(kind, key, label, **{"from": was, "to": now}, **args)
        else:
            self.plan.note("kept", key, label, **{"from": was, "to": now})
