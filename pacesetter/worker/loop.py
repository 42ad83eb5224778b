"""The one loop behind the pages: it looks for what is due, does it, and looks again.

Nothing is queued in memory and nothing is sent to it: each chore finds its own work in the database or on the disk
and is safe to repeat, so the process may be killed at any point. One loop at a time holds `worker.lock` of the home.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

try:
    import fcntl
except ImportError:  # Windows: one person's machine, no second worker to fear
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

LOCK, HEARTBEAT = "worker.lock", "worker.json"
PAUSE_SECONDS = 1.0
BEAT_SECONDS = 10.0
# After this long a chore that does not end by itself is left in the middle; the next start finds it again.
GRACE_SECONDS = 2.5


@dataclass(frozen=True)
class Chore:
    """Something that may be due. `run(now)` does what is due and says what it did; nothing to do is an empty answer."""

    name: str
    every_seconds: float
    run: Callable[[datetime], object]


class Busy(Exception):
    """Another worker holds this home."""


def take_lock(home: Path) -> IO[str]:
    """The home's lock, held until the returned file is closed or the process ends in any way."""
    file = (home / LOCK).open("a+", encoding="utf-8")
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            file.close()
            raise Busy(f"another worker is at work on {home}") from held
    return file


@dataclass
class Loop:
    """Runs chores in turn until it is told to stop. `clock` gives the instant that is handed to the chores."""

    home: Path
    chores: Sequence[Chore]
    clock: Callable[[], datetime]
    stopping: threading.Event = field(default_factory=threading.Event)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    _next: dict[str, float] = field(default_factory=dict)
    _busy_with: str = ""
    _writing: threading.Lock = field(default_factory=threading.Lock)

    def stop(self, *_signal: object) -> None:
        """End after the running chore, or in the middle of it when that takes too long."""
        self.stopping.set()
        timer = threading.Timer(GRACE_SECONDS, os._exit, args=(0,))
        timer.daemon = True
        timer.start()

    def listen(self) -> None:
        """Stop on SIGTERM and on Ctrl-C."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)

    def once(self) -> int:
        """Do everything that is due now; returns how many chores had something to do. A fault stops no other chore."""
        worked = 0
        for chore in self.chores:
            if self.stopping.is_set():
                break
            if self._next.get(chore.name, 0) > time.monotonic():
                continue
            self._busy_with = chore.name
            self.beat()
            now = self.clock()
            try:
                outcome = chore.run(now)
                fault = ""
            except Exception as error:
                log.exception("chore %s failed", chore.name)
                outcome, fault = None, "".join(traceback.format_exception_only(error)).strip()
            self._next[chore.name] = time.monotonic() + (max(chore.every_seconds, 60) if fault else chore.every_seconds)
            if outcome:
                worked += 1
                log.info("%s: %s", chore.name, outcome)
            if outcome or fault or chore.name not in self.done:
                self.done[chore.name] = {
                    "at": now.isoformat(timespec="seconds"),
                    "outcome": str(outcome or ""),
                    "fault": fault,
                }
        self._busy_with = ""
        self.beat()
        return worked

    def beat(self) -> None:
        """Tell the pages and the watchman that the loop is alive, and what it is doing."""
        said = {
            "pid": os.getpid(),
            "at": self.clock().isoformat(timespec="seconds"),
            "busy_with": self._busy_with,
            "chores": self.done,
        }
        part = self.home / (HEARTBEAT + ".part")
        with self._writing:
            part.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
            part.replace(self.home / HEARTBEAT)

    def _beat_beside(self) -> None:
        """A long chore is no dead worker: the heart goes on beating beside it."""
        while not self.stopping.wait(BEAT_SECONDS):
            try:
                self.beat()
            except OSError:
                log.exception("no heartbeat written")

    def forever(self) -> None:
        """Until a signal comes."""
        threading.Thread(target=self._beat_beside, daemon=True).start()
        while not self.stopping.is_set():
            if not self.once():
                self.stopping.wait(PAUSE_SECONDS)


def last_beat(home: Path) -> dict[str, Any] | None:
    """What the worker last said of itself; None when none ever ran here."""
    try:
        said: dict[str, Any] = json.loads((home / HEARTBEAT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return said
