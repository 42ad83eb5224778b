"""How numbers, money and days read, in both languages. frontend/show.js is its twin; both obey show_vectors.json.

Amounts come in as integer minor units, rates as (top, bottom). `language` is a Django code ("zh-hans", "en"); the
active one when left out; so is the currency, which a request says once (`counted_in`). Rounding is half-up in Decimal,
in the lower unit first: 99,999,999 is 1.00亿, never 10000万.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html
from django.utils.translation import get_language

from pacesetter.lib import money as coins

MISSING = "—"
MINUS = "\u2212"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SMALL = 10  # below this many cases a rate is shown as a count

Number = int | str | Decimal
HAN = re.compile(r"[㐀-鿿]")


def borrowed(zh: str, en: str) -> bool:
    """Whether the English of a text is the Chinese again, because nobody wrote one."""
    return zh == en and HAN.search(zh) is not None


def tongue(text: str) -> str:
    """A text as a page shows it that may be Chinese on an English page: it says so to whoever reads it aloud."""
    return text if chinese() or not HAN.search(text) else format_html('<span lang="zh-Hans">{}</span>', text)


# Asked when the first amount is written, so that a page without amounts asks for nothing.
_currency: ContextVar[Callable[[], str] | None] = ContextVar("currency_of_this_request", default=None)


@contextmanager
def counted_in(currency: Callable[[], str]) -> Iterator[None]:
    """While this lasts amounts without a currency of their own are of this one."""
    token = _currency.set(currency)
    try:
        yield
    finally:
        _currency.reset(token)


def currency_now() -> str:
    """The currency amounts are written in."""
    asked = _currency.get()
    return asked() if asked else "CNY"


def chinese(language: str | None = None) -> bool:
    return (language or get_language() or "zh").startswith("zh")


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _signed(body: str, negative: bool, *, plus: bool = False) -> str:
    return (MINUS if negative else "+" if plus else "") + body


def _plain(value: Decimal, places: int) -> str:
    return f"{_rounded(value, places):,f}"


def _trimmed(body: str) -> str:
    return body.rstrip("0").rstrip(".") if "." in body else body


def _short(value: Decimal, language: str | None, *, trim: bool = False) -> str:
    """A value ≥ 0 in at most about six characters; below 10,000 it stays whole."""
    whole = _rounded(value, 0)
    if whole < 10_000:
        return f"{whole:,f}"
    if chinese(language):
        body, unit = _plain(value / 10_000, 2), "万"
        if _rounded(value / 10_000, 2) >= 10_000:
            body, unit = _plain(value / 100_000_000, 2), "亿"
    else:
        body, unit = "", ""
        for letter, size in (("K", 1_000), ("M", 1_000_000), ("B", 1_000_000_000)):
            scaled = value / size
            places = 2 if _rounded(scaled, 2) < 10 else 1 if _rounded(scaled, 1) < 100 else 0
            body, unit = _plain(scaled, places), letter
            if _rounded(scaled, places) < 1_000:
                break
    return (_trimmed(body) if trim else body) + unit


def sign_of(currency: str) -> str:
    """¥ for CNY (U+00A5); an ISO code with a space where no sign is known."""
    return coins.SIGNS.get(currency, currency + "\u00a0")


def money(minor: int | None, language: str | None = None, *, currency: str | None = None) -> str:
    """Exact, with the decimals of its currency: ¥12,480.00, −¥1,200.00, ¥12,480 in yen."""
    if minor is None:
        return MISSING
    currency = currency or currency_now()
    exponent = coins.exponent(currency)
    body = _plain(Decimal(abs(minor)).scaleb(-exponent), exponent)
    return _signed(sign_of(currency) + body, minor < 0)


def money_short(
    minor: int | None, language: str | None = None, *, currency: str | None = None, trim: bool = False
) -> str:
    """For cards and axes: ¥8,640, ¥8.64万 or ¥86.4K, ¥1.23亿 or ¥123M."""
    if minor is None:
        return MISSING
    currency = currency or currency_now()
    value = Decimal(abs(minor)).scaleb(-coins.exponent(currency))
    body = _short(value, language, trim=trim)
    return _signed(sign_of(currency) + body, minor < 0 and body != "0")


def count(number: Number | None, language: str | None = None) -> str:
    """Exact with thousands: 1,932."""
    if number is None:
        return MISSING
    value = Decimal(number)
    return _signed(_trimmed(_plain(abs(value), 2)), value < 0)


def count_short(number: Number | None, language: str | None = None) -> str:
    """1,932; from 10,000 on 1.93万 or 19.3K."""
    if number is None:
        return MISSING
    value = Decimal(number)
    body = _short(abs(value), language)
    return _signed(body, value < 0 and body != "0")


def percent(top: int, bottom: int, *, plus: bool = False) -> str:
    """top ÷ bottom as 23.7%, whatever the sample; `bottom` is not 0."""
    share = Decimal(top) * 100 / Decimal(bottom)
    body = _plain(abs(share), 1)
    return _signed(body + "%", share < 0 and body != "0.0", plus=plus)


def rate(top: int | None, bottom: int | None, n: int | None = None) -> str:
    """23.7%; 3/7 when there are fewer than ten cases (`n`, or the bottom); — when there is nothing to divide by."""
    if top is None or bottom is None or bottom == 0:
        return MISSING
    cases = bottom if n is None else n
    if cases < SMALL:
        return f"{top}/{bottom}"
    return percent(top, bottom)


def rate_difference(now: Sequence[int], before: Sequence[int], language: str | None = None) -> str:
    """In points, never in percent: +3.2 个百分点, +3.2 pts."""
    if not now[1] or not before[1]:
        return MISSING
    points = Decimal(now[0]) * 100 / now[1] - Decimal(before[0]) * 100 / before[1]
    body = _plain(abs(points), 1)
    unit = " 个百分点" if chinese(language) else " pts"
    return _signed(body + unit, points < 0 and body != "0.0", plus=body != "0.0")


def change(now: int | None, before: int | None) -> str:
    """Of an amount or a count against its base: +12.4%, −8.0%; — without a base."""
    if now is None or not before:
        return MISSING
    share = Decimal(now - before) * 100 / abs(before)
    body = _plain(abs(share), 1)
    return _signed(body + "%", share < 0 and body != "0.0", plus=body != "0.0")


def gap(actual: int | None, target: int | None, language: str | None = None, *, currency: str | None = None) -> str:
    """In words, so that no sign can be misread: 差 ¥3.2万, ¥32K short; 超 ¥1.1万, ¥11K over."""
    if actual is None or target is None:
        return MISSING
    distance = actual - target
    amount = money_short(abs(distance), language, currency=currency, trim=True)
    if chinese(language):
        return "持平" if distance == 0 else f"差 {amount}" if distance < 0 else f"超 {amount}"
    return "on target" if distance == 0 else f"{amount} short" if distance < 0 else f"{amount} over"


def day(on: date | None, language: str | None = None) -> str:
    """2026-11-23; Nov 23, 2026."""
    if on is None:
        return MISSING
    if chinese(language):
        return f"{on.year:04}-{on.month:02}-{on.day:02}"
    return f"{MONTHS[on.month - 1]} {on.day}, {on.year}"


def near(at: date | datetime | None, now: datetime, language: str | None = None) -> str:
    """今天 14:05, 昨天, else the day. Both instants must already be in the reader's zone."""
    if at is None:
        return MISSING
    zh = chinese(language)
    on = at.date() if isinstance(at, datetime) else at
    days = (on - now.date()).days
    if days == 0:
        word = "今天" if zh else "today"
        return f"{word} {at.hour:02}:{at.minute:02}" if isinstance(at, datetime) else word
    if days in {-1, 1}:
        return {-1: ("昨天", "yesterday"), 1: ("明天", "tomorrow")}[days][0 if zh else 1]
    return day(on, language)


def week(on: date, language: str | None = None) -> str:
    """The Monday-to-Sunday week of a day: 第48周 11/23–11/29; Week 48 (Nov 23–29)."""
    first = on - timedelta(days=on.weekday())
    last = first + timedelta(days=6)
    number = on.isocalendar().week
    if chinese(language):
        return f"第{number}周 {first.month}/{first.day}–{last.month}/{last.day}"
    end = f"{last.day}" if last.month == first.month else f"{MONTHS[last.month - 1]} {last.day}"
    return f"Week {number} ({MONTHS[first.month - 1]} {first.day}–{end})"


def duration(minutes: int | None, language: str | None = None) -> str:
    """The two largest units: 3 天 4 小时, 3d 4h; 25 分钟, 25m."""
    if minutes is None:
        return MISSING
    days, rest = divmod(abs(minutes), 24 * 60)
    hours, left = divmod(rest, 60)
    units = (" 天", " 小时", " 分钟") if chinese(language) else ("d", "h", "m")
    parts = [f"{value}{unit}" for value, unit in zip((days, hours, left), units, strict=True) if value]
    return _signed(" ".join(parts[:2]) or f"0{units[2]}", minutes < 0)
