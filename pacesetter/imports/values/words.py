"""Words out of a list, yes and no, and shares of several people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from ..cells import plain_signs, plain_word, strip
from ..faults import ValueFault
from .numbers import decimal_of
from .texts import parse_text

_YES = frozenset(["是", "对", "有", "y", "yes", "true", "t", "1", "√", "✓", "✔", "on"])
_NO = frozenset(["否", "不是", "无", "没有", "n", "no", "false", "f", "0", "×", "✗", "✘", "off"])


def parse_boolean(text: str) -> bool:
    """是/否, Y/N, true/false, 1/0, √/×."""
    word = plain_word(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueFault("not_boolean")


def parse_word(text: str, words: Mapping[str, str], shown: str = "") -> str:
    """The canonical word for a written one; `words` maps `plain_word` forms. `shown` lists what is allowed."""
    written = parse_text(text)
    try:
        return words[plain_word(written)]
    except KeyError:
        raise ValueFault("unknown_word", allowed=shown or "、".join(dict.fromkeys(words.values()))) from None


_BETWEEN_PEOPLE = re.compile(r"[;；\n|]+")
_BETWEEN_WORDS = re.compile(r"[;；,，、\n|]+")


def parse_credits(text: str, *, limit: int = 20) -> tuple[tuple[str, Fraction], ...]:
    """`张三:60;李四:40` → (("张三", 3/5), ("李四", 2/5)); the shares must be percentages that sum to exactly 100.

    One name alone has everything.
    """
    written = parse_text(text, limit=2_000, lines=True)
    pieces = [strip(piece) for piece in _BETWEEN_PEOPLE.split(written) if strip(piece)]
    if len(pieces) > limit:
        raise ValueFault("too_many", limit=limit)
    if len(pieces) == 1 and ":" not in plain_signs(pieces[0]):
        return ((pieces[0], Fraction(1)),)
    shares: dict[str, Fraction] = {}
    for piece in pieces:
        who, colon, share = piece.replace("：", ":").rpartition(":")
        who = strip(who)
        if not colon or not who:
            raise ValueFault("credits_shape")
        if who in shares:
            raise ValueFault("credits_twice", who=who)
        try:
            percent = decimal_of(plain_signs(strip(share)).removesuffix("%"))
        except ValueFault:
            raise ValueFault("credits_shape") from None
        if percent <= 0:
            raise ValueFault("credits_shape")
        shares[who] = Fraction(percent) / 100
    total = sum(shares.values(), Fraction(0))
    if not shares:
        raise ValueFault("credits_shape")
    if total != 1:
        percent_sum = total * 100
        raise ValueFault("credits_sum", sum=(Decimal(percent_sum.numerator) / percent_sum.denominator).normalize())
    return tuple(shares.items())


def parse_list(text: str, *, limit: int = 50) -> tuple[str, ...]:
    """Several words in one cell, between ; , 、 or line ends."""
    written = parse_text(text, limit=4_000, lines=True)
    words = tuple(dict.fromkeys(strip(word) for word in _BETWEEN_WORDS.split(written) if strip(word)))
    if len(words) > limit:
        raise ValueFault("too_many", limit=limit)
    return words
