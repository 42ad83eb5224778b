"""Who may speak, what months become of, what looking back says: over plain values."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals.rules import Matter, Said, awaited, late, looked_back, new_parts, seats_held, silenced

JAN, FEB, MAR, APR = (date(2026, m, 1) for m in (1, 2, 3, 4))
QUARTER = [(JAN, FEB, 30), (FEB, MAR, 30), (MAR, APR, 40)]
ME, ASKER, OWNER, ANALYST = 1, 2, 3, 4
OPEN = Matter(ASKER, frozenset({OWNER}))
ASSESSED = Matter(ASKER, frozenset({OWNER}), "", (Said("analyst", ANALYST),))


def director(matter: Matter, by: int = ME, seat: str = "director") -> str:
    return silenced(matter, seat, by, seats_held(["director"], {}))


def test_the_director_decides_once_the_analyst_has_assessed():
    assert director(OPEN) == "assessment"
    assert director(ASSESSED) == ""


@pytest.mark.parametrize(("by", "why"), [(ASKER, "self"), (OWNER, "self"), (ANALYST, "twice"), (ME, "")])
def test_nobody_speaks_about_their_own_nor_twice(by: int, why: str):
    assert director(ASSESSED, by) == why


def test_a_second_role_does_not_help():
    every = seats_held(["rep", "director", "analyst", "hrbp"], {})
    assert {silenced(OPEN, seat, OWNER, every) for seat in ("director", "analyst", "hrbp")} == {"self"}


def test_a_seat_is_held_by_role_or_as_a_delegate():
    assert seats_held(["rep"], {}) == {}
    assert seats_held(["hrbp"], {7: ["director"], 9: ["director", "rep"]}) == {"hrbp": (None,), "director": (7, 9)}
    assert seats_held(["director"], {7: ["director"]}) == {"director": (None, 7)}
    assert director(ASSESSED, seat="hrbp") == "role"
    assert director(ASSESSED, seat="chair") == "role"


def test_a_seat_speaks_once_and_not_after_the_end():
    taken = Matter(ASKER, frozenset(), "", (Said("director", 8),))
    assert director(taken) == "taken"
    assert director(Matter(ASKER, frozenset(), "withdrawn", ASSESSED.voices)) == "decided"


@pytest.mark.parametrize(
    ("today", "ended", "escalated", "is_late"),
    [(FEB, False, False, False), (date(2026, 2, 2), False, False, True), (date(2026, 2, 2), True, False, False),
     (date(2026, 2, 2), False, True, False)],
)  # fmt: skip
def test_late_is_the_day_after_the_last_one_and_told_once(today: date, ended: bool, escalated: bool, is_late: bool):
    assert late(FEB, today, ended=ended, escalated=escalated) == is_late


@pytest.mark.parametrize(
    ("target", "valid_from", "months"),
    [
        (100, MAR, [30, 30, 40]),
        (90, MAR, [30, 30, 30]),
        (90, FEB, [30, 26, 34]),
        (90, JAN, [27, 27, 36]),
        (90, date(2026, 2, 15), [30, 26, 34]),  # February is not over, its share may still change
        (60, MAR, [30, 30, 0]),
        (59, MAR, [18, 18, 23]),  # the past months hold more already: all are spread anew
        (50, APR, [15, 15, 20]),
    ],
)
def test_months_that_are_over_keep_their_share(target: int, valid_from: date, months: list[int]):
    found = new_parts(QUARTER, target, valid_from)
    assert sum(found) == target
    assert found == months


def test_months_without_any_share_get_equal_ones():
    assert new_parts([(JAN, FEB, 60), (FEB, MAR, 0), (MAR, APR, 0)], 61, FEB) == [60, 1, 0]
    assert new_parts([], 10, FEB) == []


@pytest.mark.parametrize(
    ("actual", "before", "after", "better", "verdict"),
    [
        (100, 100, 80, "up", "needless"),
        (99, 100, 80, "up", "held"),
        (80, 100, 80, "up", "held"),
        (79, 100, 80, "up", "short"),
        (120, 100, 120, "up", "held"),
        (119, 100, 120, "up", "short"),
        (None, 100, 80, "up", "unknown"),
        (20, 20, 30, "down", "needless"),
        (21, 20, 30, "down", "held"),
        (31, 20, 30, "down", "short"),
    ],
)
def test_looking_back_compares_with_both_lines(actual, before: int, after: int, better: str, verdict: str):
    assert looked_back(actual, before, after, better=better) == verdict


def test_the_analyst_is_awaited_before_the_director_and_nobody_after_the_end():
    """HRBP may be silent: its seat is never the one that holds it up."""
    assert awaited(Matter(1, frozenset())) == "analyst"
    assert awaited(Matter(1, frozenset(), voices=(Said("hrbp", 5),))) == "analyst"
    assert awaited(Matter(1, frozenset(), voices=(Said("analyst", 4),))) == "director"
    assert awaited(Matter(1, frozenset(), "withdrawn")) == ""
