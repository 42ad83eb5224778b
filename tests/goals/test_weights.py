"""What a child's weight comes from, by hand, and that only proportions and figures matter."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import weights
from pacesetter.goals.rules.rates import Seen
from pacesetter.goals.rules.weights import History, WeightError


def values(found):
    return {key: weight.value for key, weight in found.items()}


def test_history_of_people_who_were_there_all_year_is_what_they_brought():
    found = weights.history({"li": History(600, 250, 250), "wang": History(400, 250, 250)})
    assert values(found) == {"li": 600, "wang": 400}
    assert found["li"].figures == (("value", 600), ("days_there", 250), ("days", 250), ("mean", F(500)))
    assert found["li"].notes == ()


def test_time_somebody_was_not_there_counts_like_anybodys():
    """Li brought 600 in a whole year, Wang 300 in half of one: the mean is 900 ÷ 1.5 = 600 a year."""
    found = weights.history({"li": History(600, 250, 250), "wang": History(300, 125, 250), "new": History(0, 0, 250)})
    assert values(found) == {"li": 600, "wang": 600, "new": 600}
    assert found["wang"].notes == ("part_history",)
    assert found["new"].notes == ("newcomer",)


def test_a_year_without_a_result_weighs_nothing_and_says_so():
    found = weights.history({"li": History(600, 250, 250), "wang": History(-50, 250, 250)})
    assert values(found) == {"li": 600, "wang": 0}
    assert found["wang"].notes == ("no_result",)


@pytest.mark.parametrize("figure", [History(0, 250, 250), History(0, 0, 250), History(0, 0, 0), History(900, 0, 250)])
def test_where_nobody_has_a_history_all_are_equal(figure):
    found = weights.history({"li": figure, "wang": figure})
    assert values(found) == {"li": 1, "wang": 1}
    assert found["li"].notes == ("nobody_has_figures",)


def test_ability_draws_few_cases_towards_the_team():
    """Team 60 of 240 = 1/4. Li 50 of 200: (50 + 30/4) ÷ 230 = 1/4. Wang 10 of 40 is the team's rate as well."""
    found = weights.ability({"li": [Seen(50, 200)], "wang": [Seen(10, 40)]})
    assert values(found) == {"li": 1, "wang": 1}
    found = weights.ability({"li": [Seen(3, 3)], "wang": [Seen(37, 157)]})
    # (3 + 30 × 1/4) ÷ 33 = 7/22, against a team of 1/4
    assert found["li"].value == F(14, 11)
    assert dict(found["li"].figures)["used_1"] == F(7, 22)


def test_ability_of_somebody_without_cases_is_the_teams():
    found = weights.ability({"li": [Seen(5, 20)], "new": [Seen(0, 0)]})
    assert found["new"].value == 1
    assert found["new"].notes == ("no_cases",)
    assert weights.ability({"li": [Seen(0, 0)]})["li"].notes == ("nobody_has_figures",)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=6))
def test_a_better_rate_on_as_many_cases_never_weighs_less(pairs):
    rates = {place: [Seen(min(pair), max(pair))] for place, pair in enumerate(pairs)}
    found = weights.ability(rates)
    for one in rates:
        for other in rates:
            if rates[one][0].bottom == rates[other][0].bottom and rates[one][0].top >= rates[other][0].top:
                assert found[one].value >= found[other].value


def test_resources_compare_shares_of_different_things():
    held = {"li": {"accounts": 12, "leads": 150}, "wang": {"accounts": 88, "leads": 50}}
    assert values(weights.resources(held)) == {"li": F(12, 100) + F(3, 4), "wang": F(88, 100) + F(1, 4)}
    assert values(weights.resources(held, {"leads": 0})) == {"li": F(12, 100), "wang": F(88, 100)}
    assert values(weights.resources({"li": {"leads": 0}, "wang": {}})) == {"li": 1, "wang": 1}


def test_headcount_potential_and_equal():
    assert values(weights.headcount({"east": F(13, 2), "west": 3})) == {"east": F(13, 2), "west": 3}
    assert weights.potential({"east": 0, "west": 0})["east"].notes == ("nobody_has_figures",)
    assert values(weights.equal(["east", "west"])) == {"east": 1, "west": 1}


def test_a_blend_mixes_shares_and_keeps_its_parts():
    found = weights.blend([(60, weights.potential({"a": 3, "b": 1})), (40, weights.equal(["a", "b"]))])
    assert values(found) == {"a": F(65, 100), "b": F(35, 100)}
    assert found["a"].parts[0] == (60, weights.Weight(F(3), "potential", (("potential", 3),)))


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any), st.integers(0, 100))
def test_the_shares_of_a_blend_sum_to_one(figures, percent):
    keyed = dict(enumerate(figures))
    found = weights.blend([(percent, weights.potential(keyed)), (100 - percent, weights.equal(keyed))])
    assert sum(values(found).values()) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: weights.headcount({"a": -1}), "negative"),
        (lambda: weights.resources({"a": {"leads": -1}}), "negative"),
        (lambda: weights.ability({"a": [Seen(1, 2)], "b": []}), "shape"),
        (lambda: weights.history({"a": History(1, 3, 2)}), "shape"),
        (lambda: weights.blend([(50, weights.equal(["a"]))]), "percents"),
        (lambda: weights.blend([(50, weights.equal(["a"])), (50, weights.equal(["b"]))]), "shape"),
    ],
)
def test_figures_that_weigh_nothing_are_refused(wrong, code):
    with pytest.raises(WeightError) as refused:
        wrong()
    assert refused.value.code == code
