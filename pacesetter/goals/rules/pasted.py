"""A table pasted from Excel: names, a tab, values; what it says in the metric's own unit, and what cannot be read.

    姓名 ⇥ 目标（万元）            李想 ⇥ 1月 ⇥ 2月 …
    李想 ⇥ 50                      王敏 ⇥ 1,250,000

A first row of headings may name the unit of its columns; a cell's own unit (50万) beats it, and it beats the unit the
page was told. A row or column 合计/Total is checked and left out. Nothing is guessed: every fault names row (counted as
pasted), column, value and remedy, and a cell with a fault has no value.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Generic, TypeVar

from pacesetter.lib import money

MEASURES: Final = ("minor", "count", "days", "ratio")
MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 60
# fault → what to do about it
REMEDIES: Final[Mapping[str, str]] = {
    "not_a_number": "write_a_number",
    "separator": "check_separators",
    "exponent": "format_as_number",
    "excel_error": "fix_the_formula",
    "negative": "use_zero_or_more",
    "too_many_decimals": "round_it",
    "too_large": "check_the_unit",
    "percent_unclear": "add_a_percent_sign",
    "no_name": "add_a_name",
    "columns": "paste_the_same_columns",
    "total_differs": "check_the_total",
    "too_many_rows": "paste_in_parts",
    "twice": "keep_one_row",
    "unknown_name": "use_the_employee_number",
    "ambiguous": "use_the_employee_number",
    "other_time": "check_the_months",
    "month_twice": "keep_one_column",
    "extra_column": "keep_months_or_one_value",
    "columns_unnamed": "name_the_columns",
}
_TOTALS: Final = {"合计", "总计", "小计", "total", "sum", "grand total"}
_NONE: Final = {"", "-", "—", "–", "/", "n/a", "无"}
_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_EXPONENT = re.compile(r"[\d.]+e[+-]?\d+", re.ASCII)
_ERROR = re.compile(r"#[a-z/0!?]+", re.ASCII)
_UNIT = re.compile(r"(百万元|千万元|百万|千万|万元|亿元|千元|百元|万|亿|元|%)$")
_HEADER_UNIT = re.compile(r"[(\[]\s*(?:单位:?\s*)?(百万元|千万元|百万|千万|万元|亿元|千元|百元|万|亿|元|%)\s*[)\]]")
_FIRST_CELL: Final = {
    "姓名",
    "名称",
    "人员",
    "员工",
    "销售",
    "团队",
    "部门",
    "工号",
    "name",
    "person",
    "team",
    "employee",
}
_COLUMN_WORDS = re.compile(r"月|季|q[1-4]|目标|指标|金额|额|值|合计|总计|全年|年度|target|goal|amount|value|total|year"
                           r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")  # fmt: skip
# a number with a sign or unit beside it
_VALUE = re.compile(r"[¥￥]?[\d.,]+\D{0,3}(?<!月)(?<!季)")
_COUNTERS = ("家", "次", "份", "个", "单", "人", "天")

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be taken. `row`: from 1, as pasted, header included; `column`: its header, else its letter.

    `detail`: for `twice` the other row, for `total_differs` what the rows sum to in the metric's unit.
    `candidates`: who may be meant by an ambiguous name.
    """

    row: int
    column: str
    value: str
    code: str
    detail: int | None = None
    candidates: tuple[Hashable, ...] = ()

    @property
    def remedy(self) -> str:
        """What to do, as a code of `REMEDIES`."""
        return REMEDIES[self.code]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the name as written and a value per column in the metric's unit; None: nothing stands there."""

    row: int
    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """The table: header texts of the value columns ("" without a header), its rows, its faults."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Matched(Generic[K]):
    """Whom the rows mean: (key, line) in the order pasted, and the rows that mean nobody or more than one."""

    lines: tuple[tuple[K, Line], ...]
    faults: tuple[Fault, ...]


class _Unreadable(ValueError):
    """The code of a fault."""


def read(text: str, *, measure: str, currency: str = "CNY", unit: str = "元") -> Pasted:
    """The table in a text. `measure`: minor | count | days | ratio (basis points); `unit`: what a bare number counts.

    ValueError for an unknown measure or unit; everything about the text is a fault.
    """
    if measure not in MEASURES or unit not in money.UNITS:
        raise ValueError(f"no such measure: {measure} in {unit}")
    try:
        records = [(row, cells) for row, cells in enumerate(_records(text), start=1) if any(cells)]
    except csv.Error:  # one cell of more than 128 KB
        return Pasted((), (), (Fault(1, "A", "", "columns"),))
    if len(records) > MOST_ROWS:
        return Pasted((), (), (Fault(records[MOST_ROWS][0], "A", str(len(records)), "too_many_rows"),))
    header: list[str] = []
    if records and _is_header(records[0][1]):
        header = records.pop(0)[1]
    width = len(header) or max((len(cells) for _row, cells in records[:1]), default=1)
    header = header or [""] * width
    sums = [place for place in range(1, width) if _bare(header[place]) in _TOTALS] if width > 2 else []
    kept = [place for place in range(1, width) if place not in sums]
    faults: list[Fault] = []
    lines: list[Line] = []
    totals: list[Line] = []
    for row, cells in records:
        if len(cells) != width or not kept or width > MOST_COLUMNS:
            faults.append(Fault(row, _label(header, min(len(cells), width)), "", "columns"))
            continue
        values: list[int | None] = [None] * width
        for place in range(1, width):
            try:
                values[place] = number(cells[place], measure, currency=currency, unit=_unit_of(header[place]) or unit)
            except _Unreadable as wrong:
                faults.append(Fault(row, _label(header, place), cells[place], str(wrong)))
        line = Line(row, cells[0], tuple(values[place] for place in kept))
        whole = [None if measure == "ratio" else values[place] for place in sums]
        faults += _differ(header, row, sums, whole, [sum(value or 0 for value in line.values)] * len(sums))
        if cells[0].casefold() in _TOTALS:
            totals.append(line)
        elif cells[0]:
            lines.append(line)
        else:
            faults.append(Fault(row, _label(header, 0), "", "no_name"))
    if not faults and measure != "ratio":
        down = [sum(line.values[place] or 0 for line in lines) for place in range(len(kept))]
        for total in totals:
            faults += _differ(header, total.row, kept, total.values, down)
    return Pasted(tuple(header[place] for place in kept), tuple(lines), tuple(faults))


def number(cell: str, measure: str, *, currency: str = "CNY", unit: str = "元") -> int | None:
    """One cell in the metric's unit: `1,234.5` → 123450 minor, `1.2万` → 12000 counts, `25%` → 2500; None when empty.

    An amount may carry the sign or the code of its own currency; with another's it is no number.
    Raises a ValueError whose text is the code of a fault.
    """
    text = _tidy(cell)
    text = (money.unsigned(text, currency) if measure == "minor" else text).casefold()
    if text in _NONE:
        return None
    if _ERROR.fullmatch(text):
        raise _Unreadable("excel_error")
    for sign in _COUNTERS:
        text = text.removeprefix(sign).removesuffix(sign).strip()
    found = _UNIT.search(text)
    if found:
        unit, text = found[1], text[: found.start()].strip()
    negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    exact = _exact(text.strip("()-+ ") if negative else text.removeprefix("+"))
    if negative and exact:
        raise _Unreadable("negative")
    if measure == "ratio":
        return _basis_points(exact, unit if found or unit == "%" else "")
    if unit == "%":
        raise _Unreadable("not_a_number")
    return _amount(exact, measure, currency, unit if unit in money.UNITS else unit + "元")


def match(lines: Iterable[Line], people: Iterable[tuple[K, Iterable[str]]]) -> Matched[K]:
    """Which of `people` (key, every name and number they go by) each line means; nobody is guessed.

    Two lines of one person are a fault of the later one.
    """
    by_name: dict[str, list[K]] = {}
    for key, names in people:
        for name in {_tidy(name).casefold() for name in names} - {""}:
            by_name.setdefault(name, []).append(key)
    found: dict[K, Line] = {}
    faults = []
    for line in lines:
        keys = by_name.get(_tidy(line.name).casefold(), [])
        if len(keys) != 1:
            code = "ambiguous" if keys else "unknown_name"
            faults.append(Fault(line.row, "A", line.name, code, candidates=tuple(keys)))
        elif keys[0] in found:
            faults.append(Fault(line.row, "A", line.name, "twice", detail=found[keys[0]].row))
        else:
            found[keys[0]] = line
    return Matched(tuple(found.items()), tuple(faults))


def _tidy(text: str) -> str:
    """Full-width signs as half-width ones, no spaces around or in numbers, one kind of minus."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").replace("\u200b", "").strip()


def _records(text: str) -> list[list[str]]:
    """Rows of cells; a line without a tab is split at its last blank, as people type it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")
    rows = csv.reader(io.StringIO(text), delimiter="\t")
    found = []
    for cells in rows:
        if len(cells) == 1 and "\t" not in text:
            cells = _tidy(cells[0]).rsplit(None, 1)
        found.append([_tidy(cell) for cell in cells])
    return found


def _is_header(cells: list[str]) -> bool:
    """A first row that names its columns: by its first cell, or by every other one."""
    rest = [cell for cell in cells[1:] if cell]
    return cells[0].casefold() in _FIRST_CELL or (bool(rest) and all(map(_names_a_column, rest)))


def _names_a_column(cell: str) -> bool:
    return bool(_COLUMN_WORDS.search(cell.casefold())) and not _VALUE.fullmatch(cell.casefold())


def _bare(header: str) -> str:
    return _HEADER_UNIT.sub("", header).strip().casefold()


def _unit_of(header: str) -> str:
    found = _HEADER_UNIT.search(header)
    return "" if not found else found[1] if found[1] in money.UNITS or found[1] == "%" else found[1] + "元"


def _label(header: list[str], place: int) -> str:
    if place < len(header) and header[place]:
        return header[place]
    return ("" if place < 26 else chr(64 + place // 26)) + chr(65 + place % 26)


def _exact(text: str) -> Fraction:
    text = text.replace(" ", "")
    if _EXPONENT.fullmatch(text):
        raise _Unreadable("exponent")
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        raise _Unreadable("separator" if text and set(text) <= set("0123456789,.'") else "not_a_number")
    if len(text) > 40:
        raise _Unreadable("too_large")
    return Fraction(Decimal(text))


def _basis_points(exact: Fraction, sign: str) -> int:
    if sign not in ("", "%"):
        raise _Unreadable("not_a_number")
    if not sign and exact > 1:
        raise _Unreadable("percent_unclear")
    points = exact * (100 if sign else 10_000)
    if points.denominator != 1:
        raise _Unreadable("too_many_decimals")
    if points > 1_000_000:
        raise _Unreadable("too_large")
    return int(points)


def _amount(exact: Fraction, measure: str, currency: str, unit: str) -> int:
    if measure == "minor":
        try:
            return money.to_minor(exact, currency, unit=unit)
        except money.MoneyError as error:
            raise _Unreadable("too_large" if error.code == "range" else "too_many_decimals") from None
    value = exact * money.UNITS[unit]
    if value.denominator != 1:
        raise _Unreadable("too_many_decimals")
    if value > money.LIMIT:
        raise _Unreadable("too_large")
    return int(value)


def _differ(
    header: list[str], row: int, places: Sequence[int], said: Sequence[int | None], sums: Sequence[int]
) -> list[Fault]:
    """Totals that are not the sum of what they stand for."""
    return [
        Fault(row, _label(header, place), str(value), "total_differs", detail=summed)
        for place, value, summed in zip(places, said, sums, strict=True)
        if value is not None and value != summed
    ]
