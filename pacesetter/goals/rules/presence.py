"""Who is there in which month, and with which ramp: late joiners, leavers, transfers, absence, newcomers.

Formula per column: factor = Σ over own days of (day weight × ramp %) ÷ Σ day weights of all its days; 0 to 1 and more
only if a ramp exceeds 100 %. All ranges are `[start, end)`; a day weight is that of `lib/calendars.py` (1 for a
working day, 0 for a day off). A day the calendar does not know raises its `CalendarError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pacesetter.lib import calendars
from pacesetter.lib.periods import add_months

Range = tuple[date, date]
FULL = 100


@dataclass(frozen=True, slots=True)
class Stay:
    """A stretch `[start, end)` in one place, counted with `percent` of a full target (the ramp)."""

    start: date
    end: date
    percent: int = FULL


@dataclass(frozen=True, slots=True)
class Part:
    """How much of one column somebody carries: own working days of all, and the factor after the ramp."""

    own_days: int
    days: int
    factor: Fraction

    @property
    def ramped(self) -> bool:
        """Whether a ramp counts the own days for other than their number."""
        return bool(self.days) and self.factor != Fraction(self.own_days, self.days)


def parts(
    columns: Sequence[Range], weight: Mapping[date, int], stays: Iterable[Stay], absences: Iterable[Range] = ()
) -> tuple[Part, ...]:
    """One `Part` per column (month, week, …). Stays that overlap count once, the later given one; absences count 0.

    A column without a working day has factor 1 for whoever is there on any of its days: nobody is set back by it.
    """
    percent: dict[date, int] = {}
    for stay in stays:
        for start, end in columns:
            for ordinal in range(max(stay.start, start).toordinal(), min(stay.end, end).toordinal()):
                percent[date.fromordinal(ordinal)] = stay.percent
    away = [absence for absence in absences if absence[0] < absence[1]]
    found = []
    for start, end in columns:
        own = ramped = there = days = 0
        for ordinal in range(start.toordinal(), end.toordinal()):
            day = date.fromordinal(ordinal)
            weighs = calendars.weight_on(weight, day)
            days += weighs
            share = percent.get(day)
            if share is None or (away and any(first <= day < last for first, last in away)):
                continue
            there += 1
            own += weighs
            ramped += weighs * share
        factor = Fraction(ramped, FULL * days) if days else Fraction(1 if there else 0)
        found.append(Part(own, days, factor))
    return tuple(found)


def ramp(start: date, end: date, hire_on: date | None, steps: Sequence[tuple[int, int]]) -> tuple[Stay, ...]:
    """A stay cut where the ramp changes. `steps`: (months of tenure below which it holds, percent), rising months.

    `((3, 50), (12, 80))`: 50 % in the first three months, 80 % up to the twelfth, then 100 %. An unknown hire date
    counts in full. ValueError where the months do not rise or a percent is below 0.
    """
    months = [month for month, _percent in steps]
    if months != sorted(set(months)) or any(percent < 0 for _month, percent in steps):
        raise ValueError("a ramp has rising months and percents of 0 or more")
    if hire_on is None:
        return (Stay(start, end),) if start < end else ()
    found, at = [], start
    for month, percent in (*steps, (None, FULL)):
        until = end if month is None else min(add_months(hire_on, month), end)
        if at < until:
            found.append(Stay(at, until, percent))
            at = until
    return tuple(found)


def factors(given: Iterable[Part]) -> tuple[Fraction, ...]:
    """Only the factors."""
    return tuple(part.factor for part in given)
