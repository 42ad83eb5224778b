"""Goals end by the clock, each once, with the figures they ended with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client

from pacesetter.activity import acts as words
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalOutcome
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.acts import bulk
from pacesetter.worker import chores
from tests.world import AT, World, put_in_force

FEBRUARY = periods.parse("2026-02")


@pytest.fixture
def february(world: World) -> Goal:
    """A goal of February of 1,000.00 for 孙浩, who won 700.00; and a draft that nobody published."""
    for person in (world.veteran, world.grower):
        acts.draft_goals([Draft("won_amount", "person", FEBRUARY, 1000_00, person=person.pk)], origin="import",
                         by=None, at=AT, history=True)  # fmt: skip
    goal = Goal.objects.get(person=world.veteran)
    put_in_force([goal.pk])
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="单", customer=customer, owner=world.veteran, amount_minor=700_00,
                              on=date(2026, 2, 3), by=None, at=AT)  # fmt: skip
    pipeline.win_deal(deal, on=date(2026, 2, 20), by=None, at=AT)
    return goal


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


def test_nothing_ends_while_facts_may_still_come(february: Goal):
    assert chores.goals_end(at(date(2026, 3, 30))) == 0
    assert not GoalOutcome.objects.exists()


def test_thirty_days_after_its_last_day_a_goal_ends_with_its_figures(february: Goal):
    assert chores.goals_end(at(date(2026, 3, 31))) == 2
    outcome = GoalOutcome.objects.get()
    assert (outcome.goal, outcome.verdict, outcome.top, outcome.bottom) == (february, "missed", 700_00, None)
    assert {view.status for view in reads.book(Goal.objects.all())} == {"missed", "withdrawn"}, "the draft went too"
    assert chores.goals_end(at(date(2026, 4, 1))) == 0


def test_closing_the_period_ends_its_goals_at_once(february: Goal):
    people.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=None, at=AT)
    assert chores.goals_end(at(date(2026, 3, 17))) == 2
    assert GoalOutcome.objects.get().top == 700_00


def each(world: World, per: str, target: int, wins: int) -> Goal:
    """A goal of February's deals won for each day or week, published, with that many wins on its first Monday."""
    acts.draft_goals([Draft("deals_won", "person", FEBRUARY, target, person=world.veteran.pk, per=per)],
                     origin="import", by=None, at=AT, history=True)  # fmt: skip
    goal = Goal.objects.get(per=per)
    put_in_force([goal.pk])
    with bulk.promote(by=world.admin, at=AT, on=date(2026, 3, 1), label="wins") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        rows = [
            bulk.DealRow(f"单 {number}", "won", customer_id=customer, owner_id=world.veteran.pk, amount_minor=100,
                         opened_on=date(2026, 1, 5), closed_on=date(2026, 2, 2)) for number in range(wins)
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    return goal


@pytest.mark.parametrize(
    ("per", "target", "wins", "verdict"),
    [
        ("day", 1, 5, "missed"),  # 5 are more than 1, and fewer than 1 on each of 16 working days
        ("day", 1, 15, "missed"),
        ("day", 1, 16, "achieved"),
        ("week", 2, 6, "missed"),  # 16 working days are 3.2 weeks: 6.4 are asked
        ("week", 2, 7, "achieved"),
    ],
)
def test_a_goal_for_each_day_or_week_is_achieved_where_the_average_reaches_it(
    world: World, per: str, target: int, wins: int, verdict: str
):
    goal = each(world, per, target, wins)
    assert chores.goals_end(at(date(2026, 3, 31))) == 1
    outcome = GoalOutcome.objects.get(goal=goal)
    assert (outcome.verdict, outcome.top, outcome.bottom) == (verdict, wins, 16)


def test_an_average_ends_as_an_average(world: World):
    """Two wins of 600.00 in all are 300.00 a deal, not the 500.00 asked."""
    acts.draft_goals([Draft("average_order_value", "person", FEBRUARY, 500_00, person=world.veteran.pk)],
                     origin="import", by=None, at=AT, history=True)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    for amount in (200_00, 400_00):
        deal = pipeline.open_deal(name=f"单 {amount}", customer=customer, owner=world.veteran, amount_minor=amount,
                                  on=date(2026, 2, 3), by=None, at=AT)  # fmt: skip
        pipeline.win_deal(deal, on=date(2026, 2, 20), by=None, at=AT)
    chores.goals_end(at(date(2026, 3, 31)))
    outcome = GoalOutcome.objects.get(goal=goal)
    assert (outcome.verdict, outcome.top, outcome.bottom) == ("missed", 600_00, 2)


def test_a_goal_of_a_metric_that_was_retired_ends_like_any_other_and_takes_no_new_number(february: Goal, world: World):
    metric = words.make_company_metric(key="calls_made", zh="电话数", en="Calls made", kind="call", by=None, at=AT)
    draft = Draft("calls_made", "person", FEBRUARY, 30, person=world.veteran.pk)
    acts.draft_goals([draft], origin="import", by=None, at=AT, history=True)
    goal = Goal.objects.get(metric="calls_made")
    put_in_force([goal.pk])
    words.retire_company_metric(metric, by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.draft_goals([replace(draft, target=40)], origin="import", by=None, at=AT, history=True)
    assert refused.value.code == "metric"
    assert chores.goals_end(at(date(2026, 3, 31))) == 3
    ended = {row.goal_id: (row.verdict, row.top) for row in GoalOutcome.objects.all()}
    assert ended == {february.pk: ("missed", 700_00), goal.pk: ("missed", 0)}


@pytest.mark.usefixtures("on_the_day")
def test_pages_stay_where_a_metric_with_goals_was_retired(world: World):
    metric = words.make_company_metric(key="calls_made", zh="电话数", en="Calls made", kind="call", by=None, at=AT)
    march = periods.parse("2026-03")
    acts.draft_goals([Draft("calls_made", "person", march, 30, person=world.veteran.pk),
                      Draft("calls_made", "person", march, 2, person=world.veteran.pk, per="day")],
                     origin="import", by=None, at=AT)  # fmt: skip
    goals = list(Goal.objects.order_by("pk"))
    put_in_force([goal.pk for goal in goals])
    words.retire_company_metric(metric, by=None, at=AT)
    pages = ["/", "/goals/", "/goals/?metric=calls_made", "/goals/adjustments/", *(f"/goals/{g.pk}/" for g in goals)]
    for who in (world.veteran, world.leader, world.director):
        client = Client()
        client.force_login(who)
        assert {path: client.get(path).status_code for path in pages} == dict.fromkeys(pages, 200)
        told = client.get(pages[-2]).content.decode()
        (why,) = {unescape(part.split('"')[0]) for part in told.split('href="')[1:] if part.startswith("/why/")} or {""}
        assert why.startswith("/why/calls_made/?")
        assert client.get(why).status_code == 200
