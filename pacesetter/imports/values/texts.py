"""Texts, identifiers and addresses."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from ..cells import EDGES, ERRORS, kind_of, plain_signs, strip
from ..faults import ValueFault

MAX_TEXT = 200
MAX_NOTE = 10_000

# C0 except tab and line ends, DEL, C1, noncharacters, lone surrogates; U+FFFD marks what a decoder already lost.
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_SCIENTIFIC = re.compile(r"[-+]?\d+(?:\.\d+)?[eE][-+]?\d+", re.ASCII)
_FLOATED = re.compile(r"\d+\.0+", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\.]+(?:\.[^\s@<>,;:\"()\[\]\\.]+)+")
_CN_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_BLANKS_IN_NUMBERS = re.compile(r"[\s\-‐-―().·]+")
_PHONE = re.compile(r"\+?[\d\s\-‐-―().]{3,30}(?:(?:转|分机|x|ext\.?|#)\s*\d{1,8})?", re.IGNORECASE)


def parse_text(text: str, *, limit: int = MAX_TEXT, lines: bool = False) -> str:
    """Text as people see it: NFC, trimmed (also full-width and zero-width blanks), no control characters.

    What looks like a formula stays as data. `lines` lets line ends and tabs through (notes).
    """
    if type(text) is not str:
        if kind_of(text) == "boolean":
            raise ValueFault("wrong_type", wanted=WANTED["text"], found=text)
        check_error(text)
        text = str(text)
    elif text[:1] == "#":
        check_error(text)
    value = text.strip(EDGES)
    if value.isascii():
        if value.isprintable():
            return _within(value, limit)
    else:
        value = unicodedata.normalize("NFC", value)
    found = _CONTROL.search(value)
    if found:
        raise ValueFault("control_character", char=f"U+{ord(found.group()):04X}")
    if "\ufffd" in value or "锟斤拷" in value:
        raise ValueFault("damaged_text", char="U+FFFD")
    if not lines and ("\n" in value or "\r" in value or "\t" in value or "\u2028" in value):
        value = " ".join(value.split())
    return _within(value, limit)


def check_error(text: str) -> None:
    """Raise where the cell is a formula error such as #N/A."""
    if kind_of(text) == "error" or (text[:1] == "#" and strip(text).upper() in ERRORS):
        raise ValueFault("formula_error", value=strip(text))


def _within(value: str, limit: int) -> str:
    if len(value) > limit:
        raise ValueFault("too_long", limit=limit)
    return value


def parse_id(text: str, *, limit: int = 80) -> str:
    """An identifier, kept digit by digit: leading zeros stay; scientific notation and lost digits are refused."""
    value = parse_text(text, limit=limit)
    value = plain_signs(value)
    if _SCIENTIFIC.fullmatch(value):
        # 1E5 may be a genuine code, 1.23E+11 never is: a mantissa with a point or a signed exponent is a damaged number
        if "." in value or "+" in value or "-" in value or kind_of(text) == "number":
            raise ValueFault("damaged_id")
    elif kind_of(text) == "number" and ("." in value or len(value.lstrip("-")) > 15):
        raise ValueFault("damaged_id")
    return value


def parse_mobile(text: str) -> str:
    """A mobile number: 11 Chinese digits without +86 and separators, or `+` and 7–15 digits of another country."""
    value = plain_signs(parse_text(text, limit=60))
    if _SCIENTIFIC.fullmatch(value):
        raise ValueFault("damaged_id")
    if _FLOATED.fullmatch(value):
        raise ValueFault("mobile_shape")
    digits = _BLANKS_IN_NUMBERS.sub("", value)
    for prefix in ("+86", "0086", "86"):
        rest = digits.removeprefix(prefix)
        if rest is not digits and rest != digits and _CN_MOBILE.fullmatch(rest):
            return rest
    if _CN_MOBILE.fullmatch(digits):
        return digits
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if digits.startswith("+") and not digits.startswith("+86"):
        number = digits[1:]
        if number.isascii() and number.isdigit() and 7 <= len(number) <= 15 and number[0] != "0":
            return digits
    raise ValueFault("mobile_shape")


def parse_phone(text: str) -> str:
    """Any telephone number, as written but with plain digits and single blanks."""
    value = " ".join(plain_signs(parse_text(text, limit=60)).split())
    if _SCIENTIFIC.fullmatch(value):
        raise ValueFault("damaged_id")
    if not _PHONE.fullmatch(value) or not 3 <= sum(char.isdigit() for char in value) <= 24:
        raise ValueFault("phone_shape")
    return value


def parse_email(text: str) -> str:
    """An address `name@domain`, domain in lower case."""
    value = parse_text(text, limit=120)
    if not _EMAIL.fullmatch(value):
        raise ValueFault("email_shape")
    name, _, domain = value.rpartition("@")
    return f"{name}@{domain.lower()}"


# What a parser wanted, in words that fit the sentence of `wrong_type`.
WANTED = {"text": _("文字")}
