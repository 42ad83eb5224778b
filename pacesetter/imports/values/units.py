"""What a column beside the amounts says of them: the currency, and the unit they count in (元, 万元 …)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pacesetter.lib import money

from ..cells import strip
from ..faults import ValueFault
from .numbers import MEANS
from .texts import check_error

_SCALES = {
    **{name: name for name in money.UNITS},
    "万": "万元",
    "亿": "亿元",
    "百": "百元",
    "千": "千元",
    "百万": "百万元",
    "千万": "千万元",
    "thousand": "千元",
    "thousands": "千元",
    "k": "千元",
    "million": "百万元",
    "millions": "百万元",
}
_BY_LENGTH = sorted(_SCALES, key=len, reverse=True)
_CODES = re.compile(r"^[A-Z]{3}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[A-Z]{3}(?=\W*$)")
# words for one unit of whatever the company's currency is
_ONE = frozenset(["元", "块", "元整"])


def check_currency(text: str, currency: str) -> None:
    """Refuse a cell that names another currency than the company's: CNY, 人民币元, CNY - 人民币."""
    check_error(text)
    word = strip(text)
    means = _means(word) or _beside(word)
    if currency not in means:
        found = means[0] if len(means) == 1 else word
        raise ValueFault("other_currency", found=found[:20], expected=currency)


def _means(word: str) -> tuple[str, ...]:
    for plain in (word, word.upper(), word.upper().removesuffix("元")):
        if plain in money.CURRENCIES:
            return (plain,)
        if plain in MEANS:
            return MEANS[plain]
    return ()


def _beside(word: str) -> tuple[str, ...]:
    """The code written before or behind a name; nothing where two of them disagree."""
    codes = {code for code in _CODES.findall(word) if code in money.CURRENCIES}
    return tuple(codes) if len(codes) == 1 else ()


def parse_unit(text: str, currency: str) -> str:
    """The unit of a cell: 万元, also as 万, 人民币万元 or USD thousand. Another currency is refused."""
    check_error(text)
    word = strip(text).replace("圆", "元")
    if word in _ONE:
        return "元"
    known = _SCALES.get(word) or _SCALES.get(word.lower())
    if known:
        return known
    if _means(word):
        check_currency(word, currency)
        return "元"
    for scale in _BY_LENGTH:
        for rest in (_cut(word, scale), _cut(word.lower(), scale).upper()):
            if rest and rest != word.upper() and _means(rest):
                check_currency(rest, currency)
                return _SCALES[scale]
    raise ValueFault("unit_unknown", value=word[:20])


def _cut(word: str, scale: str) -> str:
    """What is left of 人民币万元, 万美元 or USD thousand without the scale."""
    if word.endswith(scale):
        return strip(word[: -len(scale)])
    return strip(word[len(scale) :]) if word.startswith(scale) else ""


def counts_money(texts: Iterable[str]) -> bool:
    """Whether any of a column's texts is a unit of money, rather than 台, 件 or a company's name."""
    for text in texts:
        try:
            parse_unit(text, "CNY")
        except ValueFault as fault:
            if fault.code != "other_currency":
                continue
        return True
    return False
