"""Goals of rates and averages: they roll up from tops and planned bottoms, and are never summed."""

from __future__ import annotations

import pytest

from pacesetter.goals import acts, reads, rules
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from tests.world import AT, World, put_in_force

Q2 = periods.parse("2026Q2")
PLAIN = ["win_rate", "collection_rate", "average_order_value"]


def three(world: World, metric: str, above: int, one: int, two: int, **more) -> list[Goal]:
    """The area's goal and those of its two teams, drafted."""
    top = Draft(metric, "team", Q2, above, team=world.east_area.pk, **more)
    below = [Draft(metric, "team", Q2, value, team=team.pk, above=identity(top))
             for value, team in ((one, world.east1), (two, world.east2))]  # fmt: skip
    entry = acts.draft_goals([top, *below], origin="hand", by=world.director, at=AT)
    rows = entry.row_changes.order_by("id").values_list("row_id", flat=True)
    return [Goal.objects.get(versions__pk=pk) for pk in rows]


def publish(world: World, goals: list[Goal]) -> None:
    put_in_force([goal.pk for goal in goals])


def balance(goals: list[Goal]) -> rules.Balance:
    return rules.balances(reads.book(goals).nodes())[goals[0].pk]


@pytest.mark.parametrize("metric", PLAIN)
def test_two_equal_rates_below_are_no_double_and_block_nothing(world: World, metric: str):
    goals = three(world, metric, 2_500, 2_500, 2_500)
    publish(world, goals)
    found = balance(goals)
    assert not found.known
    assert (found.low, found.high) == (2_500, 2_500)


def test_an_average_is_weighed_by_the_planned_deals(world: World):
    """30 deals of ¥1,000 and 10 of ¥2,000 are 40 of ¥1,250."""
    publish(world, three(world, "deals_won", 40, 30, 10))
    goals = three(world, "average_order_value", 1_250_00, 1_000_00, 2_000_00)
    found = balance(goals)
    assert (found.below, found.known, found.difference) == (1_250_00, True, 0)
    publish(world, goals)


def test_where_the_bottoms_are_planned_an_average_that_cannot_come_out_is_refused(world: World):
    publish(world, three(world, "deals_won", 40, 30, 10))
    goals = three(world, "average_order_value", 1_500_00, 1_000_00, 2_000_00)
    with pytest.raises(acts.Unbalanced) as refused:
        publish(world, goals)
    assert [found.difference for _goal, found in refused.value.faults] == [-250_00]


def test_amounts_are_still_summed(world: World):
    with pytest.raises(acts.Unbalanced):
        publish(world, three(world, "won_amount", 2_500, 2_500, 2_500))


def test_months_of_a_rate_are_refused(world: World):
    parts = [Part(periods.parse(f"2026-{month:02d}"), 2_500) for month in (4, 5, 6)]
    with pytest.raises(Refusal, match="不能按月相加"):
        three(world, "win_rate", 7_500, 2_500, 2_500, parts=parts)


def test_a_rate_for_each_day_is_refused(world: World):
    with pytest.raises(Refusal, match="不是数量"):
        three(world, "win_rate", 2_500, 2_500, 2_500, per="day")
