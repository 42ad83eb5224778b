"""The import pages, from upload to undo, as people with different rights meet them."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pacesetter.imports import followups
from pacesetter.imports.models import Batch, SavedMapping, State
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Customer, Deal, Receipt
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")

DEALS = (
    "商机编号,客户名称,负责人,成交额（万元）,阶段,成交日期,渠道说明\n"
    "D1,海川,李想,1.25,签下,2026-03-05,展会\n"
    "D2,海川,陈晨,2,签下,2026/3/6,官网\n"
    "D3,远航,没有这个人,3,签下,2026-03-07,官网\n"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, {"key": uuid.uuid4().hex, **values})


def upload(client: Client, text: str | bytes, name: str = "三月.csv", preset: str = "") -> Batch:
    data = text.encode() if isinstance(text, str) else text
    answer = post(client, "/manage/imports/new/", files=SimpleUploadedFile(name, data), preset=preset)
    assert answer.status_code == 302, answer.content.decode()
    return Batch.objects.latest("id")


def mapped(client: Client, batch: Batch, **values: Any) -> Batch:
    answer = post(client, f"/manage/imports/{batch.uuid}/map/", preset=batch.preset, on_existing="fill", **values)
    assert answer.status_code == 302, answer.content.decode()
    answer = client.post(f"/manage/imports/{batch.uuid}/check/")
    assert answer.status_code == 302
    batch.refresh_from_db()
    return batch


def page(client: Client, batch: Batch) -> str:
    answer = client.get(f"/manage/imports/{batch.uuid}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def choose(batch: Batch, **columns: str) -> dict[str, str]:
    """What the mapping page sends: every column by its place."""
    heads = DEALS.split("\n")[0].split(",")
    names = ("deal_no", "customer", "owner", "amount", "stage", "closed_on", "")
    found = dict(zip(heads, names, strict=True)) | columns
    return {f"column-0-{place}": found[head] for place, head in enumerate(heads)} | {"unit-0-3": "万元"}


def test_from_upload_to_undo(world: World) -> None:
    client = signed_in(world.analyst)
    customers = upload(client, "客户名称\n海川\n远航\n", "客户.csv")
    assert customers.preset == "customers"
    mapped(client, customers)
    post(client, f"/manage/imports/{customers.uuid}/start/")
    followups.run_due_batches(now=AT)

    batch = upload(client, DEALS)
    assert batch.preset == "deals"
    text = client.get(f"/manage/imports/{batch.uuid}/map/").content.decode()
    assert "签下" in text, "a word that nobody knows is asked for"
    batch = mapped(client, batch, **choose(batch), **{"word-0-4-0": "won"}, save_as="老系统")
    assert batch.state == State.CHECKED
    assert {k: batch.files[0][k] for k in ("rows", "ready", "error")} == {"rows": 3, "ready": 2, "error": 1}
    assert not Deal.objects.exists(), "a dry run writes nothing"
    text = page(client, batch)
    assert "没有这个人" in text
    assert "只导入正确的 2 行" in text
    assert "32,500.00" in text, "the file's total in 元"
    assert SavedMapping.objects.get(name="老系统").entity == "deals"

    post(client, f"/manage/imports/{batch.uuid}/start/", take_good="1")
    assert "等待导入" in page(client, batch)
    followups.run_due_batches(now=AT)
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert batch.by == world.analyst
    deals = Deal.objects.order_by("code")
    assert list(deals.values_list("code", "amount_minor")) == [
        ("D1", 1_250_000),
        ("D2", 2_000_000),
    ]
    assert Deal.objects.get(code="D1").extra == {"渠道说明": "展会"}
    assert "2 行已导入" in page(client, batch)

    answer = post(client, f"/manage/imports/{batch.uuid}/undo/", reason="传错了")
    assert answer.status_code == 302
    assert not Deal.objects.exists()
    batch.refresh_from_db()
    assert batch.state == State.UNDONE


def test_all_or_nothing_unless_chosen(world: World) -> None:
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称,负责人\n甲,李想\n乙,谁\n", "客户.csv"))
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    batch.refresh_from_db()
    assert batch.state == State.REFUSED
    assert not Customer.objects.exists()


def test_only_the_wrong_rows_come_back_and_can_be_sent_again(world: World) -> None:
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称,负责人,暗号\n甲,李想,a\n乙,谁,=1+1\n", "客户.csv"), take_good="1")
    answer = client.get(f"/manage/imports/{batch.uuid}/errors.csv")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(body)))
    assert rows[0] == ["客户名称", "负责人", "暗号", "错误原因"]
    assert len(rows) == 2
    assert rows[1][:3] == ["乙", "谁", "'=1+1"], "nothing in the file runs"
    assert "找不到“谁”" in rows[1][3]
    again = mapped(client, upload(client, body.replace("谁", "陈晨", 1), "改好.csv", "customers"))
    assert again.files[0]["ready"] == 1, list(again.faults.values_list("column", "code", "params"))
    post(client, f"/manage/imports/{again.uuid}/start/")
    followups.run_due_batches(now=AT)
    assert Customer.objects.get(name="乙").extra == {"暗号": "=1+1"}


def test_wrong_rows_of_a_workbook_come_back_as_a_sheet_and_as_text(world: World) -> None:
    """The rows are still to be read when the answer begins: what they are read from must be there."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["客户名称", "负责人"], ["甲", "李想"], *([f"乙{n}", "谁"] for n in range(300))):
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, held.getvalue(), "客户.xlsx"), take_good="1")
    told = client.get(f"/manage/imports/{batch.uuid}/errors.csv")
    text = b"".join(told.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["客户名称", *(f"乙{n}" for n in range(300))]
    answer = client.get(f"/manage/imports/{batch.uuid}/errors.xlsx")
    assert answer.status_code == 200
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]
    found = openpyxl.load_workbook(io.BytesIO(b"".join(parts))).active
    assert found is not None
    assert found.max_row == 301
    assert found["A2"].value == "乙0"


def test_two_columns_for_one_field_are_refused(world: World) -> None:
    client = signed_in(world.analyst)
    batch = upload(client, DEALS)
    batch = mapped(client, batch, **choose(batch, 渠道说明="owner"))
    assert batch.files[0]["ready"] == 0
    text = page(client, batch)
    assert "负责人" in text
    assert "渠道说明" in text
    assert "只导入正确的" not in text, "a file that cannot be read has no good rows"


def test_a_batch_can_be_cancelled_before_it_is_written(world: World) -> None:
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称\n甲\n", "客户.csv"))
    post(client, f"/manage/imports/{batch.uuid}/start/")
    post(client, f"/manage/imports/{batch.uuid}/cancel/")
    followups.run_due_batches(now=AT)
    batch.refresh_from_db()
    assert batch.state == State.CANCELLED
    assert not Customer.objects.exists()


def test_undo_ends_after_seven_days(world: World) -> None:
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称\n甲\n", "客户.csv"))
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT - timedelta(days=8))
    assert "撤销这一批" not in page(client, batch)
    assert post(client, f"/manage/imports/{batch.uuid}/undo/").status_code == 422
    assert Customer.objects.exists()


def test_what_was_changed_since_stays_and_is_named(world: World) -> None:
    from pacesetter.pipeline.acts.customer import change_customer

    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称\n甲\n乙\n", "客户.csv"))
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    change_customer(Customer.objects.get(name="甲"), industry="制造", by=world.director, at=AT)
    post(client, f"/manage/imports/{batch.uuid}/undo/")
    assert list(Customer.objects.values_list("name", flat=True)) == ["甲"]
    assert "导入之后又改过" in page(client, batch)


def test_finance_sees_where_the_totals_differ(world: World) -> None:
    """Stored in March: 甲 100.00, 乙 10.00. The file says 甲 100.00 (known) and 乙 50.00 (new): 乙 differs by 10.00."""
    from pacesetter.pipeline.acts import bulk
    from tests.world import TODAY

    with bulk.promote(by=None, at=AT, on=TODAY, label="x") as held:
        ids = held.customers([bulk.CustomerRow("甲"), bulk.CustomerRow("乙")])
        held.receipts([bulk.ReceiptRow(ids[0], TODAY, 10_000, "R1"), bulk.ReceiptRow(ids[1], TODAY, 1_000, "R9")])
    client = signed_in(world.finance)
    text = "客户,回款单号,回款金额,回款日期\n甲,R1,100.00,2026-03-16\n乙,R2,50.00,2026-03-16\n"
    batch = mapped(client, upload(client, text, "回款.csv"))
    assert batch.preset == "collections"
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    assert Receipt.objects.count() == 3
    shown = page(client, batch)
    assert "文件合计 150.00，系统同期回款合计 160.00" in shown.replace("¥", "")
    assert "1 处不一致" in shown


@pytest.mark.parametrize(
    ("who", "entities"),
    [
        ("leader", {"leads", "activities"}),
        ("hrbp", {"people"}),
        ("admin", {"people"}),
        ("marketing", {"leads"}),
        ("finance", {"collections"}),
    ],
)
def test_who_may_import_what(world: World, who: str, entities: set[str]) -> None:
    client = signed_in(getattr(world, who))
    for entity in ("people", "products", "customers", "leads", "deals", "activities", "collections"):
        answer = client.get(f"/manage/imports/template/{entity}.xlsx")
        assert (answer.status_code == 200) is (entity in entities), entity
    assert post(
        client, "/manage/imports/new/", preset="deals", files=SimpleUploadedFile("d.csv", DEALS.encode())
    ).status_code in (302, 422)
    batch = Batch.objects.first()
    assert batch is None or batch.preset in entities


def test_a_rep_and_a_stranger_find_nothing_here(world: World) -> None:
    for person in (world.veteran, world.stranger):
        assert signed_in(person).get("/manage/imports/").status_code == 404


def test_a_leader_imports_for_the_own_team_only(world: World) -> None:
    client = signed_in(world.leader)
    text = "线索名称,创建日期,负责人\n甲,2026-03-02,李想\n乙,2026-03-02,吴迪\n"
    batch = mapped(client, upload(client, text, "线索.csv"))
    assert (batch.files[0]["ready"], batch.files[0]["error"]) == (1, 1)
    assert "找不到“吴迪”" in page(client, batch)


@pytest.mark.parametrize(("role", "ready"), [("hrbp", 1), ("finance", 1), ("marketing", 2)])
def test_a_second_role_imports_for_all_what_it_opens_and_nothing_else(world: World, role: str, ready: int) -> None:
    people.grant_role(person=world.leader, role=role, reason="兼任", by=None, at=AT)
    client = signed_in(world.leader)
    text = "线索名称,创建日期,负责人\n甲,2026-03-02,李想\n乙,2026-03-02,吴迪\n"
    batch = mapped(client, upload(client, text, "线索.csv"))
    assert (batch.files[0]["ready"], batch.files[0]["error"]) == (ready, 2 - ready)


def test_others_batches_are_out_of_reach(world: World) -> None:
    batch = upload(signed_in(world.finance), "客户,回款单号,回款金额,回款日期\n甲,R1,1.00,2026-03-16\n", "回款.csv")
    assert signed_in(world.marketing).get(f"/manage/imports/{batch.uuid}/").status_code == 404
    assert signed_in(world.director).get(f"/manage/imports/{batch.uuid}/").status_code == 200


def test_roles_of_a_people_file_are_granted_only_by_who_may_grant_them(world: World) -> None:
    text = "工号,姓名,角色\nZ1,新来的,总监\n"
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, text, "人员.csv"))
    assert "角色没有导入" in page(client, batch)
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    assert not Person.objects.get(employee_no="Z1").role_grants.exists()
    client = signed_in(world.admin)
    batch = mapped(client, upload(client, text.replace("Z1", "Z2"), "人员.csv"))
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    assert Person.objects.get(employee_no="Z2").role_grants.get().role == "director"


def test_a_template_opens_and_imports(world: World) -> None:
    client = signed_in(world.analyst)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/manage/imports/template/customers.xlsx").content))
    sheet = book.active
    assert sheet is not None
    assert sheet.cell(1, 2).value == "客户名称"
    batch = upload(client, client.get("/manage/imports/template/products.xlsx").content, "产品.xlsx")
    assert mapped(client, batch).files[0]["ready"] == 1


def test_pages_are_there_in_english(world: World) -> None:
    client = signed_in(world.analyst)
    batch = mapped(client, upload(client, "客户名称,负责人\n甲,谁\n", "客户.csv"))
    client.cookies["pace_language"] = "en"
    for address in ("/manage/imports/", f"/manage/imports/{batch.uuid}/map/", f"/manage/imports/{batch.uuid}/"):
        assert client.get(address).status_code == 200


def test_another_worksheet_is_chosen_on_the_page(world: World) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in (
        ("一月", (["客户名称", "行业"], ["海川", "制造"])),
        ("二月", (["客户名称", "客户区域"], ["远航", "华东"])),
    ):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    client = signed_in(world.analyst)
    batch = upload(client, held.getvalue(), "客户.xlsx", "customers")
    address = f"/manage/imports/{batch.uuid}/map/"
    assert '<option value="一月" selected>' in client.get(address).content.decode()
    post(client, address, preset="customers", on_existing="fill", go="look", **{"sheet-0": "二月"})
    text = client.get(address).content.decode()
    assert '<option value="二月" selected>' in text
    assert "客户区域" in text
    batch = mapped(client, batch, **{"sheet-0": "二月", "column-0-0": "name", "column-0-1": "region"})
    post(client, f"/manage/imports/{batch.uuid}/start/")
    followups.run_due_batches(now=AT)
    assert list(Customer.objects.values_list("name", "region")) == [("远航", "华东")]
