"""Real installations for tests: a home of its own, real processes, SQLite or PostgreSQL.

`Home.manage("backup", …)` runs a command as a person would; `Home.python(code)` runs code inside the installation.
`Moulds.home(folder, "cast")` is a copy of a home that was made once for all workers of the run.
"""

from __future__ import annotations

import fcntl
import functools
import os
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.nursery import LIMIT, NURSERY, ROOT, SETTINGS, Process, bare

__all__ = ["LIMIT", "ROOT", "SETTINGS", "Home", "Moulds"]

DAY = "2026-03-16"
DATABASE = "pacesetter.sqlite3"


@dataclass
class Home:
    """One installation. `database` is a postgres:// address, or "" for SQLite in the folder."""

    folder: Path
    database: str = ""
    day: str = DAY
    running: list[Process] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return bare() | {
            "PACE_HOME": str(self.folder),
            "PACE_DATABASE_URL": self.database,
            "PACE_TODAY": self.day,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
        }

    @property
    def stderr(self) -> Path:
        """What its processes complain about."""
        return self.folder / "stderr.txt"

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with `check` a failure fails the test, with what the command said."""
        with tempfile.TemporaryDirectory(prefix="pace-said-") as said:
            out, err = Path(said) / "out", Path(said) / "err"
            process = NURSERY.start(["manage.py", *words], self.environment, out, err)
            try:
                status = process.wait()
            finally:
                self._end_of(process)
            answer = subprocess.CompletedProcess(words, status, out.read_text("utf-8"), err.read_text("utf-8"))
        assert not check or answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-4000:]
        return answer

    def python(self, code: str, check: bool = True) -> str:
        """Run code with Django set up, in a process of its own (see tests/forks.py); returns what it printed."""
        status, said, fault = NURSERY.run(code, self.environment, self.stderr)
        assert not check or status == 0, fault[-4000:] or f"it ended with {status}"
        return said

    def session_of(self, **who: str) -> str:
        """The key of a new session of the person with this `name`, or this `employee_no`."""
        return self.python(
            "from django.test import Client\n"
            "from pacesetter.people.models import Person\n"
            "client = Client()\n"
            f"client.force_login(Person.objects.get(**{who!r}))\n"
            "print(client.session.session_key)"
        ).strip()

    def start(self, *words: str) -> Process:
        """Start a process in a group of its own, so that it can be killed with its children."""
        process = NURSERY.start(list(words), self.environment, None, self.stderr)
        self.running.append(process)
        return process

    def kill(self, process: Process, sign: int = signal.SIGKILL) -> int:
        """Send the whole group a signal and wait for its end; returns the exit status."""
        self._end_of(process, sign)
        if process in self.running:
            self.running.remove(process)
        return process.wait(30)

    def _end_of(self, process: Process, sign: int = signal.SIGKILL) -> None:
        if process.poll() is None:
            try:
                os.killpg(process.pid, sign)
            except ProcessLookupError:  # it is about to make its group
                os.kill(process.pid, sign)

    def serve(self, port: int) -> Process:
        """The server as `./pace demo` runs it, answering on localhost:port when this returns."""
        process = self.start(
            "-m", "uvicorn", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--log-level", "warning", "pacesetter.config.wsgi:application",
        )  # fmt: skip
        wait_for(port, process)
        return process

    def end(self) -> None:
        for process in list(self.running):
            self.kill(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: Process, seconds: int = 90) -> None:
    """Until the server answers anything at all."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError("the server did not answer")


def server() -> str:
    """The address of the PostgreSQL server of the tests; skips where there is none."""
    address = os.environ.get("PACE_TEST_PG", "")
    if not address:
        pytest.skip("no PostgreSQL server: PACE_TEST_PG is not set")
    assert _answers(address), f"no PostgreSQL server answers at {address}"
    return address


@functools.cache
def _answers(address: str, seconds: int = 60) -> bool:
    """Whether the server, which came up while the tests were collected, is there."""
    import psycopg

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(psycopg.OperationalError), psycopg.connect(address):
            return True
        time.sleep(0.1)
    return False


def _say(sql: str) -> None:
    """Run a statement on that server."""
    import psycopg

    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(sql)


def _new_database(like: str = "template1") -> str:
    """The address of a fresh PostgreSQL database, or of a copy of another that nobody is connected to."""
    name = f"pace_home_{uuid.uuid4().hex[:12]}"
    _say(f"CREATE DATABASE {name} TEMPLATE {like}")
    return urlunsplit(urlsplit(server())._replace(path="/" + name))


def _drop(address: str) -> None:
    _say(f"DROP DATABASE {_name(address)} WITH (FORCE)")


def _name(address: str) -> str:
    return urlsplit(address).path.lstrip("/")


@contextmanager
def own_database(like: str = "template1") -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards; skips where there is no server."""
    address = _new_database(like)
    try:
        yield address
    finally:
        _drop(address)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Only one worker of the run at a time."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def once(folder: Path, work: Callable[[Path], None]) -> Path:
    """Do `work` in this folder, by whichever process comes first; the others wait for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder.parent / f"{folder.name}.lock"):
        done = folder.parent / f"{folder.name}.done"
        if not done.exists():
            work(folder)
            done.touch()
    return folder


CAST = """
from functools import cache
from django.contrib.auth import base_user
from pacesetter.people import acts
from pacesetter.people.models import Person
from tests.world import AT, PASSWORD, build
build()
# the one password is hashed once: that takes its time on purpose
base_user.make_password = cache(base_user.make_password)
for person in Person.objects.filter(left_on=None):
    acts.set_password(person=person, password=PASSWORD, by=None, at=AT)
"""


@dataclass
class Moulds:
    """Homes made once for all workers of a run: filling one takes many seconds, copying it none.

    "empty" has its tables and nothing in them, "cast" the company of tests/world.py, each with the tests' password.
    """

    folder: Path
    databases: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def home(self, folder: Path, holds: str = "empty", kind: str = "sqlite") -> Iterator[Home]:
        """A copy in this folder, for one test or one fixture."""
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            if kind == "postgresql":
                home = Home(folder, stack.enter_context(own_database(_name(self._database(holds)))))
            else:
                mould = once(self.folder / holds, lambda new: self._fill(new, holds))
                _copy(mould, folder)
                home = Home(folder)
            stack.callback(home.end)
            yield home

    def tables(self) -> Path:
        """The SQLite file of a home that holds nothing."""
        return once(self.folder / "empty", lambda new: self._fill(new, "empty")) / DATABASE

    def _fill(self, folder: Path, holds: str, database: str = "") -> None:
        home = Home(folder, database)
        if holds == "empty":
            home.manage("migrate", "-v0", "--skip-checks")
            return
        if not database:
            _copy(self.tables().parent, folder)
        home.python(CAST)

    def _database(self, holds: str) -> str:
        """The address of a PostgreSQL database to copy; the last worker that used it drops it."""
        if holds not in self.databases:
            folder = self.folder / f"postgresql-{holds}"
            folder.mkdir(exist_ok=True)
            address, users = folder / "address", folder / "users"
            with locked(self.folder / f"{folder.name}.lock"):
                if not address.exists():
                    made = _new_database("template1" if holds == "empty" else _name(self._database("empty")))
                    self._fill(folder, holds, made)
                    address.write_text(made)
                with users.open("a") as file:
                    file.write("+")
            self.databases[holds] = address.read_text()
        return self.databases[holds]

    def end(self) -> None:
        for holds, address in self.databases.items():
            folder = self.folder / f"postgresql-{holds}"
            with locked(self.folder / f"{folder.name}.lock"):
                users = folder / "users"
                users.write_text(users.read_text()[1:])
                if not users.read_text():
                    (folder / "address").unlink()
                    _drop(address)


def _copy(source: Path, target: Path) -> None:
    """The SQLite file of a home, as a whole."""
    with closing(sqlite3.connect(source / DATABASE)) as old, closing(sqlite3.connect(target / DATABASE)) as new:
        old.backup(new)
