"""Puts a question's reach, filters and dates into compiled SQL, and runs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .. import schema
from ..schema import FactTable
from .compiling import Compiled, dims_for
from .question import Question, Store, UnknownDim

MARK = re.compile(r"⟦([^⟧]+)⟧")


def source(store: Store, name: str) -> str:
    """The projection that fills a fact table. Raises LookupError where no room does."""
    table = store.facts.get(name)
    if table is None or not table.sql:
        raise LookupError(f"no room fills the fact table {name}")
    return table.sql


class _Limits:
    """The conditions that reach and filters put on the facts `f`, with the values they bind."""

    def __init__(self, store: Store, question: Question, main: FactTable) -> None:
        self.store, self.question, self.main = store, question, main
        self.values: dict[str, Any] = {}
        self.conditions: list[str] = []
        self._reach()
        if question.within:
            self.conditions.append(self._below("within", question.within))
        for place, (dim, wanted) in enumerate(question.only):
            self.conditions.append(self._only(f"only{place}v", dim, wanted))

    def _several(self, name: str, given: Sequence[Any]) -> str:
        # Padded to a power of two, so that lists of any length share few statements.
        size = 1
        while size < len(given):
            size *= 2
        padded = [*given, *[given[-1]] * (size - len(given))]
        self.values.update({f"{name}{place}": value for place, value in enumerate(padded)})
        return ", ".join(f"⟦{name}{place}⟧" for place in range(size))

    def _below(self, name: str, teams: Sequence[int]) -> str:
        if "team_id" not in self.main.columns:
            return "1 = 0"
        spell = "c.valid_to = (SELECT MAX(e.valid_to) FROM closure AS e)"
        if self.main.seat_on:
            spell = f'c.valid_from <= f."{self.main.seat_on}" AND f."{self.main.seat_on}" < c.valid_to'
        elif "valid_from" in self.main.columns:
            spell = "c.valid_from < f.valid_to AND f.valid_from < c.valid_to"
        return (
            "EXISTS (SELECT 1 FROM closure AS c WHERE c.descendant_id = f.team_id"
            f" AND c.ancestor_id IN ({self._several(name, teams)}) AND {spell})"
        )

    def _reach(self) -> None:
        reach = self.question.reach
        if reach.everything:
            return
        mine = []
        if reach.persons:
            mine.append(f"f.person_id IN ({self._several('person', reach.persons)})")
        if reach.teams:
            mine.append(self._below("reach", reach.teams))
        self.conditions.append(f"({' OR '.join(mine) or '1 = 0'})")

    def _only(self, name: str, dim: str, wanted: tuple[Any, ...]) -> str:
        given = [value for value in wanted if value is not None]
        column = self.main.dims.get(dim)
        either = []
        if column:
            if given:
                either.append(f'f."{column}" IN ({self._several(name, given)})')
            if None in wanted:
                either.append(f'f."{column}" IS NULL')
        elif dim == "product" and self.main.deal_column:
            pairs = f"(SELECT p.deal_id, p.product_id FROM ({source(self.store, 'deal_product')}) AS p)"
            mine = f'f."{self.main.deal_column}"'
            if given:
                listed = self._several(name, given)
                either.append(f"{mine} IN (SELECT q.deal_id FROM {pairs} AS q WHERE q.product_id IN ({listed}))")
            if None in wanted:
                either.append(f"{mine} NOT IN (SELECT q.deal_id FROM {pairs} AS q WHERE q.product_id IS NOT NULL)")
        else:
            raise UnknownDim(self.question.metric.key, dim, dims_for(self.question.metric, self.question.basis))
        return f"({' OR '.join(either) or '1 = 0'})"


def statement(store: Store, question: Question, query: Compiled) -> tuple[str, list[Any]]:
    """The whole SQL of a compiled query for a question, and its parameters in order."""
    main = schema.TABLES[query.main]
    limits = _Limits(store, question, main)
    facts = source(store, main.name)
    parts = []
    if limits.conditions:
        facts = f"SELECT f.* FROM ({facts}) AS f WHERE {' AND '.join(limits.conditions)}"
        parts.append(f"closure AS NOT MATERIALIZED ({source(store, 'team_closure')})")
    parts.append(f"fact_{main.name} AS NOT MATERIALIZED ({facts})")
    parts += [f"raw_{name} AS NOT MATERIALIZED ({source(store, name)})" for name in query.raws]
    if query.sql.startswith("WITH "):
        sql = f"WITH {', '.join(parts)}, {query.sql[5:]}"
    else:
        sql = f"WITH {', '.join(parts)} {query.sql}"
    anchors = {"start": question.start, "end": question.stand, "morning": question.morning}
    bound: list[Any] = []

    def place(match: re.Match[str]) -> str:
        name = match[1]
        value: Any
        if ":" in name:
            anchor, days = name.split(":")
            value = store.day(anchors[anchor] + timedelta(days=int(days)))
        else:
            value = limits.values[name]
        bound.append(value)
        return store.mark

    if store.paramstyle == "format":
        sql = sql.replace("%", "%%")
    return MARK.sub(place, sql), bound


def plain(value: Any, is_date: bool) -> Any:
    """A driver's value as int, text or date."""
    if isinstance(value, Decimal):
        return int(value)
    if is_date and isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value


def rows_of(store: Store, question: Question, query: Compiled) -> list[tuple[Any, ...]]:
    """Runs a compiled query and gives its rows as ints, text and dates."""
    sql, bound = statement(store, question, query)
    return [tuple(map(plain, row, query.dates)) for row in store.run(sql, bound)]
