"""Amounts, quantities, rates and counts. No float: text → Decimal → exact integer or fraction."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from pacesetter.lib import money

from ..cells import kind_of, plain_signs, strip
from ..faults import ValueFault
from .texts import check_error

_DIGITS = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_EXPONENT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)[eE][-+]?\d+", re.ASCII)

# symbol or word beside an amount → the currencies it may mean
MEANS: dict[str, tuple[str, ...]] = {
    "¥": ("CNY", "JPY"),
    "CN¥": ("CNY",),
    "RMB¥": ("CNY",),
    "RMB": ("CNY",),
    "人民币": ("CNY",),
    "元": ("CNY", "TWD", "HKD", "MOP"),
    "圆": ("CNY",),
    "块": ("CNY",),
    "$": ("USD", "HKD", "AUD", "CAD", "SGD", "TWD", "NZD", "MXN", "CLP", "COP", "ARS"),
    "US$": ("USD",),
    "美元": ("USD",),
    "美金": ("USD",),
    "HK$": ("HKD",),
    "港元": ("HKD",),
    "港币": ("HKD",),
    "NT$": ("TWD",),
    "新台币": ("TWD",),
    "€": ("EUR",),
    "欧元": ("EUR",),
    "£": ("GBP",),
    "英镑": ("GBP",),
    "日元": ("JPY",),
    "円": ("JPY",),
    "₩": ("KRW",),
    "韩元": ("KRW",),
    "₹": ("INR",),
    "₽": ("RUB",),
    "S$": ("SGD",),
    "A$": ("AUD",),
    "C$": ("CAD",),
    "฿": ("THB",),
    "₫": ("VND",),
    "₱": ("PHP",),
    "₺": ("TRY",),
    "₴": ("UAH",),
    "CHF": ("CHF",),
    "瑞士法郎": ("CHF",),
}
_BEFORE = sorted([mark for mark in MEANS if mark not in ("元", "圆", "块", "円")], key=len, reverse=True)
_AFTER = sorted(MEANS, key=len, reverse=True)
_UNITS = ("百万元", "千万元", "百万", "千万", "万元", "亿元", "千元", "百元", "万", "亿")
_SCALE = money.UNITS | {"百万": 1_000_000, "千万": 10_000_000}
_CODE = re.compile(r"(?:(?P<before>[A-Z]{3})\s*(?=[-+(\d.¥$]))|(?:(?<=[\d.)万亿])\s*(?P<after>[A-Z]{3})$)")


def decimal_of(text: str) -> Decimal:
    """A plain number as people write it: optional sign, well-formed thousands, one decimal point, `(1,234)` = −1234."""
    check_error(text)
    if kind_of(text) in ("date", "boolean"):
        raise ValueFault("not_a_number")
    if text.isascii() and len(text) < 40 and _DIGITS.fullmatch(text):
        return Decimal(text)
    value = strip(plain_signs(strip(text)))
    negative = False
    if value.startswith("(") and value.endswith(")"):
        negative, value = True, strip(value[1:-1])
    elif value[:1] in ("-", "+"):
        negative, value = value[0] == "-", strip(value[1:])
    if len(value) > 40:
        raise ValueFault("not_a_number")
    if not _DIGITS.fullmatch(value):
        if _EXPONENT.fullmatch(value):
            raise ValueFault("exponent")
        if not _GROUPED.fullmatch(value):
            if value.isascii() and set(value) <= set("0123456789,. '") and "," in value:
                raise ValueFault("decimal_comma")
            raise ValueFault("not_a_number")
        value = value.replace(",", "")
    number = Decimal(value)
    return -number if negative else number


def parse_money(text: str, currency: str, *, unit: str = "元", half_up: bool = False) -> int:
    """An amount as minor units of `currency`.

    `unit` is what the column counts in (万元 …); a unit written in the cell itself wins. Another currency is refused.
    More decimals than the currency has are refused unless `half_up` is declared.
    """
    check_error(text)
    try:
        return money.parse(text, currency, unit=unit, half_up=half_up)
    except money.MoneyError as error:
        if error.code == "decimals":
            raise ValueFault("too_many_decimals", places=money.exponent(currency)) from None
        if error.code == "range":
            raise ValueFault("too_large") from None
    if kind_of(text) in ("date", "boolean"):
        raise ValueFault("not_a_number")
    value, negative = strip(plain_signs(strip(text))), False
    if value.startswith("(") and value.endswith(")"):
        value, negative = strip(value[1:-1]), True
    elif value[:1] in ("-", "+"):
        value, negative = strip(value[1:]), value[0] == "-"
    value, scale = _without_marks(value, currency, unit)
    if negative and value[:1] in ("-", "+", "("):
        raise ValueFault("not_a_number")
    number = decimal_of(value)
    try:
        return money.to_minor(-number if negative else number, currency, unit=scale, half_up=half_up)
    except money.MoneyError as error:
        if error.code == "decimals":
            raise ValueFault("too_many_decimals", places=money.exponent(currency)) from None
        raise ValueFault("too_large") from None


def _without_marks(value: str, currency: str, unit: str) -> tuple[str, str]:
    """The number alone, and the unit it counts in; a mark of another currency is refused."""
    code = _CODE.search(value)
    if code:
        found = code["before"] or code["after"]
        if found in money.CURRENCIES or found in MEANS:
            _same(found, MEANS.get(found, (found,)), currency)
            value = strip(value[: code.start()] + value[code.end() :])
    for mark in _BEFORE:
        if value.startswith(mark):
            _same(mark, MEANS[mark], currency)
            value = strip(value[len(mark) :])
            break
    for name in _UNITS:
        stem = value.removesuffix("人民币").removesuffix("整") if currency == "CNY" else value
        if stem.endswith(name):
            if "元" in name:
                _same("元", MEANS["元"], currency)
            return strip(stem[: -len(name)]), name if name in money.UNITS else name + "元"
    for mark in _AFTER:
        if value.endswith(mark):
            _same(mark, MEANS[mark], currency)
            rest = strip(value[: -len(mark)])
            for name in _UNITS:
                if rest.endswith(name):
                    return strip(rest[: -len(name)]), name if name in money.UNITS else name + "元"
            # a cell that says 元 itself counts in 元 whatever the column says
            return rest, "元" if mark in ("元", "圆", "块") else unit
    return value, unit


def _same(found: str, means: tuple[str, ...], currency: str) -> None:
    if currency not in means:
        raise ValueFault("other_currency", found=means[0] if len(means) == 1 else found, expected=currency)


def parse_quantity(text: str, *, places: int = 3, limit: int = 10**12) -> Decimal:
    """A quantity with at most `places` decimals."""
    number = decimal_of(text)
    if abs(number) > limit:
        raise ValueFault("too_large")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise ValueFault("too_many_decimals", places=places)
    return number


def parse_ratio(text: str, *, percent: str = "") -> Fraction:
    """A rate as a fraction: `12%` → 3/25. Without a sign `percent` says what a bare number is: `ratio` 0.12,
    `percent` 12.

    Undeclared, a bare number from 0 to 1 is a ratio (as spreadsheets store it) and a larger one is refused.
    """
    value = strip(plain_signs(strip(text)))
    sign = value.endswith("%")
    if kind_of(text) in ("date", "boolean"):
        raise ValueFault("percent_shape")
    try:
        number = Fraction(decimal_of(strip(value[:-1]) if sign else value))
    except ValueFault as fault:
        if fault.code in ("not_a_number",):
            raise ValueFault("percent_shape") from None
        raise
    if sign or percent == "percent":
        number /= 100
    elif not percent and number > 1:
        raise ValueFault("percent_unclear")
    if abs(number) > 1000:
        raise ValueFault("too_large")
    return number


def parse_integer(text: str, *, low: int = -(2**31), high: int = 2**31 - 1) -> int:
    """A whole number; `12.0` is one, `12.5` is not."""
    number = decimal_of(text)
    if number != number.to_integral_value():
        raise ValueFault("not_integer")
    whole = int(number)
    if not low <= whole <= high:
        raise ValueFault("negative" if low == 0 and whole < 0 else "too_large")
    return whole
