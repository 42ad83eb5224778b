"""How a year's value falls on its months: by the share of past years, by working days, or evenly.

Weights only matter in proportion; `to_months` makes whole values of them that add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def to_months(
    value: int, season: Season, *, unit: int = 1, fixed: Mapping[int, int] | None = None
) -> tuple[int, ...]:  # fmt: skip
    """`value` (≥ 0) on the months, in multiples of `unit`; the odd rest goes to the largest month. Σ = value.

    `fixed`: months set by hand, by place; only the rest of the value falls on the others. Raises `SetTooMuch` where
    they exceed it, or all are set and miss it.
    """
    held = dict(fixed or {})
    rest = value - sum(held.values())
    free = [place for place in range(len(season.weights)) if place not in held]
    if rest < 0 or (rest and not free):
        raise SetTooMuch(-rest)
    weights = [season.weights[place] for place in free]
    # where the others have no weight the rest falls on them evenly
    parts = in_units(rest, weights if any(weights) else [1] * len(free), unit) if rest else [0] * len(free)
    found = held | dict(zip(free, parts, strict=True))
    return tuple(found[place] for place in range(len(season.weights)))


class SetTooMuch(ValueError):
    """Months set by hand that exceed their total (`by` > 0), or are all there are and miss it (`by` < 0)."""

    def __init__(self, by: int) -> None:
        super().__init__(f"months set by hand are off by {by}")
        self.by = by
