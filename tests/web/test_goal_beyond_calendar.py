"""Goals of days that the calendar does not hold: counted by its week, called provisional, at every door alike.

The day is Monday 2026-03-16. The calendar of these tests ends in the year 2028 at the latest; 2031 has 261 weekdays.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Max

from pacesetter import assembly
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.people.models import CalendarDay, WorkCalendar
from pacesetter.people.reads import WorkdayBook
from tests.imports.goal_files import counts, faults, take
from tests.web.selling_goals import page
from tests.world import AT, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")

YEAR = periods.parse("2031")


@pytest.fixture(autouse=True)
def _ends_before(world: World) -> None:
    assert CalendarDay.objects.aggregate(last=Max("day"))["last"] < YEAR.start


def put(world: World, **more: Any) -> Goal:
    draft = Draft("won_amount", "person", YEAR, 26_100_000, person=world.veteran.pk, **more)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    return goal


def test_every_page_of_the_goal_opens_and_says_provisional(world: World) -> None:
    goal = put(world)
    page(world.director, f"/goals/{goal.pk}/")
    page(world.director, "/goals/?metric=won_amount&period=2031")
    page(world.director, "/goals/?metric=won_amount&period=2031&view=months")
    page(world.director, "/goals/?metric=won_amount")
    page(world.director, "/goals/new/?period=2031")
    page(world.veteran, "/goals/?metric=won_amount&period=2031")
    html = page(world.director, f"/goals/{goal.pk}/expected/")
    assert "天数是暂定的" in html
    assert ">261<" in html


@pytest.mark.parametrize("basis", ["days", "curve"])
def test_the_command_line_counts_weekdays_and_says_so(world: World, capsys: Any, basis: str) -> None:
    put(world, pace_basis=basis)
    call_command("metric", "pace", "--of", "won_amount", "--by", "person", "--from", "2031-01-01", "--to", "2032-01-01",
                 "--as-of", "2031-01-07", "--json")  # fmt: skip
    (row,) = json.loads(capsys.readouterr().out)
    # the 1st, 2nd, 3rd, 6th and 7th of January are weekdays: 5 of 261 days of 100,000 each
    assert (row["days_passed"], row["days"], row["expected"], row["provisional"]) == (5, 261, 500_000, True)
    asked = assembly.aimed("won_amount", YEAR.start, YEAR.end, reach=None, by=("person",))
    assert [found.cell.bottom for found in assembly.attainment(asked)] == [26_100_000]


def test_days_within_the_calendar_are_its_own(world: World) -> None:
    """A year that begins in the calendar and one that lies in it: holidays count where they are known."""
    last = CalendarDay.objects.filter(calendar=world.company.calendar).aggregate(last=Max("day"))["last"]
    book = WorkdayBook(date(2026, 1, 1), date(2026, 2, 1), world.company).of("company", None, date(2026, 1, 1))
    inside = book.count(date(2026, 3, 1), date(2026, 4, 1))
    assert inside == 22
    assert not book.is_provisional(date(2025, 3, 1), date(2025, 4, 1))
    beyond = date(last.year + 1, 1, 1)
    assert book.count(last, beyond) in (0, 1)
    assert book.is_provisional(beyond, date(beyond.year, 2, 1))
    assert len(book.between(beyond, date(beyond.year, 2, 1))) == 31


def test_a_six_day_week_stays_one_beyond_the_calendar(world: World) -> None:
    people.add_calendar(name="单休", pattern="six_day", by=world.admin, at=AT)
    people.change_team(team=world.east1, calendar=WorkCalendar.objects.get(name="单休"), by=world.admin, at=AT)
    book = WorkdayBook(YEAR.start, YEAR.end, world.company)
    assert book.of("team", world.east1.pk, YEAR.start).count(date(2031, 3, 1), date(2031, 4, 1)) == 26
    assert book.of("team", world.east2.pk, YEAR.start).count(date(2031, 3, 1), date(2031, 4, 1)) == 21


def test_a_file_may_set_them_and_no_year_beyond_any_calendar(world: World) -> None:
    head = "指标,归属,期间,目标\n"
    assert counts(take(head + "成交额,公司,2031,100\n"))[0] == 1
    assert faults(take(head + "成交额,公司,2300,100\n")) == [(2, "期间", "2300", "beyond_calendar")]
    with pytest.raises(Refusal) as refusal:
        acts.draft_goals([Draft("won_amount", "company", periods.parse("2300"), 1)], origin="hand", by=None, at=AT)
    assert (refusal.value.code, refusal.value.field) == ("range", "period")
