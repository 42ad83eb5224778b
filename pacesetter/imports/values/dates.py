"""Dates and moments, with the order of day and month inferred over a whole column or declared.

Always understood: year first (`2026-03-05`, `2026/3/5`, `2026.3.5`, `20260305`, `2026年3月5日`), month names (`5 Mar
2026`), each with or without a time (`14:05`, `14:05:00`, `T14:05:00Z`). `3/5/2026` needs an order: `mdy` or `dmy`.
Spreadsheet serials are read where the cell is a number, or where the column is declared or inferred as `serial`.
Two-digit years are refused.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from ..cells import kind_of, plain_signs, strip
from ..faults import ValueFault
from .texts import check_error

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST, LAST = 1970, 2100
# day 0 of the two spreadsheet calendars; the first one counts a 29 February 1900 that never was
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_SERIAL_LOW, _SERIAL_HIGH = 25_569, 73_415  # 1970-01-01 … 2100-12-31 in the 1900 calendar

_TIME = r"(?:(?:[T\s]\s*|\s*(?=[上下]午))(?P<time>.+))?"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?P<s>[-/.])(\d{1,2})(?P=s)(\d{1,2})" + _TIME, re.ASCII)
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?" + r"(?:\s*(?P<time>.+))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T\s]\s*(?P<time>.+))?", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})(?P<s>[-/.])(\d{1,2})(?P=s)(\d{4})" + _TIME, re.ASCII)
_SHORT = re.compile(
    r"(?:\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]?)(?:[T\s].*)?", re.ASCII
)
_PARTIAL = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?|\d{1,2}\s*[月/.\-]\s*\d{1,2}\s*[日号]?|\d{4}年?", re.ASCII)
_NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})[\s\-]+(?P<m1>[A-Za-z]{3,9})\.?[\s\-,]+(?P<y1>\d{4})"
    r"|(?P<m2>[A-Za-z]{3,9})\.?\s+(?P<d2>\d{1,2}),?\s+(?P<y2>\d{4}))" + _TIME,
    re.ASCII,
)
_NUMBER = re.compile(r"\d{1,6}(?:\.\d+)?", re.ASCII)
_CLOCK = re.compile(
    r"(?P<half>上午|下午)?\s*(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<ap>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|[-+]\d{2}:?\d{2})?",
    re.ASCII,
)
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True, slots=True)
class Inference:
    """What a column's own values say. `order` is `ymd`, `mdy`, `dmy`, `serial` or empty = cannot be told.

    `samples` are up to three (text, date) pairs to show; `example` is a text that can be read both ways.
    """

    order: str
    samples: tuple[tuple[str, date], ...] = ()
    example: str = ""


def parse_date(text: str, order: str = "", *, zone: tzinfo = SHANGHAI, epoch_1904: bool = False) -> date:
    """A calendar day. Instants with a zone of their own are the day they are in `zone`."""
    day, clock = _read(text, order, epoch_1904)
    if clock:
        moment = _moment(day, clock, zone)
        return moment.astimezone(zone).date()
    return day


def parse_moment(text: str, order: str = "", *, zone: tzinfo = SHANGHAI, epoch_1904: bool = False) -> datetime:
    """An aware instant; a day without a time is its midnight in `zone`."""
    day, clock = _read(text, order, epoch_1904)
    return _moment(day, clock, zone) if clock else datetime.combine(day, time(), zone)


def _read(text: str, order: str, epoch_1904: bool) -> tuple[date, str]:
    match = _ISO.fullmatch(text)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3])), ""
    check_error(text)
    kind = kind_of(text)
    if kind == "boolean":
        raise ValueFault("date_shape")
    value = strip(plain_signs(strip(text)))
    for shape in (_YEAR_FIRST, _CHINESE, _COMPACT):
        match = shape.fullmatch(value)
        if match and not (shape is _COMPACT and order == "serial"):
            numbers = [int(part) for part in match.groups() if part and part.isdigit() and part.isascii()][:3]
            return _day(numbers[0], numbers[1], numbers[2]), match["time"] or ""
    match = _NAMED.fullmatch(value)
    if match:
        month = _MONTHS.get((match["m1"] or match["m2"])[:3].casefold())
        if month is None:
            raise ValueFault("date_shape")
        return _day(int(match["y1"] or match["y2"]), month, int(match["d1"] or match["d2"])), match["time"] or ""
    match = _YEAR_LAST.fullmatch(value)
    if match:
        return _year_last(match, order), match["time"] or ""
    if _NUMBER.fullmatch(value) and (kind == "number" or order == "serial"):
        return _serial(value, epoch_1904), ""
    if _SHORT.fullmatch(value):
        raise ValueFault("two_digit_year")
    if _PARTIAL.fullmatch(value):
        raise ValueFault("date_incomplete")
    raise ValueFault("date_shape")


def _year_last(match: re.Match[str], order: str) -> date:
    one, two, year = int(match[1]), int(match[3]), int(match[4])
    if order == "mdy":
        return _day(year, one, two)
    if order == "dmy":
        return _day(year, two, one)
    if one == two:
        return _day(year, one, two)
    if one > 12 or two > 12:
        raise ValueFault("date_mixed" if one <= 12 or two <= 12 else "no_such_month", month=one)
    raise ValueFault("date_ambiguous", one=f"{year}-{one:02d}-{two:02d}", other=f"{year}-{two:02d}-{one:02d}")


def _day(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValueFault("no_such_month", month=month)
    if year < 1 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueFault("no_such_day" if year >= 1 else "date_range", year=year, month=month, day=day)
    if not FIRST <= year <= LAST:
        raise ValueFault("date_range")
    return date(year, month, day)


def _serial(value: str, epoch_1904: bool) -> date:
    whole = int(value.partition(".")[0])
    epoch = _EPOCH_1904 if epoch_1904 else _EPOCH_1900
    found = epoch + timedelta(days=whole)
    if not FIRST <= found.year <= LAST:
        raise ValueFault("date_range")
    return found


def _moment(day: date, clock: str, zone: tzinfo) -> datetime:
    match = _CLOCK.fullmatch(strip(clock))
    if not match:
        raise ValueFault("time_shape")
    hour, minute, second = int(match["h"]), int(match["m"]), int(match["s"] or 0)
    half = "下午" if (match["ap"] or "").lower().startswith("p") or match["half"] == "下午" else ""
    if half or match["ap"] or match["half"]:
        if not 1 <= hour <= 12 and not (match["half"] and hour == 0):
            raise ValueFault("time_shape")
        hour = hour % 12 + (12 if half else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueFault("time_shape")
    own: tzinfo = zone
    if match["zone"]:
        own = datetime.strptime(match["zone"].replace(":", "").replace("Z", "+0000"), "%z").tzinfo or zone
    return datetime.combine(day, time(hour, minute, second), own)


def infer_dates(texts: Iterable[str], *, zone: tzinfo = SHANGHAI, epoch_1904: bool = False) -> Inference:
    """The order of day and month that a whole column shows.

    One value whose first part is above 12 proves day/month; one whose second part is proves month/day. Where both
    occur, an order is taken only if 19 of 20 such values prove it (the others are then wrong rows); else it cannot be
    told.
    """
    proof: Counter[str] = Counter()
    first_three: list[str] = []
    open_example, numbers, others, same = "", 0, 0, 0
    for text in texts:
        value = strip(plain_signs(strip(text)))
        if not value:
            continue
        if len(first_three) < 3 or (len(first_three) < 12 and value not in first_three):
            first_three.append(text)
        match = _YEAR_LAST.fullmatch(value)
        if match:
            one, two = int(match[1]), int(match[3])
            if one > 12 >= two:
                proof["dmy"] += 1
            elif two > 12 >= one:
                proof["mdy"] += 1
            elif one != two and not open_example:
                open_example = text
            else:
                same += 1
        elif _NUMBER.fullmatch(value) and kind_of(text) != "number":
            # every one of them must lie in the sane range
            numbers += 1 if _SERIAL_LOW <= int(value.partition(".")[0]) <= _SERIAL_HIGH else 0
            others += 0 if _SERIAL_LOW <= int(value.partition(".")[0]) <= _SERIAL_HIGH else 1
        else:
            others += 1
    order = "ymd"
    if proof:
        best, count = proof.most_common(1)[0]
        order = best if count * 20 >= proof.total() * 19 else ""
    elif open_example:
        order = ""
    elif numbers and not others and not same:
        order = "serial"
    samples: list[tuple[str, date]] = []
    for text in first_three:
        try:
            samples.append((str(text), parse_date(text, order, zone=zone, epoch_1904=epoch_1904)))
        except ValueFault:
            continue
        if len(samples) == 3:
            break
    return Inference(order, tuple(samples), str(open_example))
