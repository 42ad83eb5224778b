"""Whether the goals below add up to the one above: Σ children = value + buffer, within one metric and scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Node:
    """A goal as it would stand: value and buffer in the metric's unit, the goal above it (None = top).

    `sums` is what makes two goals comparable (metric, basis, scope, whole period or per day); `period` is (start, end);
    `owner` says whose it is.
    """

    goal: int
    value: int
    buffer: int
    parent: int | None
    sums: tuple[object, ...]
    period: tuple[object, object]
    additive: bool = True
    owner: object = None


@dataclass(frozen=True, slots=True)
class Balance:
    """How the goals below one goal compare: `below` = Σ of them, `difference` = below − value − buffer."""

    goal: int
    value: int
    buffer: int
    below: int
    count: int

    @property
    def difference(self) -> int:
        """More (+) or less (−) than value and buffer ask for."""
        return self.below - self.value - self.buffer

    @property
    def coverage(self) -> Fraction | None:
        """Σ below ÷ value; None over zero."""
        return Fraction(self.below, self.value) if self.value else None


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
        if above is not None and above.additive and node.sums == above.sums:
            below.setdefault(above.goal, []).append(node)
    found = {}
    for goal, children in below.items():
        above = held[goal]
        others = [child for child in children if child.owner != above.owner] or children
        whole = {child.owner for child in others if child.period == above.period}
        counted = [child for child in others if child.period == above.period or child.owner not in whole]
        found[goal] = Balance(goal, above.value, above.buffer, sum(c.value for c in counted), len(counted))
    return found


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
