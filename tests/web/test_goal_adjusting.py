"""Goal adjustment on the page: who asks, who sees what, who speaks, and what a yes would do before anybody says it.

孙浩 (华东一队) and 陈晨 aim at 100.00 in March, the team at 200.00; the competitor cut prices on 2026-03-09.
孙浩 won 40.00 on 03-03 and 10.00 on 03-12, 陈晨 60.00 on 03-04.
"""

from __future__ import annotations

import html
import json
import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from pacesetter.goals import acts, followups, reads
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Adjustment, Delegate, Goal, MarketEvent
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")
DAY = timedelta(days=1)


@pytest.fixture
def company(world: World) -> World:
    """The goals and facts of this file's docstring."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="ledger") as batch:
        mine, other = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk),
                                       bulk.CustomerRow("晨星电子", owner_id=world.grower.pk)])  # fmt: skip
        rows = [
            bulk.DealRow(name, "won", customer_id=customer, owner_id=who.pk, amount_minor=amount, opened_on=on,
                         closed_on=on)
            for name, customer, who, amount, on in (
                ("A", mine, world.veteran, 40_00, date(2026, 3, 3)),
                ("B", mine, world.veteran, 10_00, date(2026, 3, 12)),
                ("C", other, world.grower, 60_00, date(2026, 3, 4)),
            )
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    team = Draft("won_amount", "team", MARCH, 200_00, team=world.east1.pk)
    acts.draft_goals(
        [team, *(Draft("won_amount", "person", MARCH, 100_00, person=who.pk, above=identity(team))
                 for who in (world.veteran, world.grower))],
        origin="hand", by=world.director, at=AT,
    )  # fmt: skip
    put_in_force(Goal.objects.values_list("pk", flat=True))
    acts.add_event(kind="competitor", title="竞品降价 15%", on=date(2026, 3, 9), by=world.leader, at=AT)
    return world


def goal_of(person: Person) -> Goal:
    return Goal.objects.get(person=person)


def as_reader(reader: Person, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(reader)
    client.cookies["pace_language"] = language
    return client


def text_of(response: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(reader: Person, path: str, language: str = "zh-hans") -> str:
    response = as_reader(reader, language).get(path)
    assert response.status_code == 200, response.status_code
    return text_of(response)


def send(reader: Person, path: str, **body: Any) -> Any:
    return as_reader(reader).post(path, {"key": uuid.uuid4().hex, **body})


def ask(world: World, who: Person, **more: Any) -> Any:
    body = {
        "event": MarketEvent.objects.get().pk,
        "target": "80",
        "valid_from": "2026-03-16",
        "reason": "三家客户改签",
        "version": "1",
    } | more
    return send(who, f"/goals/{goal_of(who).pk}/adjust/", **body)


@pytest.fixture
def asked(company: World) -> Adjustment:
    assert ask(company, company.veteran).status_code == 302
    return Adjustment.objects.get()


def speak(who: Person, row: Adjustment, seat: str, yes: bool = True, **more: Any) -> Any:
    body = {"place": f"{seat}:", "yes": "1" if yes else "0", "sentence": "看过数据"} | more
    return send(who, f"/goals/adjustments/{row.pk}/", **body)


# --- asking ----------------------------------------------------------------------------------------------------------
def test_the_form_shows_what_holds_now_and_until_when_it_is_decided(company: World):
    words = page(company.veteran, f"/goals/{goal_of(company.veteran).pk}/adjust/")
    assert "¥100.00" in words
    assert "竞品降价 15%" in words
    assert "到期不会自动同意" in words
    assert "03-19" in words
    form = as_reader(company.veteran).get(f"/goals/{goal_of(company.veteran).pk}/adjust/").content.decode()
    assert 'name="version" value="1"' in form, "what is sent says which version was looked at"


def test_an_application_carries_the_data_of_its_own_time(company: World, asked: Adjustment):
    kept = asked.evidence
    assert (kept["on"], kept["drawn_on"], kept["customers"]) == ("2026-03-09", "2026-03-16", 1)
    tops = {week["label"]: (week["top"], week["n"], week["after"]) for week in kept["weeks"]}
    assert len(tops) == 9, "the week that is not over is left out"
    assert tops["2026-W10"] == (40_00, 1, False)
    assert tops["2026-W11"] == (10_00, 1, True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"target": "0"}, "目标值要大于 0"),
        ({"target": "100"}, "新的数和现在一样"),
        ({"target": "90", "floor": "95"}, "依次递进"),
        ({"target": "八十"}, "12480.50"),
        ({"event": ""}, "这个字段是必填项"),
        ({"valid_from": "2026-04-01"}, "期间内"),
        ({"reason": " "}, "必填项"),
        ({"version": "2"}, "目标已经有新的一版。看过第 1 版再申请。"),
    ],
)
def test_what_cannot_be_asked_comes_back_beside_its_field(company: World, change: dict[str, str], says: str):
    response = ask(company, company.veteran, **change)
    assert response.status_code == 422
    assert says in text_of(response)
    assert not Adjustment.objects.exists()


def test_the_same_form_sent_twice_asks_once(company: World):
    key = uuid.uuid4().hex
    for _attempt in range(2):
        assert ask(company, company.veteran, key=key).status_code == 302
    assert Adjustment.objects.count() == 1


def test_a_goal_with_an_open_application_leads_to_it(company: World, asked: Adjustment):
    path = f"/goals/{goal_of(company.veteran).pk}/adjust/"
    response = as_reader(company.veteran).get(path)
    assert f"/goals/adjustments/{asked.pk}/" in response.content.decode()
    assert ask(company, company.veteran).status_code == 422


def test_a_goal_that_is_over_is_left_to_the_review(company: World, monkeypatch: pytest.MonkeyPatch):
    late = AT.replace(month=4, day=1)
    monkeypatch.setattr("pacesetter.config.clock.now", lambda: late)
    assert "只能在复盘中记录影响" in page(company.veteran, f"/goals/{goal_of(company.veteran).pk}/adjust/")


@pytest.mark.parametrize("who", ["grower", "leader", "director", "leader2", "hrbp", "analyst", "stranger"])
def test_another_cannot_ask(company: World, who: str):
    path = f"/goals/{goal_of(company.veteran).pk}/adjust/"
    assert as_reader(getattr(company, who)).get(path).status_code == 404
    assert send(getattr(company, who), path, target="1").status_code == 404


# --- who sees it -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [("veteran", 200), ("leader", 200), ("director", 200), ("hrbp", 200), ("analyst", 200), ("grower", 404),
     ("leader2", 404), ("rep2", 404), ("marketing", 404), ("finance", 404), ("admin", 404), ("stranger", 404)],
)  # fmt: skip
def test_those_who_need_to_know_see_an_application(company: World, asked: Adjustment, who: str, status: int):
    reader = getattr(company, who)
    assert as_reader(reader).get(f"/goals/adjustments/{asked.pk}/").status_code == status
    inbox = as_reader(reader).get("/goals/adjustments/?show=open")
    if inbox.status_code == 200:
        assert (f"/goals/adjustments/{asked.pk}/" in inbox.content.decode()) == (status == 200)
    else:
        assert status == 404


def test_before_anybody_speaks_the_page_says_what_a_yes_would_do(company: World, asked: Adjustment):
    words = page(company.director, f"/goals/adjustments/{asked.pk}/")
    assert "华东一队：下级合计与目标加缓冲 上级目标 正好 少 ¥20.00" in words
    assert "达成率（到昨天） 50.0% 62.5%" in words
    assert "同队按达成率的名次 第 2／共 2 第 1／共 2" in words
    assert "还没有激励方案，未计算" in words
    assert "还剩 3 个工作日" in words
    assert "事件前 8 周每周平均 ¥5.00（n=1），之后 1 周平均 ¥10.00（n=1）。" in words
    assert "海川机械" in words


def test_it_says_what_should_be_done_by_now_and_a_day_under_either_line(company: World, asked: Adjustment):
    """10 of March's 22 working days are over: 100 × 10 ÷ 22 and 80 × 10 ÷ 22; 50 and 30 are left for 12 days."""
    words = page(company.director, f"/goals/adjustments/{asked.pk}/")
    assert "应完成（到昨天） ¥45.45 ▲ 超前 ¥36.36 ▲ 超前" in words
    assert "日均需完成 剩 12 个工作日 ¥4.17 ¥2.50" in words
    masked = page(company.hrbp, f"/goals/adjustments/{asked.pk}/")
    assert "日均需完成 剩 12 个工作日 · 占目标 4.2% 3.1%" in masked
    assert "¥4.17" not in masked


def test_a_line_that_holds_from_a_later_day_says_so(company: World):
    ask(company, company.veteran, valid_from="2026-03-23")
    row = Adjustment.objects.get()
    words = page(company.director, f"/goals/adjustments/{row.pk}/")
    assert "应完成（到昨天） 新的线从 2026-03-23 起。 ¥45.45 ▲ 超前 ¥36.36 ▲ 超前" in words


def test_what_a_yes_would_do_is_what_a_yes_does(company: World, asked: Adjustment):
    """The foreseen line is the one that holds afterwards."""
    path = f"/goals/{asked.goal_id}/expected/"
    foreseen = page(company.director, f"{path}?application={asked.pk}")
    assert "按申请里的新目标算，同意之后才生效。" in foreseen
    assert "= ¥80.00 × 10 ÷ 22 = ¥36.36" in foreseen
    assert "= ¥100.00 × 10 ÷ 22 = ¥45.45" in page(company.director, path)
    speak(company.analyst, asked, "analyst")
    speak(company.director, asked, "director")
    assert "= ¥80.00 × 10 ÷ 22 = ¥36.36" in page(company.director, path)
    gone = as_reader(company.director).get(f"{path}?application={asked.pk}")
    assert gone.status_code == 404, "an application that has ended foresees nothing"


def test_the_numbers_open_to_their_why_for_whoever_may_open_the_goal(company: World, asked: Adjustment):
    path = f"/goals/adjustments/{asked.pk}/"
    for who in (company.director, company.veteran, company.leader):
        client = as_reader(who)
        raw = client.get(path).content.decode()
        links = [html.unescape(one) for one in re.findall(r'href="([^"]+)" data-why', raw)]
        assert f"/goals/{asked.goal_id}/expected/" in links
        assert f"/goals/{asked.goal_id}/expected/?application={asked.pk}" in links
        assert any(link.startswith("/why/won_amount/") for link in links)
        assert [link for link in links if client.get(link).status_code != 200] == [], who
    acts.name_delegate(delegate=company.leader2.pk, start=TODAY, end=TODAY + DAY, by=company.director, at=AT)
    raw = as_reader(company.leader2).get(path).content.decode()
    assert "达成率（到昨天）" in raw
    assert f'href="/goals/{asked.goal_id}/' not in raw, "a delegate reads the application, not the goal"


@pytest.mark.parametrize("number", ["", "x", "0", "99999999999999999999", "²"])
def test_no_other_application_foresees_anything(company: World, asked: Adjustment, number: str):
    client = as_reader(company.director)
    assert client.get(f"/goals/{asked.goal_id}/expected/?application={number}").status_code == 404
    other = f"/goals/{goal_of(company.grower).pk}/expected/?application={asked.pk}"
    assert client.get(other).status_code == 404


def test_hrbp_sees_shares_and_counts_instead_of_amounts_done(company: World, asked: Adjustment):
    words = page(company.hrbp, f"/goals/adjustments/{asked.pk}/")
    assert "¥5.00" not in words
    assert "事件前 8 周每周平均 100.0%（n=1），之后 1 周平均 200.0%（n=1）。" in words
    assert "海川机械" not in words
    assert "另有 1 家只计数" in words
    assert "达成率（到昨天） 50.0% 62.5%" in words
    pages = [as_reader(who).get(f"/goals/adjustments/{asked.pk}/") for who in (company.hrbp, company.director)]
    drawn = [re.findall(r'data-chart="([^"]+)"', one.content.decode())[0] for one in pages]
    hidden, told = (json.loads(html.unescape(one))["series"][0]["values"][-2:] for one in drawn)
    assert (hidden, told) == ([[80_000, 10_000], [20_000, 10_000]], [40_00, 10_00]), "nor does the source carry any"


def test_the_page_reads_in_english(company: World, asked: Adjustment):
    words = page(company.director, f"/goals/adjustments/{asked.pk}/", "en")
    assert "3 working days left" in words
    assert "华东一队: sum below against target and buffer The goal above exact ¥20.00 short" in words
    assert "There is no incentive plan yet" in words
    assert not re.search("同意|达成|事件前|期间", words)


# --- speaking --------------------------------------------------------------------------------------------------------
def test_three_speak_and_the_goal_changes(company: World, asked: Adjustment):
    assert "数据分析师还没有评估，总监先不能决定" in page(company.director, f"/goals/adjustments/{asked.pk}/")
    assert speak(company.analyst, asked, "analyst").status_code == 302
    assert speak(company.hrbp, asked, "hrbp", yes=False).status_code == 302
    assert speak(company.director, asked, "director").status_code == 302
    view = reads.book([asked.goal])[asked.goal_id]
    assert (view.in_force.row.target, view.in_force.row.number) == (80_00, 2)
    words = page(company.veteran, f"/goals/adjustments/{asked.pk}/")
    assert "已同意" in words
    assert "上级目标的下级合计：¥0.00 → −¥20.00" in words
    assert "林静" in words
    assert "如果同意" not in words, "what a yes would do is no question any more"


def test_both_lines_stand_on_the_chart(company: World, asked: Adjustment):
    raw = as_reader(company.veteran).get(f"/goals/adjustments/{asked.pk}/").context["both"]
    names = [one["name"] for one in raw["series"]]
    assert names == ["累计完成", "原来的线", "新的线"]
    done, old, new = (one["values"] for one in raw["series"])
    assert raw["labels"] == ["2026-W09", "2026-W10", "2026-W11", "2026-W12", "2026-W13", "2026-W14"]
    assert done == [0, 100_00 - 60_00, 50_00, 50_00, None, None]
    assert old == [100_00] * 6
    assert new == [None, None, None, 80_00, 80_00, 80_00]


def test_a_no_needs_its_sentence(company: World, asked: Adjustment):
    response = speak(company.analyst, asked, "analyst", yes=False, sentence="")
    assert response.status_code == 422
    assert "必填" in text_of(response)
    assert not asked.voices.exists()


def test_a_place_that_is_not_mine_is_no_place(company: World, asked: Adjustment):
    for who, seat in ((company.hrbp, "analyst"), (company.leader, "director"), (company.veteran, "analyst")):
        assert speak(who, asked, seat).status_code == 422
    assert not asked.voices.exists()


def test_the_director_before_the_analyst_is_refused(company: World, asked: Adjustment):
    assert speak(company.director, asked, "director").status_code == 422
    assert not asked.voices.exists()


def test_only_the_asker_withdraws(company: World, asked: Adjustment):
    path = f"/goals/adjustments/{asked.pk}/"
    assert "撤回申请" in page(company.veteran, path)
    assert "撤回申请" not in page(company.director, path)
    assert send(company.director, path, do="withdraw").status_code == 404
    assert send(company.veteran, path, do="withdraw").status_code == 302
    assert "已撤回" in page(company.veteran, path)


def test_the_own_application_shows_why_one_is_silent(company: World):
    people.grant_role(person=company.veteran, role="director", by=None, at=AT)
    ask(company, company.veteran)
    row = Adjustment.objects.get()
    words = page(company.veteran, f"/goals/adjustments/{row.pk}/")
    assert "这是你自己的目标或申请，不能由你表态。" in words
    assert "我的意见" not in words


def test_the_inbox_tells_what_waits_for_whom(company: World, asked: Adjustment):
    for who, waits in ((company.analyst, True), (company.hrbp, True), (company.director, False)):
        assert ("三家" in page(who, f"/goals/adjustments/{asked.pk}/")) is True
        assert ("竞品降价" in page(who, "/goals/adjustments/")) == waits, who
    assert "没有待办申请" in page(company.director, "/goals/adjustments/")
    speak(company.analyst, asked, "analyst")
    assert "竞品降价" in page(company.director, "/goals/adjustments/")
    assert "申请调整我的目标" in page(company.grower, "/goals/adjustments/")


def test_what_is_late_says_who_was_told(company: World, asked: Adjustment, monkeypatch: pytest.MonkeyPatch):
    late = AT.replace(day=20)
    followups.applications(now=late)
    monkeypatch.setattr("pacesetter.config.clock.now", lambda: late)
    words = page(company.director, f"/goals/adjustments/{asked.pk}/")
    assert "超过期限，已告知 周岚、林静、何睿。不会自动同意。" in words
    assert "超期 1 个工作日" in words


# --- the register and delegates --------------------------------------------------------------------------------------
def test_an_event_is_added_corrected_and_retired(company: World):
    body = {"kind": "policy", "title": "新环保标准", "on": "2026-03-02", "text": "排放减半"}
    assert send(company.analyst, "/goals/events/new/", **body).status_code == 302
    event = MarketEvent.objects.get(title="新环保标准")
    path = f"/goals/events/{event.pk}/"
    opened = as_reader(company.leader).get(path).context["form"]["version"].value()
    changed = body | {"title": "新排放标准", "version": opened}
    assert send(company.leader, path, **changed).status_code == 302
    second = send(company.director, path, **(changed | {"title": "别的"}))
    assert second.status_code == 422
    assert "王敏 刚改过这件事" in text_of(second)
    words = page(company.veteran, "/goals/events/")
    assert "新排放标准" in words
    assert "/goals/events/new/" not in as_reader(company.veteran).get("/goals/events/").content.decode()
    assert send(company.marketing, path, do="retire").status_code == 302
    assert "新排放标准" not in page(company.veteran, "/goals/events/")
    assert "新排放标准" in page(company.veteran, "/goals/events/?show=all")


def test_a_delegate_is_named_speaks_and_is_ended(company: World, asked: Adjustment):
    body = {"delegate": company.leader2.pk, "start": "2026-03-16", "last": "2026-03-16"}
    assert as_reader(company.leader2).get(f"/goals/adjustments/{asked.pk}/").status_code == 404
    assert send(company.director, "/goals/delegates/", **body).status_code == 302
    assert Delegate.objects.get().end == TODAY + DAY
    speak(company.analyst, asked, "analyst")
    assert "竞品降价" in page(company.leader2, "/goals/adjustments/")
    assert "销售总监（代 周岚）" in page(company.leader2, f"/goals/adjustments/{asked.pk}/")
    assert speak(company.leader2, asked, "director", place=f"director:{company.director.pk}").status_code == 302
    words = page(company.veteran, f"/goals/adjustments/{asked.pk}/")
    assert "赵磊（代 周岚）" in words
    assert send(company.director, "/goals/delegates/", do="end", delegate=Delegate.objects.get().pk).status_code == 302
    assert "已结束" in page(company.director, "/goals/delegates/")
    assert send(company.director, "/goals/delegates/", do="end", delegate="x").status_code == 404


def test_a_delegation_that_cannot_be_comes_back(company: World):
    body = {"delegate": company.leader2.pk, "start": "2026-03-15", "last": "2026-03-16"}
    response = send(company.director, "/goals/delegates/", **body)
    assert response.status_code == 422
    assert "从今天或以后开始" in text_of(response)
