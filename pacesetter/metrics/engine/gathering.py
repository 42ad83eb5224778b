"""Several numbers in one statement: a page that shows twenty numbers asks the database once.

Each part keeps its own compiled SQL and its own parameters; those asked by the same dims have the same columns, are put
side by side with UNION ALL and taken apart again. Values folded in Python have columns of their own: only the same
measure of several windows goes together. Plans, and stands by time, are left to be asked by themselves.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..catalogue.words import Basis, Measure, Spread
from ..schema import TIME_DIMS
from .binding import source, statement
from .compiling import compiled
from .question import Question, Store

Asked = tuple[str, tuple[Any, ...]]
# SQLite takes 500 parts of a compound select; pages need far fewer
MOST = 100


def chosen_basis(store: Store, question: Question) -> Basis:
    """The basis a question is answered on (another where the facts it needs are not kept at all)."""
    _, basis = question.metric.basis(question.basis)
    if basis.unless_empty:
        table, other = basis.unless_empty
        if not store.run(f"SELECT 1 FROM ({source(store, table)}) AS f LIMIT 1", ()):
            return other
    return basis


def remembering(store: Store, known: Mapping[Asked, list[tuple[Any, ...]]]) -> Store:
    """The same store, answering from what has been read already."""

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        found = known.get((sql, tuple(params)))
        return store.run(sql, params) if found is None else found

    return replace(store, run=run)


def gather(
    store: Store, questions: Iterable[Question], known: Container[Asked] = ()
) -> dict[Asked, list[tuple[Any, ...]]]:
    """(statement, parameters) → rows of every measure of these questions, read in one go for each choice of dims.

    The rows are those that `store.run` would give for each statement; a caller keeps them and answers from them.
    What is `known` already is not read again.
    """
    wanted: dict[tuple[tuple[str, ...], Spread | None], dict[Asked, None]] = {}
    for question in questions:
        for measure in _measures(store, question):
            sql, bound = statement(store, question, compiled(measure, question.by, store.dialect))
            if (sql, tuple(bound)) not in known:
                same = question.by, measure if isinstance(measure, Spread) else None
                wanted.setdefault(same, {})[sql, tuple(bound)] = None
    found: dict[Asked, list[tuple[Any, ...]]] = {}
    for statements in wanted.values():
        asked = list(statements)[:MOST]
        if len(asked) > 1:
            found.update(_together(store, asked))
    return found


def _together(store: Store, asked: Sequence[Asked]) -> dict[Asked, list[tuple[Any, ...]]]:
    parts = [f"SELECT {place} AS part, s{place}.* FROM ({sql}) AS s{place}" for place, (sql, _) in enumerate(asked)]
    found: dict[Asked, list[tuple[Any, ...]]] = {key: [] for key in asked}
    for place, *row in store.run(" UNION ALL ".join(parts), [value for _, bound in asked for value in bound]):
        found[asked[int(place)]].append(tuple(row))
    return found


def _measures(store: Store, question: Question) -> Iterable[Measure | Spread]:
    """What a question sums or folds; nothing where it follows a plan or asks a stand by time."""
    if question.metric.basis(question.basis)[1].plan:
        return ()
    basis = chosen_basis(store, question)
    if basis.moving and any(dim in TIME_DIMS for dim in question.by):
        return ()
    return basis.measures()
