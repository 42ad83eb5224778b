"""The two databases every metric must answer alike on."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.homes import server

from .ledger import Ledger


def _postgres() -> Any:
    import psycopg

    return psycopg.connect(server(), autocommit=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgresql)])
def new_ledger(request: pytest.FixtureRequest) -> Iterator[Callable[..., Ledger]]:
    """Makes an empty ledger on each database in turn."""
    opened = []

    def make(**settings: Any) -> Ledger:
        connection = sqlite3.connect(":memory:") if request.param == "sqlite" else _postgres()
        opened.append(connection)
        return Ledger(connection, request.param, **settings)

    yield make
    for connection in opened:
        connection.close()


@pytest.fixture
def ledger(new_ledger: Callable[..., Ledger]) -> Ledger:
    """An empty ledger with the calendar of 2026."""
    made = new_ledger()
    made.calendar("2025-12-29", "2027-01-04")
    return made
