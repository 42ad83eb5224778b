"""The AdventureWorks sales layout: sales people, orders as won deals, quotas and monthly targets as goals."""

# Declarations are read as tables, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pacesetter.lib.periods import period_of

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
    FilePlan("quotas", ("quota*",), "goals", {"person_id": "person", "period_start": "valid_from", "amount": "target"},
             headers=("person_id", "period_start", "amount"), orders={"*": "ymd"}, given=frozenset(["metric"])),
    FilePlan("targets", ("target*",), "goals", {"nid": "person", "month_start": "valid_from", "target": "target"},
             headers=("nid", "month_start", "target"), orders={"*": "ymd"}, given=frozenset(["metric"])),
)  # fmt: skip


def _person(key: str | None) -> str | None:
    """Person ids and employee numbers are both small numbers: a prefix keeps one from being taken for the other."""
    return f"person-{key}" if key else None


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """Managers and their people, customers by their number, orders as won deals, quotas and targets as goals."""
    staff = Staff()
    for table in tables.get("people", []):
        yield from _people(table, staff)
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
    for table in tables.get("quotas", []):
        yield from _goals(table, "quarter", {key: key for key in staff.teams}, staff)
    for table in tables.get("targets", []):
        yield from _goals(table, "month", staff.numbers, staff)


@dataclass
class Staff:
    """The people file: the team of everybody who leads (None for others), and whose national number is whose."""

    teams: dict[str, str | None] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


def _goals(table: Table, kind: str, known: Mapping[str, str], staff: Staff) -> Iterator[Record | Fault]:
    """Goals of the quarter or month in which a row's day lies. A leader's monthly target is the team's.

    Rows of somebody whom the people file does not name are told one by one and left out.
    """
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            continue
        values = item.values
        wrong = [name for name in ("person", "valid_from", "target") if values[name] is None]
        if wrong:
            yield from (Fault(table.file, item.row, header_of(table, name), "", "required") for name in wrong)
            continue
        key = known.get(values["person"])
        if key is None:
            who = values["person"]
            place = (table.file, item.row, header_of(table, "person"), who, "outside_people", {"who": who})
            yield Fault(*place, level="ignored")
            yield Fault(*place, level="warning")
            continue
        team = staff.teams[key] if kind == "month" else None
        whose = {"team": team} if team else {"person": _person(key)}
        period = period_of(values["valid_from"], kind).label
        # a leader's target is not the sum of the others' targets: no goal serves another here
        made = {"metric": "won_amount", **whose, "period": period, "target": values["target"], "above": "none"}
        yield Record("goals", table.file, item.row, made, item.extra, item.raw, (item.row,))


def _people(table: Table, staff: Staff) -> Iterator[Record | Fault]:
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
        staff.teams[key] = team.replace("/", " ") if leader and team else None
        if row.extra.get("nid"):
            staff.numbers[row.extra["nid"]] = key
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
    zh="AdventureWorks 销售人员、订单与目标",
    en="AdventureWorks sales people, orders and goals",
    files=FILES,
    settings={"currency": "USD", "fiscal_start_month": 7},
    rules=(
        ("订单按 date_2017 成交，金额为 net，每单四舍五入到分；原文保留。",
         "An order is won on date_2017; its amount is net, rounded half-up to the cent per order; the original text is kept."),
        ("定额是个人在 period_start 所在自然季度的成交额目标；月目标按 nid 找人，主管的月目标是团队目标。",
         "A quota is the person's goal on won amount for the calendar quarter of period_start; monthly targets find people by nid, and a manager's are the team's."),
        ("人员文件里没有的人，目标逐行列出，不导入；这些目标之间不设上下级。",
         "Targets of somebody whom the people file does not name are listed row by row and left out; none of these goals serves another."),
    ),
    shape=shape,
)  # fmt: skip
