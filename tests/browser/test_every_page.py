"""Every page in the browser: nothing in a reader's way, no word from the content policy, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.looks import DESKTOP, LOOKS, PHONE, Look, obstacles, overhang

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
    if page.locator("main h1, body h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1")
    return [f"{stop['role']} {stop['path']}: {fault}" for fault in found]


def seen(reader: Callable[..., Any], stops: list[dict[str, str]], look: Look) -> list[str]:
    pages: dict[str, Any] = {}
    faults = []
    for stop in stops:
        if stop["role"] not in pages:
            pages[stop["role"]] = reader(stop["role"], look)
        faults += faults_of(pages[stop["role"]], stop)
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


@pytest.mark.parametrize("look", [look for look in LOOKS if look not in (DESKTOP, PHONE)], ids=str)
def test_the_key_pages_are_fit_to_be_read_in_every_look(tour: dict[str, Any], reader: Callable[..., Any], look: Look):
    stops = [stop for stop in tour["stops"] if stop["name"] in KEY_PAGES]
    assert {stop["name"] for stop in stops} == set(KEY_PAGES)
    assert seen(reader, stops, look) == []


def test_no_link_leads_nowhere_and_no_page_breaks(tour: dict[str, Any]):
    assert tour["broken"] == []
    assert len(tour["stops"]) > 60
