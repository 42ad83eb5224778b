"""Rows and columns that add up after rounding, and the limits of what can be moved."""

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.goals.rules import rounding
from pacesetter.lib import shares


def test_units_and_the_odd_rest_by_hand():
    """10,250 by 3 : 2 : 2 in hundreds: 102 units → 44, 29, 29 (remainders .71, .14, .14), and 50 to the largest."""
    assert rounding.in_units(10_250, [3, 2, 2], 100) == [4_450, 2_900, 2_900]
    assert rounding.in_units(70, [3, 2, 2], 100) == [70, 0, 0]
    assert rounding.in_units(7, [1, 1, 1]) == [3, 2, 2]


@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**6), min_size=1, max_size=9).filter(any),
       st.sampled_from([1, 7, 100, 1_000, 100_000]))  # fmt: skip
def test_units_add_up_and_only_the_largest_part_is_odd(total, weights, unit):
    parts = rounding.in_units(total, weights, unit)
    assert sum(parts) == total
    assert min(parts) >= 0
    assert len([part for part in parts if part % unit]) <= 1
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - F(total * weight, sum(weights))) < 2 * unit


@pytest.mark.parametrize(("total", "unit"), [(-1, 1), (5, 0)])
def test_units_of_nothing_are_refused(total, unit):
    with pytest.raises(ValueError, match="units"):
        rounding.in_units(total, [1], unit)


def test_a_table_by_hand():
    """Three people, two months of 10 and 1: rows 11/3 each, so the first two get 4 and the third 3."""
    exact = [[F(10, 3), F(1, 3)]] * 3
    found = rounding.round_table(exact)
    assert [sum(row) for row in found] == [4, 4, 3]
    assert [sum(column) for column in zip(*found, strict=True)] == [10, 1]


def neighbour(value, exact):
    return exact - 1 < value < exact + 1


@st.composite
def tables(draw):
    columns = draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
    rows = draw(st.integers(1, 8))
    exact = [[F(0)] * len(columns) for _ in range(rows)]
    for place, total in enumerate(columns):
        weights = draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows).filter(any))
        for row, weight in enumerate(weights):
            exact[row][place] = F(total * weight, sum(weights))
    return exact, columns


@settings(max_examples=150)
@given(tables())
def test_every_cell_and_row_is_a_neighbour_and_every_column_is_kept(case):
    exact, columns = case
    found = rounding.round_table(exact)
    assert [sum(column) for column in zip(*found, strict=True)] == columns
    for row, wanted in zip(found, exact, strict=True):
        assert neighbour(sum(row), sum(wanted))
        assert all(neighbour(cell, want) for cell, want in zip(row, wanted, strict=True))
    assert found == rounding.round_table(exact)


@settings(max_examples=100)
@given(st.lists(st.integers(0, 10**5), min_size=1, max_size=12), st.lists(st.integers(1, 50), min_size=1, max_size=9))
def test_where_everybody_is_there_all_the_time_rows_go_by_largest_remainder(columns, weights):
    exact = [[F(total * weight, sum(weights)) for total in columns] for weight in weights]
    sums = sorted(sum(row) for row in rounding.round_table(exact))
    assert sums == sorted(shares.by_weights(sum(columns), weights))


def test_a_large_table_is_rounded_as_well():
    weights = [place % 17 + 1 for place in range(150)]
    columns = [100_000 + 7 * month for month in range(12)]
    exact = [[F(total * weight * (1 + (weight + month) % 3), sum(w * (1 + (w + month) % 3) for w in weights))
              for month, total in enumerate(columns)] for weight in weights]  # fmt: skip
    found = rounding.round_table(exact)
    assert [sum(column) for column in zip(*found, strict=True)] == columns
    assert all(neighbour(sum(row), sum(want)) for row, want in zip(found, exact, strict=True))


def test_a_column_that_is_no_whole_number_is_refused():
    with pytest.raises(ValueError, match="whole"):
        rounding.round_table([[F(1, 2)], [F(1, 3)]])
    assert rounding.round_table([]) == []


def test_balance_moves_inside_rows_only():
    """The second may not stand in the first column, so the first moves over for it."""
    may = [[True, True], [False, True]]
    assert rounding.balance([[5, 5], [0, 10]], [8, 12], may) == [[8, 2], [0, 10]]


def test_balance_goes_through_others():
    """First column 4 too much, third 4 short; only a way through the second column leads there."""
    may = [[True, True, False], [False, True, True]]
    assert rounding.balance([[9, 0, 0], [0, 4, 1]], [5, 4, 5], may) == [[5, 4, 0], [0, 0, 5]]


@pytest.mark.parametrize(
    ("table", "columns", "over"), [([[3, 0], [0, 3]], [2, 4], (1, -1)), ([[2, 2]], [2, 3], (0, -1))]
)
def test_what_cannot_be_balanced_says_where(table, columns, over):
    with pytest.raises(rounding.Unbalanced) as refused:
        rounding.balance(table, columns, [[place == row for place in range(2)] for row in range(len(table))])
    assert refused.value.over == over


@st.composite
def solvable(draw):
    """A table that fits, and the same row sums put elsewhere in the allowed cells."""
    rows, width = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    may = [draw(st.lists(st.booleans(), min_size=width, max_size=width).filter(any)) for _ in range(rows)]
    fits, start = [], []
    for row in may:
        cells = [draw(st.integers(0, 1000)) if allowed else 0 for allowed in row]
        fits.append(cells)
        put = [place for place, allowed in enumerate(row) if allowed]
        moved = [0] * width
        moved[draw(st.sampled_from(put))] = sum(cells)
        start.append(moved)
    return start, [sum(column) for column in zip(*fits, strict=True)], may


@settings(max_examples=150)
@given(solvable())
def test_whatever_can_be_balanced_is(case):
    start, columns, may = case
    found = rounding.balance(start, columns, may)
    assert [sum(column) for column in zip(*found, strict=True)] == columns
    assert [sum(row) for row in found] == [sum(row) for row in start]
    for row, allowed in zip(found, may, strict=True):
        assert all(cell >= 0 and (ok or cell == 0) for cell, ok in zip(row, allowed, strict=True))
