"""The presets named after an entity: any file whose headers can be guessed; several rows of one deal number are its
lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .. import goal_sheets
from ..columns import KINDS
from ..composing import Owners, Returned, composed, is_composed
from ..faults import Fault
from ..grouping import deals
from ..tables import Record, Table, Typed
from .base import FilePlan, Preset

_ZH = {
    "people": "人员",
    "products": "产品",
    "customers": "客户",
    "leads": "线索",
    "deals": "商机与成交",
    "returns": "退货与退款",
    "activities": "跟进活动",
    "collections": "应收与回款",
    "goals": "目标",
}
_EN = {
    "people": "People",
    "products": "Products",
    "customers": "Customers",
    "leads": "Leads",
    "deals": "Deals",
    "returns": "Returns and refunds",
    "activities": "Activities",
    "collections": "Receivables and receipts",
    "goals": "Goals",
}


def plain(table: Table) -> Iterator[Record | Fault]:
    """One record a row."""
    for item in table.rows():
        if isinstance(item, Typed):
            if "team+region" in item.values:
                item.values["team"] = item.values["region"] = item.values.pop("team+region")
            yield Record(table.entity, table.file, item.row, item.values, item.extra, item.raw, (item.row,))
        else:
            yield item


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """Every table by its entity, in the order in which records refer to each other."""
    owners, returned = Owners(), Returned()
    for entity in KINDS:
        for table in tables.get(entity, []):
            if entity == "people":
                yield from owners.seen(plain(table))
            elif entity == "deals":
                found = composed(table, owners) if is_composed(table) else deals(table)
                yield from returned.seen(table, found) if "returns" in tables else found
            elif entity == "returns":
                yield from returned.records(table)
            elif entity == "goals":
                yield from goal_sheets.rows(table)
            else:
                yield from plain(table)


PRESETS = tuple(
    Preset(
        name=entity,
        zh=_ZH[entity],
        en=_EN[entity],
        files=(FilePlan(entity, ("*",), entity),),
        shape=shape,
        generic=True,
    )
    for entity in KINDS
)
