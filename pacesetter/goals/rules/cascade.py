"""Whether the goals below add up to the one above: Σ children = value + buffer, within one metric and scope.

Rates are never summed: they roll up from tops and bottoms, Σ (goal × planned bottom) ÷ Σ planned bottoms. Where the
bottoms are not planned nobody knows what the goals below come to together, and nothing is off balance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pacesetter.lib.money import round_half_up


@dataclass(frozen=True, slots=True)
class Node:
    """A goal as it would stand: value and buffer in the metric's unit, the goal above it (None = top).

    `sums` is what makes two goals comparable (metric, basis, scope, whole period or per day); `period` is (start, end);
    `owner` says whose it is. `roll`: how parts make the whole (`Metric.rolls`): "sum" | "stand" (of one time only) |
    "rate" | "" (not at all). `planned`: of a rate, the planned value of its bottom; None where there is no plan.
    """

    goal: int
    value: int
    buffer: int
    parent: int | None
    sums: tuple[object, ...]
    period: tuple[object, object]
    roll: str = "sum"
    owner: object = None
    planned: int | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """How the goals below one goal compare: `below` = what they come to, `difference` = below − value − buffer.

    `known`: False for rates whose bottoms are not planned; they lie somewhere between `low` and `high`.
    """

    goal: int
    value: int
    buffer: int
    below: int
    count: int
    rate: bool = False
    known: bool = True
    low: int = 0
    high: int = 0

    @property
    def difference(self) -> int:
        """More (+) or less (−) than value and buffer ask for; 0 where that is not known."""
        return self.below - self.value - self.buffer if self.known else 0

    @property
    def coverage(self) -> Fraction | None:
        """Below ÷ value; None over zero and where that is not known."""
        return Fraction(self.below, self.value) if self.value and self.known else None


def balances(nodes: Iterable[Node]) -> dict[int, Balance]:
    """goal → balance, for every goal that has comparable goals below it.

    A goal below counts when it is of the same metric, basis and scope and lies in the same time or a part of it. Where
    one owner has both a goal of the whole period and goals of parts of it (months), only the whole is summed; parts
    alone count (somebody who was in this team until a transfer). The owner's own months below the owner's own goal
    count only where nobody else's goals hang there: counting both would count twice.
    """
    held: Mapping[int, Node] = {node.goal: node for node in nodes}
    below: dict[int, list[Node]] = {}
    for node in held.values():
        above = held.get(node.parent) if node.parent is not None else None
        if above is not None and above.roll and node.sums == above.sums:
            below.setdefault(above.goal, []).append(node)
    found = {}
    for goal, children in below.items():
        above = held[goal]
        others = [child for child in children if child.owner != above.owner] or children
        whole = {child.owner for child in others if child.period == above.period}
        counted = [child for child in others if child.period == above.period
                   or (child.owner not in whole and above.roll != "stand")]  # fmt: skip
        if counted:
            found[goal] = _rate(above, counted) if above.roll == "rate" else Balance(
                goal, above.value, above.buffer, sum(c.value for c in counted), len(counted))  # fmt: skip
    return found


def _rate(above: Node, counted: Sequence[Node]) -> Balance:
    """Σ (goal × planned bottom) ÷ Σ planned bottoms."""
    values = [child.value for child in counted]
    planned = [child.planned for child in counted if child.planned is not None]
    known = len(planned) == len(counted) and sum(planned) > 0
    tops = sum(value * bottom for value, bottom in zip(values, planned, strict=True)) if known else 0
    below = round_half_up(Fraction(tops, sum(planned))) if known else 0
    return Balance(above.goal, above.value, above.buffer, below, len(counted), True, known, min(values), max(values))


def beyond(balance: Balance, tolerance: int) -> bool:
    """Whether the difference is more than `tolerance` basis points of the value."""
    return abs(balance.difference) * 10_000 > abs(balance.value) * tolerance


def loops(parents: Mapping[int, int | None], start: int) -> bool:
    """Whether following the goals above from `start` comes back to it."""
    seen = {start}
    now = parents.get(start)
    while now is not None:
        if now in seen:
            return True
        seen.add(now)
        now = parents.get(now)
    return False


def parts_add_up(target: int, parts: Sequence[int]) -> bool:
    """Whether the shares of months are the whole target (no parts: nothing to add)."""
    return not parts or sum(parts) == target
