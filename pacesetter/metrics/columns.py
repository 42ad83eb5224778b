"""A metric by month, quarter and whole for many owners at once: as many statements for two owners as for forty.

Every column is asked at its own grain, so that what cannot be added up (rates, distinct customers, stands) is right in
each of them. People of one scope share a question; the questions of one grain share a statement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import engine
from .catalogue.words import Metric
from .engine.compiling import dims_for
from .engine.question import EVERYTHING, Cell, Question, Reach, Store

# two measures a question, and a hundred statements go together
TOGETHER = 40


@dataclass(frozen=True)
class Column:
    """`[start, end)`: a whole month or quarter of the calendar (`dim`, `label`), or any stretch (no dim)."""

    start: date
    end: date
    dim: str = ""
    label: str = ""


@dataclass(frozen=True)
class Whose:
    """Whose figures: the company's, a team's or a person's, of a scope; `reach` limits whose records count."""

    owner_kind: str
    owner: int | None
    basis: str = ""
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    reach: Reach = EVERYTHING


@dataclass(frozen=True)
class _Ask:
    """One question, the rows (owner → place) it answers, and its columns by label."""

    question: Question
    people: Mapping[int | None, int]
    place: int
    columns: Mapping[str, int]


def by_columns(
    store: Store, metric: Metric, whose: Sequence[Whose], columns: Sequence[Column], *, until: date
) -> list[list[Cell | None]]:
    """A row of cells per owner, counted up to `until`; None where a column has not begun or nobody can be asked."""
    found: list[list[Cell | None]] = [[None] * len(columns) for _ in whose]
    asks = [ask for ask in _asks(metric, whose, columns, until) if set(ask.question.by) <= _dims(metric, ask)]
    known: dict[Any, list[tuple[Any, ...]]] = {}
    for first in range(0, len(asks), TOGETHER):
        known.update(engine.gather(store, [ask.question for ask in asks[first : first + TOGETHER]], known))
    held = engine.remembering(store, known)
    for ask in asks:
        for place in ask.people.values() if ask.people else (ask.place,):
            for column in ask.columns.values():
                found[place][column] = _zero(metric, ask.question.basis)
        for cell in engine.ask(held, ask.question):
            owner = cell.key[0] if ask.people else None
            label = str(cell.key[-1]) if ask.question.by and ask.question.by[-1] != "person" else ""
            place = ask.people.get(owner, -1) if ask.people else ask.place
            if place >= 0 and label in ask.columns:
                found[place][ask.columns[label]] = cell
    return found


def _dims(metric: Metric, ask: _Ask) -> set[str]:
    return set(dims_for(metric, ask.question.basis))


def _asks(metric: Metric, whose: Sequence[Whose], columns: Sequence[Column], until: date) -> list[_Ask]:
    groups: dict[Any, dict[int | None, int]] = {}
    single: list[int] = []
    for place, one in enumerate(whose):
        if one.owner_kind == "person":
            groups.setdefault((one.basis, one.only, one.reach), {})[one.owner] = place
        else:
            single.append(place)
    found = []
    for dim, start, end, labels in _grains(metric, whose, columns, until):
        by = (dim,) if dim else ()
        for (basis, only, reach), people in groups.items():
            few = tuple(sorted(person for person in people if person is not None)) if len(people) <= 64 else ()
            narrowed = (*only, ("person", few)) if few else only
            question = Question(metric, start, end, ("person", *by), basis, reach, (), narrowed, until)
            found.append(_Ask(question, people, -1, labels))
        for place in single:
            one = whose[place]
            within = (one.owner,) if one.owner_kind == "team" and one.owner is not None else ()
            question = Question(metric, start, end, by, one.basis, one.reach, within, one.only, until)
            found.append(_Ask(question, {}, place, labels))
    return found


def _grains(
    metric: Metric, whose: Sequence[Whose], columns: Sequence[Column], until: date
) -> list[tuple[str, date, date, dict[str, int]]]:
    """(dim, start, end, label → column): a grain at once; a stand is asked column by column, at the end of each."""
    moving = any(metric.basis(one.basis)[1].moving for one in whose)
    begun = [(place, column) for place, column in enumerate(columns) if column.start < until]
    grains: dict[str, list[tuple[int, Column]]] = {}
    found = []
    for place, column in begun:
        if column.dim and not moving:
            grains.setdefault(column.dim, []).append((place, column))
        else:
            found.append(("", column.start, min(column.end, until), {"": place}))
    for dim, held in grains.items():
        start, end = min(c.start for _place, c in held), min(max(c.end for _place, c in held), until)
        found.append((dim, start, end, {column.label: place for place, column in held}))
    return found


def _zero(metric: Metric, basis: str) -> Cell:
    _, chosen = metric.basis(basis)
    return Cell((), 0, 0 if chosen.bottom or chosen.spread else None, 0, metric.unit)
