"""Reading and writing whole tables, below the models: what backup and restore have in common."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

CHUNK = 2_000
# Written by `migrate` itself.
MIGRATIONS = "django_migrations"


def names() -> list[str]:
    """Every table of the database, in one order; nobody has to list a new one anywhere."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    return sorted(table for table in found if table != MIGRATIONS)


def migrations() -> list[str]:
    """What has been applied, as `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def counts() -> dict[str, int]:
    """Rows per table, now."""
    found = {}
    with connection.cursor() as cursor:
        for table in names():
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
    return found


def stored(value: Any) -> Any:
    """A value as SQLite would store it. Raises TypeError for what we never store (bytes, floats …)."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"cannot keep a {type(value).__name__}")


def columns_of(table: str) -> list[str]:
    """Column names of a table of our database."""
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def rows_of(table: str) -> Iterator[list[Any]]:
    """All rows of a PostgreSQL table, streamed. Inside a transaction, so that all tables tell of one moment."""
    quote = connection.ops.quote_name
    picked = ", ".join(quote(name) for name in columns_of(table))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {picked} FROM {quote(table)}")
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield [stored(value) for value in row]


def write_file(table: str, path: Path) -> int:
    """One table as a file: the first line names the columns. Returns the rows."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(columns_of(table)) + "\n")
        for row in rows_of(table):
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
            written += 1
    return written


def read_file(path: Path) -> tuple[list[str], Iterator[list[Any]]]:
    """Columns and rows of such a file."""
    file = path.open(encoding="utf-8")
    columns: list[str] = json.loads(file.readline())

    def rows() -> Iterator[list[Any]]:
        with file:
            for line in file:
                yield json.loads(line)

    return columns, rows()


def read_sqlite(path: Path, table: str) -> tuple[list[str], Iterator[Sequence[Any]]]:
    """Columns and rows of a table in a SQLite file that is not our database."""
    store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    cursor = store.execute(f'SELECT * FROM "{table}"')
    columns = [about[0] for about in cursor.description]

    def rows() -> Iterator[Sequence[Any]]:
        try:
            yield from cursor
        finally:
            store.close()

    return columns, rows()


def lift_triggers(cursor: Any) -> list[str]:
    """Let rows come back in any order: no trigger asks about them. Returns what brings the triggers back."""
    quote = connection.ops.quote_name
    if connection.vendor == "postgresql":
        for table in names():
            cursor.execute(f"ALTER TABLE {quote(table)} DISABLE TRIGGER USER")
        return [f"ALTER TABLE {quote(table)} ENABLE TRIGGER USER" for table in names()]
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
    found = cursor.fetchall()
    for name, _sql in found:
        cursor.execute(f"DROP TRIGGER {quote(name)}")
    return [sql for _name, sql in found]


def fill(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Put rows, as SQLite would store them, into an empty table of our database. Inside the restore's transaction."""
    quote = connection.ops.quote_name
    picked = ", ".join(quote(name) for name in columns)
    written = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({picked}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    written += 1
            return written

        def counted() -> Iterator[Sequence[Any]]:
            nonlocal written
            for row in rows:
                written += 1
                yield row

        marks = ", ".join(["?"] * len(columns))
        into = f"INSERT INTO {quote(table)} ({picked}) VALUES ({marks})"
        # the driver's own method: Django's would look for %s in the words
        sqlite3.Cursor.executemany(cursor.cursor, into, counted())
    return written


def reset_sequences() -> None:
    """The next new row of each table gets an id beyond those brought back."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in names():
            for sequence in connection.introspection.get_sequences(cursor, table):
                key = connection.ops.quote_name(sequence["column"])
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(MAX({key}), 1), MAX({key}) IS NOT NULL) "
                    f"FROM {connection.ops.quote_name(table)}",
                    [table, sequence["column"]],
                )
