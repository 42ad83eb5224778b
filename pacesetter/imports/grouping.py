"""Rows of one deal become one deal with lines, whose amounts sum to the deal's amount exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from pacesetter.lib import money

from .columns import DEALS
from .faults import Fault, ValueFault
from .tables import Record, Table, Typed, decimal_text, header_of

LINE = tuple(column.name for column in DEALS if column.line)
_NOT_HEADER = frozenset([*LINE, "amount", "note", "external_id"])


def deals(table: Table) -> Iterator[Record | Fault]:
    """Deals of a table: rows that share a deal number are its lines where the file has line columns, else a fault."""
    lines = [name for name in LINE if table.mapping.of(name)]
    twice = _repeated(table)
    waiting: dict[str, list[Typed]] = {}
    for item in table.rows():
        if isinstance(item, Fault):
            yield item
            continue
        number = item.values.get("deal_no")
        if number is not None and number in twice:
            waiting.setdefault(number, []).append(item)
            continue
        yield one_deal(table, item, lines)
    for number, rows in waiting.items():
        if lines and len(rows) < twice[number]:
            # another row of it has a fault of its own: without that line the deal would not be what it is
            yield from incomplete(table, rows)
        elif len(rows) == 1:
            yield one_deal(table, rows[0], lines)
        elif lines:
            yield from grouped(table, rows)
        else:
            yield one_deal(table, rows[0], lines)
            header = header_of(table, "deal_no")
            for row in rows[1:]:
                params = {"row": rows[0].row, "column": header}
                yield Fault(table.file, row.row, header, number, "duplicate_key", params)


def incomplete(table: Table, rows: Sequence[Typed]) -> Iterator[Fault]:
    """Every row of a deal that cannot be taken whole."""
    header = header_of(table, "deal_no")
    for row in rows:
        yield Fault(table.file, row.row, header, str(row.values["deal_no"]), "group_incomplete")


def _repeated(table: Table) -> dict[str, int]:
    """Deal numbers that stand in several rows, with how many. Looks at the cells only, which is fast."""
    found = table.mapping.of("deal_no")
    seen: set[int] = set()
    twice: dict[str, int] = {}
    if found is None:
        return twice
    place, last = found.index, table.sheet.header.last_row
    for number, cells in table.sheet.source.records():
        if number <= last or isinstance(cells, ValueFault) or place >= len(cells) or not cells[place]:
            continue
        text = str(cells[place]).strip()
        mark = hash(text)
        if mark in seen:
            twice[text] = twice.get(text, 1) + 1
        else:
            seen.add(mark)
    return twice


def one_deal(table: Table, item: Typed, lines: Sequence[str]) -> Record:
    """A deal of one row, with one line if the row has anything of a line."""
    values = item.values
    line = {name: values.pop(name) for name in lines}
    line.pop("line_key", None)
    amount = values.get("amount")
    if amount is None and line.get("quantity") is not None and line.get("unit_price") is not None:
        keep = 1 - (line.get("discount") or Fraction(0))
        values["amount"] = amount = money.round_half_up(Fraction(line["quantity"]) * line["unit_price"] * keep)
    if any(value is not None for value in line.values()):
        values["lines"] = ({**_line(line), "amount": amount, "row": item.row},) if amount is not None else ()
        if amount is None:
            values["product"] = line.get("product")
    default_stage(values)
    return Record("deals", table.file, item.row, values, item.extra, item.raw, (item.row,))


def default_stage(values: dict[str, Any]) -> None:
    """A file without stages lists what was closed: with a closing day the deal is won, without one it is open."""
    if values.get("stage") is None:
        values["stage"] = "won" if values.get("closed_on") and values.get("amount") is not None else "prospect"


def _line(values: dict[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in LINE}


def grouped(table: Table, rows: list[Typed]) -> Iterator[Record | Fault]:
    """Rows of one deal number: what is the deal's must agree, what is the line's is listed."""
    first = rows[0]
    wrong: set[int] = set()
    for row in rows[1:]:
        for name, value in row.values.items():
            if name not in _NOT_HEADER and value != first.values[name]:
                wrong.add(row.row)
                header = header_of(table, name)
                params = {"column": header, "row": first.row, "other": str(first.values[name])}
                yield Fault(table.file, row.row, header, "" if value is None else str(value), "group_differs", params)
    keys: dict[Any, int] = {}
    for row in rows:
        key = row.values.get("line_key") or tuple(str(row.values.get(name)) for name in (*LINE, "amount"))
        if key in keys:
            wrong.add(row.row)
            header = header_of(table, "line_key" if row.values.get("line_key") else "deal_no")
            params = {"row": keys[key], "column": header}
            yield Fault(table.file, row.row, header, str(row.values.get("line_key") or ""), "duplicate_key", params)
        keys.setdefault(key, row.row)
    if wrong:
        # every row of the deal is told: it is taken whole or not at all
        yield from incomplete(table, [row for row in rows if row.row not in wrong])
        return
    yield group(table.file, rows)


def group(file: str, rows: Sequence[Typed], values: dict[str, Any] | None = None) -> Record:
    """One deal of several rows. Amounts kept exact are summed, then rounded half-up once; the lines add up to that."""
    first = rows[0]
    exact = [_amount(row) for row in rows]
    known = [amount for amount in exact if amount is not None]
    total = money.round_half_up(sum(known, Fraction(0))) if known else None
    parts = rounded_parts(known)
    lines = []
    for row, amount in zip(rows, exact, strict=True):
        minor = parts.pop(0) if amount is not None else 0
        cost = row.values.get("cost")
        line = _line(row.values) | {"amount": minor, "row": row.row}
        line["cost"] = money.round_half_up(cost) if cost is not None else None
        lines.append(line)
    head = {name: value for name, value in first.values.items() if name not in LINE}
    head |= values or {}
    head["amount"] = total
    head["lines"] = tuple(lines)
    default_stage(head)
    raw = {}
    if any(amount.denominator != 1 for amount in known):
        raw["amount"] = decimal_text(sum(known, Fraction(0)) / 100)
    return Record("deals", file, first.row, head, _shared(rows), raw, tuple(row.row for row in rows))


def _amount(row: Typed) -> Fraction | None:
    amount = row.values.get("amount")
    if amount is not None:
        return Fraction(amount)
    quantity, price = row.values.get("quantity"), row.values.get("unit_price")
    if quantity is None or price is None:
        return None
    return Fraction(quantity) * Fraction(price) * (1 - (row.values.get("discount") or Fraction(0)))


def rounded_parts(exact: Sequence[Fraction]) -> list[int]:
    """Integers next to the exact parts that sum to their sum, rounded half-up: the largest remainders get the units."""
    total = money.round_half_up(sum(exact, Fraction(0)))
    floors = [amount.numerator // amount.denominator for amount in exact]
    order = sorted(range(len(exact)), key=lambda place: (-(exact[place] - floors[place]), place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors


def _shared(rows: Iterable[Typed]) -> dict[str, str]:
    """Unmapped columns of the rows: a value that all share once, others joined."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for header, text in row.extra.items():
            texts = found.setdefault(header, [])
            if text not in texts:
                texts.append(text)
    return {header: "; ".join(texts) for header, texts in found.items()}
