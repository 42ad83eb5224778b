"""Which goals speak for a stretch of time: month goals make a quarter, a year's goal with months makes each of them.

Both a quarter's goal and its months' may be set; counting both would count twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Tile:
    """A value for `[start, end)`: a whole goal, or the share of one of its parts."""

    goal: int
    start: date
    end: date
    target: int
    whole: bool = True


def cover(tiles: Iterable[Tile], start: date, end: date) -> list[Tile]:
    """The tiles that speak for `[start, end)`: inside it, the longest first, none over another; in order of time.

    Of equal length a whole goal goes before a part of a longer one, and a later goal before an earlier.
    """
    inside = sorted(
        (tile for tile in tiles if start <= tile.start and tile.end <= end),
        key=lambda tile: (-(tile.end - tile.start).days, not tile.whole, -tile.goal, tile.start),
    )
    taken: list[Tile] = []
    for tile in inside:
        if all(tile.end <= other.start or other.end <= tile.start for other in taken):
            taken.append(tile)
    return sorted(taken, key=lambda tile: tile.start)


def total(tiles: Sequence[Tile]) -> int:
    """Σ of their values."""
    return sum(tile.target for tile in tiles)
