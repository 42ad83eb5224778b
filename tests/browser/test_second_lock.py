"""The second lock in the browser, under the content policy: passkeys with a virtual device, codes, recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home
from tests.looks import DESKTOP, PHONE, Look, carry, obstacles, overhang
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

# One in each language, so that each look has a person whose locks are its own.
LOOKS = [pytest.param(DESKTOP, "何睿", id="zh-desktop"), pytest.param(PHONE, "孙浩", id="en-phone")]
HAN = re.compile(r"[一-鿿]")


def code_of(secret: str, at: float) -> str:
    """The 6 digits an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def fit(page: Any, look: Look) -> None:
    """Ours, readable, of one language, and nothing refused by the content policy."""
    assert page.locator(".brand").count() >= 1
    assert page.locator("h1").count() == 1
    assert obstacles(page) == []
    assert overhang(page) == ""
    assert page.faults == []
    text = page.locator("main").inner_text()
    if look.english:
        assert not HAN.search(text), text
    else:
        assert not re.search(r"\b(the|your|key|code|password|authenticat\w+)\b", text, re.IGNORECASE), text


def fit_all(page: Any, look: Look, *paths: str) -> None:
    for path in paths:
        assert page.goto(path).status == 200
        fit(page, look)


def with_device(page: Any) -> None:
    """A device that keeps passkeys and recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def enter(page: Any, login: str) -> None:
    page.goto("/accounts/login/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")


def leave(page: Any, look: Look | None = None) -> None:
    """Sign out; with a look the page that asks is looked at, which is the same for every way to come in."""
    page.goto("/accounts/logout/")
    if look:
        fit(page, look)
    page.locator("main form button").click()
    page.wait_for_url("**/accounts/login/**")


def confirm(page: Any, look: Look | None = None) -> None:
    """The password again, where it is asked for; with a look having looked at it and at the other ways."""
    if "/reauthenticate/" in page.url:
        if look:
            fit(page, look)
            asked = page.url
            others = page.locator("main a").evaluate_all("links => links.map(link => link.href)")
            fit_all(page, look, *others)
            if others:
                page.goto(asked)
        if "/webauthn/" in page.url:
            page.click("#mfa_webauthn_reauthenticate")
        else:
            page.fill("#id_password", PASSWORD)
            page.press("#id_password", "Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.fixture
def somebody(
    company_home: Home, running: str, open_page: Callable[..., Any], look: Look, name: str
) -> Iterator[tuple[Any, str]]:
    """A page of that person, and the employee number; whatever locks are put on are taken off afterwards."""
    login = company_home.python(
        f"from pacesetter.people.models import Person\nprint(Person.objects.get(name={name!r}).employee_no)"
    ).strip()
    # a session of its own: the story signs out
    page = open_page(base_url=running, cookies={"pace_session": company_home.session_of(name=name)}, **look.options)
    carry(page)
    yield page, login
    company_home.python(
        f"from allauth.mfa.models import Authenticator\nAuthenticator.objects.filter(user__name={name!r}).delete()"
    )


@pytest.mark.parametrize(("look", "name"), LOOKS)
def test_a_passkey_is_added_signs_in_and_is_removed(somebody: tuple[Any, str], look: Look, name: str):
    page, _login = somebody
    with_device(page)
    fit_all(page, look, "/accounts/2fa/", "/accounts/2fa/webauthn/")
    page.goto("/accounts/2fa/webauthn/add/")
    confirm(page, look)
    page.wait_for_selector("#mfa_webauthn_add")
    fit(page, look)
    page.fill("#id_name", "ThinkPad")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    fit(page, look)
    assert len(page.locator("#recovery_codes").input_value().split()) == 10
    fit_all(page, look, "/accounts/2fa/", "/accounts/2fa/webauthn/", "/accounts/2fa/recovery-codes/generate/")

    leave(page, look)
    page.click("#passkey_login")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/me/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("ThinkPad")
    with page.expect_navigation():
        page.locator("a[href*='/edit/']").click()
    confirm(page, look)
    page.wait_for_selector("#id_name")
    fit(page, look)
    page.fill("#id_name", "X1")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/webauthn/")
    with page.expect_navigation():
        page.locator("a[href*='/remove/']").click()
    fit(page, look)
    page.locator("main form button.btn-danger").click()
    page.wait_for_url("**/webauthn/")
    expect(page.locator("main")).not_to_contain_text("X1")
    assert page.faults == []


@pytest.mark.parametrize(("look", "name"), LOOKS)
def test_codes_are_turned_on_asked_for_and_replaced_by_a_recovery_code(somebody: tuple[Any, str], look: Look):
    page, login = somebody
    page.goto("/accounts/2fa/totp/activate/")
    confirm(page)
    page.wait_for_selector("#authenticator_secret")
    fit(page, look)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", "000000")
    with page.expect_navigation():
        page.press("#id_code", "Enter")
    expect(page.locator(".fault").first).to_be_visible()
    fit(page, look)
    assert page.input_value("#authenticator_secret") == secret
    page.fill("#id_code", code_of(secret, time.time()))
    page.press("#id_code", "Enter")
    page.wait_for_url("**/recovery-codes/")
    spare = page.locator("#recovery_codes").input_value().split()[0]
    fit_all(page, look, "/accounts/2fa/", "/accounts/2fa/totp/deactivate/")

    leave(page)
    enter(page, login)
    page.wait_for_url("**/2fa/authenticate/")
    fit(page, look)
    assert "/accounts/" in page.goto("/me/").url, "the password alone is not enough"
    page.wait_for_url("**/2fa/authenticate/")
    page.fill("#id_code", "000000")
    with page.expect_navigation():
        page.press("#id_code", "Enter")
    expect(page.locator(".fault").first).to_be_visible()
    fit(page, look)
    # a code is good once: this is the one of the next half minute
    page.fill("#id_code", code_of(secret, time.time() + 30))
    page.press("#id_code", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)

    leave(page)
    enter(page, login)
    page.fill("#id_code", spare)
    page.press("#id_code", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    page.goto("/accounts/2fa/totp/deactivate/")
    confirm(page, look)
    page.locator("main form button.btn-danger").click()
    page.wait_for_url("**/accounts/2fa/")
    leave(page)
    enter(page, login)
    page.wait_for_url(lambda url: "/accounts/" not in url)
    assert page.faults == []


def test_a_passkey_that_does_not_come_is_told_in_words(running: str, open_page: Callable[..., Any]):
    page = open_page(base_url=running)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.click("#passkey_login")
    expect(page.locator("#toasts")).to_contain_text("通行密钥没有完成")
    assert page.faults == []
