"""Text of one cell → typed value, or a ValueFault that names reason and remedy.

Each parser takes non-blank text (plain `str` or `Cell`) and returns: text, ids, phones → str; money → int minor units;
quantity → Decimal; ratio → Fraction; integer → int; boolean → bool; words → the canonical word; dates → date; moments
→ aware datetime; credits → tuple of (who, Fraction), summing to 1. A value is read right or refused, never read as
another one.
"""

from .dates import infer_dates, parse_date, parse_moment
from .numbers import parse_integer, parse_money, parse_quantity, parse_ratio
from .texts import parse_email, parse_id, parse_mobile, parse_phone, parse_text
from .units import check_currency, counts_money, parse_unit
from .words import parse_boolean, parse_credits, parse_list, parse_word

__all__ = [
    "check_currency",
    "counts_money",
    "infer_dates",
    "parse_boolean",
    "parse_credits",
    "parse_date",
    "parse_email",
    "parse_id",
    "parse_integer",
    "parse_list",
    "parse_mobile",
    "parse_moment",
    "parse_money",
    "parse_phone",
    "parse_quantity",
    "parse_ratio",
    "parse_text",
    "parse_unit",
    "parse_word",
]
