"""The frame in a real browser: every look, keyboard and thumb, without a word from the content policy."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.looks import obstacles
from tests.world import PASSWORD

pytestmark = pytest.mark.browser

# Every pair of device, language and theme, in half of all combinations.
LOOKS = [
    pytest.param({"phone": phone, "language": language, "dark": dark}, id=name)
    for name, phone, language, dark in (
        ("desktop-zh-light", False, "zh-hans", False),
        ("desktop-en-dark", False, "en", True),
        ("phone-zh-dark", True, "zh-hans", True),
        ("phone-en-light", True, "en", False),
    )
]


@pytest.fixture
def visit(running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any]) -> Callable[..., Any]:
    """`visit("/path/", as_="王敏", …look)` gives the page as that person sees it."""

    def go(path: str, as_: str = "", **look: Any) -> Any:
        cookies = {"pace_session": signed_in(as_)} if as_ else {}
        page = open_page(base_url=running, cookies=cookies, **look)
        page.goto(path)
        return page

    return go


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_works_in_every_look(visit: Callable[..., Any], look: dict[str, Any]):
    page = visit("/accounts/login/", **look)
    assert obstacles(page) == []
    page.get_by_label("手机号" if look["language"] != "en" else "Mobile").fill("13800000002")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    assert obstacles(page) == []
    assert page.faults == []
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(visit: Callable[..., Any]):
    page = visit("/accounts/login/")
    page.fill("#id_login", "13800000002")
    page.fill("#id_password", "nothing-like-it")
    page.press("#id_password", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(page.locator("#id_login")).to_have_value("13800000002")


def test_a_wrong_address_is_explained_not_only_refused(visit: Callable[..., Any]):
    page = visit("/nowhere/", as_="王敏")
    assert "没有这一页" in page.inner_text("h1")
    assert obstacles(page) == []


def test_the_finder_opens_by_keyboard_and_goes(visit: Callable[..., Any]):
    page = visit("/", as_="王敏")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#finder[open]")
    page.keyboard.type("漏斗")
    page.keyboard.press("Enter")
    page.wait_for_url("**/insights/funnel/**")


def test_keys_do_nothing_while_somebody_types_or_composes(visit: Callable[..., Any]):
    page = visit("/manage/people/", as_="王敏")
    field = page.locator("main input[type=search], main input[name=q]").first
    field.click()
    page.keyboard.press("?")
    assert page.locator("#keys[open]").count() == 0
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true}))")
    assert page.locator("#keys[open]").count() == 0
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert obstacles(page) == []


def test_a_number_opens_its_definition_and_the_focus_returns(visit: Callable[..., Any]):
    page = visit("/insights/board/", as_="王敏")
    number = page.locator("main [data-why]").first
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#why[open] #why-body :text('=')")
    assert page.faults == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#why:not([open])", state="attached")
    assert number.evaluate("one => one === document.activeElement")


def test_the_theme_is_kept_on_the_next_page(visit: Callable[..., Any]):
    page = visit("/", as_="王敏")
    page.locator("details.menu:has([data-set-theme]) summary").click()
    page.click("[data-set-theme=dark]")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 22, 28)")
    page.goto("/insights/board/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 22, 28)")


def test_the_language_switch_stays_on_the_page(visit: Callable[..., Any]):
    page = visit("/insights/board/", as_="王敏")
    page.locator("details.menu:has([name=language]) summary").click()
    with page.expect_navigation():
        page.click("button[name=language][value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/insights/board/")
    expect(page.locator(".rail")).to_contain_text("Team board")


def test_the_phone_has_its_bar_at_the_thumb_and_targets_of_44_pixels(visit: Callable[..., Any]):
    page = visit("/", as_="李想", phone=True)
    assert page.locator(".rail").is_hidden()
    boxes = page.evaluate(
        "[...document.querySelectorAll('.tabbar > :not([hidden])')].map(one => one.getBoundingClientRect().toJSON())"
    )
    assert 2 <= len(boxes) <= 5
    assert all(box["width"] >= 44 and box["height"] >= 44 for box in boxes)
    assert obstacles(page) == []


def test_menus_close_on_escape_and_give_the_focus_back(visit: Callable[..., Any]):
    page = visit("/", as_="王敏")
    summary = page.locator("details.menu:has(.avatar-s) summary")
    summary.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert summary.evaluate("one => one === document.activeElement")
