"""What is left of a goal for somebody who was not there all the time: late joiner, leaver, absence.

Formula: goal × own working days ÷ working days it was made for, exactly; where the goal has months, month by month. The
goal itself stays as it was set. A goal made for certain days only (a spread knows who joins when) counts those alone,
so nobody is prorated twice for the same days.

Whether a metric is prorated is the company's choice; less-is-better metrics, averages, ratios and stands never are. A
team's and the company's goals are not: what one leaves, the others carry. A transfer changes nothing of a person's own
goal: whoever moves is there all the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Range = tuple[date, date]
Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Kind:
    """What proration needs to know of a metric: its better-direction, whether it is a sum, and the company's switch."""

    better: str = "up"
    is_sum: bool = True
    switch: bool = True


@dataclass(frozen=True, slots=True)
class Prorated:
    """A goal after proration: `value` of `before`, `own_days` of `days`; `parts` as (start, end, value).

    `why`: `prorated`, or `absent` (there on none of its days: nothing is asked), or why it stands as it was: `full`
    (there all the time), `switched_off`, `less_is_better`, `level` (average, ratio, stand), `no_working_days`.
    `weight` are the days to count by: those on which the owner is not there weigh nothing.
    """

    value: Number
    before: int
    own_days: int
    days: int
    why: str
    weight: Mapping[date, int]
    parts: tuple[tuple[date, date, Number], ...] = ()

    @property
    def changed(self) -> bool:
        """Whether less is asked than was set."""
        return self.why in ("prorated", "absent")

    @property
    def share(self) -> Fraction:
        """What is left of it; further lines of the goal are prorated alike."""
        return Fraction(self.value) / self.before if self.before else Fraction(1)


def reason(own_days: int, days: int, kind: Kind) -> str:
    """Which of the cases of `Prorated.why` applies."""
    if not kind.switch:
        return "switched_off"
    if not days:
        return "no_working_days"
    if kind.better == "down":
        return "less_is_better"
    if not kind.is_sum:
        return "level"
    if own_days == days:
        return "full"
    return "prorated" if own_days else "absent"


def prorate(
    value: int,
    parts: Sequence[tuple[date, date, int]],
    weight: Mapping[date, int],
    *,
    made_for: Iterable[Range] = (),
    away: Iterable[Range] = (),
    kind: Kind,
) -> Prorated:
    """A goal of the days of `weight`, made for some of them (none given = all), whose owner is away on some.

    Months without a day the goal was made for keep their value: nothing says on which days it is to be done.
    """
    spans = tuple(made_for)
    made = [day for day in weight if not spans or _in(day, spans)]
    gone = tuple(away)
    own = {day: 0 if _in(day, gone) else counted for day, counted in weight.items()} if gone else dict(weight)
    days = sum(weight[day] for day in made)
    own_days = sum(own[day] for day in made)
    why = reason(own_days, days, kind)
    if why in ("switched_off", "less_is_better", "level"):
        return Prorated(value, value, days, days, why, weight, tuple(parts))
    if why not in ("prorated", "absent"):
        return Prorated(value, value, own_days, days, why, own if own_days else weight, tuple(parts))
    if not parts:
        return Prorated(Fraction(value * own_days, days), value, own_days, days, why, own)
    after = []
    for start, end, part in parts:
        inside = [day for day in made if start <= day < end]
        whole = sum(weight[day] for day in inside)
        there = sum(own[day] for day in inside)
        after.append((start, end, Fraction(part * there, whole) if whole else Fraction(part)))
    return Prorated(sum((part for _a, _b, part in after), Fraction(0)), value, own_days, days, why, own, tuple(after))


def _in(day: date, ranges: Iterable[Range]) -> bool:
    return any(start <= day < end for start, end in ranges)
