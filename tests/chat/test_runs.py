"""Runs of the sync: one look at a time, forgotten when a newer one is there, and one a night."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pacesetter.chat import acts, followups, reads
from pacesetter.chat.models import State, SyncRun
from tests.chat.hands import kinds, take, tried
from tests.chat.standin import StandIn
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
Connect = Callable[..., StandIn]


def test_a_newer_look_makes_the_older_one_forget_its_people(connect: Connect, world: World):
    connect("wecom")
    first = tried("wecom")
    assert first.snapshot["members"]
    second = tried("wecom")
    first.refresh_from_db()
    assert (first.state, first.snapshot) == (State.OUTDATED, {})
    take(second, world.admin)
    second.refresh_from_db()
    assert second.snapshot == {}


def test_the_night_looks_once_and_speaks_only_of_changes(connect: Connect, world: World):
    stand = connect("wecom")
    night = {"now": AT, "midnight": AT.replace(hour=0)}
    assert followups.nightly(**night) == 0, "nothing was ever applied: there is nothing to keep in step"
    take(tried("wecom"), world.admin)
    SyncRun.objects.all().update(at=date(2026, 3, 15).isoformat() + "T00:00:00Z")
    assert followups.nightly(**night) == 1
    assert followups.nightly(**night) == 0
    assert followups.run_waiting(now=AT) == 1
    assert not reads.news().exists()
    assert not reads.runs().filter(nightly=True).exists()
    stand.users = [one for one in stand.users if one["name"] != "孙浩"]
    SyncRun.objects.all().update(at=date(2026, 3, 15).isoformat() + "T00:00:00Z")
    followups.nightly(**night)
    followups.run_waiting(now=AT)
    assert [run.counts for run in reads.news()] == [{"leaver": 1}]


def test_a_run_whose_worker_died_is_taken_up_again(connect: Connect, world: World):
    connect("wecom")
    run = acts.ask(name="wecom", by=world.admin, at=AT)
    assert acts.ask(name="wecom", by=world.admin, at=AT).pk == run.pk
    assert acts.claim(run.pk, at=AT)
    assert not acts.claim(run.pk, at=AT)
    assert followups.run_waiting(now=AT) == 0
    SyncRun.objects.filter(pk=run.pk).update(beat_at=date(2026, 3, 15).isoformat() + "T00:00:00Z")
    assert followups.run_waiting(now=AT) == 1


def test_only_a_part_of_the_company_may_come_over(connect: Connect, world: World):
    stand = connect("dingtalk", root="2")
    run = tried("dingtalk")
    assert sorted(kinds(run)["team_link"]) == ["华东一队", "华东二队", "华东区"]
    assert "周岚" not in kinds(run)["person_link"]
    assert stand.calls["/topapi/v2/department/listsub"] == 3
