"""Months set by hand in the preview of a spread: they stay, the rest falls on the other months and down the tree."""

from __future__ import annotations

import pytest

from pacesetter.goals import acts
from pacesetter.goals.models import Goal, GoalPart, GoalVersion
from tests.web.spreading_company import (
    AMOUNT,
    Company,
    company,
    company_goal,
    everything_adds_up,
    send,
    shown,
)
from tests.world import AT, put_in_force

__all__ = ["company"]
pytestmark = pytest.mark.usefixtures("on_the_day")


def months_of(goal: Goal) -> dict[str, tuple[int, bool]]:
    version = GoalVersion.objects.filter(goal=goal).latest("number")
    return {part.label: (part.target, part.hand_set) for part in GoalPart.objects.filter(version=version)}


def total(goal: Goal) -> int:
    return GoalVersion.objects.filter(goal=goal).latest("number").target


def test_months_of_the_company_a_team_and_a_person_are_kept_and_everything_adds_up(company: Company) -> None:
    world, teams, made = company
    goal = company_goal(world)
    before = send(world.director, goal)
    assert f'name="cell-t{teams[1].pk}-4"' in before.content.decode(), "every month has a box"
    cells = {
        "cell-top-0": "500万",
        f"cell-t{teams[2].pk}-3": "250万",
        f"cell-p{made[7].pk}t{teams[2].pk}-3": "123456.78",
        f"cell-p{made[8].pk}t{teams[3].pk}-11": "0",
    }
    preview = send(world.director, goal, previewed="1", **{**shown(before), **cells})
    assert preview.status_code == 200
    html = preview.content.decode()
    assert "其中手工设定的月份 ¥12.35万" in html
    assert {name: value for name, value in shown(preview).items() if name.startswith("cell-")} == cells
    assert send(world.director, goal, save="1", previewed="1", **shown(preview)).status_code == 302
    assert everything_adds_up() == 6
    assert months_of(goal)["2026-01"] == (500_000_000, True)
    assert sum(value for value, _by_hand in months_of(goal).values()) == AMOUNT
    assert months_of(Goal.objects.get(team=teams[2]))["2026-04"] == (250_000_000, True)
    assert months_of(Goal.objects.get(person=made[7]))["2026-04"] == (12_345_678, True)
    assert months_of(Goal.objects.get(person=made[8]))["2026-12"] == (0, True)
    by_hand = GoalPart.objects.filter(hand_set=True)
    assert by_hand.count() == 4


def test_a_month_by_hand_leaves_the_total_of_its_owner_as_it_was(company: Company) -> None:
    world, teams, made = company
    goal = company_goal(world)
    send(world.director, goal, save="1", previewed="1", **shown(send(world.director, goal)))
    mine = Goal.objects.get(person=made[7])
    had, months = total(mine), months_of(mine)
    cell = {f"cell-p{made[7].pk}t{teams[2].pk}-5": "1"}
    assert (
        send(world.director, goal, save="1", previewed="1", **cell, **shown(send(world.director, goal))).status_code
        == 302
    )
    assert total(mine) == had
    assert months_of(mine)["2026-06"] == (100, True)
    others = [label for label in months if label != "2026-06"]
    assert all(months_of(mine)[label][0] >= months[label][0] for label in others)
    assert everything_adds_up() == 6


def test_months_set_by_hand_before_are_shown_again_and_can_be_let_go(company: Company) -> None:
    world, teams, made = company
    goal, name = company_goal(world), f"cell-p{company[2][7].pk}t{company[1][2].pk}-3"
    send(world.director, goal, save="1", previewed="1", **{**shown(send(world.director, goal)), name: "66000"})
    kept = shown(send(world.director, goal))
    assert kept[name] == "66000"
    assert send(world.director, goal, save="1", previewed="1", **{**kept, name: ""}).status_code == 302
    assert not any(by_hand for _value, by_hand in months_of(Goal.objects.get(person=made[7])).values())
    assert everything_adds_up() == 6
    assert teams


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"cell-top-0": "1亿", "cell-top-1": "3000万"}, "手工设定的各月加起来比合计多 ¥6,543,211.00。改小几个月"),
        ({"cell-TEAM-3": "1亿"}, "2026-04：手工设定的数比可分的多"),
        ({f"cell-PERSON-{place}": "60万" for place in range(9)}, "销售07：手工设定的各月加起来比合计多"),
    ],
)
def test_more_by_hand_than_there_is_is_refused_and_what_was_typed_stays(
    company: Company, cells: dict[str, str], says: str
) -> None:
    world, teams, made = company
    goal = company_goal(world)
    named = {
        name.replace("TEAM", f"t{teams[2].pk}").replace("PERSON", f"p{made[7].pk}t{teams[2].pk}"): value
        for name, value in cells.items()
    }
    answer = send(world.director, goal, save="1", previewed="1", **{**shown(send(world.director, goal)), **named})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert named.items() <= shown(answer).items()
    assert not Goal.objects.exclude(pk=goal.pk).exists(), "nothing was saved"


def test_a_month_that_cannot_be_read_is_named_beside_its_box(company: Company) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    answer = send(world.director, goal, save="1", previewed="1", **{"cell-top-2": "三百"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert 'value="三百"' in html
    assert "写成数字" in html.split('name="cell-top-2"')[1][:600]


def test_months_of_a_locked_goal_stand_and_the_others_make_room(company: Company) -> None:
    world, teams, made = company
    goal = company_goal(world)
    cell = {f"cell-p{made[7].pk}t{teams[2].pk}-3": "77700"}
    send(world.director, goal, save="1", previewed="1", **{**shown(send(world.director, goal)), **cell})
    put_in_force(Goal.objects.values_list("pk", flat=True))
    mine = Goal.objects.get(person=made[7])
    acts.lock_goals([mine.pk], by=world.director, at=AT)
    months = months_of(mine)
    page = send(world.director, goal)
    assert f"cell-p{made[7].pk}t{teams[2].pk}-3" not in page.content.decode(), "no box: it is locked"
    other = {f"cell-t{teams[2].pk}-3": "150万"}
    assert send(world.director, goal, save="1", previewed="1", **{**shown(page), **other}).status_code == 302
    assert months_of(mine) == months
    assert everything_adds_up() == 6


def test_a_box_that_no_line_has_moves_nothing(company: Company) -> None:
    world, teams, made = company
    goal = company_goal(world)
    stray = {f"cell-p{made[1].pk}t{teams[4].pk}-3": "5", "cell-top-99": "7", "cell-nobody": "3"}
    answer = send(world.director, goal, save="1", previewed="1", **{**shown(send(world.director, goal)), **stray})
    assert answer.status_code == 302
    assert not GoalPart.objects.filter(hand_set=True).exists()
    assert everything_adds_up() == 6
