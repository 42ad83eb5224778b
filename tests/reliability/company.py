"""A company to be mistreated: a home, its fork server, and visitors over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.homes import ROOT, Home, free_port
from tests.world import PASSWORD

WRITERS = ("E002", "E004", "E005", "E006")


class Company:
    """A home with the cast of all tests, and victims in it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = free_port()
        self.server = 0
        self.launcher = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.victims"], cwd=ROOT, env=home.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(home.folder / "stderr.txt").open("a"),
        )  # fmt: skip
        assert self._read() == "ready"

    def _read(self) -> Any:
        assert self.launcher.stdout is not None
        line = self.launcher.stdout.readline()
        assert line, (self.home.folder / "stderr.txt").read_text()[-3000:]
        return json.loads(line)

    def ask(self, **order: Any) -> Any:
        """Give the launcher an order."""
        assert self.launcher.stdin is not None
        self.launcher.stdin.write(json.dumps(order) + "\n")
        self.launcher.stdin.flush()
        return self._read()

    def run(self, code: str) -> str:
        """Run code in a process of the installation; returns what it printed."""
        status, said = self.ask(do="run", code=code)
        assert status == 0, said
        return str(said)

    def value(self, expression: str, using: str = "") -> Any:
        """The value of an expression inside the installation."""
        return json.loads(self.run(f"import json\n{using}\nprint(json.dumps({expression}))"))

    def take(self, preset: str, path: Path, die_at: int = 0) -> tuple[int, Any]:
        """Import a file; returns (exit status, answer): -9 when it died on the way."""
        status, said = self.ask(do="take", preset=preset, path=str(path), die_at=die_at)
        return status, said

    def serve(self, guard: str = "") -> None:
        """Start the server and wait until it listens."""
        self.server = self.ask(do="serve", port=self.port, guard=guard)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise AssertionError("the server does not listen")

    def kill(self, pid: int = 0) -> int:
        """kill -9; returns the exit status."""
        pid = pid or self.server
        # 0 would mean every process of this test run
        assert pid > 0
        os.kill(pid, signal.SIGKILL)
        if pid == self.server:
            self.server = 0
        return int(self.ask(do="wait", pid=pid))

    def end(self) -> None:
        if self.server > 0:
            with suppress(OSError):
                os.kill(self.server, signal.SIGKILL)
        self.launcher.kill()
        self.launcher.wait(10)

    def whole(self) -> None:
        """The journal's chain is unbroken, and the database says so of itself."""
        assert self.value("broken_lines()", "from pacesetter.journal.acts import broken_lines") == []
        if not self.home.database:
            said = self.value(
                "[cursor.execute('PRAGMA integrity_check').fetchone()[0], "
                "cursor.execute('PRAGMA foreign_key_check').fetchall()]",
                "from django.db import connection\ncursor = connection.cursor()",
            )
            assert said == ["ok", []]


class Lost(Exception):
    """No answer came: nobody knows whether it was done."""


class Visitor:
    """Somebody signed in, over HTTP; the session outlives the server."""

    def __init__(self, port: int, login: str) -> None:
        self.port, self.cookies = port, dict[str, str]()
        self.get("/accounts/login/")
        status, _text = self.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert status == 302, status
        self.get("/")

    def _ask(
        self, method: str, path: str, body: str | None = None, more: dict[str, str] | None = None
    ) -> tuple[int, str, str]:  # fmt: skip
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, **(more or {})}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as fault:
            raise Lost from fault
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, value = header.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")

    def get(self, path: str) -> tuple[int, str]:
        status, text, _where = self._ask("GET", path)
        return status, text

    def post(self, path: str, values: dict[str, Any], key: str = "") -> tuple[int, str]:
        """Send a form; returns the status and where it led (or the page)."""
        sent = {**values, "csrfmiddlewaretoken": self.cookies.get("pace_csrf", "")}
        if key:
            sent["key"] = key
        status, text, where = self._ask("POST", path, urlencode(sent))
        return status, where or text

    def log_visit(self, key: str, **values: Any) -> tuple[int, dict[str, Any]]:
        """Send the log sheet as its script does; returns the status and what the answer tells."""
        body = {"kind": "visit", "contact_name": "王总", "result": "有意向", "next_step": "送方案",
                "next_on": "2026-03-18", "key": key, **values,
                "csrfmiddlewaretoken": self.cookies["pace_csrf"]}  # fmt: skip
        status, text, _where = self._ask("POST", "/log/", urlencode(body), {"Accept": "application/json"})
        return status, json.loads(text) if status in (200, 422) else {"text": text[:2000]}

    def add_customer(self, name: str, key: str = "") -> tuple[int, str]:
        return self.post("/customers/new/", {"name": name}, key or uuid.uuid4().hex)
