"""The demo company in both languages: will we make it, which team, which step; and what a rep does today.

Both pages are looked at by axe in test_every_page.py, as the same roles and in the same looks (home-director, my-day).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.looks import DESKTOP, PHONE, Look

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LOOKS = pytest.mark.parametrize("look", [DESKTOP, PHONE], ids=str)


@LOOKS
def test_the_director_reads_whether_which_team_and_which_step(reader: Callable[..., Any], look: Look):
    page = reader("director", look)
    page.goto("/")
    outlook = page.locator(".outlook")
    expect(outlook.locator(".lead-sentence")).to_contain_text(re.compile(r"[\d.]+%"))
    assert "this month" in outlook.inner_text() if look.english else "本月" in outlook.inner_text()
    rows = outlook.locator("tbody tr[data-row]")
    assert rows.count() == 5, "the five teams that sell"
    steps = rows.locator("td:last-child")
    assert all(text.strip() for text in steps.all_inner_texts()), "each names a step, or says that none is low"
    assert page.faults == []
    rows.first.locator("th a").click()
    page.wait_for_url(re.compile(r"/goals/\d+/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@LOOKS
def test_the_rep_reads_what_to_do_today(reader: Callable[..., Any], look: Look):
    page = reader("rep", look)
    page.goto("/today/")
    month = page.locator(".ring-month")
    expect(month).to_contain_text("Goal" if look.english else "目标")
    assert page.locator("[data-ring=customers_visited]").count() == 1, "the own action goal has the ring"
    assert page.locator("#day-list li").count() > 0
    assert page.faults == []
