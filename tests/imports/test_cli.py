"""The command line to the letter: JSON alone on stdout, exit codes, keys; export read back creates nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command

from pacesetter.imports.columns import ENTITIES
from pacesetter.imports.models import Batch
from pacesetter.people import acts as people
from pacesetter.people.models import Company
from pacesetter.pipeline.models import Customer
from tests.homes import Home

AT = datetime(2026, 3, 16, 1, tzinfo=UTC)
FORMULAS = ["=1+1", "+86 138", "-x", "@SUM(A1)", "＝1", "＋1", "－1", "＠1", "'=1", '=HYPERLINK("http://x")']
FILES = {
    "people": (
        "工号,姓名,团队,直属上级,角色,入职日期\n"
        "0002,王敏,区/一队,,主管,2020-01-01\n"
        "0007,李想,区/一队,0002,销售,2025-11-03\n"
    ),
    "products": "产品编号,产品名称,类别,标价,成本,在售\nP1,灯,照明,12.50,3.10,是\nP2,线,,,,否\n",
    "customers": (
        "客户编号,客户名称,行业,负责人,上级客户,联系人,联系人手机,暗号\n"
        "C1,海川,制造,0007,,赵工;钱工,13800138000,=1\n"
        ",远航,,,C1,,,\n"
    ),
    "leads": (
        "线索编号,线索名称,联系人,来源,负责人,阶段,创建日期,有效日期,意向日期\n"
        "L1,远航,赵工,展会,0007,意向,2026-01-02,2026-01-05,2026-01-09\n"
        ",近港,,,,,2026-02-02,,\n"
    ),
    "deals": (
        "商机编号,行号,商机名称,客户,负责人,产品,数量,单价,折扣,成交额,成本,计税,阶段,创建日期,成交日期,合同编号,业绩分配\n"
        "D1,1,一期,C1,0007,P1,2,12.50,,25.00,6.20,含税,赢单,2026-01-12,2026-03-05,HT1,0007:60;0002:40\n"
        "D1,2,一期,C1,0007,P2,1.5,10.00,10%,13.50,,含税,赢单,2026-01-12,2026-03-05,HT1,0007:60;0002:40\n"
        "D2,,,远航,0002,,,,,,,,意向,2026-02-01,,,\n"
        ",,二期,海川,0007,P1,,,,99.99,,,赢单,2026-02-01,2026-03-01,,\n"
    ),
    "activities": (
        "活动编号,类型,时间,人员,客户,线索,商机,联系人,结果,下一步,下一步日期,时长\n"
        "A1,拜访,2026-03-05 14:05:30,0007,C1,,D1,赵工,有意向,发报价,2026-03-09,45\n"
        ",电话,2026-03-06,0002,,L1,,,,,,\n"
    ),
    "collections": (
        "客户,商机/合同,发票号,开票日期,开票金额,应收编号,应收日期,应收金额,回款单号,回款日期,回款金额,回款方式\n"
        "C1,D1,F1,2026-03-06,38.50,S1,2026-03-20,20.00,R1,2026-03-10,15.00,电汇\n"
        "C1,D1,F1,,,S2,2026-04-20,18.50,,,,\n"
        "远航,,,,,,,,R2,2026-03-11,7.00,\n"
    ),
    "goals": (
        "指标,归属,人员,团队,期间,保底,目标,权重,产品,分期,上级目标,说明\n"
        "成交额,公司,,,2026Q2,,300.50,,,2026-04=100.00;2026-05=100.00;2026-06=100.50,,主线\n"
        "成交额,,0007,,2026Q2,200,300.50,60,,,公司,\n"
        "成交额,,,一队,2026-05,,80,,P1,,无,\n"
        "成单率,,0002,,2026,,12.5%,,,,,\n"
    ),
}  # fmt: skip


def command(*words: Any) -> tuple[int, Any]:
    """Run a command: exit code, and what stands on stdout read as JSON."""
    out, code = io.StringIO(), 0
    try:
        call_command(*words, stdout=out, stderr=io.StringIO())
    except SystemExit as stop:
        code = int(stop.code or 0)
    except CommandError as wrong:
        return wrong.returncode, None
    return code, json.loads(out.getvalue())


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for entity, text in FILES.items():
        found[entity] = tmp_path / f"{entity}.csv"
        found[entity].write_text(text, encoding="utf-8")
    return found


@pytest.fixture
def filled(db: None, files: dict[str, Path]) -> dict[str, Path]:
    people.create_company(name="样例", by=None, at=AT)
    for entity, path in files.items():
        code, answer = command("import", "--preset", entity, str(path), "--json")
        assert (code, answer["errors"]) == (0, []), entity
    return files


KEYS = ["file", "entity", "rows", "ready", "created", "updated", "duplicate", "error", "ignored", "rate"]


@pytest.mark.django_db
def test_the_answer_has_these_keys_and_no_others(files: dict[str, Path]) -> None:
    code, answer = command("import", "--preset", "people", str(files["people"]), "--rows", "--json")
    assert code == 0
    assert list(answer) == ["files", "warnings", "errors", "rows"]
    assert list(answer["files"][0]) == KEYS
    assert [list(row) for row in answer["rows"]] == [["row", "id"], ["row", "id"]]
    assert [row["row"] for row in answer["rows"]] == [2, 3]
    assert Company.objects.get().currency == "CNY", "an empty home is set up by the preset"


@pytest.mark.django_db
def test_refused_is_exit_2_with_the_json_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("客户名称,负责人\n海川,谁\n远航,\n", encoding="utf-8")
    code, answer = command("import", "--preset", "customers", str(tmp_path / "a.csv"), "--json")
    assert code == 2
    file = answer["files"][0]
    assert (file["rows"], file["ready"], file["created"], file["error"]) == (2, 1, 0, 1)
    assert list(answer["errors"][0]) == ["file", "row", "column", "value", "reason"]
    assert (answer["errors"][0]["row"], answer["errors"][0]["value"]) == (2, "谁")
    assert not Customer.objects.exists()
    assert not Batch.objects.exists()
    code, answer = command("import", "--preset", "customers", str(tmp_path / "a.csv"), "--take-good", "--json")
    assert (code, answer["files"][0]["created"], answer["files"][0]["error"]) == (0, 1, 1)


@pytest.mark.django_db
def test_a_fault_of_the_whole_file_has_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7 nothing")
    code, answer = command("import", "--preset", "customers", str(tmp_path / "a.csv"), "--json")
    assert (code, answer["errors"][0]["row"]) == (2, None)


@pytest.mark.django_db
def test_a_dry_run_says_ready_and_writes_nothing(files: dict[str, Path]) -> None:
    code, answer = command("import", "--preset", "customers", str(files["products"]), "--dry-run", "--json")
    assert code == 2, "products are no customers"
    code, answer = command("import", "--preset", "products", str(files["products"]), "--dry-run", "--json")
    assert (code, answer["files"][0]["ready"], answer["files"][0]["created"]) == (0, 2, 0)
    assert not Company.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words",
    [
        ("import", "--preset", "customers", "/no/such/file"),
        ("import", "--preset", "nonsense", "."),
        ("import", "."),
        ("import", "--preset", "customers", ".", "--on-existing", "maybe"),
        ("import", "--preset", "customers", ".", "--frobnicate"),
        ("export", "nonsense"),
        ("export", "deals", "--csv", "/no/such/folder/x.csv"),
        ("count", "too", "much"),
    ],
)
def test_wrong_usage_is_exit_64(words: tuple[str, ...]) -> None:
    assert command(*words)[0] == 64


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_export_read_back_creates_nothing(filled: dict[str, Path], entity: str, tmp_path: Path) -> None:
    before = command("count", "--json")
    for kind in ("csv", "xlsx"):
        target = tmp_path / f"x.{kind}"
        command_code = call_command("export", entity, f"--{kind}", str(target), stderr=io.StringIO())
        assert command_code is None
        code, answer = command("import", "--preset", entity, str(target), "--json")
        assert (code, answer["errors"]) == (0, []), kind
        file = answer["files"][0]
        assert (file["created"], file["updated"]) == (0, 0), kind
    assert command("count", "--json") == before


def test_exported_records_name_canonical_columns_in_plain_text(filled: dict[str, Path]) -> None:
    _code, deals = command("export", "deals", "--json")
    first = next(deal for deal in deals if deal["deal_no"] == "D1" and deal["line_key"] == "2")
    assert (first["amount"], first["unit_price"], first["quantity"], first["discount"]) == (
        "13.50",
        "10.00",
        "1.5",
        "10%",
    )
    assert (first["closed_on"], first["stage"], first["credits"]) == ("2026-03-05", "won", "0007:60;0002:40")
    _code, customers = command("export", "customers", "--json")
    assert customers[0]["暗号"] == "=1", "unmapped columns come along"
    _code, found = command("count", "--json")
    assert found == {"people": 2, "products": 2, "customers": 2, "leads": 2, "deals": 3, "activities": 2,
                     "collections": 3, "goals": 4}  # fmt: skip


@pytest.mark.django_db
def test_no_exported_cell_runs_and_every_text_comes_back(tmp_path: Path) -> None:
    people.create_company(name="样例", by=None, at=AT)
    source = tmp_path / "a.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["客户编号", "客户名称", "地址", "暗号"])
        for place, text in enumerate(FORMULAS):
            quoted = "'" + text
            writer.writerow([f"C{place}", quoted, quoted, quoted])
    assert command("import", "--preset", "customers", str(source), "--json")[0] == 0
    assert set(Customer.objects.values_list("name", flat=True)) == set(FORMULAS)
    call_command("export", "customers", "--csv", str(tmp_path / "x.csv"), stderr=io.StringIO())
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            assert not any(cell[:1] in tuple("=+-@\t\r＝＋－＠") for cell in row if cell), row
    call_command("export", "customers", "--xlsx", str(tmp_path / "x.xlsx"), stderr=io.StringIO())
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    for kind in ("csv", "xlsx"):
        _code, answer = command("import", "--preset", "customers", str(tmp_path / f"x.{kind}"), "--json")
        assert answer["files"][0]["duplicate"] == len(FORMULAS), answer["errors"]


def test_parquet_holds_the_same(filled: dict[str, Path], tmp_path: Path) -> None:
    call_command("export", "deals", "--parquet", str(tmp_path / "x.parquet"), stderr=io.StringIO())
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.num_rows == 4
    assert "25.00" in table.column("成交额").to_pylist()


def test_the_tool_itself_keeps_stdout_for_json(tmp_path: Path) -> None:
    """A real process on an empty home: migrated, set up by the preset, only JSON on stdout; 64 for wrong usage."""
    home = Home(tmp_path / "home")
    home.folder.mkdir()
    (tmp_path / "p.csv").write_text(FILES["products"], encoding="utf-8")
    answer = home.manage("import", "--preset", "products", str(tmp_path / "p.csv"), "--json")
    assert json.loads(answer.stdout)["files"][0]["created"] == 2
    assert home.manage("import", "--preset", "products", "--json", check=False).returncode == 64
    assert json.loads(home.manage("count", "--json").stdout)["products"] == 2
