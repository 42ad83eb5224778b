"""The board on a wall, a choice of its rows, and group totals; the ledger is that of tests/web/test_questions.py.

孙浩 (一队) won 100,000.00 on 2026-03-05; 郑宇 won 30,000.00 on 01-20 (still in 一队) and 50,000.00 on 02-10 (in 二队).
"""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pacesetter.journal.models import Entry
from tests.web.facts import busy, more_people
from tests.web.test_questions import MARCH, as_reader, ledger
from tests.world import World

pytestmark = pytest.mark.usefixtures("on_the_day")
QUARTER = "period=2026Q1"
__all__ = ["ledger"]


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))


def exported(world: World, reader: object, query: str) -> list[list[str]]:
    response = as_reader(reader).get(f"/insights/board/?{query}&export=csv")  # type: ignore[arg-type]
    assert response.status_code == 200
    return table(response.getvalue().decode())


def test_a_choice_of_rows_is_taken_away_with_its_own_total(ledger: World) -> None:
    chosen = f"{QUARTER}&ids={ledger.veteran.pk}&ids={ledger.mover.pk}"
    found = exported(ledger, ledger.director, chosen)
    assert [row[0] for row in found[1:]] == ["孙浩", "郑宇", "合计"]
    assert [row[3] for row in found[1:]] == ["100000.00", "80000.00", "180000.00"]
    alone = exported(ledger, ledger.director, f"{QUARTER}&ids={ledger.mover.pk}")
    assert [row[3] for row in alone[1:]] == ["80000.00", "80000.00"]
    assert Entry.objects.filter(act="export_records", entity="board", by_id=ledger.director.pk).count() == 2
    assert as_reader(ledger.director).get(f"/insights/board/?{chosen}&export=xlsx").status_code == 200


def test_what_is_out_of_reach_cannot_be_chosen(ledger: World) -> None:
    client = as_reader(ledger.leader)
    assert client.get(f"/insights/board/?{MARCH}&export=csv&ids={ledger.rep2.pk}").status_code == 404
    assert client.get(f"/insights/board/?{MARCH}&export=csv&ids=nonsense").status_code == 404
    both = exported(ledger, ledger.leader, f"{MARCH}&ids={ledger.rep2.pk}&ids={ledger.veteran.pk}")
    assert [row[0] for row in both[1:]] == ["孙浩", "合计"]
    assert 'name="ids"' not in as_reader(ledger.veteran).get(f"/insights/board/?{MARCH}").content.decode()


@pytest.mark.parametrize("group", ["team", "growth_stage", "region"])
def test_totals_of_groups_add_up_to_the_whole(ledger: World, group: str) -> None:
    html = as_reader(ledger.director).get(f"/insights/board/?{QUARTER}&group={group}").content.decode()

    def amounts(rows: list[str]) -> int:
        cents = [re.search(r'm?[^>]*title="¥([\d,]+)\.(\d\d)"', row) for row in rows]
        return sum(int((one[1] + one[2]).replace(",", "")) for one in cents if one)

    rows = html.split("<tr")
    groups = [row for row in rows if row.startswith(' class="group"')]
    assert len(groups) >= 2
    assert amounts(groups) == 18_000_000
    assert amounts([row for row in rows if row.startswith(" data-row")]) == 18_000_000


def test_the_board_begins_with_the_largest_amount(ledger: World) -> None:
    assert [row[0] for row in exported(ledger, ledger.director, QUARTER)[1:3]] == ["孙浩", "郑宇"]


def test_a_wall_shows_totals_and_teams_but_nobody_of_a_small_team(ledger: World) -> None:
    html = as_reader(ledger.leader).get(f"/insights/board/tv/?{QUARTER}").content.decode()
    assert "¥13.00万" in html
    for name in ("孙浩", "李想", "陈晨"):
        assert name not in html
    assert 'data-theme="light"' in html
    assert "逾期" not in html


def test_a_wall_names_the_first_five_only_and_at_most_seven_rows_a_view(ledger: World) -> None:
    people = more_people(ledger, 20)
    busy(ledger, months=2, sellers=people)
    html = as_reader(ledger.director).get("/insights/board/tv/?period=2026-02").content.decode()
    views = html.split("data-tv-view")[1:]
    rows = [view.split("<tbody>")[1].count("<tr") for view in views if "<tbody>" in view]
    assert rows, "there are boards of people"
    assert max(rows) <= 7
    shown = set(re.findall(r"销售\d\d", html))
    assert 0 < len(shown) <= 15
    assert "逾期未回" not in html
    assert "差" not in html


def test_a_wall_takes_few_queries_with_fifty_people(world: World) -> None:
    people = more_people(world, 44)
    busy(world, months=2, sellers=people[:12])
    client = as_reader(world.director)
    client.get("/insights/board/tv/?period=2026-03")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/insights/board/tv/?period=2026-03").status_code == 200
    assert len(queries) <= 25


@pytest.mark.parametrize("role", ["rep", "marketing", "admin", "stranger"])
def test_a_wall_is_for_whoever_sees_a_team(ledger: World, role: str) -> None:
    assert as_reader(ledger.by_role(role)).get("/insights/board/tv/").status_code == 404
