"""Targets of people who were not there all the time, by hand; what is never prorated; that nothing is lost."""

from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import presence
from pacesetter.goals.rules.proration import Kind, ProrationError, parts_of, prorate
from pacesetter.lib import calendars

AMOUNT = Kind()


def test_ten_of_twenty_two_days_away():
    """100,000.00 × 12 ÷ 22 = 54,545.45."""
    found = prorate([10_000_000], 12, 22, AMOUNT)
    assert (found.lines, found.before, found.own_days, found.days, found.why) == (
        (5_454_545,), (10_000_000,), 12, 22, "prorated")  # fmt: skip
    assert found.has_goal


def test_every_line_is_prorated_alike_and_a_half_goes_up():
    assert prorate([5, 10, None, 15], 1, 2, AMOUNT).lines == (3, 5, None, 8)
    assert prorate([1_234_567], 1, 3, AMOUNT, unit=100_000).lines == (400_000,)
    # 160 × 21 ÷ 22 = 152.7 would be 200 in hundreds
    assert prorate([160], 21, 22, AMOUNT, unit=100).lines == (160,)


def test_somebody_away_all_the_time_has_no_goal_rather_than_nothing_reached():
    found = prorate([100, 120], 0, 22, AMOUNT)
    assert (found.lines, found.why, found.has_goal) == ((None, None), "absent", False)


@pytest.mark.parametrize(
    ("own", "days", "kind", "why"),
    [
        (12, 22, Kind(switch=False), "switched_off"),
        (0, 22, Kind(switch=False), "switched_off"),
        (12, 22, Kind(better="down"), "less_is_better"),
        (12, 22, Kind(is_sum=False), "level"),
        (22, 22, AMOUNT, "full"),
        (0, 0, AMOUNT, "no_working_days"),
    ],
)
def test_what_stands_as_it_was_says_why(own, days, kind, why):
    found = prorate([100, 120], own, days, kind)
    assert (found.lines, found.why, found.has_goal) == ((100, 120), why, True)


@pytest.mark.parametrize("kind", [Kind(better="down"), Kind(is_sum=False)])
def test_away_all_the_time_is_no_goal_for_a_level_either(kind):
    assert not prorate([100], 0, 22, kind).has_goal


def test_a_late_joiner_by_the_calendar():
    """Hired on 20 October 2025: 10 of the 18 working days of that month."""
    weight = calendars.weights(calendars.build(date(2025, 10, 1), date(2025, 11, 1)))
    stay = presence.Stay(date(2025, 10, 20), date(2025, 11, 1))
    part = presence.parts([(date(2025, 10, 1), date(2025, 11, 1))], weight, [stay])[0]
    assert prorate([90_000], part.own_days, part.days, AMOUNT).lines == (50_000,)


def test_a_transfer_in_the_middle_by_hand():
    """100 over 7 and 15 of 22 days: 31.8 and 68.2; a person there for 7 + 8 of 22 has 68 in all."""
    assert parts_of(100, [7, 15], 22) == (32, 68)
    assert parts_of(100, [7, 8], 22) == (32, 36)
    assert parts_of(1_050, [7, 15], 22, unit=100) == (300, 750)


@given(st.integers(0, 10**13), st.lists(st.integers(0, 25), min_size=1, max_size=5).filter(any), st.integers(0, 9),
       st.sampled_from([1, 100, 100_000]))  # fmt: skip
def test_the_parts_of_a_transfer_sum_to_what_all_its_days_are_worth(value, own_days, away, unit):
    days = sum(own_days) + away
    found = parts_of(value, own_days, days, unit=unit)
    whole = prorate([value], sum(own_days), days, AMOUNT, unit=unit).lines[0]
    assert sum(found) == whole
    for part, own in zip(found, own_days, strict=True):
        assert abs(part - F(value * own, days)) < 2 * unit


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=4), st.integers(1, 20), st.integers(0, 20),
       st.sampled_from([1, 1000]))  # fmt: skip
def test_the_order_of_the_lines_is_kept(lines, own, away, unit):
    ordered = sorted(lines)
    after = prorate(ordered, own, own + away, AMOUNT, unit=unit).lines
    assert list(after) == sorted(after)
    assert all(value <= before for value, before in zip(after, ordered, strict=True))


@pytest.mark.parametrize("wrong", [
    lambda: prorate([1], 3, 2, AMOUNT), lambda: prorate([1], -1, 2, AMOUNT), lambda: prorate([1], 1, 2, AMOUNT, unit=0),
    lambda: parts_of(1, [3], 2), lambda: parts_of(1, [0], 2), lambda: parts_of(1, [3, -1], 2),
    lambda: parts_of(1, [], 2),
])  # fmt: skip
def test_impossible_days_are_refused(wrong):
    with pytest.raises(ProrationError):
        wrong()
