"""What the columns of a pasted table mean for a goal: which month each one is, or that the only one is its value.

Headings decide, in whatever order they stand: 4月, 04月, 2026年4月, 2026-04, Apr; Q2, 二季度, 2026Q2, 2026, 全年 where
the goal is of that quarter or year; 目标, 金额, Target. Without headings one column is the value, and as many columns
as the goal has months are its months in order. Anything else is a fault of its column: nothing is guessed or dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pacesetter.lib.periods import Period

from .pasted import Fault

_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CHINESE: Final = {
    word: number
    for number, word in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], start=1)
}
_UNIT = re.compile(r"[(\[][^)\]]*[)\]]")
_YEAR: Final = r"(?:(?P<year>\d{4})\s*[年\-./ ]?\s*)?"
_MONTH = re.compile(rf"{_YEAR}(?P<month>\d{{1,2}}|十[一二]?|[一二三四五六七八九])\s*月份?.*")
_ISO_MONTH = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})")
_NAMED = re.compile(rf"(?P<month>{'|'.join(_NAMES)})[a-z]*\.?\s*(?P<year>\d{{4}})?")
_QUARTER = re.compile(rf"{_YEAR}(?:q(?P<q>[1-4])|第?(?P<word>[1-4一二三四])\s*季度?)")
_WHOLE_YEAR = re.compile(r"(?P<year>\d{4})\s*年?度?|全年|年度|year|full year")
_VALUE = re.compile(r".*(目标|指标|金额|额|值|target|goal|amount|value).*")


@dataclass(frozen=True, slots=True)
class Columns:
    """`months`: place of a column → place of its month; `total`: the column that is the whole value (None: there is
    none); `faults`: the columns that mean nothing here."""

    months: Mapping[int, int] = field(default_factory=dict)
    total: int | None = None
    faults: tuple[Fault, ...] = ()


def columns(header: Sequence[str], months: Sequence[Period]) -> Columns:
    """The meaning of value columns by their headings ("" = none), for a goal with these months."""
    width = len(header)
    if not any(header):
        if width == 1:
            return Columns(total=0)
        if width == len(months):
            return Columns({place: place for place in range(width)})
        return Columns(faults=(Fault(1, "B", "", "columns_unnamed"),) if width else ())
    found: dict[int, int] = {}
    totals: list[int] = []
    faults = []
    for place, heading in enumerate(header):
        meaning = _meaning(heading, months)
        if meaning == _TOTAL and (totals or found):
            meaning = "extra_column"
        if isinstance(meaning, int) and (meaning in found.values() or totals):
            meaning = "month_twice" if meaning in found.values() else "extra_column"
        if isinstance(meaning, int):
            found[place] = meaning
        elif meaning == _TOTAL:
            totals.append(place)
        else:
            faults.append(Fault(1, heading or "?", heading, meaning))
    if faults:
        return Columns(faults=tuple(faults))
    if found and len(months) == 1:
        return Columns(total=next(iter(found)))
    return Columns(found, totals[0] if totals else None)


_TOTAL: Final = "total"


def _meaning(heading: str, months: Sequence[Period]) -> int | str:
    """The place of a month, `_TOTAL`, or the code of a fault."""
    text = _UNIT.sub("", unicodedata.normalize("NFKC", heading)).strip().casefold()
    start, end = months[0].start, months[-1].end
    if match := _QUARTER.fullmatch(text):
        word = match["q"] or match["word"]
        number = int(word) if word.isdecimal() else _CHINESE[word]
        whole = (start.month, (end.year - start.year) * 12 + end.month - start.month) == (3 * number - 2, 3)
        return _TOTAL if whole and match["year"] in (None, str(start.year)) else "other_time"
    month = _MONTH.fullmatch(text) or _ISO_MONTH.fullmatch(text) or _NAMED.fullmatch(text)
    if month:
        word = month["month"]
        number = int(word) if word.isdecimal() else _CHINESE.get(word) or _NAMES.index(word) + 1
        year = month["year"]
        places = [place for place, one in enumerate(months)
                  if one.start.month == number and year in (None, str(one.start.year))]  # fmt: skip
        return places[0] if len(places) == 1 else "other_time"
    if match := _WHOLE_YEAR.fullmatch(text):
        year = len(months) == 12 and match["year"] in (None, str(start.year), str(end.year))
        return _TOTAL if year else "other_time"
    return _TOTAL if _VALUE.fullmatch(text) else "extra_column"
