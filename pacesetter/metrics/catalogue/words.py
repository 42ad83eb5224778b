"""The words a metric is declared in: `Span` (the asked time), `Measure` (one aggregate), `Basis`, `Metric`.

A predicate is an Ibis expression over one fact table, `lambda t, span: t.kind == "won"`. Dates of the question are
literals far in the future while compiling; the engine finds them in the SQL tree and puts placeholders there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import ibis
import ibis.expr.types as ir

START = date(9001, 7, 1)
END = date(9003, 7, 1)
MORNING = date(9005, 7, 1)
_HALF = timedelta(days=180)


class Span:
    """The asked time `[start, end)` as seen by a predicate; `end` is also the instant at which a stand is taken."""

    @property
    def start(self) -> ir.DateScalar:
        """The first day."""
        return ibis.date(START)

    @property
    def end(self) -> ir.DateScalar:
        """The day after the last: what holds before it holds at the end of the time asked for."""
        return ibis.date(END)

    def before_end(self, days: int) -> ir.DateScalar:
        """The day `days` before the end."""
        return ibis.date(END - timedelta(days=days))

    @property
    def morning(self) -> ir.DateScalar:
        """The first morning after the time asked for, today's while it is not over: what is late then is late.

        What falls due on a day is late from the next day on, here as in every list.
        """
        return ibis.date(MORNING)

    def before_morning(self, days: int) -> ir.DateScalar:
        """The day `days` before that morning."""
        return ibis.date(MORNING - timedelta(days=days))


def meant(day: date) -> tuple[str, int] | None:
    """Which date of the question a literal stands for: (its name, days added), None for an ordinary date."""
    for name, anchor in (("start", START), ("end", END), ("morning", MORNING)):
        if abs(day - anchor) <= _HALF:
            return name, (day - anchor).days
    return None


AGGREGATES = ("count", "sum", "distinct")
KINDS = ("process", "result", "health")
UNITS = ("minor", "count", "ratio", "days")
BETTER = ("up", "down", "none")
FAMILIES = ("people", "leads", "amounts", "collections")
WINDOWS = ("day", "week", "month", "quarter", "year")


def _one_of(owner: str, name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{owner}: {name} is {value!r}; it may be {', '.join(known)}")


Predicate = Callable[[ir.Table, Span], Any]
Words = tuple[str, str]  # Chinese, English


@dataclass(frozen=True)
class Measure:
    """One aggregate over one fact table (or derived table).

    `agg`: count (rows), sum (of `of`), distinct (values of `of`). `on` is the date column that must lie in the asked
    time; None where the predicate sets the time by itself. `sign` -1 subtracts this measure from its neighbours.
    """

    fact: str
    agg: str
    words: Words
    of: str = ""
    on: str | None = "happened_on"
    where: Predicate | None = None
    sign: int = 1

    def __post_init__(self) -> None:
        """Refuses an unknown aggregate, or one without its column, where it is written and not where it is asked."""
        _one_of(f"a measure of {self.fact}", "agg", self.agg, AGGREGATES)
        if (self.agg == "count") is not (not self.of):
            raise ValueError(f"a measure of {self.fact}: sum and distinct name a column in `of`, count names none")


Folded = tuple[int, int | None, int]  # top, bottom, n


@dataclass(frozen=True)
class Spread:
    """Values grouped in SQL and folded in Python, for what SQL cannot do alike everywhere (medians, shares).

    The query groups by the asked keys and `columns`; the fold gets `[(*column values, weight)]` of one key, weight
    being the rows, or Σ `weigh` where given, and answers (top, bottom, n).
    """

    fact: str
    columns: tuple[str, ...]
    fold: Callable[[list[tuple[Any, ...]]], Folded]
    words: Words
    weigh: str = ""
    on: str | None = "happened_on"
    where: Predicate | None = None


@dataclass(frozen=True)
class Basis:
    """One way to calculate a metric: top ÷ bottom (Σ of signed measures each), a `spread`, or a named `plan`.

    `moving`: the value is a stand taken at the end of each period asked for, so each period is a question of its own.
    `plan` names a calculation of `metrics/capacity.py`, which the engine is given.
    """

    top: tuple[Measure, ...] = ()
    bottom: tuple[Measure, ...] = ()
    spread: Spread | None = None
    plan: str = ""
    words: Words = ("", "")
    top_words: Words = ("", "")
    bottom_words: Words = ("", "")
    moving: bool = False
    # (name of a fact table, basis to take where that table holds no row)
    unless_empty: tuple[str, Basis] | None = None

    @property
    def is_level(self) -> bool:
        """Whether the number has a level instead of a sum: a rate, an average, a median, a stand."""
        return bool(self.bottom or self.spread or self.moving or self.plan)

    def measures(self) -> tuple[Measure | Spread, ...]:
        """Every query of this basis."""
        return (*self.top, *self.bottom, *((self.spread,) if self.spread else ()))


@dataclass(frozen=True)
class Metric:
    """One line of the catalogue. `unit`: minor (money) | count | ratio | days; `better`: up | down | none.

    `additive`: sums of parts are the whole, so a total may be added up; otherwise it is asked again at its grain.
    `minimum_n`: below it pages do not show the rate. `window`: the time a page asks for unless told otherwise.
    `levels`: what a healthy and an alarming value is, for signals that have both.
    """

    key: str
    zh: str
    en: str
    kind: str  # process | result | health
    unit: str
    bases: Mapping[str, Basis] = field(hash=False)
    meaning: Words
    better: str = "up"
    additive: bool = True
    minimum_n: int = 1
    window: str = "month"
    owner: Words = ("数据分析师", "Data analyst")
    family: str = "people"  # people | leads | amounts | collections: the part of the catalogue a role may read
    basis_words: Mapping[str, Words] = field(default_factory=dict, hash=False)
    levels: tuple[Words, Words] | None = None  # healthy, danger

    def __post_init__(self) -> None:
        """Refuses words the product does not know."""
        _one_of(self.key, "kind", self.kind, KINDS)
        _one_of(self.key, "unit", self.unit, UNITS)
        _one_of(self.key, "better", self.better, BETTER)
        _one_of(self.key, "window", self.window, WINDOWS)
        _one_of(self.key, "family", self.family, FAMILIES)

    @property
    def name(self) -> Words:
        """(Chinese, English)."""
        return self.zh, self.en

    @property
    def shows_money(self) -> bool:
        """Whether amounts go into it, as top, bottom or weight."""
        columns = [
            measure.weigh if isinstance(measure, Spread) else measure.of
            for basis in self.bases.values()
            for measure in basis.measures()
        ]
        return any(column.endswith("_minor") for column in columns)

    @property
    def is_rate(self) -> bool:
        """Whether the value is a share, to be hidden when n is too small."""
        return self.unit == "ratio"

    def few(self, n: int) -> bool:
        """Whether a rate stands on too few cases to be shown, drawn or judged on a page."""
        return self.is_rate and self.minimum_n > 1 and n < self.minimum_n

    def rolls(self, basis: str = "") -> str:
        """How values of parts make the whole: "sum" over owners and over time; "stand": a sum over owners at one time;
        "rate": from tops and bottoms, never summed; "" not at all (distinct ones, medians, plans)."""
        found = self.basis(basis)[1]
        if found.spread or found.plan or not self.additive:
            return ""
        if found.bottom:
            return "rate"
        return "stand" if found.moving else "sum"

    def adds_up(self, basis: str = "") -> bool:
        """Whether values may be added up, over owners and over time."""
        return self.rolls(basis) == "sum"

    def basis(self, key: str = "") -> tuple[str, Basis]:
        """The named basis, or the first. Raises `UnknownBasis`."""
        if not key:
            return next(iter(self.bases.items()))
        if key not in self.bases:
            raise UnknownBasis(self.key, key, [b for b in self.bases if b])
        return key, self.bases[key]


class UnknownBasis(ValueError):
    """A metric was asked on a basis it does not have."""

    def __init__(self, metric: str, asked: str, has: Iterable[str]) -> None:
        self.metric, self.asked, self.has = metric, asked, list(has)
        known = ", ".join(self.has) or "none"
        super().__init__(f"{metric} has no basis {asked!r}; it has: {known}")


def number(top: int, bottom: int | None) -> Fraction | int | None:
    """top ÷ bottom exactly; top itself without a bottom; None over zero."""
    if bottom is None:
        return top
    if bottom == 0:
        return None
    exact = Fraction(top, bottom)
    return exact.numerator if exact.denominator == 1 else exact
