"""The cascade by month: whoever moved within a month has all of it, and performance months stand in columns."""

from __future__ import annotations

import re
from datetime import date

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part
from pacesetter.lib import periods
from pacesetter.lib.periods import Period
from pacesetter.people import acts as organisation
from pacesetter.people import reads
from tests.web.selling_goals import page
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
APRIL, MAY, JUNE = (periods.parse(f"2026-{month:02d}") for month in (4, 5, 6))


def cells(html: str, owner: str) -> list[list[str]]:
    """The exact values of each of an owner's lines."""
    rows = [row for row in html.split("<tbody>")[1].split("</tr>") if f">{owner}</a>" in row]
    return [re.findall(r'<span class="num" title="([^"]*)"', row) for row in rows]


def aim(*drafts: Draft) -> None:
    acts.draft_goals(drafts, origin="hand", by=None, at=AT)


def test_the_parts_of_a_month_in_two_teams_are_its_sum(world: World) -> None:
    """Until 13 May 400 and 150, from then on 250 and 500: May is 400."""
    middle = date(2026, 5, 13)
    before = Period(APRIL.start, middle, "custom", "2604-2605")
    after = Period(middle, JUNE.end, "custom", "2605-2606")
    first = Period(MAY.start, middle, "custom", "2605a")
    second = Period(middle, MAY.end, "custom", "2605b")
    aim(
        Draft("won_amount", "person", before, 550_00, person=world.veteran.pk,
              parts=[Part(APRIL, 400_00), Part(first, 150_00)]),
        Draft("won_amount", "person", after, 750_00, person=world.veteran.pk,
              parts=[Part(second, 250_00), Part(JUNE, 500_00)]),
    )  # fmt: skip
    html = page(world.director, "/goals/?metric=won_amount&period=2026Q2&view=months")
    assert cells(html, "孙浩") == [["¥400.00", "¥400.00", "¥500.00", "¥1,300.00"]]


def test_months_of_rates_and_of_numbers_for_each_day_are_not_added_up(world: World) -> None:
    aim(*(Draft("win_rate", "person", month, 2_500, person=world.veteran.pk) for month in (APRIL, MAY, JUNE)),
        *(Draft("deals_won", "person", month, 4, per="day", person=world.veteran.pk)
          for month in (APRIL, MAY, JUNE)))  # fmt: skip
    html = page(world.director, "/goals/?metric=win_rate&period=2026Q2&view=months")
    assert cells(html, "孙浩") == [["25.0%", "25.0%", "25.0%", "—"]]
    html = page(world.director, "/goals/?metric=deals_won&period=2026Q2&view=months")
    assert cells(html, "孙浩") == [["4", "4", "4", "—"]]
    assert '<span class="under">动作目标 每日</span>' in html


def test_performance_months_have_columns_and_a_switch(world: World) -> None:
    assert "业绩月" not in page(world.director, "/goals/?metric=won_amount&period=2026")
    organisation.change_company(performance_start_day=26, by=None, at=AT)
    settings = reads.period_settings(reads.company())
    aim(*(Draft("won_amount", "person", periods.parse(f"PM2026-{month:02d}", settings), month * 100_00,
                person=world.veteran.pk) for month in (4, 5, 12)))  # fmt: skip
    html = page(world.director, "/goals/?metric=won_amount&period=2026&view=months")
    assert "5 业绩月" in html
    missing = ["—"] * 3
    assert cells(html, "孙浩") == [[*missing, "¥400.00", "¥500.00", *missing, *missing, "¥1,200.00", "¥2,100.00"]]
    assert ">业绩月</a>" in html
    html = page(world.director, "/goals/?metric=won_amount&period=PM2026-04&view=months")
    assert cells(html, "孙浩") == [["¥400.00"]]
