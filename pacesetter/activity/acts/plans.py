"""What is planned: made by hand or by a log's next step, moved, dropped; done by exactly one record."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit
from pacesetter.pipeline.models import Customer, Deal, Lead

from .. import rules
from ..models import Activity, ActivityKind, PlanItem, PlanState
from ..rules.words import kind_of

# no plan reaches further ahead than this
AHEAD_DAYS = 400
# an undo belongs to the toast it stands on
UNDO_WITHIN = timedelta(minutes=15)


@transaction.atomic
def plan_item(
    *, person: Person, on: date, by: Person | None, at: datetime, kind: str = "visit", purpose: str = "",
    time: time | None = None, customer: Customer | None = None, deal: Deal | None = None, lead: Lead | None = None,
) -> PlanItem:  # fmt: skip
    """Plan something for a day. The same customer, kind and day again gives the item that is there."""
    check_day(on, at)
    if customer is None and deal is not None:
        customer = deal.customer
    if customer is None and deal is None and lead is None:
        raise Refusal(_("请选择客户、商机或线索。"), code="required", field="customer")
    if not ActivityKind.objects.filter(key=kind, active=True).exists():
        raise Refusal(_("没有这种跟进类型，或它已停用。"), code="choice", field="kind")
    edit.check_owner(person, on=on, field="person")
    same = PlanItem.objects.filter(person=person, on=on, kind=kind, customer=customer, deal=deal, lead=lead,
                                   state=PlanState.OPEN).first()  # fmt: skip
    if same is not None:
        return same
    item = PlanItem.objects.create(person=person, on=on, first_on=on, kind=kind, purpose=purpose.strip(), time=time,
                                   customer=customer, deal=deal, lead=lead, created_at=at)  # fmt: skip
    record("plan_item", by=by, at=at, entity="planitem", object_id=item.pk, label=_label(item), about_id=person.pk,
           after={"on": on, "kind": kind, "customer_id": item.customer_id, "purpose": item.purpose})  # fmt: skip
    return item


@transaction.atomic
def move_plan(item: PlanItem, *, on: date, by: Person | None, at: datetime, version: int | None = None) -> PlanItem:
    """To another day; the day it was first planned for stays on it."""
    item = _standing(edit.locked(item))
    check_day(on, at)
    return edit.change(item, {"on": on}, act="move_plan", by=by, at=at, version=version, about_id=item.person_id)


@transaction.atomic
def drop_plan(item: PlanItem, *, reason: str, by: Person | None, at: datetime) -> PlanItem:
    """It will not be done, and why."""
    item = _standing(edit.locked(item))
    edit.required(reason, "reason", _("原因"))
    return _end(item, PlanState.DROPPED, act="drop_plan", by=by, at=at, reason=reason)


@transaction.atomic
def undo_plan(item: PlanItem, *, version: int, by: Person | None, at: datetime) -> PlanItem:
    """Take back what was just done to a plan: one just made goes, a moved one returns, a dropped one is open again.

    `version` is how that left it. Refused when it changed since, or when it was longer ago.
    """
    item = edit.locked(item)
    last = Entry.objects.filter(entity=edit.entity_of(item), object_id=str(item.pk)).first()
    if last is None or item.version != version or last.act not in {"plan_item", "move_plan", "drop_plan"}:
        raise Refusal(_("这项计划之后又变过，不能撤销。打开我的一天，可以改期或取消。"), code="changed")
    if at - last.at > UNDO_WITHIN:
        raise Refusal(_("已经过了 15 分钟。打开我的一天，可以改期或取消。"), code="too_late")
    if last.act == "plan_item":
        return _end(item, PlanState.DROPPED, act="undo_plan", by=by, at=at)
    if last.act == "move_plan":
        values: dict[str, Any] = {"on": date.fromisoformat(last.before["on"])}
    else:
        values = {"state": PlanState.OPEN, "ended_at": None, "reason": ""}
    return edit.change(item, values, act="undo_plan", by=by, at=at, about_id=item.person_id)


@transaction.atomic
def expire_plan(item: PlanItem, *, at: datetime) -> PlanItem | None:
    """Ended by the clock: nobody did it, moved it or dropped it. None when somebody was quicker, or it may stay."""
    item = edit.locked(item)
    if item.state != PlanState.OPEN or item.on > rules.plans_end(people.business_day(at)):
        return None
    return _end(item, PlanState.EXPIRED, act="expire_plan", by=None, at=at)


@transaction.atomic
def hand_over_plans(
    *, from_person: Person, to: dict[str, Person | None], reason: str, by: Person | None, at: datetime
) -> int:  # fmt: skip
    """Open plans follow what they are about; how many went to somebody or ended.

    `to` says who takes "customers", "deals" and "leads"; nobody means that the plan ends. What it does not name stays
    with the person and ends by the clock. What the taker plans for that day anyway is not there twice.
    """
    done = 0
    for item in PlanItem.objects.select_for_update().filter(person=from_person, state=PlanState.OPEN).order_by("pk"):
        about = "deals" if item.deal_id else "leads" if item.lead_id else "customers"
        if about not in to:
            continue
        taker, done = to[about], done + 1
        same = {"on": item.on, "kind": item.kind, "customer": item.customer_id, "deal": item.deal_id,
                "lead": item.lead_id, "state": PlanState.OPEN}  # fmt: skip
        if taker is None or PlanItem.objects.filter(person=taker, **same).exists():
            _end(item, PlanState.DROPPED, act="drop_plan", by=by, at=at, reason=reason)
        else:
            edit.change(item, {"person": taker}, act="hand_plan", by=by, at=at, reason=reason, about_id=taker.pk)
    return done


def check_day(on: date, at: datetime) -> None:
    """A plan lies today or ahead, and not years ahead."""
    today = people.business_day(at)
    if on < today:
        raise Refusal(_("计划日期不能早于今天。"), code="past", field="on")
    if (on - today).days > AHEAD_DAYS:
        raise Refusal(_("计划日期太远了，最多排到 400 天后。"), code="far", field="on")


# --- what a log does to plans: part of its transaction --------------------------------------------------------------
def take(plan: PlanItem | None, row: Activity, today: date) -> PlanItem | None:
    """The plan this record does: the one it came from, else the earliest open one for the same customer or lead.

    Refused when another record did it already: a plan is logged once, from however many tabs.
    """
    if plan is not None:
        plan = edit.locked(plan)
        if plan.person_id != row.person_id:
            raise Refusal(_("这项计划是别人的。"), code="own", field="plan")
        if plan.state == PlanState.DONE:
            raise Refusal(_("这项计划已经记过了，打开那条记录可以补充。"), code="planned_done", field="plan")
        return plan if plan.state == PlanState.OPEN else None
    about: dict[str, Any] = {"lead": row.lead_id} if row.customer_id is None else {"customer": row.customer_id}
    rows = PlanItem.objects.select_for_update().filter(person=row.person_id, state=PlanState.OPEN, on__lte=today)
    if about == {"customer": None}:
        rows, about = rows.filter(deal=row.deal_id), {}
    return rows.filter(**about).order_by("on", "time", "id").first()


def finish(plan: PlanItem, row: Activity, at: datetime) -> None:
    """The record did it."""
    PlanItem.objects.filter(pk=plan.pk, state=PlanState.OPEN).update(
        state=PlanState.DONE, done_by=row, ended_at=at, version=plan.version + 1
    )


def follow(row: Activity, at: datetime, *, fresh: bool = False) -> None:
    """The record's next step is a plan of its own; changing the step changes the plan while it is open.

    A `fresh` record, written just now, has none yet.
    """
    wanted = bool(row.next_step and row.next_on)
    item = None if fresh else PlanItem.objects.select_for_update().filter(origin=row).first()
    if item is None:
        if wanted and row.next_on is not None and row.next_on >= row.on and row.person_id is not None:
            PlanItem.objects.create(
                person_id=row.person_id, on=row.next_on, first_on=row.next_on, time=row.next_time,
                kind=kind_of(row.next_step), purpose=row.next_step, customer_id=row.customer_id, deal_id=row.deal_id,
                lead_id=row.lead_id, origin=row, created_at=at,
            )  # fmt: skip
        return
    if item.state != PlanState.OPEN:
        return
    if wanted and row.next_on is not None:
        PlanItem.objects.filter(pk=item.pk).update(
            on=row.next_on, time=row.next_time, purpose=row.next_step, kind=kind_of(row.next_step),
            version=item.version + 1,
        )  # fmt: skip
    else:
        PlanItem.objects.filter(pk=item.pk).update(
            state=PlanState.DROPPED, ended_at=at, reason="", version=item.version + 1
        )


def undo(row: Activity, at: datetime) -> None:
    """A withdrawn record has done nothing: its plan is open again, its next step gone."""
    PlanItem.objects.filter(done_by=row).update(state=PlanState.OPEN, done_by=None, ended_at=None)
    PlanItem.objects.filter(origin=row, state=PlanState.OPEN).update(state=PlanState.DROPPED, ended_at=at)


def _standing(item: PlanItem) -> PlanItem:
    if item.state != PlanState.OPEN:
        raise Refusal(_("这项计划已经是「%(state)s」，不能再改。") % {"state": item.get_state_display()}, code="ended")
    return item


def _end(item: PlanItem, state: str, *, act: str, by: Person | None, at: datetime, reason: str = "") -> PlanItem:
    return edit.change(item, {"state": state, "ended_at": at, "reason": reason.strip()[:200]}, act=act, by=by, at=at,
                       reason=reason, about_id=item.person_id)  # fmt: skip


def _label(item: PlanItem) -> str:
    return f"{item.on} {item.customer or item.lead or item.deal or ''} {item.purpose}".strip()
