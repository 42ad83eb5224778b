"""Working days and presence of whoever a goal belongs to, and which metrics the company does not prorate."""

from __future__ import annotations

from datetime import date, timedelta

from pacesetter.metrics.standing import Line
from pacesetter.people import reads as people
from pacesetter.people.models import Company

from ..models import GoalSettings, OwnerKind

Range = tuple[date, date]
DAY = timedelta(days=1)


class Days(people.WorkdayBook):
    """A book of working days that knows who is there. Presence is read with the first person's goal."""

    def __init__(self, start: date, end: date, of: Company | None = None) -> None:
        super().__init__(start, end, of)
        self.presence = people.PresenceBook(start, end)
        self._whole: list[tuple[date, frozenset[str]]] | None = None

    def away(self, line: Line, on: date) -> tuple[Range, ...] | None:
        """The days on which a goal's owner is not there; None where the company, on that day, does not prorate it."""
        if line.owner_kind != OwnerKind.PERSON or line.owner is None:
            return ()
        found = self.presence.away(line.owner, line.start, line.end)
        return None if found and line.metric.key in self.whole(min(on, line.end - DAY)) else found

    def at_work(self, person: int, start: date, end: date) -> int:
        """The working days of `[start, end)` on which a person is there, by the calendar of the first."""
        days = self.of(OwnerKind.PERSON, person, start).between(start, end)
        away = self.presence.away(person, start, end)
        return sum(weight for day, weight in days if not any(a <= day < b for a, b in away))

    def whole(self, on: date) -> frozenset[str]:
        """The metrics that are not prorated, as the company's choice of a day says."""
        if self._whole is None:
            rows = GoalSettings.objects.order_by("-valid_from").values_list("valid_from", "whole_metrics")
            self._whole = [(since, frozenset(keys)) for since, keys in rows]
        return next((keys for since, keys in self._whole if since <= on), frozenset())
