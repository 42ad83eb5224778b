"""Measure what was asked for, each in a process and a home of its own."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import tests.bench
from tests.homes import ROOT, SETTINGS

from .company import TODAY


def main() -> int:
    parser = argparse.ArgumentParser(prog="pace bench", description=(tests.bench.__doc__ or "").splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["import", "board", "log"])
    parser.add_argument("--table", type=int, default=1_000_000, help="deals that are there already")
    parser.add_argument("--small", type=int, default=10_000, help="rows of the small file; the large one has ten times")
    parser.add_argument("--seconds", type=int, default=60, help="how long fifty reps log visits")
    options = parser.parse_args()
    found: dict[str, Any] = {}
    for what in ("board", "log", "import"):
        if options.what not in (None, what):
            continue
        home = Path(tempfile.mkdtemp(prefix="pace-bench-"))
        try:
            # a process each: every run begins with an empty home
            numbers = [str(one) for one in (options.table, options.small, options.seconds)]
            arguments = [sys.executable, "-m", "tests.bench", "--inside", what, *numbers]
            env = {**os.environ, "PACE_HOME": str(home), "PACE_TODAY": str(TODAY), "PYTHONPATH": str(ROOT)}
            answer = subprocess.run(arguments, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
            found[what] = json.loads(answer.stdout)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return 0


def inside(what: str, table: int, small: int, seconds: int) -> None:
    """The measuring process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    from django.core.management import call_command

    from .board import bench_board
    from .importing import bench_import
    from .visits import bench_log

    call_command("migrate", verbosity=0, interactive=False)
    home = Path(os.environ["PACE_HOME"])
    if what == "log":
        told = bench_log(home, seconds)
    else:
        told = bench_board() if what == "board" else bench_import(home, table, small)
    print(json.dumps(told))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(sys.argv[2], *(int(number) for number in sys.argv[3:6]))
    else:
        sys.exit(main())
