"""From a doubt in the Why drawer to the answer on the number, on a desktop and on a phone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.looks import DESKTOP, Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HANDS = [pytest.param(DESKTOP, "2026-03-02", id="desktop"), pytest.param(Look(phone=True), "2026-03-03", id="phone")]


def fit(page: Any) -> None:
    page.wait_for_load_state()
    assert obstacles(page) == []
    assert overhang(page) == ""
    assert page.faults == []


@pytest.mark.parametrize(("look", "day"), HANDS)
def test_a_doubt_is_asked_answered_told_and_stays_with_the_number(
    running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any], look: Look, day: str
):
    def reader(name: str) -> Any:
        return open_page(base_url=running, cookies={"pace_session": signed_in(name)}, **look.options)

    text = f"少了海川那一单 {uuid.uuid4().hex[:6]}"
    board = f"/insights/board/?period={day}..2026-03-16"
    rep = reader("孙浩")
    rep.goto(board)
    rep.locator("main [data-why][href*='won_amount']").first.click()
    drawer = rep.locator("dialog#why[open]")
    drawer.get_by_role("button", name="提问").click()
    expect(drawer.locator(".fault")).to_contain_text("写下你想问什么")
    expect(drawer.get_by_label("问数据分析师")).to_be_focused()
    drawer.get_by_label("问数据分析师").fill(text)
    drawer.get_by_role("button", name="提问").click()
    expect(drawer.get_by_role("status")).to_contain_text("已发给数据分析师")
    assert obstacles(rep) == []

    analyst = reader("何睿")
    analyst.goto("/")
    fit(analyst)
    analyst.get_by_role("link", name=text).click()
    expect(analyst.get_by_role("heading", level=1)).to_have_text("对这个数有疑问")
    fit(analyst)
    analyst.get_by_label("回答").fill("那一单四月才签。")
    analyst.get_by_role("button", name="回答").click()
    expect(analyst.locator("main")).to_contain_text("已回答")
    analyst.goto("/insights/questions/?show=all")
    expect(analyst.get_by_role("link", name=text)).to_be_visible()
    fit(analyst)

    rep.goto("/")
    rep.get_by_role("link", name=text).click()
    expect(rep.locator("main")).to_contain_text("那一单四月才签。")
    with rep.expect_navigation():
        rep.get_by_role("button", name="知道了").click()
    rep.goto("/")
    expect(rep.get_by_role("heading", level=1)).to_have_text("我的一天")
    expect(rep.get_by_role("link", name=text)).to_have_count(0)

    leader = reader("王敏")
    leader.goto(board)
    leader.locator("main [data-why][href*='won_amount'][href*='person']").filter(visible=True).first.wait_for()
    leader.locator("tr", has_text="孙浩").locator("[data-why][href*='won_amount']").first.click()
    expect(leader.locator("dialog#why[open]")).to_contain_text("那一单四月才签。")
    assert re.search("少了海川", leader.locator("dialog#why[open]").inner_text())
    assert obstacles(leader) == []


def test_a_wall_is_turned_by_keys_reads_from_afar_and_is_left_by_escape(reader: Callable[..., Any]):
    page = reader("director", Look(dark=True))
    page.goto("/insights/board/")
    page.get_by_role("link", name="投屏").click()
    page.wait_for_url("**/insights/board/tv/**")
    fit(page)
    small = page.evaluate(
        "() => [...document.querySelectorAll('.tv *')].filter((one) => one.offsetParent && one.childElementCount === 0"
        " && one.textContent.trim() && parseFloat(getComputedStyle(one).fontSize) < 24"
        " && one.getBoundingClientRect().width > 1).map((one) => one.outerHTML)"
    )
    assert small == []
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    first = page.locator("[data-tv-view]:visible").inner_text()
    views = page.locator("[data-tv-view]").count()
    assert views > 2
    for _step in range(views):
        page.keyboard.press("ArrowRight")
        assert page.locator("[data-tv-view]:visible").count() == 1
    assert page.locator("[data-tv-view]:visible").inner_text() == first
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="暂停轮播")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/insights/board/($|\?)"))


def test_a_wall_without_scripts_shows_all_its_views_at_once(
    demo: str, tour: dict[str, Any], open_page: Callable[..., Any]
):
    page = open_page(base_url=demo, cookies={"pace_session": tour["sessions"]["director"]}, scripts=False)
    page.goto("/insights/board/tv/")
    views = page.locator("[data-tv-view]")
    assert views.count() > 2
    assert page.locator("[data-tv-view]:visible").count() == views.count()


def test_chosen_rows_show_how_many_and_can_be_taken_away(
    running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any]
):
    page = open_page(base_url=running, cookies={"pace_session": signed_in("王敏")})
    page.goto("/insights/board/?period=2026-03")
    bar = page.locator("[data-selected=ids]")
    expect(bar).to_be_hidden()
    page.get_by_role("checkbox", name="选中 孙浩").check()
    expect(bar).to_contain_text("1")
    with page.expect_download() as taken:
        bar.get_by_role("button", name="CSV").click()
    assert "孙浩" in taken.value.path().read_text(encoding="utf-8")
    assert obstacles(page) == []
