"""What moved a number, and how it is spread across people; the ledger is that of tests/web/test_insights_board.py.

February 1–16: 孙浩 50,000.00. March 1–16: 孙浩 100,000.00 less a refund of 20,000.00, 陈晨 666.67, 吴迪 333.34.
"""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.web.test_insights_board import MARCH, as_reader, ledger, page
from tests.world import World

pytestmark = pytest.mark.usefixtures("on_the_day")
__all__ = ["ledger"]


def moved(html: str) -> str:
    return html.split("什么让它变了</h3>")[1].split("<h3>")[0]


def test_the_parts_that_moved_a_number_come_first_and_add_up(ledger: World) -> None:
    part = moved(page(ledger.director, f"/why/won_amount/?{MARCH}"))
    names = re.findall(r'<th scope="row">([^<]+)</th>', part)
    assert names == ["孙浩", "陈晨", "吴迪"]
    assert "+¥3.00万" in part
    assert "合计 +¥3.10万" in part


def test_what_fell_away_moved_the_number_too(ledger: World) -> None:
    """孙浩 has nothing in the asked days, and he is what moved the number most."""
    part = moved(page(ledger.director, "/why/won_amount/?period=2026-03-06..2026-03-11"))
    assert "孙浩" in part, "his 100,000.00 of 03-05 lay in the days before"
    assert "−¥10.00万" in part


def test_the_median_of_the_team_stands_beside_a_persons_number(ledger: World) -> None:
    html = page(ledger.leader, f"/why/won_amount/?{MARCH}&scope=person:{ledger.veteran.pk}")
    assert "中位数" not in html, "two people with an amount are no team"
    html = page(ledger.director, f"/insights/metrics/won_amount/?{MARCH}")
    assert "人员分布" in html
    assert html.count('cy="12" r="7"') == 3
    spread = html.split('<dl class="spread">')[1].split("</dl>")[0]
    assert re.findall(r">(¥[^<]+)</a>", spread) == ["¥333", "¥667", "¥8.00万"]


def test_a_spread_needs_three_people_and_a_reader_who_sees_them(ledger: World) -> None:
    for reader in (ledger.leader, ledger.veteran):
        assert "人员分布" not in page(reader, f"/insights/metrics/won_amount/?{MARCH}")
    assert "人员分布" not in page(ledger.director, f"/insights/metrics/win_rate/?{MARCH}"), "samples under ten"


def test_the_as_of_time_stands_in_the_drawer(ledger: World) -> None:
    assert re.search(r"今天 \d\d:\d\d 取数", page(ledger.director, f"/why/won_amount/?{MARCH}"))


def test_the_detail_of_a_metric_takes_few_queries(ledger: World) -> None:
    client = as_reader(ledger.director)
    for key in ("won_amount", "win_rate", "effective_visits"):
        client.get(f"/insights/metrics/{key}/?{MARCH}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/insights/metrics/{key}/?{MARCH}").status_code == 200
        assert len(queries) <= 25, key
