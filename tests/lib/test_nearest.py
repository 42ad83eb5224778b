"""The known word that a mistyped one probably means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib.nearest import nearest, steps

KNOWN = ["华东", "华南", "西北", "装备制造", "装修", "Chemicals"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("装备制照", "装备制造"),
        ("装备制造业", "装备制造"),
        ("华冬", "华东"),
        ("东华", "华东"),
        ("chemicals ", "Chemicals"),
        ("Chemcials", "Chemicals"),
        ("火星", None),
        ("", None),
    ],
)
def test_the_closest_word_is_named_where_one_is_close(typed: str, meant: str | None):
    assert nearest(typed, KNOWN) == meant


def test_nothing_known_nothing_near():
    assert nearest("华东", []) is None


@given(st.text(max_size=8), st.text(max_size=8))
def test_the_way_there_is_the_way_back(one: str, other: str):
    assert steps(one, other) == steps(other, one)
    assert (steps(one, other) == 0) is (one == other)
    assert abs(len(one) - len(other)) <= steps(one, other) <= max(len(one), len(other))
