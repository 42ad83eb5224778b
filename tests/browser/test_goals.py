"""From the company's number to a signature: the director sets, spreads and publishes, a rep signs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.looks import DESKTOP, Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

# each language has a metric of its own: both stories may meet in one installation
HANDS = [
    pytest.param(DESKTOP, "deals_won", "240", id="zh-desktop"),
    pytest.param(Look(english=True, dark=True, phone=True), "deals_opened", "480", id="en-phone"),
]


@pytest.mark.parametrize(("look", "metric", "target"), HANDS)
def test_a_director_spreads_and_publishes_and_a_rep_signs(
    reader: Callable[..., Any], look: Look, metric: str, target: str
):
    page = reader("director", look)
    page.goto(f"/goals/new/?metric={metric}&period=2027&owner=company")
    page.fill("#id_target", target)
    expect(page.locator("#goal-checks .check-bad")).to_have_count(0)
    assert obstacles(page) == []
    page.locator("#goal-form .form-foot .btn-primary").click()
    page.wait_for_url(re.compile(r"/goals/\d+/$"))
    page.locator(".page-head a[href^='/goals/spread/']").click()
    page.wait_for_url(re.compile(r"/goals/spread/\?from=\d+"))
    page.locator("button[name=preview]").click()
    expect(page.locator(".spread-table tbody tr[data-row]").first).to_be_visible()
    assert overhang(page) == ""
    assert obstacles(page) == []
    if look.phone:
        expect(page.locator(".spread-table tr[data-row] input.cell").first).to_be_hidden()
        page.locator("#months-too").check()
    page.locator(".spread-table tr[data-row] input.cell").first.fill("1")
    page.locator("button[name=preview]").click()
    expect(page.locator(".spread-table input.cell.is-set")).to_have_count(1)
    page.locator("button[name=save]").click()
    page.wait_for_url(re.compile(r"/goals/\?metric="))
    expect(page.locator("tr.is-draft").first).to_be_visible()
    page.locator(".page-head a[href^='/goals/publish/']").click()
    page.wait_for_url(re.compile(r"/goals/publish/"))
    expect(page.locator("input[name=goals]").first).to_be_checked()
    page.locator("main form .form-foot .btn-primary").click()
    page.wait_for_url(re.compile(r"/goals/\?metric="))
    expect(page.locator("tr.is-draft")).to_have_count(0)
    assert overhang(page) == ""
    assert obstacles(page) == []
    assert page.faults == []

    rep = reader("rep", look)
    rep.goto(f"/goals/?metric={metric}&period=2027")
    rep.locator("tr.layer-individual th a[href^='/goals/']:not(.twist)").first.click()
    rep.wait_for_url(re.compile(r"/goals/\d+/$"))
    rep.locator("form[action$='/sign/'] button").click()
    expect(rep.locator("form[action$='/sign/']")).to_have_count(0)
    assert overhang(rep) == ""
    assert rep.faults == []


@pytest.mark.parametrize("look", [DESKTOP, Look(phone=True)], ids=str)
def test_the_cascade_opens_and_shows_who_serves_whom(reader: Callable[..., Any], look: Look):
    page = reader("director", look)
    page.goto("/goals/?metric=won_amount")
    twist = page.locator("[data-cascade] [data-open-goal][aria-expanded=false]").first
    parent = twist.locator("xpath=ancestor::tr").get_attribute("data-goal")
    twist.click()
    below = page.locator(f"tr[data-above='{parent}']")
    expect(below.first).to_be_visible()
    below.first.locator("td").first.click()
    expect(page.locator(f"tr[data-goal='{parent}']")).to_have_class(re.compile("is-aligned"))
    page.locator(f"tr[data-goal='{parent}'] [data-open-goal]").click()
    expect(below.first).to_be_hidden()
    page.locator("tr[data-goal] a[href$='/expected/']").first.click()
    expect(page.locator("dialog#why[open] .formula")).to_be_visible()
    assert overhang(page) == ""
    assert page.faults == []


@pytest.mark.parametrize("look", [DESKTOP, Look(phone=True)], ids=str)
def test_an_empty_period_is_filled_from_the_template_and_the_next_one_copied(reader: Callable[..., Any], look: Look):
    first, second = ("2031Q1", "2031Q2") if look == DESKTOP else ("2032Q1", "2032Q2")
    page = reader("director", look)
    page.goto(f"/goals/?metric=won_amount&period={first}")
    page.locator("main a[href^='/goals/template/']").click()
    page.wait_for_url(re.compile(r"/goals/template/"))
    expect(page.locator("input[name=value-won_amount]")).to_be_visible()
    assert overhang(page) == ""
    assert obstacles(page) == []
    page.fill("input[name=value-won_amount]", "500万")
    page.locator("main form .form-foot .btn-primary").click()
    page.wait_for_url(re.compile(r"/goals/\?metric="))
    expect(page.locator("tr.is-draft")).to_have_count(1)

    page.goto(f"/goals/?metric=won_amount&period={second}")
    page.locator("main a[href^='/goals/copy/']").click()
    page.wait_for_url(re.compile(r"/goals/copy/"))
    page.fill("#id_percent", "10")
    page.locator("main form[method=get] button").click()
    page.wait_for_url(re.compile(r"percent=10"))
    expect(page.locator("main table tbody tr[data-row]")).to_have_count(1)
    assert overhang(page) == ""
    assert obstacles(page) == []
    page.locator("main form[method=post] .btn-primary").click()
    page.wait_for_url(re.compile(r"/goals/\?metric="))
    expect(page.locator("tr.is-draft")).to_have_count(1)
    assert page.faults == []
