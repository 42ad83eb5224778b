"""Pace, defined once: where a goal should stand by a day, and how far the actual is ahead of it or behind.

    expected         = target × Σ weight(passed working days) ÷ Σ weight(all working days)
    required per day = (target − actual) ÷ working days left
    status           = actual ÷ expected: ahead from 105 %, on_pace from 95 %, watch from 85 %, behind below

A weight is 1 per working day of the calendar that applies, or the own curve of at least four comparable periods where
that was chosen. A goal that is set by months weighs each month by its own value. Ratios, averages and stands are not
prorated: they should be at the target on every day. Where less is better the percentage is mirrored at 100 % (90 % of
what was allowed reads as 110 %). Nothing is capped.

Values are integers in the metric's unit (ratios: basis points of 1), actuals come as (top, bottom) like every metric,
all arithmetic is exact. Days are `[start, end)`; `until` is the first day that does not count any more.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from pacesetter.lib import calendars

from .proration import Number, Prorated

AHEAD, ON_PACE, WATCH, BEHIND = "ahead", "on_pace", "watch", "behind"
# status → from this percentage of the expected value on
LIMITS: Final = ((AHEAD, Fraction(105, 100)), (ON_PACE, Fraction(95, 100)), (WATCH, Fraction(85, 100)))
# no status before this many working days
EARLY_DAYS: Final = 3
# an own curve needs this many comparable periods
ENOUGH_PERIODS: Final = 4
BASIS_POINTS: Final = 10_000
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Target:
    """What a goal wants of `[start, end)`. `unit` and `better` as in the catalogue.

    `prorated`: False for what has a level and no sum (ratios, averages, medians, stands). `parts`: (start, end, value)
    of months that sum to the value: what a month wants is spread over that month's working days.
    """

    value: Number
    start: date
    end: date
    unit: str = "count"
    better: str = "up"
    prorated: bool = True
    parts: tuple[tuple[date, date, Number], ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """How comparable periods came about: per period the share done by each part of its working days, both 0 to 1.

    `labels`: what the periods are called, where that was told.
    """

    lines: tuple[tuple[tuple[Fraction, Fraction], ...], ...]
    labels: tuple[str, ...] = ()

    @property
    def periods(self) -> int:
        """How many periods it is the mean of."""
        return len(self.lines)

    def each_at(self, part: Fraction) -> list[tuple[str, Fraction]]:
        """What each period had done by then, by its name."""
        return [(label, _at(line, part)) for label, line in zip(self.labels, self.lines, strict=False)]

    def at(self, part: Fraction) -> Fraction:
        """The mean share done when this part of the working days has passed; straight lines between days."""
        return sum((_at(line, part) for line in self.lines), Fraction(0)) / len(self.lines)


@dataclass(frozen=True, slots=True)
class Pace:
    """A goal on a day, with every figure its formula needs.

    `target` is what is left of the goal where its owner is not there all the time; `prorated` says why.

    `state`: future | running | over. `basis`: working_days | months | curve | level (not prorated); `note`:
    `too_few_periods` where a curve was chosen and could not be used. `passed` ÷ `whole`: Σ weights, so expected =
    target × passed ÷ whole. `days_passed`, `days_left`: working days. `actual`: the metric's value, None without a
    case. `attainment`: (top, bottom) of actual ÷ target. `score`: actual ÷ expected, mirrored where less is
    better. `status` may be empty, then `reason` says why: early | future | no_working_days | no_target | no_cases.
    `required_per_day`: 0 once done; None where it has no meaning (levels, less is better, no day left).
    """

    target: Number
    better: str
    state: str
    basis: str
    note: str
    periods: int
    passed: Fraction
    whole: Fraction
    days_passed: int
    days_left: int
    actual: Fraction | None
    expected: Fraction | None
    attainment: tuple[int, int] | None
    score: Fraction | None
    status: str
    reason: str
    required_per_day: Fraction | None
    prorated: Prorated | None = None

    @property
    def gap(self) -> Fraction | None:
        """Target − actual: above 0 is still to do (where less is better: still allowed)."""
        return None if self.actual is None else Fraction(self.target) - self.actual

    @property
    def ahead_by(self) -> Fraction | None:
        """Actual − expected to date, in the metric's unit; the sign is not mirrored."""
        return None if self.actual is None or self.expected is None else self.actual - self.expected


def counted_until(today: date, *, morning: bool) -> date:
    """The first day that does not count: morning pages stop at the end of yesterday, others count today too."""
    return today if morning else today + _DAY


def worth(share: Fraction, better: str) -> Fraction:
    """A percentage as it counts, more being better: where less is better it is mirrored at 100 %."""
    return 2 - share if better == "down" else share


def status_of(score: Fraction) -> str:
    """The status of a percentage of the expected value, as a fraction: 1 is 100 %."""
    return next((status for status, limit in LIMITS if score >= limit), BEHIND)


def pace(
    target: Target, actual: tuple[int, int | None], weight: Mapping[date, int], until: date, curve: Curve | None = None
) -> Pace:
    """Where a goal stands when every day before `until` counts.

    `actual`: (top, bottom) of the facts in the goal's period before `until`; `weight`: the calendar that applies, from
    `start` to `end` (raises its CalendarError beyond it); `curve`: only where it was chosen.
    """
    cut = min(max(until, target.start), target.end)
    state = "future" if until <= target.start else "over" if until >= target.end else "running"
    days_passed = calendars.count(weight, target.start, cut)
    days_left = calendars.count(weight, cut, target.end)
    basis, note, passed, whole = _basis(target, days_passed, days_passed + days_left, curve)
    if basis == "working_days" and target.parts:
        basis, (passed, whole) = "months", _by_parts(target, weight, cut)
    passed, whole = (whole or Fraction(1),) * 2 if state == "over" else (passed, whole)
    expected = target.value * passed / whole if whole else None
    score = _score(target, value := _value(target.unit, actual), expected)
    reason = _reason(target, state, days_passed, value, expected)
    return Pace(
        target=target.value,
        better=target.better,
        state=state,
        basis=basis,
        note=note,
        periods=curve.periods if curve else 0,
        passed=passed,
        whole=whole,
        days_passed=days_passed,
        days_left=days_left,
        actual=value,
        expected=expected,
        attainment=attainment(target, actual),
        score=score,
        status="" if reason else _status(target, value, expected, score),
        reason=reason,
        required_per_day=_required(target, value, days_left),
    )


def attainment(target: Target, actual: tuple[int, int | None]) -> tuple[int, int] | None:
    """(top, bottom) of actual ÷ target, never capped; None without a target above 0 or without a case.

    A sum: (actual, target). A rate of basis points: (top × 10,000, bottom × target).
    """
    top, bottom = actual
    if target.value <= 0 or bottom == 0:
        return None
    scale = BASIS_POINTS if target.unit == "ratio" and bottom is not None else 1
    asked = Fraction(target.value)
    return top * scale * asked.denominator, (1 if bottom is None else bottom) * asked.numerator


def curve_of(past: Iterable[Sequence[tuple[int, int]]], labels: Sequence[str] = ()) -> Curve:
    """The curve of comparable periods, each given as (day weight, value) of every calendar day in order.

    Values of days off count with the next working day, those below 0 as 0. A period without a working day or without
    a value says nothing and is left out; every other one counts the same, however large it was.
    """
    lines: list[tuple[tuple[Fraction, Fraction], ...]] = []
    named: list[str] = []
    for place, days in enumerate(past):
        whole = sum(weight for weight, _value_of in days)
        total = sum(max(value, 0) for _weight, value in days)
        if whole <= 0 or total <= 0:
            continue
        line, passed, done = [(Fraction(0), Fraction(0))], 0, 0
        for weight, value in days:
            passed, done = passed + weight, done + max(value, 0)
            if weight > 0:
                line.append((Fraction(passed, whole), Fraction(done, total)))
        line[-1] = (Fraction(1), Fraction(1))
        lines.append(tuple(line))
        named += labels[place : place + 1]
    return Curve(tuple(lines), tuple(named))


def _at(line: Sequence[tuple[Fraction, Fraction]], part: Fraction) -> Fraction:
    place = bisect_right(line, part, key=lambda point: point[0])
    if place in (0, len(line)):
        return line[0][1] if place == 0 else line[-1][1]
    (x0, y0), (x1, y1) = line[place - 1], line[place]
    return y0 + (y1 - y0) * (part - x0) / (x1 - x0)


def _basis(target: Target, passed: int, whole: int, curve: Curve | None) -> tuple[str, str, Fraction, Fraction]:
    """(basis, note, Σ weight passed, Σ weight of all)."""
    if not target.prorated:
        return "level", "", Fraction(1), Fraction(1)
    if curve is not None and curve.periods >= ENOUGH_PERIODS and whole:
        return "curve", "", curve.at(Fraction(passed, whole)), Fraction(1)
    note = "too_few_periods" if curve is not None and curve.periods < ENOUGH_PERIODS else ""
    return "working_days", note, Fraction(passed), Fraction(whole)


def _by_parts(target: Target, weight: Mapping[date, int], cut: date) -> tuple[Fraction, Fraction]:
    """Σ of what the months want up to the cut, and of all of it; a month without a working day counts by its days."""
    passed = Fraction(0)
    for start, end, value in target.parts:
        until = min(max(cut, start), end)
        whole = calendars.count(weight, start, end)
        done = calendars.count(weight, start, until)
        share = Fraction(done, whole) if whole else Fraction((until - start).days, (end - start).days)
        passed += value * share
    return passed, sum((Fraction(value) for _start, _end, value in target.parts), Fraction(0))


def _value(unit: str, actual: tuple[int, int | None]) -> Fraction | None:
    top, bottom = actual
    if bottom is None:
        return Fraction(top)
    return Fraction(top * (BASIS_POINTS if unit == "ratio" else 1), bottom) if bottom else None


def _score(target: Target, value: Fraction | None, expected: Fraction | None) -> Fraction | None:
    if value is None or not expected:
        return None
    return worth(value / expected, target.better)


def _reason(target: Target, state: str, days: int, value: Fraction | None, expected: Fraction | None) -> str:
    if state == "future":
        return "future"
    if target.value < 0 or (target.value == 0 and target.better != "down"):
        return "no_target"
    if expected is None:
        return "no_working_days"
    if state == "running" and days < EARLY_DAYS:
        return "early"
    return "no_cases" if value is None else ""


def _status(target: Target, value: Fraction | None, expected: Fraction | None, score: Fraction | None) -> str:
    if score is not None:
        return status_of(score)
    # nothing was expected yet, or nothing at all is allowed
    above = (value or 0) - (expected or 0)
    if above == 0:
        return ON_PACE
    return AHEAD if (above > 0) == (target.better != "down") else BEHIND


def _required(target: Target, value: Fraction | None, days_left: int) -> Fraction | None:
    if not target.prorated or target.better == "down" or value is None or not days_left:
        return None
    return max(target.value - value, Fraction(0)) / days_left
