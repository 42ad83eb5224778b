"""Parts that add up to the whole, to the unit."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import shares

weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


@given(st.integers(-(10**15), 10**15), weights)
def test_the_parts_add_up_and_none_is_a_unit_off(total, given_weights):
    parts = shares.by_weights(total, given_weights)
    assert sum(parts) == total
    whole = sum(given_weights)
    for part, weight in zip(parts, given_weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 1


@given(st.integers(0, 10**12), weights)
def test_a_refund_splits_like_the_deal_with_the_sign_turned(total, given_weights):
    assert shares.by_weights(-total, given_weights) == [-part for part in shares.by_weights(total, given_weights)]


@given(st.integers(0, 10**6), st.integers(1, 12))
def test_equal_shares_differ_by_one_at_most_and_the_first_get_it(total, count):
    parts = shares.split(total, [Fraction(1, count)] * count)
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts, reverse=True)


def test_a_cent_is_never_lost():
    assert shares.split(100, [Fraction(1, 3)] * 3) == [34, 33, 33]
    assert shares.split(-100, [Fraction(1, 3)] * 3) == [-34, -33, -33]
    assert shares.split(5, shares.from_percents([60, 40])) == [3, 2]


@pytest.mark.parametrize(
    "bad",
    [[], [Fraction(1, 2)], [Fraction(3, 2), Fraction(-1, 2)], [Fraction(33, 100)] * 3, [Fraction(1), Fraction(1)]],
)
def test_shares_that_are_not_a_whole_are_refused(bad):
    with pytest.raises(shares.ShareError):
        shares.split(100, bad)


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1, 2]])
def test_weights_that_weigh_nothing_are_refused(bad):
    with pytest.raises(shares.ShareError):
        shares.by_weights(100, bad)


def test_a_zero_share_gets_nothing():
    assert shares.by_weights(7, [0, 1]) == [0, 7]
