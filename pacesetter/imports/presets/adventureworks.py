"""The AdventureWorks sales layout: sales people, orders as won deals; quotas and targets are recognised for later."""

# Declarations are read as tables, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..faults import Fault
from ..grouping import default_stage
from ..tables import Record, Table, Typed, header_of
from .base import FilePlan, Preset

FILES = (
    FilePlan("people", ("person*",), "people",
             {"person_id": "external_id", "employee_key": "employee_no", "nm": "name", "title": "title", "manager_id": "manager",
              "hire": "hire_on", "territory_id": "region"},
             headers=("person_id", "employee_key", "nm"), orders={"*": "ymd"}, needed=True),
    FilePlan("orders", ("ord*",), "deals",
             {"SalesOrderID": "deal_no", "person_id": "owner", "customer_id": "customer", "date_2017": "closed_on", "net": "amount"},
             headers=("SalesOrderID", "date_2017", "net"), orders={"*": "ymd"}, half_up=frozenset(["amount"])),
    FilePlan("quotas", ("quota*",), "goals", {}, ignored="not_in_this_release"),
    FilePlan("targets", ("target*",), "goals", {}, ignored="not_in_this_release"),
)  # fmt: skip


def _person(key: str | None) -> str | None:
    """Person ids and employee numbers are both small numbers: a prefix keeps one from being taken for the other."""
    return f"person-{key}" if key else None


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """Managers and their people, customers by their number, orders as won deals."""
    for table in tables.get("people", []):
        yield from _people(table)
    customers: set[str] = set()
    for table in tables.get("orders", []):
        found: list[Record | Fault] = []
        for item in table.rows():
            if isinstance(item, Fault):
                found.append(item)
                continue
            values = item.values
            wrong = [name for name in ("owner", "customer", "closed_on", "amount") if values[name] is None]
            if wrong:
                found.extend(Fault(table.file, item.row, header_of(table, name), "", "required") for name in wrong)
                continue
            key = values["customer"]
            if key not in customers:
                customers.add(key)
                made = {"code": key, "name": f"Customer {key}", "external_id": key}
                yield Record("customers", table.file, item.row, made)
            values |= {"owner": _person(values["owner"]), "external_id": values["deal_no"]}
            default_stage(values)
            found.append(Record("deals", table.file, item.row, values, item.extra, item.raw, (item.row,)))
        yield from found


def _people(table: Table) -> Iterator[Record | Fault]:
    rows: list[Typed] = []
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
        else:
            rows.append(item)
    names = {row.values["external_id"]: row.values["name"] for row in rows}
    leads = {row.values["manager"] for row in rows if row.values["manager"]}
    # who leads others comes first, so that a manager is known before their people
    for row in sorted(rows, key=lambda row: (row.values["external_id"] not in leads, row.row)):
        values = dict(row.values)
        key, manager = values["external_id"], values["manager"]
        leader = key in leads
        team = names[key] if leader else names.get(manager or "")
        territory = values["region"]
        values |= {
            "external_id": _person(key),
            "manager": _person(manager),
            "role": "manager" if leader else "rep",
            "team": team.replace("/", " ") if team else None,
            "region": f"Territory {territory}" if territory else None,
        }
        yield Record("people", table.file, row.row, values, row.extra, rows=(row.row,))


PRESET = Preset(
    name="adventureworks",
    zh="AdventureWorks 销售人员与订单",
    en="AdventureWorks sales people and orders",
    files=FILES,
    settings={"currency": "USD", "fiscal_start_month": 7},
    rules=(
        ("订单按 date_2017 成交，金额为 net，每单四舍五入到分；原文保留。",
         "An order is won on date_2017; its amount is net, rounded half-up to the cent per order; the original text is kept."),
        ("定额和月目标先不导入，随目标模块一起导入。", "Quotas and monthly targets are left for the goals module."),
    ),
    shape=shape,
)  # fmt: skip
