"""What people do here, from the first click to the last, on a desktop and on a phone."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home, Moulds, free_port
from tests.looks import DESKTOP, Look, obstacles, overhang
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HANDS = [pytest.param(DESKTOP, id="desktop"), pytest.param(Look(phone=True), id="phone")]
MOBILE_OF_THE_LEADER = "13800000002"
DARK_GROUND = "rgb(18, 22, 28)"


def sign_in(page: Any, login: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", login)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")


@pytest.mark.parametrize("look", HANDS)
def test_somebody_mistypes_the_password_then_signs_in_by_mobile(
    running: str, open_page: Callable[..., Any], look: Look
):
    page = open_page(base_url=running, **look.options)
    sign_in(page, MOBILE_OF_THE_LEADER, "nothing-like-it")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(page.locator("#id_login")).to_have_value(MOBILE_OF_THE_LEADER)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("今日")
    assert page.faults == []


@pytest.mark.parametrize("look", HANDS)
def test_a_manager_goes_from_a_number_to_the_customer_behind_it(reader: Callable[..., Any], look: Look):
    page = reader("manager", look)
    page.goto("/insights/board/")
    number = page.locator("main tbody a[data-why][href*='won_amount']").filter(has_not_text=re.compile(r"^¥0$")).first
    number.scroll_into_view_if_needed()
    number.click()
    drawer = page.locator("dialog#why[open]")
    expect(drawer).to_contain_text("怎么算")
    expect(drawer).to_contain_text("和数字一致")
    drawer.locator("a[href^='/deals/']").first.click()
    page.wait_for_url(re.compile(r"/deals/\d+/"))
    page.locator("main .sub a[href^='/customers/']").click()
    page.wait_for_url(re.compile(r"/customers/\d+/"))
    expect(page.locator("main")).to_contain_text("往来")
    assert overhang(page) == ""
    assert page.faults == []


@pytest.mark.parametrize("look", HANDS)
def test_an_admin_invites_somebody_who_sets_a_password(
    running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any], look: Look
):
    admin = open_page(base_url=running, cookies={"pace_session": signed_in("方正")}, **look.options)
    number = "N" + uuid.uuid4().hex[:6].upper()
    admin.goto("/manage/people/new/")
    admin.get_by_label("姓名").fill("来新")
    admin.get_by_label("工号").fill(number)
    admin.locator("#id_role").select_option("rep")
    admin.locator("main form button.btn-primary").click()
    admin.wait_for_url(re.compile(r"/manage/people/\d+/$"))
    with admin.expect_navigation():
        admin.get_by_role("button", name="邀请登录").click()
    link = admin.locator("#link").input_value()
    expect(admin.get_by_role("img").first).to_be_visible()
    assert overhang(admin) == ""

    path = "/invite/" + link.split("/invite/")[1]
    guest = open_page(base_url=running, **look.options)
    guest.goto(path)
    expect(guest.get_by_role("heading", level=1)).to_contain_text("来新")
    guest.fill("#id_password", "1234567890")
    guest.fill("#id_again", "1234567890")
    guest.locator("form button.btn-primary").click()
    expect(guest.locator("[aria-invalid=true]").first).to_be_visible()
    guest.fill("#id_password", PASSWORD)
    guest.fill("#id_again", PASSWORD)
    guest.locator("form button.btn-primary").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("我的一天")

    late = open_page(base_url=running, **look.options)
    assert late.goto(path).status == 404
    sign_in(late, number)
    expect(late.get_by_role("heading", level=1)).to_have_text("我的一天")


@pytest.mark.parametrize("look", HANDS)
def test_the_first_run_goes_from_nothing_to_a_home_page(
    moulds: Moulds, tmp_path: Path, open_page: Callable[..., Any], look: Look
):
    with moulds.home(tmp_path) as home:
        port = free_port()
        home.serve(port)
        page = open_page(base_url=f"http://localhost:{port}", **look.options)
        page.goto("/")
        page.wait_for_url("**/setup/company/")
        assert overhang(page) == ""
        assert obstacles(page) == []
        page.locator("form button.btn-primary").click()
        expect(page.locator(".faults, [aria-invalid=true]").first).to_be_visible()
        page.get_by_label("公司名称").fill("试跑科技")
        page.locator("form button.btn-primary").click()
        page.wait_for_url("**/setup/admin/")
        page.get_by_label("你的姓名").fill("管事的")
        page.get_by_label("手机号或工号").fill("A001")
        page.fill("#id_password", PASSWORD)
        page.fill("#id_again", PASSWORD)
        page.locator("form button.btn-primary").click()
        page.wait_for_url("**/setup/calendar/")
        page.get_by_role("link", name="下一步").click()
        page.wait_for_url("**/setup/people/")
        page.fill("#id_rows", "姓名,工号,手机,团队,角色,入职日期\n赵一,S001,13800001111,一队,没有这种角色")
        page.locator("form button.btn-primary").click()
        expect(page.locator("form.form")).to_contain_text("没有角色“没有这种角色”。可以写：销售 / ")
        page.fill("#id_rows", "姓名,工号,手机,团队,角色,入职日期\n赵一,S001,13800001111,一队,manager,2025-03-01")
        page.locator("form button.btn-primary").click()
        page.wait_for_url("**/setup/data/")
        assert overhang(page) == ""
        assert obstacles(page) == []
        page.get_by_role("button", name="完成设置").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("今日")
        page.goto("/manage/people/")
        expect(page.locator("main")).to_contain_text("赵一")
        assert page.goto("/setup/company/").url.endswith("/setup/calendar/")
        # The browser itself reports the two forms that were sent with faults.
        assert [fault for fault in page.faults if "422" not in fault] == []


GBK_FILE = "编号,单位全称,所属行业,备用栏\n0012,宁海试验机械厂,机械,甲\n0013,象山样品电子厂,电子,乙\n"


@pytest.mark.parametrize("look", HANDS)
def test_a_file_of_an_unknown_crm_is_mapped_tried_imported_and_taken_back(
    company_home: Home,
    running: str,
    signed_in: Callable[[str], str],
    open_page: Callable[..., Any],
    tmp_path: Path,
    look: Look,
):
    # a letter first: 850e-0012 would be a number that a spreadsheet cut short, and is refused
    mark = f"m{uuid.uuid4().hex[:4]}"
    file = tmp_path / f"客户-{mark}.csv"
    file.write_bytes(GBK_FILE.replace("00", f"{mark}-00").replace("宁海", f"宁海{mark}").encode("gbk"))
    page = open_page(base_url=running, cookies={"pace_session": signed_in("何睿")}, **look.options)
    page.goto("/manage/imports/")
    page.set_input_files("#id_files", file)
    page.select_option("#id_preset", "customers")
    page.get_by_role("button", name="上传").click()
    page.wait_for_url(re.compile(r"/map/$"))
    assert overhang(page) == ""
    expect(page.locator("main")).to_contain_text(f"宁海{mark}试验机械厂")
    page.get_by_label("单位全称", exact=True).select_option("name")
    page.get_by_label("编号", exact=True).select_option("code")
    page.get_by_label("所属行业", exact=True).select_option("industry")
    page.get_by_label("备用栏", exact=True).select_option("")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/manage/imports/[0-9a-f-]{36}/$"))
    go = page.get_by_role("button", name="导入 2 行")
    expect(go).to_be_visible(timeout=30_000)
    assert overhang(page) == ""
    with page.expect_navigation():
        go.click()
    company_home.manage("work", "--once")
    expect(page.locator("main")).to_contain_text("2 行已导入", timeout=30_000)

    page.goto(f"/customers/?q=宁海{mark}")
    expect(page.locator("main")).to_contain_text(f"宁海{mark}试验机械厂")
    page.go_back()
    page.locator("summary", has_text="撤销这一批").click()
    page.fill("#id_reason", "试一下")
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator("main")).to_contain_text("已撤销")
    page.goto(f"/customers/?q=宁海{mark}")
    expect(page.locator("main")).not_to_contain_text(f"宁海{mark}试验机械厂")
    assert page.faults == []


@pytest.mark.parametrize("look", HANDS)
def test_language_and_theme_change_where_one_stands(reader: Callable[..., Any], look: Look):
    page = reader("rep", look)
    page.goto("/customers/")
    page.locator("details.menu:has([name=language]) summary").click()
    with page.expect_navigation():
        page.locator("button[name=language][value=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/customers/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Customers")
    page.locator("details.menu:has([data-set-theme]) summary").click()
    page.locator("[data-set-theme=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/insights/funnel/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", DARK_GROUND)
    assert overhang(page) == ""


def test_the_keyboard_leads_everywhere(reader: Callable[..., Any]):
    page = reader("manager", DESKTOP)
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/customers/")
    page.keyboard.press("Control+k")
    expect(page.locator("#finder[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#finder")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys[open]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/insights/board/**")
    page.keyboard.press("j")
    page.keyboard.press("w")
    expect(page.locator("dialog#why[open]")).to_contain_text("怎么算")
    page.keyboard.press("Escape")
    expect(page.locator("dialog#why")).to_be_hidden()
    assert page.faults == []


def test_keys_that_belong_to_an_input_method_do_nothing(reader: Callable[..., Any]):
    page = reader("manager", DESKTOP)
    page.goto("/customers/")
    for event in ({"key": "?", "isComposing": True}, {"key": "?", "keyCode": 229}, {"key": "k", "isComposing": True}):
        page.evaluate(
            f"document.dispatchEvent(new KeyboardEvent('keydown', {{...{json.dumps(event)}, bubbles: true}}))"
        )
    page.locator("main input[name=q]").press("?")
    assert page.locator("dialog[open]").count() == 0
    # Enter that ends a composition must not send the search.
    page.locator("main input[name=q]").fill("海")
    page.evaluate(
        "document.querySelector('main input[name=q]').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    assert page.url.endswith("/customers/")
