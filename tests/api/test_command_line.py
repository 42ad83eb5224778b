"""`./pace api`: the API's answers on the machine itself, in a person's name and within that person's rights."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pacesetter.api.caller import here
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import ApiToken
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def goal(world: World) -> Goal:
    """The company's goal of the second quarter, a draft."""
    draft = Draft("won_amount", "company", periods.parse("2026Q2"), 200_00)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    return Goal.objects.get()


def asked(*words: str) -> Any:
    said = io.StringIO()
    call_command("api", *words, stdout=said)
    return json.loads(said.getvalue())


def refused(*words: str) -> tuple[int, Any]:
    said = io.StringIO()
    with pytest.raises(CommandError) as told:
        call_command("api", *words, stdout=said)
    return told.value.returncode, json.loads(said.getvalue() or "null")


def body(goal: Goal) -> str:
    return json.dumps({"goals": [{"id": goal.pk, "version": 1}], "reason": "二季度"})


def test_a_director_publishes_locks_and_reads(world: World, goal: Goal) -> None:
    director = world.director.employee_no
    (done,) = asked("POST", "/goals/publish", body(goal), "--as", director)["items"]
    assert (done["status"], done["in_force"]["target"]) == ("published", 200_00)
    line = Entry.objects.get(act="publish_goals")
    assert (line.by_id, line.request_id) == (world.director.pk, "pace api"), "told from what they did themselves"
    asked("POST", "/goals/lock", body(goal), "--as", director)
    admin = Client()
    admin.force_login(world.admin)
    page = admin.get("/manage/audit/").content.decode()
    assert page.count('周岚<span class="under">pace api</span>') == 2, "the draft is their own"
    assert reads.book([goal])[goal.pk].locked
    assert [row["id"] for row in asked("GET", "/goals?metric=won_amount", "--as", director)["items"]] == [goal.pk]


def test_chinese_is_written_as_it_is_or_escaped(world: World, goal: Goal) -> None:
    director = world.director.employee_no
    asked("POST", "/market-events", '{"kind": "policy", "title": "新环保标准", "on": "2026-03-02"}', "--as", director)
    for words in ("环保", "%E7%8E%AF%E4%BF%9D", "新环保标准&kind=policy"):
        assert asked("GET", f"/market-events?q={words}", "--as", director)["total"] == 1, words
    assert asked("GET", "/market-events?q=竞品", "--as", director)["total"] == 0
    for path in ("/metrics/成交额", "/metrics/%E6%88%90%E4%BA%A4%E9%A2%9D"):
        assert refused("GET", path, "--as", director)[0] == 2, "said in JSON, as for every name that is none"


def test_one_key_acts_once(world: World, goal: Goal) -> None:
    words = ("POST", "/goals/publish", body(goal), "--as", world.director.employee_no, "--key", "quarter-2")
    assert asked(*words) == asked(*words)
    assert GoalEvent.objects.filter(kind="published").count() == 1


def test_the_rights_are_those_of_whoever_is_named(world: World, goal: Goal) -> None:
    status, said = refused("POST", "/goals/publish", body(goal), "--as", world.veteran.employee_no)
    assert (status, said["code"]) == (2, "not_found")
    assert not GoalEvent.objects.filter(kind="published").exists()


def test_what_is_wrong_with_the_call_is_wrong_usage(world: World, goal: Goal, monkeypatch: pytest.MonkeyPatch) -> None:
    director = world.director.employee_no
    assert refused("GET", "/goals", "--as", "nobody") == (64, None)
    assert refused("GET", "/nowhere", "--as", director)[1]["code"] == "not_found"
    assert refused("POST", "/goals/publish", "{", "--as", director) == (64, None)
    monkeypatch.setattr("sys.stdin", io.StringIO(body(goal)))
    assert asked("POST", "/goals/publish", "-", "--as", director)["items"][0]["id"] == goal.pk


def test_who_has_left_is_not_acted_for(world: World) -> None:
    """By the day of the company's zone, as with a token."""
    people.change_company(zone="America/Los_Angeles", by=world.admin, at=AT)
    people.leave(person=world.stranger, on=TODAY - timedelta(days=1), by=world.admin, at=AT - timedelta(days=3))
    assert asked("GET", "/me", "--as", world.stranger.employee_no)["today"] == "2026-03-15", "the last day"
    people.change_company(zone="Asia/Shanghai", by=world.admin, at=AT)
    assert refused("GET", "/me", "--as", world.stranger.employee_no) == (64, None)


def test_nothing_that_comes_over_the_wire_stands_for_somebody(world: World) -> None:
    """The way in is an attribute of a request made here: no header and no field sets it, and no token is left."""
    assert Client().get("/api/v1/me", headers={"Stands-For": world.director.employee_no}).status_code == 401
    request = type("Made", (), {})()
    here(request, world.director)
    assert request.stands_for.person == world.director
    assert not ApiToken.objects.exists()
