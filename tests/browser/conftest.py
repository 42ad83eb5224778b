"""The demo company, seeded once for all workers of a run, served, and seen by each role in any look.

PACE_TEST_DEMO names a home seeded today to use instead: good while writing a page.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.homes import Home, Moulds, free_port, once
from tests.looks import Look


@pytest.fixture(scope="session")
def demo_home(shared_folder: Path, moulds: Moulds) -> Iterator[Home]:
    """The demo company."""
    given = os.environ.get("PACE_TEST_DEMO", "")
    if given:
        home = Home(Path(given), day="")
    else:

        def seed(folder: Path) -> None:
            with moulds.home(folder) as fresh:
                fresh.manage("demo", "seed")

        home = Home(once(shared_folder / "demo", seed))
    yield home
    home.end()


@pytest.fixture(scope="session")
def tour(demo_home: Home, shared_folder: Path) -> dict[str, Any]:
    """Every page, as tests/tour.py finds them."""

    def walk(folder: Path) -> None:
        (folder / "tour.json").write_text(demo_home.python("from tests import tour\ntour.main()"), encoding="utf-8")

    return dict(json.loads((once(shared_folder / "tour", walk) / "tour.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def demo(demo_home: Home) -> str:
    """The address of the demo company's server."""
    port = free_port()
    demo_home.serve(port)
    return f"http://localhost:{port}"


@pytest.fixture
def reader(demo: str, tour: dict[str, Any], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """`reader("manager", look)` gives a page signed in as that role; "" is nobody.

    `page.become(role)` signs another in; `page.elsewhere` collects requests to any other host than ours.
    """

    def make(role: str, look: Look) -> Any:
        page = open_page(base_url=demo, **look.options)

        def become(role: str) -> None:
            page.context.clear_cookies(name="pace_session")
            if role:
                page.context.add_cookies([{"name": "pace_session", "value": tour["sessions"][role], "url": demo}])

        page.become = become
        become(role)
        page.elsewhere = []
        page.on(
            "request",
            lambda request: (
                urlsplit(request.url).hostname not in {"localhost", None} and page.elsewhere.append(request.url)
            ),
        )
        return page

    return make
