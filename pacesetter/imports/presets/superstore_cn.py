"""The Chinese superstore layout: order lines, regional managers, returned orders."""

# Declarations are read as tables, however wide.
# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from ..faults import Fault, ValueFault, shown
from ..grouping import group
from ..tables import Record, Table, Typed, exact_minor, header_of
from ..values import parse_date
from .base import FilePlan, Preset

_ORDER, _DAY, _SHIPPED, _BUYER, _BUYER_NAME = "订单 ID", "订单日期", "发货日期", "客户 ID", "客户名称"
_PRODUCT, _PRODUCT_NAME, _CATEGORY, _REGION, _PROFIT = "产品 ID", "产品名称", "类别", "地区", "利润"

FILES = (
    FilePlan("people", ("people*", "*人员*", "*销售人员*"), "people", {_REGION: "region", "地区经理": "name"}, headers=(_REGION, "地区经理")),
    FilePlan("orders", ("orders*", "*订单*"), "deals",
             {"行 ID": "line_key", _ORDER: "deal_no", _DAY: "closed_on", _BUYER: "customer", _PRODUCT: "product",
              "销售额": "amount", "数量": "quantity", "折扣": "discount"},
             headers=(_ORDER, _DAY, _BUYER, "销售额"), exact=frozenset(["amount"]), percent={"discount": "ratio"}, needed=True),
    FilePlan("returns", ("returns*", "*退货*", "*退回*"), "returns", {_ORDER: "deal_no"}, headers=(_ORDER, "退回")),
)  # fmt: skip
_NEEDED = ("deal_no", "closed_on", "customer", "product", "amount")


def shape(tables: Mapping[str, list[Table]]) -> Iterator[Record | Fault]:
    """Managers, products and customers, orders as deals by (order, customer, day), returns of whole deals."""
    owners: dict[str, str] = {}
    for table in tables.get("people", []):
        yield from _people(table, owners)
    orders: dict[tuple[str, str, date], list[Typed]] = {}
    first: dict[tuple[str, str, date], Table] = {}
    products: set[str] = set()
    codes: set[str] = set()
    customers: dict[str, Record] = {}
    goods: list[Record] = []
    faults: list[Fault] = []
    lines: dict[str, tuple[str, str, int]] = {}
    for table in tables.get("orders", []):
        for item in table.rows():
            wrong = item if isinstance(item, Fault) else _missing(table, item) or _twice(table, item, lines)
            if wrong:
                faults.append(wrong)
                continue
            assert isinstance(item, Typed)
            key = (item.values["deal_no"], item.values["customer"], item.values["closed_on"])
            fault = _complete(table, item)
            if fault:
                faults.append(fault)
                continue
            first.setdefault(key, table)
            orders.setdefault(key, []).append(item)
            product = item.values["product"]
            if product not in products:
                products.add(product)
                goods.append(_product(table, item, codes))
            known = customers.get(key[1])
            if known is None or key[2] < known.values["created_on"]:
                customers[key[1]] = _customer(table, item)
    yield from goods
    yield from customers.values()
    yield from faults
    made: dict[str, list[tuple[Record, date]]] = {}
    for key, rows in orders.items():
        table = first[key]
        region = rows[0].extra.get(_REGION, "")
        if owners and region not in owners:
            yield Fault(table.file, rows[0].row, _REGION, region, "owner_unknown")
            continue
        number = "/".join([key[0], key[1], key[2].isoformat()])
        record = group(
            table.file, rows,
            {"deal_no": number, "external_id": number, "owner": owners.get(region), "stage": "won", "name": key[0]},
        )  # fmt: skip
        made.setdefault(key[0], []).append((record, parse_date(rows[0].extra[_SHIPPED])))
        yield record
    for table in tables.get("returns", []):
        yield from _returns(table, made)


def _people(table: Table, owners: dict[str, str]) -> Iterator[Record | Fault]:
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            continue
        values = item.values
        if values["region"]:
            owners[values["region"]] = values["name"]
        values |= {"role": "manager", "team": values["region"], "external_id": values["name"]}
        yield Record("people", table.file, item.row, values, item.extra, rows=(item.row,))


def _missing(table: Table, item: Typed) -> Fault | None:
    for name in _NEEDED:
        if item.values[name] is None:
            return Fault(table.file, item.row, header_of(table, name), "", "required")
    return None


def _twice(table: Table, item: Typed, lines: dict[str, tuple[str, str, int]]) -> Fault | None:
    """A line number that came before: the same line again (a second copy of the file), or two lines with one number."""
    key = item.values["line_key"]
    if key is None:
        return None
    mark = repr((sorted(item.values.items(), key=lambda pair: pair[0]), item.extra))
    known = lines.setdefault(key, (mark, table.file, item.row))
    if known[1:] == (table.file, item.row):
        return None
    header = header_of(table, "line_key")
    params = {"row": known[2], "column": header}
    same = known[0] == mark and known[1] != table.file
    return Fault(table.file, item.row, header, key, "duplicate_key", params, "duplicate" if same else "error")


def _complete(table: Table, item: Typed) -> Fault | None:
    """Read what the canonical columns do not hold: shipping day, and the cost that sales and profit imply."""
    try:
        parse_date(item.extra.get(_SHIPPED, ""))
    except ValueFault as fault:
        return Fault(table.file, item.row, _SHIPPED, shown(item.extra.get(_SHIPPED, "")), fault.code, fault.params)
    profit = item.extra.get(_PROFIT)
    try:
        earned: Fraction | None = exact_minor(profit, table.options.currency) if profit else None
    except ValueFault as fault:
        return Fault(table.file, item.row, _PROFIT, shown(profit or ""), fault.code, fault.params)
    item.values["cost"] = item.values["amount"] - earned if earned is not None else None
    # one product number stands for two products in places: only number and name together are one product
    item.values["product"] = f"{item.values['product']} {item.extra.get(_PRODUCT_NAME, '')}".strip()
    return None


def _product(table: Table, item: Typed, codes: set[str]) -> Record:
    """One product by number and name; only the first name of a number has the number as its code."""
    name = item.extra.get(_PRODUCT_NAME, "")
    key = item.values["product"]
    number = key.removesuffix(name).strip() or key
    code = None if number in codes else number
    codes.add(number)
    values = {"code": code, "name": name or number, "category": item.extra.get(_CATEGORY), "external_id": key}
    return Record("products", table.file, item.row, values)


def _customer(table: Table, item: Typed) -> Record:
    key = item.values["customer"]
    values = {
        "code": key,
        "name": item.extra.get(_BUYER_NAME) or key,
        "region": item.extra.get(_REGION),
        "size": item.extra.get("细分"),
        "created_on": item.values["closed_on"],
        "external_id": key,
    }
    return Record("customers", table.file, item.row, values)


def _returns(table: Table, made: dict[str, list[tuple[Record, date]]]) -> Iterator[Record | Fault]:
    """A returned order number takes back every deal of that number, whole, on the day it was shipped: the file has no
    day.
    """
    seen: dict[str, int] = {}
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            continue
        number = item.values["deal_no"]
        header = header_of(table, "deal_no")
        if number is None:
            yield Fault(table.file, item.row, header, "", "required")
        elif number in seen:
            params = {"row": seen[number], "column": header}
            yield Fault(table.file, item.row, header, number, "duplicate_key", params, "duplicate")
        elif number not in made:
            yield Fault(table.file, item.row, header, number, "unknown_return")
        else:
            seen[number] = item.row
            for place, (deal, shipped) in enumerate(made[number]):
                values = {
                    "deal": deal.values["deal_no"],
                    "kind": "return",
                    "on": shipped,
                    "amount": deal.values["amount"],
                    "external_id": f"return {deal.values['deal_no']}",
                }
                yield Record("returns", table.file, item.row, values, rows=(item.row,) if place == 0 else ())


PRESET = Preset(
    name="superstore_cn",
    zh="超市订单明细（订单、人员、退货）",
    en="Superstore order lines (orders, people, returns)",
    files=FILES,
    settings={"currency": "CNY", "fiscal_start_month": 1},
    rules=(
        ("订单编号、客户、订单日期都相同的行合成一单，合计后四舍五入到分。",
         "Lines with the same order number, customer and date make one deal; their sum is rounded half-up to the cent."),
        ("一个退货订单编号对应多单时，该编号下的每一单都整单退回，日期取发货日期（文件里没有退货日期）。",
         "A returned order number that matches several deals returns each of them whole, dated by its ship date (the file holds no return date)."),
        ("成本 = 销售额 − 利润；地区经理为负责人。", "Cost = sales − profit; the regional manager is the owner."),
    ),
    shape=shape,
)  # fmt: skip
