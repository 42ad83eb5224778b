"""The spread tool: a year's amount down to teams, people and months, adding up exactly whatever is set by hand."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalPart, GoalVersion
from pacesetter.journal.models import Entry
from pacesetter.people import acts as people
from tests.web.spreading_company import (
    AMOUNT,
    YEAR,
    Company,
    client,
    company,
    company_goal,
    everything_adds_up,
    send,
    shown,
)
from tests.world import AT

__all__ = ["company"]
pytestmark = pytest.mark.usefixtures("on_the_day")


def test_a_year_is_spread_to_teams_people_and_months_exactly(company: Company) -> None:
    """Also after a hand-set value, with a transfer in the middle of a month and a newcomer on half the target."""
    world, teams, made = company
    goal = company_goal(world)
    preview = send(world.director, goal)
    assert preview.status_code == 200, preview.content.decode()[:2000]
    html = preview.content.decode()
    assert "在岗与爬坡折算" in html
    assert "前 12 个月" not in html, "a blend names its parts"
    assert send(world.director, goal, save="1", previewed="1", **shown(preview)).status_code == 302
    assert everything_adds_up() == 6
    assert set(Goal.objects.filter(owner_kind="team").values_list("team_id", flat=True)) == {team.pk for team in teams}
    assert Goal.objects.filter(owner_kind="person").values("person").distinct().count() == 30

    moved = Goal.objects.filter(person=made[0]).order_by("start")
    assert [(g.start, g.end) for g in moved] == [(date(2026, 1, 1), date(2026, 3, 10)),
                                                 (date(2026, 3, 10), date(2027, 1, 1))]  # fmt: skip
    one, two = (g.versions.get().parent.team_id for g in moved)
    assert (one, two) == (teams[0].pk, teams[1].pk)

    newcomer = GoalVersion.objects.get(goal__person=made[29])
    parts = {part.label: part.target for part in GoalPart.objects.filter(version=newcomer)}
    assert parts["2026-01"] == 0, "not there yet"
    assert parts["2026-04"] < parts["2026-06"] < parts["2027-01" if "2027-01" in parts else "2026-12"] * 2

    by_hand = f"fix-p{made[7].pk}t{teams[2].pk}"
    again = send(world.director, goal, previewed="1", **{**shown(send(world.director, goal)), by_hand: "99万"})
    assert again.status_code == 200
    saved = send(world.director, goal, save="1", previewed="1", **shown(again))
    assert saved.status_code == 302
    assert everything_adds_up() == 6
    version = GoalVersion.objects.filter(goal__person=made[7]).latest("number")
    assert (version.target, version.hand_set) == (99_000_000, True)


def test_the_boxes_take_the_sign_of_the_company_and_no_other(company: Company) -> None:
    world, teams, made = company
    world.company.currency = "USD"
    world.company.save()
    goal, name = company_goal(world), f"fix-p{made[7].pk}t{teams[2].pk}"
    taken = send(world.director, goal, previewed="1", **{**shown(send(world.director, goal)), name: "$990,000"})
    assert taken.status_code == 200
    assert "$990,000.00" in taken.content.decode()
    assert send(world.director, goal, previewed="1", **{**shown(taken), name: "¥990,000"}).status_code == 422


def test_what_was_set_by_hand_before_is_kept_and_can_be_let_go(company: Company) -> None:
    world, teams, made = company
    goal = company_goal(world)
    name = f"fix-p{made[7].pk}t{teams[2].pk}"
    send(world.director, goal, save="1", previewed="1", **{**shown(send(world.director, goal)), name: "990000"})
    kept = shown(send(world.director, goal))
    assert kept[name] == "990000"
    freed = send(world.director, goal, save="1", previewed="1", **{**kept, name: ""})
    assert freed.status_code == 302
    assert not GoalVersion.objects.filter(goal__person=made[7]).latest("number").hand_set
    assert everything_adds_up() == 6


def test_a_spread_is_undone_in_one_go(company: Company) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    send(world.director, goal, save="1", previewed="1", **shown(send(world.director, goal)))
    entry = Entry.objects.filter(act="draft_goals").latest("id")
    html = client(world.director).get(f"/goals/spread/?from={goal.pk}").content.decode()
    assert f"/goals/spread/undo/{entry.pk}/" in html
    assert client(world.leader).post(f"/goals/spread/undo/{entry.pk}/", {"key": "x" * 8}).status_code == 404
    answer = client(world.director).post(f"/goals/spread/undo/{entry.pk}/", {"key": uuid.uuid4().hex})
    assert answer.status_code == 302
    book = reads.book(Goal.objects.all())
    assert [view.pk for view in book if view.shown] == [goal.pk]
    assert book[goal.pk].shown.row.target == AMOUNT


def test_somebody_who_changed_a_share_meanwhile_is_not_overwritten(company: Company) -> None:
    world, _teams, made = company
    goal = company_goal(world)
    looked_at = shown(send(world.director, goal))
    other = Draft("won_amount", "person", YEAR, 5_000_000, person=made[3].pk)
    acts.draft_goals([other], origin="hand", by=world.leader, at=AT)
    answer = send(world.director, goal, save="1", previewed="1", **looked_at)
    assert answer.status_code == 422
    assert "王敏 已经把它改到第 1 版" in answer.content.decode()


def test_too_much_by_hand_is_refused_in_words(company: Company) -> None:
    world, teams, _made = company
    goal = company_goal(world)
    answer = send(world.director, goal, previewed="1", **{f"fix-t{teams[0].pk}": "9亿"})
    assert answer.status_code == 422
    assert "手工设定的数比可分的多" in answer.content.decode()


def test_a_pasted_table_sets_values_and_names_what_it_cannot_read(company: Company) -> None:
    world, _teams, made = company
    goal = company_goal(world)
    table = "姓名\t目标（万元）\n销售05\t320\nS006\t280"
    answer = send(world.director, goal, paste=table)
    assert answer.status_code == 200
    held = shown(answer)
    assert {value for name, value in held.items() if name.startswith("fix-")} == {"3200000", "2800000"}
    wrong = send(world.director, goal, paste=table + "\n没这个人\t10\n销售08\t三百")
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "没有这个人或团队" in html
    assert "写成数字" in html
    assert made


@pytest.mark.parametrize("kind", ["history", "ability", "resources", "potential", "headcount", "equal"])
def test_every_weight_adds_up(company: Company, kind: str) -> None:
    world, _teams, _made = company
    goal = company_goal(world)
    choice = {"by_history": "", "by_equal": "", f"by_{kind}": "100", "months_by": "history", "unit": "1"}
    preview = send(world.director, goal, **choice)
    assert preview.status_code == 200
    assert send(world.director, goal, save="1", previewed="1", **{**choice, **shown(preview)}).status_code == 302
    # one seller alone has customers to work with
    assert everything_adds_up() == (2 if kind == "resources" else 6)


def test_a_manager_spreads_the_own_team_only(company: Company) -> None:
    world, teams, _made = company
    people.change_team(team=teams[2], leader=world.leader, by=None, at=AT)
    goal = company_goal(world)
    acts.draft_goals([Draft("won_amount", "team", YEAR, 6_000_000_00, team=teams[2].pk, above=goal.pk),
                      Draft("won_amount", "team", YEAR, 6_000_000_00, team=teams[3].pk, above=goal.pk)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    mine, other = (Goal.objects.get(team=team) for team in teams[2:4])
    assert send(world.leader, goal).status_code == 404
    assert send(world.leader, other).status_code == 404
    preview = send(world.leader, mine)
    assert preview.status_code == 200
    assert send(world.leader, mine, save="1", previewed="1", **shown(preview)).status_code == 302
    made = Goal.objects.filter(owner_kind="person")
    assert made.count() == 6
    assert {g.versions.get().parent_id for g in made} == {mine.pk}
