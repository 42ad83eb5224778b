"""The funnel 线索 → 有效 → 意向 → 方案 → 成交 → 回款 as metrics of the spine, and where it loses the most money.

Two ways to read it. *Cohort*: of what was created in the period, how much has reached each step so far ("reached" =
ever at or beyond it, so a skipped step counts and a step back does not undo). *Period*: what reached each step in the
period, whenever it was created. A company without leads reads the same of its deals.

`STEPS[subject]` names the steps; `METRICS` holds, per step, its count, the count of the step before it as a rate, what
still stands there, what skipped it, its money and the median days it took.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from .catalogue.process import median
from .catalogue.words import Basis, Folded, Measure, Metric, Spread, Words

COHORT, PERIOD = "cohort", "period"
BASIS_WORDS = {COHORT: ("按创建月", "By creation"), PERIOD: ("按本期发生", "By event")}
# Fewer cases than this at a step say nothing about it.
ENOUGH = 30


@dataclass(frozen=True)
class Step:
    """One bar: its key, its name, and the date column that says when it was first reached."""

    key: str
    words: Words
    column: str


STEPS: dict[str, tuple[Step, ...]] = {
    "lead": (
        Step("lead", ("线索", "Leads"), "created_on"),
        Step("valid", ("有效", "Qualified"), "valid_on"),
        Step("intent", ("意向", "Intent"), "intent_on"),
        Step("proposal", ("方案", "Proposal"), "proposal_on"),
        Step("won", ("成交", "Won"), "won_on"),
        Step("collected", ("回款", "Collected"), "collected_on"),
    ),
    "deal": (
        Step("deal", ("商机", "Deals"), "opened_on"),
        Step("intent", ("意向", "Intent"), "intent_on"),
        Step("proposal", ("方案", "Proposal"), "proposal_on"),
        Step("won", ("成交", "Won"), "won_on"),
    ),
}
_FACT = {"lead": "lead", "deal": "deal_path"}
_MONEY = {"lead": "won_minor", "deal": "amount_minor"}
_NOUN = {"lead": ("线索", "leads"), "deal": ("商机", "deals")}
_OVER = {"deal": ("won", "lost", "cancelled")}


def _any(t: Any, columns: Sequence[str]) -> Any:
    found = t[columns[0]].notnull()
    for column in columns[1:]:
        found = found | t[column].notnull()
    return found


def _reached(columns: Sequence[str], t: Any, span: Any) -> Any:
    return _any(t, columns)


def _still_open(subject: str, t: Any) -> Any:
    return t.closed_on.isnull() if subject == "lead" else ~t.deal_stage.isin(list(_OVER["deal"]))


def _standing(subject: str, here: Sequence[str], beyond: Sequence[str], t: Any, span: Any) -> Any:
    return _any(t, here) & ~_any(t, beyond) & _still_open(subject, t)


def _skipped(own: str, beyond: Sequence[str], t: Any, span: Any) -> Any:
    return t[own].isnull() & _any(t, beyond)


def _both(before: str, own: str, t: Any, span: Any) -> Any:
    return t[before].notnull() & t[own].notnull() & (t[own] >= t[before])


def days_between(rows: list[tuple[Any, ...]]) -> Folded:
    """Median whole days of weighted (from, to) pairs."""
    return median([((after - before).days, weight) for before, after, weight in rows])


def _metrics() -> dict[str, Metric]:
    made: dict[str, Metric] = {}
    for subject, steps in STEPS.items():
        columns = [step.column for step in steps]
        entry, fact, noun = columns[0], _FACT[subject], _NOUN[subject]
        # Nothing is won on the day a lead is created: the entry itself says nothing about later steps.
        later = [columns[place:] if place else columns[:1] for place in range(len(steps))]
        reached: list[tuple[Measure, Measure]] = []
        for place, step in enumerate(steps):
            words = step.words
            cohort = Measure(fact, "count", words, on=entry, where=partial(_reached, tuple(later[place])))
            period = Measure(fact, "count", words, on=step.column)
            reached.append((cohort, period))
            name = f"funnel_{subject}_{step.key}"
            both = {COHORT: cohort, PERIOD: period}
            made[name] = _metric(
                name,
                (f"漏斗 · {words[0]}", f"Funnel · {words[1]}"),
                "count",
                {key: Basis(top=(measure,), top_words=words) for key, measure in both.items()},
                (
                    f"按创建月：本期新建的{noun[0]}里至今到达“{words[0]}”的数量，跳过的也算到达。"
                    f"按本期发生：本期到达“{words[0]}”的数量。",
                    f"By creation: {noun[1]} created in the period that have reached {words[1]} so far, "
                    "skipped steps included. "
                    f"By event: {noun[1]} that reached {words[1]} in the period.",
                ),
            )
            money = {
                COHORT: Measure(fact, "sum", words, of=_MONEY[subject], on=entry, where=cohort.where),
                PERIOD: Measure(fact, "sum", words, of=_MONEY[subject], on=step.column),
            }
            made[f"{name}_amount"] = _metric(
                f"{name}_amount",
                (f"漏斗 · {words[0]}金额", f"Funnel · {words[1]} amount"),
                "minor",
                {key: Basis(top=(measure,), top_words=words) for key, measure in money.items()},
                (
                    f"到达“{words[0]}”的{noun[0]}带来的成交金额。"
                    if subject == "lead"
                    else f"到达“{words[0]}”的商机金额。",
                    f"Amount of the deals won from {noun[1]} that reached {words[1]}."
                    if subject == "lead"
                    else f"Amount of the deals that reached {words[1]}.",
                ),
            )
            if place + 1 < len(steps):
                made[f"{name}_standing"] = _metric(
                    f"{name}_standing",
                    (f"漏斗 · 停在{words[0]}", f"Funnel · still at {words[1]}"),
                    "count",
                    {
                        COHORT: Basis(
                            top=(
                                Measure(
                                    fact, "count", words, on=entry,
                                    where=partial(_standing, subject, tuple(later[place]), tuple(later[place + 1])),
                                ),
                            ),
                            top_words=words,
                        )
                    },
                    (f"还停在“{words[0]}”、没有关闭的{noun[0]}。", f"Open {noun[1]} that stand at {words[1]}."),
                )  # fmt: skip
            if place:
                _add_rates(made, subject, place, reached, steps)
                if place + 1 < len(steps):
                    made[f"{name}_skipped"] = _metric(
                        f"{name}_skipped",
                        (f"漏斗 · 跳过{words[0]}", f"Funnel · skipped {words[1]}"),
                        "count",
                        {
                            COHORT: Basis(
                                top=(
                                    Measure(
                                        fact, "count", words, on=entry,
                                        where=partial(_skipped, step.column, tuple(columns[place + 1 :])),
                                    ),
                                ),
                                top_words=words,
                            )
                        },
                        (
                            f"没有经过“{words[0]}”就到了后面的{noun[0]}。",
                            f"{noun[1].capitalize()} that went on without {words[1]}.",
                        ),
                    )  # fmt: skip
    return made


def _add_rates(made: dict[str, Metric], subject: str, place: int, reached: list[tuple[Measure, Measure]],
               steps: Sequence[Step]) -> None:  # fmt: skip
    """Rate of the previous step, rate of the first, and the median days since the previous step."""
    step, before, first = steps[place], steps[place - 1], steps[0]
    name, fact = f"funnel_{subject}_{step.key}", _FACT[subject]
    for suffix, other, at in (("rate", before, place - 1), ("overall", first, 0)):
        made[f"{name}_{suffix}"] = _metric(
            f"{name}_{suffix}",
            (f"漏斗 · {other.words[0]}→{step.words[0]}", f"Funnel · {other.words[1]} → {step.words[1]}"),
            "ratio",
            {
                key: Basis(
                    top=(reached[place][side],),
                    bottom=(reached[at][side],),
                    top_words=step.words,
                    bottom_words=other.words,
                )
                for side, key in enumerate((COHORT, PERIOD))
            },
            (
                f"到达“{step.words[0]}”的数量除以到达“{other.words[0]}”的数量。",
                f"Those that reached {step.words[1]} divided by those that reached {other.words[1]}.",
            ),
            minimum_n=10,
        )
    pair = (before.column, step.column)
    where: Callable[[Any, Any], Any] = partial(_both, *pair)
    made[f"{name}_days"] = _metric(
        f"{name}_days",
        (f"漏斗 · {before.words[0]}→{step.words[0]}天数", f"Funnel · days {before.words[1]} → {step.words[1]}"),
        "days",
        {
            key: Basis(
                spread=Spread(fact, pair, days_between, step.words, on=on, where=where),
                top_words=("天数的中位数", "median of the days"),
            )
            for key, on in ((COHORT, steps[0].column), (PERIOD, step.column))
        },
        (
            f"从“{before.words[0]}”到“{step.words[0]}”用了几天（中位数）。",
            f"Days from {before.words[1]} to {step.words[1]} (median).",
        ),
        better="down",
    )


def _metric(key: str, words: Words, unit: str, bases: dict[str, Basis], meaning: Words, *, minimum_n: int = 1,
            better: str = "up") -> Metric:  # fmt: skip
    return Metric(
        key,
        *words,
        "process",
        unit,
        bases,
        meaning,
        better=better,
        additive=unit != "days",
        minimum_n=minimum_n,
        family="leads" if key.startswith("funnel_lead") and unit != "minor" else "people",
        basis_words=BASIS_WORDS,
    )


METRICS = _metrics()


@dataclass(frozen=True)
class Loss:
    """The step that loses the most against its usual rate: what it would have brought, in minor units."""

    place: int
    now: tuple[int, int]
    usual: tuple[int, int]
    amount_minor: int


def worst_loss(now: Sequence[int], standing: Sequence[int], usual: Sequence[int], usual_standing: Sequence[int],
               won: int, order_minor: Fraction) -> Loss | None:  # fmt: skip
    """The costliest step by money, not by percent.

    `now` and `usual`: how many reached each step in the period and in the time it is measured against; `standing`: how
    many are still on their way there, which is no loss yet. `won`: place of the won step. `order_minor`: money per win.
    A step with fewer than `ENOUGH` decided cases on either side is left out; None where no step is below its usual.
    """
    found: Loss | None = None
    rates: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for place in range(1, len(now)):
        rates.append(
            (
                (now[place], now[place - 1] - standing[place - 1]),
                (usual[place], usual[place - 1] - usual_standing[place - 1]),
            )
        )
    for place, (mine, theirs) in enumerate(rates, start=1):
        if place > won or mine[1] < ENOUGH or theirs[1] < ENOUGH:
            continue
        short = Fraction(*theirs) - Fraction(*mine)
        if short <= 0:
            continue
        onward = Fraction(1)
        for _mine, later in rates[place:won]:
            onward *= Fraction(*later) if later[1] > 0 else 0
        lost = short * mine[1] * onward * order_minor
        amount = int(lost.numerator * 2 // lost.denominator + 1) // 2
        if amount > 0 and (found is None or amount > found.amount_minor):
            found = Loss(place, mine, theirs, amount)
    return found
