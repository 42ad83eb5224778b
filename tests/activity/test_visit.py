"""When a visit counts: each condition alone, the version of the day, and what stays unverified."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pacesetter.activity.rules import Rule, Visit, judge_visit, rule_of

DAY = date(2026, 3, 16)
NOON = datetime(2026, 3, 16, 4, tzinfo=UTC)
GOOD = Visit(DAY, NOON + timedelta(hours=1), NOON, True, "有意向", "送方案", DAY + timedelta(days=2), 30)
RULE = Rule(date(2026, 1, 1), min_minutes=15, entry_hours=24, duplicate_days=3)


def test_a_visit_that_meets_everything_is_valid():
    verdict = judge_visit(GOOD, RULE)
    assert (verdict.state, verdict.failed, verdict.effective) == ("valid", (), True)


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"contact": False}, "contact"),
        ({"result": "没见到"}, "contact"),
        ({"result": ""}, "result"),
        ({"next_step": ""}, "next_step"),
        ({"next_on": None}, "next_step"),
        ({"next_on": DAY - timedelta(days=1)}, "next_step"),
        ({"minutes": 14}, "minutes"),
        ({"entered_at": NOON + timedelta(hours=24, seconds=1)}, "entry_window"),
        ({"other_days": (DAY - timedelta(days=2),)}, "duplicate"),
        ({"other_days": (DAY,)}, "duplicate"),
    ],
)
def test_each_condition_alone_makes_it_not_effective(change: dict, failed: str):
    verdict = judge_visit(replace(GOOD, **change), RULE)
    assert verdict.state == "not_effective"
    assert verdict.failed == (failed,)
    assert not verdict.effective


@pytest.mark.parametrize(
    "change",
    [{"minutes": 15}, {"entered_at": NOON + timedelta(hours=24)}, {"other_days": (DAY - timedelta(days=3),)},
     {"next_on": DAY}],
)  # fmt: skip
def test_the_limits_themselves_still_count(change: dict):
    assert judge_visit(replace(GOOD, **change), RULE).effective


def test_unknown_minutes_leave_it_unverified():
    verdict = judge_visit(replace(GOOD, minutes=None), RULE)
    assert (verdict.state, verdict.failed, verdict.effective) == ("unverified", ("minutes",), False)


def test_a_visit_known_by_its_day_ends_with_the_day():
    visit = replace(GOOD, ended_at=None, entered_at=datetime(2026, 3, 17, 23, tzinfo=UTC))
    assert judge_visit(visit, RULE).effective
    assert judge_visit(replace(visit, entered_at=datetime(2026, 3, 18, 1, tzinfo=UTC)), RULE).late


def test_switched_off_conditions_do_not_judge():
    bare = Visit(DAY, NOON)
    assert judge_visit(bare, Rule(DAY, contact=False, result=False, next_step=False)).state == "valid"


def test_the_version_of_the_day_judges():
    old, new = Rule(date(2026, 1, 1)), Rule(date(2026, 3, 16), min_minutes=15)
    assert rule_of(date(2026, 3, 15), [new, old]) is old
    assert rule_of(date(2026, 3, 16), [new, old]) is new
    assert rule_of(date(2025, 1, 1), [new, old]).min_minutes == 0


def test_a_visit_that_waits_for_the_manager_is_unverified_though_it_is_late():
    late = replace(GOOD, entered_at=NOON + timedelta(days=6))
    assert judge_visit(late, RULE).state == "not_effective", "without asking the manager the window holds"
    asked = judge_visit(replace(late, backdated=True), RULE)
    assert (asked.state, asked.failed, asked.late) == ("unverified", ("backdated", "entry_window"), True)
    lacking = judge_visit(replace(late, backdated=True, next_step=""), RULE)
    assert (lacking.state, lacking.failed[0]) == ("not_effective", "next_step")
