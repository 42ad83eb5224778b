"""The source as these tests read it: every Python file of the package with its syntax tree."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pacesetter"
ROOMS = ("journal", "people", "pipeline", "activity", "goals")
LATER_ROOMS = ("findings", "cadence", "coaching", "appraisal", "incentives", "reviews")
DOORS = ("web", "api", "imports", "chat", "demo", "worker")


@functools.cache
def parse(text: str) -> ast.Module:
    """The tree of a source, made once for all rules, and only where rules are tested."""
    return ast.parse(text)


@functools.cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree."""
    return tuple(ast.walk(tree))


@dataclass(frozen=True)
class Source:
    """One file: its path below the repository, its text and its tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))


def read(path: Path) -> Source:
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


@functools.cache
def package() -> tuple[Source, ...]:
    """Every file of the product, migrations left out."""
    return tuple(read(path) for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts)


def written_by_hand(*suffixes: str) -> Iterator[Path]:
    """Every file people write: not what is installed, built, locked or generated."""
    skip = {".git", ".venv", "node_modules", ".home", ".shots", "dist", "locale", "migrations", "__pycache__"}
    for folder in ("pacesetter", "tests", "docs", "frontend", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in suffixes and not skip & set(path.relative_to(ROOT).parts):
                yield path
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and path.name not in skip and (path.suffix in suffixes or path.name == "pace"):
            yield path


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            yield node
