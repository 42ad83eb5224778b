"""A mapping made on the pages for files that no preset knows; its numbers are those of a reading without our code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from pacesetter.imports import followups
from pacesetter.imports.models import SavedMapping
from pacesetter.pipeline.models import Customer, Deal, DealLine, Product, Reversal
from tests.world import AT, World

from .mapping_pages import Pages, Words, map_all, stored, truth
from .real import folder

pytestmark = pytest.mark.usefixtures("on_the_day")

# One number (K1) for two customers and two days; 10.004 + 10.004 is 20.01 as a deal and 20.00 line by line; days are
# day/month/year, which 05/03 alone does not tell.
ORDERS = """明细,单据,买家,买家名,下单日,发出日,片区,货品,金额,件,状况
1,K1,B1,春山,05/03/2025,07/03/2025,北片,螺丝,10.004,1,已签
2,K1,B1,春山,05/03/2025,07/03/2025,北片,螺母,10.004,2,已签
3,K1,B2,秋水,05/03/2025,08/04/2025,南片,螺丝,33.335,1,已签
4,K1,B1,春山,06/03/2025,06/03/2025,南片,螺丝,1.0049,1,已签
5,K2,B2,秋水,11/12/2024,01/02/2025,南片,螺丝,5.5,1,已签
6,K2,B2,秋水,11/12/2024,01/02/2025,南片,垫片,0.125,3,已签
7,K3,B3,冬青,02/01/2025,02/01/2025,北片,垫片,77,3,没成
"""
PEOPLE = "片区,带队的人\n北片,周一\n南片,吴二\n"
RETURNS = "单据,退了\nK1,是\nK1,是\n"


INVENTED = Words(
    "明细", "单据", "买家", "买家名", "下单日", "发出日", "片区", "货品", "金额", "件", "带队的人",
    "%d/%m/%Y", "状况", "dmy",
)  # fmt: skip
SUPERSTORE = Words(
    "行 ID", "订单 ID", "客户 ID", "客户名称", "订单日期", "发货日期", "地区", "产品名称", "销售额", "数量", "地区经理"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


KINDS = {"a.csv": "people", "b.csv": "deals", "c.csv": "returns"}


def invented(encoding: str = "utf-8") -> dict[str, bytes]:
    return {"a.csv": PEOPLE.encode(encoding), "b.csv": ORDERS.encode(encoding), "c.csv": RETURNS.encode(encoding)}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_an_invented_file_is_mapped_on_the_page(world: World, encoding: str) -> None:
    pages = Pages(world)
    batch = pages.upload("deals", invented(encoding))
    map_all(pages, batch, INVENTED, KINDS)
    pages.bring_in(batch)
    expected = truth(ORDERS, PEOPLE, RETURNS, INVENTED)
    # by hand: K1 of 春山 20.01 and 1.00, of 秋水 33.34, all three returned; K2 5.63 stays
    assert expected.net == {("北片", "周一", "2025"): 0, ("南片", "吴二", "2025"): 0, ("南片", "吴二", "2024"): 563}
    assert expected.back == {("北片", "周一", "2025"): 2001, ("南片", "吴二", "2025"): 3434}
    assert stored() == expected
    assert set(Deal.objects.values_list("code", "amount_minor", "stage")) == {
        ("K1/B1/2025-03-05", 2001, "won"), ("K1/B2/2025-03-05", 3334, "won"), ("K1/B1/2025-03-06", 100, "won"),
        ("K2/B2/2024-12-11", 563, "won"), ("K3/B3/2025-01-02", 7700, "lost"),
    }  # fmt: skip
    assert set(Customer.objects.values_list("code", "name")) == {("B1", "春山"), ("B2", "秋水"), ("B3", "冬青")}
    assert set(Product.objects.values_list("name", flat=True)) == {"螺丝", "螺母", "垫片"}
    assert DealLine.objects.count() == 7
    assert {on.isoformat() for on in Reversal.objects.values_list("on", flat=True)} == {
        "2025-03-07", "2025-04-08", "2025-03-06",
    }  # fmt: skip
    counts = {file["file"]: file for file in batch.files}
    assert (counts["b.csv"]["created"], counts["c.csv"]["created"], counts["c.csv"]["duplicate"]) == (7, 1, 1)


def test_the_saved_mapping_does_the_same_on_the_page_and_on_the_command_line(world: World, tmp_path: Path) -> None:
    pages = Pages(world)
    batch = pages.upload("deals", invented())
    map_all(pages, batch, INVENTED, KINDS, save_as="片区订单")
    pages.bring_in(batch)
    first = stored()
    pages.post(f"/manage/imports/{batch.uuid}/undo/", reason="再来")
    assert not Deal.objects.exists()

    files = tmp_path / "in"
    files.mkdir()
    for name, data in {"谁.csv": PEOPLE, "单.csv": ORDERS, "退.csv": RETURNS}.items():
        (files / name).write_bytes(data.encode("gb18030"))
    answer = io.StringIO()
    call_command("import", str(files), "--preset", "片区订单", "--json", stdout=answer, stderr=io.StringIO())
    assert json.loads(answer.getvalue())["errors"] == []
    assert stored() == first == truth(ORDERS, PEOPLE, RETURNS, INVENTED)

    # the next upload takes the name, whatever the files are called; the page shows what was decided
    again = pages.upload("片区订单", {"x.csv": RETURNS.encode(), "y.csv": ORDERS.encode(), "z.csv": PEOPLE.encode()})
    form = pages.form(again)
    assert form.values["entity-0"] == "returns"
    assert form.values["entity-1"] == "deals"
    assert form.values[form.labels["已签|word"]] == "won"
    assert form.values["make-1"] == ["customers", "products"]
    pages.send(again, form)
    pages.client.post(f"/manage/imports/{again.uuid}/check/")
    again.refresh_from_db()
    assert {file["file"]: (file["duplicate"], file["error"]) for file in again.files} == {
        "x.csv": (2, 0), "y.csv": (7, 0), "z.csv": (2, 0),
    }  # fmt: skip


def test_returns_that_come_later_find_the_stored_deals(world: World) -> None:
    pages = Pages(world)
    files = invented() | {"c.csv": "单据,退了\nK2,是\n".encode()}
    batch = pages.upload("deals", files)
    map_all(pages, batch, INVENTED, KINDS, save_as="片区订单")
    pages.bring_in(batch)
    assert Reversal.objects.count() == 1
    later = pages.upload("片区订单", {"迟.csv": "单据,退了\nK1,是\nK9,是\n".encode()})
    pages.send(later, pages.form(later), take_good="1")
    pages.client.post(f"/manage/imports/{later.uuid}/check/")
    later.refresh_from_db()
    assert list(later.faults.filter(level="error").values_list("value", "code")) == [("K9", "unknown_return")]
    pages.post(f"/manage/imports/{later.uuid}/start/", take_good="1")
    followups.run_due_batches(now=AT)
    expected = truth(ORDERS, PEOPLE, "单据,退了\nK1,是\nK2,是\n", INVENTED)
    assert stored() == expected


def test_a_wrong_line_leaves_out_its_whole_number_and_an_unknown_region_is_told(world: World) -> None:
    pages = Pages(world)
    wrong = ORDERS.replace("10.004,2,已签", "十元,2,已签") + "8,K8,B1,春山,05/03/2025,05/03/2025,西片,螺丝,1,1,已签\n"
    batch = pages.upload("deals", invented() | {"b.csv": wrong.encode()})
    map_all(pages, batch, INVENTED, KINDS)
    pages.client.post(f"/manage/imports/{batch.uuid}/check/")
    batch.refresh_from_db()
    told = set(batch.faults.filter(level="error", file="b.csv").values_list("row", "code"))
    assert told == {
        (3, "not_a_number"), (2, "group_incomplete"), (4, "group_incomplete"), (5, "group_incomplete"),
        (9, "owner_unknown"),
    }  # fmt: skip
    [file] = [file for file in batch.files if file["file"] == "b.csv"]
    assert (file["rows"], file["ready"], file["error"]) == (8, 3, 5)


def test_without_the_ticks_nothing_is_made_on_the_way_and_decimals_are_refused(world: World) -> None:
    pages = Pages(world)
    batch = pages.upload("deals", {"b.csv": "商机编号,客户,成交额,成交日期\nD1,没见过,1.005,2026-03-05\n".encode()})
    pages.send(batch, pages.form(batch))
    pages.client.post(f"/manage/imports/{batch.uuid}/check/")
    assert set(batch.faults.filter(level="error").values_list("code", flat=True)) == {"too_many_decimals"}
    form = pages.form(batch)
    form.choose("成交额", "round", "row")
    pages.send(batch, form)
    pages.client.post(f"/manage/imports/{batch.uuid}/check/")
    assert set(batch.faults.filter(level="error").values_list("code", flat=True)) == {"unknown_reference"}


def test_what_was_chosen_for_one_kind_of_data_is_dropped_with_it(world: World) -> None:
    pages = Pages(world)
    batch = pages.upload("deals", {"b.csv": ORDERS.encode()})
    form = pages.form(batch)
    form.choose("单据", "column", "deal_no")
    pages.send(batch, form, go="look")
    text = pages.send(batch, pages.form(batch), go="look", preset="leads")
    assert "线索名称" in text


class TestSuperstore:
    """The real order lines, by a mapping made on the page instead of the built-in preset."""

    @pytest.fixture
    def texts(self) -> dict[str, str]:
        path = folder("superstore_cn")
        found = {name: (path / f"{name}_gbk.csv").read_bytes().decode("gb18030") for name in ("people", "returns")}
        return found | {"orders": (path / "orders_utf8.csv").read_text(encoding="utf-8-sig")}

    @pytest.mark.parametrize("orders", ["orders_gbk.csv", "orders_utf8.csv"])
    def test_region_person_and_year_equal_the_file(self, world: World, texts: dict[str, str], orders: str) -> None:
        path = folder("superstore_cn")
        pages = Pages(world)
        names = ("people_gbk.csv", orders, "returns_gbk.csv")
        batch = pages.upload("deals", {name: (path / name).read_bytes() for name in names})
        map_all(pages, batch, SUPERSTORE, dict(zip(names, KINDS.values(), strict=True)))
        pages.bring_in(batch)
        expected = truth(texts["orders"], texts["people"], texts["returns"], SUPERSTORE)
        assert sum(expected.deals.values()) == Deal.objects.count() == 4_985
        assert Reversal.objects.count() == 553
        assert stored() == expected
        assert not SavedMapping.objects.exists()
