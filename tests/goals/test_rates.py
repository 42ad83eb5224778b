"""A rate of few cases is drawn to the team's by hand, and its range is never too narrow."""

from fractions import Fraction as F

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pacesetter.goals.rules import rates
from pacesetter.goals.rules.rates import Seen, mean, root, share
from pacesetter.lib import wilson


def test_own_cases_and_the_team_by_hand():
    """12 of 40 beside a team of 60 of 240: (12 + 30 × 25 %) ÷ 70 = 19.5 ÷ 70."""
    used = share(Seen(12, 40), Seen(60, 240))
    assert (used.value, used.prior, used.basis, used.kind) == (F(39, 140), 30, "own_and_team", "share")
    assert used.low < used.value < used.high
    assert share(Seen(12, 40), Seen(60, 240), prior=0).value == F(12, 40)


def test_somebody_without_a_case_has_the_teams_rate():
    used = share(Seen(0, 0), Seen(60, 240))
    assert (used.value, used.basis, used.prior) == (F(1, 4), "team", 30)
    assert share(Seen(0, 0), Seen(60, 240), prior=0).value == F(1, 4)


def test_a_team_of_few_cases_counts_for_no_more_than_them():
    used = share(Seen(0, 0), Seen(1, 4))
    assert (used.value, used.prior) == (F(1, 4), 4)
    wide, narrow = used.high - used.low, share(Seen(0, 0), Seen(10, 40))
    assert wide > narrow.high - narrow.low


def test_where_nobody_has_a_case_there_is_no_rate():
    used = share(Seen(0, 0), Seen(0, 0))
    assert (used.value, used.low, used.high, used.basis) == (None, None, None, "none")
    assert mean(Seen(0, 0), Seen(0, 0)).value is None
    assert Seen(0, 0).rate is None


def test_only_own_cases():
    used = share(Seen(3, 4), Seen(0, 0))
    assert (used.value, used.basis, used.prior) == (F(3, 4), "own", 0)


def test_a_mean_by_hand():
    """9 visits on 2 prospects, the team 120 on 40: (9 + 30 × 3) ÷ 32; e = z ÷ √(value × 32) = z ÷ √99."""
    used = mean(Seen(9, 2), Seen(120, 40))
    assert used.value == F(99, 32)
    assert used.high / used.value == 1 + rates.Z * root(F(1, 99))
    assert used.value / used.low == used.high / used.value


def test_the_range_of_an_amount_comes_from_how_far_amounts_lie_apart():
    """Four orders of 10 and four of 30: mean 20, variance (4 × 100 + 4 × 900 − 160² ÷ 8) ÷ 7 = 800 ÷ 7."""
    team = Seen(160, 8, 4 * 100 + 4 * 900)
    used = mean(Seen(0, 0), team)
    assert used.value == 20
    assert used.high / used.value == 1 + rates.Z * root(F(800, 7) / (400 * 8))
    even = mean(Seen(0, 0), Seen(160, 8, 8 * 400))
    assert (even.low, even.high) == (20, 20)
    assert mean(Seen(160, 8, 4 * 100 + 4 * 900), Seen(0, 0)).high == used.high


def test_a_mean_of_nothing_is_nothing():
    assert mean(Seen(0, 5), Seen(0, 9)).value == 0
    assert mean(Seen(0, 0), Seen(8, 4), prior=0).value == 2


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_that_of_the_one_wilson(case):
    top, bottom = case
    low, high = rates.wilson(F(top, bottom), F(bottom), F(wilson.Z))
    expected = wilson.interval(top, bottom)
    assert abs(low - F(expected[0])) < F(1, 10**9)
    assert abs(high - F(expected[1])) < F(1, 10**9)


@given(st.fractions(0, 10**6))
def test_a_root_is_rounded_up_and_close(value):
    assert root(value) ** 2 >= value
    assert root(value) - F(1, 10**12) <= root(value)
    assert (max(root(value) - F(1, 10**12), F(0))) ** 2 <= value


seen = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(seen, seen)
def test_a_share_lies_between_own_and_team_and_inside_its_range(own, rest):
    team = Seen(own[0] + rest[0], own[1] + rest[1])
    assume(team.bottom)
    used = share(Seen(*own), team)
    assert used.low <= used.value <= used.high
    edges = [rate for rate in (Seen(*own).rate, team.rate) if rate is not None]
    assert min(edges) <= used.value <= max(edges)


@given(seen, seen)
def test_one_more_success_never_lowers_a_share(own, rest):
    assume(own[0] < own[1])
    team = Seen(own[0] + rest[0], own[1] + rest[1])
    better = share(Seen(own[0] + 1, own[1]), Seen(team.top + 1, team.bottom))
    assert better.value > share(Seen(*own), team).value


@pytest.mark.parametrize(
    "wrong",
    [lambda: Seen(-1, 2), lambda: share(Seen(3, 2), Seen(9, 9)), lambda: share(Seen(1, 2), Seen(9, 9), prior=-1)],
)
def test_what_is_no_rate_is_refused(wrong):
    with pytest.raises(ValueError, match=r"rate|succeeded|prior"):
        wrong()
