"""Faults found after a cell was read know its value in the stored form: here they get the text of the cell back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .faults import Fault, shown
from .mapping import Mapped
from .tables import Table

# texts of these types may be a part of their cell: one of several names, a team of a path
_PARTS = ("text", "note", "ref", "credits", "list", "id", "period", "mobile", "phone", "email")


def as_written(faults: list[Fault], tables: Iterable[Table]) -> list[Fault]:
    """The same faults, each with the value as it stands in its file. Files without a fault are not read again."""
    wanted: dict[str, dict[int, list[int]]] = {}
    for place, fault in enumerate(faults):
        if fault.row is not None and fault.column:
            wanted.setdefault(fault.file, {}).setdefault(fault.row, []).append(place)
    found = list(faults)
    for table in tables:
        places = wanted.get(table.file)
        if not places:
            continue
        columns = {mapped.header: mapped for mapped in table.mapping.columns}
        last = max(places)
        for row in table.sheet.rows():
            for place in places.get(row.number, ()) if row.fault is None else ():
                found[place] = _written(found[place], columns, row.cells)
            if row.number >= last:
                break
    return found


def _written(fault: Fault, columns: Mapping[str, Mapped], cells: Iterable[str]) -> Fault:
    mapped = columns.get(fault.column)
    text = str(list(cells)[mapped.index]) if mapped is not None else ""
    if mapped is None or not text or (mapped.column.type in _PARTS and fault.value in text):
        return fault
    return replace(fault, value=shown(text))
