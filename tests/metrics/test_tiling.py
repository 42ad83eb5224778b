"""Which goals speak for a stretch of time."""

from __future__ import annotations

from datetime import date

from pacesetter.metrics.tiling import Tile, cover, total

JAN, FEB, MAR, APR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


def test_months_make_a_quarter():
    months = [Tile(1, JAN, FEB, 10), Tile(2, FEB, MAR, 20), Tile(3, MAR, APR, 30)]
    assert total(cover(months, JAN, APR)) == 60


def test_a_quarter_and_its_months_are_not_counted_twice():
    tiles = [Tile(1, JAN, FEB, 10), Tile(2, FEB, MAR, 20), Tile(4, JAN, APR, 65)]
    assert [t.goal for t in cover(tiles, JAN, APR)] == [4]
    assert [t.goal for t in cover(tiles, JAN, FEB)] == [1]


def test_what_reaches_beyond_is_left_out():
    assert cover([Tile(4, JAN, APR, 65)], JAN, MAR) == []


def test_a_months_own_goal_goes_before_the_share_of_a_year():
    tiles = [Tile(9, JAN, FEB, 12, whole=False), Tile(1, JAN, FEB, 10)]
    assert [t.goal for t in cover(tiles, JAN, FEB)] == [1]
