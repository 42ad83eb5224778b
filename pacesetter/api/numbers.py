"""A row of a metric as other programs read it: the same on the command line and over HTTP."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pacesetter import assembly
from pacesetter.metrics.keeping import PaceRow


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


def paced(found: PaceRow) -> dict[str, Any]:
    """What a row of pace tells beside its cell: the goal, what should be done exactly, days and calendar it went by."""
    first, calendar = found.paces[0]
    one = len(found.paces) == 1
    # only where somebody is not there all the time: the goal as it was set
    prorated = {"target_before": found.before} if any(p.prorated and p.prorated.changed for p, _ in found.paces) else {}
    return {
        "target": found.target,
        **prorated,
        **({"provisional": True} if found.provisional else {}),
        "expected": number(found.expected),
        "days_passed": sum(pace.days_passed for pace, _ in found.paces),
        "days": sum(pace.days_passed + pace.days_left for pace, _ in found.paces),
        "basis": first.basis if one else ",".join(sorted({pace.basis for pace, _ in found.paces})),
        "calendar": calendar if one else ",".join(sorted({name for _, name in found.paces})),
        "status": found.status,
        "required_per_day": number(first.required_per_day) if one and first.required_per_day is not None else None,
    }
