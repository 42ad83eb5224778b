"""The loop: what is due gets done, a fault stops nothing else, one worker a home, gone within three seconds."""

from __future__ import annotations

import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pacesetter.worker.loop import Busy, Chore, Loop, last_beat, take_lock

NOW = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


def loop(home: Path, *chores: Chore) -> Loop:
    return Loop(home, chores, lambda: NOW)


def test_a_chore_that_fails_stops_no_other(tmp_path: Path):
    seen = []

    def fails(now: datetime) -> object:
        raise RuntimeError("磁盘满了")

    worker = loop(tmp_path, Chore("fails", 1, fails), Chore("works", 1, lambda now: seen.append(now) or "1 done"))
    assert worker.once() == 1
    assert seen == [NOW]
    said = last_beat(tmp_path)
    assert said is not None
    assert said["chores"]["fails"]["fault"] == "RuntimeError: 磁盘满了"
    assert said["chores"]["works"]["outcome"] == "1 done"


def test_a_chore_waits_for_its_turn(tmp_path: Path):
    seen = []
    worker = loop(tmp_path, Chore("hourly", 3600, lambda now: seen.append(1)))
    worker.once()
    worker.once()
    assert seen == [1]


def test_a_second_worker_on_one_home_is_refused(tmp_path: Path):
    with take_lock(tmp_path), pytest.raises(Busy):
        take_lock(tmp_path)
    take_lock(tmp_path).close()


def test_the_worker_stops_within_three_seconds(homes):
    home = homes("sqlite")
    worker = home.start("manage.py", "work")
    end = time.monotonic() + 30
    while last_beat(home.folder) is None and time.monotonic() < end:
        time.sleep(0.1)
    assert last_beat(home.folder) is not None
    second = home.manage("work", "--once", check=False)
    assert second.returncode == 3
    began = time.monotonic()
    home.kill(worker, signal.SIGTERM)
    assert time.monotonic() - began < 3
    assert worker.returncode == 0


def test_a_worker_stuck_in_a_chore_stops_within_three_seconds_too(homes):
    home = homes("sqlite")
    worker = home.start(
        "-c",
        "import time\nfrom pathlib import Path\nfrom datetime import UTC, datetime\n"
        "from pacesetter.worker.loop import Chore, Loop\n"
        f"l = Loop(Path({str(home.folder)!r}), [Chore('long', 1, lambda now: time.sleep(60))], "
        "lambda: datetime.now(UTC))\nl.listen(); l.forever()",
    )
    end = time.monotonic() + 30
    while (last_beat(home.folder) or {}).get("busy_with") != "long" and time.monotonic() < end:
        time.sleep(0.05)
    began = time.monotonic()
    home.kill(worker, signal.SIGTERM)
    assert time.monotonic() - began < 3


def test_what_is_due_is_done(homes):
    """Calendar days a year ahead, and one archive a night; the second run finds nothing to do."""
    home = homes("sqlite", holds="cast")
    home.day = "2027-11-30"
    home.manage("work", "--once")
    said = last_beat(home.folder)
    assert said is not None
    assert said["chores"]["calendar"]["outcome"]
    assert [p.name for p in (home.folder / "backups").iterdir()] == ["nightly-2027-11-30.tar.gz"]
    home.manage("work", "--once")
    said = last_beat(home.folder)
    assert said is not None
    assert (said["chores"]["calendar"]["outcome"], said["chores"]["backup"]["outcome"]) == ("", "")
