"""From a price cut to a new line: the rep applies on the phone, three speak, the director approves on the phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home, Moulds, free_port
from tests.looks import Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SET = """
from datetime import date
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from tests.world import AT, put_in_force
who = {p.name: p for p in Person.objects.all()}
march = periods.parse("2026-03")
acts.draft_goals([Draft("deals_won", "person", march, 10, person=who[name].pk) for name in ("孙浩", "陈晨")],
                 origin="hand", by=who["周岚"], at=AT)
put_in_force(Goal.objects.values_list("pk", flat=True))
acts.lock_goals(list(Goal.objects.values_list("pk", flat=True)), by=who["周岚"], at=AT)
acts.add_event(kind="competitor", title="竞品降价 15%", on=date(2026, 3, 9), by=who["王敏"], at=AT)
"""
SESSION = """
from django.test import Client
from pacesetter.people.models import Person
for name in ("孙浩", "陈晨", "何睿", "林静", "周岚"):
    client = Client()
    client.force_login(Person.objects.get(name=name))
    print(client.session.session_key)
"""
# what is looked for, in each language
SAID = (
    ("apply", "提交申请", "Apply"),
    ("event", "市场事件", "Market events"),
    ("target", "目标", "Target"),
    ("why", "为什么", "Why"),
    ("yes", "同意", "Agree"),
    ("said", "一句话说明", "A sentence"),
    ("waits", "等待决定", "To be decided"),
    ("left", "还剩 3 个工作日", "3 working days left"),
    ("silent", "数据分析师还没有评估", "analyst has not assessed"),
    ("done", "已同意", "Approved"),
    ("if", "如果同意", "If approved"),
    ("pay", "还没有激励方案，未计算", "There is no incentive plan yet"),
    ("locked", "已锁定", "Locked"),
)


@pytest.fixture(scope="module")
def firm(moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A company of this story alone: its address, and a session of each who takes part."""
    with moulds.home(tmp_path_factory.mktemp("firm"), "cast") as home:
        home.python(SET)
        keys = home.python(SESSION).split()
        port = free_port()
        home.serve(port)
        assert isinstance(home, Home)
        yield f"http://localhost:{port}", dict(zip(("孙浩", "陈晨", "何睿", "林静", "周岚"), keys, strict=True))


def fit(page: Any) -> None:
    page.wait_for_load_state()
    assert obstacles(page) == []
    assert overhang(page) == ""
    assert page.faults == []


@pytest.mark.parametrize(("english", "rep"), [(False, "孙浩"), (True, "陈晨")], ids=["zh", "en"])
def test_a_market_event_changes_a_locked_goal(
    firm: tuple[str, dict[str, str]], open_page: Callable[..., Any], english: bool, rep: str
):
    address, keys = firm
    words = {key: en if english else zh for key, zh, en in SAID}

    def reader(name: str, *, phone: bool) -> Any:
        look = Look(english=english, phone=phone, dark=phone and english)
        return open_page(base_url=address, cookies={"pace_session": keys[name]}, **look.options)

    mine = reader(rep, phone=True)
    mine.goto("/goals/adjustments/")
    mine.locator("main a[href$='/adjust/']").click()
    mine.wait_for_url(re.compile(r"/adjust/$"))
    fit(mine)
    mine.get_by_label(words["event"]).select_option(index=1)
    mine.get_by_label(words["target"], exact=False).first.fill("8")
    mine.get_by_label(words["why"]).fill("三家客户改签了竞品")
    mine.get_by_role("button", name=words["apply"]).click()
    mine.wait_for_url(re.compile(r"/goals/adjustments/\d+/$"))
    path = re.sub(r"^https?://[^/]+", "", mine.url)
    expect(mine.locator("main")).to_contain_text(words["waits"])
    expect(mine.locator("main")).to_contain_text(words["left"])
    fit(mine)

    def speak(page: Any, sentence: str) -> None:
        page.get_by_label(words["said"]).fill(sentence)
        page.get_by_role("button", name=words["yes"], exact=True).click()
        expect(page.locator("main [data-voices]")).to_contain_text(sentence)

    director = reader("周岚", phone=True)
    director.goto(path)
    expect(director.locator("main")).to_contain_text(words["silent"])
    expect(director.get_by_role("button", name=words["yes"], exact=True)).to_have_count(0)

    # with motion: lines grow, and those that begin later have no height at first
    analyst = reader("何睿", phone=False)
    analyst.emulate_media(reduced_motion="no-preference")
    analyst.goto("/goals/adjustments/")
    analyst.locator(f"main a[href='{path}']").click()
    analyst.wait_for_url(re.compile(f"{path}$"))
    expect(analyst.locator("main")).to_contain_text(words["if"])
    expect(analyst.locator("main figure.chart svg").first).to_be_visible()
    fit(analyst)
    speak(analyst, "成交数下降与降价同周")
    fit(analyst)

    hrbp = reader("林静", phone=False)
    hrbp.goto(path)
    speak(hrbp, "团队没有人员变动")

    director.goto("/goals/adjustments/")
    director.locator(f"main a[href='{path}']").click()
    director.wait_for_url(re.compile(f"{path}$"))
    expect(director.locator("main")).to_contain_text(words["pay"])
    fit(director)
    speak(director, "按新的线走")
    expect(director.locator("main")).to_contain_text(words["done"])
    fit(director)

    mine.goto(path)
    both = mine.locator("main figure.chart").last
    expect(both.locator("svg")).to_be_visible()
    told = both.get_attribute("data-chart") or ""
    assert '"role": "pace"' in told or '"role":"pace"' in told
    assert "10" in told
    assert "8" in told
    fit(mine)
    with mine.expect_navigation():
        mine.locator("main .page-head .actions a").click()
    expect(mine.locator("main")).to_contain_text(words["locked"])
