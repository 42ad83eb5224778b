"""Pace by hand on the calendar of 2025, the exact limits of a status, and what is never prorated."""

from datetime import date, timedelta
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import calendars
from pacesetter.metrics import pace as spine
from pacesetter.metrics.pace import Target, counted_until, curve_of, pace, status_of

WEIGHT = calendars.weights(calendars.build(date(2025, 1, 1), date(2026, 1, 1)))
# October 2025: the holiday takes the 1st to the 8th, the 11th is made up for: 18 working days
OCTOBER = (date(2025, 10, 1), date(2025, 11, 1))
MONTH = Target(900_000, *OCTOBER, unit="minor")


def test_expected_and_required_by_hand():
    """Up to 21 October 10 of 18 days have passed: 900,000 × 10 ÷ 18 = 500,000. 475,000 is 95 %: 8 days for the rest."""
    found = pace(MONTH, (475_000, None), WEIGHT, date(2025, 10, 22))
    assert (found.days_passed, found.days_left, found.passed, found.whole) == (10, 8, 10, 18)
    assert (found.expected, found.score, found.status) == (500_000, F(95, 100), "on_pace")
    assert found.required_per_day == F(425_000, 8)
    assert (found.gap, found.ahead_by) == (425_000, -25_000)
    assert found.attainment == (475_000, 900_000)
    assert (found.state, found.basis, found.note, found.periods) == ("running", "working_days", "", 0)


def test_a_make_up_saturday_counts():
    before = pace(MONTH, (0, None), WEIGHT, date(2025, 10, 11))
    after = pace(MONTH, (0, None), WEIGHT, date(2025, 10, 12))
    assert (before.days_passed, after.days_passed) == (2, 3)


def test_the_morning_counts_until_the_end_of_yesterday():
    """So nobody is behind at 08:30."""
    today = date(2025, 10, 22)
    assert counted_until(today, morning=True) == today
    assert counted_until(today, morning=False) == date(2025, 10, 23)
    morning = pace(MONTH, (500_000, None), WEIGHT, counted_until(today, morning=True))
    evening = pace(MONTH, (500_000, None), WEIGHT, counted_until(today, morning=False))
    assert (morning.status, morning.score) == ("on_pace", 1)
    assert evening.expected == 550_000
    assert evening.status == "watch"


@pytest.mark.parametrize(
    ("score", "status"),
    [
        (F(105, 100), "ahead"), (F(105, 100) - F(1, 10**12), "on_pace"),
        (F(95, 100), "on_pace"), (F(95, 100) - F(1, 10**12), "watch"),
        (F(85, 100), "watch"), (F(85, 100) - F(1, 10**12), "behind"), (F(-1), "behind"), (F(3), "ahead"),
    ],
)  # fmt: skip
def test_the_limits_are_exact(score, status):
    assert status_of(score) == status


def test_the_limits_hold_to_a_cent_of_an_amount():
    at = date(2025, 10, 22)
    assert [pace(MONTH, (actual, None), WEIGHT, at).status for actual in
            (525_000, 524_999, 475_000, 474_999, 425_000, 424_999)] == [
        "ahead", "on_pace", "on_pace", "watch", "watch", "behind"]  # fmt: skip


def test_nothing_is_capped():
    found = pace(MONTH, (1_080_000, None), WEIGHT, OCTOBER[1])
    assert F(*found.attainment) == F(120, 100)
    assert (found.score, found.status, found.required_per_day) == (F(6, 5), "ahead", None)
    assert pace(MONTH, (1_080_000, None), WEIGHT, date(2025, 10, 22)).required_per_day == 0


def test_there_is_no_status_before_three_working_days():
    assert [pace(MONTH, (0, None), WEIGHT, day).reason for day in
            (date(2025, 10, 2), date(2025, 10, 10), date(2025, 10, 11), date(2025, 10, 12))] == [
        "early", "early", "early", ""]  # fmt: skip
    assert pace(MONTH, (0, None), WEIGHT, date(2025, 10, 12)).status == "behind"


def test_a_day_that_is_over_is_judged_though_it_was_short():
    """The control: the same goal has no status while it runs."""
    goal = Target(3, date(2025, 10, 22), date(2025, 10, 24))
    assert pace(goal, (1, None), WEIGHT, date(2025, 10, 23)).reason == "early"
    found = pace(goal, (3, None), WEIGHT, date(2025, 10, 24))
    assert (found.state, found.status, found.expected) == ("over", "on_pace", 3)


def test_before_it_begins_a_goal_only_says_what_a_day_needs():
    found = pace(MONTH, (0, None), WEIGHT, date(2025, 10, 1))
    assert (found.state, found.status, found.reason, found.expected) == ("future", "", "future", 0)
    assert found.required_per_day == 50_000


def test_a_period_without_a_working_day():
    goal = Target(10, date(2025, 10, 1), date(2025, 10, 5))
    running = pace(goal, (4, None), WEIGHT, date(2025, 10, 3))
    assert (running.expected, running.reason, running.required_per_day) == (None, "no_working_days", None)
    over = pace(goal, (4, None), WEIGHT, date(2025, 10, 6))
    assert (over.expected, over.status) == (10, "behind")


def test_a_rate_is_at_its_target_on_every_day():
    """Win rate 25 % wanted, 6 of 20: 30 %, 120 % of it, whatever day it is."""
    goal = Target(2_500, *OCTOBER, unit="ratio", prorated=False)
    found = pace(goal, (6, 20), WEIGHT, date(2025, 10, 15))
    assert (found.actual, found.expected, found.score, found.status) == (3_000, 2_500, F(6, 5), "ahead")
    assert found.attainment == (60_000, 50_000)
    assert (found.basis, found.required_per_day) == ("level", None)
    empty = pace(goal, (0, 0), WEIGHT, date(2025, 10, 15))
    assert (empty.actual, empty.status, empty.reason, empty.attainment, empty.gap) == (None, "", "no_cases", None, None)


def test_an_average_keeps_its_own_unit():
    goal = Target(10_000, *OCTOBER, unit="minor", prorated=False)
    assert pace(goal, (38_000, 4), WEIGHT, date(2025, 10, 15)).score == F(95, 100)


@pytest.mark.parametrize(
    ("actual", "status"), [(9, "ahead"), (19, "ahead"), (20, "on_pace"), (21, "on_pace"), (22, "watch"),
                           (23, "watch"), (24, "behind"), (0, "ahead")]
)  # fmt: skip
def test_where_less_is_better_the_limits_are_mirrored(actual, status):
    """36 complaints are allowed, 20 by now: 19 is 95 %, mirrored 105 %."""
    goal = Target(36, *OCTOBER, better="down")
    found = pace(goal, (actual, None), WEIGHT, date(2025, 10, 22))
    assert found.expected == 20
    assert found.status == status
    assert found.required_per_day is None


def test_a_goal_of_nothing():
    at = date(2025, 10, 22)
    none = Target(0, *OCTOBER, better="down")
    assert pace(none, (0, None), WEIGHT, at).status == "on_pace"
    assert pace(none, (1, None), WEIGHT, at).status == "behind"
    assert pace(Target(0, *OCTOBER), (5, None), WEIGHT, at).reason == "no_target"
    assert pace(Target(-5, *OCTOBER, better="down"), (5, None), WEIGHT, at).reason == "no_target"
    assert spine.attainment(none, (1, None)) is None


# --- the own curve ---
FLAT = [(1, 5)] * 4
# everything comes on the last of four days; a weekend's values count on Monday
LATE = [(1, 0), (1, 0), (1, 0), (0, 7), (1, 3)]


def test_a_curve_is_the_mean_share_by_working_day():
    curve = curve_of([FLAT, LATE, FLAT, LATE])
    assert curve.periods == 4
    assert [curve.at(F(place, 4)) for place in range(5)] == [0, F(1, 8), F(1, 4), F(3, 8), 1]
    # between two days the line is straight, outside it stays
    assert curve.at(F(7, 8)) == F(11, 16)
    assert (curve.at(F(-1)), curve.at(F(2))) == (0, 1)


def test_a_curve_of_four_periods_is_used_and_says_so():
    curve = curve_of([FLAT, LATE, FLAT, LATE])
    found = pace(MONTH, (225_000, None), WEIGHT, date(2025, 10, 21), curve)
    # nine of eighteen days: half of the time, a quarter of the value
    assert (found.basis, found.note, found.periods, found.passed, found.whole) == ("curve", "", 4, F(1, 4), 1)
    assert (found.expected, found.status) == (225_000, "on_pace")


def test_three_periods_are_too_few_and_the_note_says_so():
    found = pace(MONTH, (450_000, None), WEIGHT, date(2025, 10, 21), curve_of([FLAT, LATE, LATE]))
    assert (found.basis, found.note, found.periods, found.expected) == ("working_days", "too_few_periods", 3, 450_000)


def test_before_a_late_curve_expects_anything_nothing_is_behind():
    curve = curve_of([[(1, 0), (1, 0), (1, 0), (1, 9)]] * 4)
    nothing = pace(MONTH, (0, None), WEIGHT, date(2025, 10, 14), curve)
    assert (nothing.expected, nothing.score, nothing.status) == (0, None, "on_pace")
    assert pace(MONTH, (1, None), WEIGHT, date(2025, 10, 14), curve).status == "ahead"
    assert pace(MONTH, (-1, None), WEIGHT, date(2025, 10, 14), curve).status == "behind"


def test_periods_that_say_nothing_are_left_out():
    assert curve_of([[(0, 5)], [(1, 0)], [(1, -5)], []]).periods == 0
    assert curve_of([[(1, -5), (1, 5)]]).at(F(1, 2)) == 0
    assert curve_of([[(1, 4), (0, 4)]]).at(F(1)) == 1


days = st.lists(st.tuples(st.integers(0, 2), st.integers(-50, 10**6)), min_size=1, max_size=31)


@given(st.lists(days, max_size=6), st.fractions(0, 1), st.fractions(0, 1))
def test_a_curve_only_rises_from_nothing_to_all(past, one, other):
    curve = curve_of(past)
    if curve.periods:
        assert 0 <= curve.at(min(one, other)) <= curve.at(max(one, other)) <= 1
        assert curve.at(F(1)) == 1


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 31))
def test_whoever_does_what_a_day_requires_arrives_exactly(target, actual, offset):
    found = pace(Target(target, *OCTOBER), (actual, None), WEIGHT, date.fromordinal(OCTOBER[0].toordinal() + offset))
    if found.required_per_day is not None:
        assert actual + found.required_per_day * found.days_left == max(target, actual)
    assert found.expected == F(target * found.days_passed, 18) or found.state == "over"


def test_a_calendar_that_does_not_reach_is_no_guess():
    with pytest.raises(calendars.CalendarError):
        pace(Target(1, date(2025, 12, 1), date(2026, 2, 1)), (0, None), WEIGHT, date(2025, 12, 9))


def test_a_goal_set_by_months_weighs_each_month_by_its_own_value():
    """January 100 over, February 60 half over (10 of 20 days), March 40 to come: 100 + 30 of 200."""
    weight = {day: int(day.weekday() < 5) for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(90))}
    jan, feb, mar, apr = (date(2026, month, 1) for month in (1, 2, 3, 4))
    target = Target(200, jan, apr, parts=((jan, feb, 100), (feb, mar, 60), (mar, apr, 40)))
    found = pace(target, (120, None), weight, date(2026, 2, 14))
    assert (found.basis, found.passed, found.whole) == ("months", 130, 200)
    assert found.expected == 130
    assert found.status == "watch"
