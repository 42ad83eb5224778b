"""Goals through the API: drafted, handed in, put in force and signed by whoever may, and what each reader sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from tests.api.calling import Program
from tests.world import AT, World, put_in_force

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
OVER = datetime(2026, 7, 1, 1, tzinfo=UTC)


def team_goal(world: World, **more: Any) -> dict[str, Any]:
    return {"metric": "won_amount", "owner_kind": "team", "team_id": world.east1.pk, "period": "2026Q2",
            "target": 1_800_000_00, **more}  # fmt: skip


def mine(world: World, **more: Any) -> dict[str, Any]:
    return {"metric": "won_amount", "owner_kind": "person", "person_id": world.veteran.pk, "period": "2026Q2",
            "target": 300_000_00, **more}  # fmt: skip


def company_goal(**more: Any) -> int:
    """The id of a company's goal in force, for others to serve."""
    whole = Draft("won_amount", "company", periods.parse("2026Q2"), 1_800_000_00)
    acts.draft_goals([replace(whole, **more)], origin="hand", by=None, at=AT)
    goal = Goal.objects.latest("pk").pk
    put_in_force([goal])
    return goal


def test_a_goal_goes_from_the_manager_to_the_director_and_is_signed(world: World) -> None:
    manager, director = Program(world.leader), Program(world.director)
    body = team_goal(world, floor=1_500_000_00, parent_id=company_goal(), parts=[
        {"period": "2026-04", "target": 500_000_00}, {"period": "2026-05", "target": 600_000_00},
        {"period": "2026-06", "target": 700_000_00}])  # fmt: skip
    made = manager.post("/goals", body)
    assert made.status_code == 201, made.content
    goal = made.json()
    path = f"/goals/{goal['id']}"
    assert (goal["status"], goal["unit"], goal["in_force"]) == ("drafted", "minor", None)
    assert [part["target"] for part in goal["draft"]["parts"]] == [500_000_00, 600_000_00, 700_000_00]
    assert manager.post(f"{path}/publish", {"version": 1}).status_code == 404, "only the director publishes"
    assert manager.post(f"{path}/submit").json()["status"] == "submitted"
    assert director.post(f"{path}/publish", {"version": 2}).status_code == 409
    held = director.post(f"{path}/publish", {"version": 1}).json()
    assert (held["status"], held["in_force"]["number"], held["draft"]) == ("published", 1, None)
    assert [event["kind"] for event in held["in_force"]["events"]] == ["drafted", "submitted", "published"]
    assert manager.post(f"{path}/accept", {"version": 2}).status_code == 409
    signed = manager.post(f"{path}/accept", {"version": 1}).json()
    assert signed["in_force"]["events"][-1]["kind"] == "accepted"
    assert director.post(f"{path}/accept", {"version": 1}).status_code == 404, "somebody else signs"
    assert director.post(f"{path}/withdraw").json()["field"] == "reason"
    assert director.post(f"{path}/withdraw", {"reason": "团队解散"}).json()["status"] == "withdrawn"


def test_the_same_key_drafts_once(world: World) -> None:
    director = Program(world.director)
    answers = [director.post("/goals", team_goal(world), key="goal-0001") for _ in range(2)]
    assert answers[0].content == answers[1].content
    assert GoalVersion.objects.count() == 1
    assert director.post("/goals", team_goal(world, target=5), key="goal-0001").status_code == 422


def test_a_version_that_somebody_else_followed_is_a_conflict(world: World) -> None:
    director = Program(world.director)
    director.post("/goals", team_goal(world))
    assert director.post("/goals", team_goal(world, target=2, version=1)).json()["draft"]["number"] == 2
    late = director.post("/goals", team_goal(world, target=3, version=1))
    assert (late.status_code, GoalVersion.objects.count()) == (409, 2)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"valid_from": "2026-03-31"}, "valid_from", "valid_from"),
        ({"valid_from": "2026-07-01"}, "valid_from", "valid_from"),
        ({"metric": "no_such"}, "metric", "metric"),
        ({"period": "2026Q9"}, "period", "period"),
        ({"period": "2025Q1"}, "over", "period"),
        ({"target": 0}, "value", "target"),
        ({"floor": 2_000_000_00}, "lines", "target"),
        ({"parts": [{"period": "2026-04", "target": 1}]}, "parts", "parts"),
        ({"parts": [{"period": "2026-07", "target": 1_800_000_00}]}, "parts", "parts"),
        ({"target": 1.5}, "invalid", "target"),
        ({"weight": 101}, "invalid", "weight"),
        ({"progress": 1}, "unknown_field", "progress"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_goal_is_refused_at_its_field(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    answer = Program(world.director).post("/goals", team_goal(world, **change))
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field)
    assert not Goal.objects.exists()


def test_who_may_set_what(world: World) -> None:
    rep, manager, director = Program(world.veteran), Program(world.leader), Program(world.director)
    others = [Program(world.analyst), Program(world.hrbp)]
    daily = {"metric": "visits", "per": "day", "period": "2026-04", "target": 3}
    above = company_goal(metric="visits", target=3000)
    before = Entry.objects.count()
    for program, body in (
        (rep, mine(world)),
        (rep, mine(world, person_id=world.grower.pk, **daily)),
        (rep, {**team_goal(world), **daily}),
        (manager, team_goal(world, team_id=world.east2.pk)),
        (manager, {"metric": "won_amount", "owner_kind": "company", "period": "2026Q2", "target": 1}),
        (manager, mine(world, person_id=world.rep2.pk)),
        (manager, mine(world, parent_id=10**9)),
        (director, team_goal(world, team_id=10**9)),
        *((program, team_goal(world)) for program in others),
    ):
        assert program.post("/goals", body).status_code == 404, body
    assert Entry.objects.count() == before
    own = rep.post("/goals", mine(world, **daily, parent_id=above))
    assert (own.status_code, own.json()["layer"]) == (201, "action")
    assert rep.post(f"/goals/{own.json()['id']}/publish", {"version": 1}).json()["status"] == "published"


def test_calling_a_goal_an_action_does_not_open_it(world: World) -> None:
    """The layer of a goal that is there counts, not the one that a body says."""
    Program(world.director).post("/goals", mine(world))
    answer = Program(world.veteran).post("/goals", mine(world, target=1, layer="action"))
    assert answer.status_code == 404
    assert GoalVersion.objects.get().target == 300_000_00
    own = {"layer": "action", "target": 1, "period": "2026Q3"}
    for more in ({}, {"per": "day"}, {"metric": "visits"}, {"metric": "prompt_entry_rate", "per": "day"}):
        body = mine(world, **own, **more)
        assert Program(world.veteran).post("/goals", body).status_code == 404, body
    refused = Program(world.director).post("/goals", mine(world, **own))
    assert (refused.status_code, refused.json()["field"]) == (422, "layer")
    assert GoalVersion.objects.count() == 1


def test_whoever_publishes_by_the_api_is_held_to_the_checks_too(world: World) -> None:
    director = Program(world.director)
    alone = director.post("/goals", mine(world, metric="deals_won", target=5)).json()["id"]
    refused = director.post(f"/goals/{alone}/publish", {"version": 1})
    assert (refused.status_code, refused.json()["code"]) == (422, "smart")
    above = director.post("/goals", team_goal(world, metric="deals_won", target=9, parent_id=None)).json()["id"]
    linked = {"metric": "deals_won", "target": 5, "parent_id": above, "version": 1}
    assert director.post("/goals", mine(world, **linked)).status_code == 201
    assert director.post(f"/goals/{above}/withdraw").status_code == 200
    gone = director.post(f"/goals/{alone}/publish", {"version": 2})
    assert (gone.status_code, gone.json()["code"]) == (422, "smart"), "a goal that was withdrawn carries nothing"
    company = {"metric": "deals_won", "owner_kind": "company", "period": "2026Q2", "target": 5}
    above = director.post("/goals", company).json()["id"]
    assert director.post(f"/goals/{above}/publish", {"version": 1}).status_code == 200
    assert director.post("/goals", mine(world, **{**linked, "parent_id": above, "version": 2})).status_code == 201
    assert director.post(f"/goals/{alone}/publish", {"version": 3}).json()["status"] == "published"


def test_parts_lie_beside_each_other_inside_the_goal(world: World) -> None:
    director = Program(world.director)
    for labels in (("2026-04", "2026-W17"), ("2026-04", "2026-07"), ("2026Q2", "2026-05")):
        parts = [{"period": label, "target": 150_000_00} for label in labels]
        refused = director.post("/goals", mine(world, parts=parts))
        assert (refused.status_code, refused.json()["field"]) == (422, "parts"), labels
    parts = [{"period": label, "target": 150_000_00} for label in ("2026-04", "2026-05")]
    assert director.post("/goals", mine(world, parts=parts)).status_code == 201


def test_a_further_version_keeps_its_baseline_clause_and_pace(world: World) -> None:
    director = Program(world.director)
    more = {"baseline": 5_00, "elastic": ["policy", "supply"], "pace_basis": "curve"}
    first = director.post("/goals", mine(world, **more)).json()["draft"]
    second = director.post("/goals", mine(world, target=9_00, version=1)).json()["draft"]
    third = director.post("/goals", mine(world, version=2, elastic=[], baseline=None, pace_basis="days")).json()[
        "draft"
    ]
    assert [{name: one[name] for name in more} for one in (first, second, third)] == [
        more, more, {"baseline": None, "elastic": [], "pace_basis": "days"},
    ]  # fmt: skip
    assert director.post("/goals", mine(world, version=3, elastic=["weather"])).status_code == 422


def test_a_version_named_of_a_goal_that_has_none_is_the_first(world: World) -> None:
    made = Program(world.director).post("/goals", mine(world, version=1))
    assert (made.status_code, made.json()["draft"]["number"]) == (201, 1)


def test_anothers_draft_is_not_replaced_unseen(world: World) -> None:
    daily = {"metric": "visits", "per": "day", "period": "2026-04", "target": 3}
    pk = Program(world.director).post("/goals", mine(world, **daily)).json()["id"]
    rep = Program(world.veteran)
    assert rep.post("/goals", mine(world, **{**daily, "target": 1})).status_code == 409
    assert [v.target for v in GoalVersion.objects.all()] == [3]
    seen = rep.post("/goals", mine(world, **{**daily, "target": 2, "version": 1}))
    assert (seen.status_code, seen.json()["draft"]["by"]) == (201, "孙浩")
    again = rep.post("/goals", mine(world, **{**daily, "target": 4}))
    assert (again.status_code, again.json()["id"]) == (201, pk), "one's own draft is one's own"


def test_drafts_are_seen_by_who_sets_them_and_by_the_owner_once_handed_in(world: World) -> None:
    director = Program(world.director)
    pk = director.post("/goals", mine(world)).json()["id"]

    def statuses() -> dict[str, str | int]:
        seen: dict[str, str | int] = {}
        for name in ("veteran", "grower", "leader", "leader2", "hrbp", "analyst", "director"):
            program = Program(getattr(world, name))
            one, rows = program.get(f"/goals/{pk}"), program.get("/goals").json()
            assert (one.status_code == 200) == (rows["total"] == len(rows["items"]) == 1), name
            seen[name] = one.json()["status"] if one.status_code == 200 else one.status_code
        return seen

    nobody = dict.fromkeys(("grower", "leader2"), 404)
    assert statuses() == {**nobody, "veteran": 404, "hrbp": 404, "analyst": 404, "leader": "drafted",
                          "director": "drafted"}  # fmt: skip
    director.post(f"/goals/{pk}/submit")
    handed = {"leader": "submitted", "director": "submitted", "veteran": "submitted"}
    assert statuses() == {**nobody, **handed, "hrbp": 404, "analyst": 404}
    put_in_force([pk])
    assert statuses() == {**nobody, **dict.fromkeys([*handed, "hrbp", "analyst"], "published")}
    director.post("/goals", mine(world, target=1))
    assert Program(world.veteran).get(f"/goals/{pk}").json()["draft"] is None
    assert len(Program(world.veteran).get(f"/goals/{pk}").json()["versions"]) == 1


def test_lists_are_narrowed_and_a_misspelt_filter_is_refused(world: World) -> None:
    director = Program(world.director)
    director.post("/goals", team_goal(world))
    director.post("/goals", mine(world, period="2026-05"))
    director.post("/goals", {"metric": "visits", "owner_kind": "company", "period": "2026", "target": 9})

    def found(query: str) -> list[tuple[str, str]]:
        rows = director.get(f"/goals?{query}").json()["items"]
        return [(row["metric"], row["period"]) for row in rows]

    assert found("sort=id") == [("won_amount", "2026Q2"), ("won_amount", "2026-05"), ("visits", "2026")]
    assert found("metric=visits") == [("visits", "2026")]
    assert found("owner_kind=team") == [("won_amount", "2026Q2")]
    assert found("q=孙浩") == [("won_amount", "2026-05")]
    assert found("start=2026-06-01&end=2026-07-01&sort=id") == [("won_amount", "2026Q2"), ("visits", "2026")]
    assert found("period=2026-05") == [("won_amount", "2026-05")]
    assert director.get("/goals?persn_id=1").json()["code"] == "unknown_field"


def test_how_a_goal_above_ended_is_told_without_its_figures(world: World) -> None:
    director = Program(world.director)
    body = {"metric": "won_amount", "owner_kind": "company", "period": "2026Q2", "target": 500}
    pk = director.post("/goals", body).json()["id"]
    director.post(f"/goals/{pk}/publish", {"version": 1})
    acts.end_goals({pk: (700, None, 3)}, at=OVER)

    def outcome(who: Any) -> tuple[str, int | None, int | None]:
        told = Program(who).get(f"/goals/{pk}").json()["outcome"]
        return told["verdict"], told["top"], told["cases"]

    assert outcome(world.director) == outcome(world.analyst) == ("achieved", 700, 3)
    assert outcome(world.veteran) == outcome(world.leader) == outcome(world.hrbp) == ("achieved", None, None)
