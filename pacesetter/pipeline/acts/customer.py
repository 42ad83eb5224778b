"""Customers and their contacts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from ..models import Contact, Customer, DecisionRole, Lead, OwnerChange, Tier
from . import edit

CHANGEABLE = ("code", "name", "industry", "region", "size", "tier", "parent", "source", "phone", "address", "note")
CONTACT = ("name", "title", "decision_role", "mobile", "email", "note", "archived")


def live(customer: Customer) -> Customer:
    """The customer itself; one that was merged away takes nothing new."""
    if customer.merged_into_id is not None:
        raise Refusal(_("这个客户已并入另一个客户，请在那边记。"), code="merged", field="customer")
    return customer


@transaction.atomic
def add_customer(
    *, name: str, owner: Person | None, by: Person | None, at: datetime, on: date | None = None,
    lead: Lead | None = None, **values: Any,
) -> Customer:  # fmt: skip
    """A new customer. `lead` = the lead it came from."""
    edit.refuse_outside("customers")
    edit.required(name, "name", _("客户名称"))
    today = people.business_day(at)
    edit.check_owner(owner, on=today)
    edit.refuse_future(on, today=today, field="created_on")
    _check(values)
    edit.taken(Customer, "code", values.get("code"))
    by_hand = _by_hand(today) if values.get("tier") else {}
    customer = Customer.objects.create(name=name.strip(), owner=owner, created_on=on or today, created_at=at,
                                       **_known(values, (*CHANGEABLE, "extra")), **by_hand)  # fmt: skip
    if lead is not None:
        Lead.objects.filter(pk=lead.pk).update(customer=customer)
    record("add_customer", by=by, at=at, entity="customer", object_id=customer.pk, label=customer.name,
           about_id=customer.owner_id, after={"name": customer.name, "owner_id": customer.owner_id,
           "lead_id": lead.pk if lead else None, **_plain(values)})  # fmt: skip
    return customer


@transaction.atomic
def change_customer(
    customer: Customer, *, by: Person | None, at: datetime, version: int | None = None, **values: Any
) -> Customer:
    """Change fields of a customer (not its owner: `assign_customer`)."""
    edit.refuse_outside("customers")
    customer = live(edit.locked(customer))
    if "name" in values:
        edit.required(values["name"], "name", _("客户名称"))
    _check(values)
    if "code" in values:
        edit.taken(Customer, "code", values["code"], but=customer.pk)
    parent = values.get("parent")
    seen = 0
    while parent is not None:
        seen += 1
        if parent.pk == customer.pk or seen > 50:
            raise Refusal(_("上级客户绕回到了自己，请换一个。"), code="loop", field="parent")
        parent = parent.parent
    known = _known(values, CHANGEABLE)
    if values.get("tier", customer.tier) != customer.tier:
        # what somebody chose, the nightly rule leaves alone
        known = {**known, **_by_hand(people.business_day(at))}
    return edit.change(customer, known, act="change_customer", by=by, at=at, version=version,
                       about_id=customer.owner_id)  # fmt: skip


@transaction.atomic
def assign_customer(
    customer: Customer, *, owner: Person | None, by: Person | None, at: datetime, on: date | None = None,
    reason: str = "", version: int | None = None,
) -> Customer:  # fmt: skip
    """Hand a customer to another owner from a day on; open deals stay with theirs."""
    customer = live(edit.locked(customer))
    edit.check_owner(owner, on=people.business_day(at))
    hand_over(customer, owner, on=on or people.business_day(at), by=by, at=at, reason=reason)
    return edit.change(customer, {"owner": owner}, act="assign_customer", by=by, at=at, version=version, reason=reason,
                       about_id=owner.pk if owner else customer.owner_id)  # fmt: skip


def hand_over(row: Any, owner: Person | None, *, on: date, by: Person | None, at: datetime, reason: str) -> None:
    """One line of hand-over history, unless the owner stays the same."""
    to = owner.pk if owner else None
    if row.owner_id != to:
        OwnerChange.objects.create(entity=edit.entity_of(row), object_id=row.pk, from_person_id=row.owner_id,
                                   to_person_id=to, on=on, at=at, by=by, reason=reason)  # fmt: skip


@transaction.atomic
def add_contact(customer: Customer, *, name: str, by: Person | None, at: datetime, **values: Any) -> Contact:
    """Somebody at the customer."""
    edit.refuse_outside("contacts")
    live(customer)
    edit.required(name, "name", _("姓名"))
    _check(values)
    contact = Contact.objects.create(customer=customer, name=name.strip(), **_known(values, CONTACT))
    record("add_contact", by=by, at=at, entity="contact", object_id=contact.pk, label=f"{customer} · {contact}",
           about_id=customer.owner_id,
           after={"name": contact.name, "customer_id": customer.pk, **_plain(values)})  # fmt: skip
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, by: Person | None, at: datetime, **values: Any) -> Contact:
    """Change a contact; `archived=True` takes it off the lists."""
    edit.refuse_outside("contacts")
    contact = edit.locked(contact)
    if "name" in values:
        edit.required(values["name"], "name", _("姓名"))
    _check(values)
    return edit.change(contact, _known(values, CONTACT), act="change_contact", by=by, at=at)


def _check(values: dict[str, Any]) -> None:
    if values.get("tier") not in (None, *Tier.values):
        raise Refusal(_("分层只能是 A、B、C 或不填。"), code="choice", field="tier")
    if values.get("decision_role") not in (None, *DecisionRole.values):
        raise Refusal(_("没有这个决策角色。"), code="choice", field="decision_role")


def _by_hand(on: date) -> dict[str, Any]:
    """A tier chosen with the other fields of a customer: by hand, without a reason of its own."""
    return {"tier_fixed": True, "tier_reason": "", "tier_on": on, "tier_because": {}}


def _known(values: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    wrong = set(values) - set(names)
    if wrong:
        raise TypeError(f"no such field: {', '.join(sorted(wrong))}")
    return values


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(value, "pk", value) for name, value in values.items() if value not in (None, "")}
