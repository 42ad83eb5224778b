"""What a check decides row by row: references, duplicates, strategies, closed periods; counts always add up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pacesetter.imports import importing
from pacesetter.imports.acts import batches
from pacesetter.people import acts as people
from pacesetter.people.models import ExternalId, Membership, Person, Team
from pacesetter.pipeline.acts import customer as customer_acts
from pacesetter.pipeline.models import (
    Allocation,
    Booking,
    CreditShare,
    Customer,
    Deal,
    DealLine,
    Instalment,
    Invoice,
    Lead,
    Product,
    Receipt,
    StageChange,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def company() -> None:
    people.create_company(name="样例", by=None, at=AT)
    people.add_person(name="李想", employee_no="0007", by=None, at=AT)
    people.add_person(name="陈晨", employee_no="0009", by=None, at=AT)


def run(preset: str, text: str, *, name: str = "a.csv", **how: Any) -> importing.Result:
    order = batches.order_for(preset, [(name, text.encode())], **how)
    result = batches.run_now(order, by=None, at=AT) if not how.get("dry_run") else importing.run(order, by=None, at=AT)
    for file in result.as_json()["files"]:
        parts = ("ready", "created", "updated", "duplicate", "error", "ignored")
        assert file["rows"] == sum(file[part] for part in parts)
        assert file["rows"] == len(text.strip().split("\n")) - 1 or result.plan.broken
    return result


def counts(result: importing.Result) -> dict[str, int]:
    file = result.as_json()["files"][0]
    return {key: file[key] for key in ("created", "updated", "duplicate", "error") if file[key]}


def errors(result: importing.Result) -> list[tuple[int | None, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in result.plan.errors]


# --- references -------------------------------------------------------------------------------------------------------
def test_an_unknown_owner_is_an_error_with_row_column_value_and_remedy() -> None:
    result = run("customers", "客户名称,负责人\n海川,赵六\n")
    assert not result.taken
    told = result.as_json()["errors"][0]
    assert (told["file"], told["row"], told["column"], told["value"]) == ("a.csv", 2, "负责人", "赵六")
    assert "先导入或新建它" in told["reason"]
    assert not Customer.objects.exists()


def test_an_ambiguous_name_is_refused_with_the_candidates() -> None:
    people.add_person(name="李想", employee_no="0008", by=None, at=AT)
    result = run("customers", "客户名称,负责人\n海川,李想\n远航,0008\n")
    assert errors(result) == [(2, "负责人", "ambiguous_name")]
    assert "0007" in result.as_json()["errors"][0]["reason"]
    assert "0008" in result.as_json()["errors"][0]["reason"]


def test_leading_zeros_of_numbers_stay_and_find_their_person() -> None:
    assert run("customers", "客户编号,客户名称,负责人\n007,海川,0007\n").taken
    found = Customer.objects.get()
    assert (found.code, found.owner and found.owner.employee_no) == ("007", "0007")


def test_a_parent_may_stand_below_its_child() -> None:
    assert counts(run("customers", "客户名称,上级客户\n子,母\n母,祖\n祖,\n")) == {"created": 3}
    assert Customer.objects.get(name="子").parent == Customer.objects.get(name="母")
    assert Customer.objects.get(name="母").parent == Customer.objects.get(name="祖")


def test_a_parent_that_never_comes_is_an_error() -> None:
    assert errors(run("customers", "客户名称,上级客户\n子,无\n")) == [(2, "上级客户", "unknown_reference")]


def test_deals_find_customers_and_products_of_the_same_system() -> None:
    run("customers", "客户编号,客户名称\nC1,海川\n")
    run("products", "产品编号,产品名称\nP1,灯\n")
    text = "商机编号,客户,负责人,产品,数量,成交额,阶段,成交日期\nD1,C1,0007,灯,2,10.00,赢单,2026-03-05\n"
    assert run("deals", text).taken
    line = DealLine.objects.get()
    assert (line.product and line.product.code, line.quantity_milli, line.amount_minor) == ("P1", 2_000, 1_000)
    assert Booking.objects.get().amount_minor == 1_000


# --- duplicates and strategies ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("preset", "text"),
    [
        ("people", "工号,姓名,团队,直属上级\nA1,甲,区/一队,\nA2,乙,区/一队,A1\n"),
        ("people", "姓名\n丙\n"),
        ("products", "产品名称,标价\n灯,12.50\n"),
        ("customers", "客户名称,行业,联系人\n海川,制造,赵工;钱工\n"),
        ("leads", "线索名称,创建日期,负责人,阶段,意向日期\n远航,2026-03-02,0007,意向,2026-03-04\n"),
        ("leads", "线索编号,线索名称,创建日期\nL1,远航,2026-03-02\n"),
        ("deals", "商机编号,负责人,成交额,阶段,创建日期,成交日期\nD1,0007,10.00,赢单,2026-01-01,2026-03-05\n"),
        ("deals", "商机名称,负责人,成交额,阶段,成交日期\n一期,0007,10.00,赢单,2026-03-05\n"),
        ("activities", "类型,时间,人员,结果\n拜访,2026-03-05 14:05,0007,有意向\n电话,2026-03-05,0009,\n"),
    ],
)
def test_the_same_file_again_creates_nothing(preset: str, text: str) -> None:
    rows = len(text.strip().split("\n")) - 1
    assert counts(run(preset, text)) == {"created": rows}
    assert counts(run(preset, text)) == {"duplicate": rows}
    assert counts(run(preset, text, on_existing="overwrite")) == {"duplicate": rows}


def test_fill_takes_only_what_is_empty_and_overwrite_what_differs() -> None:
    run("customers", "客户名称,行业\n海川,制造\n")
    text = "客户名称,行业,规模\n海川,物流,500\n"
    assert counts(run("customers", text, on_existing="skip")) == {"duplicate": 1}
    assert counts(run("customers", text)) == {"updated": 1}
    stored = Customer.objects.get()
    assert (stored.industry, stored.size) == ("制造", "500")
    assert counts(run("customers", text, on_existing="overwrite")) == {"updated": 1}
    assert Customer.objects.get().industry == "物流"
    run("customers", "客户名称,行业\n海川,\n", on_existing="overwrite")
    assert Customer.objects.get().industry == "物流", "a blank takes nothing away"


def test_a_code_completes_the_record_that_had_only_a_name() -> None:
    run("customers", "客户名称\n海川\n")
    assert counts(run("customers", "客户编号,客户名称\nC1,海川\n")) == {"updated": 1}
    assert Customer.objects.get().code == "C1"
    assert counts(run("customers", "客户编号,客户名称\nC2,海川\n")) == {"created": 1}, "another code is somebody else"


def test_one_record_twice_with_other_contents_is_refused_and_twice_the_same_is_a_duplicate() -> None:
    result = run("customers", "客户编号,客户名称\nC1,海川\nC1,远航\n")
    assert errors(result) == [(3, "客户编号", "same_record")]
    assert "第 2 行" in result.as_json()["errors"][0]["reason"]
    assert counts(run("customers", "客户名称,行业\n海川,制造\n海川,制造\n")) == {"created": 1, "duplicate": 1}


def test_a_new_owner_of_a_customer_is_a_hand_over() -> None:
    run("customers", "客户名称,负责人\n海川,0007\n")
    assert counts(run("customers", "客户名称,负责人\n海川,0009\n")) == {"duplicate": 1}
    assert counts(run("customers", "客户名称,负责人\n海川,0009\n", on_existing="overwrite")) == {"updated": 1}
    assert Customer.objects.get().owner == Person.objects.get(employee_no="0009")


def test_a_deal_that_moved_on_follows_the_file_only_when_told_to() -> None:
    run("deals", "商机编号,负责人,阶段,创建日期\nD1,0007,方案,2026-01-05\n")
    text = "商机编号,负责人,阶段,创建日期,成交日期,成交额\nD1,0007,赢单,2026-01-05,2026-03-05,10.00\n"
    result = run("deals", text)
    assert counts(result) == {"updated": 1}, "the unknown amount is filled"
    assert [fault.code for fault in result.plan.warnings] == ["stage_differs"]
    assert Deal.objects.get().stage == "proposal"
    assert counts(run("deals", text, on_existing="overwrite")) == {"updated": 1}
    deal = Deal.objects.get()
    assert (deal.stage, deal.closed_on, deal.amount_minor) == ("won", date(2026, 3, 5), 1_000)
    assert Booking.objects.get(kind="won").amount_minor == 1_000


# --- deals ------------------------------------------------------------------------------------------------------------
def test_lines_of_one_number_are_one_deal_and_each_row_counts() -> None:
    text = "商机编号,行号,负责人,产品,成交额,阶段,成交日期\n"
    text += "D1,1,0007,灯,0.10,赢单,2026-03-05\nD1,2,0007,线,0.20,赢单,2026-03-05\n"
    run("products", "产品名称\n灯\n线\n")
    assert counts(run("deals", text)) == {"created": 2}
    assert Deal.objects.get().amount_minor == 30
    assert sorted(Booking.objects.values_list("amount_minor", flat=True)) == [10, 20]
    assert counts(run("deals", text)) == {"duplicate": 2}


def test_credits_share_a_deal_exactly() -> None:
    text = "商机编号,负责人,成交额,阶段,成交日期,业绩分配\nD1,0007,0.01,赢单,2026-03-05,0007:60;0009:40\n"
    run("deals", text)
    assert sorted(CreditShare.objects.values_list("share_ppm", "primary")) == [(400_000, False), (600_000, True)]
    assert sum(Booking.objects.values_list("amount_minor", flat=True)) == 1


def test_a_person_in_the_credits_who_is_unknown_is_named_alone() -> None:
    text = "商机编号,负责人,成交额,阶段,成交日期,业绩分配\nD1,0007,1,赢单,2026-03-05,0007:60;谁:40\n"
    told = run("deals", text).as_json()["errors"]
    assert [(one["column"], one["value"]) for one in told] == [("业绩分配", "谁")]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("D1,0007,,赢单,2026-01-05,2026-03-05", "成交额"),
        ("D1,0007,1.00,赢单,2026-01-05,", "成交日期"),
        ("D1,0007,0,输单,2026-01-05,", "成交日期"),
        ("D1,0007,1.00,赢单,2026-01-05,2026-01-04", "成交日期"),
    ],
)
def test_a_closed_deal_must_be_complete(row: str, column: str) -> None:
    result = run("deals", "商机编号,负责人,成交额,阶段,创建日期,成交日期\n" + row + "\n")
    assert [(fault.row, fault.column) for fault in result.plan.errors] == [(2, column)]
    assert not Deal.objects.exists()


def test_an_open_deal_with_an_unknown_amount_keeps_its_product() -> None:
    run("products", "产品名称\n灯\n")
    run("deals", "商机编号,负责人,产品,成交额,阶段,创建日期\nD1,0007,灯,,意向,2026-01-05\n")
    deal = Deal.objects.get()
    assert deal.amount_minor is None
    assert deal.lines.get().product == Product.objects.get()
    assert StageChange.objects.get().outcome == "opened"


def test_unmapped_columns_stay_with_the_record() -> None:
    run("deals", "商机编号,负责人,阶段,创建日期,暗号\nD1,0007,意向,2026-01-05,=1+1\n")
    assert Deal.objects.get().extra == {"暗号": "=1+1"}


# --- closed periods, company ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("preset", "text", "column"),
    [
        ("deals", "商机编号,负责人,成交额,阶段,成交日期\nD1,0007,1.00,赢单,2026-01-31\n", "成交日期"),
        ("leads", "线索名称,创建日期\n远航,2026-01-31\n", "创建日期"),
        ("activities", "类型,时间,人员\n拜访,2026-01-31 10:00,0007\n", "时间"),
    ],
)
def test_a_fact_in_a_closed_period_is_refused(preset: str, text: str, column: str) -> None:
    people.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=None, at=AT)
    result = run(preset, text)
    assert errors(result) == [(2, column, "closed_period")]
    assert run(preset, text.replace("2026-01-31", "2026-02-01")).taken


def test_what_is_here_already_is_a_duplicate_also_in_a_closed_period() -> None:
    text = "商机编号,负责人,成交额,阶段,成交日期\nD1,0007,1.00,赢单,2026-01-31\n"
    run("deals", text)
    people.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=None, at=AT)
    assert counts(run("deals", text)) == {"duplicate": 1}


def test_a_preset_of_another_currency_is_refused() -> None:
    result = run("receivables", "customerID,invoiceNumber,InvoiceDate,DueDate,InvoiceAmount\na,1,1/2/2013,2/1/2013,1\n")
    assert errors(result) == [(None, "", "other_currency")]


# --- people -----------------------------------------------------------------------------------------------------------
def test_people_come_with_teams_managers_and_roles() -> None:
    text = "工号,姓名,团队,直属上级,角色,销售区域\nA2,乙,华东/一队,A1,销售,华东\nA1,甲,华东/一队,,主管,华东\n"
    assert counts(run("people", text)) == {"created": 2}
    seat = Membership.objects.get(person__employee_no="A2")
    assert (seat.team.name, str(seat.manager), str(seat.region)) == ("一队", "甲", "华东")
    assert str(Team.objects.get(name="一队").leader) == "甲"
    assert Team.objects.count() == 2


def test_numbers_of_two_people_in_one_row_are_a_contradiction() -> None:
    people.add_person(name="吴迪", mobile="13800138001", by=None, at=AT)
    result = run("people", "工号,姓名,手机\n0007,李想,13800138001\n")
    assert errors(result) == [(2, "手机", "keys_disagree")]


def test_somebody_cannot_be_their_own_manager() -> None:
    assert errors(run("people", "工号,姓名,直属上级\nA1,甲,A1\n")) == [(2, "直属上级", "own_manager")]


# --- money ------------------------------------------------------------------------------------------------------------
MONEY = "客户,发票号,开票日期,开票金额,应收日期,应收金额,回款单号,回款金额,回款日期\n"


def test_an_invoice_its_instalment_and_its_receipt_in_one_row() -> None:
    run("customers", "客户名称,负责人\n海川,0007\n")
    row = "海川,F1,2026-02-01,100.00,2026-03-01,100.00,R1,60.00,2026-03-05\n"
    assert counts(run("collections", MONEY + row)) == {"created": 1}
    assert Instalment.objects.get().invoice == Invoice.objects.get()
    assert Receipt.objects.get().person == Person.objects.get(employee_no="0007")
    assert Allocation.objects.get().amount_minor == 6_000
    assert counts(run("collections", MONEY + row)) == {"duplicate": 1}


def test_a_later_receipt_pays_what_is_still_open() -> None:
    run("customers", "客户名称\n海川\n")
    run("collections", MONEY + "海川,F1,2026-02-01,100.00,2026-03-01,100.00,R1,60.00,2026-03-05\n")
    result = run("collections", "客户,发票号,回款单号,回款金额,回款日期\n海川,F1,R2,70.00,2026-03-09\n")
    assert counts(result) == {"updated": 1}
    assert sorted(Allocation.objects.values_list("amount_minor", flat=True)) == [4_000, 6_000]
    assert Receipt.objects.get(number="R2").amount_minor == 7_000, "what pays nothing stays unallocated"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("海川,F1,2026-02-01,,,,,,\n", "开票金额"),
        ("海川,,,,2026-03-01,,,,\n", "应收金额"),
        ("海川,,,,,,R1,60.00,\n", "回款日期"),
        ("海川,,,,,,,,\n", "应收日期"),
    ],
)
def test_half_a_payment_is_refused(row: str, column: str) -> None:
    run("customers", "客户名称\n海川\n")
    assert [(fault.row, fault.column) for fault in run("collections", MONEY + row).plan.errors] == [(2, column)]
    assert not Receipt.objects.exists()


# --- take good, rows, dry run -----------------------------------------------------------------------------------------
def test_good_rows_are_taken_only_by_choice() -> None:
    text = "客户名称,负责人\n海川,0007\n远航,谁\n"
    assert not run("customers", text).taken
    assert not Customer.objects.exists()
    result = run("customers", text, take_good=True)
    assert counts(result) == {"created": 1, "error": 1}
    assert list(Customer.objects.values_list("name", flat=True)) == ["海川"]


def test_a_dry_run_writes_nothing_at_all() -> None:
    from pacesetter.imports.models import Batch
    from pacesetter.journal.models import Entry

    before = Entry.objects.count()
    result = run("customers", "客户名称\n海川\n", dry_run=True)
    assert result.as_json()["files"][0]["ready"] == 1
    assert (Entry.objects.count(), Batch.objects.count(), Customer.objects.count()) == (before, 0, 0)


def test_rows_say_which_record_each_became() -> None:
    run("customers", "客户名称\n远航\n")
    result = run("customers", "客户名称\n海川\n远航\n", want_rows=True)
    ids: Sequence[dict[str, Any]] = json.loads(json.dumps(result.as_json()))["rows"]
    names = {row["row"]: Customer.objects.get(pk=row["id"]).name for row in ids}
    assert names == {2: "海川", 3: "远航"}


def test_keys_of_another_system_are_remembered() -> None:
    run("customers", "外部编号,客户名称\nSF-1,海川\n")
    assert ExternalId.objects.get(entity="customers").external_id == "SF-1"
    assert counts(run("customers", "外部编号,客户名称,行业\nSF-1,海川机械,制造\n")) == {"updated": 1}
    assert run("deals", "商机编号,客户,负责人,阶段,创建日期\nD1,SF-1,0007,意向,2026-01-05\n").taken


def test_a_lead_in_the_pool_keeps_who_had_it_first() -> None:
    run("leads", "线索名称,创建日期,负责人,在公海\n远航,2026-03-02,0007,是\n")
    lead = Lead.objects.get()
    assert (lead.owner, lead.person, lead.in_pool) == (None, Person.objects.get(employee_no="0007"), True)


def test_a_change_in_between_is_noticed_and_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the file is being checked somebody adds the same customer: it is met, not doubled."""
    real, done = importing._check, []

    def somebody_was_faster(*args: Any) -> Any:
        plan = real(*args)
        if not done:
            done.append(customer_acts.add_customer(name="海川", owner=None, by=None, at=AT))
        return plan

    monkeypatch.setattr(importing, "_check", somebody_was_faster)
    assert counts(run("customers", "客户名称\n海川\n")) == {"duplicate": 1}
    assert Customer.objects.count() == 1


# --- whole deals ------------------------------------------------------------------------------------------------------
LINES = "商机编号,行号,负责人,产品,成交额,阶段,成交日期\n"


@pytest.mark.parametrize(
    "second",
    ["D1,2,0007,线,很多,赢单,2026-03-05\n", "D1,2,0009,线,2.00,赢单,2026-03-05\n"],
    ids=["a line that cannot be read", "a line of another owner"],
)
def test_a_deal_is_taken_whole_or_not_at_all(second: str) -> None:
    run("products", "产品名称\n灯\n线\n")
    text = LINES + "D1,1,0007,灯,1.00,赢单,2026-03-05\n" + second + "D2,1,0007,灯,3.00,赢单,2026-03-05\n"
    assert counts(run("deals", text, take_good=True)) == {"created": 1, "error": 2}
    assert Deal.objects.get().code == "D2"
