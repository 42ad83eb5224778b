"""Where a version of a goal stands, from what happened to it, and what may happen next.

draft → submitted → published → locked → superseded; a goal ends by the clock in achieved, missed or expired, or is
withdrawn. `accepted` is a signature beside the road, not a place on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

STATES: Final = ("drafted", "submitted", "returned", "published", "locked", "superseded", "withdrawn", "achieved",
                 "missed", "expired")  # fmt: skip
OPEN: Final = frozenset({"drafted", "submitted", "returned"})
IN_FORCE: Final = frozenset({"published", "locked", "achieved", "missed", "expired"})
WEEK_DAYS: Final = 5
_NEXT: Final = {
    "": {"drafted"},
    "drafted": {"submitted", "published", "withdrawn"},
    "submitted": {"returned", "published", "withdrawn"},
    "returned": {"submitted", "withdrawn"},
    "published": {"locked", "superseded", "withdrawn", "achieved", "missed", "expired", "accepted"},
    "locked": {"superseded", "achieved", "missed", "expired", "accepted"},
}


def status(kinds: Iterable[str]) -> str:
    """The place of a version after these events in their order; "" before the first."""
    last = ""
    for kind in kinds:
        if kind != "accepted":
            last = kind
    return last


def may_follow(now: str, kind: str) -> bool:
    """Whether an event may happen to a version that stands there."""
    return kind in _NEXT.get(now, set())


@dataclass(frozen=True, slots=True)
class Stood:
    """A version as the rules see it: its number, from which day it is the one to reach, what happened to it."""

    number: int
    valid_from: date
    events: tuple[str, ...]

    @property
    def status(self) -> str:
        """Where it stands."""
        return status(self.events)

    @property
    def was_published(self) -> bool:
        """Whether it was ever in force and not taken back."""
        return "published" in self.events and self.status != "withdrawn"


def in_force(versions: Sequence[Stood], on: date | None = None) -> Stood | None:
    """The version to reach on a day: the newest published one whose day has come (None: the newest of all).

    Before the first version's own day that first version is the one: a goal set on the 3rd holds for its whole month.
    """
    published = [v for v in sorted(versions, key=lambda v: v.number) if v.was_published]
    if on is None:
        return published[-1] if published else None
    come = [v for v in published if v.valid_from <= on]
    return come[-1] if come else (published[0] if published else None)


def held_before(happened: Iterable[tuple[int, str]]) -> int | None:
    """The version that held before the one in force now; None where there was none.

    `happened` is (number, kind) in the order of time. What was published after a withdrawal is the version that held
    before, put in force again, and takes its place: a goal is taken back step by step, to nothing in the end.
    """
    stack: list[int] = []
    again = False
    for number, kind in happened:
        if kind == "published":
            if again:
                stack.pop()
            stack.append(number)
            again = False
        elif kind == "withdrawn" and number in stack:
            again = stack[-1] == number and len(stack) > 1
            stack.remove(number)
    return stack[-2] if len(stack) > 1 else None


def open_draft(versions: Sequence[Stood]) -> Stood | None:
    """The version that is being worked on, if any: the newest, while it is draft, submitted or returned."""
    newest = max(versions, key=lambda v: v.number, default=None)
    return newest if newest is not None and newest.status in OPEN else None


def verdict(
    actual: tuple[int, int | None] | None, target: int | Fraction, *, ratio: bool, better: str = "up", per: str = ""
) -> str:
    """How a goal ended: achieved or missed; expired where the number is unknown.

    `actual` is (top, bottom); a ratio's target is in basis points of 1. Of a goal for each day or week (`per`) the top
    is the whole time's and the bottom its working days: it is achieved where the average reaches it, five working days
    making a week. Single days may stay below.
    """
    if actual is None:
        return "expired"
    top, bottom = actual
    if bottom == 0 or (ratio and bottom is None):
        return "expired"
    if bottom is None:
        have, want = top, target
    else:
        have, want = top * (10_000 if ratio else WEEK_DAYS if per == "week" else 1), target * bottom
    return "achieved" if (have <= want if better == "down" else have >= want) else "missed"


# from below to above, as a version has them
LINES = ("floor", "target", "stretch", "challenge")


def lines_above_nothing(lines: Sequence[int | None], target: int | None, *, better: str = "up") -> bool:
    """Whether a goal wants something: a target above 0 and no line below it. Where less is better 0 is one, too."""
    least = 0 if better == "down" else 1
    return target is not None and target >= least and all(line is None or line >= 0 for line in lines)


def lines_in_order(lines: Sequence[int | None], *, better: str = "up") -> bool:
    """Whether 保底 ≤ 目标 ≤ 冲刺 ≤ 挑战 (the other way round where lower is better); missing lines are skipped."""
    held = [line for line in lines if line is not None]
    if better == "down":
        held.reverse()
    return all(a <= b for a, b in pairwise(held))
