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
            (both.due_on >= span.before_end(30), AGEING[0]),
            (both.due_on >= span.before_end(60), AGEING[1]),
            (both.due_on >= span.before_end(90), AGEING[2]),
            else_=AGEING[3],
        ),
    )


def _touched(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Leads open at the end, with `touched_on`: the last contact by then not judged void, else the creation."""
    act = raw("activity")
    act = act.filter(
        act.lead_id.notnull() & (act.happened_on < span.end) & (act.state.isnull() | (act.state != "not_effective"))
    )
    last = act.group_by(lead=act.lead_id).agg(seen_on=act.happened_on.max())
    is_open = (main.created_on < span.end) & (main.closed_on.isnull() | (main.closed_on >= span.end))
    leads = main.filter(is_open)
    both = leads.left_join(last, leads.id == last.lead)
    told = (both.last_touch_on < span.end).ifelse(both.last_touch_on, both.created_on)
    return both.mutate(
        touched_on=ibis.greatest(
            both.created_on, ibis.coalesce(both.seen_on, both.created_on), ibis.coalesce(told, both.created_on)
        )
    )


def _proposed(main: ir.Table, raw: Callable[[str], ir.Table], span: Span) -> ir.Table:
    """Deals entering the intent stage for the first time, with `proposed_on`: the first proposal from that day on."""
    entered = main.filter(
        (main.stage == "intent") & (main.valid == 1) & main.outcome.isin(["opened", "moved", "reopened"])
    )
    every = raw("deal_step")
    every = every.filter((every.stage == "intent") & (every.valid == 1))
    place = ibis.row_number().over(group_by=every.deal_id, order_by=[every.happened_on, every.id])
    ranked = every.select(first_id=every.id, place=place)
    first = ranked.filter(ranked.place == 0)
    entered = entered.semi_join(first, entered.id == first.first_id)
    act = raw("activity")
    sent = act.filter((act.kind == "proposal") & act.deal_id.notnull())
    sent = sent.select(sent_deal=sent.deal_id, sent_on=sent.happened_on)
    both = entered.left_join(sent, (entered.deal_id == sent.sent_deal) & (entered.happened_on <= sent.sent_on))
    keys = list(main.columns)
    return both.group_by(*keys).agg(proposed_on=both.sent_on.min())


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
    return schema.TABLES[DERIVED[fact].main if fact in DERIVED else fact]


def dims_of(fact: str) -> dict[str, str]:
    """Word of a question → column, time left out."""
    own = main_of(fact).dims
    return {**own, **DERIVED[fact].dims} if fact in DERIVED else own
