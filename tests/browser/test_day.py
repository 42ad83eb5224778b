"""The day on a phone: a visit logged in a few taps, once, with or without signal."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from pacesetter.activity.rules import Rule, Visit, conditions, judge_visit
from tests.homes import Home
from tests.looks import DESKTOP, Look, obstacles

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ON_PHONE = Look(phone=True)
MAKE = """
import json
from datetime import UTC, datetime, timedelta
from pacesetter.activity import acts
from pacesetter.activity.models import Activity
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY
me = Person.objects.get(name={who!r})
customer = pipeline.add_customer(name={customer!r}, owner=me, by=None, at=AT)
contact = pipeline.add_contact(customer, name="王立新", decision_role="decision_maker", by=None, at=AT)
item = acts.plan_item(person=me, on=TODAY, customer=customer, purpose="看现场", by=me, at=AT)
print(json.dumps([customer.pk, item.pk]))
"""
COUNT = """
from pacesetter.activity.models import Activity
print(Activity.objects.filter(customer={customer}, withdrawn_at=None).count())
"""


class Phone:
    """A page that counts taps and typed characters."""

    def __init__(self, page: Any) -> None:
        self.page, self.taps, self.typed = page, 0, 0

    def tap(self, where: Any) -> None:
        self.taps += 1
        where.tap()

    def type(self, text: str) -> None:
        self.typed += len(text)
        self.page.keyboard.type(text)


@pytest.fixture
def rep(running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """A page of somebody who sells; `offline=True` with the service worker."""

    def make(look: Look = ON_PHONE, who: str = "孙浩", *, offline: bool = False) -> Any:
        return open_page(base_url=running, cookies={"pace_session": signed_in(who)}, offline=offline, **look.options)

    return make


def planned(home: Home, customer: str, who: str = "孙浩") -> tuple[int, int]:
    """A customer of one's own with a contact and a plan for today."""
    made = json.loads(home.python(MAKE.format(customer=customer, who=who)))
    return made[0], made[1]


def logged(home: Home, customer: int) -> int:
    return int(home.python(COUNT.format(customer=customer)))


def chip(page: Any, text: str) -> Any:
    return page.locator("form[data-log] .pick label").filter(has_text=re.compile(f"^{re.escape(text)}"))


def emptied(page: Any) -> None:
    """Everything that waited has been sent."""
    expect(page.locator(".tabbar [data-outbox]")).to_be_hidden()
    assert page.evaluate("JSON.parse(localStorage.getItem('pace-outbox') || '[]').length") == 0


def ring(page: Any, key: str) -> int:
    return int(page.locator(f'[data-ring="{key}"] [data-ring-done]').inner_text())


def fill(phone: Phone, result: str = "有意向", step: str = "送方案") -> None:
    phone.tap(chip(phone.page, result))
    phone.tap(chip(phone.page, step))
    phone.tap(chip(phone.page, "明天"))


def test_a_planned_visit_takes_five_taps_and_no_typing_and_moves_the_ring(rep: Callable[..., Any], company_home: Home):
    customer, plan = planned(company_home, "五下机械")
    page = rep(offline=True)
    page.goto("/today/")
    before = ring(page, "effective_visits")
    page.evaluate("window.same = true")
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    expect(page.locator("[data-log-live]")).to_contain_text("还不计有效")
    fill(phone)
    expect(page.locator("[data-log-live]")).to_contain_text("算有效拜访")
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("算有效拜访")
    expect(page.locator('[data-ring="effective_visits"] [data-ring-done]')).to_have_text(str(before + 1))
    assert (phone.taps, phone.typed) == (5, 0)
    assert page.evaluate("window.same") is True
    assert logged(company_home, customer) == 1
    expect(page.locator("[data-day-list]")).to_contain_text("五下机械")
    expect(page.locator(f"[data-log-open*='\"plan\": {plan}']")).to_have_count(0)
    page.locator(".toast-s button").click()
    expect(page.locator('[data-ring="effective_visits"] [data-ring-done]')).to_have_text(str(before))
    assert logged(company_home, customer) == 0
    assert page.faults == []


def test_an_unplanned_visit_takes_seven_taps_and_six_characters_at_most(rep: Callable[..., Any], company_home: Home):
    made, _plan = planned(company_home, "临时电气")
    page = rep()
    page.goto("/customers/")
    phone = Phone(page)
    phone.tap(page.locator(".tabbar .centre"))
    page.wait_for_url(re.compile("/log/"))
    phone.type("临时")
    phone.tap(page.locator("[data-log-found] button").filter(has_text="临时电气"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("算有效拜访")
    assert phone.taps <= 7
    assert phone.typed <= 6
    assert logged(company_home, made) == 1


def test_a_double_tap_and_two_tabs_log_a_planned_visit_once(rep: Callable[..., Any], company_home: Home):
    customer, plan = planned(company_home, "两页重工")
    first, second = rep(), rep()
    for page in (first, second):
        page.goto("/today/")
        phone = Phone(page)
        phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
        fill(phone)
    first.locator("[data-log-save]").dblclick()
    expect(first.locator(".toast-s")).to_contain_text("算有效拜访")
    second.locator("[data-log-save]").tap()
    expect(second.locator("[data-log-faults]")).to_contain_text("已经记过")
    assert logged(company_home, customer) == 1


def test_a_second_log_within_two_hours_is_asked_about(rep: Callable[..., Any], company_home: Home):
    customer, _plan = planned(company_home, "再记仪表")
    page = rep()
    for place in (0, 1):
        page.goto(f"/log/?customer={customer}")
        fill(Phone(page))
        page.locator("[data-log-save]").tap()
        if place == 0:
            expect(page.locator(".toast-s")).to_contain_text("已记")
    expect(page.locator("[data-log-faults]")).to_contain_text("记过这家客户")
    assert logged(company_home, customer) == 1
    page.get_by_role("button", name="合并成一次").tap()
    expect(page.locator(".toast-s")).to_contain_text("已记")
    assert logged(company_home, customer) == 1


def test_without_signal_it_waits_on_the_phone_and_is_sent_once(rep: Callable[..., Any], company_home: Home):
    customer, plan = planned(company_home, "断网泵业")
    page = rep(offline=True)
    page.goto("/today/")
    page.context.set_offline(True)
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("联网后自动提交")
    expect(page.locator(".tabbar [data-outbox-n]")).to_have_text("1")
    assert logged(company_home, customer) == 0
    # signing out is held while something waits
    page.evaluate("document.querySelector('form[action*=logout] button').click()")
    expect(page.locator(".toast-s").last).to_contain_text("先联网提交再退出")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    emptied(page)
    assert logged(company_home, customer) == 1
    channel = company_home.python(
        f"from pacesetter.activity.models import Activity\nprint(Activity.objects.get(customer={customer}).channel)"
    )
    assert channel.strip() == "outbox"


def test_an_answer_lost_on_the_way_is_asked_for_again_and_logged_once(rep: Callable[..., Any], company_home: Home):
    """The server takes it, the phone never hears: sending the same again finds the record."""
    customer, plan = planned(company_home, "半路化工")
    page = rep(offline=True)
    page.goto("/today/")

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/log/", lose)
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".tabbar [data-outbox-n]")).to_have_text("1")
    assert logged(company_home, customer) == 1
    page.unroute("**/log/")
    page.reload()
    emptied(page)
    assert logged(company_home, customer) == 1


def test_a_session_that_ended_meanwhile_loses_nothing(rep: Callable[..., Any], company_home: Home, running: str):
    customer, plan = planned(company_home, "过期阀门")
    page = rep(offline=True)
    page.goto("/today/")
    cookies = [cookie for cookie in page.context.cookies() if cookie["name"] == "pace_session"]
    page.context.clear_cookies(name="pace_session")
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("登录已过期")
    assert logged(company_home, customer) == 0
    page.context.add_cookies(cookies)
    page.reload()
    emptied(page)
    assert logged(company_home, customer) == 1


def test_what_waits_belongs_to_who_wrote_it(
    rep: Callable[..., Any], company_home: Home, signed_in: Callable[[str], str], running: str
):
    customer, plan = planned(company_home, "换人轴承")
    page = rep(offline=True)
    page.goto("/today/")
    page.context.set_offline(True)
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".tabbar [data-outbox-n]")).to_have_text("1")
    page.context.add_cookies([{"name": "pace_session", "value": signed_in("陈晨"), "url": running}])
    page.context.set_offline(False)
    page.goto("/today/")
    expect(page.locator(".toast-s").first).to_contain_text("另一个账号")
    page.wait_for_timeout(800)
    assert logged(company_home, customer) == 0
    page.context.add_cookies([{"name": "pace_session", "value": signed_in("孙浩"), "url": running}])
    page.goto("/today/")
    emptied(page)
    assert logged(company_home, customer) == 1


def test_the_day_opens_without_signal_once_it_was_seen(rep: Callable[..., Any], company_home: Home):
    customer, plan = planned(company_home, "离线铸造")
    page = rep(offline=True)
    page.goto("/today/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(
        "async () => { for (let n = 0; n < 100 && !(await caches.match('/today/')); n += 1)"
        " await new Promise((done) => setTimeout(done, 100)); }"
    )
    page.goto("/today/")
    page.context.set_offline(True)
    page.goto("/today/")
    expect(page.locator("[data-day-list]")).to_contain_text("离线铸造")
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".tabbar [data-outbox-n]")).to_have_text("1")
    page.goto("/customers/")
    expect(page.get_by_role("heading", level=1)).to_have_text("现在没有网络")
    page.context.set_offline(False)
    page.goto("/today/")
    emptied(page)
    assert logged(company_home, customer) == 1


def test_where_no_service_worker_runs_the_page_still_logs(
    running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any], company_home: Home
):
    customer, plan = planned(company_home, "内嵌电机")
    page = open_page(base_url=running, cookies={"pace_session": signed_in("孙浩")}, phone=True)
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined});"
                         "delete Navigator.prototype.serviceWorker")  # fmt: skip
    page.goto("/today/")
    phone = Phone(page)
    phone.tap(page.locator(f"[data-log-open*='\"plan\": {plan}']"))
    fill(phone)
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("已记")
    expect(page.locator("[data-install]")).to_contain_text("不能离线保存")
    assert logged(company_home, customer) == 1


def test_the_line_under_the_sheet_judges_as_the_server_does(rep: Callable[..., Any]):
    """Every combination of what a visit may hold, under two rules, against activity/rules/visit.py."""
    from datetime import UTC, date, datetime, timedelta

    page = rep(DESKTOP)
    page.goto("/today/")
    on = date(2026, 3, 16)
    noon = datetime(2026, 3, 16, 4, tzinfo=UTC)
    cases, told = [], []
    for rule in (Rule(date(2026, 1, 1)), Rule(date(2026, 1, 1), min_minutes=15, place=True)):
        asked = {"asks": list(conditions(rule)), "minutes": rule.min_minutes, "backDays": rule.back_days,
                 "notMet": ["没见到", "not_met"]}  # fmt: skip
        for contact, result, step, ahead, minutes, placed, back in itertools.product(
            (True, False),
            ("", "有意向", "没见到"),
            ("", "送方案"),
            (None, -1, 0, 1),
            (None, 14, 15),
            (True, False),
            (3, 4),
        ):
            next_on = None if ahead is None else on + timedelta(days=ahead)
            cases.append([asked, {"contact": contact, "result": result, "nextStep": step,
                                  "nextOn": next_on.isoformat() if next_on else "", "minutes": minutes,
                                  "placed": placed, "on": on.isoformat(), "daysBack": back}])  # fmt: skip
            visit = Visit(on, noon, noon, contact, result, step, next_on, minutes, (), placed, back > 3)
            found = judge_visit(visit, rule)
            told.append([found.state, list(found.failed)])
    said = page.evaluate(
        "async (cases) => { const built = await (await fetch('/static/dist/manifest.json')).json();"
        " const {verdict} = await import('/static/dist/' + built['frontend/verdict.js'].file); "
        "return cases.map(([rule, visit]) => { const v = verdict(rule, visit);"
        " return [v.state, v.failed]; }); }",
        cases,
    )
    assert said == told


@pytest.mark.parametrize("look", [ON_PHONE, DESKTOP, Look(english=True, dark=True, phone=True)], ids=str)
def test_the_open_sheet_has_no_obstacles(rep: Callable[..., Any], company_home: Home, look: Look):
    planned(company_home, f"无障碍{look}")
    page = rep(look)
    page.goto("/today/")
    page.locator("[data-day-list] [data-log-open]").first.click()
    expect(page.locator("dialog#log-dialog")).to_be_visible()
    assert obstacles(page) == []
    assert page.faults == []
