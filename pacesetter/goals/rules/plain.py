"""Explanations as plain values, to be kept with a version or sent by the API: what JSON holds, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any


def plain(value: object) -> Any:
    """Data classes as objects, fractions as [top, bottom], days as ISO text, sequences as lists.

    Raises TypeError for anything JSON has no exact word for, a float included.
    """
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Fraction):
        return [value.numerator, value.denominator]
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    raise TypeError(f"no plain value: {type(value).__name__}")
