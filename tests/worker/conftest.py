"""Homes of both kinds, and one of each that is filled and kept once for all tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.homes import Home, Moulds, own_database

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def homes(moulds: Moulds, tmp_path: Path) -> Iterator:
    """`homes(kind, name)` makes a home that holds nothing ("empty"), the cast ("cast"), or not even tables ("")."""
    with ExitStack() as stack:

        def make(kind: str, name: str = "one", holds: str = "empty") -> Home:
            folder = tmp_path / name
            if holds:
                return stack.enter_context(moulds.home(folder, holds, kind))
            folder.mkdir()
            home = Home(folder, stack.enter_context(own_database()) if kind == "postgresql" else "")
            stack.callback(home.end)
            return home

        yield make


STATE = """
import hashlib, json
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from pacesetter.journal.acts import broken_lines
state = {}
for model in apps.get_models(include_auto_created=True):
    if model._meta.managed:
        values = model._base_manager.order_by("pk").values()
        rows = [json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True) for row in values]
        state[model._meta.db_table] = [len(rows), hashlib.sha256("\\n".join(rows).encode()).hexdigest()]
print(json.dumps({"state": state, "broken": broken_lines()}))
"""


def state_of(home: Home) -> Any:
    """Every table as (rows, digest of all rows), and lines of the journal that do not fit."""
    return json.loads(home.python(STATE))


@dataclass
class Kept:
    """A filled home, its archive, and what it held when it was kept."""

    home: Home
    archive: Path
    state: Any


@pytest.fixture(scope="session")
def kept(moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Kept]]:
    """`kept(kind)`: the cast's company with an uploaded file, built and backed up once per kind."""
    with ExitStack() as stack:
        made: dict[str, Kept] = {}

        def make(kind: str) -> Kept:
            if kind not in made:
                home = stack.enter_context(moulds.home(tmp_path_factory.mktemp(kind), "cast", kind))
                (home.folder / "media" / "visits").mkdir(parents=True)
                (home.folder / "media" / "visits" / "照片.txt").write_text("一张照片", encoding="utf-8")
                target = tmp_path_factory.mktemp("archives") / f"{kind}.tar.gz"
                home.manage("backup", "--to", str(target))
                made[kind] = Kept(home, target, state_of(home))
            return made[kind]

        yield make
