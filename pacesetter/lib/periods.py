"""Stretches of days `[start, end)` and their labels.

| kind | label | |
|---|---|---|
| day | `2017-03-01` | |
| week | `2017-W09` | ISO week, Monday first; the year is the ISO year |
| month | `2017-03` | |
| quarter | `2017Q3` | calendar quarter |
| year | `2017` | |
| fiscal_quarter | `FY2018Q1` | a fiscal year is named by the year in which it ends |
| fiscal_year | `FY2018` | |
| performance_month | `PM2017-03` | named by the month in which it ends; e.g. the 26th to the 25th |

`Settings` carries what a company may choose: the month its fiscal year starts and the day its performance month starts.
Errors: `PeriodError` (a ValueError).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

KINDS: Final = ("day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "performance_month")
_DAY = timedelta(days=1)
_SHAPES: Final = {
    "day": re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII),
    "week": re.compile(r"(\d{4})-W(\d{2})", re.ASCII),
    "month": re.compile(r"(\d{4})-(\d{2})", re.ASCII),
    "quarter": re.compile(r"(\d{4})Q([1-4])", re.ASCII),
    "year": re.compile(r"(\d{4})", re.ASCII),
    "fiscal_quarter": re.compile(r"FY(\d{4})Q([1-4])", re.ASCII),
    "fiscal_year": re.compile(r"FY(\d{4})", re.ASCII),
    "performance_month": re.compile(r"PM(\d{4})-(\d{2})", re.ASCII),
}


class PeriodError(ValueError):
    """A label or a date that names no period."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The company's choices: fiscal year from the 1st of this month, performance month from this day (1 = natural)."""

    fiscal_start_month: int = 1
    performance_start_day: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.fiscal_start_month <= 12:
            raise PeriodError(f"fiscal start month {self.fiscal_start_month}")
        if not 1 <= self.performance_start_day <= 28:
            raise PeriodError(f"performance start day {self.performance_start_day}")


DEFAULT: Final = Settings()


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to, not including, `end`; `kind` and `label` as in the table above."""

    start: date
    end: date
    kind: str
    label: str

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def __str__(self) -> str:
        return self.label

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - _DAY

    def days(self) -> Iterator[date]:
        """Every day inside, in order."""
        return days(self.start, self.end)


def days(start: date, end: date) -> Iterator[date]:
    """Every day of `[start, end)`."""
    for ordinal in range(start.toordinal(), end.toordinal()):
        yield date.fromordinal(ordinal)


def _month(year: int, month: int) -> date:
    """The first of a month counted on from any year: month 13 is next January."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9998:
        raise PeriodError(f"year {year}")
    return date(year, month, 1)


def period_of(day: date, kind: str, settings: Settings = DEFAULT) -> Period:
    """The period of this kind that holds the day."""
    year, month = day.year, day.month
    if kind == "day":
        return Period(day, day + _DAY, kind, day.isoformat())
    if kind == "week":
        iso = day.isocalendar()
        start = day - timedelta(days=iso.weekday - 1)
        return Period(start, start + timedelta(days=7), kind, f"{iso.year:04d}-W{iso.week:02d}")
    if kind == "month":
        return Period(_month(year, month), _month(year, month + 1), kind, f"{year:04d}-{month:02d}")
    if kind == "quarter":
        number = (month - 1) // 3
        return Period(_month(year, 3 * number + 1), _month(year, 3 * number + 4), kind, f"{year:04d}Q{number + 1}")
    if kind == "year":
        return Period(_month(year, 1), _month(year + 1, 1), kind, f"{year:04d}")
    if kind in ("fiscal_quarter", "fiscal_year"):
        first = settings.fiscal_start_month
        begins = year if month >= first else year - 1
        named = begins if first == 1 else begins + 1
        if kind == "fiscal_year":
            return Period(_month(begins, first), _month(begins + 1, first), kind, f"FY{named:04d}")
        number = (month - first) % 12 // 3
        opens = first + 3 * number
        return Period(_month(begins, opens), _month(begins, opens + 3), kind, f"FY{named:04d}Q{number + 1}")
    if kind == "performance_month":
        opens_on = settings.performance_start_day
        if opens_on == 1:
            return Period(_month(year, month), _month(year, month + 1), kind, f"PM{year:04d}-{month:02d}")
        ending = _month(year, month if day.day < opens_on else month + 1)
        begin = _month(ending.year, ending.month - 1).replace(day=opens_on)
        return Period(begin, ending.replace(day=opens_on), kind, f"PM{ending.year:04d}-{ending.month:02d}")
    raise PeriodError(f"no such kind of period: {kind}")


def parse(label: str, settings: Settings = DEFAULT) -> Period:
    """The period a label names; `2017-3` and `2017-02-30` are refused."""
    for kind, shape in _SHAPES.items():
        match = shape.fullmatch(label)
        if match:
            try:
                period = period_of(_day_inside(kind, [int(part) for part in match.groups()], settings), kind, settings)
            except ValueError as error:
                raise PeriodError(f"no such period: {label}") from error
            if period.label != label:
                raise PeriodError(f"no such period: {label}")
            return period
    raise PeriodError(f"no such period: {label[:40]}")


def _day_inside(kind: str, parts: list[int], settings: Settings) -> date:
    year, rest = parts[0], parts[1:]
    first = settings.fiscal_start_month
    if kind == "day":
        return date(year, rest[0], rest[1])
    if kind == "week":
        return date.fromisocalendar(year, rest[0], 1)
    if kind in ("month", "performance_month"):
        return date(year, rest[0], 1)
    if kind == "quarter":
        return date(year, 3 * rest[0] - 2, 1)
    if kind == "year":
        return date(year, 1, 1)
    begins = year if first == 1 else year - 1
    return _month(begins, first + (3 * (rest[0] - 1) if rest else 0))


def next_period(period: Period, settings: Settings = DEFAULT) -> Period:
    """The period right after."""
    return period_of(period.end, period.kind, settings)


def previous(period: Period, settings: Settings = DEFAULT) -> Period:
    """The period right before (环比)."""
    return period_of(period.start - _DAY, period.kind, settings)


def same_last_year(period: Period, settings: Settings = DEFAULT) -> Period:
    """The same period a year earlier (同比): same number; week 53 → 52 and 29 February → 28 where there is none."""
    if period.kind == "week":
        iso = period.start.isocalendar()
        try:
            return period_of(date.fromisocalendar(iso.year - 1, iso.week, 1), "week", settings)
        except ValueError:
            return period_of(date.fromisocalendar(iso.year - 1, 52, 1), "week", settings)
    return period_of(year_before(period.start), period.kind, settings)


def year_before(day: date) -> date:
    """The same day of the year before; 29 February → 28."""
    if day.year <= 1:
        raise PeriodError(f"year {day.year - 1}")
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def between(start: date, end: date, kind: str, settings: Settings = DEFAULT) -> Iterator[Period]:
    """Every period of this kind that has a day in `[start, end)`, in order, whole (not cut at the edges)."""
    if start >= end:
        return
    period = period_of(start, kind, settings)
    while period.start < end:
        yield period
        period = next_period(period, settings)


def labels(day: date, settings: Settings = DEFAULT) -> dict[str, str]:
    """The label of every kind for one day: `{"day": "2017-03-01", "week": "2017-W09", …}`."""
    return {kind: period_of(day, kind, settings).label for kind in KINDS}


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month where there is no such day (31 Jan + 1 → 28 Feb)."""
    first = _month(day.year, day.month + months)
    last = (_month(first.year, first.month + 1) - _DAY).day
    return first.replace(day=min(day.day, last))


def whole_months(start: date, day: date) -> int:
    """Full months from start to day (tenure); negative before the start."""
    months = (day.year - start.year) * 12 + day.month - start.month
    if add_months(start, months) > day:
        months -= 1
    return months
