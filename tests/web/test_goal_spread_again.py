"""Spreading again: goals of whoever has left or moved away are shown, go with the spread, and return with it."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.people import acts as people
from tests.web.spreading_company import YEAR, Company, client, company, company_goal, everything_adds_up, send, shown
from tests.world import AT, put_in_force

__all__ = ["company"]
pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def spread(company: Company) -> Goal:
    """Spread and published; then one left, and the company is to be spread again."""
    world, _teams, made = company
    goal = company_goal(world)
    send(world.director, goal, save="1", previewed="1", **shown(send(world.director, goal)))
    put_in_force(Goal.objects.values_list("pk", flat=True))
    people.leave(person=made[7], on=date(2026, 3, 14), reason="测试", by=None, at=AT)
    return goal


def offered(html: str) -> list[str]:
    """The ticked boxes of goals to be withdrawn."""
    return re.findall(r'name="go" value="(\d+:\d+)" checked', html)


def of(person: int) -> Goal:
    return Goal.objects.get(person=person)


def standing(goal: Goal) -> reads.GoalView:
    return reads.book([goal])[goal.pk]


def test_the_goal_of_somebody_who_left_goes_with_the_spread_and_returns_with_its_undoing(
    company: Company, spread: Goal
) -> None:
    world, _teams, made = company
    theirs = of(made[7].pk)
    had = standing(theirs).in_force.row.target
    preview = send(world.director, spread)
    html = preview.content.decode()
    assert "将收回" in html
    assert "销售07" in html
    assert "2026-03-14 离职" in html
    assert offered(html) == [f"{theirs.pk}:1"]
    sent = {**shown(preview), "go": offered(html), "go-reason": "离职"}
    saved = send(world.director, spread, save="1", previewed="1", **sent)
    assert saved.status_code == 302
    assert standing(theirs).shown is None
    assert GoalEvent.objects.get(version__goal=theirs, kind="withdrawn").reason == "离职"
    assert everything_adds_up() == 6

    entry = Entry.objects.filter(act="draft_goals").latest("id")
    undone = client(world.director).post(f"/goals/spread/undo/{entry.pk}/", {"key": uuid.uuid4().hex})
    assert undone.status_code == 302
    assert standing(theirs).in_force.row.target == had
    assert everything_adds_up() == 6


def test_what_is_not_ticked_any_more_stays(company: Company, spread: Goal) -> None:
    world, _teams, made = company
    preview = send(world.director, spread)
    saved = send(world.director, spread, save="1", previewed="1", **shown(preview))
    assert saved.status_code == 302
    assert standing(of(made[7].pk)).in_force is not None
    assert not GoalEvent.objects.filter(kind="withdrawn", version__goal__person=made[7]).exists()


def test_a_published_goal_needs_its_reason(company: Company, spread: Goal) -> None:
    world, _teams, made = company
    preview = send(world.director, spread)
    sent = {**shown(preview), "go": offered(preview.content.decode()), "go-reason": "  "}
    refused = send(world.director, spread, save="1", previewed="1", **sent)
    assert refused.status_code == 422
    assert "收回已发布的目标要写明原因。" in refused.content.decode()
    assert not GoalEvent.objects.filter(kind="withdrawn", version__goal__person=made[7]).exists()


def test_what_changed_meanwhile_is_not_withdrawn_unseen(company: Company, spread: Goal) -> None:
    world, _teams, made = company
    preview = send(world.director, spread)
    theirs = of(made[7].pk)
    acts.draft_goals([Draft("won_amount", "person", YEAR, 1_00, person=made[7].pk)], origin="hand",
                     by=world.leader, at=AT)  # fmt: skip
    sent = {**shown(preview), "go": offered(preview.content.decode()), "go-reason": "离职"}
    refused = send(world.director, spread, save="1", previewed="1", **sent)
    assert refused.status_code == 422
    assert "在你看过之后又改了" in refused.content.decode()
    assert standing(theirs).draft is not None


def test_somebody_who_moved_to_another_team_before_the_period_goes_from_the_old_one(company: Company) -> None:
    world, teams, made = company
    second = periods.parse("2026Q2")
    acts.draft_goals([Draft("won_amount", "team", second, 60_000_00, team=teams[2].pk)], origin="hand",
                     by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    send(world.director, goal, save="1", previewed="1", **shown(send(world.director, goal)))
    people.transfer(person=made[7], team=teams[0], on=date(2026, 3, 16), reason="充实一队", by=None, at=AT)
    preview = send(world.director, goal)
    html = preview.content.decode()
    theirs = of(made[7].pk)
    assert offered(html) == [f"{theirs.pk}:1"]
    assert "已不在这些团队" in html
    sent = {**shown(preview), "go": offered(html), "go-reason": "调到一队"}
    assert send(world.director, goal, save="1", previewed="1", **sent).status_code == 302
    assert standing(theirs).shown is None
    assert everything_adds_up() == 1


def test_a_draft_of_a_team_that_has_nobody_left_goes_too(company: Company) -> None:
    """销售5队 loses everybody: its goal and those of its people go, the company still adds up."""
    world, teams, made = company
    goal = company_goal(world)
    send(world.director, goal, save="1", previewed="1", **shown(send(world.director, goal)))
    gone = [person for place, person in enumerate(made) if place % 5 == 4]
    for person in gone:
        people.leave(person=person, on=date(2026, 3, 14), reason="撤队", by=None, at=AT)
    preview = send(world.director, goal)
    html = preview.content.decode()
    assert "这个团队不在这次的分解里" in html
    assert len(offered(html)) == 7
    sent = {**shown(preview), "go": offered(html), "go-reason": "撤队"}
    assert send(world.director, goal, save="1", previewed="1", **sent).status_code == 302
    assert everything_adds_up() == 5
    assert standing(Goal.objects.get(team=teams[4])).shown is None


def test_locked_goals_and_those_of_others_stay(company: Company, spread: Goal) -> None:
    """A locked one is named and stays; a manager is offered none of those that the director put in force."""
    world, teams, made = company
    acts.lock_goals([of(made[7].pk).pk], by=world.director, at=AT)
    html = send(world.director, spread).content.decode()
    assert "已锁定，要走目标调整申请" in html
    assert offered(html) == []
    people.change_team(team=teams[3], leader=world.leader, by=None, at=AT)
    people.leave(person=made[8], on=date(2026, 3, 14), reason="测试", by=None, at=AT)
    mine = Goal.objects.get(team=teams[3])
    answer = send(world.leader, mine)
    assert answer.status_code == 200
    assert offered(answer.content.decode()) == []
