"""How far apart two places are, and which of those known lie near: millionths of a degree in, whole metres out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

NEAR_METRES: Final = 3_000
MOST_NEAR: Final = 6
# metres in a degree along a meridian
DEGREE: Final = 111_195
ROUND: Final = 360_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """Where a customer was met."""

    customer: int
    lat: int
    lon: int


def metres(lat: int, lon: int, other_lat: int, other_lon: int) -> int:
    """Between two places; exact enough for a few kilometres, also across the date line."""
    middle = (lat + other_lat) // 2
    narrow = math.floor(math.cos(math.radians(middle / 1_000_000)) * 1_000_000)
    along = (lon - other_lon + ROUND // 2) % ROUND - ROUND // 2
    north = (lat - other_lat) * DEGREE // 1_000_000
    east = along * DEGREE * narrow // 1_000_000_000_000
    return math.isqrt(north * north + east * east)


def nearest(lat: int, lon: int, known: Iterable[Known]) -> list[tuple[int, int]]:
    """(customer, metres) of those within reach on foot or a short drive, the nearest first; each customer once."""
    found: dict[int, int] = {}
    for one in known:
        far = metres(lat, lon, one.lat, one.lon)
        if far <= NEAR_METRES:
            found[one.customer] = min(far, found.get(one.customer, far))
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[:MOST_NEAR]
