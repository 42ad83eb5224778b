"""附近的客户 on a phone: the place is asked for on that tap alone, refused calmly, and not sent with the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_day import chip, rep
from tests.homes import Home

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
__all__ = ["rep"]
MET = """
import json
from pacesetter.activity import acts
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT
me = Person.objects.get(name="孙浩")
customer = pipeline.add_customer(name="江边机械", owner=me, by=None, at=AT)
place = acts.Place(31_240_000, 121_490_000, 20)
acts.log_activity(person=me, kind="call", customer=customer, place=place, by=me, at=AT)
print(json.dumps(customer.pk))
"""
KEPT = """
from pacesetter.activity.models import Activity
print(list(Activity.objects.filter(customer={customer}, kind="visit").values_list("place_lat", flat=True)))
"""
ASKED = """
window.asked = 0;
const told = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
navigator.geolocation.getCurrentPosition = (...how) => { window.asked += 1; return told(...how); };
"""


def test_the_place_is_asked_for_on_that_tap_and_the_log_is_without_it(rep: Callable[..., Any], company_home: Home):
    customer = json.loads(company_home.python(MET))
    page = rep()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.2405, "longitude": 121.49})
    page.add_init_script(ASKED)
    page.goto("/log/")
    expect(page.locator("[data-log-near]")).to_be_visible()
    page.locator("#log-find").fill("江")
    assert page.evaluate("window.asked") == 0
    page.locator("[data-log-near]").tap()
    found = page.locator("[data-log-found] button").filter(has_text="江边机械")
    expect(found).to_contain_text("100 米内")
    expect(page.locator("[data-log-near-says]")).to_contain_text("没有保存")
    assert page.evaluate("window.asked") == 1
    found.tap()
    expect(page.locator("[data-log-name]")).to_have_text("江边机械")
    chip(page, "有意向").tap()
    with page.expect_response("**/log/") as answer:
        page.locator("[data-log-save]").tap()
    assert answer.value.ok
    assert company_home.python(KEPT.format(customer=customer)).strip() == "[None]"
    assert page.evaluate("window.asked") == 1
    assert page.faults == []


def test_a_refused_permission_is_told_calmly_and_the_sheet_goes_on(rep: Callable[..., Any], company_home: Home):
    page = rep()
    page.context.clear_permissions()
    page.goto("/log/")
    page.locator("[data-log-near]").tap()
    expect(page.locator("[data-log-near-says]")).to_contain_text("照常按名字找")
    page.locator("#log-find").fill("某家新客户")
    expect(page.locator("[data-log-found] button").first).to_be_visible()
    assert page.faults == []
