"""Real installations for tests: a home of its own, real processes, SQLite or PostgreSQL.

`Home.manage("backup", …)` runs a command as a person would; `Home.python(code)` runs code inside the installation.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "pacesetter.config.settings"
DAY = "2026-03-16"


@dataclass
class Home:
    """One installation. `database` is a postgres:// address, or "" for SQLite in the folder."""

    folder: Path
    database: str = ""
    day: str = DAY
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PACE_", "PYTEST_"))}
        kept |= {
            "PACE_HOME": str(self.folder),
            "PACE_DATABASE_URL": self.database,
            "PACE_TODAY": self.day,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        return kept

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with `check` a failure fails the test, with what the command said."""
        answer = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=170, check=False,
        )  # fmt: skip
        assert not check or answer.returncode == 0, answer.stdout[-2000:] + answer.stderr[-4000:]
        return answer

    def python(self, code: str, check: bool = True) -> str:
        """Run code with Django set up; returns what it printed."""
        answer = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=170, check=False,
        )  # fmt: skip
        assert not check or answer.returncode == 0, answer.stderr[-4000:]
        return answer.stdout

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own, so that it can be killed with its children."""
        process = subprocess.Popen(
            [sys.executable, *words], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=(self.folder / "stderr.txt").open("ab"),
        )  # fmt: skip
        self.running.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes], sign: int = signal.SIGKILL) -> None:
        """Send the whole group a signal and wait for its end."""
        if process.poll() is None:
            os.killpg(process.pid, sign)
        process.wait(timeout=30)
        if process in self.running:
            self.running.remove(process)

    def serve(self, port: int) -> subprocess.Popen[bytes]:
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


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: int = 90) -> None:
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
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


@contextmanager
def own_database() -> Iterator[str]:
    """A fresh PostgreSQL database, dropped afterwards; skips where there is no server."""
    server = os.environ.get("PACE_TEST_PG", "")
    if not server:
        pytest.skip("no PostgreSQL server: PACE_TEST_PG is not set")
    import psycopg

    name = f"pace_home_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        parts = urlsplit(server)
        yield urlunsplit(parts._replace(path="/" + name))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
