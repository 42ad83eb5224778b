"""Keeping an installation: the database as of one moment, and the files, in one archive. Pages go on meanwhile."""

from __future__ import annotations

import importlib.metadata
import shutil
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from . import archive, tables


def version() -> str:
    """The product's version; "source" where it runs from a checkout that was never installed."""
    try:
        return importlib.metadata.version("pacesetter")
    except importlib.metadata.PackageNotFoundError:
        return "source"


def database_name() -> str:
    """The file name of a SQLite database in the home; its -wal and -shm begin with it."""
    return "pacesetter.sqlite3"


def write(target: Path, *, at: datetime) -> archive.Manifest:
    """Write the archive of this installation to `target`. The database first: files it names are there already."""
    if shutil.disk_usage(target.parent).free < _size_of_data():
        raise OSError(f"not enough space in {target.parent}")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as name:
        folder = Path(name)
        if connection.vendor == "sqlite":
            counts, applied, members = _snapshot(folder)
        else:
            counts, applied, members = _streams(folder)
        manifest = archive.Manifest(
            made_at=at.isoformat(timespec="seconds"),
            version=version(),
            vendor=connection.vendor,
            migrations=applied,
            tables=counts,
        )
        home: Path = settings.HOME
        for path in archive.files_of(home, database_name()):
            # what this backup writes itself is no part of the home, also where the target lies in it
            if folder not in path.parents and not path.name.startswith(target.name):
                members.append((archive.FILES + path.relative_to(home).as_posix(), path))
        archive.pack(target, manifest, members)
    return manifest


def _size_of_data() -> int:
    if connection.vendor != "sqlite":
        return 0
    return Path(settings.HOME / database_name()).stat().st_size


def _snapshot(folder: Path) -> tuple[dict[str, int], list[str], list[tuple[str, Path]]]:
    """SQLite's own online copy: one moment, while others read and write."""
    copy = folder / archive.DATABASE
    connection.ensure_connection()
    source = connection.connection
    assert source is not None
    target = sqlite3.connect(copy)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        counts = {table: target.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables.names()}
        applied = sorted(f"{app}.{name}" for app, name in target.execute("SELECT app, name FROM django_migrations"))
    finally:
        target.close()
    return counts, applied, [(archive.DATABASE, copy)]


def _streams(folder: Path) -> tuple[dict[str, int], list[str], list[tuple[str, Path]]]:
    """PostgreSQL: every table as a file, all read in one transaction that sees one moment."""
    (folder / archive.ROWS).mkdir()
    counts, members = {}, []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = 0")
        applied = tables.migrations()
        for table in tables.names():
            path = folder / f"{archive.ROWS}{table}.jsonl"
            counts[table] = tables.write_file(table, path)
            members.append((f"{archive.ROWS}{table}.jsonl", path))
    return counts, applied, members
