"""Chance without floats: the same seed rolls the same numbers on every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Dice:
    """Whole numbers, picks and chances in thousandths."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def roll(self, low: int, high: int) -> int:
        """One of low … high, both included."""
        return self._random.randrange(low, high + 1)

    def chance(self, permille: int) -> bool:
        """True this many times in a thousand."""
        return self._random.randrange(1000) < permille

    def pick(self, things: Sequence[Thing]) -> Thing:
        """One of them, all alike."""
        return things[self._random.randrange(len(things))]

    def weighted(self, things: Sequence[tuple[Thing, int]]) -> Thing:
        """One of them, each as often as its weight says."""
        left = self._random.randrange(sum(weight for _thing, weight in things))
        for thing, weight in things:
            if left < weight:
                return thing
            left -= weight
        raise AssertionError("weights sum to the range rolled")

    def times(self, permille: int) -> int:
        """A whole number that is permille/1000 on average: 1400 gives one, or two four times in ten."""
        return permille // 1000 + (1 if self.chance(permille % 1000) else 0)
