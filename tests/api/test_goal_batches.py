"""Many goals at once through the API: all of them or none, each by whoever may, each as it was read."""

from __future__ import annotations

from typing import Any

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from tests.api.calling import Program
from tests.world import AT, World, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
Q2 = periods.parse("2026Q2")


@pytest.fixture
def drafts(world: World) -> list[int]:
    """The team's goal of 200.00 and two below it of 100.00 each; the company's own stands."""
    acts.draft_goals([Draft("won_amount", "company", Q2, 200_00)], origin="hand", by=world.director, at=AT)
    top = Goal.objects.get()
    put_in_force([top.pk])
    team = Draft("won_amount", "team", Q2, 200_00, team=world.east1.pk, above=top.pk)
    acts.draft_goals(
        [team, *(Draft("won_amount", "person", Q2, 100_00, person=who.pk, above=identity(team))
                 for who in (world.veteran, world.grower))],
        origin="hand", by=world.director, at=AT,
    )  # fmt: skip
    return list(Goal.objects.exclude(pk=top.pk).order_by("pk").values_list("pk", flat=True))


def batch(goals: list[int], version: int = 1, **more: Any) -> dict[str, Any]:
    return {"goals": [{"id": pk, "version": version} for pk in goals], **more}


def statuses(goals: list[int]) -> list[str]:
    return [view.status for view in reads.book(Goal.objects.filter(pk__in=goals).order_by("pk"))]


def test_a_batch_goes_from_the_manager_to_the_director_and_is_locked(world: World, drafts: list[int]) -> None:
    manager, director = Program(world.leader), Program(world.director)
    assert manager.post("/goals/publish", batch(drafts)).status_code == 404, "only the director publishes"
    assert [row["status"] for row in manager.post("/goals/submit", batch(drafts)).json()["items"]] == ["submitted"] * 3
    assert director.post("/goals/return", batch(drafts)).json()["field"] == "reason"
    assert director.post("/goals/return", batch(drafts, reason="先对齐")).status_code == 200
    assert statuses(drafts) == ["returned"] * 3
    assert GoalEvent.objects.filter(kind="returned", reason="先对齐").count() == 3
    manager.post("/goals/submit", batch(drafts))
    done = director.post("/goals/publish", batch(drafts, reason="二季度"))
    assert [(row["id"], row["in_force"]["number"]) for row in done.json()["items"]] == [(pk, 1) for pk in drafts]
    locked = director.post("/goals/lock", batch(drafts)).json()["items"]
    assert [row["locked"] for row in locked] == [True] * 3
    assert director.post("/goals/withdraw", batch(drafts, reason="团队解散")).json()["code"] == "status"
    assert statuses(drafts) == ["locked"] * 3


def test_published_goals_are_withdrawn_together_with_a_reason(world: World, drafts: list[int]) -> None:
    director = Program(world.director)
    director.post("/goals/publish", batch(drafts))
    assert Program(world.leader).post("/goals/withdraw", batch(drafts, reason="试试")).status_code == 404
    assert director.post("/goals/withdraw", batch(drafts)).json()["field"] == "reason"
    assert director.post("/goals/withdraw", batch(drafts, reason="团队解散")).status_code == 200
    assert statuses(drafts) == ["withdrawn"] * 3


def test_one_key_publishes_once(world: World, drafts: list[int]) -> None:
    director = Program(world.director)
    answers = [director.post("/goals/publish", batch(drafts), key="batch-0001") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert GoalEvent.objects.filter(kind="published", version__goal__in=drafts).count() == 3
    assert director.post("/goals/publish", batch(drafts[:1]), key="batch-0001").status_code == 422


def test_a_batch_is_whole_or_nothing(world: World, drafts: list[int]) -> None:
    director, manager = Program(world.director), Program(world.leader2)
    before = Entry.objects.count()
    for body, status, code in (
        (batch([*drafts, 10**9]), 404, "not_found"),
        (batch(drafts, version=2), 409, "conflict"),
        (batch([*drafts, drafts[0]]), 422, "twice"),
        (batch([]), 422, "invalid"),
    ):
        answer = director.post("/goals/publish", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
    assert manager.post("/goals/submit", batch(drafts)).status_code == 404
    assert statuses(drafts) == ["drafted"] * 3
    assert Entry.objects.count() == before


def test_a_version_that_was_followed_since_is_a_conflict_at_every_step(world: World, drafts: list[int]) -> None:
    director, path = Program(world.director), f"/goals/{drafts[1]}"
    more = {"return": {"reason": "先对齐"}, "withdraw": {"reason": "团队解散"}}

    def stale(step: str) -> list[int]:
        said = more.get(step, {})
        one = director.post(f"{path}/{step}", {"version": 2, **said})
        return [one.status_code, director.post(f"/goals/{step}", batch(drafts, version=2, **said)).status_code]

    for step in ("submit", "return", "publish"):
        assert stale(step) == [409, 409], step
        assert director.post(f"/goals/{step}", batch(drafts, **more.get(step, {}))).status_code == 200
        director.post("/goals/submit", batch(drafts))
    assert stale("lock") == stale("withdraw") == [409, 409]
    assert director.post(f"{path}/lock", {"version": 1}).status_code == 200
    assert director.post("/goals/submit", batch(drafts, reason="同意")).json()["code"] == "unknown_field"


def test_what_does_not_add_up_is_not_published(world: World, drafts: list[int]) -> None:
    less = Draft("won_amount", "person", Q2, 10_00, person=world.grower.pk, above=drafts[0])
    acts.draft_goals([less], origin="hand", by=world.director, at=AT)
    seen = [{"id": drafts[0], "version": 1}, {"id": drafts[1], "version": 1}, {"id": drafts[2], "version": 2}]
    answer = Program(world.director).post("/goals/publish", {"goals": seen})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "unbalanced", "goals")
    assert statuses(drafts) == ["drafted"] * 3


def test_one_goal_is_returned_and_locked_by_whoever_publishes(world: World, drafts: list[int]) -> None:
    path, manager, director = f"/goals/{drafts[1]}", Program(world.leader), Program(world.director)
    manager.post(f"{path}/submit")
    assert manager.post(f"{path}/return", {"reason": "不"}).status_code == 404
    assert director.post(f"{path}/return", {"reason": "先对齐", "version": 2}).status_code == 409
    assert director.post(f"{path}/return", {"reason": "先对齐", "version": 1}).json()["status"] == "returned"
    manager.post("/goals/submit", batch(drafts[1:2]))
    assert director.post("/goals/publish", batch(drafts)).status_code == 200
    assert manager.post(f"{path}/lock").status_code == 404
    assert director.post(f"{path}/lock").json()["locked"] is True
