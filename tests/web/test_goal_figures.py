"""Figures of goals on their pages: rates roll up, and what is set for each day reads as one for each day.

What was sold stands in `selling_goals.py`. The day is Monday 2026-03-16: pages stand at the end of Sunday.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from pacesetter.worker import chores
from tests.web.selling_goals import Q1, as_reader, page, sold
from tests.world import AT, TODAY, World, put_in_force

MARCH = periods.parse("2026-03")
pytestmark = pytest.mark.usefixtures("on_the_day")


def of_the_area(world: World, metric: str, above: int, one: int, two: int) -> None:
    """The area's goal of the first quarter and those of its two teams, in force."""
    top = Draft(metric, "team", Q1, above, team=world.east_area.pk)
    below = [Draft(metric, "team", Q1, value, team=team.pk, above=identity(top))
             for value, team in ((one, world.east1), (two, world.east2))]  # fmt: skip
    acts.draft_goals([top, *below], origin="hand", by=world.director, at=AT)
    ids = Goal.objects.filter(metric=metric).values_list("pk", flat=True)
    put_in_force(ids)


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


def daily(world: World, per: str, target: int) -> Goal:
    """孙浩's deals won of March for each day or week; he wins one on the 5th."""
    sold(world)
    acts.draft_goals([Draft("deals_won", "person", MARCH, target, person=world.veteran.pk, per=per)], origin="hand",
                     by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get(per=per)
    put_in_force([goal.pk])
    return goal


def row_of(html: str, goal: Goal) -> str:
    """The words of a goal's row."""
    return words(html.split(f'data-goal="{goal.pk}"')[1].split("</tr>")[0])


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_a_number_for_each_day_stands_beside_what_was_done_a_day(world: World) -> None:
    """10 working days from the 2nd to the 13th: one deal is 0.1 a day of 2, so 1.9 are missing."""
    goal = daily(world, "day", 2)
    html = page(world.director, "/goals/?metric=deals_won&period=2026-03")
    told = row_of(html, goal)
    assert re.search(r"每日 成单数 .* 2 0\.1 5\.0% 2 差 1\.9 ", told), told
    html = words(page(world.director, f"/goals/{goal.pk}/").split('class="figures"')[1].split('class="columns')[0])
    assert re.search(r"每日 目标 2 实际 0\.1 达成 5\.0% 应完成 2 .*差距 差 1\.9 ", html), html
    # 22 working days ask for 44: 43 are left for 12 days
    assert "剩 12 个工作日，日均需完成 3.6" in html
    why = words(page(world.director, f"/goals/{goal.pk}/expected/"))
    assert "到今天 10 个工作日，合计 2 × 10 = 20" in why
    assert "合计 1 ÷ 10 个工作日 = 0.1" in why
    assert "整个期间的平均达到目标就算达成" in why


def test_a_number_for_each_week_counts_five_working_days_as_one(world: World) -> None:
    """10 working days are two weeks: one deal is 0.5 a week."""
    goal = daily(world, "week", 2)
    told = row_of(page(world.director, "/goals/?metric=deals_won&period=2026-03"), goal)
    assert re.search(r"每周 成单数 .* 2 0\.5 25\.0% 2 差 1\.5 ", told), told


def test_the_page_of_an_ended_goal_says_what_its_average_was(world: World) -> None:
    goal = daily(world, "day", 2)
    chores.goals_end(datetime(2026, 5, 2, 1, 0, tzinfo=UTC))
    html = words(page(world.director, f"/goals/{goal.pk}/"))
    assert "这个目标已结束：未达成" in html
    assert "合计 1，22 个工作日，平均每日 &lt;0.1；平均达到 2 算达成。" in html


def closed(world: World, owner: Person, state: str, counts: dict[str, int]) -> None:
    """So many deals of somebody, won or lost in the middle of these months."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label=f"{owner.pk} {state}") as batch:
        (customer,) = batch.customers([bulk.CustomerRow(f"客户 {owner.pk}", owner_id=owner.pk)])
        rows = [
            bulk.DealRow(f"{month} {number}", state, customer_id=customer, owner_id=owner.pk, amount_minor=100,
                         opened_on=date(2025, 9, 1), closed_on=date.fromisoformat(f"{month}-10"))
            for month, count in counts.items() for number in range(count)
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)


def check_of(world: World, person: Person, query: str) -> str:
    asked = f"owner=person:{person.pk}&period=2026-04&weight=100&pace_basis=days&{query}"
    return words(page(world.director, f"/goals/check/?{asked}"))


def test_a_number_for_each_day_is_checked_against_what_was_done_a_day(world: World) -> None:
    """23, 21 and 16 working days: 46, 42 and 32 wins are two a day each month."""
    closed(world, world.veteran, "won", {"2025-12": 46, "2026-01": 42, "2026-02": 32})
    assert "过去 3 期最好 2，目标 3 = +50.0%" in check_of(world, world.veteran, "metric=deals_won&per=day&target=3")
    assert "过去 3 期最好 2，目标 2 = +0.0%" in check_of(world, world.veteran, "metric=deals_won&per=day&target=2")
    # five working days make a week
    assert "过去 3 期最好 10，目标 10 = +0.0%" in check_of(world, world.veteran, "metric=deals_won&per=week&target=10")
    assert "过去 3 期最好 46，目标 50 = +8.7%" in check_of(world, world.veteran, "metric=deals_won&target=50")


def test_where_less_is_better_the_best_are_those_who_stay_furthest_below(world: World) -> None:
    february = periods.parse("2026-02")
    acts.draft_goals(
        [Draft("deals_lost", "person", february, 10, person=person.pk) for person in (world.veteran, world.rep2)],
        origin="import", by=None, at=AT, history=True,
    )  # fmt: skip
    put_in_force(Goal.objects.values_list("pk", flat=True))
    closed(world, world.veteran, "lost", {"2026-02": 2})
    closed(world, world.rep2, "lost", {"2026-02": 9})
    query = "metric=deals_lost&target=10"
    assert "在前 20%，挑战线要到 9" in check_of(world, world.veteran, query)
    assert "不在前列，不要求挑战线" in check_of(world, world.rep2, query)


@pytest.mark.parametrize(("won", "shown"), [(2, "2/5 "), (7, "70.0% 140.0% 50.0% 超 20.0 个百分点 ▲ 超前")])
def test_a_rate_on_few_cases_says_how_many_and_is_not_judged(world: World, won: int, shown: str) -> None:
    """Three are lost: 2 of 5 are too few, 7 of 10 are a rate of 70 %."""
    acts.draft_goals([Draft("win_rate", "person", MARCH, 5_000, person=world.veteran.pk)], origin="hand",
                     by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    closed(world, world.veteran, "won", {"2026-03": won})
    closed(world, world.veteran, "lost", {"2026-03": 3})
    few = won == 2
    told = row_of(page(world.director, "/goals/?metric=win_rate&period=2026-03"), goal)
    assert shown in told
    assert ("样本太少" in told) is few
    head = words(page(world.director, f"/goals/{goal.pk}/").split('class="figures"')[1].split('class="columns')[0])
    assert ("样本太少" in head, " 40.0%" in head, "达成" in head) == (few, False, not few)
    why = words(page(world.director, f"/goals/{goal.pk}/expected/"))
    assert ("样本太少" in why) is few
    assert ("超前" in why.split("是什么")[0]) is not few
    chart = page(world.director, f"/goals/{goal.pk}/").split('class="chart')[1].split("</figure>")[0]
    assert ">40.0%" not in chart


def test_the_expected_page_by_a_curve_shows_what_each_comparable_month_had_done(world: World) -> None:
    """Four months with a quarter of the amount on the 10th; by 13 March 10 of 22 working days have passed."""
    months = ["2025-09", "2025-10", "2025-11", "2025-12"]
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="curve") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        rows = [
            bulk.DealRow(f"{month} {day}", "won", customer_id=customer, owner_id=world.veteran.pk, amount_minor=amount,
                         opened_on=date(2025, 8, 1), closed_on=date.fromisoformat(f"{month}-{day}"))
            for month in months for day, amount in (("10", 100_00), ("28", 300_00))
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    acts.draft_goals([Draft("won_amount", "person", MARCH, 400_00, person=world.veteran.pk, pace_basis="curve")],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    why = words(page(world.director, f"/goals/{goal.pk}/expected/"))
    assert "按历史节奏，4 个可比期间的平均" in why
    told = why.split("可比期间到同样进度时完成了多少")[2]
    assert re.search(r"2025-09 25\.0% 2025-10 25\.0% 2025-11 25\.0% 2025-12 25\.0% 平均 25\.0%", told), told
    assert "通常累计到" in told
    assert re.search(r"2026 年 3 月 22 10 100\.0%", told), told
