"""What is left of a target for somebody who was not there all the time: late joiner, leaver, transfer, absence.

Formula: target × own working days ÷ working days of the period, rounded half up to the unit, never above the target.
Whether a metric is prorated is a switch of that metric; less-is-better metrics, averages, ratios and stands never are.
Nobody who was away for the whole period has a goal at all: that is no goal, and not a goal of 0 reached by 0 %.

Values are integers in the metric's own unit; days come from `presence.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pacesetter.lib import shares
from pacesetter.lib.money import round_half_up


class ProrationError(ValueError):
    """Days or a unit that cannot be."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What proration needs to know of a metric: its better-direction, whether it is a sum, and the company's switch."""

    better: str = "up"
    is_sum: bool = True
    switch: bool = True


@dataclass(frozen=True, slots=True)
class Prorated:
    """A target after proration; `lines` are 保底/目标/冲刺/挑战 in the order given, None where there is none.

    `why`: `prorated`, or why it stands as it was: `full` (there all the time), `switched_off`, `less_is_better`,
    `level` (average, ratio, stand), `no_working_days`; or `absent`, then there is no goal and every line is None.
    `lines` = `before` × `own_days` ÷ `days`.
    """

    lines: tuple[int | None, ...]
    before: tuple[int | None, ...]
    own_days: int
    days: int
    why: str

    @property
    def has_goal(self) -> bool:
        """False for somebody who was away all the time."""
        return self.why != "absent"


def prorate(lines: Sequence[int | None], own_days: int, days: int, kind: Kind, *, unit: int = 1) -> Prorated:
    """The lines of a goal for `own_days` of `days` working days. Raises ProrationError for impossible days."""
    if unit < 1 or not 0 <= own_days <= days:
        raise ProrationError(f"{own_days} of {days} days in units of {unit}")
    before = tuple(lines)
    why = reason(own_days, days, kind)
    if why == "absent":
        return Prorated((None,) * len(before), before, own_days, days, why)
    if why != "prorated":
        return Prorated(before, before, own_days, days, why)
    after = tuple(None if line is None else _part(line, own_days, days, unit) for line in before)
    return Prorated(after, before, own_days, days, why)


def reason(own_days: int, days: int, kind: Kind) -> str:
    """Which of the cases of `Prorated.why` applies."""
    if not kind.switch:
        return "switched_off"
    if not days:
        return "no_working_days"
    if not own_days:
        return "absent"
    if kind.better == "down":
        return "less_is_better"
    if not kind.is_sum:
        return "level"
    return "full" if own_days == days else "prorated"


def parts_of(value: int, own_days: Sequence[int], days: int, *, unit: int = 1) -> tuple[int, ...]:
    """One value over several stays of one person (a transfer): each by its working days, in whole units.

    They sum to exactly what the person's days together are prorated to, so a transfer loses and invents nothing.
    Raises ProrationError where the stays have more days than the period.
    """
    together = sum(own_days)
    if unit < 1 or min(own_days, default=0) < 0 or not 0 < together <= days:
        raise ProrationError(f"{list(own_days)} of {days} days in units of {unit}")
    total = value if together == days else _part(value, together, days, unit)
    found = [part * unit for part in shares.by_weights(total // unit, own_days)]
    found[max(range(len(found)), key=lambda place: (own_days[place], -place))] += total % unit
    return tuple(found)


def _part(value: int, own_days: int, days: int, unit: int) -> int:
    """Half up to the unit, and never more than the whole."""
    return min(value, round_half_up(Fraction(value * own_days, days * unit)) * unit)
