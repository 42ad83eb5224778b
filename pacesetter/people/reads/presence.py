"""Who is there on which days: employed, and not absent. Where somebody sits does not matter here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, Value

from ..models import Absence, Person

DAY = timedelta(days=1)
Range = tuple[date, date]


class PresenceBook:
    """Everybody's days of `[start, end)` in one query; what lies outside of them is read when it is asked for."""

    def __init__(self, start: date, end: date) -> None:
        self._from, self._to = start, end
        self._absent: dict[int, list[Range]] | None = None
        self._employed: dict[int, Range] = {}

    def _load(self) -> dict[int, list[Range]]:
        start, end = self._from, self._to
        absent = Absence.objects.filter(withdrawn_at=None, start__lt=end, end__gt=start).order_by()
        bound = Person.objects.filter(Q(hire_on__gt=start) | Q(left_on__lt=end)).order_by()
        rows = absent.values_list("person_id", "start", "end", Value(1)).union(
            bound.values_list("pk", "hire_on", "left_on", Value(0)), all=True
        )
        found: dict[int, list[Range]] = {}
        self._employed = {}
        for person, first, last, away in rows:
            since, until = _day(first), _day(last)
            if away and since and until:
                found.setdefault(person, []).append((since, until))
            else:
                # the last day is a day at work
                self._employed[person] = (since or date.min, until + DAY if until else date.max)
        self._absent = found
        return found

    def away(self, person: int, start: date, end: date, *, absences: bool = True) -> tuple[Range, ...]:
        """The stretches of `[start, end)` on which the person is not there; without `absences`: not employed."""
        if self._absent is None or start < self._from or end > self._to:
            self._from, self._to = min(start, self._from), max(end, self._to)
            absent = self._load()
        else:
            absent = self._absent
        since, until = self._employed.get(person, (date.min, date.max))
        found = [(start, since), (until, end), *(absent.get(person, ()) if absences else ())]
        cut = [(max(a, start), min(b, end)) for a, b in found]
        return tuple(sorted((a, b) for a, b in cut if a < b))

    def there(self, person: int, start: date, end: date, *, absences: bool = True) -> tuple[Range, ...]:
        """The stretches of `[start, end)` on which the person is there."""
        found, at = [], start
        for first, last in self.away(person, start, end, absences=absences):
            if at < first:
                found.append((at, first))
            at = max(at, last)
        return (*found, (at, end)) if at < end else tuple(found)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
