"""Tests that share a costly fixture go to one worker, and those that share none may go to any."""

from __future__ import annotations

import pytest

from tests.spread import piece

RACES, KILLS = "tests/reliability/test_races.py::test_a", "tests/reliability/test_kill_server.py::test_b"
REAL, ENGINE = "tests/imports/test_real_sets.py::Test", "tests/metrics/test_engine.py::test_"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{RACES}[sqlite]", f"{KILLS}[sqlite-3]"),
        (f"{REAL}One::test_a", f"{REAL}One::test_b[x-y]"),
        (f"{ENGINE}a[won_amount]", f"{ENGINE}b[won_amount]"),
        ("tests/lib/test_money.py::test_a", "tests/lib/test_money.py::test_b[1]"),
    ],
)
def test_these_go_together(one: str, other: str) -> None:
    assert piece(one) == piece(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{RACES}[sqlite]", f"{RACES}[postgresql]"),
        (f"{REAL}One::test_a", f"{REAL}Two::test_a"),
        (f"{ENGINE}a[won_amount]", f"{ENGINE}a[deals_won]"),
        ("tests/matrix/test_matrix.py::test_a[x]", "tests/matrix/test_matrix.py::test_a[y]"),
        ("tests/lib/test_money.py::test_a", "tests/lib/test_shares.py::test_a"),
    ],
)
def test_these_go_apart(one: str, other: str) -> None:
    assert piece(one) != piece(other)
