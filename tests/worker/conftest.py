"""Homes of both kinds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.homes import Home, own_database

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture
def homes(tmp_path: Path) -> Iterator:
    """`homes(kind, name)` makes an empty, migrated home."""
    with ExitStack() as stack:
        made: list[Home] = []

        def make(kind: str, name: str = "one", migrate: bool = True) -> Home:
            folder = tmp_path / name
            folder.mkdir()
            home = Home(folder, stack.enter_context(own_database()) if kind == "postgresql" else "")
            made.append(home)
            if migrate:
                home.manage("migrate", "-v0")
            return home

        yield make
        for home in made:
            home.end()
