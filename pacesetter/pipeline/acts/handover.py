"""Handing everything of a person to somebody else, and freezing facts anew after a membership was corrected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import ClosedPeriod, Person

from .. import rules
from ..models import (
    Allocation,
    Booking,
    CreditShare,
    Customer,
    Deal,
    Instalment,
    Invoice,
    Lead,
    OwnerChange,
    Receipt,
    StageChange,
)
from . import edit, pool

# every fact of this room that carries a seat, with the day it is frozen on
FACTS: tuple[tuple[type[models.Model], str], ...] = (
    (StageChange, "on"),
    (Booking, "on"),
    (Lead, "created_on"),
    (Invoice, "on"),
    (Instalment, "due_on"),
    (Receipt, "on"),
    (Allocation, "on"),
)
SEAT = ("team_id", "manager_id", "region_id", "growth_stage")
HANDED = ("customers", "leads", "deals")


@transaction.atomic
def transfer_ownership(
    *, from_person: Person, to_person: Person | None, by: Person | None, at: datetime, on: date | None = None,
    what: tuple[str, ...] = HANDED, reason: str = "",
) -> Entry:  # fmt: skip
    """Hand a person's customers, open leads and open deals to somebody else; leads to nobody go to the pool.

    Facts of the past stay with the seat they were made from. Credits of open deals follow where the leaver alone had
    them.
    """
    today = people.business_day(at)
    on = on or today
    if to_person is not None and to_person.pk == from_person.pk:
        raise Refusal(_("交接给本人没有意义，请选另一位同事。"), code="same", field="to_person")
    edit.check_owner(to_person, on=on, field="to_person")
    if to_person is None and set(what) - {"leads"}:
        raise Refusal(_("客户和商机要交给一位同事；只有线索可以退回公海。"), code="required", field="to_person")
    to = to_person.pk if to_person else None
    changed: list[tuple[str, list[int]]] = []
    if "customers" in what:
        customers = Customer.objects.filter(owner=from_person, merged_into=None)
        changed.append(("customer", list(customers.values_list("pk", flat=True))))
        Customer.objects.filter(pk__in=changed[-1][1]).update(owner=to, version=models.F("version") + 1)
    if "leads" in what:
        leads = Lead.objects.filter(owner=from_person).exclude(stage__in=("won", "lost"))
        changed.append(("lead", list(leads.values_list("pk", flat=True))))
        new = pool.protected(today) if to else {
            **pool.NOBODY, "freed_at": at, "freed_from": from_person,
            "freed_because": {"kind": "released", "reason": reason},
        }  # fmt: skip
        Lead.objects.filter(pk__in=changed[-1][1]).update(
            owner=to, in_pool=to is None, version=models.F("version") + 1, **new
        )
    if "deals" in what:
        deals = Deal.objects.filter(owner=from_person, stage__in=rules.OPEN_STAGES)
        ids = list(deals.values_list("pk", flat=True))
        changed.append(("deal", ids))
        Deal.objects.filter(pk__in=ids).update(owner=to, version=models.F("version") + 1)
        # millionths of the whole: the leaver alone was credited
        alone = CreditShare.objects.filter(deal_id__in=ids, person=from_person, overlay=False, share_ppm=rules.WHOLE)
        held = CreditShare.objects.filter(deal_id__in=ids, person=to_person, overlay=False).values("deal_id")
        alone.exclude(deal_id__in=held).update(person=to_person)
    total = sum(len(ids) for _entity, ids in changed)
    entry = record(
        "transfer_ownership", by=by, at=at, entity="person", object_id=from_person.pk, rows=total, reason=reason,
        label=f"{from_person} → {to_person or _('公海')}", about_id=to or from_person.pk,
        before={"owner_id": from_person.pk}, after={"owner_id": to, **{entity: len(ids) for entity, ids in changed}},
    )  # fmt: skip
    for entity, ids in changed:
        OwnerChange.objects.bulk_create(
            OwnerChange(entity=entity, object_id=pk, from_person=from_person, to_person_id=to, on=on, at=at, by=by,
                        reason=reason)
            for pk in ids
        )  # fmt: skip
        record_rows(entry, entity, ((pk, {"owner_id": from_person.pk}, {"owner_id": to}) for pk in ids))
    return entry


def refreeze_facts(
    facts: tuple[tuple[type[models.Model], str], ...], *, person_id: int, start: date, end: date, by: Person | None,
    at: datetime, reason: str = "",
) -> int:  # fmt: skip
    """Put the seats of a person's facts in `[start, end)` right, open periods only; how many rows changed."""
    book = people.SeatBook([person_id])
    closed = Q()
    found: list[tuple[str, list[tuple[int, dict[str, Any], dict[str, Any]]]]] = []
    periods = list(ClosedPeriod.objects.all())
    for model, day in facts:
        closed = Q()
        for period in periods:
            closed |= Q(**{f"{day}__gte": period.start, f"{day}__lt": period.end})
        rows = model._default_manager.filter(person_id=person_id, **{f"{day}__gte": start, f"{day}__lt": end})
        if periods:
            rows = rows.exclude(closed)
        changes = []
        for row in rows.values("pk", day, *SEAT):
            right = {name: value for name, value in book.at(person_id, row[day]).columns().items() if name in SEAT}
            wrong = {name: row[name] for name in SEAT if row[name] != right[name]}
            if wrong:
                changes.append((row["pk"], wrong, {name: right[name] for name in wrong}))
        for pk, _was, now in changes:
            model._default_manager.filter(pk=pk).update(**now)
        if changes:
            found.append((str(model._meta.model_name), changes))
    total = sum(len(changes) for _entity, changes in found)
    if total:
        entry = record("refreeze", by=by, at=at, entity="person", object_id=person_id, about_id=person_id, rows=total,
                       reason=reason, after={"start": start, "end": end})  # fmt: skip
        for entity, changes in found:
            record_rows(entry, entity, changes)
    return total


@transaction.atomic
def refreeze(*, person_id: int, start: date, end: date, by: Person | None, at: datetime, reason: str = "") -> int:
    """After a corrected membership: the pipeline's facts of that person get the seat of their day again."""
    return refreeze_facts(FACTS, person_id=person_id, start=start, end=end, by=by, at=at, reason=reason)
