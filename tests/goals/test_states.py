"""Where a version stands and which one is to be reached."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import rules
from pacesetter.goals.rules import Stood


def stood(number: int, *events: str, valid_from: date = date(2026, 1, 1)) -> Stood:
    return Stood(number, valid_from, events)


def test_a_signature_is_no_place_on_the_road():
    assert rules.status(["drafted", "published", "accepted"]) == "published"
    assert rules.status([]) == ""


@pytest.mark.parametrize(
    ("now", "then", "may"),
    [
        ("drafted", "published", True), ("submitted", "returned", True), ("returned", "published", False),
        ("published", "locked", True), ("locked", "withdrawn", False), ("locked", "superseded", True),
        ("superseded", "published", False), ("withdrawn", "submitted", False), ("achieved", "withdrawn", False),
    ],
)  # fmt: skip
def test_what_may_follow(now: str, then: str, may: bool):
    assert rules.may_follow(now, then) is may


def test_the_version_in_force_is_the_newest_published_one_whose_day_has_come():
    first = stood(1, "drafted", "published", "superseded")
    second = stood(2, "drafted", "published", valid_from=date(2026, 2, 10))
    draft = stood(3, "drafted", valid_from=date(2026, 2, 20))
    versions = [first, second, draft]
    assert rules.in_force(versions) is second
    assert rules.in_force(versions, date(2026, 2, 9)) is first
    assert rules.in_force(versions, date(2026, 2, 10)) is second
    assert rules.open_draft(versions) is draft


def test_before_its_own_day_the_first_version_is_the_one():
    only = stood(1, "drafted", "published", valid_from=date(2026, 1, 5))
    assert rules.in_force([only], date(2026, 1, 1)) is only


def test_a_published_version_taken_back_gives_way_to_the_one_before():
    first = stood(1, "drafted", "published", "superseded")
    second = stood(2, "drafted", "published", "withdrawn")
    assert rules.in_force([first, second]) is first
    assert rules.in_force([stood(1, "drafted", "withdrawn")]) is None


@pytest.mark.parametrize(
    ("actual", "target", "ratio", "better", "said"),
    [
        ((100, None), 100, False, "up", "achieved"), ((99, None), 100, False, "up", "missed"),
        ((100, None), 100, False, "down", "achieved"), ((101, None), 100, False, "down", "missed"),
        ((1, 4), 2500, True, "up", "achieved"), ((1, 5), 2500, True, "up", "missed"),
        ((0, 0), 2500, True, "up", "expired"),
        (None, 100, False, "up", "expired"),
    ],
)  # fmt: skip
def test_the_verdict_at_the_boundary(actual, target, ratio, better, said):
    assert rules.verdict(actual, target, ratio=ratio, better=better) == said


def test_lines_rise_and_fall_where_lower_is_better():
    assert rules.lines_in_order([80, 100, None, 120])
    assert not rules.lines_in_order([110, 100, None, 120])
    assert rules.lines_in_order([120, 100, None, 80], better="down")
