"""Coming in from a chat app on a phone, and an admin who takes over its organisation; the app is a stand-in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.chat.company import ORGANISATIONS
from tests.chat.standin import StandIn, running, settings_for
from tests.homes import Home, Moulds, free_port
from tests.looks import DESKTOP, Look, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

PHONE_IN_APP = Look(phone=True)


@dataclass
class Connected(Home):
    """An installation that is connected to the stand-in, as an admin would configure it."""

    chat: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        said = {f"PACE_WECOM_{key.upper()}": value for key, value in self.chat.items()}
        return super().environment | said | {"PACE_CHAT_LOCAL": "1"}


@pytest.fixture
def connected(moulds: Moulds, tmp_path: Path) -> Iterator[tuple[Connected, StandIn, str]]:
    with running("wecom") as stand, moulds.home(tmp_path, "cast") as plain:
        stand.departments, stand.users = ORGANISATIONS["wecom"]()
        home, port = Connected(plain.folder, chat=settings_for(stand, "wecom")), free_port()
        home.serve(port)
        try:
            yield home, stand, f"http://localhost:{port}"
        finally:
            home.end()


def test_a_rep_comes_in_from_the_chat_app_on_a_phone(
    connected: tuple[Connected, StandIn, str], open_page: Callable[..., Any]
):
    _home, stand, address = connected
    page = open_page(base_url=address, **PHONE_IN_APP.options)
    stand.who = "u-sun"
    # the app's home page, or a link in a message
    page.goto("/chat/wecom/enter/?next=/customers/")
    page.wait_for_url(f"{address}/customers/")
    expect(page.get_by_role("heading", level=1)).to_have_text("客户")
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("孙浩")
    assert page.faults == []

    # somebody nobody knows here meets a page that says what to do, and the way of the password
    stand.users.append({"userid": "u-new", "name": "新来的", "department": [3]})
    stand.who = "u-new"
    guest = open_page(base_url=address, **PHONE_IN_APP.options)
    guest.goto("/customers/")
    with guest.expect_navigation():
        guest.get_by_role("link", name="用企业微信登录").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("没有登录")
    expect(guest.locator("main, .panel").first).to_contain_text("请系统管理员")
    assert overhang(guest) == ""
    assert obstacles(guest) == []
    guest.get_by_role("link", name="用密码登录").click()
    expect(guest.get_by_label("密码")).to_be_visible()


@pytest.mark.parametrize("look", [DESKTOP, Look(phone=True, english=True)], ids=str)
def test_an_admin_takes_over_the_organisation(
    connected: tuple[Connected, StandIn, str], open_page: Callable[..., Any], look: Look
):
    home, _stand, address = connected
    page = open_page(base_url=address, cookies={"pace_session": home.session_of(name="方正")}, **look.options)
    page.goto("/manage/chat/")
    assert obstacles(page) == []
    page.locator("form[action$='/wecom/try/'] button").click()
    page.wait_for_url(re.compile(r"/manage/chat/runs/\d+/$"))
    expect(page.locator("#waiting")).to_be_visible()
    home.manage("work", "--once")
    # the page looks again by itself
    apply = page.locator("form[action$='/apply/'] button.btn-primary")
    expect(apply).to_be_visible()
    assert overhang(page) == ""
    assert obstacles(page) == []
    apply.click()
    expect(page.locator(".lead-sentence")).to_contain_text("方正")
    assert (
        home.python(
            "from pacesetter.people.models import ExternalId\nprint(ExternalId.objects.filter(entity='person').count())"
        ).strip()
        == "6"
    )
    assert page.faults == []
