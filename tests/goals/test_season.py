"""A year on its months: the shares, where they come from, and that they add up."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import season


def test_every_past_year_counts_the_same():
    """A small year of 1 : 3 and a large one of 3 : 1 are an even season, not three quarters to one."""
    assert season.by_history([[10, 30], [3000, 1000]], [20, 22]) == season.Season((F(1, 2), F(1, 2)), "history", 2)


def test_a_month_of_returns_counts_as_nothing_and_an_empty_year_not_at_all():
    assert season.by_history([[-50, 100], [0, 0]], [20, 22]) == season.Season((F(0), F(1)), "history", 1)


def test_without_a_past_year_working_days_decide_and_says_so():
    assert season.by_history([], [20, 22]) == season.Season((F(20), F(22)), "working_days")
    assert season.by_working_days([0, 0]) == season.equal(2)
    assert season.to_months(84, season.by_working_days([20, 22])) == (40, 44)


def test_the_months_of_a_year_by_hand():
    """1,000,050 evenly on 12 months in hundreds: 10,000 units → 834 four times, 833 eight times, 50 to the first."""
    found = season.to_months(1_000_050, season.equal(12), unit=100)
    assert found == (83_450, *(83_400,) * 3, *(83_300,) * 8)


@given(st.integers(0, 10**13), st.lists(st.lists(st.integers(-100, 10**9), min_size=12, max_size=12), max_size=4),
       st.lists(st.integers(0, 27), min_size=12, max_size=12), st.sampled_from([1, 100, 100_000]))  # fmt: skip
def test_the_months_sum_to_the_year(value, years, days, unit):
    found = season.to_months(value, season.by_history(years, days), unit=unit)
    assert sum(found) == value
    assert min(found) >= 0


@pytest.mark.parametrize("wrong", [lambda: season.by_history([[1]], [1, 2]), lambda: season.by_working_days([-1, 3])])
def test_other_months_are_refused(wrong):
    with pytest.raises(ValueError, match="month"):
        wrong()


def test_months_set_by_hand_stay_and_the_rest_falls_on_the_others():
    """1,200 with 400 in the first of four months by hand: 800 on 1 : 1 : 2."""
    weights = season.Season((F(5), F(1), F(1), F(2)), "history")
    assert season.to_months(1200, weights, fixed={0: 400}) == (400, 200, 200, 400)
    assert season.to_months(1200, weights, unit=100, fixed={0: 350, 3: 0}) == (350, 450, 400, 0)
    assert season.to_months(10, weights, fixed={0: 10}) == (10, 0, 0, 0)
    nothing = season.Season((F(1), F(0), F(0)), "history")
    assert season.to_months(7, nothing, fixed={0: 3}) == (3, 2, 2)


@pytest.mark.parametrize(("fixed", "by"), [({0: 8, 1: 5}, 3), ({0: 5, 1: 4, 2: 0}, -1)])
def test_months_by_hand_that_cannot_be_the_value_are_refused(fixed, by):
    with pytest.raises(season.SetTooMuch) as refused:
        season.to_months(10, season.equal(3), fixed=fixed)
    assert refused.value.by == by
