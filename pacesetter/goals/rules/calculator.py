"""The reverse-funnel calculator: from an amount to effective visits a day, and back.

    deals = amount ÷ average order value            prospects (intents) = deals ÷ win rate
    qualified leads = prospects ÷ lead conversion   proposals = prospects × proposals per prospect
    effective visits = prospects × visits per prospect (or leads × visits per lead); a day = ÷ working days left

Rates come from `rates.py` and carry their range. The range of a step joins those of its rates by the root of the sum
of their squared relative errors: not every rate is unlucky at once. Nothing is rounded on the way, only an action goal
is, upwards. A rate that nobody has a case for, or that is 0, ends its branch: the step says so and has no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from .rates import Used, root

DIVIDE, TIMES = "divide", "times"


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain: `key` = `of` ÷ or × the rate `by`."""

    key: str
    of: str
    by: str
    how: str


def steps(visits_of: str = "intents") -> tuple[Step, ...]:
    """The chain; `visits_of`: what a company plans visits by, `intents` or `leads`."""
    if visits_of not in ("intents", "leads"):
        raise ValueError(f"no visits per {visits_of}")
    return (
        Step("deals", "amount", "average_order_value", DIVIDE),
        Step("intents", "deals", "win_rate", DIVIDE),
        Step("leads", "intents", "lead_conversion_rate", DIVIDE),
        Step("proposals", "intents", "proposals_per_intent", TIMES),
        Step("visits", visits_of, f"visits_per_{visits_of[:-1]}", TIMES),
    )


RATES: Final = tuple(step.by for step in steps())
# what becomes an action goal
ACTIONS: Final = ("visits", "proposals")


@dataclass(frozen=True, slots=True)
class Range:
    """Least if all goes well, expected, most if it does not (None: no upper end). Exact, not rounded."""

    least: Fraction
    expected: Fraction
    most: Fraction | None


@dataclass(frozen=True, slots=True)
class Link:
    """One computed step. `rate`: what was used, `slid`: set by the slider, `used`: own, team and used with their cases.

    `needed` until the end, `per_day` on the working days left; both None with `missing`: `no_data` or `zero` (its own
    rate), `before` (an earlier step).
    """

    step: Step
    rate: Fraction | None
    slid: bool
    used: Used | None
    needed: Range | None
    per_day: Range | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole calculation for an amount (minor units, still to do) over working days left."""

    amount: int
    days: int
    links: tuple[Link, ...]

    def link(self, key: str) -> Link:
        """The step of that key."""
        return next(link for link in self.links if link.step.key == key)

    @property
    def missing(self) -> tuple[tuple[str, str, str], ...]:
        """(step, rate, why) of every step whose own rate is unknown or 0."""
        return tuple(
            (link.step.key, link.step.by, link.missing) for link in self.links if link.missing in ("no_data", "zero")
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What visits a day bring until the end: an amount as a range in minor units, None where a rate is missing."""

    visits: Fraction
    days: int
    amount: Range | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Solved:
    """The rate that makes a number of visits enough; None with `why`: no_data | above_all | no_visits | not_on_the_way.

    `above_all`: a share of more than 100 % would be needed (`rate` says how much).
    """

    rate: Fraction | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ActionGoal:
    """A whole number `count` per `per` (day | week), from `exact` a day."""

    count: int
    per: str
    exact: Fraction


def reverse(
    amount: int, rates: Mapping[str, Used], days: int, *, slid: Mapping[str, Fraction] | None = None,
    visits_of: str = "intents",
) -> Chain:  # fmt: skip
    """What an amount still to do (minor units, ≥ 0) needs on `days` working days.

    `slid`: rates of the sliders; they replace the used ones and have no range. ValueError below 0.
    """
    if amount < 0 or days < 0:
        raise ValueError(f"{amount} on {days} days")
    known: dict[str, tuple[Fraction, Fraction, Fraction | None]] = {"amount": (Fraction(amount), Fraction(0),
                                                                               Fraction(0))}  # fmt: skip
    links = []
    for step in steps(visits_of):
        rate, low, high, missing = _rate(step, rates, slid or {})
        chosen = step.by in (slid or {})
        if missing or step.of not in known or rate is None:
            why = missing or "before"
            links.append(Link(step, rate, chosen, rates.get(step.by), None, None, why))
            continue
        expected, lucky, unlucky = known[step.of]
        expected = expected / rate if step.how == DIVIDE else expected * rate
        good, bad = _errors(step.how, rate, low, high)
        lucky += good
        unlucky = None if unlucky is None or bad is None else unlucky + bad
        known[step.key] = (expected, lucky, unlucky)
        needed = _range(expected, lucky, unlucky)
        links.append(Link(step, rate, chosen, rates.get(step.by), needed, _a_day(needed, days)))
    return Chain(amount, days, tuple(links))


def forward(
    visits: Fraction | int, rates: Mapping[str, Used], days: int, *, slid: Mapping[str, Fraction] | None = None,
    visits_of: str = "intents",
) -> Outcome:  # fmt: skip
    """What so many effective visits a day bring on `days` working days. ValueError below 0."""
    if visits < 0 or days < 0:
        raise ValueError(f"{visits} on {days} days")
    way = _way(visits_of)
    found = {step.key: _rate(step, rates, slid or {}) for step in way}
    missing = tuple(step.by for step in way if found[step.key][3])
    if missing:
        return Outcome(Fraction(visits), days, None, missing)
    amount, lucky, unlucky = Fraction(visits) * days, Fraction(0), Fraction(0)
    open_end = False
    for step in reversed(way):
        rate, low, high, _missing = found[step.key]
        amount = amount * (rate or 0) if step.how == DIVIDE else amount / (rate or 1)
        good, bad = _errors(step.how, rate or Fraction(1), low, high)
        lucky += good
        open_end = open_end or bad is None
        unlucky += bad or 0
    most = amount * (1 + root(lucky))
    return Outcome(
        Fraction(visits), days, Range(Fraction(0) if open_end else amount / (1 + root(unlucky)), amount, most)
    )


def solve(
    amount: int, rates: Mapping[str, Used], days: int, visits: Fraction | int, which: str, *,
    slid: Mapping[str, Fraction] | None = None, visits_of: str = "intents",
) -> Solved:  # fmt: skip
    """The value of the rate `which` at which `visits` a day are exactly enough; the other rates stay.

    At the other end of the slider: visits in proportion (or in inverse proportion) to the rate.
    """
    step = next((step for step in _way(visits_of) if step.by == which), None)
    if step is None:
        return Solved(None, "not_on_the_way")
    # its own value plays no part: with 1 in its place the visits are those of a rate of 1
    at_one = reverse(amount, rates, days, slid={**(slid or {}), which: Fraction(1)}, visits_of=visits_of).link("visits")
    if at_one.needed is None:
        return Solved(None, "no_data")
    total, wanted = Fraction(visits) * days, at_one.needed.expected
    if total <= 0 or wanted <= 0:
        return Solved(None, "no_visits")
    rate = wanted / total if step.how == DIVIDE else total / wanted
    used = rates.get(which)
    is_share = used.kind == "share" if used else which.endswith("_rate")
    return Solved(rate, "above_all" if is_share and rate > 1 else "")


def action_goal(per_day: Fraction, week_days: int = 5) -> ActionGoal | None:
    """A day's number as a goal: rounded up to whole ones a day, or a week where it is less than one a day.

    `week_days`: working days of an ordinary week. None where nothing is needed.
    """
    if per_day <= 0:
        return None
    if per_day >= 1:
        return ActionGoal(_up(per_day), "day", per_day)
    return ActionGoal(_up(per_day * week_days), "week", per_day)


def _way(visits_of: str) -> list[Step]:
    """The steps from the amount to the visits, in order."""
    by_key = {step.key: step for step in steps(visits_of)}
    way, at = [], "visits"
    while at != "amount":
        way.append(by_key[at])
        at = by_key[at].of
    return way[::-1]


def _rate(
    step: Step, rates: Mapping[str, Used], slid: Mapping[str, Fraction]
) -> tuple[Fraction | None, Fraction | None, Fraction | None, str]:
    """(value, low, high, what is missing)."""
    if step.by in slid:
        value = Fraction(slid[step.by])
        return value, value, value, "" if value > 0 else "zero"
    used = rates.get(step.by)
    if used is None or used.value is None:
        return None, None, None, "no_data"
    if used.value <= 0:
        return used.value, used.low, used.high, "zero"
    return used.value, used.low, used.high, ""


def _errors(
    how: str, rate: Fraction, low: Fraction | None, high: Fraction | None
) -> tuple[Fraction, Fraction | None]:  # fmt: skip
    """Squared relative errors (to the good, to the bad) of what is needed; None: no end to the bad."""
    up = (high or rate) / rate - 1
    down = rate / low - 1 if low else None
    if how == DIVIDE:
        return up * up, None if down is None else down * down
    return (down or Fraction(0)) ** 2, up * up


def _range(expected: Fraction, lucky: Fraction, unlucky: Fraction | None) -> Range:
    return Range(expected / (1 + root(lucky)), expected, None if unlucky is None else expected * (1 + root(unlucky)))


def _a_day(needed: Range, days: int) -> Range | None:
    if not days:
        return None
    return Range(needed.least / days, needed.expected / days, None if needed.most is None else needed.most / days)


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)
