"""From an amount to visits a day and back: by hand, both ways, and what is said when a rate is unknown."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.goals.rules import calculator
from pacesetter.goals.rules.calculator import ActionGoal, Solved, action_goal, forward, reverse, solve
from pacesetter.goals.rules.rates import Seen, mean, share

YUAN = 100
# a person like the team: 50,000 元 an order, 25 % won, 20 % converted, 1.5 proposals and 3.5 visits per prospect
RATES = {
    "average_order_value": mean(Seen(500_000 * YUAN, 10), Seen(10_000_000 * YUAN, 200)),
    "win_rate": share(Seen(10, 40), Seen(100, 400)),
    "lead_conversion_rate": share(Seen(20, 100), Seen(200, 1000)),
    "proposals_per_intent": mean(Seen(60, 40), Seen(600, 400)),
    "visits_per_intent": mean(Seen(140, 40), Seen(1400, 400)),
}
MILLION = 1_000_000 * YUAN


def expected(chain):
    return {link.step.key: link.needed.expected if link.needed else None for link in chain.links}


def test_a_million_in_twenty_days_by_hand():
    """1,000,000 ÷ 50,000 = 20 deals ÷ 25 % = 80 prospects ÷ 20 % = 400 leads; × 1.5 = 120, × 3.5 = 280 visits."""
    chain = reverse(MILLION, RATES, 20)
    assert expected(chain) == {"deals": 20, "intents": 80, "leads": 400, "proposals": 120, "visits": 280}
    assert chain.link("visits").per_day.expected == 14
    assert chain.link("proposals").per_day.expected == 6
    assert chain.missing == ()
    visits = chain.link("visits")
    assert visits.needed.least < 280 < visits.needed.most
    assert (visits.used.own, visits.used.team, visits.used.prior) == (Seen(140, 40), Seen(1400, 400), 30)


def test_the_slider_says_what_a_better_rate_saves():
    """Won 35 % instead of 25 %: 57.1 prospects, 200 visits, ten a day."""
    chain = reverse(MILLION, RATES, 20, slid={"win_rate": F(35, 100)})
    assert chain.link("visits").per_day.expected == 10
    assert chain.link("intents").slid
    assert not chain.link("deals").slid
    assert solve(MILLION, RATES, 20, 10, "win_rate") == Solved(F(35, 100))


def test_the_other_way_round():
    """14 visits a day for 20 days are 280: 80 prospects, 20 deals, a million."""
    found = forward(14, RATES, 20)
    assert found.amount.expected == MILLION
    assert found.amount.least < MILLION < found.amount.most
    assert forward(7, RATES, 20, slid={"win_rate": F(1, 2)}).amount.expected == MILLION
    assert forward(0, RATES, 20).amount.expected == 0


def test_the_range_joins_the_errors_of_its_rates():
    """Only the win rate is uncertain: prospects range as 1 ÷ rate; two rates less than both at their worst."""
    certain = {key: RATES[key].value for key in RATES if key != "win_rate"}
    win = RATES["win_rate"]
    intents = reverse(MILLION, RATES, 20, slid=certain).link("intents").needed
    assert abs(intents.most - 20 / win.low) < F(1, 10**9)
    assert abs(intents.least - 20 / win.high) < F(1, 10**9)
    order = RATES["average_order_value"]
    both = reverse(MILLION, RATES, 20).link("intents").needed
    assert intents.most < both.most < MILLION / order.low / win.low


def test_visits_may_be_planned_by_leads():
    rates = {**RATES, "visits_per_lead": mean(Seen(50, 100), Seen(500, 1000))}
    chain = reverse(MILLION, rates, 20, visits_of="leads")
    assert chain.link("visits").needed.expected == 200
    assert forward(10, rates, 20, visits_of="leads").amount.expected == MILLION
    assert solve(MILLION, rates, 20, 5, "lead_conversion_rate", visits_of="leads").rate == F(40, 100)
    with pytest.raises(ValueError, match="visits per"):
        calculator.steps("deals")


def test_an_unknown_rate_ends_its_branch_and_says_which():
    """Nobody has a lead: leads cannot be computed, visits can."""
    rates = {**RATES, "lead_conversion_rate": share(Seen(0, 0), Seen(0, 0))}
    chain = reverse(MILLION, rates, 20)
    assert expected(chain) == {"deals": 20, "intents": 80, "leads": None, "proposals": 120, "visits": 280}
    assert chain.missing == (("leads", "lead_conversion_rate", "no_data"),)
    none = reverse(MILLION, {key: rate for key, rate in RATES.items() if key != "win_rate"}, 20)
    assert expected(none) == {"deals": 20, "intents": None, "leads": None, "proposals": None, "visits": None}
    assert none.link("visits").missing == "before"
    assert none.missing == (("intents", "win_rate", "no_data"),)


def test_a_rate_of_nothing_is_no_number_to_divide_by():
    rates = {**RATES, "win_rate": share(Seen(0, 9), Seen(0, 90))}
    assert reverse(MILLION, rates, 20).missing == (("intents", "win_rate", "zero"),)
    found = forward(14, rates, 20)
    assert (found.amount, found.missing) == (None, ("win_rate",))
    assert reverse(MILLION, RATES, 20, slid={"win_rate": F(0)}).link("intents").missing == "zero"


def test_without_a_day_left_there_is_a_number_but_none_a_day():
    visits = reverse(MILLION, RATES, 0).link("visits")
    assert (visits.needed.expected, visits.per_day) == (280, None)
    assert expected(reverse(0, RATES, 20))["visits"] == 0


@pytest.mark.parametrize(
    ("visits", "which", "found"),
    [
        (2, "win_rate", Solved(F(7, 4), "above_all")),
        (7, "average_order_value", Solved(F(100_000 * YUAN))),
        (7, "visits_per_intent", Solved(F(7, 4))),
        (7, "lead_conversion_rate", Solved(None, "not_on_the_way")),
        (7, "proposals_per_intent", Solved(None, "not_on_the_way")),
        (0, "win_rate", Solved(None, "no_visits")),
    ],
)
def test_the_rate_that_would_be_enough(visits, which, found):
    assert solve(MILLION, RATES, 20, visits, which) == found


def test_a_rate_can_be_solved_where_it_is_the_unknown_one():
    rates = {key: rate for key, rate in RATES.items() if key != "win_rate"}
    assert solve(MILLION, rates, 20, 14, "win_rate") == Solved(F(1, 4))
    assert solve(MILLION, rates, 20, 1, "win_rate").why == "above_all"
    assert solve(MILLION, rates, 20, 14, "average_order_value") == Solved(None, "no_data")


@pytest.mark.parametrize(
    ("per_day", "week", "goal"),
    [
        (F(14, 5), 5, ActionGoal(3, "day", F(14, 5))), (F(3), 5, ActionGoal(3, "day", F(3))),
        (F(2, 5), 5, ActionGoal(2, "week", F(2, 5))), (F(9, 10), 6, ActionGoal(6, "week", F(9, 10))),
        (F(1, 100), 5, ActionGoal(1, "week", F(1, 100))), (F(0), 5, None),
    ],
)  # fmt: skip
def test_an_action_goal_is_whole_a_day_or_a_week(per_day, week, goal):
    assert action_goal(per_day, week) == goal


cases = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n)))


@st.composite
def some_rates(draw):
    found = {}
    for key in ("win_rate", "lead_conversion_rate"):
        own, rest = draw(cases), draw(cases)
        found[key] = share(Seen(*own), Seen(own[0] + rest[0], own[1] + rest[1]))
    for key in ("average_order_value", "proposals_per_intent", "visits_per_intent"):
        top, bottom = draw(st.integers(1, 10**9)), draw(st.integers(1, 300))
        found[key] = mean(Seen(top, bottom), Seen(2 * top, bottom + draw(st.integers(1, 300))))
    return found


@given(some_rates(), st.integers(0, 10**12), st.integers(1, 250))
def test_the_visits_of_an_amount_bring_that_amount(rates, amount, days):
    per_day = reverse(amount, rates, days).link("visits").per_day.expected
    assert forward(per_day, rates, days).amount.expected == amount
    goal = action_goal(per_day)
    if goal is not None and goal.per == "day":
        assert forward(goal.count, rates, days).amount.expected >= amount


@given(some_rates(), st.integers(1, 10**12), st.integers(1, 250), st.sampled_from(calculator.RATES),
       st.fractions(F(1, 100), 1))  # fmt: skip
def test_a_better_rate_never_needs_more_visits(rates, amount, days, which, step):
    now = reverse(amount, rates, days).link("visits").needed
    # fewer visits or proposals per prospect are better, more of everything else
    better = rates[which].value * (1 - step / 2 if "per_intent" in which else 1 + step)
    then = reverse(amount, rates, days, slid={which: better}).link("visits").needed
    assert then.expected <= now.expected
    assert now.least <= now.expected <= now.most


@given(some_rates(), st.integers(1, 10**12), st.integers(1, 250), st.integers(1, 40))
def test_a_solved_rate_needs_exactly_those_visits(rates, amount, days, visits):
    for which in ("win_rate", "average_order_value", "visits_per_intent"):
        rate = solve(amount, rates, days, visits, which).rate
        assert reverse(amount, rates, days, slid={which: rate}).link("visits").per_day.expected == visits


@pytest.mark.parametrize("wrong", [lambda: reverse(-1, RATES, 5), lambda: reverse(1, RATES, -5),
                                   lambda: forward(-1, RATES, 5)])  # fmt: skip
def test_less_than_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match="days"):
        wrong()
