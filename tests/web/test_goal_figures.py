"""Figures of goals on their pages: rates roll up, and what is set for each day reads as one for each day.

What was sold stands in `selling_goals.py`. The day is Monday 2026-03-16: pages stand at the end of Sunday.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal
from tests.web.selling_goals import Q1, as_reader, page
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def of_the_area(world: World, metric: str, above: int, one: int, two: int) -> None:
    """The area's goal of the first quarter and those of its two teams, in force."""
    top = Draft(metric, "team", Q1, above, team=world.east_area.pk)
    below = [Draft(metric, "team", Q1, value, team=team.pk, above=identity(top))
             for value, team in ((one, world.east1), (two, world.east2))]  # fmt: skip
    acts.draft_goals([top, *below], origin="hand", by=world.director, at=AT)
    ids = Goal.objects.filter(metric=metric).values_list("pk", flat=True)
    acts.publish_goals(list(ids), by=world.director, at=AT)


def test_the_tree_says_that_rates_are_not_summed(world: World) -> None:
    of_the_area(world, "win_rate", 2_500, 2_000, 3_000)
    html = page(world.director, "/goals/?metric=win_rate&period=2026Q1")
    assert "比率不相加：下级 20.0% 到 30.0%，分母还没有计划" in html
    assert "下级合计 200" not in html


def test_the_tree_weighs_an_average_by_its_planned_bottom(world: World) -> None:
    """30 deals of ¥10,000 and 10 of ¥20,000 are 40 of ¥12,500."""
    of_the_area(world, "deals_won", 40, 30, 10)
    of_the_area(world, "average_order_value", 12_500_00, 10_000_00, 20_000_00)
    client = as_reader(world.director)
    tree, goal = "/goals/?metric=average_order_value&period=2026Q1", Goal.objects.get(
        metric="average_order_value", team=world.east_area
    )  # fmt: skip
    html = client.get(tree).content.decode()
    band = html.split('class="bands"')[1].split("</ol>")[0]
    assert 'title="' not in band, "no sum of averages"
    for path in (tree, f"/goals/{goal.pk}/"):
        with CaptureQueriesContext(connection) as asked:
            html = client.get(path).content.decode()
        assert "下级按分母合起来 ¥1.25万，对得上" in html
        assert len(asked) <= 25
