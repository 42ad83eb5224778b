"""Every package that is installed is used: a dependency that lost its last use leaves with it."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from .source import ROOT, nodes, parse

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
# package → what uses it, where no line of ours names its module
USED_BY_NAME = {
    "psycopg": "Django's PostgreSQL backend",
    "argon2-cffi": "Django's Argon2PasswordHasher",
    "packaging": "Ibis, which does not declare it",
    "sqlglot": "held back for Ibis",
    "pytest-django": "pytest itself",
    "pytest-xdist": "pytest itself",
    "pytest-randomly": "pytest itself",
    "pytest-timeout": "pytest itself",
    "pytest-socket": "pytest itself",
    "mypy": "./pace check",
    "django-stubs": "mypy's plugin",
    "ruff": "./pace check",
    "import-linter": "./pace check",
    "bandit": "./pace check",
}


def plain(requirement: str) -> str:
    """`django-allauth[mfa]>=65` → `django-allauth`."""
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@cache
def named_modules() -> set[str]:
    """First words of what our files import, and of dotted texts such as those of the settings."""
    found = set()
    for path in [*(ROOT / "pacesetter").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]:
        for node in nodes(parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
            elif path.name == "settings.py" and isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value.split(".")[0])
    return found


@cache
def installed() -> Mapping[str, list[str]]:
    """Every module there is, with the packages that bring it."""
    return packages_distributions()


def modules_of(package: str) -> set[str]:
    """The modules an installed package brings."""
    return {module for module, owners in installed().items() if package in {plain(name) for name in owners}}


def unused(packages: list[str]) -> list[str]:
    return [name for name in packages if name not in USED_BY_NAME and not modules_of(name) & named_modules()]


def test_every_python_package_is_used():
    assert unused([plain(one) for one in WANTED]) == []


def test_an_unused_package_is_noticed():
    assert unused(["django", "parsy", "no-such-package"]) == ["parsy", "no-such-package"]


def test_every_exception_is_still_a_dependency():
    assert set(USED_BY_NAME) <= {plain(one) for one in WANTED}


@pytest.mark.parametrize("package", json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"])
def test_every_package_of_the_pages_is_imported(package: str):
    scripts = [path.read_text(encoding="utf-8") for path in (ROOT / "frontend").glob("*.js")]
    assert any(re.search(rf"""(from|import) ['"]{re.escape(package)}[/'"]""", text) for text in scripts)
