"""Whose the new customers are that a file leaves without an owner: told by the deals that come with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from ..tables import Record


@dataclass
class Ownerless:
    """New customers without an owner by provisional id, and who works on their deals.

    Where all open deals of a customer are one person's, it is theirs; else whose the deals of its latest day are, if
    that is one person.
    """

    rows: dict[int, Record] = field(default_factory=dict)
    working: dict[int, set[int]] = field(default_factory=dict)
    latest: dict[int, tuple[date, set[int]]] = field(default_factory=dict)

    def deal(self, customer: int, owner: int, *, is_open: bool, day: date | None) -> None:
        """Note a new deal of such a customer."""
        if customer not in self.rows:
            return
        if is_open:
            self.working.setdefault(customer, set()).add(owner)
        day = day or date.min
        last, people = self.latest.get(customer, (date.min, set()))
        if day > last:
            self.latest[customer] = (day, {owner})
        else:
            self.latest[customer] = (last, people | {owner} if day == last else people)

    def owner(self, customer: int) -> int | None:
        """The one person it can be said to belong to."""
        for people in (self.working.get(customer, set()), self.latest.get(customer, (date.min, set()))[1]):
            if len(people) == 1:
                return next(iter(people))
        return None
