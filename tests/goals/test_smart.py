"""SMART + CR: each verdict with its figures, what blocks, and who belongs to the best fifth."""

from dataclasses import replace
from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import smart
from pacesetter.goals.rules.smart import Aim, Company, Parent, best_of, challenge_needed, check, may_publish, percentile

WAN = 1_000_000
TODAY = date(2025, 10, 20)
COMPANY = Company(event_kinds=frozenset({"policy", "competitor", "supply"}))
YEAR = Parent(500 * WAN, True, date(2025, 1, 1), date(2026, 1, 1))
HISTORY = (30 * WAN, 35 * WAN, 28 * WAN, 42 * WAN, 40 * WAN, 38 * WAN)
PEERS = (61 * WAN, 60 * WAN, *(WAN * amount for amount in (20, 25, 30, 31, 33, 36, 38, 40, 41, 44, 50, 52)))
GOOD = Aim(
    40 * WAN,
    scope=("华东区", "制造业"),
    parent=YEAR,
    start=date(2025, 10, 1),
    end=date(2025, 11, 1),
    challenge=44 * WAN,
    in_top=True,
    elastic=("policy",),
    history=HISTORY,
    peers=PEERS,
)


def of(key, **changes):
    return {one.key: one for one in check(replace(GOOD, **changes), TODAY, COMPANY)}[key]


def said(one):
    return one.verdict, one.code, one.fix


def test_a_goal_that_holds_passes_all_seven():
    found = check(GOOD, TODAY, COMPANY)
    assert [one.letter for one in found] == ["S", "M", "A", "R", "T", "C", "R"]
    assert {one.verdict for one in found} == {"passed"}
    assert [one.code for one in found] == [
        "named", "measurable", "in_reach", "contributes", "period_set", "challenge_set", "elastic_set"]  # fmt: skip
    assert may_publish(found)


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("scope", {"scope": ()}, ("warned", "scope_missing", "name_scope")),
        ("scope", {"scope": (), "whole": True}, ("passed", "whole", "")),
        ("metric", {"metric_state": "none"}, ("failed", "metric_missing", "pick_metric")),
        ("metric", {"metric_state": "unknown"}, ("failed", "metric_unknown", "pick_metric")),
        ("metric", {"metric_state": "retired", "successor": "won_amount"}, ("failed", "metric_retired",
         "take_successor")),
        ("metric", {"metric_state": "retired"}, ("failed", "metric_retired", "pick_metric")),
        ("metric", {"value": None}, ("failed", "number_missing", "set_number")),
        ("metric", {"value": 0}, ("failed", "number_missing", "set_number")),
        ("metric", {"value": 0, "better": "down"}, ("passed", "measurable", "")),
        ("metric", {"value": -1, "better": "down"}, ("failed", "number_missing", "set_number")),
        ("achievable", {"value": None}, ("warned", "no_number", "set_number")),
        ("relevant", {"parent": None}, ("failed", "parent_missing", "link_parent")),
        ("relevant", {"parent": None, "top": True}, ("passed", "top_goal", "")),
        ("relevant", {"parent": replace(YEAR, end=date(2025, 10, 30))}, ("failed", "parent_other_time",
         "link_parent")),
        ("relevant", {"parent": replace(YEAR, same_sum=False)}, ("passed", "linked", "")),
        ("relevant", {"parent": replace(YEAR, value=0)}, ("passed", "linked", "")),
        ("relevant", {"parent": replace(YEAR, value=39 * WAN)}, ("warned", "more_than_parent", "see_parent")),
        ("time", {"start": None}, ("failed", "period_missing", "pick_period")),
        ("time", {"end": date(2025, 10, 1)}, ("failed", "period_order", "pick_period")),
        ("time", {"end": TODAY}, ("failed", "period_over", "pick_period")),
        ("challenge", {"challenge": None}, ("warned", "challenge_missing", "set_challenge")),
        ("challenge", {"challenge": 44 * WAN - 1}, ("warned", "challenge_low", "set_challenge")),
        ("challenge", {"challenge": 39 * WAN, "in_top": False}, ("warned", "challenge_easier", "set_challenge")),
        ("challenge", {"challenge": None, "in_top": False}, ("passed", "challenge_not_needed", "")),
        ("challenge", {"challenge": None, "in_top": None}, ("passed", "top_unknown", "")),
        ("challenge", {"value": None}, ("passed", "challenge_not_needed", "")),
        ("elastic", {"elastic": ()}, ("warned", "elastic_missing", "pick_events")),
        ("elastic", {"elastic": ("policy", "moon")}, ("warned", "elastic_unknown", "pick_events")),
    ],
)  # fmt: skip
def test_each_verdict(key, changes, expected):
    assert said(of(key, **changes)) == expected


def test_only_metric_relevant_and_time_block():
    everything = check(Aim(None, "none"), TODAY, COMPANY)
    assert {one.key for one in everything if one.blocks} == {"metric", "relevant", "time"}
    assert not may_publish(everything)
    assert {one.verdict for one in everything if one.key not in smart.MAY_BLOCK} <= {"passed", "warned"}


def test_the_parents_share_is_told():
    assert of("relevant").figures["share"] == F(40, 500)


def test_far_from_the_own_best_and_from_the_peers():
    """Best 42, wanted 60: +43 %, two of fourteen peers reached it."""
    one = of("achievable", value=60 * WAN)
    assert said(one) == ("warned", "far", "see_distribution")
    assert one.figures["periods"] == 6
    assert one.figures["best"] == 42 * WAN
    assert one.figures["over_best"] == F(18, 42)
    assert (one.figures["peers_reached"], one.figures["peers"], one.figures["own_reached"]) == (2, 14, 0)


def test_the_limits_of_far_are_exact():
    enough = (100,) * 5
    at = {"history": (100, 100, 100), "peers": enough, "value": 100}
    assert of("achievable", **at).code == "in_reach"
    assert of("achievable", **{**at, "peers": (), "value": 120}).code == "in_reach"
    assert of("achievable", **{**at, "peers": (), "value": 121}).code == "far"
    # one of four peers is a quarter but too few to say; two of eight are a quarter, one of eight is not
    assert of("achievable", **{**at, "peers": (0, 0, 0, 0)}).code == "in_reach"
    assert of("achievable", **{**at, "peers": (100, 100, *(0,) * 6)}).code == "in_reach"
    assert of("achievable", **{**at, "peers": (100, *(0,) * 7)}).code == "far"


def test_easier_than_usual_is_told():
    """The own median of six by nearest rank is the third: 35."""
    assert said(of("achievable", value=34 * WAN)) == ("warned", "below_usual", "see_distribution")
    assert of("achievable", value=35 * WAN).code == "in_reach"


def test_only_the_last_six_periods_count():
    assert of("achievable", history=(90 * WAN, *HISTORY)).figures["best"] == 42 * WAN


def test_too_few_periods_say_so_and_a_newcomer_gets_half_of_what_is_usual():
    """The median of the fourteen is the seventh: 38; at 50 % of the ramp 19."""
    one = of("achievable", history=(30 * WAN, 31 * WAN))
    assert (said(one), one.figures["periods"], one.figures["needed"]) == (
        ("warned", "too_few_periods", "take_suggestion"), 2, 3)  # fmt: skip
    new = of("achievable", history=(), ramp_percent=50)
    assert said(new) == ("warned", "no_history", "take_suggestion")
    assert new.figures["suggestion"] == 19 * WAN
    assert said(of("achievable", history=(), peers=())) == ("warned", "no_history", "")


def test_where_less_is_better_all_of_it_is_turned_round():
    days = {"better": "down", "history": (9, 8, 10), "peers": (4, 8, 9, 10, 12), "challenge": None, "in_top": None}
    assert of("achievable", value=8, **days).code == "in_reach"
    far = of("achievable", value=6, **days)
    assert (far.code, far.figures["best"], far.figures["over_best"], far.figures["peers_reached"]) == (
        "far", 8, F(1, 4), 1)  # fmt: skip
    assert of("achievable", value=11, **days).code == "below_usual"
    assert of("achievable", value=9, **days).figures["peers_p80"] == 4
    assert of("challenge", better="down", value=100, challenge=90).code == "challenge_set"
    assert of("challenge", better="down", value=100, challenge=91).code == "challenge_low"
    assert smart.suggestion((4, 8, 9), 50, "down") == 8


def test_a_best_of_nothing_has_no_percentage():
    one = of("achievable", history=(0, 0, 0), peers=(), value=5)
    assert (one.code, one.figures["over_best"]) == ("far", None)


def test_a_challenge_is_never_rounded_towards_the_target():
    assert challenge_needed(101) == 112
    assert challenge_needed(101, unit=100) == 200
    assert challenge_needed(101, better="down") == 90
    assert challenge_needed(100, 25) == 125


def test_the_best_fifth_with_ties():
    """Six people: ceil(6 × 20 %) = 2, and whoever is level with the second."""
    assert best_of({"a": F(3, 2), "b": F(11, 10), "c": F(11, 10), "d": F(1), "e": F(0), "f": F(1)}) == {"a", "b", "c"}
    assert best_of({"a": F(1)}) == {"a"}
    assert best_of({}) == frozenset()
    assert best_of({"a": F(1)}, 0) == frozenset()


@given(st.dictionaries(st.integers(), st.fractions(0, 3), max_size=40), st.integers(1, 100))
def test_nobody_outside_the_best_is_better_than_somebody_inside(attainments, percent):
    inside = best_of(attainments, percent)
    assert len(inside) >= F(len(attainments) * percent, 100)
    for key, value in attainments.items():
        assert (key in inside) == any(attainments[one] <= value for one in inside)


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=30), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values_with_enough_below(values, percent):
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1], 0), ([1], 101)])
def test_there_is_no_such_percentile(values, percent):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, percent)
