"""By night the derived action goals are calculated again; what would differ is suggested, and only a tap changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from pacesetter import assembly
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalSuggestion, GoalVersion, SuggestionAnswer
from pacesetter.goals.rules import suggesting
from pacesetter.goals.rules.actions import Plan, actions
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.worker import chores
from tests.world import AT, TODAY, World, put_in_force

from .calculating import MARCH, aimed, worked

pytestmark = pytest.mark.usefixtures("on_the_day")
# half past four in the morning of the world's day, in Shanghai
NIGHT = datetime(2026, 3, 15, 20, 30, tzinfo=UTC)


def plan_of(world: World) -> Plan:
    person = world.veteran.pk
    return assembly.calculations([person], TODAY, reach=None, company=world.company)[person]


def derive(world: World, count: int = 7, *, by_hand: int | None = None) -> Goal:
    """The day's visits as the calculator would set them, but with another number where asked."""
    plan = plan_of(world)
    amount = by_hand if by_hand is not None else plan.left
    assert amount is not None
    figures = suggesting.figures(plan, plan.chain(amount), TODAY, by_hand=by_hand is not None)
    draft = Draft("customers_visited", "person", MARCH, count, person=world.veteran.pk, per="day", layer="action",
                  above=plan.goal, valid_from=TODAY, basis_figures=figures)  # fmt: skip
    (pk,) = acts.adopt_actions([draft], by=world.veteran, at=AT)
    return Goal.objects.get(pk=pk)


def in_force(goal: Goal) -> GoalVersion:
    found = reads.book([goal])[goal.pk].in_force
    assert found is not None
    return found.row


@pytest.fixture
def small(world: World) -> World:
    worked(world)
    aimed(world)
    return world


def test_a_plan_counts_what_one_can_count_by_hand(small: World):
    plan = plan_of(small)
    assert (plan.left, plan.won, plan.days, plan.week_days) == (250_000_00, 50_000_00, 12, 5)
    assert {key: used.value for key, used in plan.rates.items()} == {
        "average_order_value": 50_000_00, "win_rate": Fraction(1, 4), "lead_conversion_rate": Fraction(1, 2),
        "proposals_per_intent": Fraction(1, 2), "visits_per_lead": 2,
    }  # fmt: skip
    chain = plan.chain(plan.left or 0)
    needed = {link.step.key: link.needed.expected for link in chain.links if link.needed}
    assert needed == {"deals": 5, "intents": 20, "leads": 40, "visits": 80, "proposals": 10}
    assert [(one.metric, one.goal.count, one.goal.per) for one in actions(plan, chain)] == [
        ("customers_visited", 7, "day"), ("proposals", 5, "week"),
    ]  # fmt: skip


def test_the_spread_of_amounts_makes_the_range_of_the_order_value(small: World):
    """Four deals of the same amount scatter nowhere; with one of another size the range opens."""
    even = plan_of(small).rates["average_order_value"]
    assert even.low == even.high
    assert even.own.squares == 4 * 50_000_00**2
    worked(small, small.grower, wins=1, losses=0, each=100_000_00)
    mixed = plan_of(small).rates["average_order_value"]
    assert mixed.team.squares == 4 * 50_000_00**2 + 100_000_00**2
    # drawn to the team's 60,000.00 of five deals: (200,000.00 + 5 × 60,000.00) ÷ 9
    assert mixed.value == Fraction(500_000_00, 9)
    assert mixed.low is not None
    assert mixed.high is not None
    assert mixed.low < mixed.value < mixed.high


def test_without_leads_visits_go_by_deals_entering_intent(world: World):
    aimed(world)
    plan = plan_of(world)
    assert plan.visits_of == "intents"
    assert {step for step, _rate, _why in plan.chain(100).missing} == {
        "deals",
        "intents",
        "leads",
        "visits",
        "proposals",
    }
    assert actions(plan, plan.chain(100)) == ()


def test_nothing_is_suggested_while_the_number_still_fits(small: World):
    derive(small, 7)
    assert chores.suggestions(NIGHT) == 0
    assert not GoalSuggestion.objects.exists()


def test_another_number_is_suggested_once_a_day_and_changes_nothing(small: World):
    goal = derive(small, 5)
    assert chores.suggestions(NIGHT) == 1
    assert chores.suggestions(NIGHT + timedelta(hours=1)) == 0
    row = GoalSuggestion.objects.get()
    assert (row.goal, row.day, row.now, row.value) == (goal, TODAY, 5, 7)
    assert row.figures["chain"]["amount"] == 250_000_00
    assert in_force(goal).target == 5
    assert Entry.objects.filter(act="suggest_actions").count() == 1


def test_before_the_night_is_over_nothing_is_calculated(small: World):
    derive(small, 5)
    assert chores.suggestions(NIGHT - timedelta(hours=1)) == 0
    assert chores.suggestions(NIGHT) == 1


def test_a_goal_set_by_hand_is_left_alone(small: World):
    draft = Draft("customers_visited", "person", MARCH, 2, person=small.veteran.pk, per="day")
    acts.draft_goals([draft], origin="hand", by=small.veteran, at=AT)
    put_in_force([Goal.objects.get(per="day").pk])
    assert chores.suggestions(NIGHT) == 0


def test_taking_it_is_a_further_version_with_the_new_chain(small: World):
    goal = derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    said = acts.answer_suggestion(suggestion=row.pk, take=True, by=small.veteran, at=AT)
    again = acts.answer_suggestion(suggestion=row.pk, take=True, by=small.veteran, at=AT)
    assert (said.pk, said.kind, said.by_name) == (again.pk, "taken", "孙浩")
    version = in_force(goal)
    assert (version.number, version.target, version.origin, version.valid_from) == (2, 7, "calculator", TODAY)
    assert reads.figures_of(version)["chain"]["links"][0]["step"]["key"] == "deals"
    assert GoalVersion.objects.filter(goal=goal).count() == 2


def test_taking_it_changes_the_number_and_nothing_else_that_was_agreed(small: World):
    plan = plan_of(small)
    draft = Draft("customers_visited", "person", MARCH, 5, person=small.veteran.pk, per="day", above=plan.goal,
                  floor=4, stretch=6, challenge=9, weight=40, elastic=("competitor",), pace_basis="curve",
                  note="先访老客户", valid_from=TODAY,
                  basis_figures=suggesting.figures(plan, plan.chain(plan.left or 0), TODAY, by_hand=False))  # fmt: skip
    (pk,) = acts.adopt_actions([draft], by=small.veteran, at=AT)
    chores.suggestions(NIGHT)
    acts.answer_suggestion(suggestion=GoalSuggestion.objects.get().pk, take=True, by=small.veteran, at=AT)
    row = in_force(Goal.objects.get(pk=pk))
    assert (row.number, row.weight, row.elastic, row.pace_basis, row.note) == (2, 40, ["competitor"], "curve",
                                                                             "先访老客户")  # fmt: skip
    # lines stay, but for one that the new number has passed
    assert (row.floor, row.target, row.stretch, row.challenge) == (4, 7, 7, 9)


def test_keeping_it_is_silent_until_the_number_changes_again(small: World):
    goal = derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    acts.answer_suggestion(suggestion=row.pk, take=False, by=small.veteran, at=AT)
    assert in_force(goal).target == 5
    assert reads.open_suggestions(Goal.objects.all(), TODAY) == []
    # 80 visits on 11 days are 7.3: another number than yesterday's
    assert chores.suggestions(NIGHT + timedelta(days=1)) == 1
    assert GoalSuggestion.objects.latest("day").value == 8
    acts.answer_suggestion(suggestion=GoalSuggestion.objects.latest("day").pk, take=False, by=small.veteran, at=AT)
    assert chores.suggestions(NIGHT + timedelta(days=1, hours=2)) == 0


def test_an_answer_is_given_once(small: World):
    derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    acts.answer_suggestion(suggestion=row.pk, take=False, by=small.veteran, at=AT)
    with pytest.raises(Refusal, match="孙浩"):
        acts.answer_suggestion(suggestion=row.pk, take=True, by=small.leader, at=AT)
    assert SuggestionAnswer.objects.count() == 1


def test_a_suggestion_ends_with_its_goal_and_with_another_number(small: World):
    goal = derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    assert [one.pk for one in reads.open_suggestions(Goal.objects.all(), TODAY)] == [row.pk]
    assert reads.open_suggestions(Goal.objects.all(), date(2026, 4, 1)) == []
    late = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
    with pytest.raises(Refusal, match="过期"):
        acts.answer_suggestion(suggestion=row.pk, take=True, by=small.veteran, at=late)
    derive(small, 6)
    assert reads.open_suggestions(Goal.objects.all(), TODAY) == []
    with pytest.raises(Refusal, match="过期"):
        acts.answer_suggestion(suggestion=row.pk, take=True, by=small.veteran, at=AT)
    assert in_force(goal).target == 6


def test_an_amount_typed_by_hand_goes_on_from_what_was_won_since(small: World):
    """150,000.00 typed on the day: 3 deals, 48 visits, 4 a day."""
    derive(small, 3, by_hand=150_000_00)
    assert chores.suggestions(NIGHT) == 1
    row = GoalSuggestion.objects.get()
    assert (row.value, row.figures["amount"], row.figures["by_hand"]) == (4, 150_000_00, True)


def test_a_rate_set_by_hand_stays_set(small: World):
    plan = plan_of(small)
    chain = plan.chain(250_000_00, {"win_rate": Fraction(1, 2)})
    told = suggesting.figures(plan, chain, TODAY, by_hand=False)
    assert suggesting.slid(told) == {"win_rate": Fraction(1, 2)}
    assert suggesting.again(told, plan, 250_000_00, "customers_visited", "day")[0] == 4


def test_neither_a_suggestion_nor_its_answer_can_be_changed(small: World):
    derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    acts.answer_suggestion(suggestion=row.pk, take=False, by=small.veteran, at=AT)
    for rows in (GoalSuggestion.objects.all(), SuggestionAnswer.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"value": 9} if rows.model is GoalSuggestion else {"kind": "taken"}))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)
    assert GoalSuggestion.objects.get().value == 7
