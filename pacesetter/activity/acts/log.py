"""Logging what was done, changing and withdrawing it, and a manager's confirmation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit
from pacesetter.pipeline.acts.customer import live
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead

from .. import rules
from ..models import Activity, ActivityKind, PlanItem, VisitState
from ..reads import Standing, standing
from . import following, plans
from .judging import judge_by, judged_again, plain_rule, tell_entry

FIELDS = ("kind", "contact", "contact_name", "deal", "lead", "companion", "result", "next_step", "next_on",
          "next_time", "minutes", "amount_minor", "note")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where somebody stood at the tap, in millionths of a degree; only if they allowed it."""

    lat: int
    lon: int
    metres: int | None = None


def log_activity(
    *, person: Person, kind: str, by: Person | None, at: datetime, on: date | None = None,
    happened_at: datetime | None = None, customer: Customer | None = None, contact: Contact | None = None,
    deal: Deal | None = None, lead: Lead | None = None, key: UUID | None = None, plan: PlanItem | None = None,
    twin: str = "add", asks_confirmation: bool = False, place: Place | None = None, **values: Any,
) -> Activity:  # fmt: skip
    """One visit, call, proposal …; the rule of its day judges a visit. The seat is frozen on its day.

    `key`: the sheet's own number; the same number again gives the record that is there. `plan`: what this does (else
    the earliest open plan for the customer is taken as done). `twin`: what to do when the same customer was logged
    within two hours: `add` another, `merge` into it, or `ask` (refused with code `twin`). `asks_confirmation`: a day
    too far back is taken for the manager to confirm instead of refused.
    """
    try:
        with transaction.atomic():
            return _logged(
                person=person, kind=kind, by=by, at=at, on=on, happened_at=happened_at, customer=customer,
                contact=contact, deal=deal, lead=lead, key=key, plan=plan, twin=twin,
                asks_confirmation=asks_confirmation, place=place, **values,
            )  # fmt: skip
    except IntegrityError:
        # the same sheet by another way in, at the same moment
        if (known := _known(_of_key(key), person)) is None:
            raise
        return known


def _logged(
    *, person: Person, kind: str, by: Person | None, at: datetime, on: date | None, happened_at: datetime | None,
    customer: Customer | None, contact: Contact | None, deal: Deal | None, lead: Lead | None, key: UUID | None,
    plan: PlanItem | None, twin: str, asks_confirmation: bool, place: Place | None, **values: Any,
) -> Activity:  # fmt: skip
    today = people.business_day(at)
    on = on or (people.business_day(happened_at) if happened_at else today)
    if by is not None:
        one_at_a_time(person, lead)
    there = standing(kind, on)
    edit.refuse_mastered(there.master)
    if customer is None and deal is not None:
        customer = deal.customer
    row = Activity(kind=kind, on=on, at=happened_at, customer=customer, contact=contact, deal=deal, lead=lead,
                   person=person, entered_at=at, key=key, **values)  # fmt: skip
    same, near = _same_or_near(row)
    if (known := _known(same, person)) is not None:
        return known
    if by is not None and by.pk != person.pk:
        raise Refusal(_("只能记自己的跟进。请同事自己记，或在他的记录里加陪访观察。"), code="own", field="person")
    _check(there, on, today, customer, contact, deal, lead)
    edit.check_owner(person, on=on, field="person")
    edit.taken(Activity, "code", values.get("code"))
    edit.check_money(values.get("amount_minor"))
    if values.get("next_time") is not None and values.get("next_on") is None:
        raise Refusal(_("定了时间，还要选哪一天。"), code="required", field="next_on")
    if by is not None:
        _check_asked(there, values.get("note", ""), place)
    _check_companion(values.get("companion"), person.pk, on)
    if contact is not None and not row.contact_name:
        row.contact_name = contact.name
    row.backdated = by is not None and _too_far_back(there, on, today, person, asks_confirmation)
    if place is not None:
        row.place_lat, row.place_lon, row.place_metres = place.lat, place.lon, place.metres
    edit.freeze(row, person.pk, on)
    does = plans.take(plan, row, today)
    earlier = _twin_among(row, near) if by is not None else None
    if earlier is not None and twin != "add":
        if twin == "ask":
            raise _twin_refusal(earlier)
        return merge_log(earlier, row, by=by, at=at)
    row.twin = earlier
    judge_by(row, there.kind, lambda _on: there.rule)
    tell_entry(row)
    row.save(force_insert=True)
    if does is not None:
        plans.finish(does, row, at)
    before, touched = following.follow(row)
    plans.follow(row, at, fresh=True)
    record("log_activity", by=by, at=at, entity="activity", object_id=row.pk, label=str(row),
           about_id=person.pk, before=before,
           after={"kind": kind, "on": on, "customer_id": row.customer_id, "deal_id": row.deal_id,
                  "result": row.result, "state": row.state, "plan_id": does.pk if does else None,
                  **touched})  # fmt: skip
    return row


def _of_key(key: UUID | None) -> Activity | None:
    return None if key is None else Activity.objects.filter(key=key).first()


def _known(known: Activity | None, person: Person) -> Activity | None:
    """The record that this sheet made already; somebody else's sheet is refused."""
    if known is not None and known.person_id != person.pk:
        raise Refusal(_("这张表单已经提交过，内容不同。请重新打开再填。"), code="key_reused")
    return known


def one_at_a_time(person: Person, lead: Lead | None) -> None:
    """Two logs of one person at the same moment: the second waits, and then sees the first.

    The lead's row comes first, as in a claim, so that neither waits for the other.
    """
    if lead is not None:
        Lead.objects.select_for_update().get(pk=lead.pk)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def _too_far_back(there: Standing, on: date, today: date, person: Person, asks: bool) -> bool:
    """Whether the manager must confirm this day; refused unless that was asked for."""
    rule = plain_rule(there.rule)
    if not rules.is_backdated(on, today, rule.back_days):
        return False
    if not asks:
        manager = people.manager_of(person.pk, today)
        raise Refusal(
            _("%(on)s 超过了可补录的 %(days)s 天。可以提交给%(who)s确认，确认后才计入。")
            % {"on": on, "days": rule.back_days, "who": manager.name if manager else _("主管")},
            code="backdated", field="on",
        )  # fmt: skip
    return True


def _same_or_near(row: Activity) -> tuple[Activity | None, list[Activity]]:
    """The record that has this sheet's number, and what the person logged that day about the same. One query."""
    about: dict[str, Any] = {"lead": row.lead_id} if row.customer_id is None else {"customer": row.customer_id}
    if None in about.values():
        about = {"deal": row.deal_id}
    near = Q(person=row.person_id, kind=row.kind, on=row.on, withdrawn_at=None, **about)
    asked = near if row.key is None else near | Q(key=row.key)
    found = list(Activity.objects.filter(asked).order_by("-id"))
    same = next((one for one in found if row.key is not None and one.key == row.key), None)
    return same, [one for one in found if one is not same]


def _twin_among(row: Activity, near: list[Activity]) -> Activity | None:
    """A record of the same person, customer and kind within two hours of this one."""
    moment = row.at or row.entered_at
    for other in near:
        if abs((moment - (other.at or other.entered_at)).total_seconds()) <= rules.TWIN_HOURS * 3600:
            return other
    return None


def _twin_refusal(earlier: Activity) -> Refusal:
    clock = (earlier.at or earlier.entered_at).astimezone(people.zone())
    return Refusal(
        _("你 %(time)s 记过这家客户。合并成一次，还是再记一次？") % {"time": f"{clock:%H:%M}"}, code="twin",
        field=str(earlier.pk),
    )  # fmt: skip


def merge_log(earlier: Activity, row: Activity, *, by: Person | None, at: datetime) -> Activity:
    """Put what a second log says into the first: new words replace empty or older ones, notes are joined."""
    earlier = _standing(edit.locked(earlier))
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "contact",
            "contact_name",
            "deal",
            "companion",
            "result",
            "next_step",
            "next_on",
            "next_time",
            "minutes",
            "amount_minor",
        )
        if getattr(row, name) not in (None, "")
    }
    if row.note and row.note not in earlier.note:
        values["note"] = f"{earlier.note}\n{row.note}".strip()
    earlier = edit.change(earlier, values, act="merge_log", by=by, at=at, about_id=earlier.person_id)
    judged_again(earlier)
    plans.follow(earlier, at)
    return earlier


def _check(
    there: Standing, on: date, today: date, customer: Customer | None, contact: Contact | None, deal: Deal | None,
    lead: Lead | None,
) -> None:  # fmt: skip
    if there.kind is None or not there.kind.active:
        raise Refusal(_("没有这种跟进类型，或它已停用。"), code="choice", field="kind")
    edit.refuse_future(on, today=today, field="on")
    people.refuse_held(there.closed, on, field="on")
    if customer is None and deal is None and lead is None:
        raise Refusal(_("请选择客户、商机或线索。"), code="required", field="customer")
    if customer is not None:
        live(customer)
    if contact is not None and customer is not None and contact.customer_id != customer.pk:
        raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    if deal is not None and customer is not None and deal.customer_id not in (None, customer.pk):
        raise Refusal(_("这个商机属于另一个客户。"), code="choice", field="deal")


def _check_asked(there: Standing, note: str, place: Place | None) -> None:
    """What the company asks of this kind. A photo comes after the record; until then the visit is unverified."""
    asks = there.kind
    if asks is None:
        return
    if asks.needs_note and not note.strip():
        raise Refusal(_("这一类要写备注，补一句再保存。"), code="need_note", field="note")
    if asks.needs_place and place is None:
        raise Refusal(_("这一类要定位，点“加定位”再保存。"), code="need_place", field="lat")


def _check_companion(companion: Person | None, person_id: int | None, on: date) -> None:
    if companion is not None and companion.pk == person_id:
        raise Refusal(_("同行的人不能是自己。"), code="own", field="companion")
    edit.check_owner(companion, on=on, field="companion")


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
    _check_companion(values.get("companion"), activity.person_id, activity.on)
    contact = values.get("contact")
    if contact is not None and contact.customer_id != activity.customer_id:
        raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    if contact is not None and not values.get("contact_name"):
        values["contact_name"] = contact.name
    if values.get("next_on", activity.next_on) is None:
        values["next_time"] = None
    activity = edit.change(activity, values, act="change_activity", by=by, at=at, version=version,
                           about_id=activity.person_id)  # fmt: skip
    judged_again(activity)
    following.follow(activity)
    plans.follow(activity, at)
    return activity


@transaction.atomic
def withdraw_activity(activity: Activity, *, by: Person | None, at: datetime, reason: str = "") -> Activity:
    """Take back what was logged by mistake; it no longer counts and stands struck through in the timeline."""
    edit.refuse_outside("activities")
    activity = _standing(edit.locked(activity))
    people.refuse_closed(activity.on, field="on")
    plans.undo(activity, at)
    activity = edit.change(activity, {"withdrawn_at": at}, act="withdraw_activity", by=by, at=at, reason=reason,
                           about_id=activity.person_id)  # fmt: skip
    following.give_back(activity)
    return activity


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
