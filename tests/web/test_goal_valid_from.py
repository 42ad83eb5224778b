"""A version holds from its own day on, on every door; the day lies within the goal's period.

The day is Monday 2026-03-16; pages stand at the end of Sunday. March 2026 has 22 working days: 10 up to then, 12 up to
and with the 17th.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from pacesetter import assembly
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from tests.web.selling_goals import page, sold
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")

MARCH = periods.parse("2026-03")
LATER = date(2026, 3, 18)


@pytest.fixture
def sales(world: World) -> World:
    return sold(world)


def put(world: World, target: int, since: date | None = None, **more: Any) -> Goal:
    draft = Draft("deals_won", "person", MARCH, target, person=world.veteran.pk, valid_from=since, **more)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get(metric="deals_won")
    put_in_force([goal.pk])
    return goal


def told(capsys: Any, as_of: str, what: str = "pace") -> dict[str, Any]:
    more = ("--as-of", as_of) if what == "pace" else ()
    call_command("metric", what, "--of", "deals_won", "--by", "person", "--from", "2026-03-01", "--to", "2026-04-01",
                 *more, "--json")  # fmt: skip
    return json.loads(capsys.readouterr().out)[0]


def test_the_command_line_goes_by_the_version_of_the_day(sales: World, capsys: Any) -> None:
    put(sales, 22)
    put(sales, 88, LATER)
    assert (told(capsys, "2026-03-17")["target"], told(capsys, "2026-03-17")["expected"]) == (22, 12)
    # 13 of 22 days with the 18th
    assert (told(capsys, "2026-03-18")["target"], told(capsys, "2026-03-18")["expected"]) == (88, 52)
    assert told(capsys, "", "attainment")["bottom"] == 22


def test_both_figures_of_a_page_and_the_tree_go_by_today(sales: World) -> None:
    goal = put(sales, 22)
    put(sales, 88, LATER)
    html = page(sales.director, f"/goals/{goal.pk}/")
    assert "应完成 10。" in html  # under the chart
    assert html.split("应完成</span>")[1].split("</div>")[0].count(">10<") == 1
    assert "第 2 版从 2026-03-18 起生效：" in html
    assert "已发布" in html.split("</h1>")[1][:400]
    tree = page(sales.director, "/goals/?metric=deals_won&period=2026-03")
    row = tree.split(f'data-goal="{goal.pk}"')[1].split("</tr>")[0]
    assert 'title="22"' in row
    assert 'title="88"' not in row
    assert "应完成 = " in page(sales.director, f"/goals/{goal.pk}/expected/")


def test_on_its_day_the_new_version_holds_at_the_head_and_on_the_chart(sales: World) -> None:
    """Valid from today: the page stands at the end of yesterday, 10 of 22 days, with the goal of today."""
    goal = put(sales, 22)
    put(sales, 88, TODAY)
    html = page(sales.director, f"/goals/{goal.pk}/")
    assert "应完成 40。" in html
    assert html.split("应完成</span>")[1].split("</div>")[0].count(">40<") == 1
    assert "起生效：" not in html


def test_the_board_the_day_and_the_calculator_ask_for_the_version_of_the_day(sales: World) -> None:
    put(sales, 22)
    put(sales, 88, LATER)
    for on, target in ((LATER - timedelta(days=1), 22), (LATER, 88)):
        assert [line.target for line in assembly.aims({"person": [sales.veteran.pk]}, on)] == [target]
        found = assembly.pace_in("deals_won", MARCH.start, MARCH.end, until=on, company=sales.company,
                                 reach=sales.reach(sales.director))  # fmt: skip
        assert [row.target for row in found.values()] == [target]


def test_the_months_of_a_version_come_and_go_with_it(sales: World) -> None:
    quarter = periods.parse("2026Q1")
    months = [periods.parse(f"2026-{n:02d}") for n in (1, 2, 3)]

    def version(values: tuple[int, int, int], since: date | None) -> None:
        parts = [Part(month, value) for month, value in zip(months, values, strict=True)]
        acts.draft_goals([Draft("deals_won", "person", quarter, sum(values), person=sales.veteran.pk, parts=parts,
                                valid_from=since)], origin="hand", by=sales.director, at=AT)  # fmt: skip
        put_in_force([Goal.objects.get().pk])

    version((10, 20, 30), None)
    version((10, 20, 60), LATER)
    asked = assembly.aimed("deals_won", quarter.start, quarter.end, reach=None, by=("person", "month"), today=TODAY)
    assert [row.cell.bottom for row in assembly.attainment(asked)] == [10, 20, 30]
    later = assembly.aimed("deals_won", quarter.start, quarter.end, reach=None, by=("person", "month"), today=LATER)
    assert [row.cell.bottom for row in assembly.attainment(later)] == [10, 20, 60]


def test_acts_build_on_the_newest_version_also_before_its_day(sales: World) -> None:
    goal = put(sales, 22)
    put(sales, 88, LATER)
    view = reads.seen(sales.reach(sales.director), [goal])[goal.pk]
    assert view.in_force is not None
    assert view.latest is view.coming
    assert (view.in_force.row.target, view.latest.row.target, view.status) == (22, 88, "published")
    acts.lock_goals([goal.pk], by=sales.director, at=AT)
    assert reads.heads([goal])[goal.pk].in_force.status == "locked"


def test_before_its_time_a_goal_goes_by_the_version_of_its_first_day(sales: World) -> None:
    """What was replaced for the whole period holds on none of its days, so nobody is told of it meanwhile."""
    quarter = periods.parse("2026Q2")
    for target in (50, 60):
        acts.draft_goals([Draft("deals_won", "person", quarter, target, person=sales.veteran.pk)], origin="hand",
                         by=sales.director, at=AT)  # fmt: skip
        put_in_force([Goal.objects.get().pk])
    goal = Goal.objects.get()
    view = reads.seen(sales.reach(sales.veteran), [goal])[goal.pk]
    assert view.in_force is not None
    assert (view.in_force.row.target, view.coming) == (60, None)
    assert assembly.standing([view], until=TODAY, reach=None)[goal.pk].target == 60
    asked = assembly.aimed("deals_won", quarter.start, quarter.end, reach=None, by=("person",), today=TODAY)
    assert [row.cell.bottom for row in assembly.attainment(asked)] == [60]
    # one that begins later in the period still waits for its day
    acts.draft_goals([Draft("deals_won", "person", quarter, 70, person=sales.veteran.pk, valid_from=date(2026, 5, 1))],
                     origin="hand", by=sales.director, at=AT)  # fmt: skip
    put_in_force([goal.pk])
    assert reads.seen(sales.reach(sales.veteran), [goal])[goal.pk].in_force.row.target == 60
    assert [row.cell.bottom for row in assembly.attainment(asked)] == [60]
    steps = [quarter.start, date(2026, 4, 30), date(2026, 5, 31)]
    points = assembly.course(reads.book([goal])[goal.pk], steps, today=TODAY, reach=None,
                             calendars=reads.Days(quarter.start, quarter.end))  # fmt: skip
    assert [point.line.target for point in points] == [60, 60, 70]


# --- outside the period ---
@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 4, 1)])
def test_a_day_outside_the_period_is_refused(sales: World, day: date) -> None:
    with pytest.raises(Refusal) as refusal:
        put(sales, 22, day)
    assert (refusal.value.code, refusal.value.field) == ("valid_from", "valid_from")
    assert not Goal.objects.exists()


def test_the_last_day_is_within(sales: World) -> None:
    assert put(sales, 22, date(2026, 3, 31)).versions.get().valid_from == date(2026, 3, 31)
