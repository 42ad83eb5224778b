"""Logging what was done, changing and withdrawing it, and a manager's confirmation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit
from pacesetter.pipeline.acts.customer import live
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead

from .. import rules
from ..models import Activity, ActivityKind, VisitRule, VisitState

FIELDS = ("kind", "contact", "contact_name", "deal", "lead", "companion", "result", "next_step", "next_on", "minutes",
          "note")  # fmt: skip


@transaction.atomic
def log_activity(
    *, person: Person, kind: str, by: Person | None, at: datetime, on: date | None = None,
    happened_at: datetime | None = None, customer: Customer | None = None, contact: Contact | None = None,
    deal: Deal | None = None, lead: Lead | None = None, **values: Any,
) -> Activity:  # fmt: skip
    """One visit, call, proposal …; the rule of its day judges a visit. The seat is frozen on its day."""
    edit.refuse_outside("activities")
    today = people.business_day(at)
    on = on or (people.business_day(happened_at) if happened_at else today)
    _check(kind, on, today, customer, contact, deal, lead)
    edit.check_owner(person, on=on, field="person")
    edit.taken(Activity, "code", values.get("code"))
    if customer is None and deal is not None:
        customer = deal.customer
    row = Activity(kind=kind, on=on, at=happened_at, customer=customer, contact=contact, deal=deal, lead=lead,
                   entered_at=at, **values)  # fmt: skip
    if contact is not None and not row.contact_name:
        row.contact_name = contact.name
    edit.freeze(row, person.pk, on)
    judge(row)
    row.save(force_insert=True)
    _follow(row)
    record("log_activity", by=by, at=at, entity="activity", object_id=row.pk, label=f"{on} {kind} {customer or ''}",
           about_id=person.pk, after={"kind": kind, "on": on, "customer_id": row.customer_id, "deal_id": row.deal_id,
                                      "result": row.result, "state": row.state})  # fmt: skip
    return row


def _check(
    kind: str, on: date, today: date, customer: Customer | None, contact: Contact | None, deal: Deal | None,
    lead: Lead | None,
) -> None:  # fmt: skip
    if not ActivityKind.objects.filter(key=kind, active=True).exists():
        raise Refusal(_("没有这种跟进类型，或它已停用。"), code="choice", field="kind")
    edit.refuse_future(on, today=today, field="on")
    people.refuse_closed(on, field="on")
    if customer is None and deal is None and lead is None:
        raise Refusal(_("请选择客户、商机或线索。"), code="required", field="customer")
    if customer is not None:
        live(customer)
    if contact is not None and customer is not None and contact.customer_id != customer.pk:
        raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    if deal is not None and customer is not None and deal.customer_id not in (None, customer.pk):
        raise Refusal(_("这个商机属于另一个客户。"), code="choice", field="deal")


def _follow(row: Activity) -> None:
    """The lead's last touch and the deal's next step follow from what was logged."""
    if row.lead_id is not None:
        touched = Lead.objects.filter(pk=row.lead_id)
        touched.filter(last_touch_on=None).update(last_touch_on=row.on)
        touched.filter(last_touch_on__lt=row.on).update(last_touch_on=row.on)
    if row.deal_id is not None and row.next_step and row.next_on:
        Deal.objects.filter(pk=row.deal_id).update(next_step=row.next_step, next_on=row.next_on)


def rule_for(on: date) -> VisitRule | None:
    """The stored version in force on a day; None = the defaults."""
    return VisitRule.objects.filter(valid_from__lte=on).order_by("-valid_from").first()


def plain_rule(rule: VisitRule | None) -> rules.Rule:
    """A stored version as the rules take it."""
    if rule is None:
        return rules.Rule(date.min)
    return rules.Rule(rule.valid_from, rule.contact, rule.result, rule.next_step, rule.min_minutes, rule.entry_hours,
                      rule.duplicate_days)  # fmt: skip


def judge(row: Activity) -> None:
    """Put the verdict of the day's rule on a visit; other kinds are not judged."""
    if not ActivityKind.objects.filter(key=row.kind, is_visit=True).exists():
        row.state, row.effective, row.failed, row.rule = "", None, [], None
        return
    stored = rule_for(row.on)
    rule = plain_rule(stored)
    others: tuple[date, ...] = ()
    if rule.duplicate_days and row.customer_id is not None:
        near = Activity.objects.filter(
            person=row.person, customer_id=row.customer_id, effective=True, withdrawn_at=None, kind=row.kind,
            on__gt=row.on - timedelta(days=rule.duplicate_days), on__lte=row.on,
        ).exclude(pk=row.pk)  # fmt: skip
        others = tuple(near.values_list("on", flat=True))
    verdict = rules.judge_visit(
        rules.Visit(
            on=row.on, entered_at=row.entered_at, ended_at=row.at, contact=bool(row.contact_id or row.contact_name),
            result=row.result, next_step=row.next_step, next_on=row.next_on, minutes=row.minutes, other_days=others,
        ),
        rule,
    )  # fmt: skip
    row.rule, row.state, row.failed = stored, verdict.state, list(verdict.failed)
    row.effective, row.entered_late = verdict.effective, verdict.late


@transaction.atomic
def change_activity(
    activity: Activity, *, by: Person | None, at: datetime, version: int | None = None, **values: Any
) -> Activity:
    """Complete or correct what was logged; the rule of the visit's own day judges it anew."""
    edit.refuse_outside("activities")
    activity = _standing(edit.locked(activity))
    people.refuse_closed(activity.on, field="on")
    if set(values) - set(FIELDS):
        raise TypeError(f"no such field: {sorted(set(values) - set(FIELDS))}")
    if "kind" in values and not ActivityKind.objects.filter(key=values["kind"], active=True).exists():
        raise Refusal(_("没有这种跟进类型，或它已停用。"), code="choice", field="kind")
    contact = values.get("contact")
    if contact is not None and contact.customer_id != activity.customer_id:
        raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    if contact is not None and not values.get("contact_name"):
        values["contact_name"] = contact.name
    was = activity.state
    activity = edit.change(activity, values, act="change_activity", by=by, at=at, version=version,
                           about_id=activity.person_id)  # fmt: skip
    if was != VisitState.CONFIRMED:
        judge(activity)
        activity.save(update_fields=["state", "effective", "failed", "rule", "entered_late"])
    _follow(activity)
    return activity


@transaction.atomic
def withdraw_activity(activity: Activity, *, by: Person | None, at: datetime, reason: str = "") -> Activity:
    """Take back what was logged by mistake; it no longer counts and stands struck through in the timeline."""
    edit.refuse_outside("activities")
    activity = _standing(edit.locked(activity))
    people.refuse_closed(activity.on, field="on")
    return edit.change(activity, {"withdrawn_at": at}, act="withdraw_activity", by=by, at=at, reason=reason,
                       about_id=activity.person_id)  # fmt: skip


@transaction.atomic
def confirm_visit(activity: Activity, *, by: Person, at: datetime, reason: str) -> Activity:
    """A manager vouches for a visit that the rule did not accept. Nobody confirms their own."""
    edit.refuse_outside("activities")
    activity = _standing(edit.locked(activity))
    people.refuse_closed(activity.on, field="on")
    edit.required(reason, "reason", _("确认理由"))
    if activity.person_id == by.pk:
        raise Refusal(_("不能确认自己的拜访，请主管确认。"), code="own")
    if activity.state not in (VisitState.UNVERIFIED, VisitState.NOT_EFFECTIVE):
        raise Refusal(_("这次拜访不需要确认。"), code="state")
    return edit.change(activity, {"state": VisitState.CONFIRMED, "effective": True}, act="confirm_visit", by=by, at=at,
                       reason=reason, about_id=activity.person_id)  # fmt: skip


def _standing(activity: Activity) -> Activity:
    if activity.withdrawn_at is not None:
        raise Refusal(_("这条记录已经撤回。"), code="withdrawn")
    return activity
