"""Companies on both databases, one for all these tests: each looks only at what it added itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.homes import Moulds

from .company import Company

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(scope="session", params=KINDS)
def company(
    request: pytest.FixtureRequest, moulds: Moulds, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    with moulds.home(tmp_path_factory.mktemp(request.param), "cast", request.param) as home:
        yield Company(home)
