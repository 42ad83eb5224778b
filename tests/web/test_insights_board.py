"""The team board and the Why page over a ledger small enough to be added up by hand.

2026-02-10  孙浩 wins D      50,000.00
2026-03-05  孙浩 wins A     100,000.00
2026-03-10  陈晨 2/3, 吴迪 1/3 win B  1,000.01   (陈晨 666.67, 吴迪 333.34)
2026-03-11  孙浩 loses C
2026-03-12  A: refund        20,000.00
2026-03-03…06  孙浩 4 effective visits at 2 customers; 陈晨 1 visit that does not count
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity.acts import bulk as doing
from pacesetter.people.models import Person
from pacesetter.pipeline import rules
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import CreditShare
from tests.web.facts import busy, more_people
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = "period=2026-03"


def on(day: int, month: int = 3) -> date:
    return date(2026, month, day)


@pytest.fixture
def ledger(world: World) -> World:
    """The facts of this file's docstring."""
    veteran, grower, rep2 = world.veteran.pk, world.grower.pk, world.rep2.pk
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="ledger") as batch:
        one, two = batch.customers(
            [bulk.CustomerRow("海川机械", owner_id=veteran), bulk.CustomerRow("宏达医药", owner_id=grower)]
        )
        shared = (rules.Credit(grower, 666_667, primary=True), rules.Credit(rep2, 333_333))

        def deal(
            name: str, stage: str, customer: int, owner: int, amount: int, closed: date, **more: Any
        ) -> bulk.DealRow:
            return bulk.DealRow(
                name, stage, customer_id=customer, owner_id=owner, amount_minor=amount, opened_on=on(1, 1),
                closed_on=closed, **more,
            )  # fmt: skip

        rows = [
            deal("D", "won", one, veteran, 5_000_000, on(10, 2)),
            deal("A", "won", one, veteran, 10_000_000, on(5)),
            deal("B", "won", two, grower, 100_001, on(10), credits=shared),
            deal("C", "lost", two, veteran, 700, on(11), loss_reason="price"),
        ]
        bulk.prepare(rows)
        deals = batch.deals(rows)
        batch.reversals([bulk.ReversalRow(deal_id=deals[1], kind="refund", on=on(12), amount_minor=2_000_000)])
        met: dict[str, Any] = {"contact_name": "王总", "result": "有意向", "next_step": "报价", "next_on": on(20)}
        visits = [
            doing.ActivityRow(veteran, "visit", on(3 + i), customer_id=(one, two)[i % 2], **met) for i in range(4)
        ]
        doing.take_activities(batch, [*visits, doing.ActivityRow(grower, "visit", on(4), customer_id=two)])
    return world


def page(reader: Person, path: str, **headers: str) -> str:
    """The page as this reader gets it; fails unless it answers 200."""
    response = as_reader(reader).get(path, headers=headers or None)
    assert response.status_code == 200, (path, response.status_code)
    return response.getvalue().decode() if response.streaming else response.content.decode()


def as_reader(reader: Person) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def lines(reader: Person, query: str = MARCH) -> dict[str, list[str]]:
    """The board as its own CSV: name → the other cells."""
    text = page(reader, f"/insights/board/?{query}&export=csv").lstrip("\ufeff")
    rows = [line.split(",") for line in text.strip().split("\r\n")]
    return {row[0]: row[1:] for row in rows}


def test_the_board_adds_up_to_the_metric_without_persons(ledger: World) -> None:
    found = lines(ledger.director)
    assert found["孙浩"][2:4] == ["80000.00", "1"]
    assert found["陈晨"][2] == "666.67"
    assert found["吴迪"][2:4] == ["333.34", "0"]
    assert found["合计"][2:4] == ["81000.01", "2"]
    assert found["李想"][2] == "0.00", "who did nothing is on the board"


def test_a_small_sample_reads_as_a_count_and_money_opens_to_why(ledger: World) -> None:
    html = page(ledger.director, f"/insights/board/?{MARCH}")
    assert ">2/3</a>" in html  # won 2 of 3 closed
    assert ">¥8.10万</a>" in html
    assert 'title="¥81,000.01"' in html
    assert "data-why" in html
    assert "2026 年 3 月成交 ¥8.10万，2 单，比上期同期 +62.0%" in html


def test_customers_visited_are_not_added_up(ledger: World) -> None:
    """孙浩 met two customers twice each: 4 visits, 2 customers; 陈晨's visit does not count."""
    found = lines(ledger.director)
    head = lines(ledger.director)["姓名"]
    visits, customers = head.index("有效拜访"), head.index("有效拜访客户数")
    assert found["合计"][visits] == "4"
    assert found["合计"][customers] == "2"


def test_a_manager_sees_the_team_on_the_day_and_nobody_else(ledger: World) -> None:
    found = lines(ledger.leader)
    assert "吴迪" not in found
    assert found["合计"][2] == "80666.67"


def test_a_rep_sees_only_himself(ledger: World) -> None:
    found = lines(ledger.veteran)
    assert set(found) - {"姓名", "合计"} == {"孙浩"}
    html = page(ledger.veteran, f"/insights/board/?{MARCH}")
    assert "陈晨" not in html
    assert "榜单" not in html, "a team under six people is not ranked"


def test_a_rep_in_a_large_team_sees_the_top_five_and_his_neighbours(ledger: World) -> None:
    more_people(ledger, 24)
    html = page(ledger.newcomer, f"/insights/board/?{MARCH}")
    assert "本队榜单" in html
    assert "孙浩" in html
    shown = html.split("本队榜单")[1].count("<tr") - 1
    assert shown <= 8


def test_hrbp_sees_no_price_and_finance_no_process(ledger: World) -> None:
    assert "¥" not in page(ledger.hrbp, f"/insights/board/?{MARCH}")
    html = page(ledger.finance, f"/insights/board/?{MARCH}")
    assert "有效拜访" not in html
    assert "¥8.10万" in html


def test_marketing_reads_leads_by_source(ledger: World) -> None:
    with bulk.promote(by=ledger.admin, at=AT, on=TODAY, label="leads") as batch:
        batch.leads([bulk.LeadRow("甲", on(2), source="展会", owner_id=ledger.veteran.pk)])
    found = lines(ledger.marketing)
    assert found["展会"][0] == "1"
    assert "孙浩" not in page(ledger.marketing, f"/insights/board/?{MARCH}")


def test_groups_hold_their_rows_and_sorting_turns_round(ledger: World) -> None:
    html = page(ledger.director, f"/insights/board/?{MARCH}&group=team")
    assert html.index('rowgroup">华东一队') < html.index('who">孙浩')
    up = page(ledger.director, f"/insights/board/?{MARCH}&sort=won_amount&dir=asc")
    down = page(ledger.director, f"/insights/board/?{MARCH}&sort=won_amount")
    assert down.index('who">孙浩') < down.index('who">吴迪')
    assert up.index('who">吴迪') < up.index('who">孙浩')


def test_every_kind_of_period_is_answered(ledger: World) -> None:
    for period in (
        "2026-02",
        "2026Q1",
        "2026",
        "FY2026",
        "PM2026-03",
        "2026-W10",
        "2026-02-01..2026-03-16",
        "nonsense",
    ):
        assert "团队看板" in page(ledger.director, f"/insights/board/?period={period}")


def test_a_team_out_of_reach_is_not_there(ledger: World) -> None:
    client = as_reader(ledger.leader)
    assert client.get(f"/insights/board/?scope=team:{ledger.east2.pk}").status_code == 404
    assert client.get(f"/why/won_amount/?{MARCH}&scope=person:{ledger.rep2.pk}").status_code == 404
    assert client.get(f"/why/won_amount/?{MARCH}&scope=person:{ledger.veteran.pk}").status_code == 200
    assert as_reader(ledger.veteran).get(f"/why/won_amount/?{MARCH}&scope=person:{ledger.grower.pk}").status_code == 404


def test_fifty_people_are_read_in_few_queries(world: World) -> None:
    """However many people: the number of queries does not grow."""
    people = more_people(world, 44)
    busy(world, months=2, sellers=people[:12])
    client = as_reader(world.director)
    for period in ("2026-03", "2024-04-01..2026-03-31"):
        client.get(f"/insights/board/?period={period}")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/insights/board/?period={period}")
        assert response.content.decode().count("data-row") >= 50
        assert len(queries) <= 25, period


# ---- why -------------------------------------------------------------------------------------------------------------


def test_why_says_formula_records_and_that_they_add_up(ledger: World) -> None:
    html = page(ledger.director, f"/why/won_amount/?{MARCH}")
    assert "赢单 ¥101,000.01 − 退款与退货 ¥20,000.00 = ¥81,000.01" in html
    assert "条记录合计 ¥81,000.01，和数字一致" in html
    assert "退款" in html
    titles = ("是什么", "怎么算", "和谁比", "什么让它变了", "记录", "来源与口径")
    order = [html.index(f"<h3>{title}</h3>") for title in titles]
    assert order == sorted(order)


def test_a_lost_credit_row_is_noticed(ledger: World) -> None:
    """The control of the drawer: the records come from deals and credits, the number from postings."""
    CreditShare.objects.filter(person=ledger.rep2).delete()
    html = page(ledger.director, f"/why/won_amount/?{MARCH}")
    assert "记录和数字对不上" in html
    assert "差 ¥333.34" in html or "差 ¥333.35" in html


def test_records_out_of_reach_are_neither_listed_nor_counted(ledger: World) -> None:
    html = page(ledger.leader, f"/why/won_amount/?{MARCH}")
    assert "¥80,666.67，和数字一致" in html
    assert "吴迪" not in html
    own = page(ledger.rep2, f"/why/won_amount/?{MARCH}")
    assert "1 条记录合计 ¥333.34" in own
    assert "陈晨" not in own


def test_a_rate_shows_both_sides_and_a_small_sample(ledger: World) -> None:
    html = page(ledger.director, f"/why/win_rate/?{MARCH}")
    assert "= 2 ÷ 3 = 66.7%" in html
    assert "只有 3 例" in html
    assert "3 条记录合计 2 / 3，和数字一致" in html
    assert "= 赢单数 ÷ 赢单与输单数" in html


def test_the_records_of_each_kind_add_up(ledger: World) -> None:
    for key in ("deals_won", "effective_visits", "customers_visited", "average_order_value", "visits"):
        for reader in (ledger.director, ledger.leader, ledger.veteran):
            html = page(reader, f"/why/{key}/?{MARCH}")
            assert "和数字一致" in html
            assert "对不上" not in html


def test_the_drawer_is_a_fragment_and_the_address_a_page(ledger: World) -> None:
    part = page(ledger.director, f"/why/won_amount/?{MARCH}", hx_request="true")
    assert "<html" not in part
    assert "<article" in part
    assert "<html" in page(ledger.director, f"/why/won_amount/?{MARCH}")


def test_all_records_can_be_paged_and_taken_away(ledger: World) -> None:
    assert "海川机械" in page(ledger.director, f"/why/won_amount/records/?{MARCH}")
    text = page(ledger.director, f"/why/won_amount/records/?{MARCH}&export=csv")
    assert text.count("\r\n") == 5  # header, A, B twice, the refund
    assert "-20000.00" in text
    assert as_reader(ledger.director).get(f"/why/won_amount/records/?{MARCH}&export=xlsx").status_code == 200


def test_hrbp_gets_the_count_but_no_records(ledger: World) -> None:
    html = page(ledger.hrbp, f"/why/effective_visits/?{MARCH}")
    assert "你的角色看数量，不看单条记录" in html
    assert "海川机械" not in html
    client = as_reader(ledger.hrbp)
    assert client.get(f"/why/effective_visits/records/?{MARCH}").status_code == 404
    assert client.get(f"/why/won_amount/?{MARCH}").status_code == 404
