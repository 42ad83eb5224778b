"""Goals of people who were not there all the time, by hand; what is never prorated; that nothing is lost."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import calendars
from pacesetter.metrics.pace import Target, pace
from pacesetter.metrics.proration import Kind, prorate

AMOUNT = Kind()
# March 2026: 22 working days; the first week (2–6 March) has 5 of them
MARCH = (date(2026, 3, 1), date(2026, 4, 1))
WEIGHT = calendars.weights(calendars.build(*MARCH))
WEEK = (date(2026, 3, 2), date(2026, 3, 7))
FOUR = (date(2026, 3, 2), date(2026, 3, 6))


def test_ten_of_twenty_two_days_away():
    """100,000.00 × 12 ÷ 22 = 54,545.45…: two weeks away."""
    found = prorate(10_000_000, (), WEIGHT, away=[(date(2026, 3, 9), date(2026, 3, 21))], kind=AMOUNT)
    assert (found.own_days, found.days, found.why, found.before) == (12, 22, "prorated", 10_000_000)
    assert found.value == F(120_000_000, 22)
    assert found.share == F(12, 22)


def test_four_of_twenty_two_leave_81_8_of_100():
    found = prorate(100, (), WEIGHT, away=[FOUR], kind=AMOUNT)
    assert (found.own_days, found.value) == (18, F(1800, 22))


def test_days_off_within_an_absence_cost_nothing_and_two_absences_add_up():
    weekend = prorate(100, (), WEIGHT, away=[(date(2026, 3, 7), date(2026, 3, 9))], kind=AMOUNT)
    assert (weekend.value, weekend.why, weekend.changed) == (100, "full", False)
    both = prorate(100, (), WEIGHT, away=[FOUR, (date(2026, 3, 5), date(2026, 3, 10))], kind=AMOUNT)
    assert both.own_days == 16  # the 2nd to the 6th and the 9th


def test_somebody_away_all_the_time_is_asked_for_nothing():
    found = prorate(100, (), WEIGHT, away=[MARCH], kind=AMOUNT)
    assert (found.value, found.why, found.changed) == (0, "absent", True)
    stands = pace(Target(found.value, *MARCH), (0, None), found.weight, date(2026, 3, 20))
    assert (stands.attainment, stands.reason, stands.status) == (None, "no_target", "")


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Kind(switch=False), "switched_off"), (Kind(better="down"), "less_is_better"), (Kind(is_sum=False), "level"),
        (AMOUNT, "prorated"),
    ],
)  # fmt: skip
def test_what_stands_as_it_was_says_why(kind, why):
    found = prorate(100, (), WEIGHT, away=[WEEK], kind=kind)
    assert (found.why, found.value == 100) == (why, why != "prorated")
    # what is not prorated counts by every day of the calendar
    assert (found.weight[date(2026, 3, 3)] == 1) == (why != "prorated")


def test_a_number_made_for_some_days_is_not_prorated_for_the_others_again():
    """A spread gave a newcomer of 16 March 60 for 12 days. Three days ill: 60 × 9 ÷ 12."""
    joined = (date(2026, 3, 1), date(2026, 3, 16))
    made = [(date(2026, 3, 16), date(2026, 4, 1))]
    whole = prorate(60, (), WEIGHT, made_for=made, away=[joined], kind=AMOUNT)
    assert (whole.value, whole.why, whole.days) == (60, "full", 12)
    ill = prorate(60, (), WEIGHT, made_for=made, away=[joined, (date(2026, 3, 18), date(2026, 3, 21))], kind=AMOUNT)
    assert (ill.value, ill.own_days, ill.days) == (45, 9, 12)
    # without the mark the same newcomer would be asked for 60 × 12 ÷ 22
    assert prorate(60, (), WEIGHT, away=[joined], kind=AMOUNT).value == F(720, 22)


def test_months_are_prorated_one_by_one():
    """30 for March, 40 for April (21 days): away on 4 days of March: 30 × 18 ÷ 22 + 40."""
    span = (date(2026, 3, 1), date(2026, 5, 1))
    weight = calendars.weights(calendars.build(*span))
    parts = [(*MARCH, 30), (date(2026, 4, 1), date(2026, 5, 1), 40)]
    found = prorate(70, parts, weight, away=[FOUR], kind=AMOUNT)
    assert found.value == F(30 * 18, 22) + 40
    assert [part for _a, _b, part in found.parts] == [F(540, 22), 40]


def test_expected_grows_on_the_days_somebody_is_there():
    """Away in the first week: nothing is due by its end; by 13 March 5 of the own 17 days have passed: 100 × 5 ÷ 22."""
    found = prorate(100, (), WEIGHT, away=[WEEK], kind=AMOUNT)
    target = Target(found.value, *MARCH)
    assert pace(target, (0, None), found.weight, date(2026, 3, 7)).expected == 0
    later = pace(target, (0, None), found.weight, date(2026, 3, 14))
    assert (later.expected, later.days_passed, later.days_left) == (F(500, 22), 5, 12)
    assert later.required_per_day == F(1700, 22) / 12
    assert later.attainment == (0, 1700 // 2)  # 0 of 1700/22 = 850/11


@given(st.integers(1, 10**12), st.sets(st.integers(0, 30), max_size=31))
def test_by_any_days_what_is_due_at_the_end_is_what_is_left(value, days):
    away = [(MARCH[0] + timedelta(days=n), MARCH[0] + timedelta(days=n + 1)) for n in days]
    found = prorate(value, (), WEIGHT, away=away, kind=AMOUNT)
    assert 0 <= found.value <= value
    own = sum(WEIGHT[MARCH[0] + timedelta(days=n)] for n in range(31) if n not in days)
    assert found.value == F(value * own, 22)
    over = pace(Target(found.value, *MARCH), (0, None), found.weight, MARCH[1])
    assert over.expected == found.value


@given(st.lists(st.tuples(st.integers(0, 31), st.integers(0, 31)), max_size=4))
def test_a_number_made_for_the_days_somebody_is_there_stands(pairs):
    away = [(MARCH[0] + timedelta(days=a), MARCH[0] + timedelta(days=b)) for a, b in pairs if a < b]
    there = [(day, day + timedelta(days=1)) for day in WEIGHT if not any(a <= day < b for a, b in away)]
    found = prorate(100, (), WEIGHT, made_for=there or [MARCH], away=away, kind=AMOUNT)
    assert found.value == (100 if there else 0)
