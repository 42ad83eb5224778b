"""What every file keeps to: its length, its place, its words, and who may read the clock."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from .source import DOORS, ROOT, Source, calls, nodes, package, parse, written_by_hand

CEILING = 400
CODE = (".py", ".js", ".css", ".html", ".md", ".toml", "")
BELOW_DOORS = {"lib", "journal", "metrics", "people", "pipeline", "activity", "goals", "assembly"}
CLOCK = {"now", "today", "utcnow", "localdate", "localtime"}
NO_FLOAT = (
    "pacesetter/lib/money.py",
    "pacesetter/lib/shares.py",
    "pacesetter/pipeline/",
    "pacesetter/goals/",
    "pacesetter/metrics/",
)
GENERATED = {"docs/metrics.md"}


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {}
    for path in written_by_hand(*CODE):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        name = path.relative_to(ROOT).as_posix()
        if lines > CEILING and "lock" not in path.name and name not in GENERATED:
            long[name] = lines
    assert long == {}


def clock_readings(tree: ast.AST) -> list[int]:
    """Lines that ask what time it is, in any of the usual ways."""
    lines = []
    for call in calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCK and isinstance(call.func.value, ast.Name):
            if call.func.value.id in {"datetime", "date", "timezone", "clock", "time"}:
                lines.append(call.lineno)
        elif (
            isinstance(call.func, ast.Attribute) and call.func.attr == "time" and ast.unparse(call.func) == "time.time"
        ):
            lines.append(call.lineno)
    for node in nodes(tree):
        words = ast.unparse(node) if isinstance(node, ast.ImportFrom) else ""
        if "config import clock" in words or "config.clock" in words:
            lines.append(node.lineno)  # type: ignore[attr-defined]
    return lines


@pytest.mark.parametrize("source", [s for s in package() if s.parts[1] in BELOW_DOORS], ids=lambda s: s.path)
def test_the_clock_is_read_at_doors_only(source: Source):
    assert clock_readings(source.tree) == []


@pytest.mark.parametrize("source", [s for s in package() if s.parts[1] in DOORS], ids=lambda s: s.path)
def test_doors_read_the_one_clock(source: Source):
    """A door asks `config.clock`, so that PACE_TODAY holds everywhere."""
    wrong = [
        f"{call.lineno}: {ast.unparse(call)}"
        for call in calls(source.tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in CLOCK
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"datetime", "date", "timezone"}
        # with an instant given, localtime and localdate only convert it
        and not (call.args and call.func.attr.startswith("local"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "date.today()", "timezone.now()", "time.time()", "from pacesetter.config import clock"],
)
def test_a_reading_of_the_clock_is_noticed(line: str):
    assert clock_readings(ast.parse(line))


def floats(tree: ast.AST) -> list[int]:
    """Lines that make a float: float(), round(), a literal with a point, or a true division of two plain names."""
    lines = [c.lineno for c in calls(tree) if isinstance(c.func, ast.Name) and c.func.id in {"float", "round"}]
    lines += [n.lineno for n in nodes(tree) if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    return lines


@pytest.mark.parametrize("source", [s for s in package() if s.path.startswith(NO_FLOAT)], ids=lambda s: s.path)
def test_no_float_comes_near_money(source: Source):
    assert floats(source.tree) == []


def test_a_float_is_noticed():
    assert floats(ast.parse("total = float(text)"))
    assert floats(ast.parse("total = round(x)"))
    assert floats(ast.parse("rate = 0.1"))


def undescribed(tree: ast.Module) -> list[str]:
    """Public classes and functions of a module that do not say what they are for."""
    missing = [] if ast.get_docstring(tree) or not tree.body else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            short = isinstance(node, ast.FunctionDef) and len(node.body) == 1
            if not ast.get_docstring(node) and not short:
                missing.append(node.name)
    return missing


EXPLAINED = [s for s in package() if s.parts[1] in BELOW_DOORS and s.parts[-1] != "apps"]


@pytest.mark.parametrize("source", EXPLAINED, ids=lambda s: s.path)
def test_public_names_say_what_they_are_for(source: Source):
    assert undescribed(source.tree) == []


UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b|[#/]\s*(X" + r"XX|HA" + r"CK)\b")
# a home directory, a machine's temporary place, a registry address
MACHINE = re.compile(r"(/ho" + r"me/\w+/|/U" + r"sers/\w+/|C:\\\\U" + r"sers|/wo" + r"rk/(main|shared)|index-url\s*=)")


def test_nothing_is_left_unfinished_and_no_path_of_a_machine_stands_here():
    for path in written_by_hand(*CODE, ".sh", ".yml", ".json", ".txt"):
        text = path.read_text(encoding="utf-8")
        assert not UNFINISHED.search(text), path
        assert not MACHINE.search(text), path


def test_a_skip_says_why():
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for call in calls(parse(path.read_text(encoding="utf-8"))):
            if ast.unparse(call.func) in {"pytest.skip", "pytest.mark.skip", "pytest.mark.skipif"}:
                words = [k for k in call.keywords if k.arg == "reason"] or call.args
                assert words, f"{path}:{call.lineno}"


def test_tests_mirror_the_rooms():
    """tests/<room>/test_<file>….py exists for a file or folder of that room."""
    for room in ("people", "pipeline", "activity", "goals", "journal", "lib"):
        for path in sorted((ROOT / "tests" / room).glob("test_*.py")):
            stem = path.stem.removeprefix("test_")
            names = {p.stem for p in Path(ROOT / "pacesetter" / room).rglob("*.py")} | {
                "acts",
                "reads",
                "rules",
                "models",
                "world",
            }
            assert any(stem == name or stem.startswith(f"{name}_") for name in names), path


def test_every_room_is_tested():
    for room in (
        "people",
        "pipeline",
        "activity",
        "goals",
        "journal",
        "metrics",
        "lib",
        "web",
        "api",
        "imports",
        "chat",
        "worker",
        "demo",
    ):
        assert list((ROOT / "tests" / room).glob("test_*.py")), room


def test_the_change_log_begins_with_the_version():
    headings = [
        line for line in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines() if line.startswith("## ")
    ]
    assert re.fullmatch(r"## \d+\.\d+\.\d+\S*", headings[0].split(" — ")[0].split(" · ")[0].strip()), headings[:1]
