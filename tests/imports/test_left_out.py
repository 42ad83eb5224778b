"""What of a file is not taken is said: columns that go nowhere, worksheets that are not read, files that are none."""

from __future__ import annotations

import io
import random
from pathlib import Path

import openpyxl
import pytest

from pacesetter.imports.reading import read
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Customer, Deal
from tests.imports.test_checking import company, run
from tests.imports.test_cli import command

__all__ = ["company"]
pytestmark = pytest.mark.django_db


def workbook(*sheets: tuple[str, list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_columns_that_go_nowhere_are_named() -> None:
    result = run("customers", "客户名称,暗号,口令\n海川,a,b\n")
    [told] = [line for line in result.as_json()["warnings"] if line["value"]]
    assert (told["row"], told["value"]) == (None, "暗号、口令")
    assert told["reason"].startswith("2 列没有对应的字段，原样留在记录里：暗号、口令。")
    assert Customer.objects.get().extra == {"暗号": "a", "口令": "b"}
    every = run("customers", "客户名称\n远航\n").plan.warnings
    assert "columns_aside" not in [fault.code for fault in every]


def test_names_that_chinese_systems_use_for_these_columns() -> None:
    assert run("people", "工号,姓名,团队,上级主管,岗位角色\n0101,甲,一队,0102,销售\n0102,乙,一队,,主管\n").taken
    assert Person.objects.get(employee_no="0101").memberships.get().manager.employee_no == "0102"
    roles = Person.objects.filter(employee_no__in=("0101", "0102")).values_list("role_grants__role", flat=True)
    assert sorted(roles) == ["manager", "rep"]
    run("customers", "客户名称\n海川\n")
    assert run("deals", "商机编号,客户名,成交额,签单日\nD1,海川,5,2026-03-05\n").taken
    deal = Deal.objects.get()
    assert (deal.customer and deal.customer.name, deal.stage, str(deal.closed_on)) == ("海川", "won", "2026-03-05")


def test_further_worksheets_are_named_and_one_may_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "客户.xlsx"
    file.write_bytes(workbook(("一月", [["客户名称"], ["海川"]]), ("二月", [["客户名称"], ["远航"]]), ("空", [])))
    code, answer = command("import", "--preset", "customers", str(file), "--json")
    assert code == 0
    [told] = [line for line in answer["warnings"] if line["value"]]
    assert (told["file"], told["row"], told["value"]) == ("客户.xlsx", None, "二月")
    assert "只读了工作表“一月”，没有读：二月" in told["reason"]
    code, answer = command("import", "--preset", "customers", str(file), "--json", "--sheet", "二月")
    assert (code, [line for line in answer["warnings"] if line["value"]]) == (0, [])
    assert sorted(Customer.objects.values_list("name", flat=True)) == ["海川", "远航"]
    code, answer = command("import", "--preset", "customers", str(file), "--json", "--sheet", "三月")
    assert (code, answer["errors"][0]["reason"].partition("。")[0]) == (2, "没有叫“三月”的工作表")


@pytest.mark.parametrize("name", ["成交.xlsx", "成交.xls", "成交.csv"])
def test_bytes_that_are_no_table_are_one_fault_of_the_file(name: str) -> None:
    noise = random.Random(7).randbytes(4_000)
    book = read(b"\x01\x02" + noise, name)
    assert ([fault.code for fault in book.faults], book.sheets) == (["unreadable"], [])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-32"])
def test_texts_under_the_name_of_a_workbook_are_read(encoding: str) -> None:
    text = "客户名称\t城市\n" + "海川机械\t宁波\n" * 40
    book = read(text.encode(encoding), "客户.xls")
    assert (book.faults, book.sheets[0].headers) == ([], ["客户名称", "城市"])
