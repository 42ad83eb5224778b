"""An application that nobody answered in time: on the first page of whoever was told, and in their list.

孙浩 asked on 2026-03-16 for 80.00 instead of 100.00 in March; three working days later nobody had spoken.
"""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from pacesetter.goals import acts, followups, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Adjustment, Goal, MarketEvent
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")
DAY = timedelta(days=1)
LATE = AT.replace(day=20)
SEATED = ("director", "hrbp", "analyst")
OTHERS = ("veteran", "grower", "leader", "leader2", "rep2", "marketing", "finance", "admin", "stranger")


@pytest.fixture
def asked(world: World, monkeypatch: pytest.MonkeyPatch) -> Adjustment:
    """Told further up on the 20th, which is the day of these tests."""
    acts.draft_goals([Draft("won_amount", "person", MARCH, 100_00, person=world.veteran.pk)], origin="hand",
                     by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    event = acts.add_event(kind="competitor", title="竞品降价", on=date(2026, 3, 9), by=world.leader, at=AT)
    made = acts.request_adjustment(goal=goal.pk, event=event.pk, reason="三家客户改签", target=80_00,
                                   valid_from=TODAY, by=world.veteran, at=AT)  # fmt: skip
    assert made.due_on == date(2026, 3, 19)
    assert followups.applications(now=LATE) == 1
    monkeypatch.setattr("pacesetter.config.clock.now", lambda: LATE)
    return made


def page(reader: Person, path: str = "/", language: str = "zh-hans") -> Any:
    client = Client()
    client.force_login(reader)
    client.cookies["pace_language"] = language
    return client.get(path, follow=True)


def told(reader: Person, path: str = "/", language: str = "zh-hans") -> str:
    """What the first page says of late applications; empty where it says nothing."""
    raw = page(reader, path, language).content.decode()
    found = re.search(r"data-late-adjustments>(.*?)</ul>", raw, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


@pytest.mark.parametrize("who", SEATED)
def test_each_seat_finds_it_on_the_first_page(world: World, asked: Adjustment, who: str):
    words = told(getattr(world, who))
    assert "孙浩 · 2026-03 · 成交额 ¥100 → ¥80 · 期限" in words
    assert "期限 2026-03-19 已过，等数据分析师评估，不会自动同意。" in words
    assert f'href="/goals/adjustments/{asked.pk}/"' in page(getattr(world, who)).content.decode()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_does(world: World, asked: Adjustment, who: str):
    assert told(getattr(world, who)) == ""


@pytest.mark.parametrize("who", ["leader2", "rep2", "marketing"])
def test_a_delegate_does_while_the_delegation_holds(world: World, asked: Adjustment, who: str):
    """On the manager's page, on My day, and where there is hardly anything else."""
    delegate = getattr(world, who)
    row = acts.name_delegate(delegate=delegate.pk, start=LATE.date(), end=LATE.date() + DAY, by=world.director, at=LATE)
    assert "等数据分析师评估" in told(delegate)
    assert "孙浩" in page(delegate, "/goals/adjustments/?show=late").content.decode()
    acts.end_delegate(delegate=row.pk, by=world.director, at=LATE)
    assert told(delegate) == ""


def test_who_stands_in_for_somebody_without_a_seat_is_not_told(world: World, asked: Adjustment):
    """A delegation holds for the seats of whoever gave it, on that day."""
    acts.name_delegate(delegate=world.leader2.pk, start=LATE.date(), end=LATE.date() + DAY, by=world.director, at=LATE)
    assert told(world.leader2)
    people.revoke_role(person=world.director, role="director", on=LATE.date(), by=world.admin, at=LATE)
    assert told(world.leader2) == ""


def test_those_it_concerns_are_not_told(world: World, asked: Adjustment):
    """孙浩 asked: also with a seat it is not theirs to answer."""
    people.grant_role(person=world.veteran, role="director", by=world.admin, at=LATE)
    people.grant_role(person=world.grower, role="director", by=world.admin, at=LATE)
    assert told(world.veteran, "/today/") == told(world.veteran) == ""
    assert told(world.grower) != ""


def test_once_assessed_it_waits_for_the_director_and_decided_for_nobody(world: World, asked: Adjustment):
    acts.give_voice(adjustment=asked.pk, seat="analyst", yes=True, sentence="数据支持", by=world.analyst, at=LATE)
    assert "等销售总监决定" in told(world.director)
    assert "waits for the Director's decision" in told(world.director, language="en")
    followups.applications(now=LATE + DAY)
    assert reads.book([asked.goal])[asked.goal_id].newest == 1, "time approves nothing"
    acts.give_voice(adjustment=asked.pk, seat="director", yes=False, sentence="先改做法", by=world.director, at=LATE)
    assert [told(getattr(world, who)) for who in SEATED] == [""] * 3


def test_the_list_says_who_let_it_lie_and_since_when(world: World, asked: Adjustment):
    for who in SEATED:
        raw = page(getattr(world, who), "/goals/adjustments/?show=late").content.decode()
        assert "何睿（数据分析师）到 2026-03-19 没有表态" in raw, who
    for who in ("veteran", "leader"):
        raw = page(getattr(world, who), "/goals/adjustments/?show=open").content.decode()
        assert "何睿（数据分析师）到 2026-03-19 没有表态" in raw, who
        assert "show=late" not in raw, "nothing waits for them"
    words = page(world.director, f"/goals/adjustments/{asked.pk}/").content.decode()
    assert "何睿（数据分析师）到 2026-03-19 没有表态" in words


def test_what_is_not_late_yet_is_nobodys_news(world: World, asked: Adjustment):
    """The control: a second application, in time."""
    acts.draft_goals([Draft("won_amount", "person", MARCH, 50_00, person=world.grower.pk)], origin="hand",
                     by=world.director, at=LATE)  # fmt: skip
    goal = Goal.objects.get(person=world.grower)
    put_in_force([goal.pk], at=LATE)
    acts.request_adjustment(goal=goal.pk, event=MarketEvent.objects.get().pk, reason="缺货", target=40_00,
                            valid_from=LATE.date(), by=world.grower, at=LATE)  # fmt: skip
    followups.applications(now=LATE)
    assert "陈晨" not in told(world.director)
    assert "陈晨" in page(world.director, "/goals/adjustments/?show=open").content.decode()
    assert "陈晨" not in page(world.director, "/goals/adjustments/?show=late").content.decode()
