"""What is read of the sources leaves with the last test of the house."""

from collections.abc import Iterator

import pytest

from .source import nodes, package, parse


@pytest.fixture(scope="package", autouse=True)
def sources() -> Iterator[None]:
    """A hundred megabytes of syntax trees are kept no longer than they are needed."""
    yield
    for kept in (nodes, parse, package):
        kept.cache_clear()
