"""An installation of an earlier version comes to this one by `migrate`, or by `restore` of its archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from pacesetter.worker import archive, restore
from tests.homes import DATABASE, Home

pytestmark = pytest.mark.timeout(400)

MIGRATE = """
from django.core.management import call_command
call_command("migrate", skip_checks=True)
call_command("migrate", check_unapplied=True, verbosity=0, skip_checks=True)
call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0, skip_checks=True)
"""


def asked(home: Home, question: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(home.folder / DATABASE)) as store, store:
        return store.execute(question).fetchall()


def test_the_last_version_s_database_stays_as_it_is(homes):
    """Its tables were made file by file; what sums those files up is only noted."""
    home = homes("sqlite", holds="cast")
    rows, tables = "SELECT * FROM people_person", "SELECT sql FROM sqlite_master"
    before = asked(home, rows), asked(home, tables)
    applied = "SELECT app, name FROM django_migrations ORDER BY app, name"
    now = asked(home, applied)
    asked(home, "DELETE FROM django_migrations WHERE name LIKE '%squashed%'")
    assert asked(home, applied) != now
    assert "No migrations to apply" in home.python(MIGRATE)
    assert asked(home, applied) == now
    assert (asked(home, rows), asked(home, tables)) == before


PEOPLE = ["people.0001_initial", "people.0002_question", "people.0003_recording_days", "people.0004_absence"]


def test_an_archive_from_the_middle_goes_on_file_by_file(homes, tmp_path: Path):
    """Half of people was there, with a row: it gets the other half, and all else as a new installation does.

    Were the sum of people's files taken, it would fail: most of its tables are there.
    """
    home, new = homes("sqlite", "half", holds=""), homes("sqlite", "new")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('["id", "name"]\n[7, "华东"]\n', encoding="utf-8")
    manifest = archive.Manifest("2026-03-16", "0.1", "postgresql", PEOPLE[:2], {"people_region": 1})
    archive.pack(tmp_path / "half.tar.gz", manifest, [("rows/people_region.jsonl", rows)])
    home.manage("restore", str(tmp_path / "half.tar.gz"))
    assert asked(home, "SELECT id, name FROM people_region") == [(7, "华东")]
    for question in (
        "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY type, name",
        "SELECT app, name FROM django_migrations ORDER BY app, name",
        "SELECT key FROM activity_activitykind ORDER BY key",
    ):
        assert asked(home, question) == asked(new, question)


def test_an_archive_of_the_last_version_lacks_nothing():
    """It had all the files; that one sums them up makes no older archive of it, one file less does."""
    disk = MigrationLoader(None).disk_migrations.values()
    files = [f"{step.app_label}.{step.name}" for step in disk if not (step.replaces and "squashed" in step.name)]
    assert not restore.missing(archive.Manifest("", "", "postgresql", files, {}))
    assert ("people", "0004_absence") in restore.missing(
        archive.Manifest("", "", "postgresql", [name for name in files if name != PEOPLE[-1]], {})
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("applied", "steps"),
    [
        ([*PEOPLE, "journal.0001_initial"], {"people.0001_squashed_0004_absence", "journal.0001_initial"}),
        (PEOPLE[:2], set(PEOPLE[:2])),
        ([*PEOPLE[:2], "pipeline.0001_initial"], {*PEOPLE[:2], "pipeline.0001_initial"}),
        ([*PEOPLE, "people.0001_squashed_0004_absence"], {"people.0001_squashed_0004_absence"}),
    ],
    ids=["all the files", "some", "some of two", "this version"],
)
def test_tables_for_an_archive_s_rows_are_those_it_had(applied: list[str], steps: set[str]):
    """By the sum of its files where it had all of them, else file by file, and nothing that came later."""
    MigrationRecorder(connection).flush()
    executor, targets = restore.steps(archive.Manifest("", "", "sqlite", applied, {}))
    plan = executor.migration_plan(targets)
    assert {f"{step.app_label}.{step.name}" for step, _backwards in plan} == steps
    assert not any(backwards for _step, backwards in plan)
    assert MigrationRecorder(connection).applied_migrations() == {}
