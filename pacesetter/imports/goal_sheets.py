"""Goals with a column for each month: `1月 … 12月`, `Jan … Dec` or `2026-01 … 2026-12` beside whose goal it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .cells import plain_word
from .columns import COLUMNS
from .faults import Fault, ValueFault
from .mapping import mapped
from .tables import Record, Table, Typed
from .values.goals import Measure, parse_period

_NUMBERED = re.compile(r"(\d{1,2})月份?", re.ASCII)
_FIRST = re.compile(r"(\d{4}-\d{2})-01(?:[ T]00:00(?::00)?)?", re.ASCII)
_CHINESE = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ENGLISH = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
            "november", "december")  # fmt: skip
_WORDS = {f"{word}月": place for place, word in enumerate(_CHINESE, start=1)}
_WORDS |= {word: place for place, word in enumerate(_ENGLISH, start=1)}
_WORDS |= {word[:3]: place for place, word in enumerate(_ENGLISH, start=1)}


def rows(table: Table) -> Iterator[Record | Fault]:
    """One record a row; the cells of month columns go along as `spread`: (month or label, header, value)."""
    months = month_columns(table)
    for item in table.rows():
        if not isinstance(item, Typed):
            yield item
            continue
        values = dict(item.values)
        spread = [
            (key, header, Measure(text, unit, percent))
            for header, (key, unit, percent) in months.items()
            if (text := item.extra.pop(header, ""))
        ]
        if spread:
            values["spread"] = tuple(spread)
        yield Record(table.entity, table.file, item.row, values, item.extra, item.raw, (item.row,))


def month_columns(table: Table) -> dict[str, tuple[str | int, str, str]]:
    """{header: (number of a month or label of a period, unit, percent)} of the columns nothing else takes."""
    found: dict[str, tuple[str | int, str, str]] = {}
    target = next(column for column in COLUMNS["goals"] if column.name == "target")
    for index in table.mapping.unmapped:
        header = table.sheet.headers[index]
        for text in (header, _stem(header)):
            key = period_key(text)
            if key is not None:
                told = mapped(index, header, target)
                found[header] = (key, told.unit, told.percent)
                break
    firsts = {header: match[1] for header, (key, *_rest) in found.items() if (match := _FIRST.fullmatch(str(key)))}
    days = [key for key, *_rest in found.values() if str(key).count("-") == 2]
    if len(firsts) == len(days):
        # a spreadsheet made days of typed months: all of them are the first of one
        found |= {header: (month, *found[header][1:]) for header, month in firsts.items()}
    return found


def _stem(header: str) -> str:
    return re.sub(r"\s*[(（\[【].*?[)）\]】]\s*$|目标$", "", header)


def period_key(text: str) -> str | int | None:
    """The month that a header names by its number or word, else the period whose label it is."""
    word = plain_word(text)
    match = _NUMBERED.fullmatch(word)
    number = int(match[1]) if match else _WORDS.get(word)
    if number is not None:
        return number if 1 <= number <= 12 else None
    if not re.match(r"(?:FY|PM)?\s*\d{4}", text, re.IGNORECASE):
        return None
    try:
        return parse_period(text.removesuffix(" 00:00:00"))
    except ValueFault:
        return None
