"""Explanations survive being written down."""

import json
from datetime import date
from fractions import Fraction as F

import pytest

from pacesetter.goals.rules import weights
from pacesetter.goals.rules.plain import plain
from pacesetter.goals.rules.spread import Node, spread


def test_the_reason_of_a_share_is_kept_exactly():
    figures = {"a": weights.History(600, 250, 250), "b": weights.History(300, 125, 250)}
    staff = tuple(Node(key, weight) for key, weight in weights.history(figures).items())
    why = plain(spread(Node("t", children=staff), [1201]).children[0].why)
    assert json.loads(json.dumps(why)) == why
    assert why["exact"] == [1201, 2]
    assert why["weight"]["figures"][0] == ["value", 600]
    assert why["weight"]["kind"] == "history"


def test_days_sets_and_mappings():
    assert plain({1: date(2025, 1, 2), "x": {3, 1}, "y": (F(1, 3), None, True)}) == {
        "1": "2025-01-02", "x": [1, 3], "y": [[1, 3], None, True]}  # fmt: skip


@pytest.mark.parametrize("value", [0.1, object(), int])
def test_what_is_not_exact_is_refused(value):
    with pytest.raises(TypeError, match="plain"):
        plain(value)
