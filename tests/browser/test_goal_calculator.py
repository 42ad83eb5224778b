"""A rep on the phone: from the month's amount on My day to the slider, to an action goal, back to the ring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home, free_port
from tests.looks import Look, obstacles, overhang

if TYPE_CHECKING:
    from tests.homes import Moulds

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
MAKE = """
from types import SimpleNamespace
from django.test import Client
from pacesetter.people.models import Person
from tests.goals.calculating import aimed, worked
one = lambda name: Person.objects.get(name=name)
world = SimpleNamespace(admin=one("方正"), director=one("周岚"))
who = one({who!r})
worked(world, who)
aimed(world, who)
client = Client()
client.force_login(who)
print(client.session.session_key)
"""
WORDS = {
    "zh": ("怎么做到", "按期望 6.7 次", "若成单率到 50.0%则 3.3 次", "采纳为我的动作", "每日有效拜访 4 家"),
    "en": ("How to get there", "6.7 expected", "with Win rate at 50.0% it is 3.3", "Make these my actions",
           "4 customers effectively visited a day"),
}  # fmt: skip


@pytest.fixture(scope="module")
def sellers(moulds: Moulds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str]]:
    """The cast in a home of its own, served: what this story does would move the rings of others."""
    with moulds.home(tmp_path_factory.mktemp("calculator"), "cast") as home:
        port = free_port()
        home.serve(port)
        yield home, f"http://localhost:{port}"


@pytest.mark.parametrize(
    ("who", "look"),
    [("孙浩", Look(phone=True)), ("吴迪", Look(english=True, dark=True, phone=True))],
    ids=lambda one: one if isinstance(one, str) else str(one),
)
def test_a_rep_finds_out_how_and_takes_it_over(
    sellers: tuple[Home, str], open_page: Callable[..., Any], who: str, look: Look
):
    home, address = sellers
    how, expected, then, take, action = WORDS["en" if look.english else "zh"]
    session = home.python(MAKE.format(who=who)).strip().splitlines()[-1]
    page = open_page(base_url=address, cookies={"pace_session": session}, **look.options)
    page.goto("/today/")
    page.get_by_role("link", name=how).tap()
    page.wait_for_url("**/goals/calculator/")
    expect(page.locator("#calc-step-visits")).to_contain_text(expected)
    assert overhang(page) == ""
    assert obstacles(page) == []

    # the keyboard moves a slider by its steps: 25 % and fifty halves are 50 %
    slider = page.locator("#calc-in-intents")
    slider.focus()
    for _press in range(50):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("50")
    expect(page.locator("#calc-lead")).to_contain_text(then)
    expect(page.locator("#calc-rate-intents")).to_contain_text("50.0%")
    assert slider.evaluate("(one) => one === document.activeElement"), "the slider keeps the focus"
    expect(page.locator("#calc-adopt")).to_contain_text(action)

    page.locator("#calc-step-visits a[data-why]").first.tap()
    expect(page.locator(".why .formula").first).to_contain_text("= 20 × 2 = 40")
    page.keyboard.press("Escape")

    page.get_by_role("button", name=take).tap()
    page.wait_for_url("**/today/")
    expect(page.locator('[data-ring="customers_visited"]')).to_contain_text("/4")
    expect(page.locator(".toast-s").first).to_contain_text(action)
    assert page.faults == []
