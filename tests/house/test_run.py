"""`./pace test` ends its PostgreSQL server and leaves nothing of it, also when it is killed while that comes up."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import run

# In place of PostgreSQL's own: both write down what they did, and making a cluster takes a while.
INITDB = '#!/bin/sh\nsleep 0.3; mkdir "$2" && echo made >> "$0.said"'
PG_CTL = '#!/bin/sh\nfor last; do :; done; test -d "$2" && echo "$last" >> "${0%/*}/initdb.said"'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the cluster comes to lie, with the stand-ins; a kill means to this process what main() says."""
    for name, words in (("initdb", INITDB), ("pg_ctl", PG_CTL)):
        (tmp_path / name).write_text(words)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(run, "binaries", lambda: tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["run"])
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


def test_the_tests_begin_while_the_server_comes_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pytest_runs(*_command: object, env: dict[str, str]) -> int:
        assert env["PACE_TEST_PG"].startswith("postgres://postgres@127.0.0.1:")
        assert not (folder / "initdb.said").exists()
        return 5

    monkeypatch.setattr(subprocess, "call", pytest_runs)
    monkeypatch.delenv("PACE_TEST_PG", raising=False)
    assert run.main() == 5
    assert (folder / "initdb.said").read_text().split() == ["made", "start", "stop"]
    assert sorted(path.name for path in folder.iterdir()) == ["initdb", "initdb.said", "pg_ctl"]


def test_a_kill_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "call", lambda *_, **__: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit, match="143"):
        run.main()
    assert (folder / "initdb.said").read_text().split() == ["made", "start", "stop"]
    assert sorted(path.name for path in folder.iterdir()) == ["initdb", "initdb.said", "pg_ctl"]
