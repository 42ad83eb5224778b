"""The list of activities, and the one timeline of a customer, a lead or a deal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from pacesetter.pipeline.models import (
    Customer,
    Deal,
    Invoice,
    Lead,
    OwnerChange,
    Receipt,
    Reversal,
    StageChange,
)

from ..models import Activity, ActivityKind

PAGE = 20

Keep = Callable[..., "QuerySet[Any]"]


def everything(rows: QuerySet[Any], _entity: str, **_columns: str) -> QuerySet[Any]:
    """No limit of sight (for programs that have applied it already)."""
    return rows


def activities(words: str = "") -> QuerySet[Activity]:
    """Activities with the people and records they name; withdrawn ones left out."""
    rows = Activity.objects.filter(withdrawn_at=None).select_related("person", "customer", "deal", "lead")
    if words:
        rows = rows.filter(
            Q(customer__name__icontains=words)
            | Q(contact_name__icontains=words)
            | Q(note__icontains=words)
            | Q(person__name=words)
            | Q(lead__name__icontains=words)
        )
    return rows


def kinds(active: bool = True) -> list[ActivityKind]:
    """Kinds of activity, the built-in ones first."""
    rows = ActivityKind.objects.order_by("-builtin", "id")
    return list(rows.filter(active=True) if active else rows)


@dataclass(frozen=True)
class Moment:
    """One line of a timeline. `what` says which kind of row it is; `row` is the record itself."""

    on: date | None
    at: datetime | None
    what: str
    row: Any
    person_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def timeline(
    *,
    customer: Customer | None = None,
    deal: Deal | None = None,
    lead: Lead | None = None,
    page: int = 1,
    keep: Keep = everything,
) -> tuple[list[Moment], bool]:
    """One page (20) of everything that happened, newest first, and whether there is more.

    `keep(rows, entity, **columns)` leaves what the reader may see (`Reach.rows`).
    Each source gives at most what the pages up to this one can show, so the cost does not grow with the history.
    """
    wanted = page * PAGE + 1
    moments: list[Moment] = []
    for source in _sources(customer, deal, lead, keep):
        moments += islice(source(wanted), wanted)
    moments.sort(key=lambda m: (m.on or date.min, str(m.at or ""), m.row.pk), reverse=True)
    return moments[(page - 1) * PAGE : page * PAGE], len(moments) > page * PAGE


def _sources(customer: Customer | None, deal: Deal | None, lead: Lead | None, keep: Keep) -> list[Any]:
    mine = Q()
    for name, row in (("customer", customer), ("deal", deal), ("lead", lead)):
        if row is not None:
            mine |= Q(**{name: row})
    of_deal = Q(deal=deal) if deal is not None else Q(deal__customer=customer)
    of_money = Q(deal=deal) if deal is not None else Q(customer=customer)
    seat = {"owner": "person_id", "team": "team_id", "on": "on"}

    def acts(limit: int) -> Iterator[Moment]:
        rows = keep(Activity.objects.filter(mine), "activities", **seat)
        for row in rows.select_related("person", "deal", "contact", "rule").order_by("-on", "-id")[:limit]:
            yield Moment(row.on, row.at or row.entered_at, "activity", row, row.person_id)

    def steps(limit: int) -> Iterator[Moment]:
        rows = keep(StageChange.objects.filter(of_deal), "deals", owner="deal__owner_id")
        for row in rows.select_related("deal", "by", "person").order_by("-on", "-id")[:limit]:
            yield Moment(row.on, row.at, "step", row, row.person_id)

    def receipts(limit: int) -> Iterator[Moment]:
        rows = Receipt.objects.filter(customer=customer)
        if deal is not None:
            rows = Receipt.objects.filter(allocations__instalment__deal=deal).distinct()
        for row in keep(rows, "money", **seat).select_related("person").order_by("-on", "-id")[:limit]:
            yield Moment(row.on, None, "receipt", row, row.person_id)

    def invoices(limit: int) -> Iterator[Moment]:
        rows = keep(Invoice.objects.filter(of_money), "money", **seat)
        for row in rows.select_related("person").order_by("-on", "-id")[:limit]:
            yield Moment(row.on, None, "invoice", row, row.person_id)

    def reversals(limit: int) -> Iterator[Moment]:
        rows = keep(Reversal.objects.filter(of_deal), "deals", owner="deal__owner_id")
        for row in rows.select_related("deal").order_by("-on", "-id")[:limit]:
            yield Moment(row.on, row.at, "reversal", row)

    def handed(limit: int) -> Iterator[Moment]:
        which = Q(pk=None)
        if customer is not None:
            deals = keep(Deal.objects.filter(customer=customer), "deals")
            which |= Q(entity="customer", object_id=customer.pk) | Q(entity="deal", object_id__in=deals.values("pk"))
        if deal is not None:
            which |= Q(entity="deal", object_id=deal.pk)
        if lead is not None:
            which |= Q(entity="lead", object_id=lead.pk)
        rows = OwnerChange.objects.filter(which).select_related("from_person", "to_person").order_by("-on", "-id")
        for row in rows[:limit]:
            yield Moment(row.on, row.at, "handed", row)

    sources: list[Any] = [acts, handed]
    return sources if lead is not None else [*sources, steps, receipts, invoices, reversals]
