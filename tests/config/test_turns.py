"""Writers of one process take turns on SQLite: the next one is let in as soon as the one before has ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db.backends.sqlite3 import base as plain
from django.db.utils import ConnectionHandler

MANY = 6
BEGIN = "_start_transaction_under_autocommit"


@pytest.fixture(autouse=True)
def databases_of_its_own(django_db_blocker: Any) -> Iterator[None]:
    """The files of these tests are no database of the run."""
    with django_db_blocker.unblock():
        yield


class Asking:
    """Who has come to write, and how many of them asked SQLite at the same time, at most."""

    def __init__(self) -> None:
        self.come = self.now = self.most = 0
        self.lock = threading.Lock()

    def step(self, come: int = 0, now: int = 0) -> None:
        with self.lock:
            self.come += come
            self.now += now
            self.most = max(self.most, self.now)


def wrote(engine: str, least: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """While one writes, many more come, until `least` ask: how many asked SQLite at once, and the rows in the end."""
    asking, begin = Asking(), getattr(plain.DatabaseWrapper, BEGIN)

    def begun(self: plain.DatabaseWrapper) -> None:
        asking.step(now=1)
        begin(self)
        asking.step(now=-1)

    options = {"transaction_mode": "IMMEDIATE", "timeout": 300}
    handler = ConnectionHandler({"default": {"ENGINE": engine, "NAME": path, "OPTIONS": options}})

    def write() -> None:
        with closing(handler.create_connection("default")) as mine:
            mine.connect()
            asking.step(come=1)
            getattr(mine, BEGIN)()
            mine.connection.execute("INSERT INTO rows VALUES (1)")
            mine.connection.execute("COMMIT")

    with closing(handler.create_connection("default")) as first:
        first.connect()
        first.connection.execute("CREATE TABLE rows (n)")
        getattr(first, BEGIN)()
        monkeypatch.setattr(plain.DatabaseWrapper, BEGIN, begun)
        threads = [threading.Thread(target=write) for _one in range(MANY)]
        for thread in threads:
            thread.start()
        while asking.come < MANY or asking.now < least:
            time.sleep(0.01)
        first.connection.execute("COMMIT")
        for thread in threads:
            thread.join()
        return asking.most, first.connection.execute("SELECT COUNT(*) FROM rows").fetchone()[0]


def test_one_at_a_time_asks_and_all_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert wrote("pacesetter.config.sqlite", 1, tmp_path / "turns.sqlite3", monkeypatch) == (1, MANY)


def test_without_turns_all_ask_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The control: Django's own way."""
    assert wrote("django.db.backends.sqlite3", MANY, tmp_path / "plain.sqlite3", monkeypatch) == (MANY, MANY)


def test_an_installation_on_sqlite_takes_turns():
    assert settings.DATABASES["default"]["ENGINE"] in {"pacesetter.config.sqlite", "django.db.backends.postgresql"}
