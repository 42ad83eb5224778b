"""SQLite, whose writers take turns within a process."""

from __future__ import annotations

from threading import Lock

from django.db.backends.sqlite3 import base

TURN = Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread at a time asks SQLite to write, and the others wait for it to be let in.

    SQLite has no queue: each one that asks naps, in the end for a tenth of a second, while nobody writes. Twenty at
    once took twice the time.
    """

    def _start_transaction_under_autocommit(self) -> None:
        with TURN:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
