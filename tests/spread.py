"""How a run with several workers is spread: what shares costly fixtures to one worker, what takes long first.

A file is one piece of work. The tests of APART are a piece each; PARTS names what else a file falls into.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

APART = ("tests/matrix/test_matrix.py", "tests/browser/", "tests/api/")
PARTS = (
    # one company for each database
    (re.compile(r"tests/reliability/.*\[(sqlite|postgresql)"), "company of {}"),
    # one import for each class
    (re.compile(r"tests/imports/test_real_sets\.py::(\w+)"), "set {}"),
    # the worker that compiled a metric for one test has it for the other
    (re.compile(r"tests/metrics/test_engine\.py::.*\[([a-z_]+)\]$"), "metric {}"),
)
# One worker seeds the demo company and walks through it while another reads the sources, which needs no company, and
# then plays stories in companies of their own; nobody waits.
FIRST = (
    "tests/browser/test_every_page.py::test_no_link",
    "tests/house/",
    "tests/browser/",
    "tests/reliability/",
    "tests/worker/",
    "tests/imports/",
    "tests/matrix/",
    "tests/api/",
)


def piece(nodeid: str) -> str:
    """The piece of work a test belongs to."""
    for pattern, name in PARTS:
        found = pattern.match(nodeid)
        if found:
            return name.format(found[1])
    return nodeid if nodeid.startswith(APART) else nodeid.split("::")[0]


def rank(item: pytest.Item) -> tuple[int, bool]:
    """Its place in FIRST, and whether it needs the demo company, which one worker is still making."""
    place = next((place for place, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST))
    return place, "demo_home" in getattr(item, "fixturenames", ())


class LongestFirst:
    """After every other plugin had its say, and random within each rank."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> None:
        """pytest compiles every test module anew on a clean clone. The second worker begins at the end, and the two
        meet in the middle; what is wrong with a module is told when it is collected."""
        config = session.config
        if config.args_source is config.ArgsSource.TESTPATHS and os.environ["PYTEST_XDIST_WORKER"] == "gw1":
            for path in sorted(config.rootpath.glob("tests/**/test_*.py"), reverse=True):
                with suppress(Exception, pytest.skip.Exception):
                    import_module(".".join(path.relative_to(config.rootpath).with_suffix("").parts))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=rank)


class Spread(LoadScopeScheduling):
    """Pieces of work in their order, each to the worker that is free."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return piece(nodeid)
