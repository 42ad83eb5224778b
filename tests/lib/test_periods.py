"""Periods: labels, edges, neighbours."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pacesetter.lib import periods
from pacesetter.lib.periods import Settings

some_days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
some_settings = st.builds(Settings, st.integers(1, 12), st.integers(1, 28))
kinds = st.sampled_from(periods.KINDS)


@given(some_days, kinds, some_settings)
def test_a_day_lies_in_its_period_and_the_label_leads_back(day, kind, settings):
    period = periods.period_of(day, kind, settings)
    assert period.start <= day < period.end
    assert day in period
    assert periods.parse(period.label, settings) == period


@given(some_days, kinds, some_settings)
def test_neighbours_touch_without_gap_or_overlap(day, kind, settings):
    period = periods.period_of(day, kind, settings)
    after = periods.next_period(period, settings)
    assert after.start == period.end
    assert periods.previous(after, settings) == period


@given(some_days, st.integers(1, 500), kinds, some_settings)
def test_periods_between_two_days_cover_them(day, length, kind, settings):
    end = day + timedelta(days=length)
    found = list(periods.between(day, end, kind, settings))
    assert found[0].start <= day
    assert found[-1].end >= end
    assert all(left.end == right.start for left, right in itertools.pairwise(found))


@given(some_days, some_settings)
def test_four_fiscal_quarters_make_the_fiscal_year(day, settings):
    year = periods.period_of(day, "fiscal_year", settings)
    quarters = list(periods.between(year.start, year.end, "fiscal_quarter", settings))
    assert [quarter.label for quarter in quarters] == [f"{year.label}Q{number}" for number in (1, 2, 3, 4)]
    assert (quarters[0].start, quarters[-1].end) == (year.start, year.end)
    # named by the year in which it ends
    assert year.label == f"FY{year.last.year}"


def test_labels_are_the_documented_ones():
    assert periods.labels(date(2017, 7, 1), Settings(7)) == {
        "day": "2017-07-01",
        "week": "2017-W26",
        "month": "2017-07",
        "quarter": "2017Q3",
        "year": "2017",
        "fiscal_quarter": "FY2018Q1",
        "fiscal_year": "FY2018",
        "performance_month": "PM2017-07",
    }
    assert periods.period_of(date(2017, 3, 1), "week").label == "2017-W09"


def test_a_performance_month_runs_from_the_26th_to_the_25th():
    settings = Settings(1, 26)
    march = periods.parse("PM2017-03", settings)
    assert (march.start, march.last) == (date(2017, 2, 26), date(2017, 3, 25))
    assert periods.period_of(date(2017, 12, 26), "performance_month", settings).label == "PM2018-01"


@pytest.mark.parametrize(
    "label",
    [
        "2017-13",
        "2017-3",
        "2017-02-30",
        "2017Q5",
        "2017-W53",
        "2017-W00",
        "FY17",
        "",
        "2017 ",
        "２０１７",
        "0000",
        "PM2017-00",
    ],
)
def test_a_label_that_names_nothing_is_refused(label):
    with pytest.raises(periods.PeriodError):
        periods.parse(label)


def test_the_same_period_a_year_earlier():
    def earlier(label, settings=periods.DEFAULT):
        return periods.same_last_year(periods.parse(label, settings), settings).label

    assert earlier("2020-02-29") == "2019-02-28"
    assert earlier("2017Q3") == "2016Q3"
    assert earlier("2020-W53") == "2019-W52"
    assert earlier("2017-W09") == "2016-W09"
    assert earlier("FY2018Q1", Settings(7)) == "FY2017Q1"
    assert earlier("PM2017-03", Settings(1, 26)) == "PM2016-03"


def test_an_empty_range_has_no_periods():
    assert list(periods.between(date(2017, 1, 1), date(2017, 1, 1), "month")) == []


@pytest.mark.parametrize("bad", [(0, 1), (13, 1), (1, 0), (1, 29)])
def test_settings_outside_the_calendar_are_refused(bad):
    with pytest.raises(periods.PeriodError):
        Settings(*bad)


def test_months_are_counted_by_the_calendar():
    assert periods.add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert periods.add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert periods.whole_months(date(2024, 1, 31), date(2024, 2, 29)) == 1
    assert periods.whole_months(date(2024, 1, 15), date(2024, 4, 14)) == 2
    assert periods.whole_months(date(2024, 1, 15), date(2024, 1, 14)) == -1


def test_an_unknown_kind_is_refused():
    with pytest.raises(periods.PeriodError):
        periods.period_of(date(2024, 1, 1), "decade")
