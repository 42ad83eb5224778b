"""Facts written down by hand: every fact table of the spine as a plain table, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from pacesetter.lib.periods import Settings, period_of
from pacesetter.metrics import capacity, schema
from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import Cell, Question, Store, ask

TYPES = {"int64": "BIGINT", "date": "DATE", "string": "TEXT"}
DEFAULTS: dict[str, dict[str, Any]] = {
    "booking": {"kind": "won", "overlay": 0, "is_primary": 1, "customer_kind": "new", "deal_id": 1, "customer_id": 1},
    "deal_step": {"valid": 1, "outcome": "moved"},
    "activity": {"kind": "visit", "burst": 0, "twin": 0, "backdated": 0},
    "lead": {"in_pool": 0},
    "membership": {"sells": 1},
}
OPEN_START, OPEN_END = date(1900, 1, 1), date(9999, 12, 31)


def stage_starts(hired: date | None) -> list[tuple[date, str]]:
    """Newcomer for 90 days, growth until 360, then mature."""
    if hired is None:
        return []
    return [(hired, "newcomer"), (hired + timedelta(90), "growth"), (hired + timedelta(360), "mature")]


class Ledger:
    """Tables to write facts into and to ask metrics of."""

    def __init__(self, connection: Any, dialect: str, *, settings: Settings | None = None) -> None:
        self.connection, self.dialect = connection, dialect
        self.mark = "?" if dialect == "sqlite" else "%s"
        self.ids = itertools.count(1)
        self.settings = settings or Settings()
        for table in schema.TABLES.values():
            columns = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in table.columns.items())
            connection.execute(f"CREATE TEMP TABLE {table.name} ({columns})")
        facts = {name: table.filled_by(f"SELECT * FROM {name}") for name, table in schema.TABLES.items()}
        plans = {"capacity": capacity.plan(stage_starts, {"newcomer": 50, "growth": 80})}
        style = "qmark" if dialect == "sqlite" else "format"
        self.store = Store(dialect, facts, self._run, style, plans)

    def _run(self, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor = self.connection.cursor()
        cursor.execute(sql, params)
        return list(cursor.fetchall())

    def add(self, table: str, **values: Any) -> int:
        """One fact; the id is the next one unless given. Dates may be text."""
        columns = schema.TABLES[table].columns
        row = {**DEFAULTS.get(table, {}), **values}
        if "id" in columns:
            row.setdefault("id", next(self.ids))
        unknown = set(row) - set(columns)
        assert not unknown, f"{table} has no {unknown}"
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join([self.mark] * len(row))
        given = [v.isoformat() if isinstance(v, date) and self.dialect == "sqlite" else v for v in row.values()]
        self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", given)
        return int(row.get("id", 0))

    def calendar(self, start: str, end: str) -> None:
        """The days of `[start, end)`, Monday to Friday worked."""
        day = date.fromisoformat(start)
        while day < date.fromisoformat(end):
            labels = {dim: period_of(day, dim, self.settings).label for dim in schema.TIME_DIMS if dim != "day"}
            self.add("calendar_day", day=day, weight=int(day.weekday() < 5), **labels)
            day += timedelta(1)

    def tree(self, *pairs: tuple[int, int], start: date = OPEN_START, end: date = OPEN_END) -> None:
        """(ancestor, descendant) pairs that hold from `start` to `end`."""
        for ancestor, descendant in pairs:
            self.add("team_closure", ancestor_id=ancestor, descendant_id=descendant, valid_from=start, valid_to=end)

    def cells(
        self, key: str, by: str = "", start: str = "2026-01-01", end: str = "2027-01-01", **more: Any
    ) -> list[Cell]:
        """The cells of a metric of the catalogue."""
        dims = tuple(dim for dim in by.split(",") if dim)
        question = Question(METRICS[key], date.fromisoformat(start), date.fromisoformat(end), by=dims, **more)
        return ask(self.store, question)

    def rows(self, key: str, by: str = "", *args: str, **more: Any) -> list[tuple[Any, ...]]:
        """(key values …, top, bottom) of each cell."""
        return [(*cell.key, cell.top, cell.bottom) for cell in self.cells(key, by, *args, **more)]
