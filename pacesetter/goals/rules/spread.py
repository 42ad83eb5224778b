"""Spreading a value down a tree (company → teams → people) and over months so that it adds up everywhere.

At every node and in every month Σ children = value + buffer, exactly; Σ months = value, exactly. Hand-set values are
kept and only the remainder is spread. Values are integers ≥ 0 in the metric's own unit; months may be any columns, a
single one included.

Formula for a child without a hand-set value, per month: remainder × weight × factor ÷ Σ (weight × factor) of all such
children, where factor is its presence and ramp in that month (`presence.py`). A child with hand-set months and no
hand-set total keeps the total it has without them; the rest of it falls on its other months. What cannot be whole is
rounded by `rounding.py`: every month to a neighbouring unit, every child's total by largest remainder, and what is less
than a unit goes to the largest child.

A value below its unit, and one with a hand-set value that is no multiple of it, is odd by that: it stays exact.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from pacesetter.lib.money import round_half_up

from . import rounding
from .weights import Weight

Number = int | Fraction
Grid = list[list[int]]


class SpreadError(ValueError):
    """A spread that cannot add up. `node`: the parent or child it is about; `by`: how much; `month`: which column.

    `.code`: `too_much` hand-set values exceed what there is (by); `left_over` nobody is left to take the rest (by);
    `nobody` nobody is there in that month (by); `month_left` its hand-set values miss it (by); `over_total` hand-set
    months exceed their total (by); `months` all months are set by hand and miss the hand-set total (by); `negative` a
    value or what is left after a buffer is below 0 (by); `shape` columns, keys or weights do not fit.
    """

    def __init__(self, code: str, node: Hashable, by: int = 0, month: int | None = None) -> None:
        super().__init__(f"{code} at {node}: {by}" + ("" if month is None else f" in column {month}"))
        self.code = code
        self.node = node
        self.by = by
        self.month = month


@dataclass(frozen=True, slots=True)
class Node:
    """A company, team or person to spread to; `key` is unique among its siblings.

    `weight`: relative to the siblings; None = what its children weigh together, month by month (1
    where there are none). `profile`: its factor
    per month, presence × ramp (× its own season); None = 1 everywhere. `fixed`: a hand-set total; `fixed_months`:
    hand-set values of single months by place. `buffer` and `buffer_share` (of the own value, half up) are what its
    children get beyond it; below 0 they get less. They say nothing where there are no children.
    """

    key: Hashable
    weight: Weight | Number | None = None
    children: tuple[Node, ...] = ()
    profile: tuple[Fraction, ...] | None = None
    fixed: int | None = None
    fixed_months: Mapping[int, int] = field(default_factory=dict)
    buffer: int = 0
    buffer_share: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Why:
    """What a share comes from. `how`: `given` (the top), `fixed` by hand, or `weight`.

    `pool`: what was there for the siblings (parent's value + buffer); `set_by_hand`: of it hand-set before; `exact`:
    this share of the remainder before rounding; `own_by_hand`: its own hand-set months beside it; `weight` with its
    figures, and `weight_sum` of the siblings it was measured against (mean over the months, factors included);
    `profile`: its factor per month; `odd`: what is in it below a unit.
    """

    how: str
    pool: int = 0
    set_by_hand: int = 0
    exact: Fraction = Fraction(0)
    weight: Weight | None = None
    weight_sum: Fraction = Fraction(0)
    profile: tuple[Fraction, ...] = ()
    odd: int = 0
    own_by_hand: int = 0

    @property
    def percent_of_rest(self) -> Fraction | None:
        """exact ÷ (pool − set_by_hand) in percent; None where nothing was left."""
        rest = self.pool - self.set_by_hand
        return 100 * self.exact / rest if rest else None


@dataclass(frozen=True, slots=True)
class Share:
    """One node of the spread tree: its value and months, the buffer for its children, and why."""

    key: Hashable
    value: int
    months: tuple[int, ...]
    why: Why
    buffer: int = 0
    buffer_months: tuple[int, ...] = ()
    children: tuple[Share, ...] = ()


def spread(root: Node, months: Sequence[int], *, unit: int = 1) -> Share:
    """The whole tree from the months of its top (`season.to_months`), in multiples of `unit`.

    Raises SpreadError; nothing is spread then.
    """
    if unit < 1 or not months:
        raise SpreadError("shape", root.key)
    if min(months) < 0:
        place = min(range(len(months)), key=lambda month: months[month])
        raise SpreadError("negative", root.key, -months[place], place)
    return _grow(root, tuple(months), Why("given", sum(months), exact=Fraction(sum(months))), unit)


def differences(share: Share) -> list[tuple[Hashable, int, int]]:
    """Where a tree does not add up: (key, column, Σ children − value − buffer). Empty for every spread tree."""
    found = []
    if share.children:
        for place, value in enumerate(share.months):
            gap = sum(child.months[place] for child in share.children) - value - share.buffer_months[place]
            if gap:
                found.append((share.key, place, gap))
        for child in share.children:
            found += differences(child)
    return found


def _grow(node: Node, months: tuple[int, ...], why: Why, unit: int) -> Share:
    value = sum(months)
    if not node.children:
        return Share(node.key, value, months, why)
    if len({child.key for child in node.children}) != len(node.children):
        raise SpreadError("shape", node.key)
    extra = node.buffer + _to_unit(value * node.buffer_share, unit)
    buffer = _buffer_months(node, months, extra, unit)
    columns = [own + more for own, more in zip(months, buffer, strict=True)]
    rows, reasons = _filled(node, columns, unit)
    children = tuple(
        _grow(child, tuple(row), reason, unit)
        for child, row, reason in zip(node.children, rows, reasons, strict=True)
    )  # fmt: skip
    return Share(node.key, value, months, why, extra, buffer, children)


def _filled(node: Node, columns: list[int], unit: int) -> tuple[Grid, list[Why]]:
    """The months of every child, and why; hand-set months move the others of the same child, not its total."""
    loose = [place for place, child in enumerate(node.children) if child.fixed_months and child.fixed is None]
    if not loose:
        return _Table(node, columns, unit).filled()
    plain = _with(node, {place: replace(node.children[place], fixed_months={}) for place in loose})
    try:
        rows, reasons = _Table(plain, columns, unit).filled()
    except SpreadError:
        # a month that nobody else can take, or too much in other places: the table itself says so
        return _Table(node, columns, unit).filled()
    held = {}
    for place in loose:
        child = node.children[place]
        by_hand = sum(child.fixed_months.values())
        total = by_hand if len(child.fixed_months) == len(columns) else sum(rows[place])
        held[place] = replace(child, fixed=total)
        reasons[place] = replace(reasons[place], own_by_hand=by_hand)
    found, said = _Table(_with(node, held), columns, unit).filled()
    return found, [reasons[place] if place in held else why for place, why in enumerate(said)]


def _with(node: Node, changed: Mapping[int, Node]) -> Node:
    return replace(node, children=tuple(changed.get(place, child) for place, child in enumerate(node.children)))


def _to_unit(exact: Fraction, unit: int) -> int:
    return round_half_up(exact / unit) * unit


def _buffer_months(node: Node, months: tuple[int, ...], extra: int, unit: int) -> tuple[int, ...]:
    """The buffer falls on the months as the value does; taken away, no month goes below 0."""
    value = sum(months)
    if extra < -value:
        raise SpreadError("negative", node.key, -extra - value)
    shape: Sequence[int] = months if value else [1] * len(months)
    parts = rounding.in_units(abs(extra), shape, unit if extra > 0 else 1)
    return tuple(parts) if extra >= 0 else tuple(-part for part in parts)


def _pull(node: Node, width: int) -> list[Fraction]:
    """Weight × factor per month."""
    profile = _profile(node, width)
    if node.weight is None and node.children:
        below = [_pull(child, width) for child in node.children]
        return [sum(column, Fraction(0)) * factor for column, factor in zip(zip(*below, strict=True), profile,
                                                                            strict=True)]  # fmt: skip
    weight = _weight(node).value
    if weight < 0:
        raise SpreadError("shape", node.key)
    return [weight * factor for factor in profile]


def _weight(node: Node) -> Weight:
    if isinstance(node.weight, Weight):
        return node.weight
    return Weight(Fraction(1 if node.weight is None else node.weight), "given")


def _profile(node: Node, width: int) -> tuple[Fraction, ...]:
    profile = (Fraction(1),) * width if node.profile is None else node.profile
    if len(profile) != width or min(profile) < 0:
        raise SpreadError("shape", node.key)
    return profile


class _Table:
    """Children × months of one node: hand-set cells, then hand-set rows, then the rest by weight."""

    def __init__(self, node: Node, columns: list[int], unit: int) -> None:
        self.node, self.unit, self.width = node, unit, len(columns)
        self.children = node.children
        self.pull = [_pull(child, self.width) for child in self.children]
        self.pool = sum(columns)
        self.left = list(columns)
        self.rows: Grid = [[0] * self.width for _child in self.children]
        # hand-set rows, and the others
        self.held = [place for place, child in enumerate(self.children) if child.fixed is not None]
        self.free = [place for place, child in enumerate(self.children) if child.fixed is None]

    def filled(self) -> tuple[Grid, list[Why]]:
        """The months of every child, and why."""
        self._cells()
        totals = [self._rest_of(place) for place in self.held]
        rest = sum(self.left) - sum(totals)
        if rest < 0:
            raise SpreadError("too_much", self.node.key, -rest)
        by_hand = self.pool - rest
        if rest and not any(map(self._somebody, range(self.width))):
            raise SpreadError("left_over", self.node.key, rest)
        free = self._held_rows(totals, rest)
        exact = self._by_weight(free)
        odd = self._odd(free)
        against = sum((sum(self.pull[place], Fraction(0)) for place in self.free), Fraction(0)) / self.width
        return self.rows, [self._why(place, by_hand, exact, odd, against) for place in range(len(self.children))]

    def _cells(self) -> None:
        for place, child in enumerate(self.children):
            for month, value in child.fixed_months.items():
                if not 0 <= month < self.width:
                    raise SpreadError("shape", child.key)
                if value < 0:
                    raise SpreadError("negative", child.key, -value, month)
                self.rows[place][month] = value
                self.left[month] -= value
        for month, left in enumerate(self.left):
            if left < 0:
                raise SpreadError("too_much", self.node.key, -left, month)

    def _rest_of(self, place: int) -> int:
        """What of a hand-set total is not in hand-set months."""
        child = self.children[place]
        total = child.fixed or 0
        if total < 0:
            raise SpreadError("negative", child.key, -total)
        rest = total - sum(child.fixed_months.values())
        if rest < 0:
            raise SpreadError("over_total", child.key, -rest)
        if rest and len(child.fixed_months) == self.width:
            raise SpreadError("months", child.key, rest)
        return rest

    def _open(self, place: int, month: int) -> bool:
        return month not in self.children[place].fixed_months

    def _somebody(self, month: int) -> bool:
        """Whether a child without a hand-set value can take something of a month."""
        return any(self.pull[place][month] > 0 and self._open(place, month) for place in self.free)

    def _held_rows(self, totals: list[int], rest: int) -> list[int]:
        """Put the hand-set totals on months, and answer what is left of every month for the others.

        Every total falls on the months as the columns do where the child is there; where that would overfill a month,
        or leave one that nobody else can take, it moves to other months.
        """
        table: Grid = []
        may: list[list[bool]] = []
        for place, total in zip(self.held, totals, strict=True):
            profile = _profile(self.children[place], self.width)
            allowed = [self._open(place, month) and profile[month] > 0 for month in range(self.width)]
            if not any(allowed):
                # a hand-set value stands even for somebody who is not there
                profile = (Fraction(1),) * self.width
                allowed = [self._open(place, month) for month in range(self.width)]
            shape = [self.left[month] * profile[month] if allowed[month] else Fraction(0) for month in
                     range(self.width)]  # fmt: skip
            table.append(self._row(total, shape, allowed))
            may.append(allowed)
        others = [self._somebody(month) for month in range(self.width)]
        for month, left in enumerate(self.left):
            if left and not others[month] and not any(allowed[month] for allowed in may):
                raise SpreadError(self._short(month), self.node.key, left, month)
        taken = [sum(column) for column in zip(*table, strict=True)] or [0] * self.width
        shape = [Fraction(max(left - gone, 0)) if other else Fraction(0) for left, gone, other in
                 zip(self.left, taken, others, strict=True)]  # fmt: skip
        table.append(self._row(rest, shape, others, unit=1))
        may.append(others)
        try:
            table = rounding.balance(table, self.left, may)
        except rounding.Unbalanced as wrong:
            raise self._unbalanced(wrong.over, others) from wrong
        for place, row in zip(self.held, table, strict=False):
            self.rows[place] = [
                cell if self._open(place, month) else self.rows[place][month] for month, cell in enumerate(row)
            ]
        return table[-1]

    def _unbalanced(self, over: Sequence[int], others: list[bool]) -> SpreadError:
        """A month that only hand-set values could fill and do not, else the month they overfill the most."""
        for month, amount in enumerate(over):
            if amount < 0 and not others[month]:
                return SpreadError(self._short(month), self.node.key, -amount, month)
        month = max(range(self.width), key=lambda place: (over[place], -place))
        return SpreadError("too_much", self.node.key, over[month], month)

    def _short(self, month: int) -> str:
        """Why nobody takes what is left of a month: it is set by hand for some, or nobody is there."""
        return "month_left" if any(month in child.fixed_months for child in self.children) else "nobody"

    def _row(self, total: int, shape: Sequence[Fraction], allowed: list[bool], unit: int | None = None) -> list[int]:
        if not total:
            return [0] * self.width
        return rounding.in_units(total, shape if any(shape) else [int(may) for may in allowed], unit or self.unit)

    def _by_weight(self, free: list[int]) -> dict[int, Fraction]:
        """Spread what is left of each month in whole units; answers each total before rounding."""
        if not any(free):
            return dict.fromkeys(self.free, Fraction(0))
        exact, table = dict.fromkeys(self.free, Fraction(0)), [[Fraction(0)] * self.width for _place in self.free]
        for month, left in enumerate(free):
            pulls = [self.pull[place][month] if self._open(place, month) else Fraction(0) for place in self.free]
            whole = sum(pulls, Fraction(0))
            if not left or not whole:
                continue
            for row, (place, pull) in enumerate(zip(self.free, pulls, strict=True)):
                table[row][month] = left // self.unit * pull / whole
                exact[place] += left * pull / whole
        for place, row_units in zip(self.free, rounding.round_table(table), strict=True):
            for month, units in enumerate(row_units):
                self.rows[place][month] += units * self.unit
        return exact

    def _odd(self, free: list[int]) -> dict[int, int]:
        """Give what is less than a unit to the largest child that is there in that month."""
        got: dict[int, int] = {}
        size = {place: sum(self.rows[place]) for place in self.free}
        for month, left in enumerate(free):
            if left % self.unit:
                able = [place for place in self.free if self.pull[place][month] > 0 and self._open(place, month)]
                largest = max(able, key=lambda place: (size[place], -place))
                self.rows[largest][month] += left % self.unit
                got[largest] = got.get(largest, 0) + left % self.unit
        return got

    def _why(self, place: int, by_hand: int, exact: dict[int, Fraction], odd: dict[int, int],
             against: Fraction) -> Why:  # fmt: skip
        child = self.children[place]
        profile = _profile(child, self.width)
        if child.fixed is not None:
            return Why("fixed", self.pool, by_hand, Fraction(child.fixed), profile=profile)
        weight = _weight(child)
        if child.weight is None and child.children:
            mean = sum(self.pull[place], Fraction(0)) / self.width
            weight = Weight(mean, "children", (("children", len(child.children)),))
        return Why("weight", self.pool, by_hand, exact[place], weight, against, profile, odd.get(place, 0),
                   sum(child.fixed_months.values()))  # fmt: skip
