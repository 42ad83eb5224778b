"""Every page in the browser: nothing in a reader's way, no word from the content policy, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.looks import DESKTOP, LOOKS, PHONE, Look, carry, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

# The pages that carry the product are seen in all eight looks.
KEY_PAGES = ("board", "funnel", "metric-detail", "customers", "customer", "deal")
PARTS = 4


def faults_of(page: Any, stop: dict[str, str]) -> list[str]:
    """What is wrong with one page, one line each."""
    page.faults.clear()
    answer = page.goto(stop["path"])
    wanted = 404 if stop["name"] == "not-found" else 200
    found = [] if answer.status == wanted else [f"status {answer.status}"]
    found += obstacles(page)
    # The browser itself reports the 404 that was asked for.
    found += [text for text in page.faults if not (wanted == 404 and "404" in text)]
    sideways = overhang(page)
    found += [f"sideways: {sideways}"] if sideways else []
    found += [f"elsewhere: {address}" for address in page.elsewhere]
    headings = page.evaluate("document.querySelectorAll('body h1').length")
    found += [f"{headings} h1"] if headings != 1 else []
    return [f"{stop['role']} {stop['path']}: {fault}" for fault in found]


def seen(reader: Callable[..., Any], stops: list[dict[str, str]], look: Look) -> list[str]:
    """What is wrong with these pages; role after role signs in at one browser, which knows its scripts by then."""
    page = reader("", look)
    carry(page)
    faults = []
    for role in dict.fromkeys(stop["role"] for stop in stops):
        page.become(role)
        for stop in stops:
            faults += faults_of(page, stop) if stop["role"] == role else []
    return faults


def part_of(stops: list[dict[str, str]], part: int) -> list[dict[str, str]]:
    """One of PARTS, with the pages of a role together: signing a role in costs more than a page."""
    ordered = sorted(stops, key=lambda stop: stop["role"])
    return ordered[len(ordered) * part // PARTS : len(ordered) * (part + 1) // PARTS]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)
def test_every_page_is_fit_to_be_read(tour: dict[str, Any], reader: Callable[..., Any], look: Look, part: int):
    stops = part_of(tour["stops"], part)
    assert stops
    assert seen(reader, stops, look) == []


def test_every_page_asks_the_database_little(tour: dict[str, Any]):
    """The house's limit, for whoever reads the page."""
    counts = {f"{stop['role']} {stop['path']}": stop["queries"] for stop in tour["stops"] if "queries" in stop}
    counts |= tour["dear"]
    assert {page: count for page, count in counts.items() if count > 25} == {}
    assert len(counts) > 100
    assert len(tour["dear"]) > 10


def test_the_parts_are_all_pages(tour: dict[str, Any]):
    names = [stop["name"] for part in range(PARTS) for stop in part_of(tour["stops"], part)]
    assert sorted(names) == sorted(stop["name"] for stop in tour["stops"])
    # test_outlook.py relies on these being looked at here
    assert {"home-director", "my-day"} <= set(names)


@pytest.mark.parametrize("look", [look for look in LOOKS if look not in (DESKTOP, PHONE)], ids=str)
def test_the_key_pages_are_fit_to_be_read_in_every_look(tour: dict[str, Any], reader: Callable[..., Any], look: Look):
    stops = [stop for stop in tour["stops"] if stop["name"] in KEY_PAGES]
    assert {stop["name"] for stop in stops} == set(KEY_PAGES)
    assert seen(reader, stops, look) == []


@pytest.mark.parametrize("carried", [False, True])
def test_pale_words_are_in_the_way(reader: Callable[..., Any], carried: bool):
    """The positive control, for both ways to bring axe along; a colour that was known is judged again elsewhere."""
    page = reader("", DESKTOP)
    if carried:
        carry(page)
    for _visit in range(2):
        page.goto("/accounts/login/")
        assert obstacles(page) == []
        page.evaluate("document.querySelector('h1').style.color = getComputedStyle(document.body).backgroundColor")
        (found,) = obstacles(page)
        assert found.startswith("color-contrast: <h1")


def test_no_link_leads_nowhere_and_no_page_breaks(tour: dict[str, Any]):
    assert tour["broken"] == []
    assert len(tour["stops"]) > 60
