"""The lines of My day under a finger: right opens the sheet, left moves to tomorrow; the menu does the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_day import ON_PHONE, planned, rep
from tests.homes import Home

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
__all__ = ["rep"]
DAYS = """
from pacesetter.activity.models import PlanItem
from pacesetter.journal.models import Entry
item = PlanItem.objects.get(pk={plan})
moves = Entry.objects.filter(act__in=("move_plan", "undo_plan"), object_id=str({plan}))
print((item.on - item.first_on).days, moves.count())
"""


def moved(home: Home, plan: int) -> tuple[int, int]:
    """How many days later it stands, after how many moves and undone moves."""
    days, moves = home.python(DAYS.format(plan=plan)).split()
    return int(days), int(moves)


class Finger:
    """Touches as the phone reports them."""

    def __init__(self, page: Any) -> None:
        self.page, self.wire = page, page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    def over(self, line: Any) -> tuple[float, float]:
        """The middle of a line."""
        line.scroll_into_view_if_needed()
        box = line.bounding_box()
        return (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def drag(self, line: Any, x: int, y: int = 0, lift: bool = True) -> None:
        """From the middle of a line, in steps, and off it again."""
        self.pull(self.over(line), x, y, lift)

    def pull(self, at: tuple[float, float], x: int, y: int = 0, lift: bool = True) -> None:
        """From a place, in steps."""
        self._send("touchStart", at)
        for step in range(1, 7):
            self._send("touchMove", (at[0] + x * step / 6, at[1] + y * step / 6))
        if lift:
            self.lift()

    def lift(self) -> None:
        self._send("touchEnd")


def line_of(page: Any, plan: int) -> Any:
    return page.locator("li[data-swipe]").filter(has=page.locator(f"[data-log-open*='\"plan\": {plan}']"))


def test_to_the_right_opens_the_sheet_for_that_line(rep: Callable[..., Any], company_home: Home):
    _customer, plan = planned(company_home, "右滑机械")
    page = rep()
    page.goto("/today/")
    line = line_of(page, plan)
    Finger(page).drag(line, 60)
    expect(page.locator("#log-dialog")).to_be_hidden()
    Finger(page).drag(line, 140)
    expect(page.locator("#log-dialog")).to_be_visible()
    expect(page.locator("[data-log-name]")).to_have_text("右滑机械")
    assert page.locator("form[data-log] [name=plan]").input_value() == str(plan)
    assert "/today/" in page.url, "the link under the finger was not followed"
    assert page.faults == []


def test_to_the_left_moves_to_tomorrow_once_and_can_be_taken_back(rep: Callable[..., Any], company_home: Home):
    _customer, plan = planned(company_home, "左滑电气")
    page = rep()
    page.goto("/today/")
    line, finger = line_of(page, plan), Finger(page)
    finger.drag(line, -140, lift=False)
    expect(line).to_have_attribute("data-pull", "left")
    expect(line).to_have_attribute("data-far", "")
    finger.lift()
    expect(page.locator(".toast-s")).to_contain_text("已改到")
    expect(line_of(page, plan)).to_have_count(0)
    assert moved(company_home, plan) == (1, 1)
    page.locator(".toast-s button").click()
    expect(line_of(page, plan)).to_have_count(1)
    assert moved(company_home, plan) == (0, 2)
    assert page.faults == []


SUGGEST = """
import json
from datetime import timedelta
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY
me = Person.objects.get(name="孙浩")
customer = pipeline.add_customer(name={customer!r}, owner=me, by=None, at=AT)
deal = pipeline.open_deal(name={customer!r} + "一期", customer=customer, owner=me, by=None, at=AT)
pipeline.change_deal(deal, next_step="送方案", next_on=TODAY - timedelta(days=3), by=None, at=AT)
print(customer.pk)
"""
PLANNED = """
from pacesetter.activity.models import PlanItem
print(PlanItem.objects.filter(customer={customer}, state="open").count())
"""


def test_a_suggestion_swiped_to_tomorrow_comes_back_from_its_toast(rep: Callable[..., Any], company_home: Home):
    customer = int(company_home.python(SUGGEST.format(customer="建议仪表")))
    page = rep()
    page.goto("/today/?all=1")
    line = page.locator("li[data-swipe]").filter(has_text="建议仪表")
    expect(line).to_have_count(1)
    Finger(page).drag(line, -140)
    expect(page.locator(".toast-s")).to_contain_text("已排到")
    assert int(company_home.python(PLANNED.format(customer=customer))) == 1
    page.locator(".toast-s button").click()
    expect(page.locator(".toast-s")).to_contain_text("已撤销")
    page.goto("/today/?all=1")
    expect(line).to_have_count(1)
    assert int(company_home.python(PLANNED.format(customer=customer))) == 0
    assert page.faults == []


def test_the_same_swipe_twice_before_the_answer_moves_once(rep: Callable[..., Any], company_home: Home):
    _customer, plan = planned(company_home, "双滑重工")
    page = rep()
    page.goto("/today/")
    finger = Finger(page)
    place = finger.over(line_of(page, plan))
    finger.pull(place, -140)
    finger.pull(place, -140)
    expect(page.locator(".toast-s")).to_contain_text("已改到")
    assert moved(company_home, plan) == (1, 1)


def test_scrolling_is_no_swipe_and_the_menu_stays(rep: Callable[..., Any], company_home: Home):
    _customer, plan = planned(company_home, "竖滑食品")
    page = rep()
    page.goto("/today/")
    line, finger = line_of(page, plan), Finger(page)
    finger.drag(line, 60, 160)
    finger.drag(line, 20, -200)
    expect(page.locator("#log-dialog")).to_be_hidden()
    assert moved(company_home, plan) == (0, 0)
    line.locator("summary").press("Enter")
    line.get_by_role("button", name="改到明天").press("Enter")
    expect(page.locator(".toast-s")).to_contain_text("已改到")
    assert moved(company_home, plan) == (1, 1)


def test_without_motion_the_line_stays_and_says_what_it_would_do(rep: Callable[..., Any], company_home: Home):
    _customer, plan = planned(company_home, "静滑药业")
    still, moving = rep(), rep(replace(ON_PHONE))
    still.emulate_media(reduced_motion="reduce")
    moving.emulate_media(reduced_motion="no-preference")
    places = {}
    for name, page in (("still", still), ("moving", moving)):
        page.goto("/today/")
        what = line_of(page, plan).locator(".todo-what")
        what.scroll_into_view_if_needed()
        before = what.bounding_box()["x"]
        finger = Finger(page)
        finger.drag(line_of(page, plan), 140, lift=False)
        expect(line_of(page, plan)).to_have_attribute("data-pull", "right")
        places[name] = what.bounding_box()["x"] - before
        said = line_of(page, plan).evaluate("line => getComputedStyle(line, '::before').content")
        assert re.search("记跟进", said)
        finger.lift()
        expect(page.locator("#log-dialog")).to_be_visible()
    assert places["still"] == 0
    assert places["moving"] > 100
