"""The Wilson interval: how far a rate seen on few cases may be from the true one.

Only for showing uncertainty; nothing is paid by it, so binary floating point is good enough here.
"""

from __future__ import annotations

from math import sqrt

# 95 % two-sided
Z = 1.959963984540054


def interval(top: int, bottom: int, z: float = Z) -> tuple[float, float]:
    """Lower and upper bound of top/bottom, within [0, 1]. ValueError unless 0 ≤ top ≤ bottom and bottom > 0."""
    if bottom <= 0 or not 0 <= top <= bottom:
        raise ValueError(f"no rate: {top}/{bottom}")
    rate = top / bottom
    spread = z * sqrt(rate * (1 - rate) / bottom + z * z / (4 * bottom * bottom))
    middle = rate + z * z / (2 * bottom)
    scale = 1 + z * z / bottom
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
