"""Facts seen from one step further: an instalment with what was paid on it, a lead with its last touch, …

`build(main, raw, span)` gets the facts in reach (`main`) and any table in full (`raw(name)`): what belongs to a record
in reach counts whoever did it. The result keeps every column of the main table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from .. import schema
from .words import Span

FRESH_DAYS = 14
AGEING = ("0-30", "31-60", "61-90", "90+")


@dataclass(frozen=True)
class Derived:
    """A derived table: its main fact, what it reads besides, the dims it adds."""

    main: str
    build: Callable[[ir.Table, Callable[[str], ir.Table], Span], ir.Table]
    dims: dict[str, str] = field(default_factory=dict, hash=False)


def _paid(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Instalments not voided at the end, with `paid_minor` received by then (at most the plan), the rest, its age."""
    money = raw("allocation")
    money = money.filter(money.happened_on < span.end)
    paid = money.group_by(instalment=money.instalment_id).agg(paid=money.amount_minor.sum().cast("int64"))
    owed = main.filter(main.voided_on.isnull() | (main.voided_on >= span.end))
    both = owed.left_join(paid, owed.id == paid.instalment)
    both = both.mutate(paid_minor=ibis.least(both.amount_minor, ibis.coalesce(both.paid, 0)))
    return both.mutate(
        open_minor=both.amount_minor - both.paid_minor,
        ageing=ibis.cases(
            (both.due_on >= span.before_morning(30), AGEING[0]),
            (both.due_on >= span.before_morning(60), AGEING[1]),
            (both.due_on >= span.before_morning(90), AGEING[2]),
            else_=AGEING[3],
        ),
    )


def _touched(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Leads open at the end, with `touched` 1 where they were created or contacted in the last `FRESH_DAYS` days.

    A contact judged void is none; the last touch an import brought counts unless it lies beyond the end.
    """
    since = span.before_end(FRESH_DAYS)
    act = raw("activity")
    act = act.filter(
        (act.happened_on >= since)
        & (act.happened_on < span.end)
        & (act.state.isnull() | (act.state != "not_effective"))
    )
    seen = act.group_by(lead=act.lead_id).agg(seen=act.count())
    is_open = (main.created_on < span.end) & (main.closed_on.isnull() | (main.closed_on >= span.end))
    leads = main.filter(is_open)
    both = leads.left_join(seen, leads.id == seen.lead)
    told = (both.last_touch_on >= since) & (both.last_touch_on < span.end)
    fresh = both.seen.notnull() | (both.created_on >= since) | (both.last_touch_on.notnull() & told)
    return both.mutate(touched=fresh.ifelse(1, 0))


def _proposed(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Deals entering the intent stage for the first time, with `proposed_on`: the first proposal from that day on."""
    every = raw("deal_step")
    every = every.filter((every.stage == "intent") & (every.valid == 1))
    day = every.group_by(day_deal=every.deal_id).agg(day=every.happened_on.min())
    that_day = every.inner_join(day, (every.deal_id == day.day_deal) & (every.happened_on == day.day))
    first = that_day.group_by(deal=that_day.deal_id).agg(first_on=that_day.day.min(), first_id=that_day.id.min())
    act = raw("activity")
    sent = act.filter((act.kind == "proposal") & act.deal_id.notnull())
    # Grouped, so that SQLite keeps the few proposals aside instead of looking through all of them for each deal.
    sent = sent.group_by(sent_deal=sent.deal_id, sent_on=sent.happened_on).agg(times=sent.count())
    later = first.inner_join(sent, (first.deal == sent.sent_deal) & (first.first_on <= sent.sent_on))
    proposed = later.group_by(proposed_deal=later.deal).agg(proposed_on=later.sent_on.min())
    # Joins, not EXISTS: SQLite would group the steps again for each row.
    entered = main.inner_join(first, main.id == first.first_id)
    return entered.left_join(proposed, entered.deal_id == proposed.proposed_deal)


def _path(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """One row per deal, seated at its opening, with the first day of each step (for the funnel)."""
    steps = raw("deal_step")
    steps = steps.filter(steps.valid == 1)

    def first(condition: ir.BooleanValue) -> ir.DateScalar:
        return steps.happened_on.min(where=condition)

    dates = steps.group_by(path_deal=steps.deal_id).agg(
        intent_on=first(steps.stage == "intent"),
        proposal_on=first(steps.stage.isin(["proposal", "negotiation"])),
        won_on=first(steps.outcome == "won"),
        lost_on=first(steps.outcome == "lost"),
    )
    opened = main.filter(main.outcome == "opened")
    both = opened.inner_join(dates, opened.deal_id == dates.path_deal)
    money = ibis.cases((both.won_on.notnull(), both.amount_minor), else_=ibis.null("int64"))
    return both.mutate(opened_on=both.happened_on, won_minor=money)


def _left(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Steps that left a stage behind; `stage` is the one left."""
    left = main.filter((main.valid == 1) & main.days_in_previous.notnull())
    return left.mutate(stage=left.previous_stage)


DERIVED = {
    "instalment_paid": Derived("instalment", _paid, {"ageing": "ageing"}),
    "lead_touched": Derived("lead", _touched),
    "deal_proposed": Derived("deal_step", _proposed),
    "stage_left": Derived("deal_step", _left),
    "deal_path": Derived("deal_step", _path),
}


def main_of(fact: str) -> schema.FactTable:
    """The fact table whose seat, dims and case a fact or derived table has."""
    name = DERIVED[fact].main if fact in DERIVED else fact
    if name not in schema.TABLES:
        raise LookupError(f"no fact table {fact!r}; there are: {', '.join(sorted({*schema.TABLES, *DERIVED}))}")
    return schema.TABLES[name]


def dims_of(fact: str) -> dict[str, str]:
    """Word of a question → column, time left out."""
    own = main_of(fact).dims
    return {**own, **DERIVED[fact].dims} if fact in DERIVED else own
