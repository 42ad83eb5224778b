"""The shared register of market events, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, since
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.people.reach import reach_of
from pacesetter.pipeline.models import Product

from .. import reads, rules
from ..models import Delegate, MarketEvent

LONGEST_STAND = 366


def _values(
    kind: str, title: str, text: str, on: date, until: date | None, customer_region: str, industry: str,
    product: int | None,
) -> dict[str, Any]:  # fmt: skip
    if kind not in MarketEvent.Kind.values:
        raise Refusal(_("选事件的类型。"), code="kind", field="kind")
    if not title.strip():
        raise Refusal(_("写一个标题，让别人认得出这件事。"), code="required", field="title")
    if until is not None and until < on:
        raise Refusal(_("结束的日子不早于发生的日子。"), code="order", field="until")
    if product is not None and not Product.objects.filter(pk=product).exists():
        raise Refusal(_("没有这个产品。"), code="product", field="product")
    return {"kind": kind, "title": title.strip()[:120], "text": text.strip()[:2000], "on": on, "until": until,
            "customer_region": customer_region.strip()[:80], "industry": industry.strip()[:80],
            "product_id": product}  # fmt: skip


def _must_keep(by: Person, at: datetime) -> None:
    if not reads.keeps_events(reach_of(by, people.business_day(at))):
        raise OutOfReach


@transaction.atomic
def add_event(
    *, kind: str, title: str, on: date, by: Person, at: datetime, text: str = "", until: date | None = None,
    customer_region: str = "", industry: str = "", product: int | None = None,
) -> MarketEvent:  # fmt: skip
    """Add an event to the register: director, analyst, managers and marketing."""
    _must_keep(by, at)
    values = _values(kind, title, text, on, until, customer_region, industry, product)
    twin = MarketEvent.objects.filter(kind=kind, title=values["title"], on=on, retired_at=None).first()
    if twin is not None:
        raise Refusal(_("这件事已经登记过。"), code="twin", field="title")
    event = MarketEvent.objects.create(**values, made_at=at, made_by=by)
    record("add_event", by=by, at=at, entity="marketevent", object_id=event.pk, label=event.title, after=values)
    return event


def _event(pk: int, seen: int | None) -> MarketEvent:
    """The event for this act alone; a conflict when somebody wrote about it since line `seen` of the journal."""
    event = MarketEvent.objects.select_for_update().filter(pk=pk).first()
    if event is None:
        raise OutOfReach
    if event.retired_at is not None:
        raise Refusal(_("这件事已经停用。"), code="retired")
    if seen is not None:
        newer = [line for line in since("marketevent", seen) if line.object_id == str(pk)]
        if newer:
            raise Conflict(_("%(who)s 刚改过这件事。看过再保存。") % {"who": newer[0].by_name}, who=newer[0].by_name,
                           now=newer[0].pk)  # fmt: skip
    return event


@transaction.atomic
def change_event(
    *, event: int, kind: str, title: str, on: date, by: Person, at: datetime, text: str = "",
    until: date | None = None, customer_region: str = "", industry: str = "", product: int | None = None,
    seen: int | None = None,
) -> MarketEvent:  # fmt: skip
    """Correct an event; applications that point to it keep the evidence they were made with."""
    _must_keep(by, at)
    row = _event(event, seen)
    values = _values(kind, title, text, on, until, customer_region, industry, product)
    before = {name: getattr(row, name) for name in values}
    if before != values:
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        record("change_event", by=by, at=at, entity="marketevent", object_id=row.pk, label=row.title, before=before,
               after=values)  # fmt: skip
    return row


@transaction.atomic
def retire_event(*, event: int, by: Person, at: datetime, reason: str = "") -> MarketEvent:
    """No application names it from now on; what was based on it keeps it."""
    _must_keep(by, at)
    row = _event(event, None)
    row.retired_at = at
    row.save(update_fields=["retired_at"])
    record("retire_event", by=by, at=at, entity="marketevent", object_id=row.pk, label=row.title, reason=reason)
    return row


@transaction.atomic
def name_delegate(
    *, delegate: int, start: date, end: date, by: Person, at: datetime, reason: str = ""
) -> Delegate:  # fmt: skip
    """Name who speaks in the own seat from `start` up to, not including, `end`.

    Only whoever sits in one of the three seats names somebody, from today on, for a year at most, and one at a time.
    """
    today = people.business_day(at)
    Person.objects.select_for_update().get(pk=by.pk)  # two tabs of one person take turns
    if not set(rules.SEATS) & people.roles_of(by.pk, today):
        raise OutOfReach
    if start < today or not start < end or (end - start).days > LONGEST_STAND:
        raise Refusal(_("代理从今天或以后开始，最长一年，结束的日子在开始之后。"), code="days", field="end")
    other = Person.objects.filter(pk=delegate, access_ended=False, merged_into=None).first()
    if other is None or other.pk == by.pk:
        raise Refusal(_("选另一位在职的人。"), code="delegate", field="delegate")
    if Delegate.objects.filter(person=by, ended_at=None, start__lt=end, end__gt=start).exists():
        raise Refusal(_("这段时间已经有代理人。先结束那一段。"), code="overlap", field="start")
    made = Delegate.objects.create(person=by, delegate=other, start=start, end=end, reason=reason.strip()[:200],
                                   made_at=at)  # fmt: skip
    record("name_delegate", by=by, at=at, entity="delegate", object_id=made.pk, label=other.name, about_id=other.pk,
           after={"start": start, "end": end}, reason=reason)  # fmt: skip
    return made


@transaction.atomic
def end_delegate(*, delegate: int, by: Person, at: datetime) -> Delegate:
    """End a delegation at once: whoever named it. What was said in that time stays. Once is enough."""
    row = Delegate.objects.select_for_update(of=("self",)).select_related("delegate").filter(pk=delegate).first()
    if row is None or row.person_id != by.pk:
        raise OutOfReach
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        record("end_delegate", by=by, at=at, entity="delegate", object_id=row.pk, label=row.delegate.name,
               about_id=row.delegate_id)  # fmt: skip
    return row
