"""Spread weights over plain figures: history, ability, resources, potential, headcount, equal, and a blend of them.

A weight is how much of a parent's value a child takes relative to its siblings; only proportions matter. Every weight
keeps the figures it comes from, for "why this number". Where nobody has a figure all are equal and the note says so.

Notes: `nobody_has_figures` equal instead; `newcomer` no history at all, the mean of the others; `part_history` the
missing time filled with the mean of the others; `no_result` there all the time without a result; `no_cases` own rate
unknown, the team's taken.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

from .rates import PRIOR, Seen, drawn

KINDS: Final = ("history", "ability", "resources", "potential", "headcount", "equal")
HUNDRED: Final = 100

K = TypeVar("K", bound=Hashable)
Number = int | Fraction


class WeightError(ValueError):
    """Figures that cannot weigh anything; `.code`: `negative`, `shape`, `percents`."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Weight:
    """One child's weight (≥ 0), its kind, the figures it comes from by name, notes, and the parts of a blend."""

    value: Fraction
    kind: str
    figures: tuple[tuple[str, Number], ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[tuple[Fraction, Weight], ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What somebody brought before (any unit, the same for all), and the working days they were there for it."""

    value: int
    days_there: int
    days: int


def equal(keys: Iterable[K]) -> dict[K, Weight]:
    """Everybody the same."""
    return {key: Weight(Fraction(1), "equal") for key in keys}


def headcount(heads: Mapping[K, Number]) -> dict[K, Weight]:
    """By people, in heads; a team of ramping people may count in fractions."""
    return _plain("headcount", "heads", heads)


def potential(figures: Mapping[K, Number]) -> dict[K, Weight]:
    """By what could be won: one figure per child in any unit, the same for all."""
    return _plain("potential", "potential", figures)


def history(figures: Mapping[K, History]) -> dict[K, Weight]:
    """By what was brought before. Formula: own value + (1 − p) × mean, p = working days there ÷ working days.

    The mean is Σ value ÷ Σ p over everybody, so time somebody was not there counts like anybody's: a newcomer (p = 0)
    weighs the mean, somebody of half a year their own half and half a mean. A value below 0 (more returned than sold)
    counts as 0. Ramp is not in here: it belongs to the months (`presence.py`).
    """
    there: dict[K, Fraction] = {}
    values: dict[K, int] = {}
    for key, figure in figures.items():
        if not 0 <= figure.days_there <= figure.days:
            raise WeightError("shape", f"{figure.days_there} of {figure.days} days")
        there[key] = Fraction(figure.days_there, figure.days) if figure.days else Fraction(0)
        values[key] = max(figure.value, 0)
    if not any(values.values()) or not any(there.values()):
        return _nobody("history", figures)
    mean = Fraction(sum(values.values())) / sum(there.values(), Fraction(0))
    found = {}
    for key, figure in figures.items():
        part = there[key]
        notes: tuple[str, ...] = ()
        if part == 0:
            notes = ("newcomer",)
        elif part < 1:
            notes = ("part_history",)
        elif values[key] == 0:
            notes = ("no_result",)
        shown = (("value", figure.value), ("days_there", figure.days_there), ("days", figure.days), ("mean", mean))
        found[key] = Weight(values[key] + (1 - part) * mean, "history", shown, notes)
    return found


def ability(rates: Mapping[K, Sequence[Seen]], *, prior: int = PRIOR) -> dict[K, Weight]:
    """By own rates, each drawn towards the team's (`rates.py`): Π used ÷ team, team = Σ top ÷ Σ bottom.

    `rates`: the same rates in the same order for everybody (win rate, average order value, …). One that nobody has a
    case for, or of which nothing came, is left out.
    """
    lengths = {len(own) for own in rates.values()}
    if len(lengths) > 1:
        raise WeightError("shape", "everybody needs the same rates")
    values = dict.fromkeys(rates, Fraction(1))
    shown: dict[K, list[tuple[str, Number]]] = {key: [] for key in rates}
    lacking: set[K] = set()
    counted = 0
    for place in range(lengths.pop() if lengths else 0):
        every = [own[place] for own in rates.values()]
        team = Seen(sum(seen.top for seen in every), sum(seen.bottom for seen in every))
        if not team.rate:
            continue
        counted += 1
        for key, own in rates.items():
            used = drawn(own[place], team, prior)[0] or Fraction(0)
            values[key] *= used / team.rate
            if not own[place].bottom:
                lacking.add(key)
            number = place + 1
            shown[key] += [(f"top_{number}", own[place].top), (f"bottom_{number}", own[place].bottom),
                           (f"used_{number}", used), (f"team_{number}", team.rate)]  # fmt: skip
    if not counted:
        return _nobody("ability", rates)
    return {
        key: Weight(values[key], "ability", tuple(shown[key]), ("no_cases",) if key in lacking else ()) for key in rates
    }


def resources(
    held: Mapping[K, Mapping[str, Number]], importance: Mapping[str, Number] | None = None
) -> dict[K, Weight]:
    """By what somebody has to work with (accounts, leads, …): Σ importance × own share of that resource.

    Shares make different things comparable: 12 of 100 accounts and 30 of 200 leads are 12 % and 15 %. `importance`
    per resource, 1 unless told; a resource nobody has is left out.
    """
    wanted = importance or {}
    _not_negative([*wanted.values(), *(amount for own in held.values() for amount in own.values())])
    totals: dict[str, Fraction] = {}
    for own in held.values():
        for name, amount in own.items():
            totals[name] = totals.get(name, Fraction(0)) + amount
    counted = {name: total for name, total in totals.items() if total and Fraction(wanted.get(name, 1))}
    if not counted:
        return _nobody("resources", held)
    return {
        key: Weight(
            sum((wanted.get(name, 1) * Fraction(own.get(name, 0)) / total for name, total in counted.items()),
                Fraction(0)),
            "resources",
            tuple((name, own.get(name, 0)) for name in counted),
        )
        for key, own in held.items()
    }  # fmt: skip


def blend(parts: Sequence[tuple[Number, Mapping[K, Weight]]]) -> dict[K, Weight]:
    """Several kinds at once, in percent that sum to 100: 60 % history and 40 % equal. Σ percent × own share ÷ 100."""
    percents = [Fraction(percent) for percent, _weights in parts]
    if not parts or any(percent < 0 for percent in percents) or sum(percents) != HUNDRED:
        raise WeightError("percents", "the parts of a blend sum to 100 %")
    keys = list(parts[0][1])
    if any(set(weights) != set(keys) for _percent, weights in parts):
        raise WeightError("shape", "every part weighs the same children")
    values = dict.fromkeys(keys, Fraction(0))
    for percent, weights in parts:
        total = sum((weight.value for weight in weights.values()), Fraction(0))
        if not total:
            raise WeightError("shape", "a part weighs nobody")
        for key in keys:
            values[key] += Fraction(percent) * weights[key].value / total
    return {
        key: Weight(
            values[key] / HUNDRED,
            "blend",
            notes=tuple(sorted({note for _percent, weights in parts for note in weights[key].notes})),
            parts=tuple((Fraction(percent), weights[key]) for percent, weights in parts),
        )
        for key in keys
    }


def _plain(kind: str, name: str, figures: Mapping[K, Number]) -> dict[K, Weight]:
    _not_negative(figures.values())
    if not any(figures.values()):
        return _nobody(kind, figures)
    return {key: Weight(Fraction(figure), kind, ((name, figure),)) for key, figure in figures.items()}


def _nobody(kind: str, keys: Iterable[K]) -> dict[K, Weight]:
    return {key: Weight(Fraction(1), kind, notes=("nobody_has_figures",)) for key in keys}


def _not_negative(figures: Iterable[Number]) -> None:
    if any(figure < 0 for figure in figures):
        raise WeightError("negative", "a weight is 0 or more")
