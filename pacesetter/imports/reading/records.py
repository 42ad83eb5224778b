"""JSON: a list of objects, or one object a line. Record n stands in row n + 1, as in a spreadsheet with a header."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from ..cells import Cell
from ..faults import ValueFault
from .encoding import detect
from .table import Opener, Raw, Source

MAX_BYTES = 20 << 20


class _Number(str):
    """A JSON number, as it was written."""


def read_json(opener: Opener) -> Source:
    """All records; their keys are the columns, in order of first use."""
    with opener() as file:
        if file.seek(0, os.SEEK_END) > MAX_BYTES:
            raise ValueFault("too_big")
        file.seek(0)
        content = file.read()
    encoding = detect(opener)
    try:
        text = content.decode(encoding.codec)
    except UnicodeError:
        raise ValueFault("unknown_encoding") from None
    records = _load(text)
    headers: dict[str, None] = {}
    for record in records:
        if isinstance(record, dict):
            headers.update(dict.fromkeys(record))
    if not records:
        raise ValueFault("no_rows")
    if not headers:
        raise ValueFault("json_shape")
    return Source(partial(_rows, records, list(headers)), encoding=encoding.label, headers=list(headers))


class _Twice(dict[str, Any]):
    """An object in which a key occurred twice; `.key` says which."""

    key = ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    twice, seen = _Twice(found), set()
    for key, _ in pairs:
        if key in seen:
            twice.key = key
        seen.add(key)
    return twice


def _no_constant(name: str) -> Any:
    raise ValueFault("json_number", value=name)


def _load(text: str) -> list[Any]:
    def loads(piece: str) -> Any:
        return json.loads(
            piece, parse_float=_Number, parse_int=_Number, parse_constant=_no_constant, object_pairs_hook=_object
        )

    try:
        found = loads(text)
    except RecursionError:
        raise ValueFault("json_shape") from None
    except json.JSONDecodeError:
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
            raise ValueFault("json_shape") from None
        try:
            return [loads(line) for line in lines]
        except (json.JSONDecodeError, RecursionError):
            raise ValueFault("json_shape") from None
    if not isinstance(found, list):
        raise ValueFault("json_shape")
    return found


def _rows(records: list[Any], headers: list[str]) -> Iterator[Raw]:
    for number, record in enumerate(records, 2):
        if not isinstance(record, dict):
            yield number, ValueFault("json_not_object")
        elif isinstance(record, _Twice):
            yield number, ValueFault("json_duplicate_key", key=record.key)
        elif any(isinstance(value, (dict, list)) for value in record.values()):
            yield number, ValueFault("json_nested")
        else:
            yield number, [_cell(record.get(header)) for header in headers]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return Cell("true" if value else "false", "boolean")
    if isinstance(value, _Number):
        return Cell(value, "number")
    return Cell(value, "text")
