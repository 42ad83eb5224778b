"""What a check decides about money and days: currency, unit, and what a page refuses too."""

from __future__ import annotations

import pytest

from pacesetter.pipeline.models import Deal, Receipt
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
