"""Splitting an integer (money in minor units, heads, visits) so that the parts add up to it exactly.

Largest remainder: every part gets its whole units; the units left over go to the largest remainders, the first of
equals first.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


class ShareError(ValueError):
    """Shares that cannot split anything: none, a negative one, or a sum that is not what it must be."""


def check_whole(shares: Sequence[Fraction]) -> None:
    """Raise ShareError unless the shares are each ≥ 0 and sum to exactly 1."""
    if not shares:
        raise ShareError("no shares")
    if any(share < 0 for share in shares):
        raise ShareError("negative share")
    if sum(shares, Fraction(0)) != 1:
        raise ShareError(f"shares sum to {sum(shares, Fraction(0))}, not 1")


def split(total: int, shares: Sequence[Fraction]) -> list[int]:
    """`total` by shares that sum to exactly 1; a negative total splits like the positive one with the sign turned."""
    check_whole(shares)
    size = abs(total)
    parts: list[int] = []
    remainders: list[Fraction] = []
    for share in shares:
        exact = size * Fraction(share)
        whole = exact.numerator // exact.denominator
        parts.append(whole)
        remainders.append(exact - whole)
    order = sorted(range(len(shares)), key=lambda place: (-remainders[place], place))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return parts if total >= 0 else [-part for part in parts]


def by_weights(total: int, weights: Sequence[Fraction | int]) -> list[int]:
    """`total` in proportion to weights (each ≥ 0, not all 0)."""
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact, Fraction(0))
    if any(weight < 0 for weight in exact) or whole == 0:
        raise ShareError("weights must be 0 or more and not all 0")
    return split(total, [weight / whole for weight in exact])


def from_percents(percents: Sequence[Fraction | int]) -> list[Fraction]:
    """Percentages that sum to exactly 100, as shares: [60, 40] → [3/5, 2/5]."""
    shares = [Fraction(percent) / 100 for percent in percents]
    check_whole(shares)
    return shares
