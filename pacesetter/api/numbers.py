"""A row of a metric as other programs read it: the same on the command line and over HTTP."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pacesetter import assembly


def number(value: Fraction | int) -> int | float:
    """An exact value as JSON has it: a whole number where it is one, else the nearest double."""
    return value if isinstance(value, int) else value.numerator / value.denominator


def row(found: assembly.Row) -> dict[str, Any]:
    """`{"key": […], "top", "bottom", "value", "n", "unit"}`; `value` is null where the bottom is 0."""
    cell = found.cell
    return {
        "key": list(found.labels),
        "top": cell.top,
        "bottom": cell.bottom,
        "value": None if cell.value is None else number(cell.value),
        "n": cell.n,
        "unit": cell.unit,
    }
