"""Goals kept pace with: each goal's figures up to a day beside what it should be by then (`metrics/pace.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Protocol

from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up

from . import engine, standing
from .attainment import Asked, Group, Piece, against, groups, on_average, speaking, total_of
from .engine.question import EVERYTHING, Cell, Key, Question, Reach, Store
from .pace import EARLY_DAYS, Curve, Pace, Target, attainment, curve_of, pace, status_of, worth
from .proration import Kind, Prorated, Range, prorate
from .standing import Ask, Line

# a forecast before this part of a goal was expected says nothing
FORECAST_FROM = Fraction(1, 5)
# an own curve is the mean of at most so many periods before
MOST_PERIODS = 8


class Calendar(Protocol):
    """The working days of whoever a goal belongs to."""

    @property
    def name(self) -> str:
        """What the calendar is called."""
        ...

    def count(self, start: date, end: date) -> int:
        """Σ of weights of `[start, end)`."""
        ...

    def between(self, start: date, end: date) -> tuple[tuple[date, int], ...]:
        """The days of `[start, end)` with their weights."""
        ...

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether a part of `[start, end)` is not announced yet."""
        ...


class Calendars(Protocol):
    """Which calendar whose goal goes by."""

    def of(self, owner_kind: str, owner: int | None, on: date) -> Calendar:
        """The calendar of a company, team or person on a day."""
        ...

    def away(self, line: Line, on: date) -> tuple[Range, ...] | None:
        """The days on which a goal's owner is not there; None where the company, on that day, does not prorate it."""
        ...


@dataclass(frozen=True)
class Standing:
    """One goal on a day: what was done up to then, what should have been, and by which calendar."""

    line: Line
    cell: Cell
    pace: Pace
    calendar: str
    provisional: bool
    # how periods before came about, where the goal goes by that
    curve: Curve | None = None

    # What is set for each day or week reads as one for each day or week: what was done ÷ the days or weeks that passed.
    @property
    def target(self) -> int | Fraction:
        """What the goal says, in its own unit; what is left of it where its owner is not there all the time."""
        return self.line.target if self.line.per else self.pace.target

    @property
    def actual(self) -> Fraction | None:
        """What was done, beside `target`; None without a case or before the first day."""
        return self._each(self.pace.actual)

    @property
    def expected(self) -> Fraction | None:
        """What should have been done, beside `actual`."""
        return self._each(self.pace.expected)

    @property
    def attainment(self) -> Fraction | None:
        """Actual ÷ target, never capped; None without a case or a target."""
        if self.line.per:
            return None if self.actual is None or not self.target else self.actual / self.target
        found = self.pace.attainment
        return None if found is None or not found[1] else Fraction(*found)

    @property
    def few(self) -> bool:
        """Whether a rate stands on too few cases to be shown or judged on a page."""
        return self.line.metric.few(self.cell.n)

    @property
    def status(self) -> str:
        """The chip of a page."""
        return "" if self.few else self.pace.status

    @property
    def left(self) -> Fraction:
        """What is left of a goal whose owner is not there all the time; of one for each day it is its days that say."""
        there = self.pace.prorated
        return Fraction(1) if there is None or self.line.per else there.share

    @property
    def ended(self) -> tuple[int, int | None]:
        """(top, bottom) once it is over: of a goal for each day or week what was done, and its working days."""
        return (self.cell.top, self.pace.days_passed) if self.line.per else (self.cell.top, self.cell.bottom)

    def _each(self, value: Fraction | None) -> Fraction | None:
        return None if value is None else on_average(value, self.line.per, self.pace.days_passed)


def is_level(line: Line) -> bool:
    """Whether the number has a level instead of a sum: it should be at its target on every day."""
    return line.metric.basis(line.basis)[1].is_level


def left_of(line: Line, start: date, end: date, value: int, on: date, calendars: Calendars) -> Prorated:
    """What is left of a goal (or of a month of it) for an owner who is not there all the time, as known on a day."""
    weight = dict(calendars.of(line.owner_kind, line.owner, start).between(start, end))
    away = calendars.away(line, on)
    kind = Kind(line.metric.better, not is_level(line), away is not None)
    parts = line.parts if (start, end) == (line.start, line.end) else ()
    return prorate(value, parts, weight, made_for=line.present, away=away or (), kind=kind)


def left_of_all(pieces: Sequence[Piece], on: date, calendars: Calendars) -> int | Fraction:
    """What is left of several goals, or months of goals, together."""
    return sum((left_of(p.line, p.start, p.end, p.target, on, calendars).value for p in pieces), 0)


def attained(line: Line, target: int | Fraction, cell: Cell) -> Fraction | None:
    """Actual ÷ what is left of a goal (or of months of it), never capped; None without a case or a target."""
    aim = Target(target, line.start, line.end, line.metric.unit, line.metric.better)
    found = attainment(aim, (cell.top, cell.bottom))
    return None if found is None or not found[1] else Fraction(*found)


def paced(
    line: Line, start: date, end: date, value: int, actual: tuple[int, int | None], until: date, calendars: Calendars,
    curve: Curve | None,
) -> Pace:  # fmt: skip
    """A goal (or a month of it) with what was done, on a day."""
    there = left_of(line, start, end, value, until, calendars)
    target = Target(there.value, start, end, line.metric.unit, line.metric.better, not is_level(line), there.parts)
    found = pace(target, actual, there.weight, until, curve)
    return replace(found, prorated=there)


def stand(
    store: Store, lines: Sequence[Line], *, until: date, calendars: Calendars, reach: Reach = EVERYTHING,
    settings: periods.Settings = periods.DEFAULT,
) -> dict[int, Standing]:  # fmt: skip
    """goal → standing when every day before `until` counts (today = end of yesterday: what a morning page asks)."""
    asks = [Ask(line, line.start, min(max(until, line.start), line.end)) for line in lines]
    cells = standing.actuals(store, asks, reach=reach, today=until)
    found = {}
    for line, cell in zip(lines, cells, strict=True):
        calendar = calendars.of(line.owner_kind, line.owner, line.start)
        value = total_of(line, line.start, line.end, counter(calendars))
        curve = curve_before(store, line, calendar, reach, settings) if line.pace_basis == "curve" else None
        done = (cell.top, cell.bottom)
        found[line.goal] = Standing(
            line, cell, paced(line, line.start, line.end, value, done, until, calendars, curve), calendar.name,
            calendar.is_provisional(line.start, line.end), curve,
        )  # fmt: skip
    return found


def aimed_at(stood: Standing, line: Line, *, until: date, calendars: Calendars) -> Standing:
    """The same goal on the same day, had it another line: what was done stays, nothing is counted anew."""
    value, done = total_of(line, line.start, line.end, counter(calendars)), (stood.cell.top, stood.cell.bottom)
    again = paced(line, line.start, line.end, value, done, until, calendars, stood.curve)
    return replace(stood, line=line, pace=again)


def counter(calendars: Calendars):  # type: ignore[no-untyped-def]
    """Working days of whoever a goal belongs to."""
    return lambda kind, owner, start, end: calendars.of(kind, owner, start).count(start, end)


def curve_before(
    store: Store, line: Line, calendar: Calendar, reach: Reach, settings: periods.Settings
) -> Curve | None:
    """How the same owner's number came about in the periods of the same length before."""
    kind = next((k for k in periods.KINDS if periods.period_of(line.start, k, settings).label == line.label), None)
    if kind is None:
        return None
    past, period = [], periods.period_of(line.start, kind, settings)
    for _ in range(MOST_PERIODS):
        period = periods.previous(period, settings)
        past.append(period)
    start, end = past[-1].start, past[0].end
    whose = (("person", (line.owner,)),) if line.owner_kind == "person" else ()
    within = (line.owner,) if line.owner_kind == "team" and line.owner is not None else ()
    asked = Question(line.metric, start, end, ("day",), line.basis, reach, within, (*line.only, *whose))
    by_day = {cell.key[0]: cell.top for cell in engine.ask(store, asked)}
    return curve_of(
        [[(weight, by_day.get(day.isoformat(), 0)) for day, weight in calendar.between(p.start, p.end)] for p in past],
        [period.label for period in past],
    )


@dataclass(frozen=True)
class PaceRow:
    """A row of pace: top = what was done, bottom = what should have been, rounded to the unit; and its pieces.

    `target` is what is left of the goals where somebody is not there all the time, rounded to the unit.
    """

    key: Key
    cell: Cell
    expected: Fraction
    target: int
    paces: tuple[tuple[Pace, str], ...]
    owner: tuple[str, int | None] = ("company", None)
    # the goal, where one speaks for the whole row
    goal: int | None = None
    # what was done beside `expected`, where that is a level: a rate of several goals in basis points, a stand
    level: Fraction | None = None
    levels: bool = False
    # whether some of its days lie in a year whose holidays are not announced, or beyond the calendar
    provisional: bool = False

    @property
    def before(self) -> int:
        """The goal as it was set, before it was prorated."""
        return round_half_up(sum((Fraction(p.prorated.before if p.prorated else p.target) for p, _ in self.paces),
                                 Fraction(0)))  # fmt: skip

    @property
    def due(self) -> int:
        """What should have been done, to the nearest unit."""
        return round_half_up(self.expected)

    @property
    def status(self) -> str:
        """The chip: of the only piece, or of all pieces together; none while it is too early to say."""
        if len(self.paces) == 1:
            return self.paces[0][0].status
        done = self.level if self.levels else Fraction(self.cell.top)
        if done is None or self.expected <= 0 or sum(pace.days_passed for pace, _ in self.paces) < EARLY_DAYS:
            return ""
        return status_of(worth(done / self.expected, self.paces[0][0].better))

    @property
    def forecast(self) -> int | None:
        """Where the run so far ends: actual ÷ expected to date × goal; None before a fifth of it was expected.

        A level does not run up: it is where it is.
        """
        if self.levels:
            return None if self.level is None else round_half_up(self.level)
        if self.target <= 0 or self.expected <= 0 or self.expected < self.target * FORECAST_FROM:
            return None
        return round_half_up(self.cell.top * self.target / self.expected)


def paces(
    store: Store,
    asked: Asked,
    *,
    until: date,
    calendars: Calendars,
    lines: Sequence[Line] | None = None,
    counted: date | None = None,
) -> list[PaceRow]:
    """Attainment's rows as they stand when every day before `until` counts.

    `lines`: goals read before. `counted`: facts count up to this day instead, where what was done today shall show
    although nothing was expected of today yet.
    """
    rows = groups(store, asked, counter(calendars), lines)
    last = counted or until
    asks = [Ask(p.line, p.start, min(max(last, p.start), p.end)) for row in rows for p in row.pieces]
    cells = iter(standing.actuals(store, asks, reach=asked.reach, today=last))
    curves: dict[int, Curve | None] = {}
    return [_row(store, row, [next(cells) for _ in row.pieces], until, calendars, asked, curves) for row in rows]


def _row(
    store: Store, row: Group, cells: Sequence[Cell], until: date, calendars: Calendars, asked: Asked,
    curves: dict[int, Curve | None],
) -> PaceRow:  # fmt: skip
    top, n, bottom, expected, told = 0, 0, Fraction(0), Fraction(0), []
    held = speaking(row.pieces, cells, until)
    for piece, cell in held:
        line = piece.line
        calendar = calendars.of(line.owner_kind, line.owner, piece.start)
        whole = (piece.start, piece.end) == (line.start, line.end)
        if line.pace_basis == "curve" and whole and line.goal not in curves:
            curves[line.goal] = curve_before(store, line, calendar, asked.reach, asked.settings)
        found = paced(
            line, piece.start, piece.end, piece.target, (cell.top, cell.bottom), until, calendars,
            curves.get(line.goal) if whole else None,
        )  # fmt: skip
        done, due = against(line, piece.target, cell)
        if not is_level(line):
            due_by = found.expected or Fraction(0)
            expected, bottom = expected + due_by, bottom + due_by
        else:
            bottom += due
        top, n = top + done, n + cell.n
        told.append((found, calendar.name))
    target = round_half_up(sum((Fraction(pace.target) for pace, _ in told), Fraction(0)))
    levels, level = all(is_level(piece.line) for piece, _ in held), None
    if levels:
        # rates of several goals are one rate: each goal weighs by its own cases; without a case the newest goal speaks
        cases = sum(cell.bottom or 0 for _, cell in held)
        rate = held[0][1].bottom is not None
        begun = [piece.target for piece, _ in held if piece.start < until] or [held[0][0].target]
        expected = bottom / cases if cases else Fraction(begun[-1])
        target = round_half_up(expected)
        level = (Fraction(top, cases) if cases else None) if rate else Fraction(top)
    rounded = round_half_up(bottom)
    goals = {piece.line.goal for piece, _ in held}
    cell = Cell(row.key, top, rounded, n, "ratio")
    guessed = any(calendars.of(p.line.owner_kind, p.line.owner, p.start).is_provisional(p.start, p.end)
                  for p in row.pieces)  # fmt: skip
    return PaceRow(row.key, cell, expected, target, tuple(told), row.owner, goals.pop() if len(goals) == 1 else None,
                   level, levels, guessed)  # fmt: skip
