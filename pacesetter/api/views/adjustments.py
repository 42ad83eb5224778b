"""Applications to change goals: read within reach, asked for, spoken about, taken back; the events they name.

The same acts as the pages': nobody speaks about the own goal, the analyst before the director, time approves nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter import assembly
from pacesetter.goals import acts, reads, rules
from pacesetter.goals.models import Adjustment, AdjustmentEvent, MarketEvent
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer, Product

from ..caller import Caller, Key, caller, once
from ..fields import PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.adjustments import (
    AdjustmentEventOut,
    AdjustmentNew,
    AdjustmentOut,
    AdjustmentsAsked,
    AdjustmentWithdraw,
    MarketEventNew,
    MarketEventOut,
    MarketEventsAsked,
    VoiceNew,
    VoiceOut,
)

router = Router(tags=["goals"])
EVENT = ("kind", "title", "text", "on", "until", "customer_region", "industry", "product_id", "made_at", "retired_at")


def _evidence(row: Adjustment, reach: Reach, open_: Collection[int]) -> dict[str, Any]:
    """What was kept with it, as this reader sees it: no amount a role hides, no customer they may not open."""
    kept = {**row.evidence}
    if "ids" in kept:
        kept["ids"] = [pk for pk in kept["ids"] if pk in open_]
    if "weeks" in kept and reads.hides_amounts(reach, row.goal, reads.metric_named(row.goal.metric, row.goal.basis)):
        kept["weeks"] = [{**week, "top": None, "bottom": None} for week in kept["weeks"]]
    return kept


def _told(views: Sequence[reads.AdjustmentView], reach: Reach) -> list[AdjustmentOut]:
    """Applications as this reader sees them."""
    ids = {pk for view in views for pk in view.row.evidence.get("ids", [])}
    rows = reach.rows(Customer.objects.filter(pk__in=ids), "customers")
    open_ = frozenset(rows.values_list("pk", flat=True))
    return [_one(view, _evidence(view.row, reach, open_)) for view in views]


def _one(view: reads.AdjustmentView, evidence: dict[str, Any]) -> AdjustmentOut:
    row, escalated = view.row, view.event("escalated")
    lies = escalated.figures.get("lies", {}) if escalated else {}
    return AdjustmentOut(
        id=row.pk, goal_id=row.goal_id, metric=row.goal.metric, period=row.goal.label, version=row.version.number,
        state=view.state, reason=row.reason, market_event_id=row.event_id,
        market_event=row.event.title if row.event else None, old_target=row.version.target, floor=row.floor,
        target=row.target, stretch=row.stretch, challenge=row.challenge, valid_from=row.valid_from,
        asked_at=row.asked_at, asked_by=row.asked_by.name, due_on=row.due_on, check_on=row.check_on,
        waits_for=rules.awaited(view.matter), lay_with=[one["name"] for one in lies.get("with", [])],
        lay_since=lies.get("since"),
        evidence=evidence,
        voices=[VoiceOut(seat=v.seat, yes=v.yes, sentence=v.sentence, said_at=v.at, by=v.by_name)
                for v in view.voices],
        events=[AdjustmentEventOut(kind=e.kind, happened_at=e.at, by=e.by_name, reason=e.reason)
                for e in view.events],
    )  # fmt: skip


def _applications(reach: Reach) -> QuerySet[Adjustment]:
    """The applications in reach: for whoever reads goals (marketing those on leads), and for a delegate."""
    rows = reads.visible_adjustments(reach)
    if reads.seats(reach):
        return rows
    reach.require("goals")
    return rows if reach.parts("goals") is None else rows.filter(goal__in=reads.visible(reach))


@router.get("/adjustments", response={200: Listed[AdjustmentOut], **READS}, url_name="adjustments")
def adjustment_list(request: HttpRequest, asked: Query[AdjustmentsAsked]) -> HttpResponse:
    """Applications to change goals, in reach."""
    reach = caller(request).reach
    rows = narrowed(_applications(reach), asked, {"goal_id": "goal_id"})
    if asked.state:
        still = reads.open_adjustments().values("pk")
        rows = rows.exclude(pk__in=still) if asked.state == "ended" else rows.filter(pk__in=still)
    if asked.state == "late":
        rows = rows.filter(Exists(AdjustmentEvent.objects.filter(adjustment=OuterRef("pk"), kind="escalated")))
    if asked.words:
        rows = rows.filter(reason__icontains=asked.words)
    views: dict[int, AdjustmentOut] = {}

    def prepare(shown: list[Any]) -> None:
        found = reads.adjustments(Adjustment.objects.filter(pk__in=[row.pk for row in shown]))
        views.update({told.id: told for told in _told(found, reach)})

    return listed(
        request, asked, rows, {"due_on": "due_on"}, lambda row: views[row.pk], Listed[AdjustmentOut],
        prepare=prepare,
    )  # fmt: skip


@router.get("/adjustments/{pk}", response={200: AdjustmentOut, **READS}, url_name="adjustment")
def adjustment_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One application with what was said and what happened."""
    reach = caller(request).reach
    found = reads.adjustments(_applications(reach).filter(pk=pk))
    if not found:
        raise OutOfReach
    return give(_told(found, reach)[0].model_dump_json())


def _again(who: Caller, pk: int) -> AdjustmentOut:
    """As it stands now; a delegate who just decided still reads what they spoke about."""
    return _told([reads.adjustment(_applications(who.reach).filter(pk=pk).get().pk)], who.reach)[0]


# --- asking and speaking ----------------------------------------------------------------------------------------------
@router.post("/adjustments", response={201: AdjustmentOut, **WRITES}, url_name="adjustment_ask")
def adjustment_ask(request: HttpRequest, sent: AdjustmentNew, key: Key) -> HttpResponse:
    """Ask for new lines: the goal's person, the head of its team, the director for the company's."""

    def run(who: Caller) -> AdjustmentOut:
        goal = reads.visible(who.reach).filter(pk=sent.goal_id).first()
        if goal is None or not reads.may_ask(who.reach, goal):
            raise OutOfReach
        event = reads.market_events().filter(pk=sent.market_event_id).first()
        drawn = assembly.evidence(goal, event, who.today) if event is not None else {}
        try:
            made = acts.request_adjustment(
                goal=goal.pk, event=sent.market_event_id, reason=sent.reason, valid_from=sent.valid_from,
                evidence=drawn, seen=sent.version, by=who.person, at=who.at,
                **{name: getattr(sent, name) for name in rules.LINES if name in sent.model_fields_set},
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.field == "event":
                refusal.field = "market_event_id"
            raise
        return _again(who, made.pk)

    return once(request, key, run, 201)


@router.post("/adjustments/{pk}/voice", response={200: AdjustmentOut, **WRITES}, url_name="adjustment_voice")
def adjustment_voice(request: HttpRequest, pk: PathId, sent: VoiceNew, key: Key) -> HttpResponse:
    """Speak from a seat: assess as analyst, say yes or no as HRBP, decide as director, or in somebody's place."""

    def run(who: Caller) -> AdjustmentOut:
        if not _applications(who.reach).filter(pk=pk).exists():
            raise OutOfReach
        acts.give_voice(adjustment=pk, seat=sent.seat, yes=sent.yes, sentence=sent.sentence,
                        stands_for=sent.stands_for_id, by=who.person, at=who.at)  # fmt: skip
        return _again(who, pk)

    return once(request, key, run)


@router.post("/adjustments/{pk}/withdraw", response={200: AdjustmentOut, **WRITES}, url_name="adjustment_withdraw")
def adjustment_withdraw(request: HttpRequest, pk: PathId, sent: AdjustmentWithdraw, key: Key) -> HttpResponse:
    """Take the own application back; the goal stays as it is."""

    def run(who: Caller) -> AdjustmentOut:
        if not _applications(who.reach).filter(pk=pk).exists():
            raise OutOfReach
        acts.withdraw_adjustment(adjustment=pk, reason=sent.reason, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)


# --- the register -----------------------------------------------------------------------------------------------------
def _event(row: MarketEvent) -> MarketEventOut:
    return MarketEventOut(**{name: getattr(row, name) for name in EVENT}, id=row.pk,
                          made_by=row.made_by.name if row.made_by else None)  # fmt: skip


@router.get("/market-events", response={200: Listed[MarketEventOut], **READS}, url_name="market_events")
def market_event_list(request: HttpRequest, asked: Query[MarketEventsAsked]) -> HttpResponse:
    """The register that applications point to."""
    reach = caller(request).reach
    if not reads.reads_events(reach):
        raise OutOfReach
    rows = narrowed(reads.market_events(retired=bool(asked.retired)), asked, {"kind": "kind"})
    if asked.words:
        rows = rows.filter(Q(title__icontains=asked.words) | Q(text__icontains=asked.words))
    return listed(request, asked, rows, {"on": "on"}, _event, Listed[MarketEventOut])


@router.post("/market-events", response={201: MarketEventOut, **WRITES}, url_name="market_event_add")
def market_event_add(request: HttpRequest, sent: MarketEventNew, key: Key) -> HttpResponse:
    """Add an event to the register."""

    def run(who: Caller) -> MarketEventOut:
        if not reads.keeps_events(who.reach):
            raise OutOfReach
        if sent.product_id is not None and not Product.objects.filter(pk=sent.product_id).exists():
            raise OutOfReach
        values = sent.model_dump(exclude={"product_id"})
        made = acts.add_event(**values, product=sent.product_id, by=who.person, at=who.at)
        return _event(made)

    return once(request, key, run, 201)
