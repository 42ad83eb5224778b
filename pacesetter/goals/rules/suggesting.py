"""A derived action goal calculated again: from the amount still to do, by the rates of today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from .actions import Plan, actions
from .calculator import Chain
from .plain import plain


def figures(plan: Plan, chain: Chain, made_on: date, *, by_hand: bool) -> dict[str, Any]:
    """What is kept with a derived goal: the whole chain, the window and what it was calculated for.

    `by_hand`: the amount was typed, it is not the one of the month's goal.
    """
    return {
        "chain": plain(chain), "amount": chain.amount, "by_hand": by_hand, "made_on": made_on.isoformat(),
        "start": plan.start.isoformat(), "end": plan.end.isoformat(), "team": plan.team, "visits_of": plan.visits_of,
        "paper": plan.paper, "week_days": plan.week_days,
    }  # fmt: skip


def slid(told: Mapping[str, Any]) -> dict[str, Fraction]:
    """The rates somebody had set by hand when the goal was derived: they stay what they were set to."""
    links = told.get("chain", {}).get("links", ())
    return {link["step"]["by"]: Fraction(*link["rate"]) for link in links if link.get("slid") and link.get("rate")}


def amount_left(
    told: Mapping[str, Any], plan: Plan, won: Callable[[int, date, date], int], today: date
) -> int | None:  # fmt: skip
    """What is still to do: of the month's goal, or of the amount typed when the goal was derived; None: unknown.

    `won` gives a person's amount of `[day, day)`.
    """
    if not told.get("by_hand"):
        return plan.left
    return max(int(told["amount"]) - won(plan.person, date.fromisoformat(told["made_on"]), today), 0)


def again(
    told: Mapping[str, Any], plan: Plan, amount: int, metric: str, per: str
) -> tuple[int | None, dict[str, Any]]:  # fmt: skip
    """(the number the goal would have today, the chain it comes from); None where it has none."""
    chain = plan.chain(amount, slid(told))
    made_on = date.fromisoformat(told["made_on"]) if told.get("by_hand") else plan.end
    kept = figures(plan, chain, plan.end, by_hand=bool(told.get("by_hand")))
    if told.get("by_hand"):
        kept |= {"amount": told["amount"], "made_on": made_on.isoformat()}
    action = next((one for one in actions(plan, chain) if one.metric == metric and one.goal.per == per), None)
    return (action.goal.count if action else None), kept
