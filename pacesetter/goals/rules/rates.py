"""One person's rate from few cases: drawn towards the team's, with how far it may be off.

Formulas (empirical Bayes; the prior is the team's rate counted as k cases, k = min(`PRIOR`, the team's cases)):

    share of cases      used = (own top + k × team) ÷ (own bottom + k), team = Σ top ÷ Σ bottom
                        range = Wilson interval of `used` on own bottom + k cases
    mean per case       used = the same; range = used ÷ (1 + e) to used × (1 + e)
                        e = z × s ÷ (used × √(own bottom + k)), s from the team's squares where they are known,
                        else that of a count (s² = used)

The range holds at `LEVEL` percent. Everything is exact; a square root is rounded up at the twelfth decimal, so a range
is never too narrow. The Wilson interval is that of `lib/wilson.py`, for fractions of cases and without floats.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final

PRIOR: Final = 30
LEVEL: Final = 80
# 80 % two-sided
Z: Final = Fraction(12_815_516, 10_000_000)
_SCALE: Final = 10**12


@dataclass(frozen=True, slots=True)
class Seen:
    """What was counted: `top` of `bottom` (won of closed, money of deals, visits of prospects).

    `squares`: Σ of the squared value of each case, where it is known, for the range of an amount.
    """

    top: int
    bottom: int
    squares: int | None = None

    def __post_init__(self) -> None:
        if self.top < 0 or self.bottom < 0:
            raise ValueError(f"no rate: {self.top}/{self.bottom}")

    @property
    def rate(self) -> Fraction | None:
        """top ÷ bottom, None without a case."""
        return Fraction(self.top, self.bottom) if self.bottom else None


@dataclass(frozen=True, slots=True)
class Used:
    """The rate a calculation goes by, with what it comes from.

    `value`, `low`, `high`: None where nobody has a case. `kind`: share | mean. `prior`: the cases the team's rate
    counted for. `basis`: own | team | own_and_team | none.
    """

    kind: str
    own: Seen
    team: Seen
    prior: int
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    basis: str


def share(own: Seen, team: Seen, *, prior: int = PRIOR) -> Used:
    """A rate of cases that succeeded (win rate, lead conversion). `team` includes the person. ValueError: top > all."""
    if own.top > own.bottom or team.top > team.bottom:
        raise ValueError("more succeeded than there were")
    used = _drawn("share", own, team, prior)
    if used.value is None:
        return used
    low, high = wilson(used.value, Fraction(own.bottom + used.prior or team.bottom))
    return _ranged(used, low, high)


def mean(own: Seen, team: Seen, *, prior: int = PRIOR) -> Used:
    """An average per case (order value in minor units, visits per prospect). `team` includes the person."""
    used = _drawn("mean", own, team, prior)
    if not used.value:
        return used
    error = _relative_error(used)
    return _ranged(used, used.value / (1 + error), used.value * (1 + error))


def wilson(rate: Fraction, cases: Fraction, z: Fraction = Z) -> tuple[Fraction, Fraction]:
    """Lower and upper bound of a rate seen on `cases` (> 0, may be a fraction), within [0, 1]."""
    scale = 1 + z * z / cases
    middle = rate + z * z / (2 * cases)
    spread = z * root(rate * (1 - rate) / cases + z * z / (4 * cases * cases))
    return max(Fraction(0), (middle - spread) / scale), min(Fraction(1), (middle + spread) / scale)


def root(value: Fraction) -> Fraction:
    """The square root of a value ≥ 0, rounded up at the twelfth decimal."""
    square = -(-value.numerator * _SCALE * _SCALE // value.denominator)
    found = isqrt(square)
    return Fraction(found + (found * found < square), _SCALE)


def drawn(own: Seen, team: Seen, prior: int = PRIOR) -> tuple[Fraction | None, int]:
    """(own rate drawn towards the team's, cases the team's rate counted for); None where nobody has a case."""
    if prior < 0:
        raise ValueError(f"prior of {prior} cases")
    weight = min(prior, team.bottom)
    cases = own.bottom + weight
    return ((own.top + weight * (team.rate or 0)) / Fraction(cases) if cases else team.rate), weight


def _drawn(kind: str, own: Seen, team: Seen, prior: int) -> Used:
    value, weight = drawn(own, team, prior)
    if value is None:
        basis = "none"
    else:
        basis = "own" if own.bottom and not weight else "own_and_team" if own.bottom else "team"
    return Used(kind, own, team, weight, value, value, value, basis)


def _ranged(used: Used, low: Fraction, high: Fraction) -> Used:
    return Used(used.kind, used.own, used.team, used.prior, used.value, low, high, used.basis)


def _relative_error(used: Used) -> Fraction:
    """z × s ÷ (mean × √cases)."""
    value, cases = used.value or Fraction(1), used.own.bottom + used.prior or used.team.bottom
    crowd = used.team if used.team.bottom > 1 and used.team.squares is not None else used.own
    if crowd.squares is None or crowd.bottom < 2:
        return Z * root(1 / (value * cases))
    variance = (Fraction(crowd.squares) - Fraction(crowd.top * crowd.top, crowd.bottom)) / (crowd.bottom - 1)
    return Z * root(max(variance, Fraction(0)) / (value * value * cases))
