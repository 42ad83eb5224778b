"""A cell of an imported table: its text, and what the file itself said it was.

Plain `str` stands for text of unknown kind (everything in a CSV). `Cell` is text with a `kind`: `number`, `date`,
`boolean`, `text` (the file says it is text), `error` (a formula error). Numbers are written out without exponent;
dates are ISO.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
                    "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!"])  # fmt: skip

# Spaces and invisible marks that people do not see at the edges of a cell.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
_BLANKS = " \t\r\n\v\f\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
EDGES = _BLANKS + INVISIBLE

_FULL = {ord("０") + digit: str(digit) for digit in range(10)} | {
    ord(full): plain for full, plain in zip("．，－−＋％（）：／￥＄　", ".,--+%():/¥$ ", strict=True)
}


class Cell(str):
    """Text with the kind that the file gave it."""

    __slots__ = ("kind",)
    kind: str

    def __new__(cls, text: str, kind: str) -> Cell:
        cell = super().__new__(cls, text)
        cell.kind = kind
        return cell


def kind_of(text: str) -> str:
    """The kind the file gave; empty where it gave none."""
    return text.kind if isinstance(text, Cell) else ""


def number_text(value: float | int) -> str:
    """A spreadsheet number as it would be written: at most the 15 digits a spreadsheet keeps, never an exponent below
    1E15.

    129.696 → `129.696`, 13800138000.0 → `13800138000`, 125.43999999999998 → `125.44`; 1.23E+17 keeps its exponent,
    because its last digits are lost already.
    """
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else f"{value:.14E}"
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= 1e15:
        return f"{value:.14E}"
    text = format(Decimal(f"{value:.15g}"), "f")
    return text if text != "-0" else "0"


def strip(text: str) -> str:
    """Without the blanks and invisible marks at both ends."""
    return text.strip(EDGES)


def plain_signs(text: str) -> str:
    """Full-width digits and signs as ASCII; letters are left alone, and so are the digits of other scripts."""
    return text if text.isascii() else text.translate(_FULL)


_SPACES = re.compile(r"\s+")


def plain_word(text: str) -> str:
    """A word to compare by: compatibility forms unified, no blanks, lower case (`成交额 ` = `成交额`, `Deal No.` =
    `deal no.`).
    """
    return _SPACES.sub("", strip(unicodedata.normalize("NFKC", text))).casefold()
