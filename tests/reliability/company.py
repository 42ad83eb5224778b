"""A company to be mistreated: a home, its processes, and visitors over HTTP."""

from __future__ import annotations

import http.client
import json
import socket
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.homes import Home, free_port
from tests.nursery import Process

WRITERS = ("E002", "E004", "E005", "E006")


class Company:
    """A home with the cast of all tests, and processes in it to be killed."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.port = free_port()
        self.server: Process | None = None
        self.sessions: dict[str, dict[str, str]] = {}

    def visitor(self, login: str) -> Visitor:
        """Somebody in a window of their own; the server runs. Each signs in once, sessions outlive it."""
        if login not in self.sessions:
            first = Visitor(self.port, {"pace_session": self.home.session_of(employee_no=login)})
            # the first page of a session writes down its device, and tells what forms send along
            assert first.get("/me/")[0] == 200
            assert "pace_csrf" in first.cookies
            self.sessions[login] = first.cookies
        return Visitor(self.port, dict(self.sessions[login]))

    def run(self, code: str) -> str:
        """Run code in a process of the installation; returns what it printed."""
        return self.home.python(code)

    def value(self, expression: str, using: str = "") -> Any:
        """The value of an expression inside the installation."""
        return json.loads(self.run(f"import json\n{using}\nprint(json.dumps({expression}))"))

    def taking(self, preset: str, path: Path, die_at: int = 0) -> Process:
        """A process that imports a file."""
        told = self.home.folder / "taken.json"
        told.unlink(missing_ok=True)
        return self.home.start(
            "-c",
            f"from tests.reliability import victims\nvictims.take({preset!r}, {str(path)!r}, {die_at}, {str(told)!r})",
        )

    def take(self, preset: str, path: Path, die_at: int = 0) -> tuple[int, Any]:
        """Import a file; returns (exit status, answer): -9 when it died on the way."""
        process = self.taking(preset, path, die_at)
        status = self.ended(process)
        told = self.home.folder / "taken.json"
        return status, json.loads(told.read_text()) if told.exists() else self.home.stderr.read_text()[-2000:]

    def ended(self, process: Process) -> int:
        """Its exit status, once it ended by itself."""
        status = process.wait()
        self.home.running.remove(process)
        return status

    def serve(self, guard: str = "") -> None:
        """Start the server and wait until it listens; `guard` names guards to leave out, joined by "+"."""
        self.server = self.home.start(
            "-c", f"from tests.reliability import victims\nvictims.serve({self.port}, {guard!r})"
        )
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise AssertionError(f"the server does not listen: {self.home.stderr.read_text()[-2000:]}")

    def kill(self, process: Process | None = None) -> int:
        """kill -9, the server unless something else is named; returns the exit status."""
        process = process or self.server
        assert process is not None
        return self.home.kill(process)

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
    """Somebody over HTTP."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port, self.cookies = port, cookies

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
