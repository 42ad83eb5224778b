"""Companies on both databases, one for all these tests: each looks only at what it added itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.homes import Home, own_database

from .company import Company

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session", params=KINDS)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with ExitStack() as stack:
        database = stack.enter_context(own_database()) if request.param == "postgresql" else ""
        made = Company(Home(tmp_path_factory.mktemp(request.param), database))
        stack.callback(made.end)
        yield made
