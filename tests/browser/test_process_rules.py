"""The process rules by a director: read on a phone and a desktop, a kind's seconds rise while boxes are ticked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_day import rep
from tests.looks import Look, obstacles, overhang

__all__ = ["rep"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PAGES = ("", "norms/", "hints/", "hints/no_activity/", "kinds/", "kinds/new/")
DIRECTOR = "周岚"


def test_the_pages_have_no_obstacles_on_a_light_phone_in_chinese(rep: Callable[..., Any]):
    """The looks that test_every_page.py leaves out."""
    page = rep(Look(phone=True), who=DIRECTOR)
    wrong = []
    for path in PAGES:
        answer = page.goto(f"/manage/process/{path}")
        assert answer.status == 200, path
        wrong += [f"{path}: {one}" for one in [*obstacles(page), *([overhang(page)] if overhang(page) else [])]]
    assert wrong == []
    assert page.faults == []


def test_the_seconds_of_a_log_rise_with_what_is_asked(rep: Callable[..., Any]):
    page = rep(who=DIRECTOR)
    page.goto("/manage/process/kinds/new/")
    shown = page.locator("[data-effort] output")
    expect(shown).to_have_text("10")
    page.get_by_label("要求照片").check()
    expect(shown).to_have_text("18")
    page.get_by_label("要求备注").check()
    expect(shown).to_have_text("30")
    page.get_by_label("要求照片").uncheck()
    expect(shown).to_have_text("22")


def test_a_version_is_seen_before_it_is_saved_on_a_phone(rep: Callable[..., Any]):
    page = rep(who=DIRECTOR)
    page.goto("/manage/process/")
    page.get_by_label("最短时长").fill("15")
    page.get_by_role("button", name="先看效果").tap()
    expect(page.locator("#preview")).to_contain_text("至少 15 分钟")
    expect(page.locator("#preview")).to_contain_text("近 30 天计有效")
    assert page.get_by_label("最短时长").input_value() == "15"
