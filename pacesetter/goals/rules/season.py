"""How a year's value falls on its months: by the share of past years, by working days, or evenly.

Weights only matter in proportion; `to_months` makes whole values of them that add up exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .rounding import in_units


@dataclass(frozen=True, slots=True)
class Season:
    """A weight per month, and what it comes from: `history` (of `years` years), `working_days` or `equal`."""

    weights: tuple[Fraction, ...]
    basis: str
    years: int = 0


def equal(months: int) -> Season:
    """Every month the same."""
    return Season((Fraction(1),) * months, "equal")


def by_working_days(days: Sequence[int]) -> Season:
    """By the working days of each month; evenly where no month has any."""
    if any(count < 0 for count in days):
        raise ValueError("a month has 0 or more working days")
    return Season(tuple(map(Fraction, days)), "working_days") if any(days) else equal(len(days))


def by_history(years: Sequence[Sequence[int]], days: Sequence[int]) -> Season:
    """The mean share of each month over past years, every year counting the same; by working days without a year.

    `years`: the values of each year by month, as many months as `days`. A month below 0 counts as 0; a year without
    anything is left out. ValueError where a year has other months.
    """
    if any(len(year) != len(days) for year in years):
        raise ValueError("every year has the same months")
    counted = [[max(value, 0) for value in year] for year in years]
    counted = [year for year in counted if any(year)]
    if not counted:
        return by_working_days(days)
    shares = [
        sum((Fraction(year[month], sum(year)) for year in counted), Fraction(0)) / len(counted)
        for month in range(len(days))
    ]
    return Season(tuple(shares), "history", len(counted))


def to_months(value: int, season: Season, *, unit: int = 1) -> tuple[int, ...]:
    """`value` (≥ 0) on the months, in multiples of `unit`; the odd rest goes to the largest month. Σ = value."""
    return tuple(in_units(value, season.weights, unit))
