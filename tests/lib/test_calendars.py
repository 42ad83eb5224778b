"""Working days, against the official notices where they are at hand."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from pacesetter.lib import calendars

OFFICIAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "china_calendar"


def year(number: int, **choices: str) -> dict[date, calendars.WorkDay]:
    return calendars.build(date(number, 1, 1), date(number + 1, 1, 1), **choices)


@pytest.mark.parametrize(("number", "total"), [(2024, 251), (2025, 248)])
def test_a_year_equals_the_official_notice_month_by_month(number, total):
    notice = OFFICIAL / f"{number}.json"
    if not notice.exists():
        pytest.skip("the official calendars (../shared/data/china_calendar) are not on this machine")
    changed = {date.fromisoformat(day["date"]): not day["isOffDay"] for day in json.loads(notice.read_text())["days"]}
    expected: Counter[int] = Counter()
    day = date(number, 1, 1)
    while day.year == number:
        expected[day.month] += changed.get(day, day.weekday() < 5)
        day += timedelta(days=1)
    weight = calendars.weights(year(number))
    for month in range(1, 13):
        after = date(number + month // 12, month % 12 + 1, 1)
        assert calendars.count(weight, date(number, month, 1), after) == expected[month]
    assert calendars.count(weight, date(number, 1, 1), date(number + 1, 1, 1)) == total


def test_a_make_up_sunday_is_worked_and_says_so():
    day = year(2025)[date(2025, 1, 26)]
    assert (day.weight, day.kind, day.name) == (1, "make_up", "补班")


def test_a_year_without_official_notice_is_provisional():
    assert not year(2025)[date(2025, 6, 3)].provisional
    assert year(2035)[date(2035, 6, 4)].provisional
    # a calendar without a country needs no notice
    assert not year(2035, country="")[date(2035, 6, 4)].provisional


def test_the_weekly_patterns():
    march = (date(2024, 3, 1), date(2024, 4, 1))
    five, six, alternate = (
        calendars.count(calendars.weights(calendars.build(*march, pattern=pattern)), *march)
        for pattern in ("five_day", "six_day", "alternate")
    )
    saturdays = 5
    assert (five, six) == (21, 21 + saturdays)
    # worked Saturdays of March 2024: the 2nd, 16th and 30th are in the weeks of the 9th, 11th and 13th Monday
    assert alternate == five + 3


def test_elapsed_and_left_add_up_to_the_period():
    weight = calendars.weights(year(2024))
    start, end = date(2024, 2, 1), date(2024, 3, 1)
    total = calendars.count(weight, start, end)
    for today in (date(2024, 1, 15), date(2024, 2, 18), date(2024, 2, 29), date(2024, 5, 1)):
        elapsed, left = calendars.elapsed_and_left(weight, start, end, today)
        assert elapsed + left == total
    assert calendars.elapsed_and_left(weight, start, end, date(2024, 1, 15)) == (0, total)
    assert calendars.elapsed_and_left(weight, start, end, date(2024, 5, 1)) == (total, 0)


def test_moving_by_working_days_steps_over_the_spring_festival():
    weight = calendars.weights(year(2024))
    assert calendars.next_working(weight, date(2024, 2, 9)) == date(2024, 2, 18)
    assert calendars.previous_working(weight, date(2024, 2, 18)) == date(2024, 2, 9)
    assert calendars.shift(weight, date(2024, 2, 9), 0) == date(2024, 2, 9)
    assert calendars.is_working(weight, date(2024, 2, 18))
    assert not calendars.is_working(weight, date(2024, 2, 17))


def test_a_day_outside_the_calendar_is_an_error_not_a_working_day():
    weight = calendars.weights(year(2024))
    with pytest.raises(calendars.CalendarError):
        calendars.count(weight, date(2024, 12, 30), date(2025, 1, 2))


def test_an_unknown_pattern_or_country_is_refused():
    with pytest.raises(calendars.CalendarError):
        year(2024, pattern="four_day")
    with pytest.raises(calendars.CalendarError):
        year(2024, country="FR")
