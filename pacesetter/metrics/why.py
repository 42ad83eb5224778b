"""Why a number is what it is: its formula with its own figures, the records behind each, what it is compared with.

A cell of a question becomes a question of its own (`narrowed`): its time as a span, its other keys as filters. Records
out of reach are neither listed nor counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from pacesetter.lib import periods as labels

from . import engine
from .catalogue.derived import dims_of, main_of
from .catalogue.words import Basis, Measure, Spread, Words, number
from .engine import Cell, Question, Store
from .engine.binding import statement
from .engine.compiling import compiled_cases
from .engine.question import Key
from .schema import TIME_DIMS

# Which record a case of a fact is.
ENTITIES = {"booking": "deal", "deal_step": "deal", "lead": "lead", "activity": "activity", "instalment": "instalment",
            "receipt": "receipt", "invoice": "invoice", "membership": "person"}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One figure of the formula: where it stands (`top` | `bottom` and its place), its words, value and cases."""

    side: str
    place: int
    words: Words
    value: int
    n: int
    sign: int
    entity: str


@dataclass(frozen=True)
class Record:
    """One record behind a figure and what it brings to it (minor units, a count, or rows)."""

    id: int
    worth: int


@dataclass(frozen=True)
class Records:
    """A page of the records behind a figure, how many there are in all, and what all of them add up to."""

    entity: str
    rows: tuple[Record, ...]
    count: int
    total: int


# Finds the records of a fact in another way than the fact itself: (question, measure, first, size) → records.
Finder = Callable[[Question, Measure | Spread, int, int], Records]


@dataclass(frozen=True)
class Explanation:
    """A number with its formula in words, the figures that go into it, and the span it covers."""

    question: Question
    cell: Cell
    basis: Basis
    figures: tuple[Figure, ...]

    def formula(self, language: int) -> str:
        """`成单率 = 赢单数 ÷ 赢单与输单数` (0 中文, 1 English)."""
        top, bottom = self.basis.top_words[language], self.basis.bottom_words[language]
        name = self.question.metric.name[language]
        return f"{name} = {top} ÷ {bottom}" if bottom else f"{name} = {top}"


def narrowed(store: Store, question: Question, key: Key) -> Question:
    """The question of one cell: dims of time become the span, the others stay in `by` and are filtered to the key.

    Raises LookupError where no period of the question has these labels.
    """
    times = tuple(value for dim, value in zip(question.by, key, strict=True) if dim in TIME_DIMS)
    rest = [(dim, value) for dim, value in zip(question.by, key, strict=True) if dim not in TIME_DIMS]
    start, end = question.start, question.end
    if times:
        spans = {found: (first, last) for found, first, last in engine.periods(store, question)}
        if times not in spans:
            raise LookupError(f"no such period: {times}")
        start, end = spans[times]
    _, basis = question.metric.basis(question.basis)
    carried = [set(_plain_dims(measure)) for measure in basis.measures()]
    everywhere = set.intersection(*carried) if carried else set()
    only = (*question.only, *((dim, (value,)) for dim, value in rest if dim in everywhere))
    return question.at(start=start, end=end, by=tuple(dim for dim, _ in rest), only=only)


def _untimed(question: Question, key: Key) -> Key:
    """The values of a key whose dims are not of time."""
    return tuple(value for dim, value in zip(question.by, key, strict=True) if dim not in TIME_DIMS)


def _plain_dims(measure: Measure | Spread) -> set[str]:
    """The dims that can be filtered on the facts themselves."""
    main, seen = main_of(measure.fact), dims_of(measure.fact)
    # A derived table may read a dim otherwise than its facts (the stage left instead of the stage entered).
    plain = {dim for dim in main.dims if seen.get(dim) == main.dims[dim]} - {"stage"}
    return plain | ({"product"} if main.deal_column else set())


def explain(store: Store, question: Question, key: Key = ()) -> Explanation:
    """The cell of a question with its formula's figures (zeros where it has no facts)."""
    inner = narrowed(store, question, key)
    rest = _untimed(question, key)
    cells = [cell for cell in engine.ask(store, inner) if cell.key == rest]
    cell = cells[0] if cells else _nothing(store, inner, rest)
    basis = engine.chosen_basis(store, inner)
    figures = []
    for side, measures in (("top", basis.top), ("bottom", basis.bottom)):
        for place, measure in enumerate(measures):
            value, n = engine.figure(store, inner, measure, rest)
            entity = _entity(measure)
            figures.append(Figure(side, place, measure.words, value, n, measure.sign, entity))
    if basis.spread is not None:
        figures.append(Figure("top", 0, basis.spread.words, cell.n, cell.n, 1, _entity(basis.spread)))
    return Explanation(inner, cell, basis, tuple(figures))


def _nothing(store: Store, question: Question, key: Key) -> Cell:
    empty = engine.total(store, question.at(by=()))
    bottom = None if empty.bottom is None else 0
    return Cell(key, 0, bottom, 0, question.metric.unit)


def _entity(measure: Measure | Spread) -> str:
    if isinstance(measure, Measure) and measure.agg == "distinct":
        return measure.of.removesuffix("_id")
    return ENTITIES[main_of(measure.fact).name]


def records(
    store: Store,
    question: Question,
    key: Key = (),
    *,
    side: str = "top",
    place: int = 0,
    first: int = 0,
    size: int = 20,
    finders: Mapping[str, Finder] | None = None,
) -> Records:
    """The records behind one figure of a cell, the largest first, from `first` on.

    `finders`: for facts whose records are looked up by a query of their own, by name of the fact table.
    """
    inner = narrowed(store, question, key)
    rest = _untimed(question, key)
    basis = engine.chosen_basis(store, inner)
    if basis.plan:
        return _people(store, inner, rest, first, size)
    measures: tuple[Measure | Spread, ...] = (basis.spread,) if basis.spread else getattr(basis, side)
    measure = measures[place]
    found = (finders or {}).get(main_of(measure.fact).name)
    if found is not None and isinstance(measure, Measure) and measure.agg == "sum":
        return found(inner, measure, first, size)
    return cases(store, inner, measure, rest, first, size)


def _people(store: Store, question: Question, rest: Key, first: int, size: int) -> Records:
    """The persons behind a capacity and what each brings."""
    dims = (*question.by, "person") if "person" not in question.by else question.by
    place = dims.index("person")
    mine = [cell for cell in engine.ask(store, question.at(by=dims)) if cell.key[: len(rest)] == rest]
    rows = sorted((Record(cell.key[place], cell.top) for cell in mine), key=lambda row: (-row.worth, row.id))
    return Records("person", tuple(rows[first : first + size]), len(rows), sum(row.worth for row in rows))


def cases(store: Store, question: Question, measure: Measure | Spread, key: Key, first: int, size: int) -> Records:
    """The cases of a measure as its own facts have them."""
    query = compiled_cases(measure, question.by, store.dialect)
    given = {f"key{place}": value for place, value in enumerate(key) if value is not None}
    conditions = [
        f"k{place} IS NULL" if value is None else f"k{place} = ⟦key{place}⟧" for place, value in enumerate(key)
    ]
    chosen = " AND ".join(conditions) or "1 = 1"
    sql, bound = statement(store, question, query, f"SELECT COUNT(*), SUM(worth) FROM asked WHERE {chosen}", given)
    [(count, total)] = store.run(sql, bound)
    ordered = f"ORDER BY ABS(worth) DESC, case_id DESC LIMIT {int(size)} OFFSET {int(first)}"
    page = f"SELECT case_id, worth FROM asked WHERE {chosen} {ordered}"
    sql, bound = statement(store, question, query, page, given)
    rows = tuple(Record(int(case), int(worth or 0)) for case, worth in store.run(sql, bound))
    return Records(_entity(measure), rows, int(count), int(total or 0))


# ---- compared with ---------------------------------------------------------------------------------------------------


def before(question: Question, settings: labels.Settings = labels.DEFAULT) -> Question:
    """The same question one period earlier: the month before a month, else as many days before."""
    for kind in ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "performance_month"):
        period = labels.period_of(question.start, kind, settings)
        if (period.start, period.end) == (question.start, question.end):
            earlier = labels.previous(period, settings)
            return question.at(start=earlier.start, end=earlier.end)
    length = question.end - question.start
    return question.at(start=question.start - length, end=question.start)


def year_before(question: Question) -> Question:
    """The same question a year earlier."""
    start = labels.year_before(question.start)
    last: date = question.end - timedelta(days=1)
    return question.at(start=start, end=labels.year_before(last) + timedelta(days=1))


@dataclass(frozen=True)
class Mover:
    """A key that moved a number: what it was, what it is, and the difference of the values."""

    key: Key
    now: Cell | None
    then: Cell | None
    change: Fraction | int


def movers(store: Store, question: Question, earlier: Question, dim: str, most: int = 3) -> list[Mover]:
    """The keys of a dim that moved a number most between two questions, the largest change first.

    For sums and counts the changes of all keys add up to the change of the number; for rates each is the change of its
    own rate, and keys without a value on either side are left out.
    """
    now = {cell.key: cell for cell in engine.ask(store, question.at(by=(dim,)))}
    then = {cell.key: cell for cell in engine.ask(store, earlier.at(by=(dim,)))}
    found = []
    for key in {**now, **then}:
        mine, theirs = _value(now.get(key)), _value(then.get(key))
        if question.metric.is_rate and (mine is None or theirs is None):
            continue
        change = (mine or 0) - (theirs or 0)
        if change:
            found.append(Mover(key, now.get(key), then.get(key), change))
    return sorted(found, key=lambda mover: (-abs(mover.change), str(mover.key)))[:most]


def _value(cell: Cell | None) -> Fraction | int | None:
    return None if cell is None else number(cell.top, cell.bottom)


def contributors(store: Store, question: Question, dim: str, most: int = 3) -> list[Cell]:
    """The largest parts of a number by a dim, by what they add to its top."""
    cells: list[Any] = engine.ask(store, question.at(by=(dim,)))
    return sorted(cells, key=lambda cell: (-abs(cell.top), str(cell.key)))[:most]
