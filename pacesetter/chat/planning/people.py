"""Members against people: linked by 工号 or mobile, added, filled in; a doubt is left to an admin."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pacesetter.people.rules import BadIdentity, clean_email

from ..adapter import Member
from ..book import FIELDS, Book, OurPerson
from ..matching import keys
from ..snapshot import Snapshot
from .steps import Plan


def clean(member: Member) -> dict[str, Any]:
    """What a member says, as it would be kept; what cannot be is left out."""
    found: dict[str, Any] = {"name": member.name.strip()[:80] or member.id[:80]}
    found |= keys(member.employee_no, member.mobile)
    try:
        found["email"] = clean_email(member.email)
    except BadIdentity:
        found["email"] = None
    found["hire_on"] = member.hire_on
    return {key: value for key, value in found.items() if value}


class People:
    """`person_of`: member id → our person's id, or None when added by this plan; not there = left out."""

    def __init__(self, snapshot: Snapshot, book: Book, plan: Plan) -> None:
        self.book, self.plan = book, plan
        self.outside = "person" in book.outside
        self.person_of: dict[str, int | None] = {}
        self.waiting: set[str] = set()
        self.used: set[str] = set()
        here = [one for one in snapshot.members if one.here]
        ids = {one.id for one in here}
        # bound to an account that has gone, somebody may be bound to a new one
        self.bound = {pk for key, pk in book.bound_people.items() if key in ids}
        self.values = {one.id: clean(one) for one in here}
        self.names = {one.id: self.values[one.id]["name"] for one in here}
        doubles = self._doubles()
        for one in here:
            if one.id in doubles and one.id not in book.bound_people:
                plan.note("same_key", one.id, self.names[one.id], says=doubles[one.id])
            else:
                self._person(one)
        self._same_names([one for one in here if one.id in self.waiting])

    def _doubles(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for field in ("employee_no", "mobile"):
            times = Counter(values[field] for values in self.values.values() if field in values)
            for key, values in self.values.items():
                if times[values.get(field)] > 1:
                    found[key] = values[field]
        return found

    def _claim(self, key: str, person: OurPerson, by: str) -> None:
        name = self.names[key]
        if not person.here:
            self.plan.note("left_here", key, name)
        elif person.pk in self.bound or person.pk in self.person_of.values():
            self.plan.note("linked_other", key, name, says=person.name)
        else:
            self.person_of[key] = person.pk
            self.plan.step("person_link", key, name, person=person.pk, by=by)
            self._compare(key, person)

    def _person(self, member: Member) -> None:
        key, values = member.id, self.values[member.id]
        bound = self.book.bound_people.get(key)
        if bound is not None:
            person = self.book.people[bound]
            if not person.here:
                self.plan.note("left_here", key, self.names[key])
            else:
                self.person_of[key] = bound
                self._compare(key, person)
            return
        found = {
            field: self.book.holders[field][values[field]]
            for field in ("employee_no", "mobile")
            if values.get(field) in self.book.holders[field]
        }
        live = {field: pk for field, pk in found.items() if pk in self.book.people}
        if len(set(live.values())) > 1:
            self.plan.note("two_people", key, self.names[key])
        elif live:
            field, pk = next(iter(live.items()))
            self._claim(key, self.book.people[pk], field)
        else:
            self.waiting.add(key)

    def _same_names(self, members: list[Member]) -> None:
        """Whoever no key found: a namesake may be the same person, and only an admin can say so."""
        times = Counter(self.names[one.id] for one in members)
        spoken = {*self.bound, *self.person_of.values()}
        for one in members:
            key, name = one.id, self.names[one.id]
            alike = [
                person
                for person in self.book.people.values()
                if person.name == name and person.here and person.pk not in spoken and self._may_be(key, person)
            ]
            if len(alike) == 1 and times[name] == 1:
                self.plan.step(
                    "same_name", key, name, person=alike[0].pk, says=str(alike[0].values["employee_no"] or "")
                )
            elif alike:
                self.plan.note("name_doubt", key, name)
            else:
                self._add(key)

    def _may_be(self, key: str, person: OurPerson) -> bool:
        """Two numbers that both sides know and that differ are two people."""
        theirs = self.values[key]
        return not any(
            theirs.get(field) and person.values[field] and theirs[field] != person.values[field]
            for field in ("employee_no", "mobile")
        )

    def _add(self, key: str) -> None:
        values = dict(self.values[key])
        for field in ("employee_no", "mobile", "email"):
            if field in values and self._held(values[field], None):
                self.plan.note("taken", key, self.names[key], says=values[field])
                del values[field]
        if not any(values.get(field) for field in ("employee_no", "mobile", "email")):
            self.plan.note("no_key", key, self.names[key])
        self.person_of[key] = None
        hired = values.get("hire_on")
        self.plan.step("person_add", key, self.names[key], **values | ({"hire_on": hired.isoformat()} if hired else {}))

    def _held(self, value: str, by: int | None) -> bool:
        """Whether somebody else signs in with this word, or would after this plan."""
        if value in self.used or any(holder.get(value, by) != by for holder in self.book.holders.values()):
            return True
        self.used.add(value)
        return False

    def _compare(self, key: str, person: OurPerson) -> None:
        changes: dict[str, Any] = {}
        for field in FIELDS:
            new, old = self.values[key].get(field), person.values[field]
            if not new or new == old:
                continue
            if field != "name" and field != "hire_on" and self._held(new, person.pk):
                self.plan.note("taken", key, person.name, says=str(new))
            elif old and not self.outside:
                self.plan.note("kept", key, person.name, **{"from": str(old), "to": str(new)})
            else:
                changes[field] = new.isoformat() if field == "hire_on" else new
        if changes:
            self.plan.step("person_change", key, person.name, person=person.pk, changes=changes)
