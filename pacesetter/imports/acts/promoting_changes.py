"""What an import changes of stored records: plain columns in bulk, hand-overs and steps of deals by their own acts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.activity.acts import log as activity_acts
from pacesetter.activity.models import Activity
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as deal_acts
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.acts import customer as customer_acts
from pacesetter.pipeline.acts import lead as lead_acts
from pacesetter.pipeline.models import Customer, Deal, DealLine, Lead
from pacesetter.pipeline.rules import OPEN_STAGES

from ..staging import Staging

BULK = {"products": "product", "customers": "customer", "leads": "lead", "deals": "deal"}
# column → entity whose provisional ids it may hold
REFERENCES = {"parent_id": "customers", "customer_id": "customers", "owner_id": "people"}


def write(staging: Staging, ids: Any, batch: bulk.Batch, *, by: Person | None, at: datetime) -> None:
    """Apply the staged updates of every entity."""
    for entity, noun in BULK.items():
        plain: list[tuple[int, dict[str, Any]]] = []
        for pk, changed in staging.items("update:" + entity):
            values = {name: value for name, value in changed.items() if not name.startswith("+")}
            for name, of in REFERENCES.items():
                if name in values:
                    values[name] = ids.of(of, values[name])
            owner = values.pop("owner_id", None) if entity == "customers" else None
            if values:
                plain.append((pk, values))
            if owner is not None:
                customer_acts.assign_customer(
                    Customer.objects.get(pk=pk),
                    owner=Person.objects.get(pk=owner),
                    reason=_("随文件导入"),
                    by=by,
                    at=at,
                )
            if "+stage" in changed:
                stage, on = changed["+stage"]
                lead_acts.move_lead(
                    Lead.objects.get(pk=pk), stage=stage, on=on, loss_reason=values.get("loss_reason", "other"), by=by,
                    at=at,
                )  # fmt: skip
        if plain:
            batch.update(noun, plain)
    for pk, changed in staging.items("update:deals"):
        if "+move" in changed:
            _move(Deal.objects.get(pk=pk), changed["+move"], by, at)
    _activities(staging, batch, by, at)


def _move(deal: Deal, wanted: dict[str, Any], by: Person | None, at: datetime) -> None:
    """Bring a deal to the stage and amount of the file, step by step as a person would."""
    stage, on, amount = wanted["stage"], wanted["on"], wanted["amount_minor"]
    why = _("随文件导入")
    if deal.stage not in OPEN_STAGES and stage != deal.stage:
        back = stage if stage in OPEN_STAGES else "negotiation"
        deal = deal_acts.reopen_deal(deal, reason=why, stage=back, by=by, at=at)
    if amount is not None and amount != deal.amount_minor:
        lines = list(DealLine.objects.filter(deal=deal).select_related("product"))
        if len(lines) <= 1:
            told = [deal_acts.Line(amount_minor=amount, product=line.product) for line in lines] or None
            values = {} if told else {"amount_minor": amount}
            deal = deal_acts.change_deal(deal, lines=told, reason=why, by=by, at=at, **values)
    day: date | None = on
    if stage in OPEN_STAGES:
        if stage != deal.stage:
            deal_acts.move_deal(deal, stage=stage, reason=why, asks=False, by=by, at=at)
    elif stage != deal.stage:
        if stage == "won":
            deal_acts.win_deal(deal, on=day, by=by, at=at)
        elif stage == "lost":
            deal_acts.lose_deal(
                deal,
                on=day,
                loss_reason=wanted["loss_reason"] or "other",
                competitor=wanted["competitor"],
                asks=False,
                by=by,
                at=at,
            )


def _activities(staging: Staging, batch: bulk.Batch, by: Person | None, at: datetime) -> None:
    """What completes a visit may make it count: the room's own act judges it anew; kept columns go over in bulk."""
    extra: list[tuple[int, dict[str, Any] | None, dict[str, Any] | None]] = []
    for pk, values in staging.items("update:activities"):
        stored = Activity.objects.get(pk=pk)
        kept = values.pop("extra", None)
        if values:
            activity_acts.change_activity(stored, by=by, at=at, **values)
        if kept is not None:
            extra.append((pk, {"extra": stored.extra}, {"extra": kept}))
            Activity.objects.filter(pk=pk).update(extra=kept)
    batch.note("activity", extra)
