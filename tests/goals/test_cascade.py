"""Σ of the goals below against the value and buffer above."""

from __future__ import annotations

from pacesetter.goals.rules import Node, balances, beyond, loops

YEAR, JAN = ("2026-01-01", "2027-01-01"), ("2026-01-01", "2026-02-01")
AMOUNT, VISITS = ("won_amount",), ("effective_visits",)


def node(goal: int, value: int, parent: int | None, *, sums=AMOUNT, period=YEAR, buffer: int = 0) -> Node:
    return Node(goal, value, buffer, parent, sums, period)


def test_children_and_buffer():
    found = balances([node(1, 1000, None, buffer=50), node(2, 600, 1), node(3, 450, 1)])
    assert found.keys() == {1}
    assert (found[1].below, found[1].count, found[1].difference) == (1050, 2, 0)


def test_another_metric_below_is_no_part_of_the_sum():
    assert balances([node(1, 1000, None), node(2, 40, 1, sums=VISITS)]) == {}


def test_people_of_the_year_are_summed_and_its_months_not_counted_twice():
    found = balances([node(1, 1000, None), node(2, 1000, 1), node(3, 100, 1, period=JAN)])
    assert found[1].below == 1000


def test_the_tolerance_is_the_last_difference_allowed():
    short = balances([node(1, 10_000, None), node(2, 9_950, 1)])[1]
    assert short.difference == -50
    assert not beyond(short, 50)
    assert beyond(short, 49)


def test_a_goal_that_serves_itself():
    assert loops({1: 2, 2: 3, 3: 1}, 1)
    assert not loops({1: 2, 2: None}, 1)


RATE = ("win_rate",)


def rate(goal: int, value: int, parent: int | None, planned: int | None = None, *, buffer: int = 0) -> Node:
    return Node(goal, value, buffer, parent, RATE, YEAR, "rate", goal, planned)


def test_rates_roll_up_from_their_planned_bottoms():
    """25 % of 300 and 40 % of 100 are 115 of 400: 28.75 %."""
    found = balances([rate(1, 2_875, None), rate(2, 2_500, 1, 300), rate(3, 4_000, 1, 100)])[1]
    assert (found.below, found.known, found.difference) == (2_875, True, 0)


def test_two_equal_rates_do_not_double():
    found = balances([rate(1, 2_500, None), rate(2, 2_500, 1, 10), rate(3, 2_500, 1, 90)])[1]
    assert (found.below, found.difference) == (2_500, 0)


def test_rates_without_planned_bottoms_are_not_known_and_off_by_nothing():
    found = balances([rate(1, 2_500, None), rate(2, 2_000, 1, 10), rate(3, 3_100, 1)])[1]
    assert (found.known, found.difference, found.coverage) == (False, 0, None)
    assert (found.low, found.high) == (2_000, 3_100)
    assert not beyond(found, 0)


def test_a_stand_is_summed_over_owners_but_never_over_time():
    def stand(goal: int, value: int, parent: int | None, period=YEAR) -> Node:
        return Node(goal, value, 0, parent, ("overdue_amount",), period, "stand", goal)

    assert balances([stand(1, 90, None), stand(2, 60, 1), stand(3, 30, 1)])[1].below == 90
    assert balances([stand(1, 90, None), stand(2, 60, 1, JAN)]) == {}
