"""A company's year on teams, people and months: adding up everywhere, hand-set values kept, worked by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.goals.rules import presence, season, weights
from pacesetter.goals.rules.spread import Node, Share, SpreadError, differences, spread
from pacesetter.lib import calendars, periods, shares

from .spreading import AMOUNTS, UNITS, adds_up, attempt, people, steady, trees, values

YUAN = 100


# --- one level ---
def test_a_single_column_goes_by_largest_remainder():
    assert values(spread(Node("team", children=people(1, 1, 1)), [100])) == [34, 33, 33]
    assert values(spread(Node("team", children=people(F(1, 2), 3, 0)), [700])) == [100, 600, 0]


@given(st.integers(0, 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_years_of_people_who_are_always_there_are_the_largest_remainder_of_the_year(value, given_weights):
    months = season.to_months(value, season.equal(12))
    found = values(spread(Node("team", children=people(*given_weights)), months))
    assert sorted(found) == sorted(shares.by_weights(value, given_weights))


def test_a_buffer_goes_to_the_children_on_top():
    """1,200 with 5 % more: 1,260 to hand out, 60 of it as the months fall."""
    found = spread(Node("team", children=people(1, 1), buffer_share=F(5, 100)), [900, 300])
    assert (found.value, found.buffer, found.buffer_months) == (1200, 60, (45, 15))
    assert [child.months for child in found.children] == [(473, 157), (472, 158)]
    short = spread(Node("team", children=people(1, 1), buffer=-200), [900, 300])
    assert (values(short), short.buffer_months) == ([500, 500], (-150, -50))


def test_units_leave_the_odd_rest_to_the_largest_child():
    """1,000,050 元 in thousands by 2 : 1 : 1 → 500, 250, 250 thousand, and 50 元 to the first."""
    found = spread(Node("team", children=people(2, 1, 1)), [1_000_050 * YUAN], unit=1000 * YUAN)
    assert values(found) == [500_050 * YUAN, 250_000 * YUAN, 250_000 * YUAN]
    assert [child.why.odd for child in found.children] == [50 * YUAN, 0, 0]


def test_hand_set_values_are_kept_and_only_the_rest_is_spread():
    staff = (Node("a", 1, fixed=40), *people(2, 1))
    found = spread(Node("team", children=staff), [50, 50])
    assert values(found) == [40, 40, 20]
    assert found.children[0].months == (20, 20)
    why = found.children[1].why
    assert (why.how, why.pool, why.set_by_hand, why.exact, why.percent_of_rest) == ("weight", 100, 40, 40, F(200, 3))
    assert found.children[0].why.how == "fixed"


def test_a_hand_set_month_is_kept_and_the_other_months_are_spread():
    staff = (Node("a", 1, fixed_months={0: 7}), Node("b", 1))
    found = spread(Node("team", children=staff), [10, 10])
    assert [child.months for child in found.children] == [(7, 3), (3, 7)]
    assert (found.children[0].why.how, found.children[0].why.own_by_hand) == ("weight", 7)
    assert values(found) == values(spread(Node("team", children=people(1, 1)), [10, 10])), "no total changes"
    both = (Node("a", 1, fixed=9, fixed_months={0: 7}), Node("b", 1))
    assert [child.months for child in spread(Node("team", children=both), [10, 10]).children] == [(7, 2), (3, 8)]


def test_two_hand_set_values_fill_the_months_though_one_came_late():
    """B is there in the second half only: A takes the first half alone and gives way in the second."""
    staff = (Node("a", 1, fixed=70), Node("b", 1, fixed=30, profile=(F(0), F(1))))
    found = spread(Node("team", children=staff), [50, 50])
    assert [child.months for child in found.children] == [(50, 20), (0, 30)]


def test_a_hand_set_value_stands_for_somebody_who_is_away():
    staff = (Node("a", 1, fixed=10, profile=(F(0), F(0))), Node("b", 1))
    assert [child.months for child in spread(Node("t", children=staff), [10, 10]).children] == [(5, 5), (5, 5)]


NOW, LATER = (F(1), F(0)), (F(0), F(1))


@pytest.mark.parametrize(
    ("node", "code", "by", "month"),
    [
        (Node("t", children=(Node("a", fixed=90), Node("b", fixed=20), Node("c"))), "too_much", 10, None),
        (Node("t", children=(Node("a", fixed=90),)), "left_over", 10, None),
        (Node("t", children=(Node("a", 0), Node("b", fixed=20))), "left_over", 80, None),
        (Node("t", children=(Node("a", fixed_months={0: 60}), Node("b"))), "too_much", 10, 0),
        (Node("t", children=(Node("a", fixed=60, profile=NOW), Node("b"))), "too_much", 10, 0),
        (Node("t", children=(Node("a", profile=LATER), Node("b", profile=LATER))), "nobody", 50, 0),
        (Node("t", children=(Node("a", profile=LATER), Node("b", fixed=20))), "nobody", 30, 0),
        (Node("t", children=(Node("a", fixed=20, fixed_months={0: 30}), Node("b"))), "over_total", 10, None),
        (Node("t", children=(Node("a", 1, fixed_months={0: 20}), Node("b", 9))), "over_total", 10, None),
        (Node("t", children=(Node("a", fixed_months={0: 20}), Node("b", fixed_months={0: 20}))), "month_left", 10, 0),
        (Node("t", children=(Node("a", fixed=70, fixed_months={0: 30, 1: 30}), Node("b"))), "months", 10, None),
        (Node("t", children=(Node("a", fixed=-5), Node("b"))), "negative", 5, None),
        (Node("t", children=(Node("a", fixed_months={1: -5}), Node("b"))), "negative", 5, 1),
        (Node("t", children=(Node("a"), Node("b")), buffer=-130), "negative", 30, None),
        (Node("t", children=(Node("a"), Node("a"))), "shape", 0, None),
        (Node("t", children=(Node("a", profile=(F(1),)),)), "shape", 0, None),
        (Node("t", children=(Node("a", -1), Node("b"))), "shape", 0, None),
        (Node("t", children=(Node("a", fixed_months={2: 1}), Node("b"))), "shape", 0, None),
    ],
)
def test_what_cannot_add_up_says_where_and_by_how_much(node, code, by, month):
    with pytest.raises(SpreadError) as refused:
        spread(node, [50, 50])
    assert (refused.value.code, refused.value.by, refused.value.month) == (code, by, month)


@pytest.mark.parametrize(("months", "unit", "code"), [([], 1, "shape"), ([5], 0, "shape"), ([5, -2], 1, "negative")])
def test_a_top_that_is_no_value_is_refused(months, unit, code):
    with pytest.raises(SpreadError) as refused:
        spread(Node("t", children=people(1)), months, unit=unit)
    assert refused.value.code == code


def test_differences_notice_a_tree_that_does_not_add_up():
    """The control: a spread tree has none, one changed cell is found."""
    found = spread(Node("t", children=people(1, 1)), [10, 10])
    assert differences(found) == []
    wrong = replace(found, children=(replace(found.children[0], months=(9, 5), value=14), found.children[1]))
    assert differences(wrong) == [("t", 0, 4)]
    assert not adds_up(wrong)


# --- random trees ---
@settings(max_examples=60, deadline=None)
@given(st.data(), AMOUNTS, UNITS)
def test_every_node_and_every_month_of_any_tree_adds_up(data, months, unit):
    tree = data.draw(trees(len(months)))
    found = spread(tree, months, unit=unit)
    assert adds_up(found)
    assert differences(found) == []
    assert found == spread(tree, months, unit=unit)


def everybody(share: Share):
    yield share
    for child in share.children:
        yield from everybody(child)


@settings(max_examples=60, deadline=None)
@given(st.data(), AMOUNTS, UNITS)
def test_nobody_is_a_unit_off_and_whoever_is_away_gets_nothing(data, months, unit):
    found = spread(data.draw(trees(len(months), depth=2)), months, unit=unit)
    for share in everybody(found):
        away = len(months) * unit  # what is below a unit is added up by month
        for child in share.children:
            assert abs(child.value - child.why.odd - child.why.exact) < unit + away
            for factor, value in zip(child.why.profile, child.months, strict=True):
                assert value == 0 or factor > 0


def set_by_hand(draw, node: Node, share: Share) -> Node:
    """The tree with some values set by hand, none above what it had, the first child of each parent left free."""
    children = [node.children[0], *node.children[1:]] if node.children else []
    for place, (child, had) in enumerate(zip(children, share.children, strict=True)):
        if place and draw(st.booleans()):
            children[place] = replace(child, fixed=draw(st.integers(0, had.value)))
        else:
            children[place] = set_by_hand(draw, child, had)
    return replace(node, children=tuple(children))


@settings(max_examples=60, deadline=None)
@given(st.data(), AMOUNTS, UNITS)
def test_hand_set_values_stay_to_the_cent_and_all_still_adds_up(data, months, unit):
    tree = steady(data.draw(trees(len(months))))
    fixed = set_by_hand(data.draw, tree, spread(tree, months, unit=unit))
    found = spread(fixed, months, unit=unit)
    assert adds_up(found)

    def kept(node, share):
        assert node.fixed is None or share.value == node.fixed
        for below, one in zip(node.children, share.children, strict=True):
            kept(below, one)

    kept(replace(fixed, fixed=None), found)


@settings(max_examples=100, deadline=None)
@given(st.data(), AMOUNTS, UNITS)
def test_any_hand_set_value_either_fits_exactly_or_is_refused_with_an_amount(data, months, unit):
    tree = data.draw(trees(len(months), depth=1))
    children = list(tree.children)
    for place, child in enumerate(children):
        if data.draw(st.booleans()):
            children[place] = replace(child, fixed=data.draw(st.integers(0, sum(months) // 2 + 1)))
        elif data.draw(st.booleans()):
            children[place] = replace(child, fixed_months={0: data.draw(st.integers(0, months[0] + 1))})
    tree = replace(tree, children=tuple(children))
    found, refused = attempt(tree, months, unit)
    if found is None:
        assert refused.code in {"too_much", "left_over", "nobody", "month_left", "over_total"}
        assert refused.by > 0
        return
    assert adds_up(found)
    for child, share in zip(children, found.children, strict=True):
        assert child.fixed is None or share.value == child.fixed
        assert all(share.months[month] == value for month, value in child.fixed_months.items())


# --- the year of a company, by hand ---
YEAR = (date(2025, 1, 1), date(2026, 1, 1))
WEIGHT = calendars.weights(calendars.build(*YEAR))
MONTHS = [(month.start, month.end) for month in periods.between(*YEAR, "month")]
TARGET = 60_000_000 * YUAN
THOUSAND = 1000 * YUAN


def company(change=lambda key, node: node, **words) -> Node:
    """Five teams of six: every team weighs what its people weigh."""
    teams = tuple(
        change(f"t{team}", Node(f"t{team}", children=tuple(
            change(f"t{team}p{person}", Node(f"t{team}p{person}", 1)) for person in range(6)
        )))
        for team in range(5)
    )  # fmt: skip
    return Node("company", children=teams, **words)


def year(tree: Node) -> dict:
    found = spread(tree, season.to_months(TARGET, season.equal(12), unit=THOUSAND), unit=THOUSAND)
    assert adds_up(found)
    return {share.key: share for share in everybody(found)}


def test_sixty_million_to_five_teams_thirty_people_and_twelve_months():
    """5 million a month and 5 % buffer make 5.25 million: 1.05 million a team, 175,000 a person."""
    found = year(company(buffer_share=F(5, 100)))
    assert len(found) == 36
    assert found["company"].buffer == 3_000_000 * YUAN
    assert {found[f"t{team}"].months for team in range(5)} == {(1_050_000 * YUAN,) * 12}
    assert {found[f"t{team}p{person}"].months for team in range(5) for person in range(6)} == {(175_000 * YUAN,) * 12}


def test_one_hand_set_value_is_kept_and_the_five_others_of_the_team_share_the_rest():
    """A team has 12 million. With 3 million set by hand, 9 million go to five: 1.8 million each."""
    found = year(company(lambda key, node: replace(node, fixed=3_000_000 * YUAN) if key == "t0p0" else node))
    assert found["t0"].value == 12_000_000 * YUAN
    assert found["t0p0"].months == (250_000 * YUAN,) * 12
    assert [found[f"t0p{person}"].value for person in range(1, 6)] == [1_800_000 * YUAN] * 5
    assert found["t1p0"].value == 2_000_000 * YUAN


def test_a_transfer_in_the_middle_takes_the_months_along():
    """On 1 July one of the first team goes to the second: five and seven of thirty weigh from then on."""
    first, second = ((F(1),) * 6 + (F(0),) * 6), ((F(0),) * 6 + (F(1),) * 6)

    def moved(key, node):
        if key == "t0p0":
            return replace(node, profile=first)
        return replace(node, children=(*node.children, Node("t0p0-after", 1, profile=second))) if key == "t1" else node

    found = year(company(moved))
    # every person weighs 1/30 of 5 million = 166,666.67 a month in both teams
    assert found["t0"].value == 6 * 1_000_000 * YUAN + 6 * 833_000 * YUAN + 2_000 * YUAN
    assert found["t0p0"].months[6:] == (0,) * 6
    assert found["t0p0-after"].months[:6] == (0,) * 6
    both = found["t0p0"].value + found["t0p0-after"].value
    assert abs(both - 2_000_000 * YUAN) < 2 * THOUSAND
    assert found["t1"].value - found["t2"].value == found["t0p0-after"].value


def test_a_newcomer_with_half_a_ramp_carries_half_of_what_the_others_do():
    """5.5 people weigh in the first three months, 5.8 until the end of the year: the real calendar has no say here."""
    stays = presence.ramp(*YEAR, YEAR[0], ((3, 50), (12, 80)))
    ramp = presence.factors(presence.parts(MONTHS, WEIGHT, stays))
    assert ramp == (F(1, 2),) * 3 + (F(4, 5),) * 9
    found = year(company(lambda key, node: replace(node, profile=ramp) if key == "t0p0" else node))
    newcomer, colleague = found["t0p0"], found["t0p1"]
    for month in range(12):
        assert abs(newcomer.months[month] - ramp[month] * colleague.months[month]) <= 2 * THOUSAND
    # 5,000,000 × 0.5 ÷ 29.5 × 3 + 5,000,000 × 0.8 ÷ 29.8 × 9 = 254,237.29 + 1,208,053.69
    exact = (F(5_000_000 * 3) * F(1, 2) / F(59, 2) + F(5_000_000 * 9) * F(4, 5) / F(149, 5)) * YUAN
    assert abs(newcomer.value - exact) < 2 * THOUSAND
    assert newcomer.why.profile == ramp
    assert found["t0"].why.weight.kind == "children"


def test_hand_set_transfer_and_newcomer_together_with_a_buffer_in_every_layer():
    """5 % at the company and 3 % in every team: what people carry is 60 million × 1.05 × 1.03, to the thousand."""
    first, second = ((F(1),) * 6 + (F(0),) * 6), ((F(0),) * 6 + (F(1),) * 6)
    ramp = (F(1, 2),) * 3 + (F(4, 5),) * 9

    def changed(key, node):
        if key == "t0p0":
            return replace(node, profile=first)
        if key == "t1p1":
            return replace(node, fixed=3_210_987 * YUAN)
        if key == "t2p2":
            return replace(node, profile=ramp)
        if key == "t1":
            node = replace(node, children=(*node.children, Node("t0p0-after", 1, profile=second)))
        return replace(node, buffer_share=F(3, 100)) if "p" not in key else node

    found = year(company(changed, buffer_share=F(5, 100)))
    carried = sum(share.value for share in found.values() if not share.children)
    assert abs(carried - TARGET * F(105, 100) * F(103, 100)) <= 5 * THOUSAND
    assert found["t1p1"].value == 3_210_987 * YUAN
    assert found["company"].buffer == 3_000_000 * YUAN
    assert sum(found[f"t{team}"].value for team in range(5)) == 63_000_000 * YUAN
    assert max(found["t0p0"].months[6:]) == max(found["t0p0-after"].months[:6]) == 0
    assert found["t2p2"].value < found["t2p3"].value
    # what is hand-set to the 元 leaves its odd part to one colleague, everybody else has whole thousands
    odd = [key for key, share in found.items() if not share.children and share.value % THOUSAND]
    assert len(odd) == 2
    assert "t1p1" in odd


def test_weights_from_history_bring_their_figures_along():
    figures = {"a": weights.History(600, 250, 250), "b": weights.History(300, 250, 250)}
    staff = tuple(Node(key, weight) for key, weight in weights.history(figures).items())
    found = spread(Node("t", children=staff), [1200])
    assert values(found) == [800, 400]
    assert dict(found.children[0].why.weight.figures)["value"] == 600
    assert found.children[0].why.weight_sum == 900
