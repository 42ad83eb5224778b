"""The databases of the tests: one with tables and nothing in them, one with the cast of tests/world.py, and one with
the company of tests/web/spreading_company.py, which comes upon the cast.

They lie in memory. Migrating takes many seconds and playing the cast several, so the tables are copied from a home
that one worker migrated, and each company is played once a worker. Every test changes rows inside its own transaction.
"""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from tests.web.spreading_company import Company as SpreadingCompany
from tests.web.spreading_company import company_of
from tests.world import World, build

BARE, CAST, SPREADING = "bare", "cast", "spreading"


@dataclass
class Stage:
    """Which database the tests of this process stand on, and the one they will stand on next."""

    standing: str = BARE
    raw: dict[str, Any] = field(default_factory=dict)
    played: dict[str, bytes] = field(default_factory=dict)
    here: Any = None  # the company of this test, once it has asked
    before: str = ""

    @staticmethod
    def needed(fixtures: Collection[str]) -> str:
        """The database for a test that asks for these fixtures."""
        return SPREADING if SPREADING in fixtures else CAST if "world" in fixtures else BARE

    def _name(self, stage: str) -> str:
        return f"file:pace_test_{stage}?mode=memory&cache=shared"

    def _open(self, stage: str, fill: Callable[[Any], None], play: Callable[[], object] | None = None) -> None:
        connection.connection = None
        connection.settings_dict["NAME"] = self._name(stage)
        connection.ensure_connection()
        fill(connection.connection)
        if play is not None:
            with transaction.atomic():
                self.played[stage] = pickle.dumps(play())
                # a test's transaction never ends, and neither do these follow
                connection.run_on_commit.clear()
        self.raw[stage] = connection.connection

    def stand(self, stage: str) -> None:
        """Let the next test have this database; before the databases are there this is only noted."""
        self.standing, self.here = stage, None
        if stage in self.raw:
            connection.settings_dict["NAME"] = self._name(stage)
            connection.connection = self.raw[stage]

    def open(self, tables: Path, stages: Collection[str]) -> None:
        """The databases, with the tables of this file; the companies only where some test asks for them."""

        def copied(new: Any) -> None:
            with closing(sqlite3.connect(tables)) as old:
                old.backup(new)

        connection.close()
        self.before = str(connection.settings_dict["NAME"])
        self._open(BARE, copied)
        if CAST in stages or SPREADING in stages:
            self._open(CAST, copied, build)
        if SPREADING in stages:
            world = pickle.loads(self.played[CAST])
            self._open(SPREADING, self.raw[CAST].backup, lambda: company_of(world))
        self.stand(self.standing)

    def close(self) -> None:
        connection.connection = None
        for raw in self.raw.values():
            raw.close()
        self.raw.clear()
        connection.settings_dict["NAME"] = self.before

    def world(self) -> World:
        """The cast, on whichever database this test stands."""
        found = self._here()
        return found[0] if self.standing == SPREADING else found  # type: ignore[no-any-return]

    def spreading(self) -> SpreadingCompany:
        """The company that spreads its year, whose first part is the cast."""
        return self._here()  # type: ignore[no-any-return]

    def _here(self) -> Any:
        if self.here is None:
            if self.standing in self.played:
                self.here = pickle.loads(self.played[self.standing])
            else:
                self.here = company_of(build()) if self.standing == SPREADING else build()
        return self.here


STAGE = Stage()
