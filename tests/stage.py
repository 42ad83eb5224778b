"""The databases of the tests: one with tables and nothing in them, one with the cast of tests/world.py.

Both lie in memory. Migrating takes seconds and playing the cast several, so the tables are copied from a home that one
worker migrated, and the cast is played once a worker. Every test changes rows inside its own transaction.
"""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tests.world import World, build


@dataclass
class Stage:
    """Which database the tests of this process stand on, and the one they will stand on next."""

    with_cast: bool = False
    raw: dict[bool, Any] = field(default_factory=dict)
    cast: bytes = b""
    before: str = ""

    def _name(self, with_cast: bool) -> str:
        return f"file:pace_test_{'cast' if with_cast else 'bare'}?mode=memory&cache=shared"

    def _open(self, with_cast: bool, fill: Any) -> None:
        connection.connection = None
        connection.settings_dict["NAME"] = self._name(with_cast)
        connection.ensure_connection()
        fill(connection.connection)
        self.raw[with_cast] = connection.connection

    def _copy(self, file: Path) -> Any:
        def fill(new: Any) -> None:
            with closing(sqlite3.connect(file)) as old:
                old.backup(new)

        return fill

    def _play(self) -> None:
        with transaction.atomic():
            self.cast = pickle.dumps(build())
            # a test's transaction never ends, and neither do these follow
            connection.run_on_commit.clear()

    def stand(self, with_cast: bool) -> None:
        """Let the next test have the cast, or nothing; before the databases are there this is only noted."""
        self.with_cast = with_cast
        if with_cast in self.raw:
            connection.settings_dict["NAME"] = self._name(with_cast)
            connection.connection = self.raw[with_cast]

    def open(self, tables: Path, cast: bool) -> None:
        """Both databases, with the tables of this file; the cast only where some test asks for it."""
        connection.close()
        self.before = str(connection.settings_dict["NAME"])
        self._open(False, self._copy(tables))
        if cast:
            self._open(True, self._copy(tables))
            self._play()
        self.stand(self.with_cast)

    def close(self) -> None:
        connection.connection = None
        for raw in self.raw.values():
            raw.close()
        self.raw.clear()
        connection.settings_dict["NAME"] = self.before

    def world(self) -> World:
        """The cast, on whichever database this test stands."""
        if self.with_cast and self.cast:
            return pickle.loads(self.cast)  # type: ignore[no-any-return]
        return build()


STAGE = Stage()
