"""Runs a metric: compiles it once with Ibis, keeps the SQL, binds the question, answers exact numbers.

A room's projection enters as a common table expression, and the asker's reach and filters are put on it there, so no
metric can forget them. Tops and bottoms are separate queries joined by key in Python: each has its own event date, and
nothing fans out. No Django here: the caller gives a `Store` with a function that runs SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ..catalogue.derived import main_of
from ..catalogue.words import Basis, Folded, Measure, Spread
from ..schema import TIME_DIMS
from .binding import rows_of, source
from .compiling import CASE, compiled, dims_for
from .gathering import chosen_basis, gather, remembering
from .question import EVERYTHING, Cell, Key, Question, Reach, Store, UnknownDim


def _key(values: Sequence[Any]) -> Key:
    return tuple(v.isoformat() if isinstance(v, date) else v for v in values)


def _asked(store: Store, question: Question, measure: Measure | Spread) -> dict[Key, Folded]:
    """One measure by the dims of the question: key → (top, bottom or None, n)."""
    query = compiled(measure, question.by, store.dialect)
    width = len(question.by)
    rows = rows_of(store, question, query)
    if isinstance(measure, Spread):
        groups: dict[Key, list[tuple[Any, ...]]] = {}
        for row in rows:
            groups.setdefault(_key(row[:width]), []).append(row[width:])
        return {key: measure.fold(group) for key, group in groups.items()}
    return {_key(row[:width]): (measure.sign * (row[width] or 0), None, row[width + 1]) for row in rows if row[-1]}


def _total(store: Store, question: Question, measures: Sequence[Measure]) -> dict[Key, tuple[int, int]]:
    """Σ of signed measures by key: key → (sum, cases of the measures that add)."""
    total: dict[Key, tuple[int, int]] = {}
    for measure in measures:
        for key, (top, _, n) in _asked(store, question, measure).items():
            had, cases = total.get(key, (0, 0))
            total[key] = (had + top, cases + (n if measure.sign > 0 else 0))
    return total


def _by_basis(store: Store, question: Question, basis: Basis) -> dict[Key, Folded]:
    if basis.spread is not None:
        return _asked(store, question, basis.spread)
    tops = _total(store, question, basis.top)
    if not basis.bottom:
        return {key: (top, None, n) for key, (top, n) in tops.items()}
    bottoms = _total(store, question, basis.bottom)
    counted = all(measure.agg != "sum" for measure in basis.bottom)
    none = (0, 0)
    return {
        key: (tops.get(key, none)[0], bottoms.get(key, none)[0], bottoms.get(key, none)[0 if counted else 1])
        for key in {**tops, **bottoms}
    }


def periods(store: Store, question: Question) -> list[tuple[Key, date, date]]:
    """The asked time cut by the time dims of the question: (labels in that order, start, end), clipped, up to today."""
    labels = [dim for dim in question.by if dim in TIME_DIMS]
    if not labels:
        return [((), question.start, question.end)]
    columns = ", ".join(["d.day", *[f"d.{label}" for label in labels]])
    sql = (
        f"SELECT {columns} FROM ({source(store, 'calendar_day')}) AS d"
        f" WHERE d.day >= {store.mark} AND d.day < {store.mark} ORDER BY d.day"
    )
    spans: dict[Key, list[date]] = {}
    for day, *values in store.run(sql, [store.day(question.start), store.day(question.stand)]):
        when = date.fromisoformat(day[:10]) if isinstance(day, str) else day
        spans.setdefault(_key(values), []).append(when)
    return [(_iso(key), days[0], days[-1] + timedelta(days=1)) for key, days in spans.items()]


def _iso(key: Key) -> Key:
    return tuple(v[:10] if isinstance(v, str) and len(v) > 10 else v for v in key)


def _moving(store: Store, question: Question, basis: Basis) -> dict[Key, Folded]:
    """A stand at the end of each period: every period is a question of its own, and all are read together."""
    found: dict[Key, Folded] = {}
    rest = tuple(dim for dim in question.by if dim not in TIME_DIMS)
    spans = periods(store, question)
    inner = [question.at(by=rest, start=start, end=end) for _labels, start, end in spans]
    held = remembering(store, gather(store, inner)) if len(inner) > 1 else store
    for (labels, _start, _end), asked in zip(spans, inner, strict=True):
        for key, folded in _by_basis(held, asked, basis).items():
            if folded[:2] == (0, 0):
                continue  # nothing open, nothing received: only facts of other periods, and they cancel out
            times, others = iter(labels), iter(key)
            found[tuple(next(times) if dim in TIME_DIMS else next(others) for dim in question.by)] = folded
    return found


def ask(store: Store, question: Question) -> list[Cell]:
    """The cells of a metric, one per key that has facts, in the order of the keys (those without a value last).

    Raises `UnknownDim` and `UnknownBasis`.
    """
    has = dims_for(question.metric, question.basis)
    for dim in question.by:
        if dim not in has:
            raise UnknownDim(question.metric.key, dim, has)
    basis = chosen_basis(store, question)
    if basis.plan:
        found = store.plans[basis.plan](store, question)
    elif basis.moving:
        found = _moving(store, question, basis)
    else:
        found = _by_basis(store, question, basis)
    cells = [Cell(key, top, bottom, n, question.metric.unit) for key, (top, bottom, n) in found.items()]
    return sorted(cells, key=lambda cell: [(v is None, str(type(v)), v) for v in cell.key])


def total(store: Store, question: Question) -> Cell:
    """The one cell of a question without dims; zeros where there are no facts."""
    cells = ask(store, question.at(by=()))
    if cells:
        return cells[0]
    basis = chosen_basis(store, question)
    rate = bool(basis.bottom or basis.spread)
    return Cell((), 0, 0 if rate else None, 0, question.metric.unit)


def cases(store: Store, question: Question) -> tuple[str, dict[Any, Folded]]:
    """The records a number is made of: (what they are, id → what that one adds to top, bottom and n).

    They are the cases of the first fact the metric names; a part that counts other records (money received against
    what was invoiced) is left out. ("", {}) where nothing is counted but a plan is followed.
    """
    basis = chosen_basis(store, question)
    measures = basis.measures()
    if not measures:
        return "", {}
    what = _case_of(measures[0])
    same = replace(
        basis,
        top=tuple(measure for measure in basis.top if _case_of(measure) == what),
        bottom=tuple(measure for measure in basis.bottom if _case_of(measure) == what),
    )
    found = _by_basis(store, question.at(by=(CASE,)), same)
    return what, {key[0]: folded for key, folded in found.items() if key[0] is not None}


def _case_of(measure: Measure | Spread) -> str:
    main = main_of(measure.fact)
    return main.name if main.case == "id" else main.case.removesuffix("_id")


__all__ = [
    "EVERYTHING",
    "Cell",
    "Question",
    "Reach",
    "Store",
    "UnknownDim",
    "ask",
    "cases",
    "chosen_basis",
    "dims_for",
    "gather",
    "periods",
    "remembering",
    "total",
]
