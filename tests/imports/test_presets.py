"""The presets on the real files, against plain code over the same files; and on made-up files with other names."""

import csv
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from pacesetter.imports.presets import PRESETS
from pacesetter.imports.sources import open_paths
from pacesetter.imports.tables import Record

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def real(folder):
    path = DATA / folder
    if not path.exists():
        pytest.skip(f"the real files (../shared/data/{folder}) are not on this machine")
    return path


def run(paths, preset, currency="USD"):
    records, faults = defaultdict(list), []
    for item in open_paths(paths, preset, currency=currency).records():
        if isinstance(item, Record):
            records[item.entity].append(item)
        else:
            faults.append(item)
    return records, faults


def rows_of(path, encoding="utf-8-sig"):
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def cents(text):
    return int((Decimal(text) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def test_crm_opportunities_loses_nothing():
    folder = real("crm_opportunities")
    records, faults = run([folder], "crm_opportunities")
    source = rows_of(folder / "sales_pipeline.csv")
    assert [record.rows for record in records["deals"]] == [(number,) for number in range(2, len(source) + 2)]
    won = defaultdict(int)
    for row in source:
        if row["deal_stage"] == "Won":
            product = "GTX Pro" if row["product"] == "GTXPro" else row["product"]
            won[row["sales_agent"], product, row["close_date"]] += cents(row["close_value"])
    ours = defaultdict(int)
    for record in records["deals"]:
        if record.values["stage"] == "won":
            [line] = record.values["lines"]
            ours[record.values["owner"], line["product"], record.values["closed_on"].isoformat()] += line["amount"]
    assert ours == won
    teams = rows_of(folder / "sales_teams.csv")
    managers = {row["manager"] for row in teams}
    people = {record.values["name"]: record.values for record in records["people"]}
    assert set(people) == managers | {row["sales_agent"] for row in teams}
    assert {name for name, values in people.items() if values["role"] == "manager"} == managers
    idle = {row["sales_agent"] for row in teams} - {row["sales_agent"] for row in source}
    assert {fault.value for fault in faults if fault.level == "warning"} == idle
    assert not [fault for fault in faults if fault.level == "error"]
    customers = {record.values["name"]: record.values for record in records["customers"]}
    assert len(customers) == 85
    assert "technolgy" not in {values["industry"] for values in customers.values()}
    assert "Philipines" not in {values["region"] for values in customers.values()}
    order = list(customers)
    assert all(order.index(v["parent"]) < order.index(name) for name, v in customers.items() if v["parent"])
    open_deals = [record.values for record in records["deals"] if record.values["stage"] in ("prospect", "intent")]
    assert sum(values["customer"] is None for values in open_deals) == 1_425
    assert all(values["amount"] is None for values in open_deals)
    assert all(record.values["amount"] == 0 for record in records["deals"] if record.values["stage"] == "lost")


def test_adventureworks_rounds_each_order_and_keeps_its_text():
    folder = real("adventureworks")
    records, faults = run([folder], "adventureworks")
    source = rows_of(folder / "ord_dev.csv")
    assert [(r.values["deal_no"], r.values["amount"], r.values["closed_on"].isoformat()) for r in records["deals"]] == [
        (row["SalesOrderID"], cents(row["net"]), row["date_2017"]) for row in source
    ]
    assert [record.raw["amount"] for record in records["deals"]] == [row["net"] for row in source]
    people = {record.values["external_id"]: record.values for record in records["people"]}
    nids = {row["nid"] for row in rows_of(folder / "person.csv")}
    for row in rows_of(folder / "person.csv"):
        values = people[f"person-{row['person_id']}"]
        assert (values["name"], values["employee_no"]) == (row["nm"], row["employee_key"])
        assert values["manager"] == (f"person-{row['manager_id']}" if row["manager_id"] else None)
    assert {record.values["owner"] for record in records["deals"]} <= set(people)
    unknown = [row for row in rows_of(folder / "target_monthly.csv") if row["nid"] not in nids]
    for level in ("ignored", "warning"):
        told = [(fault.value, fault.code) for fault in faults if fault.level == level]
        assert told == [(row["nid"], "outside_people") for row in unknown]
    assert len(faults) == 2 * len(unknown) == 108


def test_superstore_groups_lines_and_returns_whole_orders():
    folder = real("superstore_cn")
    made = {}
    for name in ("orders_gbk.csv", "orders_utf8.csv"):
        records, faults = run(
            [folder / name, folder / "people_gbk.csv", folder / "returns_gbk.csv"], "superstore_cn", "CNY"
        )
        assert not faults
        made[name] = [(entity, r.values, r.rows) for entity in records for r in records[entity]]
    assert made["orders_gbk.csv"] == made["orders_utf8.csv"]
    lines = rows_of(folder / "orders_utf8.csv")
    groups = defaultdict(list)
    for row in lines:
        groups[row["订单 ID"], row["客户 ID"], row["订单日期"]].append(row)
    owner = {row["地区"]: row["地区经理"] for row in rows_of(folder / "people_gbk.csv", "gb18030")}
    expected = {
        "/".join(key): (
            int(sum(Decimal(row["销售额"]) * 100 for row in rows).quantize(Decimal(1), ROUND_HALF_UP)),
            owner[rows[0]["地区"]],
            len(rows),
        )
        for key, rows in groups.items()
    }
    ours = {
        r.values["deal_no"]: (r.values["amount"], r.values["owner"], len(r.values["lines"])) for r in records["deals"]
    }
    assert ours == expected
    assert len(ours) == 4_985
    for record in records["deals"]:
        assert sum(line["amount"] for line in record.values["lines"]) == record.values["amount"]
    returned = {row["订单 ID"] for row in rows_of(folder / "returns_gbk.csv", "gb18030")}
    shipped = {"/".join(key): rows[0]["发货日期"] for key, rows in groups.items()}
    assert {(r.values["deal"], r.values["amount"], r.values["on"].isoformat()) for r in records["returns"]} == {
        (number, amount, shipped[number])
        for number, (amount, _, _) in expected.items()
        if number.split("/")[0] in returned
    }
    assert len(records["returns"]) == 553
    assert sum(len(record.rows) for record in records["returns"]) == 296
    assert len(records["products"]) == len({(row["产品 ID"], row["产品名称"]) for row in lines})


def test_superstore_counts_a_second_copy_as_duplicates():
    folder = real("superstore_cn")
    records, faults = run([folder], "superstore_cn", "CNY")
    assert len(records["deals"]) == 4_985
    assert {(fault.file, fault.level) for fault in faults} == {("orders_utf8.csv", "duplicate")}
    assert len(faults) == 10_000


def test_receivables_read_month_first():
    folder = real("receivables")
    records, faults = run([folder], "receivables")
    assert not faults

    def iso(text):
        month, day, year = text.split("/")
        return f"{year}-{int(month):02d}-{int(day):02d}"

    source = rows_of(folder / "invoices.csv")
    assert [
        (
            v["invoice_no"],
            v["invoice_on"].isoformat(),
            v["due_on"].isoformat(),
            v["received_on"].isoformat(),
            v["due_amount"],
        )
        for v in (record.values for record in records["collections"])
    ] == [
        (r["invoiceNumber"], iso(r["InvoiceDate"]), iso(r["DueDate"]), iso(r["SettledDate"]), cents(r["InvoiceAmount"]))
        for r in source
    ]
    assert len(records["customers"]) == len({row["customerID"] for row in source})


def test_a_preset_works_on_other_names_and_numbers():
    teams = b"sales_agent,manager,regional_office\nA One,M Boss,North\n"
    pipeline = (
        b"opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        b"X1,A One,Thing,Shop,Won,2020-01-02,2020-02-03,12.34\nX2,A One,Thing,,Engaging,2020-01-02,,\n"
    )
    records, faults = run([("sales_teams_2020.csv", teams), ("my_pipeline.csv", pipeline)], "crm_opportunities")
    assert not faults
    assert [record.values["team"] for record in records["people"]] == ["North/M Boss", "North/M Boss"]
    assert [record.values["amount"] for record in records["deals"]] == [1_234, None]


def test_a_file_that_is_not_of_the_preset_is_refused():
    _, faults = run([("x.csv", b"a,b\n1,2\n")], "receivables")
    assert [(fault.row, fault.code) for fault in faults] == [(None, "unknown_preset_file")]


def test_lines_of_one_deal_number_are_grouped():
    text = (
        "商机编号,行号,客户,负责人,产品,数量,成交额,成交日期\n"
        "D1,1,海川,王敏,甲,1,10.01,2026-03-05\nD2,1,远航,王敏,甲,1,5,2026-03-05\nD1,2,海川,王敏,乙,2,20.02,2026-03-05\n"
    ).encode()
    records, faults = run([("a.csv", text)], "deals", "CNY")
    assert not faults
    deals = {record.values["deal_no"]: record for record in records["deals"]}
    assert (deals["D1"].values["amount"], deals["D1"].rows) == (3_003, (2, 4))
    assert [line["product"] for line in deals["D1"].values["lines"]] == ["甲", "乙"]
    wrong = text.replace(b"D1,2,\xe6\xb5\xb7\xe5\xb7\x9d", b"D1,2,\xe8\xbf\x9c\xe8\x88\xaa")
    _, faults = run([("a.csv", wrong)], "deals", "CNY")
    assert [(fault.row, fault.column, fault.value, fault.code) for fault in faults] == [
        (4, "客户", "远航", "group_differs"),
        (2, "商机编号", "D1", "group_incomplete"),
    ]


def test_a_deal_number_twice_without_lines_is_refused():
    text = "商机编号,客户,成交额,成交日期\nD1,海川,1,2026-03-05\nD1,远航,2,2026-03-06\n".encode()
    records, faults = run([("a.csv", text)], "deals", "CNY")
    assert [(fault.row, fault.column, fault.value, fault.code) for fault in faults] == [
        (3, "商机编号", "D1", "duplicate_key")
    ]
    assert len(records["deals"]) == 1


def test_unmapped_columns_are_kept():
    text = "姓名,星座\n王敏,天秤\n".encode()
    records, _ = run([("a.csv", text)], "people", "CNY")
    assert records["people"][0].extra == {"星座": "天秤"}


def test_a_column_in_another_currency_is_refused():
    _, faults = run([("a.csv", "客户,Amount (EUR),成交日期\n海川,1,2026-03-05\n".encode())], "deals", "CNY")
    assert [(fault.row, fault.code) for fault in faults] == [(None, "other_currency")]


def test_every_preset_says_its_rules_in_both_languages():
    for preset in PRESETS.values():
        assert preset.zh
        assert preset.en
        assert preset.generic or preset.rules
        assert all(chinese and english for chinese, english in preset.rules)
