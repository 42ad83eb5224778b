"""Working days: arithmetic over a day → weight mapping, and the days a Chinese work calendar starts from.

A weight is 1 for a working day and 0 for a day off (a company may use others, e.g. 2 for a double shift).
All ranges are `[start, end)`. Patterns: `five_day` 双休, `six_day` 单休 (Sunday off), `alternate` 大小周 (a week with
Saturday, then one without).
A day the mapping does not know raises `CalendarError`: an unknown day is never silently a working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import holidays

PATTERNS: Final = ("five_day", "six_day", "alternate")
_DAY = timedelta(days=1)
# 大小周 counts from a Monday whose week works its Saturday; a company may set its own.
BIG_WEEK: Final = date(2024, 1, 1)
# Official notices before this year are not held completely by the source.
_FIRST_NOTICE: Final = 2014


class CalendarError(LookupError):
    """A day outside the calendar, or a pattern or country it does not know."""


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One day: `kind` is `working`, `rest`, `holiday` or `make_up` 补班; provisional = its year has no notice yet."""

    day: date
    weight: int
    kind: str
    name: str = ""
    provisional: bool = False


def build(start: date, end: date, *, pattern: str = "five_day", country: str = "CN",
          big_week: date = BIG_WEEK) -> dict[date, WorkDay]:  # fmt: skip
    """The days of `[start, end)`: weekly pattern, then holidays off, then make-up days on.

    country `CN` or empty (weekly pattern only).
    """
    if pattern not in PATTERNS:
        raise CalendarError(f"no such pattern: {pattern}")
    if country not in ("CN", ""):
        raise CalendarError(f"no holidays known for: {country}")
    off: dict[date, str] = {}
    on: set[date] = set()
    noticed = notice_years()
    if country and start < end:
        source = holidays.country_holidays("CN", years=range(start.year, end.year + 1), language="zh_CN")
        off = dict(source.items())
        on = set(getattr(source, "weekend_workdays", ()))
    days: dict[date, WorkDay] = {}
    for ordinal in range(start.toordinal(), end.toordinal()):
        day = date.fromordinal(ordinal)
        provisional = bool(country) and day.year not in noticed
        if day in on:
            days[day] = WorkDay(day, 1, "make_up", "补班", provisional)
        elif day in off:
            days[day] = WorkDay(day, 0, "holiday", off[day], provisional)
        elif _weekly(day, pattern, big_week):
            days[day] = WorkDay(day, 1, "working", "", provisional)
        else:
            days[day] = WorkDay(day, 0, "rest", "", provisional)
    return days


def notice_years() -> frozenset[int]:
    """The years whose official holiday notice is known; every other year's calendar is provisional."""
    source = holidays.country_holidays("CN", years=2024)
    known = getattr(source, "special_public_holidays", {})
    return frozenset(year for year in known if year >= _FIRST_NOTICE)


def _weekly(day: date, pattern: str, big_week: date) -> bool:
    weekday = day.weekday()
    if weekday < 5:
        return True
    if weekday == 6 or pattern == "five_day":
        return False
    if pattern == "six_day":
        return True
    monday = big_week - timedelta(days=big_week.weekday())
    return (day - monday).days // 7 % 2 == 0


def weights(days: Mapping[date, WorkDay]) -> dict[date, int]:
    """Only the weights of built days."""
    return {day: work.weight for day, work in days.items()}


def count(weight: Mapping[date, int], start: date, end: date) -> int:
    """Working days in `[start, end)`."""
    total = 0
    for ordinal in range(start.toordinal(), end.toordinal()):
        total += weight_on(weight, date.fromordinal(ordinal))
    return total


def elapsed_and_left(weight: Mapping[date, int], start: date, end: date, today: date) -> tuple[int, int]:
    """Working days of `[start, end)` up to and including today, and those after it."""
    cut = min(max(today + _DAY, start), end)
    return count(weight, start, cut), count(weight, cut, end)


def is_working(weight: Mapping[date, int], day: date) -> bool:
    """Whether somebody works that day."""
    return weight_on(weight, day) > 0


def next_working(weight: Mapping[date, int], day: date) -> date:
    """The first working day after this one."""
    return shift(weight, day, 1)


def previous_working(weight: Mapping[date, int], day: date) -> date:
    """The last working day before this one."""
    return shift(weight, day, -1)


def shift(weight: Mapping[date, int], day: date, working_days: int) -> date:
    """The day that many working days on (or back); 0 gives the day itself. Days, not weights, are counted."""
    step = _DAY if working_days > 0 else -_DAY
    left = abs(working_days)
    while left:
        day += step
        if weight_on(weight, day) > 0:
            left -= 1
    return day


def weight_on(weight: Mapping[date, int], day: date) -> int:
    """The weight of one day. Raises CalendarError where the calendar does not reach."""
    try:
        return weight[day]
    except KeyError:
        raise CalendarError(f"the work calendar does not reach {day}") from None
