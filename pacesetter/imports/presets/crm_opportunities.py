"""The "CRM Sales Opportunities" layout: agents with their manager and office, products, accounts, and a sales
pipeline.
"""

# Declarations are read as tables, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..faults import Fault
from ..grouping import deals
from ..tables import Record, Table, Typed
from .base import FilePlan, Preset

_AGENT = "sales_agent"

FILES = (
    FilePlan("agents", ("*sales_teams*",), "people", {_AGENT: "name", "manager": "manager", "regional_office": "region"},
             headers=(_AGENT, "manager", "regional_office"), needed=True),
    FilePlan("products", ("*products*",), "products", {"product": "name", "series": "category", "sales_price": "list_price"},
             headers=("product", "sales_price")),
    FilePlan("accounts", ("*accounts*",), "customers",
             {"account": "name", "sector": "industry", "office_location": "region", "employees": "size", "subsidiary_of": "parent"},
             headers=("account", "sector"),
             texts={"industry": {"technolgy": "technology"}, "region": {"Philipines": "Philippines"}}),
    FilePlan("pipeline", ("*pipeline*",), "deals",
             {"opportunity_id": "deal_no", _AGENT: "owner", "product": "product", "account": "customer", "deal_stage": "stage",
              "engage_date": "opened_on", "close_date": "closed_on", "close_value": "amount"},
             headers=("opportunity_id", "deal_stage"),
             texts={"product": {"GTXPro": "GTX Pro"}},
             words={"stage": {"Prospecting": "prospect", "Engaging": "intent", "Won": "won", "Lost": "lost"}}),
    FilePlan("dictionary", ("*data_dictionary*",), "products", {}, ignored="preset_ignores"),
)  # fmt: skip


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """People with a team per manager under their office, products, customers, then the pipeline."""
    agents: dict[str, tuple[str, int]] = {}
    for table in tables.get("agents", []):
        yield from _people(table, agents)
    for table in tables.get("products", []):
        for item in table.rows():
            yield _named(table, item)
    for table in tables.get("accounts", []):
        yield from _parents_first(table)
    busy: set[str] = set()
    for table in tables.get("pipeline", []):
        for found in deals(table):
            if isinstance(found, Record):
                busy.add(found.values.get("owner") or "")
                found.values["external_id"] = found.values["deal_no"]
            yield found
    if tables.get("pipeline"):
        for name, (file, row) in agents.items():
            if name not in busy:
                yield Fault(file, row, _AGENT, name, "no_deals", level="warning")


def _people(table: Table, agents: dict[str, tuple[str, int]]) -> Iterator[Record | Fault]:
    managers: set[str] = set()
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            continue
        values = item.values
        manager, office = values.get("manager"), values.get("region")
        team = "/".join(part.replace("/", " ") for part in (office, manager) if part)
        if manager and manager not in managers:
            managers.add(manager)
            made = {"name": manager, "role": "manager", "region": office, "team": team, "external_id": manager}
            yield Record("people", table.file, item.row, made)
        agents[values["name"]] = (table.file, item.row)
        values |= {"role": "rep", "team": team or None, "external_id": values["name"]}
        yield Record("people", table.file, item.row, values, item.extra, rows=(item.row,))


def _named(table: Table, item: Typed | Fault) -> Record | Fault:
    if isinstance(item, Fault):
        return item
    item.values["external_id"] = item.values["name"]
    return Record(table.entity, table.file, item.row, item.values, item.extra, rows=(item.row,))


def _parents_first(table: Table) -> Iterator[Record | Fault]:
    """A parent account may stand below its subsidiary: it comes first all the same."""
    waiting: list[Record] = []
    given: set[str] = set()
    for item in table.rows():
        found = _named(table, item)
        if isinstance(found, Fault):
            yield found
        elif found.values.get("parent") is None:
            given.add(found.values["name"])
            yield found
        else:
            waiting.append(found)
    while waiting:
        ready = [record for record in waiting if record.values["parent"] in given] or waiting
        for record in ready:
            given.add(record.values["name"])
            yield record
        waiting = [record for record in waiting if record not in ready]


PRESET = Preset(
    name="crm_opportunities",
    zh="CRM 商机导出（人员、产品、客户、销售管道）",
    en="CRM opportunities (agents, products, accounts, pipeline)",
    files=FILES,
    settings={"currency": "USD", "fiscal_start_month": 1},
    rules=(
        ("主管成为人员，每位主管一个团队，归在区域办公室下。", "Managers become people, each with a team under the regional office."),
        ("没有客户的进行中商机照收；输单金额为 0，未关闭的金额为未知。",
         "Open opportunities without an account are kept; lost ones count 0, open ones have no amount yet."),
        ("客户归进行中商机的负责人，都是一人时；否则归最近一天商机的负责人，也只有一人时。其余的客户没有负责人。",
         "A customer belongs to whoever owns its open deals, if that is one person; else its deals of the latest day, likewise; else to nobody."),
        ("产品名 GTXPro 按 GTX Pro 处理，行业和国家的错字改正。", "GTXPro is read as GTX Pro; misspelt sector and country are corrected."),
    ),
    shape=shape,
)  # fmt: skip
