"""One spoken line on a phone: filled into the sheet, looked at, saved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_day import Phone, logged, planned, rep
from tests.homes import Home
from tests.looks import obstacles

__all__ = ["rep"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

KEPT = """
from pacesetter.activity.models import Activity
row = Activity.objects.get(customer={customer})
print(row.channel, row.note)
"""


def test_one_line_fills_the_sheet_on_a_phone_and_is_saved_after_a_look(rep: Callable[..., Any], company_home: Home):
    customer, _plan = planned(company_home, "一句机械")
    page = rep()
    page.goto("/log/")
    phone = Phone(page)
    phone.tap(page.locator("#log-said"))
    phone.type("拜访一句机械王总有意向明天报价 担心交期")
    page.keyboard.press("Enter")
    expect(page.locator("[data-log-heard]")).to_contain_text("担心交期")
    expect(page.locator("[data-log-name]")).to_have_text("一句机械")
    expect(page.locator("[data-log-live]")).to_contain_text("算有效拜访")
    assert page.locator("[name=contact]:checked").count() == 1
    assert page.locator("[name=result]:checked").input_value() == "有意向"
    assert page.locator("[name=next_step]").input_value() == "报价"
    assert page.locator("[name=note]").input_value() == "担心交期"
    assert logged(company_home, customer) == 0
    assert obstacles(page) == []
    phone.tap(page.locator("[data-log-save]"))
    expect(page.locator(".toast-s")).to_contain_text("算有效拜访")
    assert logged(company_home, customer) == 1
    said = company_home.python(KEPT.format(customer=customer))
    assert said.split() == ["text", "担心交期"]
    assert page.faults == []


def test_a_line_that_names_two_customers_asks_and_one_that_names_nobody_met_nobody(
    rep: Callable[..., Any], company_home: Home
):
    planned(company_home, "双名电气甲厂")
    second, _plan = planned(company_home, "双名电气乙厂")
    page = rep()
    page.goto("/log/?say=" + "拜访 双名电气 有意向")
    choices = page.locator("[data-log-heard] button")
    expect(choices).to_have_count(2)
    assert page.locator("[name=customer]").input_value() == ""
    choices.filter(has_text="乙厂").tap()
    expect(page.locator("[data-log-name]")).to_have_text("双名电气乙厂")
    assert page.locator("[name=customer]").input_value() == str(second)
    assert page.locator("[name=contact]:checked").count() == 0
    expect(page.locator("[data-log-asks]")).to_contain_text("✗ 见到联系人 · ✓ 有结果 · ✗ 有带日期的下一步")
    expect(page.locator("[data-log-live]")).to_contain_text("见到联系人")


def test_without_signal_the_line_says_so_and_the_form_still_works(rep: Callable[..., Any], company_home: Home):
    planned(company_home, "无号机械")
    page = rep(offline=True)
    page.goto("/log/")
    page.context.set_offline(True)
    page.locator("#log-said").fill("拜访 无号机械")
    page.locator("[data-log-hear]").tap()
    expect(page.locator("[data-log-heard]")).to_contain_text("要有信号")
    assert page.locator("[name=channel]").input_value() == ""
