"""The records behind counts, rates and collections: steps of deals, activities, leads, instalments, receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from pacesetter.activity.models import Activity, CompanyMetric, VisitState
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.funnel import STEPS
from pacesetter.pipeline.models import Allocation, Deal, Instalment, Invoice, Lead, Receipt, StageChange
from pacesetter.pipeline.models.words import DealStage, LeadStage
from pacesetter.web import judged, show

from ..figures import Figures
from ..scope import Where
from .shape import Evidence, Record, hidden, in_reach, link, seat_filter


def _evidence(figures: Figures, rows: QuerySet[Any], make: Callable[[Any], Record], top: int | None,
              bottom: int | None = None, *, money: bool = False, count: int | None = None) -> Evidence:  # fmt: skip
    def page(first: int, last: int) -> Sequence[Record]:
        chosen = list(rows[first:last])
        figures.names.load("person", [row.person_id for row in chosen])
        return [make(row) for row in chosen]

    return Evidence(rows.count() if count is None else count, top, bottom, page, money=money)


# ---- steps of deals ------------------------------------------------------------------------------------------------


def steps(figures: Figures, metric: Metric, basis: str, start: date, end: date, where: Where) -> Evidence:
    """Wins, losses, openings: steps of deals on their own day, or deals opened (created basis)."""
    outcomes = {
        "deals_won": ("won", "cancelled"),
        "win_rate": ("opened",) if basis == "created" else ("won", "lost"),
        "deals_opened": ("opened",),
        "deals_lost": ("lost",),
    }.get(metric.key, ("moved", "won", "lost", "cancelled"))
    found = in_reach(figures, StageChange.objects.all(), "deals", on="on")
    if found is None:
        return hidden()
    found = found.filter(on__gte=start, on__lt=end, outcome__in=outcomes)
    if metric.key == "days_in_stage":
        found = found.filter(days_in_previous__isnull=False)
        where, left = _take(where, "stage")
        if left is not None:
            found = found.filter(from_stage=left)
    if outcomes != ("opened",):
        found = found.filter(valid=True)
    found = found.filter(
        seat_filter(figures, where, on="on", customer="deal__customer", product="deal__lines__product_id",
                    source="deal__source")
    )  # fmt: skip
    if any(dim == "product" for dim, _values in where.only):
        found = found.distinct()
    found = found.select_related("deal__customer").order_by("-on", "-id")

    won = Q(deal__stage="won") if basis == "created" else Q(outcome="won")
    counts = found.order_by().aggregate(
        all=Count("pk"), won=Count("pk", filter=won), cancelled=Count("pk", filter=Q(outcome="cancelled"))
    )
    top: int | None = counts["all"]
    bottom: int | None = None
    if metric.key == "deals_won":
        top = counts["won"] - counts["cancelled"]
    elif metric.key == "win_rate":
        top, bottom = counts["won"], counts["all"]
    elif metric.key == "days_in_stage":
        top = None
    sign = {"cancelled": -1} if metric.key == "deals_won" else {}

    def make(row: StageChange) -> Record:
        won = row.deal.stage == "won" if basis == "created" else row.outcome == "won"
        detail = _stage_word(row)
        if metric.key == "days_in_stage":
            detail = _("%(stage)s停留 %(days)s 天") % {
                "stage": dict(DealStage.choices).get(row.from_stage, row.from_stage), "days": row.days_in_previous,
            }  # fmt: skip
        return Record(
            row.on,
            row.deal.name,
            link(f"/deals/{row.deal_id}/"),
            row.deal.customer.name if row.deal.customer else "",
            figures.names.of("person", row.person_id),
            detail,
            (1 if won else 0) if bottom is not None else sign.get(row.outcome, 1),
            1 if bottom is not None else None,
        )

    return _evidence(figures, found, make, top, bottom, count=counts["all"])


def _stage_word(row: StageChange) -> str:
    word = str(row.get_outcome_display())
    amount = row.deal.loss_reason and row.outcome == "lost"
    return f"{word} · {row.deal.get_loss_reason_display()}" if amount else word


def _take(where: Where, dim: str) -> tuple[Where, Any]:
    value = dict(where.only).get(dim, (None,))[0]
    return Where(where.team, where.person, where.nobody, tuple(p for p in where.only if p[0] != dim)), value


# ---- activities ----------------------------------------------------------------------------------------------------

BUILT_IN = {
    "visits": "visit",
    "calls": "call",
    "online_meetings": "online",
    "proposals": "proposal",
    "needs_reports": "needs_report",
    "joint_visits": "joint_visit",
    "other_activities": "other",
}


def activities(figures: Figures, metric: Metric, start: date, end: date, where: Where) -> Evidence:
    """What was done, on its day."""
    found = in_reach(figures, Activity.objects.filter(withdrawn_at=None), "activities", on="on")
    if found is None:
        return hidden()
    found = found.filter(on__gte=start, on__lt=end)
    distinct = metric.key == "customers_visited"
    if metric.key in ("effective_visits", "customers_visited"):
        found = found.filter(effective=True)
    elif metric.key in BUILT_IN:
        found = found.filter(kind=BUILT_IN[metric.key])
    else:
        own = CompanyMetric.objects.filter(key=metric.key).first()
        if own is None:
            return Evidence(0, None, None, lambda a, b: ())
        found = found.filter(kind=own.kind)
        if own.result:
            found = found.filter(result=own.result)
        if own.effective_only:
            found = found.filter(effective=True)
        distinct = own.distinct_customers
    found = found.filter(seat_filter(figures, where, on="on")).select_related("customer", "rule").order_by("-on", "-id")
    top = found.exclude(customer=None).values("customer_id").distinct().count() if distinct else found.count()
    states = dict(VisitState.choices)

    def make(row: Activity) -> Record:
        kind = figures.names.of("activity_kind", row.kind)
        return Record(
            row.on,
            row.customer.name if row.customer else kind,
            link(f"/activities/{row.pk}/"),
            kind,
            figures.names.of("person", row.person_id),
            " · ".join(str(text) for text in (states.get(row.state, ""), judged.told(row), row.next_step) if text),
            None if distinct else 1,
        )

    return _evidence(figures, found, make, top, count=None if distinct else top)


# ---- leads and the funnel ------------------------------------------------------------------------------------------


def leads(figures: Figures, metric: Metric, basis: str, start: date, end: date, where: Where) -> Evidence:
    """Leads created in the period (or, by event, what reached the step in it)."""
    found = in_reach(figures, Lead.objects.all(), "leads", on="created_on")
    if found is None:
        return hidden()
    found = found.filter(seat_filter(figures, where, on="created_on", customer=""))
    cohort = found.filter(created_on__gte=start, created_on__lt=end)
    reached = Q(intent_on__isnull=False)
    top: int | None
    bottom: int | None = None
    if metric.key == "leads_created":
        rows, top = cohort, cohort.count()
    elif metric.key == "lead_conversion_rate" and basis != "period":
        rows, top, bottom = cohort, cohort.filter(reached).count(), cohort.count()
    elif metric.key == "lead_conversion_rate":
        rows = found.filter(intent_on__gte=start, intent_on__lt=end)
        top, bottom = rows.count(), cohort.count()
    elif metric.key.startswith("funnel_lead_"):
        rows, top, bottom = _lead_step(metric, basis, found, cohort, start, end)
    else:
        rows, top = found.filter(created_on__lt=end).exclude(stage__in=("won", "lost")), None
    rows = rows.order_by("-created_on", "-id")
    stages = dict(LeadStage.choices)

    def make(row: Lead) -> Record:
        return Record(
            row.created_on,
            row.name,
            link(f"/leads/{row.pk}/"),
            row.source,
            figures.names.of("person", row.person_id),
            str(stages.get(row.stage, row.stage)),
            (1 if row.intent_on else 0) if bottom is not None and basis != "period" else 1,
            1 if bottom is not None and basis != "period" else None,
        )

    whole = bottom if metric.key == "lead_conversion_rate" and basis != "period" else top
    return _evidence(figures, rows, make, top, bottom, count=whole)


def _lead_step(metric: Metric, basis: str, found: QuerySet[Any], cohort: QuerySet[Any], start: date,
               end: date) -> tuple[QuerySet[Any], int | None, int | None]:  # fmt: skip
    """The leads behind one bar of the funnel. The step `collected` is told by the money, which leads do not carry."""
    name, _under, part = metric.key.removeprefix("funnel_lead_").partition("_")
    columns = [step.column for step in STEPS["lead"] if step.column != "collected_on"]
    place = next((i for i, step in enumerate(STEPS["lead"]) if step.key == name), 0)
    if place >= len(columns):
        return cohort.filter(won_on__isnull=False), None, None

    def at(step: int) -> QuerySet[Any]:
        if basis == "period":
            return found.filter(**{f"{columns[step]}__gte": start, f"{columns[step]}__lt": end})
        beyond = Q()
        for column in columns[step:]:
            beyond |= Q(**{f"{column}__isnull": False})
        return cohort.filter(beyond) if step else cohort

    rows = at(place)
    if part in ("rate", "overall"):
        return rows, rows.count(), at(place - 1 if part == "rate" else 0).count()
    if part in ("amount", "days"):
        return rows, None, None
    if part in ("standing", "skipped") and place + 1 >= len(columns):
        return rows, None, None
    if part == "standing":
        rows = rows.exclude(pk__in=at(place + 1).values("pk")).filter(lost_on=None, won_on=None)
        return rows, None, None
    if part == "skipped":
        rows = at(place + 1).filter(**{f"{columns[place]}__isnull": True})
        return rows, rows.count(), None
    return rows, rows.count(), None


def deals(figures: Figures, metric: Metric, start: date, end: date, where: Where) -> Evidence:
    """Deals opened in the period: what the funnel of deals counts."""
    opened = in_reach(figures, StageChange.objects.filter(outcome="opened"), "deals", on="on")
    if opened is None:
        return hidden()
    opened = opened.filter(on__gte=start, on__lt=end).filter(
        seat_filter(figures, where, on="on", customer="deal__customer", product="deal__lines__product_id",
                    source="deal__source")
    )  # fmt: skip
    if any(dim == "product" for dim, _values in where.only):
        opened = opened.distinct()
    rows = opened.select_related("deal__customer").order_by("-on", "-id")

    def make(row: StageChange) -> Record:
        deal: Deal = row.deal
        return Record(
            row.on, deal.name, link(f"/deals/{deal.pk}/"), deal.customer.name if deal.customer else "",
            figures.names.of("person", row.person_id), str(deal.get_stage_display()), 1,
        )  # fmt: skip

    top = rows.count() if metric.key == "funnel_deal_deal" else None
    return _evidence(figures, rows, make, top)


# ---- money ---------------------------------------------------------------------------------------------------------


def instalments(figures: Figures, metric: Metric, start: date, end: date, where: Where) -> Evidence:
    """Instalments due with what was received on them by the end."""
    found = in_reach(figures, Instalment.objects.all(), "money", on="due_on")
    if found is None:
        return hidden()
    where, bucket = _take(where, "ageing")
    found = found.filter(Q(voided_on=None) | Q(voided_on__gte=end))
    found = found.filter(seat_filter(figures, where, on="due_on"))
    paid = (
        Allocation.objects.filter(instalment=OuterRef("pk"), receipt__on__lt=end)
        .values("instalment")
        .annotate(total=Sum("amount_minor"))
        .values("total")
    )
    found = found.annotate(
        got=Coalesce(Subquery(paid, output_field=BigIntegerField()), 0, output_field=BigIntegerField())
    )
    found = found.annotate(counted=Least(F("got"), F("amount_minor"), output_field=BigIntegerField()))
    top: int | None
    bottom: int | None = None
    # what is due on a day is late from the next day on, also while the period is not over
    morning = min(end, figures.today)
    if metric.key == "overdue_amount":
        found = found.filter(due_on__lt=morning, amount_minor__gt=F("counted"))
        if bucket:
            found = found.filter(_aged(bucket, morning))
        sums = found.aggregate(owed=Sum("amount_minor"), got=Sum("counted"))
        top = (sums["owed"] or 0) - (sums["got"] or 0)
    else:
        found = found.filter(due_on__gte=start, due_on__lt=end)
        sums = found.aggregate(owed=Sum("amount_minor"), got=Sum("counted"))
        top, bottom = sums["got"] or 0, sums["owed"] or 0
    found = found.select_related("customer", "deal").order_by("due_on", "id")

    def make(row: Any) -> Record:
        late = (morning - row.due_on).days
        open_minor = row.amount_minor - row.counted
        return Record(
            row.due_on,
            row.deal.name if row.deal else (row.number or row.customer.name),
            link(f"/deals/{row.deal_id}/") if row.deal_id else link(f"/customers/{row.customer_id}/"),
            row.customer.name,
            figures.names.of("person", row.person_id),
            _("逾期 %(days)s 天") % {"days": late} if open_minor > 0 and late > 0 else "",
            open_minor if bottom is None else row.counted,
            None if bottom is None else row.amount_minor,
        )

    return _evidence(figures, found, make, top, bottom, money=True)


def _aged(bucket: str, morning: date) -> Q:
    low, high = {"0-30": (0, 30), "31-60": (30, 60), "61-90": (60, 90), "90+": (90, None)}.get(bucket, (0, None))
    asked = Q(due_on__gte=morning - timedelta(days=high)) if high is not None else Q()
    return asked & Q(due_on__lt=morning - timedelta(days=low)) if low else asked


def papers(figures: Figures, metric: Metric, start: date, end: date, where: Where) -> Evidence:
    """Receipts (or invoices) of the period."""
    invoices = metric.key == "invoiced_amount"
    model: Any = Invoice if invoices else Receipt
    found = in_reach(figures, model.objects.all(), "money", on="on")
    if found is None:
        return hidden()
    found = found.filter(on__gte=start, on__lt=end).filter(seat_filter(figures, where, on="on"))
    found = found.select_related("customer").order_by("-on", "-id")

    def make(row: Any) -> Record:
        return Record(
            row.on,
            row.customer.name,
            link(f"/customers/{row.customer_id}/"),
            row.number or "",
            figures.names.of("person", row.person_id),
            show.MISSING if invoices else row.method,
            row.amount_minor,
        )

    return _evidence(figures, found, make, found.aggregate(total=Sum("amount_minor"))["total"] or 0, money=True)
