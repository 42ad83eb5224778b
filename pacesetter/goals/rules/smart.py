"""SMART + CR: whether a goal can be checked and reached, as seven verdicts over plain values.

| check | letter | asks | may block |
|---|---|---|---|
| scope | S | a scope is named, or the whole company's customers are stated | |
| metric | M | an active metric of the catalogue and a number | yes |
| achievable | A | against the own last periods and what peers reached | |
| relevant | R | a parent is linked (the top needs none), with the share contributed | yes |
| time | T | a period that is not over | yes |
| challenge | C | for the best fifth: a challenge line far enough over the target | |
| elastic | R | the market events that allow an adjustment are named | |

A check has a verdict (passed | warned | failed), a code for the sentence, the figures in it and a code for the fix
button. Values are in the metric's own unit, shares are fractions of 1. "Reached" is ≥ the target, or ≤ where less is
better. Percentiles are by nearest rank.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, TypeVar

from pacesetter.lib.money import round_half_up

PASSED, WARNED, FAILED = "passed", "warned", "failed"
LETTERS: Final[Mapping[str, str]] = {
    "scope": "S", "metric": "M", "achievable": "A", "relevant": "R", "time": "T", "challenge": "C", "elastic": "R",
}  # fmt: skip
MAY_BLOCK: Final = frozenset({"metric", "relevant", "time"})
# the own periods looked at, and how many of them say something
LOOK_BACK: Final = 6
ENOUGH_PERIODS: Final = 3
ENOUGH_PEERS: Final = 5
# above the own best by more than this, or reached by fewer peers than this, is far
FAR_OVER_BEST: Final = Fraction(20, 100)
FEW_PEERS: Final = Fraction(25, 100)
CHALLENGE_OVER: Final = 10
CHALLENGE_TOP: Final = 20

# a number for each day or week is seldom a whole one in what was done
Number = int | Fraction
Figure = int | Fraction | str | date | tuple[str, ...] | None
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Parent:
    """The goal above: its target, and whether it is the same sum (metric, basis, scope), so that a share means
    something; its period."""

    value: int
    same_sum: bool
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal as it would be saved.

    `metric_state`: active | retired | unknown | none (not chosen). `scope`: the names in it; `whole` where the lack of
    one is meant. `history`: the owner's values of past comparable periods, oldest first; `peers`: one value per peer of
    the last closed one. `ramp_percent`: of a newcomer, else 100. `in_top`: whether the owner belongs to the best fifth;
    None where no period is closed yet. `top`: a strategic goal at the top of the cascade.
    """

    value: int | None
    metric_state: str = "active"
    successor: str = ""
    better: str = "up"
    scope: tuple[str, ...] = ()
    whole: bool = False
    parent: Parent | None = None
    top: bool = False
    start: date | None = None
    end: date | None = None
    challenge: int | None = None
    in_top: bool | None = None
    elastic: tuple[str, ...] = ()
    history: Sequence[Number] = ()
    peers: Sequence[Number] = ()
    ramp_percent: int = 100


@dataclass(frozen=True, slots=True)
class Company:
    """What the company settled: challenge line over the target in percent, for which top, the event kinds it knows."""

    challenge_over: int = CHALLENGE_OVER
    challenge_top: int = CHALLENGE_TOP
    event_kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Check:
    """One verdict: `code` and `figures` make its sentence, `fix` its button ("" where there is nothing to do)."""

    key: str
    verdict: str
    code: str
    figures: Mapping[str, Figure] = field(default_factory=dict, hash=False)
    fix: str = ""

    @property
    def letter(self) -> str:
        """S, M, A, R, T, C or R."""
        return LETTERS[self.key]

    @property
    def blocks(self) -> bool:
        """Whether the goal may not be published with it."""
        return self.verdict == FAILED and self.key in MAY_BLOCK


def check(aim: Aim, today: date, company: Company) -> tuple[Check, ...]:
    """All seven in order."""
    return (
        check_scope(aim),
        check_metric(aim),
        check_achievable(aim),
        check_relevant(aim),
        check_time(aim, today),
        check_challenge(aim, company),
        check_elastic(aim, company),
    )


def may_publish(checks: Iterable[Check]) -> bool:
    """Whether no M, R or T failed."""
    return not any(one.blocks for one in checks)


def check_scope(aim: Aim) -> Check:
    """S: `named` (scope) | `whole` | `scope_missing`."""
    if aim.scope:
        return Check("scope", PASSED, "named", {"scope": aim.scope})
    return Check("scope", PASSED, "whole") if aim.whole else Check("scope", WARNED, "scope_missing", fix="name_scope")


def check_metric(aim: Aim) -> Check:
    """M: `measurable` | `metric_missing` | `metric_unknown` | `metric_retired` (successor) | `number_missing`."""
    if aim.metric_state == "none":
        return Check("metric", FAILED, "metric_missing", fix="pick_metric")
    if aim.metric_state == "retired":
        fix = "take_successor" if aim.successor else "pick_metric"
        return Check("metric", FAILED, "metric_retired", {"successor": aim.successor}, fix)
    if aim.metric_state != "active":
        return Check("metric", FAILED, "metric_unknown", fix="pick_metric")
    # nothing at all is a number where less is better
    if aim.value is None or aim.value < 0 or (aim.value == 0 and aim.better != "down"):
        return Check("metric", FAILED, "number_missing", fix="set_number")
    return Check("metric", PASSED, "measurable", {"value": aim.value})


@dataclass(frozen=True, slots=True)
class Distribution:
    """What an achievable verdict goes by, and the table behind it shows; None where nothing is known.

    `periods`: the own ones looked at, with their best and median; `over_best` = target ÷ best − 1 (mirrored where less
    is better; None over a best of 0 or less); `own_reached`, `peers_reached`: how many of them reached the target;
    `peers_p80`: what the better fifth of the peers reached.
    """

    value: int
    periods: int
    best: Number | None
    median: Number | None
    over_best: Fraction | None
    own_reached: int
    peers: int
    peers_reached: int
    peers_median: Number | None
    peers_p80: Number | None


def distribution(value: int, history: Sequence[Number], peers: Sequence[Number], better: str = "up") -> Distribution:
    """A target among the last own periods (oldest first) and what each peer reached."""
    own = list(history)[-LOOK_BACK:]
    down = better == "down"
    best = (min(own) if down else max(own)) if own else None
    over = Fraction(value, best) - 1 if best is not None and best > 0 else None
    return Distribution(
        value=value,
        periods=len(own),
        best=best,
        median=percentile(own, 50) if own else None,
        over_best=-over if over is not None and down else over,
        own_reached=sum(_reaches(one, value, better) for one in own),
        peers=len(peers),
        peers_reached=sum(_reaches(one, value, better) for one in peers),
        peers_median=percentile(peers, 50) if peers else None,
        peers_p80=percentile(peers, 20 if down else 80) if peers else None,
    )


def check_achievable(aim: Aim) -> Check:
    """A, never failed: `in_reach` | `far` | `below_usual` | `too_few_periods` | `no_history` | `no_number`.

    Figures: those of `Distribution`; with too few periods also `needed` and `suggestion` = median of the peers ×
    `ramp_percent`. `far`: more than 20 % beyond the own best, or reached by fewer than a quarter of at least five
    peers. `below_usual`: easier than the own median.
    """
    if aim.value is None:
        return Check("achievable", WARNED, "no_number", fix="set_number")
    seen = distribution(aim.value, aim.history, aim.peers, aim.better)
    figures: dict[str, Figure] = asdict(seen)
    if seen.periods < ENOUGH_PERIODS:
        proposed = suggestion(aim.peers, aim.ramp_percent, aim.better)
        figures |= {"suggestion": proposed, "ramp_percent": aim.ramp_percent, "needed": ENOUGH_PERIODS}
        code = "too_few_periods" if seen.periods else "no_history"
        return Check("achievable", WARNED, code, figures, "take_suggestion" if proposed is not None else "")
    beyond = not seen.own_reached if seen.over_best is None else seen.over_best > FAR_OVER_BEST
    if beyond or (seen.peers >= ENOUGH_PEERS and seen.peers_reached < FEW_PEERS * seen.peers):
        return Check("achievable", WARNED, "far", figures, "see_distribution")
    if seen.median is not None and seen.median != aim.value and _reaches(seen.median, aim.value, aim.better):
        return Check("achievable", WARNED, "below_usual", figures, "see_distribution")
    return Check("achievable", PASSED, "in_reach", figures)


def check_relevant(aim: Aim) -> Check:
    """R: `contributes` (share of the parent) | `linked` (another metric) | `top_goal` | `parent_missing` |
    `parent_other_time` | `more_than_parent` (share; only warned)."""
    if aim.parent is None:
        if aim.top:
            return Check("relevant", PASSED, "top_goal")
        return Check("relevant", FAILED, "parent_missing", fix="link_parent")
    if aim.start and aim.end and not (aim.parent.start <= aim.start and aim.end <= aim.parent.end):
        figures: dict[str, Figure] = {"start": aim.parent.start, "end": aim.parent.end}
        return Check("relevant", FAILED, "parent_other_time", figures, "link_parent")
    if not aim.parent.same_sum or aim.value is None or aim.parent.value <= 0:
        return Check("relevant", PASSED, "linked")
    share = Fraction(aim.value, aim.parent.value)
    if share > 1:
        return Check("relevant", WARNED, "more_than_parent", {"share": share}, "see_parent")
    return Check("relevant", PASSED, "contributes", {"share": share})


def check_time(aim: Aim, today: date) -> Check:
    """T: `period_set` (start, end) | `period_missing` | `period_order` | `period_over` (end)."""
    if aim.start is None or aim.end is None:
        return Check("time", FAILED, "period_missing", fix="pick_period")
    if aim.end <= aim.start:
        return Check("time", FAILED, "period_order", {"start": aim.start, "end": aim.end}, "pick_period")
    if aim.end <= today:
        return Check("time", FAILED, "period_over", {"end": aim.end}, "pick_period")
    return Check("time", PASSED, "period_set", {"start": aim.start, "end": aim.end})


def check_challenge(aim: Aim, company: Company) -> Check:
    """C: `challenge_set` (over) | `challenge_not_needed` | `top_unknown` | `challenge_missing` (needed) |
    `challenge_low` (needed) | `challenge_easier` than the target."""
    if aim.value is None:
        return Check("challenge", PASSED, "challenge_not_needed")
    needed = challenge_needed(aim.value, company.challenge_over, aim.better)
    figures: dict[str, Figure] = {"needed": needed, "over": company.challenge_over, "top": company.challenge_top}
    if aim.challenge is not None and not _reaches(aim.challenge, aim.value, aim.better):
        return Check("challenge", WARNED, "challenge_easier", figures, "set_challenge")
    if not aim.in_top:
        code = "top_unknown" if aim.in_top is None else "challenge_not_needed"
        return Check("challenge", PASSED, code, figures)
    if aim.challenge is None:
        return Check("challenge", WARNED, "challenge_missing", figures, "set_challenge")
    if not _reaches(aim.challenge, needed, aim.better):
        return Check("challenge", WARNED, "challenge_low", figures, "set_challenge")
    return Check("challenge", PASSED, "challenge_set", figures)


def check_elastic(aim: Aim, company: Company) -> Check:
    """R, elastic: `elastic_set` (kinds) | `elastic_missing` | `elastic_unknown` (kinds nobody registers)."""
    unknown = tuple(kind for kind in aim.elastic if kind not in company.event_kinds)
    if unknown:
        return Check("elastic", WARNED, "elastic_unknown", {"kinds": unknown}, "pick_events")
    if not aim.elastic:
        return Check("elastic", WARNED, "elastic_missing", fix="pick_events")
    return Check("elastic", PASSED, "elastic_set", {"kinds": aim.elastic})


def challenge_needed(target: int, over: int = CHALLENGE_OVER, better: str = "up", *, unit: int = 1) -> int:
    """The least challenging line that is `over` percent beyond the target, rounded away from it to the unit."""
    exact = Fraction(target * (100 - over if better == "down" else 100 + over), 100 * unit)
    return (exact.numerator // exact.denominator if better == "down" else
            -(-exact.numerator // exact.denominator)) * unit  # fmt: skip


def best_of(attainments: Mapping[K, Fraction], percent: int = CHALLENGE_TOP) -> frozenset[K]:
    """The best `percent` of everybody by attainment of the last closed period: ceil(n × percent), ties all in.

    `attainments`: more is better (mirrored where less is); whoever has none is left out before.
    """
    count = -(-len(attainments) * percent // 100)
    if not count:
        return frozenset()
    limit = sorted(attainments.values(), reverse=True)[min(count, len(attainments)) - 1]
    return frozenset(key for key, value in attainments.items() if value >= limit)


def percentile(values: Sequence[Number], percent: int) -> Number:
    """Nearest rank: the value at place ceil(percent × n ÷ 100) in rising order. ValueError without a value."""
    if not values or not 0 < percent <= 100:
        raise ValueError(f"no {percent}th percentile of {len(values)} values")
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def suggestion(peers: Sequence[Number], ramp_percent: int, better: str = "up") -> int | None:
    """What to begin with without a history: the peers' median, for a newcomer times the ramp; None without peers.

    Where less is better nothing is ramped.
    """
    if not peers:
        return None
    median = percentile(peers, 50)
    return round_half_up(median if better == "down" else Fraction(median * ramp_percent, 100))


def _reaches(value: Number, target: int, better: str) -> bool:
    return value <= target if better == "down" else value >= target
