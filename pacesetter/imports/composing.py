"""Deals and their returns as somebody decided on the mapping page: what a built-in preset does for one system, for any.

Rows are one deal where its number and every chosen column agree; amounts are summed exactly and rounded once; customers
and products that are not here yet are made on the way; an owner may be told by the region.

A return names a number. It takes back every deal of that number, whole: the deal with just this number, or all deals
whose number was put together from it and other columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pacesetter.lib import money

from .cells import strip
from .faults import Fault, ValueFault
from .grouping import LINE, grouped, incomplete, one_deal
from .tables import Record, Table, Typed, header_of
from .values import parse_date

# what stands between the parts of a number that several columns make
JOINT = "/"
MADE = {"customers": "customer", "products": "product"}
_WHO = {name: entity for entity, name in MADE.items()}
_LEADERS = ("manager", "director")


def is_composed(table: Table) -> bool:
    """Whether the deals of a table need more than their own rows."""
    options = table.options
    chosen = any("." in found.column.name for found in table.mapping.columns)
    return bool(options.key or options.exact or options.make or options.owner_by or chosen)


class Owners:
    """Who looks after which region: the manager there, or the only person. The batch's people beat those stored."""

    def __init__(self) -> None:
        self.here: dict[str, list[tuple[str, bool]]] = {}

    def seen(self, items: Iterable[Record | Fault]) -> Iterator[Record | Fault]:
        """Pass the people of the batch on, and remember their regions."""
        for item in items:
            if isinstance(item, Record) and item.values.get("region"):
                values = item.values
                who = str(values.get("employee_no") or values.get("name"))
                self.here.setdefault(values["region"], []).append((who, values.get("role") in _LEADERS))
            yield item

    def of(self, region: str, stored: Mapping[str, tuple[str, ...]]) -> Sequence[str]:
        """Those who may be meant; exactly one is an answer."""
        people = self.here.get(region)
        if people is None:
            return stored.get(region, ())
        return [who for who, leads in people if leads] or [who for who, _leads in people]


@dataclass
class _Rows:
    """The typed rows of a table by deal, and what they say of customers and products."""

    deals: dict[tuple[str, ...], list[Typed]] = field(default_factory=dict)
    told: dict[int, dict[str, Any]] = field(default_factory=dict)
    # deal numbers with a wrong row: such deals are taken whole or not at all
    broken: set[str] = field(default_factory=set)


def composed(table: Table, owners: Owners) -> Iterator[Record | Fault]:
    """Customers and products that the deals need, then the deals."""
    rows = _Rows()
    yield from _read(table, owners, rows)
    for entity, name in MADE.items():
        if entity in table.options.make:
            yield from _missing(table, rows, entity, name)
    lines = [name for name in LINE if table.mapping.of(name)]
    for key, group in rows.deals.items():
        if key[0] in rows.broken:
            yield from incomplete(table, group)
        elif len(group) == 1 and not lines:
            deal = one_deal(table, group[0], lines)
            yield _numbered(_rounded(deal), key)
        elif lines or table.options.key:
            for item in grouped(table, group):
                yield _numbered(item, key) if isinstance(item, Record) else item
        else:
            header = header_of(table, "deal_no")
            for row in group[1:]:
                yield Fault(
                    table.file, row.row, header, key[0], "duplicate_key", {"row": group[0].row, "column": header}
                )
            yield _numbered(_rounded(one_deal(table, group[0], lines)), key)


def _read(table: Table, owners: Owners, rows: _Rows) -> Iterator[Fault]:
    wrong: set[int] = set()
    parts = [header for header in table.options.key if header != _header(table, "deal_no")]
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            if item.row is not None and item.level == "error":
                wrong.add(item.row)
            continue
        faults: list[Fault] = []
        key = tuple(_part(table, item, header, faults) for header in parts)
        number = item.values.get("deal_no")
        if number is None and parts:
            faults.append(Fault(table.file, item.row, header_of(table, "deal_no"), "", "required"))
        if table.options.owner_by == "region" and item.values.get("owner"):
            _by_region(table, item, owners, faults)
        if faults:
            wrong.add(item.row)
            yield from faults
            continue
        _set_apart(table, item, rows)
        rows.deals.setdefault((number, *key) if number is not None else ("", str(item.row)), []).append(item)
    place = table.mapping.of("deal_no")
    if wrong and place is not None:
        rows.broken = {
            strip(row.cells[place.index]) for row in table.sheet.rows()
            if row.number in wrong and place.index < len(row.cells)
        } - {""}  # fmt: skip


def _header(table: Table, name: str) -> str:
    found = table.mapping.of(name)
    return found.header if found else ""


def _part(table: Table, item: Typed, header: str, faults: list[Fault]) -> str:
    """One part of the number: dates as 2026-03-05 however the file writes them."""
    found = next((mapped for mapped in table.mapping.columns if mapped.header == header), None)
    value = item.extra.get(header) if found is None else item.values.get(found.column.name)
    if value in (None, ""):
        faults.append(Fault(table.file, item.row, header, "", "required"))
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _by_region(table: Table, item: Typed, owners: Owners, faults: list[Fault]) -> None:
    region = item.values["owner"]
    people = owners.of(region, table.options.regions)
    if len(people) == 1:
        item.values["owner"] = people[0]
        return
    params = {"people": "、".join(people[:5])} if people else {}
    code = "owner_unclear" if people else "owner_unknown"
    faults.append(Fault(table.file, item.row, header_of(table, "owner"), region, code, params))


def _set_apart(table: Table, item: Typed, rows: _Rows) -> None:
    """What a row says of its customer and product is not the deal's; kept with it where nothing is made on the way."""
    for name in [name for name in item.values if "." in name]:
        value = item.values.pop(name)
        if value is None:
            continue
        if _WHO.get(name.partition(".")[0]) in table.options.make:
            rows.told.setdefault(item.row, {})[name] = value
        else:
            item.extra[header_of(table, name)] = str(value)


def _missing(table: Table, rows: _Rows, entity: str, name: str) -> Iterator[Record]:
    """One record for every customer (product) that the deals name; `only_new`: one that is here stays as it is."""
    made: dict[str, Record] = {}
    for key, group in rows.deals.items():
        if key[0] in rows.broken:
            continue
        for row in group:
            word = row.values.get(name)
            if word is None:
                continue
            known = made.get(word)
            if known is None:
                told = rows.told.get(row.row, {})
                values = {inner.partition(".")[2]: value for inner, value in told.items() if inner.startswith(name)}
                if "name" in values:
                    values["code"] = word
                values = {"name": word, "only_new": word} | values
                known = made[word] = Record(entity, table.file, row.row, values)
            day = row.values.get("opened_on") or row.values.get("closed_on")
            if name == "customer" and day is not None:
                known.values["created_on"] = min(day, known.values.get("created_on") or day)
    yield from made.values()


def _numbered(deal: Record, key: tuple[str, ...]) -> Record:
    if len(key) > 1 and key[0]:
        deal.values["deal_no"] = JOINT.join(key)
    return deal


def _rounded(deal: Record) -> Record:
    """An amount that was kept exact, rounded half-up once; the file's own text stays with the deal."""
    amount = deal.values.get("amount")
    if amount is not None and not isinstance(amount, int):
        deal.values["amount"] = money.round_half_up(amount)
    return deal


# --- returns ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Sold:
    """A deal of the batch that a return may take back."""

    number: str
    amount: int
    closed_on: date
    table: Table
    deal: Record


class Returned:
    """The deals of a batch by number, and the returns that name them."""

    def __init__(self) -> None:
        self.sold: dict[str, list[_Sold]] = {}
        self.rows: dict[str, int] = {}

    def seen(self, table: Table, items: Iterable[Record | Fault]) -> Iterator[Record | Fault]:
        """Pass the deals on, and remember those that are won."""
        for item in items:
            if isinstance(item, Record) and item.entity == "deals":
                values = item.values
                number = values.get("deal_no")
                if number and values.get("stage") == "won" and values.get("amount") is not None and values["closed_on"]:
                    sold = _Sold(number, values["amount"], values["closed_on"], table, item)
                    for name in prefixes(number):
                        self.sold.setdefault(name, []).append(sold)
            yield item

    def records(self, table: Table) -> Iterator[Record | Fault]:
        """The returns of a table; numbers that the batch does not hold are looked for among the stored deals."""
        header = header_of(table, "deal_no")
        for item in table.rows():
            if isinstance(item, Fault):
                yield item
                continue
            values = item.values
            number = values["deal_no"]
            mark = repr([number, values.get("external_id"), values.get("on"), values.get("amount")])
            if mark in self.rows:
                params = {"row": self.rows[mark], "column": header}
                yield Fault(table.file, item.row, header, number, "duplicate_key", params, "duplicate")
                continue
            self.rows[mark] = item.row
            found = self.sold.get(number, [])
            found = [sold for sold in found if sold.number == number] or found
            if values.get("amount") is not None and len(found) > 1:
                params = {"count": len(found)}
                yield Fault(table.file, item.row, header, number, "return_of_several", params)
                continue
            yield from self._of(table, item, found)

    def _of(self, table: Table, item: Typed, found: Sequence[_Sold]) -> Iterator[Record | Fault]:
        values, source = item.values, table.options.day_from
        kind = values.get("kind") or "return"
        given = {"kind": kind, "amount": values.get("amount"), "reason": values.get("reason") or ""}
        days: list[date] = []
        try:
            days = [values.get("on") or (_day(sold, source) if source else sold.closed_on) for sold in found]
        except ValueFault as fault:
            yield Fault(table.file, item.row, source, item.values["deal_no"], fault.code, fault.params)
            return
        for place, (sold, day) in enumerate(zip(found, days, strict=True)):
            yield Record(
                "returns", table.file, item.row,
                {
                    **given, "deal": sold.number, "on": day, "external_id": return_key(sold.number, values),
                    "amount": sold.amount if values.get("amount") is None else values["amount"],
                },
                rows=(item.row,) if place == 0 else (),
            )  # fmt: skip
        stored = {
            **given, "number": values["deal_no"], "on": values.get("on"), "external_id": values.get("external_id"),
            "day_from": source, "besides": frozenset(sold.number for sold in found),
        }  # fmt: skip
        if not any(sold.number == values["deal_no"] for sold in found):
            yield Record("returns", table.file, item.row, stored, rows=() if found else (item.row,))


def prefixes(number: str) -> Iterator[str]:
    """A number and what it may have been put together from: a/b/c → a, a/b, a/b/c."""
    parts = number.split(JOINT)
    for end in range(1, len(parts) + 1):
        yield JOINT.join(parts[:end])


def return_key(number: str, values: Mapping[str, Any]) -> str:
    """What a return of a deal is known by: its own key, else its deal, with day and amount if the file tells them."""
    own = values.get("external_id")
    told = [str(values[name]) for name in ("on", "amount") if values.get(name) is not None]
    return " ".join(["return", *([own] if own else []), number, *([] if own else told)])


def _day(sold: _Sold, header: str) -> date:
    """The day of a return where only the order tells it."""
    found = next((mapped for mapped in sold.table.mapping.columns if mapped.header == header), None)
    value = sold.deal.values.get(found.column.name) if found is not None else None
    return value if isinstance(value, date) else day_of(sold.deal.extra, header)


def day_of(extra: Mapping[str, str], header: str) -> date:
    """The first day that an unmapped column of a deal holds."""
    first = str(extra.get(header, "")).partition("; ")[0]
    if not first:
        raise ValueFault("return_not_dated", column=header)
    return parse_date(first)


__all__ = ["Owners", "Returned", "composed", "day_of", "is_composed", "prefixes",
           "return_key"]  # fmt: skip
