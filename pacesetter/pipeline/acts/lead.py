"""Leads and the pool 公海."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import Customer, Lead, LeadStage, LossReason
from . import edit, pool
from .customer import hand_over

FIELDS = ("code", "name", "contact_name", "mobile", "source", "industry", "customer_region", "note")
DAYS = ("valid_on", "intent_on", "proposal_on", "won_on", "lost_on")


@transaction.atomic
def add_lead(
    *, name: str, owner: Person | None, by: Person | None, at: datetime, on: date | None = None, **values: Any
) -> Lead:
    """A new lead; without an owner it stands in the pool. The seat of who gets it first is frozen on its day."""
    edit.refuse_outside("leads")
    edit.required(name, "name", _("公司/称呼"))
    today = people.business_day(at)
    on = on or today
    edit.refuse_future(on, today=today, field="created_on")
    people.refuse_closed(on, field="created_on")
    edit.check_owner(owner, on=today)
    edit.taken(Lead, "code", values.get("code"))
    lead = Lead(name=name.strip(), owner=owner, in_pool=owner is None, created_on=on, created_at=at, **values)
    if owner is not None:
        _set(lead, pool.protected(today))
    edit.freeze(lead, owner.pk if owner else None, on)
    lead.save(force_insert=True)
    record("add_lead", by=by, at=at, entity="lead", object_id=lead.pk, label=lead.name, about_id=lead.owner_id,
           after={"name": lead.name, "owner_id": lead.owner_id, "source": lead.source, "created_on": on})  # fmt: skip
    return lead


@transaction.atomic
def change_lead(lead: Lead, *, by: Person | None, at: datetime, version: int | None = None, **values: Any) -> Lead:
    """Change what is known of a lead."""
    edit.refuse_outside("leads")
    lead = edit.locked(lead)
    if set(values) - set(FIELDS):
        raise TypeError(f"no such field: {sorted(set(values) - set(FIELDS))}")
    if "name" in values:
        edit.required(values["name"], "name", _("公司/称呼"))
    if "code" in values:
        edit.taken(Lead, "code", values["code"], but=lead.pk)
    return edit.change(lead, values, act="change_lead", by=by, at=at, version=version, about_id=lead.owner_id)


@transaction.atomic
def move_lead(
    lead: Lead, *, stage: str, by: Person | None, at: datetime, on: date | None = None, loss_reason: str = "",
    customer: Customer | None = None, version: int | None = None,
) -> Lead:  # fmt: skip
    """Move a lead to another stage on a day; first-reached days stay as they were."""
    edit.refuse_outside("leads")
    lead = edit.locked(lead)
    today = people.business_day(at)
    on = on or today
    if stage not in LeadStage.values or not rules.may_move_lead(lead.stage, stage):
        raise Refusal(
            _("线索不能从「%(old)s」改到「%(new)s」。")
            % {"old": lead.get_stage_display(), "new": dict(LeadStage.choices).get(stage, stage)},  # type: ignore[call-overload]
            code="stage", field="stage",
        )  # fmt: skip
    edit.refuse_future(on, today=today, field="on")
    people.refuse_closed(on, field="on")
    if on < lead.created_on:
        raise Refusal(_("日期不能早于线索的创建日期 %(on)s。") % {"on": lead.created_on}, code="order", field="on")
    if stage == LeadStage.LOST and loss_reason not in LossReason.values:
        raise Refusal(_("关闭线索要选一个原因。"), code="required", field="loss_reason")
    values: dict[str, Any] = {"stage": stage, "last_touch_on": max(on, lead.last_touch_on or on)}
    values |= rules.reached(stage, on, {name: getattr(lead, name) for name in DAYS})
    values["loss_reason"] = loss_reason if stage == LeadStage.LOST else ""
    if lead.stage == LeadStage.LOST:
        values["lost_on"] = None
        if lead.owner_id is not None:
            # opened again: a time of its own
            values |= pool.protected(today)
    else:
        values |= pool.longer(lead, on)
    if customer is not None:
        values["customer"] = customer
    return edit.change(lead, values, act="move_lead", by=by, at=at, version=version, about_id=lead.owner_id)


@transaction.atomic
def assign_lead(
    lead: Lead, *, owner: Person, by: Person | None, at: datetime, reason: str = "", version: int | None = None
) -> Lead:
    """Give a lead to somebody, out of the pool or from another owner."""
    lead = edit.locked(lead)
    today = people.business_day(at)
    edit.check_owner(owner, on=today)
    if owner.pk != lead.owner_id and lead.stage not in (LeadStage.WON, LeadStage.LOST):
        pool.refuse_full(owner, on=today, mine=by is not None and by.pk == owner.pk)
    return _to(lead, owner, act="assign_lead", by=by, at=at, reason=reason, version=version)


@transaction.atomic
def claim_lead(lead: Lead, *, by: Person, at: datetime) -> Lead:
    """Take a lead out of the pool for oneself; the first of two who tap gets it."""
    lead = edit.locked(lead)
    if not lead.in_pool:
        raise Refusal(_("这条线索刚被%(who)s领取了。") % {"who": lead.owner or _("别人")}, code="claimed")
    if lead.stage in (LeadStage.WON, LeadStage.LOST):
        raise Refusal(_("这条线索已经结束，不能领取。"), code="stage")
    today = people.business_day(at)
    edit.check_owner(by, on=today)
    pool.refuse_cooling(lead, by=by, at=at)
    pool.refuse_full(by, on=today, mine=True)
    return _to(lead, by, act="claim_lead", by=by, at=at, reason="", version=None)


@transaction.atomic
def release_lead(lead: Lead, *, by: Person | None, at: datetime, reason: str, version: int | None = None) -> Lead:
    """Give a lead back to the pool, with a reason."""
    lead = edit.locked(lead)
    edit.required(reason, "reason", _("退回原因"))
    if lead.in_pool:
        raise Refusal(_("这条线索已经在公海里。"), code="pool")
    if lead.stage in (LeadStage.WON, LeadStage.LOST):
        raise Refusal(_("这条线索已经结束，不用退回公海。"), code="stage")
    return _to(lead, None, act="release_lead", by=by, at=at, reason=reason, version=version)


def _to(lead: Lead, owner: Person | None, *, act: str, by: Person | None, at: datetime, reason: str,
        version: int | None) -> Lead:  # fmt: skip
    today = people.business_day(at)
    hand_over(lead, owner, on=today, by=by, at=at, reason=reason)
    values: dict[str, Any] = {"owner": owner, "in_pool": owner is None}
    if owner is None:
        values |= pool.freed(lead, {"kind": "released", "reason": reason}, at=at)
    elif owner.pk != lead.owner_id:
        values |= pool.protected(today)
    if owner is not None and lead.person_id is None:
        # the first who receives it: the lead's own seat, on its own day
        edit.freeze(lead, owner.pk, lead.created_on)
    return edit.change(lead, values, act=act, by=by, at=at, reason=reason, version=version,
                       about_id=owner.pk if owner else lead.owner_id)  # fmt: skip


def _set(lead: Lead, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(lead, name, value)
