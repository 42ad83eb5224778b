"""Bringing an installation back from an archive, into this home and its database, whichever of the two it is.

Nothing is overwritten by accident: a home that holds records or files is refused unless the caller insists, and then
the old database file and the old files are put aside, not deleted.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pacesetter.people.models import Company, Person

from . import archive, backup, tables


class NotEmpty(Exception):
    """There is something here already, and nobody said to put it aside."""


class Unknown(Exception):
    """The archive comes from a newer version than this one."""


def occupied() -> str:
    """What would be put aside by a restore, in words; "" for an empty home."""
    present = tables.names()
    if Company._meta.db_table in present and Company.objects.exists():
        return "a company"
    if Person._meta.db_table in present and Person.objects.exists():
        return "people"
    home: Path = settings.HOME
    for path in archive.files_of(home, backup.database_name()):
        if path.name != "secret_key":
            return str(path.relative_to(home))
    return ""


def read(source: Path, *, force: bool, at: datetime) -> archive.Manifest:
    """Restore `source`. Raises NotEmpty, archive.Damaged or Unknown before anything was touched."""
    home: Path = settings.HOME
    found = occupied()
    if found and not force:
        raise NotEmpty(f"{home} is not empty: it holds {found}")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as name:
        folder = Path(name)
        manifest = archive.unpack(source, folder)
        _known(manifest)
        aside = home / f"before-restore-{at:%Y%m%d-%H%M%S}"
        aside.mkdir(mode=0o750)
        snapshot = folder / archive.DATABASE
        if connection.vendor == "sqlite" and snapshot.exists():
            _whole(snapshot)
            _put_database(snapshot, aside)
            call_command("migrate", verbosity=0, interactive=False)
        else:
            _put_rows(folder, manifest, aside)
        _put_files(folder / archive.FILES, aside)
        if not found:  # only the empty database and the key that a new home makes for itself
            shutil.rmtree(aside)
    compare(manifest)
    return manifest


def compare(manifest: archive.Manifest) -> None:
    """Every table holds what the manifest counted (tables of a newer version begin empty or with their own rows)."""
    now = tables.counts()
    wrong = {name: (rows, now.get(name)) for name, rows in manifest.tables.items() if now.get(name) != rows}
    if wrong and not missing(manifest):
        raise archive.Damaged(f"rows differ after the restore (archive, here): {wrong}")


def _known(manifest: archive.Manifest) -> None:
    """Refuse rows of a version whose tables this one cannot know."""
    newer = sorted(_applied(manifest) - set(MigrationLoader(None).disk_migrations))
    if newer:
        raise Unknown(f"the archive comes from a newer version (migration {'.'.join(newer[0])})")


def _applied(manifest: archive.Manifest) -> set[tuple[str, str]]:
    """The archive's migrations as Django names them."""
    return {(app, name) for app, _, name in (entry.partition(".") for entry in manifest.migrations)}


def missing(manifest: archive.Manifest) -> set[tuple[str, str]]:
    """Steps of this version that the archive's rows did not go through: with all that one sums up, they have it too."""
    applied = _applied(manifest)
    return {
        key
        for key, step in MigrationLoader(None).disk_migrations.items()
        if key not in applied and not (step.replaces and applied.issuperset(step.replaces))
    }


def _whole(snapshot: Path) -> None:
    store = sqlite3.connect(snapshot)
    try:
        said = store.execute("PRAGMA integrity_check").fetchone()[0]
        strays = store.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        store.close()
    if said != "ok" or strays:
        raise archive.Damaged(f"the database in the archive is not whole: {said}")


def _put_database(snapshot: Path, aside: Path) -> None:
    """Change the database file as a whole."""
    connections.close_all()
    home: Path = settings.HOME
    for path in sorted(home.glob(backup.database_name() + "*")):
        path.rename(aside / path.name)
    target = home / backup.database_name()
    with snapshot.open("rb") as file:
        os.fsync(file.fileno())
    snapshot.rename(target)
    target.chmod(0o640)


def _put_rows(folder: Path, manifest: archive.Manifest, aside: Path) -> None:
    """Build the tables of the archive's version, fill them in one transaction, then bring them to this version."""
    if connection.vendor == "sqlite":
        connections.close_all()
        home: Path = settings.HOME
        for path in sorted(home.glob(backup.database_name() + "*")):
            path.rename(aside / path.name)
    else:
        _drop_tables()
    older = bool(missing(manifest))
    if older:
        executor, targets = steps(manifest)
        executor.migrate(targets)
    else:
        call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        with connection.cursor() as cursor:
            lifted = tables.lift_triggers(cursor)
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            else:
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            # migrations and post_migrate put rows of their own there; the archive has them too
            for table in tables.names():
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        for table in manifest.tables:
            columns, rows = (
                tables.read_sqlite(folder / archive.DATABASE, table)
                if manifest.vendor == "sqlite"
                else tables.read_file(folder / f"{archive.ROWS}{table}.jsonl")
            )
            tables.fill(table, columns, rows)
        connection.check_constraints()
        tables.reset_sequences()
        with connection.cursor() as cursor:
            for statement in lifted:
                cursor.execute(statement)
    if older:
        call_command("migrate", verbosity=0, interactive=False)


def steps(manifest: archive.Manifest) -> tuple[MigrationExecutor, list[tuple[str, str]]]:
    """What makes an empty database as the archive's was, and the last steps of each app there.

    Which steps there are depends on what was applied (one that sums up others counts where all or none of them are), so
    Django is shown the archive's for a moment.
    """
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    with transaction.atomic():
        for app, name in _applied(manifest):
            recorder.record_applied(app, name)
        executor = MigrationExecutor(connection)
        transaction.set_rollback(True)
    graph = executor.loader.graph
    there = {key for key in executor.loader.applied_migrations if key in graph.nodes}
    executor.loader.applied_migrations = {}
    followed = {
        key for key in there if any(n.key[0] == key[0] and n.key in there for n in graph.node_map[key].children)
    }
    return executor, sorted(there - followed)


def _drop_tables() -> None:
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {quote(table)} CASCADE")


def _put_files(folder: Path, aside: Path) -> None:
    """The files of the archive take the place of those that are here; the old ones stay aside."""
    home: Path = settings.HOME
    for path in list(archive.files_of(home, backup.database_name())):
        if folder in path.parents or path.relative_to(home).parts[0].startswith(".restore-"):
            continue
        to = aside / path.relative_to(home)
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_file():
            to = home / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, to)
