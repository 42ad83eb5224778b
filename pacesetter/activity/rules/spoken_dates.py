"""Days, times, durations and amounts as people write them in a line; each with where it stands."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

# a day without a year is one of the last month or of the coming half year; what lies between is not clear
PAST_DAYS: Final = 31
COMING_DAYS: Final = 180
MOST_MINUTES: Final = 1440
MOST_MINOR: Final = 10**14

_NUMBER = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_WEEK = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_ENGLISH = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = {word[:3]: place for place, word in enumerate(_ENGLISH)}
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "大后天": 3,
         "后天": 2,
         "day before yesterday": -2, "yesterday": -1, "today": 0, "day after tomorrow": 2, "tomorrow": 1}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A value and where its words stand. `bare`: a weekday without its week, the coming one unless it was meant."""

    start: int
    end: int
    value: date | time | int | None
    bare: bool = False


def number(text: str) -> int | None:
    """A small number in digits or Chinese; None when it is none."""
    if text.isascii():
        return int(text)
    if "十" not in text:
        return _DIGITS.get(text)
    head, _ten, tail = text.partition("十")
    if (head and head not in _DIGITS) or (tail and tail not in _DIGITS):
        return None
    return (_DIGITS[head] if head else 1) * 10 + (_DIGITS[tail] if tail else 0)


_WHOLE = re.compile(r"(?<![\d.])(?P<y>\d{4})(?P<s>[-/.年])(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})(?!\d)[日号]?")
_MONTH = re.compile(
    r"(?<![\d./-])(?:(?P<m>\d{1,2})月(?P<d>\d{1,2})(?!\d)[日号]?|(?P<m2>\d{1,2})[-/](?P<d2>\d{1,2})(?![\d./%-]|[万元块千]))"
)
_WORDS = re.compile(
    "|".join(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in sorted(_DAYS, key=len, reverse=True))
)
_WEEKDAY = re.compile(
    r"(?P<which>下下个?|下个?|上个?|本|这个?)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天](?![年月季家个度]))"
)
_WEEKS = re.compile(r"(?P<next>下周|下星期|下礼拜|(?<![a-z])next week(?![a-z]))(?![一二三四五六日天])")
_MONTH_END = re.compile(r"(?P<next>下)?个?月底|月末|(?<![a-z])(?:end of (?:the )?month|month end)(?![a-z])")
_AWAY = re.compile(
    rf"(?P<n>{_NUMBER})(?P<unit>个?工作日|天|日|个?星期|个?礼拜|周|个月)(?P<way>之后|以后|后|之前|以前|前)(?![天])"
    r"|(?<![a-z])in (?P<n2>\d{1,3}|a) (?P<unit2>day|week|month)s?(?![a-z])"
    r"|(?<![a-z0-9])(?P<n3>\d{1,3}) (?P<unit3>day|week|month)s? ago(?![a-z])"
)
_ENGLISH_DAY = re.compile(
    r"(?<![a-z])(?:(?:on|by) )?(?:(?P<which>next|this|last) )?"
    r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)(?![a-z])"
)


def days(text: str, today: date) -> Iterator[Found]:
    """Every day named in a text (lower case); value None = it looks like a day, but which one is not clear."""
    monday = today - timedelta(days=today.weekday())
    for hit in _WHOLE.finditer(text):
        yield Found(*hit.span(), _day(int(hit["y"]), int(hit["m"]), int(hit["d"])))
    for hit in _MONTH.finditer(text):
        yield Found(*hit.span(), _near(int(hit["m"] or hit["m2"]), int(hit["d"] or hit["d2"]), today))
    for hit in _WORDS.finditer(text):
        yield Found(*hit.span(), today + timedelta(days=_DAYS[hit[0]]))
    for hit in _WEEKDAY.finditer(text):
        yield _weekday(hit, (hit["which"] or "").removesuffix("个"), _WEEK[hit["day"]], today)
    for hit in _ENGLISH_DAY.finditer(text):
        which = {"next": "下", "this": "本", "last": "上"}.get(hit["which"] or "", "")
        yield _weekday(hit, which, _SHORT[hit["day"][:3]], today)
    for hit in _WEEKS.finditer(text):
        yield Found(*hit.span(), monday + timedelta(days=7))
    for hit in _MONTH_END.finditer(text):
        first = (today.replace(day=28) + timedelta(days=4)).replace(day=1) if hit["next"] else today.replace(day=1)
        yield Found(*hit.span(), first.replace(day=monthrange(first.year, first.month)[1]))
    for hit in _AWAY.finditer(text):
        yield _away(hit, today)


def _weekday(hit: re.Match[str], which: str, day: int, today: date) -> Found:
    monday = today - timedelta(days=today.weekday())
    weeks = {"下下": 2, "下": 1, "上": -1}.get(which, 0)
    value = monday + timedelta(days=day + 7 * weeks)
    if not which and value <= today:
        return Found(*hit.span(), value + timedelta(days=7), bare=True)
    return Found(*hit.span(), value)


def _away(hit: re.Match[str], today: date) -> Found:
    raw = hit["n"] or hit["n2"] or hit["n3"]
    count = 1 if raw == "a" else number(raw)
    unit = hit["unit"] or hit["unit2"] or hit["unit3"]
    back = bool(hit["n3"]) or "前" in (hit["way"] or "")
    if count is None or "工作日" in unit:
        return Found(*hit.span(), None)
    if unit in ("个月", "month"):
        months = today.year * 12 + today.month - 1 + (-count if back else count)
        year, month = divmod(months, 12)
        return Found(*hit.span(), date(year, month + 1, min(today.day, monthrange(year, month + 1)[1])))
    length = 1 if unit in ("天", "日", "day") else 7
    return Found(*hit.span(), today + timedelta(days=length * (-count if back else count)))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _near(month: int, day: int, today: date) -> date | None:
    for year in (today.year, today.year + 1, today.year - 1):
        found = _day(year, month, day)
        if found is not None and -PAST_DAYS <= (found - today).days <= COMING_DAYS:
            return found
    return None


_CLOCK = re.compile(
    rf"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上)?(?P<h>{_NUMBER})(?:点钟?|时(?!间|候|常))"
    rf"(?:(?P<m>\d{{1,2}})分?|(?P<part>半|一刻|三刻))?"
    r"|(?P<half2>上午|下午|晚上)?(?<![\d:])(?P<h2>\d{1,2}):(?P<m2>[0-5]\d)(?![\d:])"
    r"|(?<![a-z0-9])(?:at )?(?P<h3>\d{1,2})(?::(?P<m3>[0-5]\d))? ?(?P<half3>am|pm)(?![a-z])"
)


def times(text: str) -> Iterator[Found]:
    """Every time of day; 3点 alone may be night or afternoon and is left."""
    for hit in _CLOCK.finditer(text):
        hour = number(hit["h"] or hit["h2"] or hit["h3"])
        minute = int(hit["m"] or hit["m2"] or hit["m3"] or {"半": 30, "一刻": 15, "三刻": 45}.get(hit["part"] or "", 0))
        half = hit["half"] or hit["half2"] or hit["half3"]
        if hour is None or minute > 59 or (hit["h"] and not half and hour < 13):
            yield Found(*hit.span(), None)
            continue
        if half in ("下午", "傍晚", "晚上", "pm") and hour < 12:
            hour += 12
        elif (half == "中午" and hour < 3) or (half == "am" and hour == 12):
            hour = (hour + 12) % 24
        yield Found(*hit.span(), time(hour, minute) if hour < 24 else None)


_LENGTH = re.compile(
    rf"(?P<min>{_NUMBER}) ?分钟|(?P<half>半个?(?:小时|钟头))"
    r"|(?P<h>\d+(?:\.5)?|[一二两三四五六七八九]) ?个?(?P<and>半)?(?:小时|钟头)"
    r"|(?P<quarter>[一三])刻钟|(?<![a-z0-9.])(?P<min2>\d{1,3}) ?min(?:ute)?s?(?![a-z])"
    r"|(?<![a-z])(?P<half2>half an hour)(?![a-z])|(?<![a-z0-9.])(?P<h2>\d+(?:\.5)?|an) ?(?:hours?|hrs?)(?![a-z])"
)


def minutes(text: str) -> Iterator[Found]:
    """Every length of time, in minutes."""
    for hit in _LENGTH.finditer(text):
        value: int | None
        if hit["min"] or hit["min2"]:
            value = number(hit["min"] or hit["min2"])
        elif hit["half"] or hit["half2"]:
            value = 30
        elif hit["quarter"]:
            value = 15 if hit["quarter"] == "一" else 45
        else:
            raw = hit["h"] or hit["h2"]
            hours = Decimal(1 if raw == "an" else number(raw) or 0) if not raw[:1].isdigit() else Decimal(raw)
            value = int(hours * 60) + (30 if hit["and"] else 0)
        yield Found(*hit.span(), value if value is not None and 0 < value <= MOST_MINUTES else None)


_TIMES = {
    "": 1,
    "千": 1_000,
    "万": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "k": 1_000,
    "w": 10_000,
}
_MONEY = re.compile(
    r"(?<![\d.,])(?P<sign>[¥]|(?<![a-z])(?:rmb|cny) ?)?(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d])"
    r" ?(?P<unit>千万|百万|万|亿|千|k(?![a-z])|w(?![a-z]))?(?P<yuan>元整?|块钱?|人民币| ?(?:yuan|rmb|cny)(?![a-z]))?"
)
_COUNTED = re.compile(r"[台件个吨米套人平次公只条户张辆吨斤箱份册]")


def amounts(text: str, digits: int = 2) -> Iterator[Found]:
    """Every amount of money, in minor units; it must say that it is one (万, 元, ¥)."""
    for hit in _MONEY.finditer(text):
        unit = hit["unit"] or ""
        plain = bool(hit["sign"] or hit["yuan"])
        if not plain and (unit not in ("万", "百万", "千万", "亿") or _COUNTED.match(text, hit.end())):
            continue
        minor = Decimal(hit["n"].replace(",", "")) * _TIMES[unit] * 10**digits
        yield Found(*hit.span(), int(minor) if minor == int(minor) and 0 < minor <= MOST_MINOR else None)
