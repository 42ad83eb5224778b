"""Money as integer minor units (分, cents) of one ISO currency.

`parse("12480.5", "CNY")` → 1248050. Text is a plain ASCII decimal (`-?digits[.digits]`): separators and 万 suffixes
belong to the door that reads them (`pacesetter.imports.values`), and `unsigned` takes the currency's own sign off. No
float ever enters or leaves this file.

Errors: `MoneyError` (a ValueError) with `.code` one of `currency`, `unit`, `shape`, `decimals`, `range`.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

# The largest amount kept, in minor units: exact in every engine and in JavaScript.
LIMIT = 9_000_000_000_000_000

# The minor unit of most currencies is a hundredth; these are the others (ISO 4217).
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_TEN_THOUSANDTHS = "CLF UYW"
_HUNDREDTHS = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE
CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW
KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""
_EXPONENTS = {
    **dict.fromkeys(_HUNDREDTHS.split(), 2),
    **dict.fromkeys(_WHOLE.split(), 0),
    **dict.fromkeys(_THOUSANDTHS.split(), 3),
    **dict.fromkeys(_TEN_THOUSANDTHS.split(), 4),
}
CURRENCIES = frozenset(_EXPONENTS)

# How many major units one of the unit is.
UNITS = {"元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "万": 10_000, "百万元": 1_000_000, "千万元": 10_000_000,
         "亿元": 100_000_000, "亿": 100_000_000}  # fmt: skip

# How people sign an amount, before or behind it; the code itself is taken for every currency.
SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "¥", "SGD": "S$"}
_ALSO = {"CNY": ("RMB",)}

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*|0[0-9]+)(?:\.[0-9]+)?", re.ASCII)


class MoneyError(ValueError):
    """A text or number that is no amount of this currency; `.code` says why."""

    def __init__(self, code: str, text: object) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


def exponent(currency: str) -> int:
    """How many decimals the currency has: CNY 2, JPY 0, KWD 3."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise MoneyError("currency", currency) from None


def unsigned(text: str, currency: str) -> str:
    """What was typed without the sign or the code of its own currency; another's stays, and is refused by `parse`."""
    text = unicodedata.normalize("NFKC", text).strip()
    for sign in (SIGNS.get(currency, ""), currency, *_ALSO.get(currency, ())):
        if sign and text[: len(sign)].upper() == sign:
            text = text[len(sign) :].strip()
        elif sign and text[-len(sign) :].upper() == sign:
            text = text[: -len(sign)].strip()
    return text


def round_half_up(value: Decimal | Fraction | int) -> int:
    """The nearest integer; a half goes away from zero (so −x rounds to −(x rounded)), as SQL's round does."""
    exact = Fraction(value)
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return -whole if exact < 0 else whole


def to_minor(value: Decimal | Fraction | int, currency: str, *, unit: str = "元", half_up: bool = False) -> int:
    """An exact major amount, counted in `unit`, as minor units.

    More decimals than the currency has are refused (`decimals`) unless `half_up` was declared.
    """
    if unit not in UNITS:
        raise MoneyError("unit", unit)
    if isinstance(value, Decimal) and not value.is_finite():
        raise MoneyError("shape", value)
    exact = Fraction(value) * UNITS[unit] * 10 ** exponent(currency)
    if abs(exact) > LIMIT:
        raise MoneyError("range", value)
    if exact.denominator != 1 and not half_up:
        raise MoneyError("decimals", value)
    return round_half_up(exact)


def parse(text: str, currency: str, *, unit: str = "元", half_up: bool = False) -> int:
    """Plain decimal text as minor units: `parse("1.23", "CNY")` → 123; with `unit="万元"` → 1 230 000."""
    if len(text) > 60 or not _PLAIN.fullmatch(text):
        raise MoneyError("shape", text[:60])
    if unit == "元" and (whole := text.partition("."))[1] and len(whole[2]) <= exponent(currency):
        # the common case, without fractions: 12480.5 → 12480 and 50
        minor = int(whole[0] + whole[2].ljust(exponent(currency), "0"))
        if abs(minor) > LIMIT:
            raise MoneyError("range", text)
        return minor
    return to_minor(Decimal(text), currency, unit=unit, half_up=half_up)


def major_text(minor: int, currency: str) -> str:
    """Minor units as major text with every decimal and no separators: 1248000 → `12480.00`, −5 → `-0.05`."""
    places = exponent(currency)
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def times(minor: int, factor: Fraction | Decimal | int) -> int:
    """An amount times an exact factor, rounded half-up once."""
    return round_half_up(Fraction(minor) * Fraction(factor))
