"""Attainment and pace over goals: the metric beside the goal, by owner and period, exactly.

Attainment is Σ of the metric over Σ of the goals (features.md §5.2): never an average of percentages. For a rate the
goal of each part weighs by that part's own cases: Σ top ÷ Σ (goal × bottom). Pace compares what is done with what would
be done by a day (experience.md §4.6; `metrics/pace.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up

from . import standing, tiling
from .catalogue.words import Metric
from .engine.question import EVERYTHING, Cell, Key, Reach, Store, UnknownDim
from .schema import TIME_DIMS
from .standing import BP, Ask, Line

OWNER_DIMS = ("person", "team")
# working days that make a week
WEEK_DAYS = 5
# (kind of owner, its id, first day, day after the last) → working days
Workdays = Callable[[str, int | None, date, date], int]


@dataclass(frozen=True)
class Asked:
    """Attainment (or pace, with `as_of`) of a metric over the goals that lie in `[start, end)`.

    `by`: at most one owner (person, team; none = the company's goals) and at most one time dim.
    """

    of: Metric
    start: date
    end: date
    by: tuple[str, ...] = ()
    basis: str = ""
    reach: Reach = EVERYTHING
    within: tuple[int, ...] = ()
    only: tuple[tuple[str, tuple[object, ...]], ...] = ()
    settings: periods.Settings = periods.DEFAULT
    today: date | None = None
    # the day whose versions of the goals are meant; None: today, or the last day asked for
    on: date | None = None

    def __post_init__(self) -> None:
        """Refuses dims that goals do not carry."""
        has = [*OWNER_DIMS, *TIME_DIMS]
        owners = [dim for dim in self.by if dim in OWNER_DIMS]
        times = [dim for dim in self.by if dim in TIME_DIMS]
        for dim in self.by:
            if dim not in has:
                raise UnknownDim("attainment", dim, has)
        if len(owners) > 1 or len(times) > 1:
            raise UnknownDim("attainment", ",".join(self.by), ["one of person, team", "one stretch of time"])

    @property
    def owner_kind(self) -> str:
        """Whose goals are meant."""
        return next((dim for dim in self.by if dim in OWNER_DIMS), "company")

    def spans(self) -> list[tuple[str | None, date, date]]:
        """(label, start, end) of each period asked for."""
        kind = next((dim for dim in self.by if dim in TIME_DIMS), None)
        if kind is None:
            return [(None, self.start, self.end)]
        return [
            (period.label, max(period.start, self.start), min(period.end, self.end))
            for period in periods.between(self.start, self.end, kind, self.settings)
        ]

    def key(self, owner: int | None, label: str | None) -> Key:
        """The key of a row in the order asked."""
        return tuple(owner if dim in OWNER_DIMS else label for dim in self.by)


@dataclass(frozen=True)
class Piece:
    """What one goal (or its share of a month) contributes to a row: its time and its value for the whole of it."""

    line: Line
    start: date
    end: date
    target: int


@dataclass(frozen=True)
class Group:
    """The pieces of one row, and whose they are: (kind of owner, id)."""

    key: Key
    owner: tuple[str, int | None]
    pieces: tuple[Piece, ...]


def groups(store: Store, asked: Asked, workdays: Workdays, lines: Sequence[Line] | None = None) -> list[Group]:
    """Every row that has a goal, with the pieces that speak for it; none is counted twice (`metrics/tiling.py`).

    `lines`: goals read before; a goal that reaches beyond the window speaks through its months.
    """
    if lines is None:
        lines = standing.read(
            store, asked.of, basis=asked.basis, owner_kind=asked.owner_kind, start=asked.start, end=asked.end,
            on=asked.on or asked.today, reach=asked.reach, within=asked.within, only=asked.only,
        )  # fmt: skip
    held = {line.goal: line for line in lines}
    by_owner: dict[tuple[str, int | None], list[Line]] = {}
    for line in lines:
        by_owner.setdefault((line.owner_kind, line.owner), []).append(line)
    found = []
    for owner, mine in by_owner.items():
        # a number for the whole time goes before one for each day: they are two ways to say the same
        whole = [line for line in mine if not line.per] or mine
        tiles = []
        for line in whole:
            tiles.append(tiling.Tile(line.goal, line.start, line.end, total_of(line, line.start, line.end, workdays)))
            tiles += [tiling.Tile(line.goal, a, b, value, whole=False) for a, b, value in line.parts]
        for label, start, end in asked.spans():
            taken = tiling.cover(tiles, start, end)
            if taken:
                pieces = tuple(Piece(held[t.goal], t.start, t.end, t.target) for t in taken)
                found.append(Group(asked.key(owner[1], label), owner, pieces))
    return found


def stretch(lines: Sequence[Line], on: date, settings: periods.Settings = periods.DEFAULT) -> periods.Period:
    """The time in which somebody's number of a day is held against these goals: the natural month where a goal, or a
    month of one, lies in it; else the shortest goal that holds the day (a performance month, a quarter …)."""
    month = periods.period_of(on, "month", settings)
    tiles = [(line.start, line.end) for line in lines] + [(a, b) for line in lines for a, b, _ in line.parts]
    around = [line for line in lines if line.start <= on < line.end]
    if not around or any(month.start <= start and end <= month.end for start, end in tiles):
        return month
    first = min(around, key=lambda line: (line.end - line.start, line.goal))
    try:
        named = periods.parse(first.label, settings)
    except periods.PeriodError:
        named = month
    if (named.start, named.end) == (first.start, first.end):
        return named
    return periods.Period(first.start, first.end, "custom", first.label)


def total_of(line: Line, start: date, end: date, workdays: Workdays) -> int:
    """What a goal asks for in `[start, end)`: its number, or its number for each working day or week in it."""
    if line.per == "day":
        return line.target * workdays(line.owner_kind, line.owner, start, end)
    if line.per == "week":
        # a week counts by the working days of five that lie in the time
        days = workdays(line.owner_kind, line.owner, start, end)
        return int(line.target * each_of("week", days) + Fraction(1, 2))
    return line.target


def each_of(per: str, days: int) -> Fraction:
    """How many times a number is asked in so many working days: each of them, each five of them, or once."""
    return Fraction(days) if per == "day" else Fraction(days, WEEK_DAYS) if per == "week" else Fraction(1)


def on_average(done: int | Fraction, per: str, days: int) -> Fraction | None:
    """What was done for each of the days or weeks in so many working days; None where there are none."""
    times = each_of(per, days)
    return done / times if times else None


def speaking(pieces: Sequence[Piece], cells: Sequence[Cell], until: date | None) -> list[tuple[Piece, Cell]]:
    """The pieces that make a row. Stands are not added up over time: of several the last that has begun counts."""
    held = list(zip(pieces, cells, strict=True))
    basis = pieces[0].line.metric.basis(pieces[0].line.basis)[1]
    if len(held) == 1 or not basis.moving or basis.bottom:
        return held
    begun = [one for one in held if until is None or one[0].start < until]
    return [begun[-1] if begun else held[0]]


def attainment(
    store: Store, asked: Asked, workdays: Workdays, left: Callable[[Piece], Fraction | int] | None = None
) -> list[Cell]:
    """A row for every goal in the window, also without facts: top = the metric, bottom = the goal, unit ratio.

    `left`: what is left of a goal whose owner is not there all the time; rounded to the unit where it is added up.
    """
    rows = groups(store, asked, workdays)
    asks = [Ask(piece.line, piece.start, piece.end) for row in rows for piece in row.pieces]
    cells = iter(standing.actuals(store, asks, reach=asked.reach, today=asked.today))
    found = []
    for row in rows:
        top, bottom, n = 0, Fraction(0), 0
        for piece, cell in speaking(row.pieces, [next(cells) for _ in row.pieces], asked.today):
            a, b = against(piece.line, piece.target if left is None else left(piece), cell)
            top, bottom, n = top + a, bottom + b, n + cell.n
        found.append(Cell(row.key, top, round_half_up(bottom), n, "ratio"))
    return sorted(found, key=lambda cell: [(value is None, str(value)) for value in cell.key])


def against(line: Line, target: int | Fraction, cell: Cell) -> tuple[int, int | Fraction]:
    """(top, bottom) of attainment: the metric beside its goal; a rate's top and bottom beside goal × bottom."""
    if not line.ratio and cell.bottom is None:
        return cell.top, target
    # a rate's goal is in basis points of 1; an amount per customer or per deal in the metric's own unit
    return cell.top * (BP if line.ratio else 1), target * (cell.bottom or 0)
