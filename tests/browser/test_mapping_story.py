"""Order lines, managers and returns of a system that nobody knows, mapped in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.homes import Home
from tests.looks import DESKTOP, obstacles, overhang

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ORDERS = """明细,单据,买家,买家名,下单日,发出日,片区,货品,金额,件
1,Q1,M1,竹海,2026-01-05,2026-01-07,东片,螺丝,10.004,1
2,Q1,M1,竹海,2026-01-05,2026-01-07,东片,螺母,10.004,2
3,Q1,M2,松涛,2026-01-05,2026-01-08,西片,螺丝,33.335,1
4,Q2,M2,松涛,2026-01-06,2026-01-09,西片,螺丝,5,1
"""
FILES = {
    "orders.csv": ORDERS,
    "people.csv": "片区,带队的人\n东片,周东\n西片,吴西\n",
    "returns.csv": "单据,退货\nQ1,是\n",
}
COLUMNS = {
    "明细": "line_key", "单据": "deal_no", "买家": "customer", "买家名": "customer.name", "下单日": "closed_on",
    "发出日": "return.on", "片区": "owner", "货品": "product", "金额": "amount", "件": "quantity",
}  # fmt: skip


def test_lines_become_deals_and_one_returned_number_takes_back_two(
    company_home: Home, running: str, signed_in: Callable[[str], str], open_page: Callable[..., Any], tmp_path: Path
):
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    page = open_page(base_url=running, cookies={"pace_session": signed_in("何睿")}, **DESKTOP.options)
    page.goto("/manage/imports/")
    page.set_input_files("#id_files", [tmp_path / name for name in FILES])
    page.select_option("#id_preset", "deals")
    page.get_by_role("button", name="上传").click()
    page.wait_for_url(re.compile(r"/map/$"))
    for name, kind in {"orders.csv": "deals", "people.csv": "people", "returns.csv": "returns"}.items():
        page.locator("section.panel", has_text=name).get_by_label("这份文件里是").select_option(kind)
    with page.expect_navigation():
        page.get_by_role("button", name="按这样再看一遍").click()
    orders, people, returns = (page.locator("section.panel", has_text=name) for name in FILES)
    for header, target in COLUMNS.items():
        orders.get_by_label(header, exact=True).select_option(target)
    people.get_by_label("片区", exact=True).select_option("team+region")
    people.get_by_label("带队的人", exact=True).select_option("name")
    returns.get_by_label("单据", exact=True).select_option("deal_no")
    with page.expect_navigation():
        page.get_by_role("button", name="按这样再看一遍").click()
    for header in ("买家", "下单日"):
        orders.locator("tr").filter(has=page.get_by_role("rowheader", name=header, exact=True)).get_by_label(
            "也相同才是同一单"
        ).check()
    orders.get_by_label("金额 · 小数太多时").select_option("deal")
    orders.get_by_label("片区 · 怎么找到负责人").select_option("region")
    orders.get_by_label("客户", exact=True).check()
    orders.get_by_label("产品", exact=True).check()
    returns.get_by_label("文件里没有退回日期时").select_option("发出日")
    with page.expect_navigation():
        page.get_by_role("button", name="按这样再看一遍").click()
    expect(orders).to_contain_text("Q1/M1/2026-01-05")
    assert overhang(page) == ""
    assert obstacles(page) == []
    page.fill("#id_save_as", "片区系统")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/manage/imports/[0-9a-f-]{36}/$"))
    go = page.get_by_role("button", name="导入 7 行")
    expect(go).to_be_visible(timeout=30_000)
    with page.expect_navigation():
        go.click()
    company_home.manage("work", "--once")
    expect(page.locator("main")).to_contain_text("7 行已导入", timeout=30_000)
    told = company_home.python(
        "from django.db.models import Sum\n"
        "from pacesetter.pipeline.models import Booking\n"
        "rows = Booking.objects.filter(deal__code__startswith='Q').order_by().values_list('person__name', 'kind')\n"
        "print(*rows.annotate(n=Sum('amount_minor')))"
    )
    assert set(re.findall(r"\('(\w+)', '(\w+)', (-?\d+)\)", told)) == {
        ("周东", "won", "2001"), ("周东", "return", "-2001"), ("吴西", "won", "3834"), ("吴西", "return", "-3334"),
    }  # fmt: skip
    assert page.faults == []
