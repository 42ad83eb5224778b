"""The real sets outside the repository: imported once per module, and read a second time without any of our code."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from pacesetter import assembly
from pacesetter.imports import importing
from pacesetter.imports.acts import batches

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
AT = datetime(2020, 1, 15, 1, tzinfo=UTC)
TODAY = date(2020, 1, 15)
CENT = Decimal("0.01")


def folder(name: str) -> Path:
    """The folder of a set; skips where the sets are not at hand."""
    path = DATA / name
    if not path.is_dir():
        pytest.skip(f"the real files are not here: shared/data/{name}")
    return path


def take(path: Path, preset: str, at: datetime = AT, **how: Any) -> importing.Result:
    """Import a folder as the command does."""
    order = batches.order_for(preset, [path], **how)
    return batches.run_now(order, by=None, at=at)


@contextmanager
def imported(blocker: Any, path: Path, preset: str, at: datetime = AT) -> Iterator[importing.Result]:
    """One import that several tests look at; nothing of it stays."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield take(path, preset, at)
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def table(connection: sqlite3.Connection, name: str, text: str) -> None:
    """A CSV as a table of texts."""
    rows = list(csv.reader(io.StringIO(text, newline="")))
    header = [column.strip() for column in rows[0]]
    connection.execute(f"CREATE TABLE {name} ({', '.join(f'[{column}] TEXT' for column in header)})")
    marks = ", ".join("?" * len(header))
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows[1:])


def measured(key: str, by: str, start: date, end: date, basis: str = "") -> dict[tuple[Any, ...], tuple[int, Any]]:
    """The product's answer: key → (top, bottom)."""
    dims = tuple(by.split(",")) if by else ()
    asked = assembly.question(key, start, end, today=TODAY, reach=None, by=dims, basis=basis)
    return {tuple(row.labels): (row.cell.top, row.cell.bottom) for row in assembly.answer(asked)}


def cents(text: str) -> int:
    """A decimal text in cents, rounded half-up."""
    return int(Decimal(text).quantize(CENT, ROUND_HALF_UP) * 100)


def quarter(day: str) -> str:
    """The calendar quarter of an ISO day."""
    return f"{day[:4]}Q{(int(day[5:7]) + 2) // 3}"
