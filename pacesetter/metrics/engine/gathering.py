"""Several totals in one statement: a page that shows twenty numbers asks the database once.

Each part keeps its own compiled SQL and its own parameters; they are put side by side with UNION ALL and taken apart
again. What cannot be part of it (values folded in Python, plans) is left to be asked by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..catalogue.words import Basis, Measure
from .binding import statement
from .compiling import compiled
from .question import Question, Store

Asked = tuple[str, tuple[Any, ...]]
# SQLite takes 500 parts of a compound select; pages need far fewer
MOST = 100


def gather(store: Store, questions: Iterable[Question]) -> dict[Asked, list[tuple[Any, ...]]]:
    """(statement, parameters) → rows of every measure of these questions without dims, read in one go.

    The rows are those that `store.run` would give for each statement; a caller keeps them and answers from them.
    """
    wanted: dict[Asked, None] = {}
    for question in questions:
        bare = question.at(by=())
        for measure in _measures(bare.metric.basis(bare.basis)[1]):
            sql, bound = statement(store, bare, compiled(measure, (), store.dialect))
            wanted[sql, tuple(bound)] = None
    asked = list(wanted)[:MOST]
    if len(asked) < 2:
        return {}
    parts = [f"SELECT {place} AS part, s{place}.* FROM ({sql}) AS s{place}" for place, (sql, _) in enumerate(asked)]
    found: dict[Asked, list[tuple[Any, ...]]] = {key: [] for key in asked}
    for place, *row in store.run(" UNION ALL ".join(parts), [value for _, bound in asked for value in bound]):
        found[asked[int(place)]].append(tuple(row))
    return found


def _measures(basis: Basis) -> Iterable[Measure]:
    """The plain sums of a basis; what is folded in Python or follows a plan has none here."""
    if basis.spread is not None or basis.plan or basis.unless_empty:
        return ()
    return (*basis.top, *basis.bottom)
