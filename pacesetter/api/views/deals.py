"""Deals: opening, changing, every step, credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.activity.reads import deal_needs
from pacesetter.lib.refusal import OutOfReach
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.acts.edit import check_money
from pacesetter.pipeline.models import Customer, Deal, DealLine, Lead, Product

from ..caller import Caller, Key, caller, named, once, one, owner_of
from ..fields import PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.deals import (
    CreditIn,
    CreditOut,
    DealBack,
    DealCancel,
    DealCard,
    DealChange,
    DealLoss,
    DealMove,
    DealNew,
    DealOut,
    DealReopen,
    DealsAsked,
    DealShares,
    DealWin,
    HintOut,
    LineIn,
    LineOut,
    ReversalOut,
    StepOut,
)

router = Router(tags=["deals"])
ORDER = {name: name for name in ("name", "opened_on", "expected_on", "closed_on")}
FILTERS = {"owner_id": "owner_id", "customer_id": "customer_id", "source": "source", "customer_kind": "customer_kind",
           "code": "code", "closed_from": "closed_on__gte", "closed_to": "closed_on__lt"}  # fmt: skip
PLAIN = ("code", "name", "customer_id", "owner_id", "source", "stage", "tax_basis", "contract_no", "opened_on",
         "expected_on", "signed_on", "closed_on", "stage_since", "loss_reason", "competitor", "customer_kind",
         "next_step", "next_on", "note", "version")  # fmt: skip


def _hints(rows: Sequence[Deal], reach: Reach) -> dict[int, list[HintOut]]:
    """Open deal → its hints, for whoever reads what was done about deals."""
    if not reach.may("activities"):
        return {}
    still = [row for row in rows if row.stage in rules.OPEN_STAGES]
    return {
        need.deal.pk: [HintOut(key=one.key, days=one.days, against=one.against, n=one.n) for one in need.hints]
        for need in deal_needs(still, reach.on)
    }


def _plain(row: Deal, reach: Reach, hints: Mapping[int, list[HintOut]]) -> dict[str, Any]:
    return {
        "hints": hints.get(row.pk, []),
        **{name: getattr(row, name) for name in PLAIN},
        "id": row.pk,
        "customer": row.customer.name if row.customer else None,
        "owner": row.owner.name if row.owner else None,
        "lead_id": row.lead_id if reach.may("leads") else None,
        "amount_minor": None if "prices" in reach.masks("deals") else row.amount_minor,
    }


def card(row: Deal, reach: Reach) -> DealCard:
    """A deal with everything that belongs to it, as this reader sees it."""
    hidden, costs = "prices" in reach.masks("deals"), reach.scope("deals", "write") == Scope.ALL
    lines = [
        LineOut(id=line.pk, product_id=line.product_id, name=line.name, quantity_milli=line.quantity_milli,
                unit_price_minor=None if hidden else line.unit_price_minor, discount_bp=line.discount_bp,
                amount_minor=None if hidden else line.amount_minor, cost_minor=line.cost_minor if costs else None)
        for line in row.lines.order_by("id")
    ]  # fmt: skip
    credits = [
        CreditOut(person_id=share.credit.person_id, person=share.credit.person.name, share_ppm=share.credit.share_ppm,
                  overlay=share.credit.overlay, primary=share.credit.primary,
                  amount_minor=None if hidden else share.amount_minor)
        for share in reads.shares(row)
    ]  # fmt: skip
    back = [
        ReversalOut(id=one.pk, kind=one.kind, code=one.code, line_id=one.line_id, on=one.on, reason=one.reason,
                    amount_minor=None if hidden else one.amount_minor)
        for one in row.reversals.order_by("on", "id")
    ]  # fmt: skip
    steps = [
        StepOut(from_stage=step.from_stage, stage=step.stage, outcome=step.outcome, on=step.on, valid=step.valid,
                days_in_previous=step.days_in_previous)
        for step in row.stage_changes.order_by("id")
    ]  # fmt: skip
    extra = row.extra if isinstance(row.extra, dict) and not hidden and not reach.masks("deals") else None
    return DealCard(
        **_plain(row, reach, _hints([row], reach)),
        lines=lines,
        credits=credits,
        reversals=back,
        steps=steps,
        extra=extra,
    )


def deal_found(who: Caller, pk: int, verb: str = "read") -> Deal:
    """The deal in reach; OutOfReach otherwise."""
    found: Deal = one(who.reach, reads.deals(), "deals", pk, verb)
    return found


def _again(who: Caller, pk: int) -> DealCard:
    return card(reads.deals().get(pk=pk), who.reach)


def _lines(sent: Sequence[LineIn]) -> list[acts.Line]:
    """Lines as the act takes them; products that do not exist are out of reach, sums beyond the limit refused."""
    wanted = {line.product_id for line in sent if line.product_id is not None}
    found = Product.objects.in_bulk(wanted)
    if wanted - set(found):
        raise OutOfReach
    lines = [
        acts.Line(found[line.product_id] if line.product_id is not None else None, line.name, line.quantity_milli,
                  line.unit_price_minor, line.discount_bp, line.amount_minor, line.cost_minor)
        for line in sent
    ]  # fmt: skip
    check_money(sum(line.amount for line in lines), field="lines")
    return lines


def _credits(sent: Sequence[CreditIn]) -> list[rules.Credit]:
    """Shares as the act takes them: a deal may be shared with everybody who sells, across teams."""
    wanted = {credit.person_id for credit in sent}
    sells = Person.objects.filter(merged_into=None, role_grants__role__in=("rep", "manager", "director"))
    if wanted - set(sells.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise OutOfReach
    return [rules.Credit(c.person_id, c.share_ppm, c.overlay, c.primary) for c in sent]


@router.get("/deals", response={200: Listed[DealOut], **READS}, url_name="deals")
def deal_list(request: HttpRequest, asked: Query[DealsAsked]) -> HttpResponse:
    """Deals in reach."""
    reach = caller(request).reach
    reach.require("deals")
    rows = narrowed(reach.rows(reads.deals(asked.words), "deals"), asked, FILTERS)
    if asked.state:
        rows = rows.filter(stage__in=rules.OPEN_STAGES if asked.state == "open" else [asked.state])
    order = ORDER if "prices" in reach.masks("deals") else {**ORDER, "amount_minor": "amount_minor"}
    hints: dict[int, list[HintOut]] = {}
    return listed(request, asked, rows, order, lambda row: DealOut(**_plain(row, reach, hints)), Listed[DealOut],
                  prepare=lambda shown: hints.update(_hints(shown, reach)))  # fmt: skip


@router.get("/deals/{pk}", response={200: DealCard, **READS}, url_name="deal")
def deal_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One deal with lines, credits, reversals and steps."""
    who = caller(request)
    return give(card(deal_found(who, pk), who.reach).model_dump_json())


@router.post("/deals", response={201: DealCard, **WRITES})
def deal_open(request: HttpRequest, sent: DealNew, key: Key) -> HttpResponse:
    """A new deal at an open stage."""

    def run(who: Caller) -> DealCard:
        who.reach.require("deals", "write")
        values = sent.model_dump(exclude_unset=True, exclude={"owner_id", "customer_id", "lead_id", "lines", "credits"})
        if "code" in values:
            values["code"] = values["code"] or None
        row = acts.open_deal(
            owner=owner_of(who, "deals", sent),
            customer=named(who.reach, Customer, "customers", sent.customer_id),
            lead=named(who.reach, Lead, "leads", sent.lead_id, "write"),
            lines=_lines(sent.lines),
            credits=_credits(sent.credits),
            by=who.person,
            at=who.at,
            **values,
        )
        return _again(who, row.pk)

    return once(request, key, run, 201)


@router.patch("/deals/{pk}", response={200: DealCard, **WRITES})
def deal_change(request: HttpRequest, pk: PathId, sent: DealChange, key: Key) -> HttpResponse:
    """Change a deal; a won deal's owner, customer or amount is corrected forward and needs a reason."""

    def run(who: Caller) -> DealCard:
        row = deal_found(who, pk, "write")
        values = sent.model_dump(exclude_unset=True, exclude={"owner_id", "customer_id", "lines"})
        if "code" in values:
            values["code"] = values["code"] or None
        if "owner_id" in sent.model_fields_set:
            values["owner"] = owner_of(who, "deals", sent)
        if "customer_id" in sent.model_fields_set:
            values["customer"] = named(who.reach, Customer, "customers", sent.customer_id)
        lines = _lines(sent.lines) if sent.lines else None
        acts.change_deal(row, lines=lines, by=who.person, at=who.at, **values)
        return _again(who, pk)

    return once(request, key, run)


@router.post("/deals/{pk}/move", response={200: DealCard, **WRITES}, url_name="deal_move")
def deal_move(request: HttpRequest, pk: PathId, sent: DealMove, key: Key) -> HttpResponse:
    """To another open stage."""
    return _step(request, pk, sent, key, acts.move_deal)


@router.post("/deals/{pk}/win", response={200: DealCard, **WRITES}, url_name="deal_win")
def deal_win(request: HttpRequest, pk: PathId, sent: DealWin, key: Key) -> HttpResponse:
    """Signed: the bookings are posted."""
    return _step(request, pk, sent, key, acts.win_deal)


@router.post("/deals/{pk}/lose", response={200: DealCard, **WRITES}, url_name="deal_lose")
def deal_lose(request: HttpRequest, pk: PathId, sent: DealLoss, key: Key) -> HttpResponse:
    """Lost, with a reason."""
    return _step(request, pk, sent, key, acts.lose_deal)


@router.post("/deals/{pk}/reopen", response={200: DealCard, **WRITES}, url_name="deal_reopen")
def deal_reopen(request: HttpRequest, pk: PathId, sent: DealReopen, key: Key) -> HttpResponse:
    """Take back a win, a loss or a cancellation made by mistake."""
    return _step(request, pk, sent, key, acts.reopen_deal)


@router.post("/deals/{pk}/cancel", response={200: DealCard, **WRITES}, url_name="deal_cancel")
def deal_cancel(request: HttpRequest, pk: PathId, sent: DealCancel, key: Key) -> HttpResponse:
    """Cancelled; a won deal is reversed on the day of the cancellation."""
    return _step(request, pk, sent, key, acts.cancel_deal)


def _step(request: HttpRequest, pk: int, sent: Any, key: str, act: Any) -> HttpResponse:
    """An act on one deal whose form has the act's own words."""

    def run(who: Caller) -> DealCard:
        act(deal_found(who, pk, "write"), by=who.person, at=who.at, **sent.model_dump(exclude_unset=True))
        return _again(who, pk)

    return once(request, key, run)


@router.post("/deals/{pk}/refund", response={200: DealCard, **WRITES}, url_name="deal_refund")
def deal_refund(request: HttpRequest, pk: PathId, sent: DealBack, key: Key) -> HttpResponse:
    """Money or goods back: its own record on its own day."""

    def run(who: Caller) -> DealCard:
        row = deal_found(who, pk, "write")
        line = None
        if sent.line_id is not None:
            line = DealLine.objects.filter(deal=row, pk=sent.line_id).first()
            if line is None:
                raise OutOfReach
        values = sent.model_dump(exclude_unset=True, exclude={"line_id"})
        acts.refund_deal(row, line=line, by=who.person, at=who.at, **values)
        return _again(who, pk)

    return once(request, key, run)


@router.post("/deals/{pk}/credits", response={200: DealCard, **WRITES}, url_name="deal_credits")
def deal_credits(request: HttpRequest, pk: PathId, sent: DealShares, key: Key) -> HttpResponse:
    """Share a deal. After the win only a manager may, with a reason."""

    def run(who: Caller) -> DealCard:
        row = deal_found(who, pk, "write")
        if row.stage == "won" and who.reach.scope("deals", "write") < Scope.TEAM:
            raise OutOfReach
        credits = _credits(sent.credits)
        acts.set_credits(row, credits=credits, reason=sent.reason, version=sent.version, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)
