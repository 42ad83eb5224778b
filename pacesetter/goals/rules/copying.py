"""A tree of goals as that of another period: the same proportions, all of it by one factor, adding up as it did.

Where the goals below a goal were its value and buffer before, they are afterwards: by largest remainder at every node,
and month by month where the whole family has months. Goals that did not add up keep their own proportions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up
from pacesetter.people.rules import gone

from . import rounding

SAME = 100


@dataclass(frozen=True, slots=True)
class Node:
    """A goal as it was: `above` is the goal whose Σ it belongs to (None: nobody's)."""

    key: Hashable
    value: int
    above: Hashable | None = None
    buffer: int = 0
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """What it becomes."""

    value: int
    buffer: int
    months: tuple[int, ...]


def scaled(nodes: Sequence[Node], percent: int = SAME, *, unit: int = 1) -> dict[Hashable, Copy]:
    """key → the goal by `percent` of what it was (110: a tenth more), in multiples of `unit` where it can be.

    ValueError for a percent or a unit below 1.
    """
    if percent < 1 or unit < 1:
        raise ValueError(f"no copy by {percent} % in units of {unit}")
    if percent == SAME:
        return {node.key: Copy(node.value, node.buffer, node.months) for node in nodes}
    held = {node.key: node for node in nodes}
    below: dict[Hashable | None, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.above if node.above in held else None, []).append(node)
    found: dict[Hashable, Copy] = {}
    for top in below.get(None, ()):
        value = by(top.value, percent, unit)
        _grow(top, value, _on_months(top, value, unit), below, percent, unit, found)
    return found


def unit_of(values: Iterable[int], whole: int) -> int:
    """The unit of the copies: the whole one where every value was a multiple of it, else the smallest."""
    return whole if all(value % whole == 0 for value in values) else 1


def same_stretch(
    start: date, end: date, kind: str, source: periods.Period, target: periods.Period, settings: periods.Settings
) -> periods.Period | None:  # fmt: skip
    """What `[start, end)` of the period before is in the new one: the whole, or its n-th month, quarter, …; None where
    it has no name, or the new period has fewer of them."""
    if (start, end) == (source.start, source.end):
        return target
    if kind not in periods.KINDS:
        return None
    old = [(one.start, one.end) for one in periods.between(source.start, source.end, kind, settings)]
    new = list(periods.between(target.start, target.end, kind, settings))
    place = old.index((start, end)) if (start, end) in old else len(new)
    return new[place] if place < len(new) else None


def left_out(
    first: date, *, left_on: date | None = None, merged: bool = False, closed_on: date | None = None
) -> str:  # fmt: skip
    """Why an owner gets no goal that begins to count on a day: `left`, `closed`; empty where nothing speaks against it.

    Who leaves while the period runs is still there when it begins.
    """
    if merged or gone(left_on, first):
        return "left"
    return "closed" if closed_on is not None and closed_on <= first else ""


def by(value: int, percent: int, unit: int = 1) -> int:
    """`percent` of a value, half up to a multiple of the unit."""
    return round_half_up(Fraction(value * percent, 100 * unit)) * unit


def lines(
    old: tuple[int | None, int | None, int | None], target: int, percent: int, *, unit: int = 1, better: str = "up"
) -> tuple[int | None, int | None, int | None]:
    """Floor, stretch and challenge by the same factor, never across the new target or each other by rounding."""
    floor, stretch, challenge = (None if line is None else by(line, percent, unit) for line in old)
    nearer, further = (max, min) if better == "down" else (min, max)
    if floor is not None:
        floor = nearer(floor, target)
    if stretch is not None:
        stretch = further(stretch, target)
    if challenge is not None:
        challenge = further(challenge, target if stretch is None else stretch)
    return floor, stretch, challenge


def _grow(
    node: Node, value: int, months: tuple[int, ...], below: dict[Hashable | None, list[Node]], percent: int, unit: int,
    found: dict[Hashable, Copy],
) -> None:  # fmt: skip
    children = below.get(node.key, [])
    buffer = by(node.buffer, percent, unit)
    found[node.key] = Copy(value, buffer, months)
    if not children:
        return
    was = sum(child.value for child in children)
    balanced = was == node.value + node.buffer
    total = value + buffer if balanced and value + buffer >= 0 else by(was, percent, unit)
    values = rounding.in_units(total, [child.value for child in children], unit) if was else [0] * len(children)
    rows = [_on_months(child, own, unit) for child, own in zip(children, values, strict=True)]
    if balanced and months:
        rows = _balanced(node, months, buffer, children, rows)
    for child, own, row in zip(children, values, rows, strict=True):
        _grow(child, own, row, below, percent, unit, found)


def _on_months(node: Node, value: int, unit: int) -> tuple[int, ...]:
    if not node.months:
        return ()
    return tuple(rounding.in_units(value, node.months if any(node.months) else [1] * len(node.months), unit))


def _balanced(
    node: Node, months: tuple[int, ...], buffer: int, children: list[Node], rows: list[tuple[int, ...]]
) -> list[tuple[int, ...]]:
    """The months of the children made to add up to those of the goal above, where they did before."""
    if any(len(child.months) != len(months) for child in children):
        return rows
    more = [sum(column) - own for column, own in zip(zip(*(child.months for child in children), strict=True),
                                                     node.months, strict=True)]  # fmt: skip
    if any(extra * node.buffer < 0 for extra in more) or (not node.buffer and any(more)):
        return rows
    sizes = [abs(extra) for extra in more]
    shares = rounding.in_units(abs(buffer), sizes) if any(sizes) else [0] * len(months)
    columns = [own + (share if buffer >= 0 else -share) for own, share in zip(months, shares, strict=True)]
    if min(columns) < 0 or sum(columns) != sum(map(sum, rows)):
        return rows
    table = [list(row) for row in rows]
    try:
        # who had nothing in a month (not there yet) gets nothing there
        found = rounding.balance(table, columns, [[bool(value) for value in child.months] for child in children])
    except rounding.Unbalanced:
        found = rounding.balance(table, columns, [[True] * len(months) for _child in children])
    return [tuple(row) for row in found]
