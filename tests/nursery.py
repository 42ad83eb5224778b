"""Where the processes of tests come from: forks of one process that has the product loaded (tests/forks.py)."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = "pacesetter.config.settings"
# Seconds. As pytest's own: it only ends what hangs.
LIMIT = 380


class Nursery:
    """Asks the process that forks; it begins with the first order and ends with this one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="pace-nursery-")
        self._log = Path(self._folder.name) / "stderr.txt"

    def _begun(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            environment = bare() | {"PACE_HOME": self._folder.name, "DJANGO_SETTINGS_MODULE": SETTINGS}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.forks"], cwd=ROOT, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log.open("a"),
            )  # fmt: skip
        return self._process

    def ask(self, **order: Any) -> Any:
        """Give an order and read its answer."""
        with self._turn:
            process = self._begun()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            heard, _, _ = select.select([process.stdout], [], [], LIMIT)
            line = process.stdout.readline() if heard else ""
            assert line, f"no answer: {self._log.read_text()[-3000:]}"
            return json.loads(line)

    def run(self, code: str, env: dict[str, str], err: Path) -> tuple[int, str, str]:
        """Run code to its end: exit status, what it printed, its traceback."""
        status, said, fault = self.ask(do="run", code=code, env=env, err=str(err))
        return status, said, fault

    def start(self, words: list[str], env: dict[str, str], out: Path | None, err: Path) -> Process:
        """Start a process; `words` as behind `python`."""
        pid = self.ask(do="start", words=words, env=env, out=str(out or ""), err=str(err))
        return Process(self, pid)

    def end(self) -> None:
        """End it, and whatever it forked."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                assert pipe is not None
                pipe.close()
            self._process.wait(30)
        self._folder.cleanup()


@dataclass
class Process:
    """One fork, as far as tests ask a process."""

    nursery: Nursery
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status; None as long as it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.ask(do="wait", pid=self.pid)
        return self.returncode

    def wait(self, timeout: float = LIMIT) -> int:
        """Its exit status, once it ended."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            assert time.monotonic() < end, "it does not end"
            time.sleep(0.01)
        return status


def bare() -> dict[str, str]:
    """The environment without what this test run set for itself: an installation has none of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PACE_", "PYTEST_", "DJANGO_"))}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


NURSERY = Nursery()
atexit.register(NURSERY.end)
