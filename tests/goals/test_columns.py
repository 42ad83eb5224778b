"""Columns of a pasted table by their headings: months in any order, nothing guessed, nothing dropped."""

import pytest

from pacesetter.goals.rules.columns import columns
from pacesetter.lib import periods

Q2 = [periods.parse(f"2026-{month:02d}") for month in (4, 5, 6)]
YEAR = [periods.parse(f"2026-{month:02d}") for month in range(1, 13)]
FISCAL = [*YEAR[3:], *(periods.parse(f"2027-{month:02d}") for month in (1, 2, 3))]


def codes(header: tuple[str, ...], months=Q2) -> list[tuple[str, str]]:
    return [(fault.column, fault.code) for fault in columns(header, months).faults]


@pytest.mark.parametrize(
    "header",
    [
        ("6月", "5月", "4月"), ("06月（万元）", "05月", "04月"), ("2026年6月", "2026-05", "2026/4"),
        ("Jun", "May 2026", "April"), ("六月", "五月", "四月"), ("6月目标", "5月份", "4 月"),
    ],
)  # fmt: skip
def test_months_are_told_by_their_headings(header: tuple[str, ...]):
    found = columns(header, Q2)
    assert (dict(found.months), found.total, found.faults) == ({0: 2, 1: 1, 2: 0}, None, ())


def test_some_of_the_months_are_those_months():
    assert dict(columns(("6月",), Q2).months) == {0: 2}
    assert dict(columns(("1月", "12月"), FISCAL).months) == {0: 9, 1: 8}


def test_a_month_outside_the_goal_is_a_fault_and_nothing_is_taken():
    found = columns(("5月", "6月", "7月"), Q2)
    assert [(fault.column, fault.code) for fault in found.faults] == [("7月", "other_time")]
    assert (found.months, found.total) == ({}, None)
    assert codes(("2025年5月",)) == [("2025年5月", "other_time")]


@pytest.mark.parametrize("heading", ["目标（万元）", "Q2", "2026Q2", "二季度", "第2季度", "Target", "金额"])
def test_one_column_is_the_whole_value(heading: str):
    found = columns((heading,), Q2)
    assert (found.total, found.months, found.faults) == (0, {}, ())


def test_quarter_and_year_must_be_the_goals_own():
    assert codes(("Q3",)) == [("Q3", "other_time")]
    assert codes(("2026",)) == [("2026", "other_time")]
    assert codes(("Q2",), YEAR) == [("Q2", "other_time")]
    assert columns(("2026年",), YEAR).total == 0
    assert columns(("全年",), YEAR).total == 0


def test_columns_too_many_are_refused():
    assert codes(("目标", "去年金额")) == [("去年金额", "extra_column")]
    assert codes(("4月", "5月", "5月")) == [("5月", "month_twice")]
    assert codes(("4月", "备注")) == [("备注", "extra_column")]
    assert codes(("目标", "4月")) == [("4月", "extra_column")]


def test_without_headings_only_the_number_of_columns_speaks():
    assert columns(("",), Q2).total == 0
    assert dict(columns(("", "", ""), Q2).months) == {0: 0, 1: 1, 2: 2}
    assert [fault.code for fault in columns(("", ""), Q2).faults] == ["columns_unnamed"]


def test_the_only_month_of_a_month_goal_is_its_value():
    assert columns(("4月",), Q2[:1]).total == 0
    assert columns(("",), Q2[:1]).total == 0
