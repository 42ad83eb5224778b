"""The command line says what is wrong in a line, and stops quietly when nobody reads on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.homes import LIMIT, ROOT, Home


def test_a_day_that_is_none_is_wrong_usage_and_no_traceback(tmp_path: Path) -> None:
    home = Home(tmp_path, day="xx")
    answer = home.manage("count", "--json", check=False)
    assert (answer.returncode, answer.stdout) == (64, "")
    assert "PACE_TODAY=xx" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_reader_that_goes_away_ends_the_export_without_a_traceback(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.manage("count", "--json")
    with subprocess.Popen(
        [sys.executable, "manage.py", "export", "products", "--json"],
        cwd=ROOT, env=home.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        status = process.wait(LIMIT)
    assert status == 141
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
