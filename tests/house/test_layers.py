"""The staircase holds, and the check that says so would notice if it did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .source import DOORS, LATER_ROOMS, PACKAGE, ROOMS, ROOT

LINT = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> tuple[int, str]:
    answer = subprocess.run(
        [LINT, "--no-cache", "--config", ".importlinter"], cwd=folder, capture_output=True, text=True, check=False
    )
    return answer.returncode, " ".join((answer.stdout + answer.stderr).split())


def test_the_staircase_holds():
    code, said = lint(ROOT)
    assert code == 0, said


def copy_of_the_package(folder: Path) -> Path:
    leave = shutil.ignore_patterns("static", "templates", "locale", "__pycache__")
    shutil.copytree(PACKAGE, folder / "pacesetter", ignore=leave)
    shutil.copy(ROOT / ".importlinter", folder)
    return folder / "pacesetter"


def test_a_broken_staircase_is_noticed(tmp_path: Path):
    """The control: one import against each rule."""
    package = copy_of_the_package(tmp_path)
    for file, line in {
        "lib/money.py": "from pacesetter.people import models",
        "web/show.py": "import pacesetter.api.apps",
        "people/rules.py": "import django.db",
        "pipeline/models/words.py": "import pacesetter.pipeline.acts",
        "activity/models/words.py": "import ibis",
    }.items():
        path = package / file
        path.write_text(path.read_text() + f"\n{line}\n")
    code, said = lint(tmp_path)
    assert code == 1
    assert said.count("BROKEN") == 4, said
    for wrong in ("lib.money -> pacesetter.people", "web.show -> pacesetter.api", "rules -> django", "words -> ibis"):
        assert wrong in said, said


def test_a_package_without_a_step_is_noticed(tmp_path: Path):
    """The control of `exhaustive`: a new utils/ has no place on the staircase."""
    package = copy_of_the_package(tmp_path)
    (package / "utils").mkdir()
    (package / "utils" / "__init__.py").touch()
    code, said = lint(tmp_path)
    assert code == 1
    assert "utils" in said


def test_a_room_has_only_files_with_the_known_names():
    allowed = {
        "__init__",
        "apps",
        "models",
        "rules",
        "reads",
        "acts",
        "facts",
        "followups",
        "migrations",
        "__pycache__",
    }
    extra = {"people": {"rights", "reach"}}
    for room in (*ROOMS, *LATER_ROOMS):
        folder = PACKAGE / room
        names = {path.stem for path in folder.iterdir()} if folder.exists() else set()
        assert names <= allowed | extra.get(room, set()), (room, names - allowed)


def test_every_package_is_a_known_one():
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    assert folders <= {"config", "lib", "metrics", *ROOMS, *LATER_ROOMS, *DOORS}
