"""The cast of tests/world.py, played once per run and set up again from its rows for every further test.

Playing it through acts takes seconds, setting its rows down milliseconds. The rows are exactly those the acts wrote,
and every test changes them inside its own transaction.
"""

from copy import deepcopy
from typing import Any

from django.apps import apps
from django.db import connection

from tests.world import World, build

_kept: dict[str, Any] = {}


def _tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed)


def _keep(world: World, before: dict[str, int]) -> None:
    rows = {}
    with connection.cursor() as cursor:
        for table, count in before.items():
            cursor.execute(f'SELECT * FROM "{table}"')
            found = cursor.fetchall()
            if len(found) > count:
                rows[table] = ([column[0] for column in cursor.description], found)
    _kept.update(world=deepcopy(world), rows=rows)


def _counts() -> dict[str, int]:
    counts = {}
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def _set_down() -> World:
    with connection.cursor() as cursor:
        for table, (columns, rows) in _kept["rows"].items():
            names = ", ".join(f'"{name}"' for name in columns)
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING', rows)
    return deepcopy(_kept["world"])


def the_world() -> World:
    """The cast in the current (empty) database."""
    if connection.vendor != "sqlite":
        return build()  # rows would need their types back: these few tests play it
    if "world" in _kept:
        return _set_down()
    before = _counts()
    world = build()
    _keep(world, before)
    return world
