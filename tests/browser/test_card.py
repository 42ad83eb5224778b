"""The card of a deal on a phone: from My day over the stages to the win, lost with a chip, the sheets over the card."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home
from tests.looks import Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ON_PHONE = Look(phone=True)
MAKE = """
import json
from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from tests.world import AT, TODAY
me = Person.objects.get(name="孙浩")
customer = acts.add_customer(name={name!r}, owner=me, by=None, at=AT)
acts.add_contact(customer, name="王立新", decision_role="decision_maker", by=None, at=AT)
deal = acts.open_deal(name={name!r} + "一期", owner=me, customer=customer, stage="intent", next_step="报价",
                      next_on=TODAY, on=TODAY, by=None, at=AT)
print(json.dumps([customer.pk, deal.pk]))
"""
TOLD = """
import json
from pacesetter.pipeline.models import Deal
row = Deal.objects.get(pk={pk})
print(json.dumps([row.stage, row.amount_minor, row.loss_reason, row.next_step, row.stage_changes.count()]))
"""


@pytest.fixture
def rep(running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """A page of somebody who sells."""

    def make(look: Look = ON_PHONE, who: str = "孙浩") -> Any:
        return open_page(base_url=running, cookies={"pace_session": signed_in(who)}, **look.options)

    return make


def made(home: Home, name: str) -> tuple[int, int]:
    """A customer of one's own with an open deal whose next step is today."""
    customer, deal = json.loads(home.python(MAKE.format(name=name)))
    return customer, deal


def told(home: Home, pk: int) -> list[Any]:
    return list(json.loads(home.python(TOLD.format(pk=pk))))


def sheet(page: Any) -> Any:
    box = page.locator("dialog#form-sheet")
    expect(box).to_be_visible()
    return box


def chip(page: Any, text: str) -> Any:
    return sheet(page).locator(".pick label").filter(has_text=re.compile(f"^{re.escape(text)}$"))


def test_from_my_day_over_the_stages_to_the_win(rep: Callable[..., Any], company_home: Home):
    customer, deal = made(company_home, "卡片机械")
    page = rep()
    page.goto("/today/")
    page.get_by_role("link", name="卡片机械", exact=True).tap()
    page.wait_for_url(re.compile(f"/customers/{customer}/"))
    page.get_by_role("link", name="卡片机械一期", exact=True).first.tap()
    page.wait_for_url(re.compile(f"/deals/{deal}/"))
    # what the card is for stands under the thumb
    log = page.locator(".card-acts .btn-primary")
    assert log.bounding_box()["y"] > page.viewport_size["height"] / 2
    page.get_by_role("link", name="到方案").tap()
    box = sheet(page)
    box.get_by_role("button", name="推进").tap()
    expect(box.locator("#id_amount_minor_error")).to_be_visible()
    box.locator("#id_amount_minor").fill("86000")
    chip(page, "送方案").tap()
    chip(page, "明天").tap()
    box.get_by_role("button", name="推进").tap()
    expect(page.locator(".toast-s")).to_contain_text("已到「方案」")
    assert told(company_home, deal)[:4] == ["proposal", 8_600_000, "", "送方案"]
    page.locator(".card-acts summary").tap()
    page.locator(".card-acts").get_by_role("link", name="赢单").tap()
    sheet(page).get_by_role("button", name="记为赢单").dblclick()
    expect(page.locator(".toast-s")).to_contain_text("签下卡片机械 ¥8.6万！本月 ¥")
    assert told(company_home, deal)[:2] + told(company_home, deal)[4:] == ["won", 8_600_000, 3]
    expect(page.locator("#card-next")).to_contain_text("请财务登记")
    expect(page.locator("[data-celebrate]")).to_have_count(0)
    assert page.url.endswith(f"/deals/{deal}/")
    # the browser itself notes the answer that refused
    assert [fault for fault in page.faults if "422" not in fault] == []


def test_lost_with_a_chip(rep: Callable[..., Any], company_home: Home):
    _customer, deal = made(company_home, "丢单机械")
    page = rep()
    page.goto(f"/deals/{deal}/")
    page.locator(".card-acts summary").tap()
    page.locator(".card-acts").get_by_role("link", name="输单").tap()
    chip(page, "价格").tap()
    sheet(page).get_by_role("button", name="记为输单").tap()
    expect(page.locator(".toast-s")).to_contain_text("已记为输单")
    assert told(company_home, deal)[0::2][:2] == ["lost", "price"]


def test_a_log_from_the_card_moves_the_card_without_a_reload(rep: Callable[..., Any], company_home: Home):
    _customer, deal = made(company_home, "就地记录")
    page = rep()
    page.goto(f"/deals/{deal}/")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="记跟进").first.tap()
    box = page.locator("dialog#log-dialog")
    expect(box).to_contain_text("王立新")
    for text in ("有意向", "签合同", "明天"):
        box.locator(".pick label").filter(has_text=re.compile(f"^{text}")).tap()
    box.locator("[data-log-save]").tap()
    expect(page.locator("#card-next")).to_contain_text("签合同")
    expect(page.locator("#card-line")).to_contain_text("王立新")
    assert page.evaluate("window.same") is True
    assert told(company_home, deal)[3] == "签合同"
    page.locator(".toast-s button").tap()
    expect(page.locator("#card-line")).to_contain_text("已撤回")
    assert page.faults == []


def test_a_contact_is_added_inside_the_card(rep: Callable[..., Any], company_home: Home):
    _customer, deal = made(company_home, "联系人卡")
    page = rep()
    page.goto(f"/deals/{deal}/")
    page.get_by_role("link", name="新增", exact=True).tap()
    box = sheet(page)
    box.locator("#id_name").fill("李采购")
    box.locator("#id_decision_role").select_option("buyer")
    box.get_by_role("button", name="保存").tap()
    page.wait_for_url(re.compile(f"/deals/{deal}/$"))
    expect(page.locator(".people")).to_contain_text("李采购")
    expect(page.locator(".people")).to_contain_text("采购")


def test_who_wants_no_motion_sees_no_party(rep: Callable[..., Any], company_home: Home):
    _customer, deal = made(company_home, "安静机械")
    for motion, seen in (("no-preference", "grid"), ("reduce", "none")):
        page = rep()
        page.emulate_media(reduced_motion=motion)
        page.goto(f"/deals/{deal}/")
        shown = page.evaluate(
            "() => { const box = document.createElement('div'); box.className = 'celebrate';"
            " box.append(document.createElement('span')); document.body.append(box);"
            " const style = getComputedStyle(box); const span = getComputedStyle(box.firstChild);"
            " return [style.display, parseFloat(span.animationDuration)]; }"
        )
        assert shown[0] == seen
        assert shown[1] <= 0.8


def test_the_card_and_its_sheets_have_no_obstacles(rep: Callable[..., Any], company_home: Home):
    """In a look that test_every_page.py leaves out; the sheet opened upon the card."""
    customer, deal = made(company_home, "无障碍机械")
    page = rep(ON_PHONE)
    for path in (f"/customers/{customer}/", f"/deals/{deal}/days/", f"/deals/{deal}/lose/", f"/deals/{deal}/"):
        page.goto(path)
        assert obstacles(page) == [], path
        assert overhang(page) == "", path
    page.locator(".card-acts [data-sheet]").first.click()
    sheet(page)
    assert obstacles(page) == []
    assert page.faults == []
