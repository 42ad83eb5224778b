"""What goals are written in: values whose meaning the metric decides, and labels of periods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from pacesetter.lib import money

from ..cells import kind_of, plain_signs, strip
from ..faults import ValueFault
from .dates import parse_date
from .numbers import parse_integer, parse_money, parse_ratio
from .texts import check_error

_PERFORMANCE = re.compile(r"PM\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?", re.IGNORECASE | re.ASCII)
_FISCAL = re.compile(
    r"FY\s*(\d{4})(?:\s*[-/]?\s*Q\s*([1-4]))?|(\d{4})\s*财年(?:\s*第?([1-4一二三四])\s*季度?)?", re.IGNORECASE
)
_QUARTER = re.compile(r"(\d{4})\s*年?\s*[-/]?\s*(?:Q\s*([1-4])|第?([1-4一二三四])\s*季度?)", re.IGNORECASE)
_WEEK = re.compile(r"(\d{4})\s*年?\s*[-/]?\s*(?:W\s*(\d{1,2})|第?(\d{1,2})\s*周)", re.IGNORECASE | re.ASCII)
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.]\s*(\d{1,2})|年\s*(\d{1,2})\s*月(?:份)?)", re.ASCII)
_YEAR = re.compile(r"(\d{4})\s*年?度?", re.ASCII)
_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, slots=True)
class Measure:
    """A goal's value as the file has it; `unit` and `percent` are what its header says."""

    text: str
    unit: str = ""
    percent: str = ""

    def __str__(self) -> str:
        return str(self.text)

    def read(self, of: str, currency: str, unit: str = "") -> int:
        """The value in the metric's own unit (`of`): minor units, counts, days, basis points of 1.

        `unit` is what the row says its values count in, where the header does not.
        """
        check_error(self.text)
        said = self.unit or (unit if unit in money.UNITS else "")
        if of == "minor":
            return parse_money(self.text, currency, unit=said or "元")
        if of == "ratio":
            percent = self.percent or ("percent" if unit in ("%", "％") else "")
            points = parse_ratio(self.text, percent=percent) * 10_000
            if points.denominator != 1:
                raise ValueFault("too_many_decimals", places=4)
            return int(points)
        return parse_integer(self.text)


def parse_period(text: str) -> str:
    """The label of a period: 2026-03, 2026Q2, FY2026Q1, FY2026, 2026, PM2026-03, 2026-W09, 2026-03-01; also as people
    write them, e.g. 2026年3月.

    A spreadsheet's own date on the first of a month is that month: that is what it makes of a typed 2026-03.
    """
    check_error(text)
    if kind_of(text) == "date":
        day = parse_date(text)
        return f"{day:%Y-%m}" if day.day == 1 else day.isoformat()
    value = strip(plain_signs(strip(text)))
    if match := _PERFORMANCE.fullmatch(value):
        return f"PM{match[1]}-{int(match[2]):02d}"
    if match := _FISCAL.fullmatch(value):
        return f"FY{match[1] or match[3]}" + _quarter(match[2] or match[4])
    if match := _QUARTER.fullmatch(value):
        return match[1] + _quarter(match[2] or match[3])
    if match := _WEEK.fullmatch(value):
        return f"{match[1]}-W{int(match[2] or match[3]):02d}"
    if match := _MONTH.fullmatch(value):
        return f"{match[1]}-{int(match[2] or match[3]):02d}"
    if match := _YEAR.fullmatch(value):
        return match[1]
    try:
        return parse_date(text).isoformat()
    except ValueFault:
        raise ValueFault("period_shape") from None


def _quarter(number: str | None) -> str:
    return "" if not number else f"Q{_NUMBERS.get(number) or number}"


def points_text(points: int) -> str:
    """Basis points as a percentage: 2,500 → 25%."""
    whole = Fraction(points, 100)
    return f"{whole.numerator}%" if whole.denominator == 1 else f"{points // 100}.{points % 100:02d}".rstrip("0") + "%"


__all__ = ["Measure", "parse_period", "points_text"]
