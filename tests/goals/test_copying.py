"""A tree of goals copied to another period by one factor: the proportions stay, and what added up still does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.goals.rules import copying, spread
from pacesetter.goals.rules.copying import Node, lines, scaled
from pacesetter.lib import periods

from .spreading import AMOUNTS, UNITS, trees


def family() -> list[Node]:
    """300 → 180 + 140 with a buffer of 20; 180 → 100 + 80; all but 80 by month."""
    return [
        Node("company", 300, None, 20, (90, 90, 120)),
        Node("one", 180, "company", 0, (60, 50, 70)),
        Node("two", 140, "company", 0, (40, 45, 55)),
        Node("a", 100, "one", 0, (60, 0, 40)),
        Node("b", 80, "one"),
    ]


def test_the_same_again_is_what_it_was():
    assert {key: (c.value, c.buffer, c.months) for key, c in scaled(family()).items()} == {
        node.key: (node.value, node.buffer, node.months) for node in family()
    }


def test_a_tenth_more_by_hand():
    """330 and a buffer of 22: 352 on 180 : 140 = 198 and 154; 198 on 100 : 80 = 110 and 88."""
    found = scaled(family(), 110)
    assert {key: c.value for key, c in found.items()} == {"company": 330, "one": 198, "two": 154, "a": 110, "b": 88}
    assert found["company"].buffer == 22
    assert found["company"].months == (99, 99, 132)
    assert found["a"].months == (66, 0, 44), "who had nothing in a month gets nothing there"


def test_whole_units_where_the_values_were_whole():
    found = scaled([Node("t", 1000), Node("a", 600, "t"), Node("b", 400, "t")], 111, unit=100)
    assert {key: c.value for key, c in found.items()} == {"t": 1100, "a": 700, "b": 400}


def test_what_did_not_add_up_keeps_its_own_proportion():
    """100 with 70 below: 30 were never handed out, and so it stays."""
    found = scaled([Node("t", 100), Node("a", 40, "t"), Node("b", 30, "t")], 150)
    assert {key: c.value for key, c in found.items()} == {"t": 150, "a": 60, "b": 45}


@pytest.mark.parametrize(("percent", "unit"), [(0, 1), (-5, 1), (110, 0)])
def test_a_factor_that_is_none_is_refused(percent, unit):
    with pytest.raises(ValueError, match="no copy"):
        scaled(family(), percent, unit=unit)


def test_lines_rise_in_order_whatever_rounding_does():
    assert lines((80, 120, 130), 110, 110) == (88, 132, 143)
    assert lines((100, 101, None), 109, 110, unit=10) == (109, 110, None)
    assert lines((None, None, 100), 115, 110) == (None, None, 115)
    assert lines((100, 90, None), 109, 110, better="down") == (110, 99, None)
    assert lines((90, 110, None), 100, 100, better="down") == (100, 100, None)


def nodes_of(share: spread.Share, above=None) -> list[Node]:
    rows = [Node(share.key, share.value, above, share.buffer, share.months)]
    return rows + [row for child in share.children for row in nodes_of(child, share.key)]


def off(nodes: list[Node]) -> list[object]:
    """Where Σ below is not value + buffer, in whole or in a month that has no buffer; months against their value."""
    found: list[object] = []
    for node in nodes:
        children = [one for one in nodes if one.above == node.key]
        if node.months and sum(node.months) != node.value:
            found.append((node.key, "months"))
        if not children:
            continue
        if sum(child.value for child in children) != node.value + node.buffer:
            found.append((node.key, "sum"))
        more = [sum(column) - own for column, own in zip(zip(*(c.months for c in children), strict=True),
                                                         node.months, strict=True)]  # fmt: skip
        if sum(more) != node.buffer or any(extra * node.buffer < 0 for extra in more):
            found.append((node.key, "columns"))
    return found


@settings(max_examples=60, deadline=None)
@given(st.data(), AMOUNTS, UNITS, st.integers(1, 400))
def test_any_tree_that_was_spread_adds_up_at_every_node_and_month_after_a_copy(data, months, unit, percent):
    before = nodes_of(spread.spread(data.draw(trees(len(months))), months, unit=unit))
    assert off(before) == []
    found = scaled(before, percent, unit=unit)
    after = [replace(node, value=found[node.key].value, buffer=found[node.key].buffer, months=found[node.key].months)
             for node in before]  # fmt: skip
    assert off(after) == []
    top = after[0]
    assert abs(top.value - F(before[0].value * percent, 100)) <= F(unit, 2)
    assert min(min(node.months) for node in after) >= 0


def test_the_check_itself_notices_one_that_does_not():
    """The control of `off`."""
    rows = nodes_of(spread.spread(spread.Node("t", children=(spread.Node("a", 1), spread.Node("b", 1))), [10, 10]))
    assert off(rows) == []
    assert off([rows[0], replace(rows[1], value=11), rows[2]]) == [("t", "sum"), ("a", "months")]
    assert copying.SAME == 100


def test_whole_units_stay_where_every_value_was_one():
    assert copying.unit_of([500_00, 12_00, 0], 100) == 100
    assert copying.unit_of([500_00, 12_50], 100) == 1
    assert copying.unit_of([], 100) == 100


@pytest.mark.parametrize(
    ("span", "kind", "becomes"),
    [
        ("2026Q1", "quarter", "2026Q2"),
        ("2026-01", "month", "2026-04"),
        ("2026-03", "month", "2026-06"),
        ("2026-04", "month", None),
    ],
)
def test_a_stretch_of_the_period_before_is_the_same_of_the_new_one(span: str, kind: str, becomes: str | None):
    source, target, old = periods.parse("2026Q1"), periods.parse("2026Q2"), periods.parse(span)
    found = copying.same_stretch(old.start, old.end, kind, source, target, periods.DEFAULT)
    assert found == (periods.parse(becomes) if becomes else None)


def test_a_stretch_without_a_name_or_beyond_the_new_period_is_none():
    year, quarter, month = periods.parse("2026"), periods.parse("2027Q1"), periods.parse("2026-05")
    assert copying.same_stretch(month.start, month.end, "month", year, quarter, periods.DEFAULT) is None
    assert copying.same_stretch(month.start, month.end, "custom", year, year, periods.DEFAULT) is None


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        ({}, ""),
        ({"left_on": date(2026, 3, 31)}, "left"),
        ({"left_on": date(2026, 4, 1)}, ""),
        ({"merged": True}, "left"),
        ({"closed_on": date(2026, 4, 1)}, "closed"),
        ({"closed_on": date(2026, 4, 2)}, ""),
    ],
)
def test_who_is_not_there_when_it_begins_gets_no_copy(owner: dict[str, Any], why: str):
    """The last day is a day at work; a team is closed from its day on."""
    assert copying.left_out(date(2026, 4, 1), **owner) == why
