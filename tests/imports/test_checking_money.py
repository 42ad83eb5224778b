"""What a check decides about money and days: currency, unit, and what a page refuses too."""

from __future__ import annotations

from typing import Any

import pytest

from pacesetter.pipeline.models import Deal, Receipt, Reversal
from tests.imports.test_checking import company, errors, run

__all__ = ["company"]
pytestmark = pytest.mark.django_db


def test_a_column_with_another_currency_refuses_the_row() -> None:
    text = "商机编号,客户,成交额,成交日期,币种\nC1,,5,2026-03-05,USD\nC2,,5,2026-03-05,人民币\nC3,,5,2026-03-05,\n"
    result = run("deals", text, take_good=True)
    told = result.as_json()["errors"]
    assert [(e["row"], e["column"], e["value"]) for e in told] == [(2, "币种", "USD")]
    assert told[0]["reason"] == "币种是 USD，公司用 CNY。换算成 CNY 后再传。"
    assert dict(Deal.objects.values_list("code", "amount_minor")) == {"C2": 500, "C3": 500}
    assert Deal.objects.get(code="C2").extra == {}


@pytest.mark.parametrize(
    "said", ["CNY", "cny", "人民币", "人民币元", "RMB元", "CNY - 人民币", "人民币(CNY)", "CNY - Chinese Yuan"]
)
def test_the_company_s_currency_is_known_however_it_is_written(said: str) -> None:
    assert run("deals", f"商机编号,成交额,成交日期,币种\nC1,5,2026-03-05,{said}\n").taken, said


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("USD - 美元", "USD"),
        ("美元(USD)", "USD"),
        ("CNY/USD", "CNY/USD"),
        ("美元元", "USD"),
        ("XQZ - 人民币", "XQZ - 人民币"),
    ],
)
def test_another_currency_is_refused_however_it_is_written(said: str, found: str) -> None:
    told = run("deals", f"商机编号,成交额,成交日期,币种\nC1,5,2026-03-05,{said}\n").as_json()["errors"]
    assert [e["reason"] for e in told] == [f"币种是 {found}，公司用 CNY。换算成 CNY 后再传。"]


def test_two_columns_that_name_the_currency_or_the_unit_do_not_refuse_the_file() -> None:
    """They are never stored: one is read, the other is kept like whatever nothing takes."""
    assert run("deals", "商机编号,成交额,成交日期,货币,货币代码\nC1,5,2026-03-05,人民币,CNY\n").taken
    assert Deal.objects.get(code="C1").extra == {"货币代码": "CNY"}
    for code, headers in (("C2", "单位(台),货币单位(元)"), ("C3", "单位,货币单位(元)")):
        text = f"商机编号,产品,数量,单价,成交日期,{headers}\n{code},,2,10,2026-03-05,台,万元\n"
        assert run("deals", text).taken, headers
        assert Deal.objects.get(code=code).amount_minor == 20_000_000, "the unit is the column of money"
    assert errors(run("deals", "商机编号,成交额,成交日期,货币,货币代码\nC4,5,2026-03-05,USD,USD\n")) == [
        (2, "货币", "other_currency")
    ]


@pytest.mark.parametrize(
    ("said", "minor"),
    [("元", 525), ("千元", 525_000), ("万元", 5_250_000), ("万", 5_250_000), ("亿元", 52_500_000_000),
     ("人民币万元", 5_250_000), ("CNY thousand", 525_000), ("", 525)],
)  # fmt: skip
def test_a_column_says_row_by_row_what_the_amounts_count_in(said: str, minor: int) -> None:
    run("customers", "客户名称\n海川\n")
    assert run("deals", f"商机编号,成交额,成交日期,单位\nC1,5.25,2026-03-05,{said}\nC2,1,2026-03-05,元\n").taken
    assert dict(Deal.objects.values_list("code", "amount_minor")) == {"C1": minor, "C2": 100}
    assert run("collections", f"客户,回款单号,回款金额,回款日期,金额单位\n海川,R1,5.25,2026-03-05,{said}\n").taken
    assert Receipt.objects.get().amount_minor == minor


def test_units_that_say_nothing_or_disagree_are_refused() -> None:
    text = (
        "商机编号,成交额（万元）,成交日期,金额单位\n"
        "C1,5,2026-03-05,台\nC2,5,2026-03-05,元\nC3,5,2026-03-05,万元\nC4,5,2026-03-05,万美元\n"
    )
    result = run("deals", text, take_good=True)
    assert errors(result) == [
        (2, "金额单位", "unit_unknown"), (3, "金额单位", "units_disagree"), (5, "金额单位", "other_currency")
    ]  # fmt: skip
    assert [e["value"] for e in result.as_json()["errors"]] == ["台", "元", "万美元"]
    assert Deal.objects.get().amount_minor == 5_000_000, "what the header said already is not counted twice"


def test_a_unit_that_is_no_money_is_kept_with_the_record() -> None:
    assert run("deals", "商机编号,产品,数量,单价,成交日期,单位\nC1,,2,10,2026-03-05,台\n").taken
    found = Deal.objects.get()
    assert (found.amount_minor, found.extra) == (2_000, {"单位": "台"})


def test_goals_in_another_currency_are_refused() -> None:
    text = "指标,归属,期间,目标,单位,币种\n成交额,公司,2026Q2,5,万元,USD\n成交额,公司,2026Q3,5,万元,CNY\n"
    assert errors(run("goals", text)) == [(2, "币种", "other_currency")]


# --- what a page refuses ----------------------------------------------------------------------------------------------
REFUSED: list[tuple[str, list[str], list[tuple[int, str, str, str]]]] = [
    (
        "deals",
        ["商机编号,成交额（万元）,阶段,成交日期", "D1,-1,赢单,2026-03-05", "D2,(500),赢单,2026-03-05", "D3,−5,意向,",
         "D4,0,赢单,2026-03-05"],
        [(2, "成交额（万元）", "negative", "-1"), (3, "成交额（万元）", "negative", "(500)"),
         (4, "成交额（万元）", "negative", "−5")],
    ),
    (
        "deals",
        ["商机编号,成交额,阶段,创建日期,成交日期", "D1,5,赢单,2026-01-05,2026/3/17", "D2,0,输单,2026-01-05,2030-01-01",
         "D3,,意向,2026-03-17,", "D4,5,赢单,2026-01-05,2026-03-16"],
        [(2, "成交日期", "in_future", "2026/3/17"), (3, "成交日期", "in_future", "2030-01-01"),
         (4, "创建日期", "in_future", "2026-03-17")],
    ),
    (
        "deals",
        ["商机编号,数量,单价,折扣,阶段,成交日期", "D1,-2,10,150%,赢单,2026-03-05", "D2,2,-10.5,,赢单,2026-03-05",
         "D3,2,10,100%,赢单,2026-03-05"],
        [(2, "数量", "negative", "-2"), (2, "折扣", "discount_range", "150%"), (3, "单价", "negative", "-10.5")],
    ),
    (
        "leads",
        ["线索名称,创建日期,有效日期", "甲,2031-01-01,", "乙,2026-03-01,2026-04-01", "丙,2026-03-16,"],
        [(2, "创建日期", "in_future", "2031-01-01"), (3, "有效日期", "in_future", "2026-04-01")],
    ),
    (
        "customers",
        ["客户名称,建档日期", "甲,2031-01-01", "乙,2026-03-16"],
        [(2, "建档日期", "in_future", "2031-01-01")],
    ),
    (
        "products",
        ["产品名称,标价,成本", "灯,-1.25,2", "线,1,-2", "表,0,0"],
        [(2, "标价", "negative", "-1.25"), (3, "成本", "negative", "-2")],
    ),
    (
        "activities",
        ["类型,时间,人员", "拜访,2099-07-01,0007", "拜访,2026-03-16,0007"],
        [(2, "时间", "in_future", "2099-07-01")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("preset", "lines", "told"), REFUSED)
def test_what_a_page_refuses_is_refused_by_row_column_and_cell(preset: str, lines: list[str], told: list[Any]) -> None:
    result = run(preset, "\n".join([*lines, ""]), take_good=True)
    found = [(fault.row, fault.column, fault.code, fault.value) for fault in result.plan.errors]
    assert sorted(found) == sorted(told)
    assert [file.ready for file in result.plan.files.values()] == [1], "the good row is taken"
    assert all(error["reason"].count("。") == 2 for error in result.as_json()["errors"])


def test_a_line_tells_its_own_row() -> None:
    text = "商机编号,行号,数量,成交额,阶段,成交日期\nD1,1,1,10,赢单,2026-03-05\nD1,2,-1.5,10,赢单,2026-03-05\n"
    result = run("deals", text)
    assert [(fault.row, fault.column, fault.value) for fault in result.plan.errors] == [(3, "数量", "-1.5")]


def test_money_that_has_not_come_is_not_received() -> None:
    run("customers", "客户名称\n海川\n")
    text = (
        "客户,发票号,开票日期,开票金额,应收日期,应收金额,回款单号,回款日期,回款金额\n"
        "海川,F1,2026-03-17,5,2026-09-01,5,,,\n海川,,,,,,R1,2026-03-17,5\n海川,,,,,,R2,2026-03-01,0\n"
        "海川,F2,2026-03-16,5,2026-09-01,5,R3,2026-03-16,5\n"
    )
    result = run("collections", text, take_good=True)
    assert errors(result) == [
        (2, "开票日期", "in_future"),
        (3, "回款日期", "in_future"),
        (4, "回款金额", "not_positive"),
    ]
    assert Receipt.objects.get().number == "R3"


def test_returns_are_amounts_above_zero_of_days_that_came() -> None:
    run("deals", "商机编号,成交额,阶段,成交日期\nD1,50,赢单,2026-03-05\n")
    text = "商机编号,退回日期,退回金额\nD1,2026-03-06,-5\nD1,2026-03-17,5\nD1,2026-03-16,5\n"
    result = run("returns", text, take_good=True)
    assert errors(result) == [(2, "退回金额", "negative"), (3, "退回日期", "in_future")]
    assert Reversal.objects.get().amount_minor == 500


def test_a_deal_that_is_here_does_not_follow_a_file_into_the_future() -> None:
    run("deals", "商机编号,成交额,阶段,创建日期\nD1,5,意向,2026-01-05\n")
    text = "商机编号,成交额,阶段,创建日期,成交日期\nD1,{},赢单,2026-01-05,{}\n"
    assert errors(run("deals", text.format(5, "2026-04-01"), on_existing="overwrite")) == [(2, "成交日期", "in_future")]
    assert errors(run("deals", text.format(-5, "2026-03-05"), on_existing="overwrite")) == [(2, "成交额", "negative")]
    assert Deal.objects.get().stage == "intent"
    assert run("deals", text.format(6, "2026-03-05"), on_existing="overwrite").taken
    assert Deal.objects.get().amount_minor == 600
