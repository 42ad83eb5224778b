"""Months set by hand anywhere in a tree: they stay, the rest falls on the other months and down the tree, exactly."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.goals.rules.spread import Node, Share, differences, spread

from .spreading import AMOUNTS, UNITS, adds_up, attempt, people, steady, trees


def cells_by_hand(draw, node: Node, share: Share, reach: int) -> Node:
    """The tree with months of any node below the top set by hand, teams and people alike, at random."""
    children = []
    for child, had in zip(node.children, share.children, strict=True):
        cells = {}
        if draw(st.booleans()):
            for month in draw(st.sets(st.integers(0, len(had.months) - 1), max_size=3)):
                cells[month] = draw(st.integers(0, had.months[month] + reach))
        children.append(replace(cells_by_hand(draw, child, had, reach), fixed_months=cells))
    return replace(node, children=tuple(children))


@settings(max_examples=80, deadline=None)
@given(st.data(), AMOUNTS, UNITS)
def test_hand_set_months_of_any_tree_stay_and_every_node_and_month_adds_up(data, months, unit):
    """Or they are refused with where and by how much. Whoever has months set by hand keeps the total."""
    tree = steady(data.draw(trees(len(months))))
    before = spread(tree, months, unit=unit)
    changed = cells_by_hand(data.draw, tree, before, data.draw(st.sampled_from([0, 0, 5, 10**6])))
    found, refused = attempt(changed, months, unit)
    if found is None:
        assert refused.code in {"too_much", "left_over", "month_left", "over_total"}
        assert refused.by > 0
        return
    assert adds_up(found)
    assert differences(found) == []

    def kept(node, share):
        for below, one in zip(node.children, share.children, strict=True):
            assert all(one.months[month] == value for month, value in below.fixed_months.items())
            kept(below, one)

    kept(changed, found)
    if any(len(child.fixed_months) == len(months) for child in changed.children):
        return
    for child, had, now in zip(changed.children, before.children, found.children, strict=True):
        assert not child.fixed_months or now.value == had.value


def test_a_hand_set_month_of_a_team_and_of_one_in_it_by_hand():
    """120 a month to two teams of two. A team's first month 80: its two share it; one of them has 50 of it by hand."""
    one = Node("p", 1, fixed_months={0: 50})
    team = Node("t1", children=(one, Node("q", 1)), fixed_months={0: 80})
    found = spread(Node("top", children=(team, Node("t2", children=people(1, 1)))), [120, 120, 120])
    first, second = found.children
    assert (first.value, second.value) == (180, 180)
    assert (first.months, second.months) == ((80, 50, 50), (40, 70, 70))
    assert [share.months for share in first.children] == [(50, 20, 20), (30, 30, 30)]
    assert adds_up(found)
