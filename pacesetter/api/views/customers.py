"""Customers and their contacts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.lib.refusal import OutOfReach
from pacesetter.people.reach import Reach
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Contact, Customer, Lead

from ..caller import Caller, Key, caller, chooses, named, once, one, owner_of
from ..fields import Assign, PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.customers import (
    ContactChange,
    ContactNew,
    ContactOut,
    ContactsAsked,
    CustomerChange,
    CustomerNew,
    CustomerOut,
    CustomersAsked,
)

router = Router(tags=["customers"])
ORDER = {"name": "name", "created_on": "created_on"}
FILTERS = {"owner_id": "owner_id", "industry": "industry", "region": "region", "tier": "tier", "code": "code"}
# what somebody sees who only sees customers that came from a lead
HOW: dict[str, Any] = {"leads": Q(leads__isnull=False)}


def customer_told(row: Any, reach: Reach) -> CustomerOut:
    """A customer (of `reads.customers`) as this reader sees it."""
    hidden, prices = "contacts" in reach.masks("customers"), reach.may("deals")
    parent = row.parent_id
    if parent and not reach.rows(Customer.objects.filter(pk=parent), "customers", **HOW).exists():
        parent = None
    return CustomerOut(
        id=row.pk, code=row.code, name=row.name, industry=row.industry, region=row.region, size=row.size,
        tier=row.tier, tier_fixed=row.tier_fixed, tier_reason=row.tier_reason, tier_on=row.tier_on,
        owner_id=row.owner_id, owner=row.owner.name if row.owner else None, parent_id=parent,
        source=row.source, phone=None if hidden else row.phone, address=row.address, note=row.note,
        created_on=row.created_on, won_minor=row.won_minor if prices else None,
        open_deals=row.open_deals if prices else None, version=row.version,
        extra=row.extra if isinstance(row.extra, dict) and not hidden and prices else None,
    )  # fmt: skip


def contact_told(row: Contact, reach: Reach) -> ContactOut:
    """A contact as this reader sees it."""
    hidden = "contacts" in reach.masks("contacts")
    return ContactOut(
        id=row.pk, customer_id=row.customer_id, name=row.name, title=row.title, decision_role=row.decision_role,
        mobile=None if hidden else row.mobile, email=None if hidden else row.email,
        note=None if hidden else row.note, archived=row.archived,
    )  # fmt: skip


def searched(reach: Reach, words: str) -> QuerySet[Customer]:
    """Customers by words; whoever may not see contacts does not find by them either."""
    if not words or (reach.may("contacts") and not reach.masks("contacts") | reach.masks("customers")):
        return reads.customers(words)
    return reads.customers().filter(Q(name__icontains=words) | Q(code__iexact=words))


def customer_found(who: Caller, pk: int, verb: str = "read") -> Customer:
    """The customer in reach, merged ones left out; OutOfReach otherwise."""
    found: Customer = one(who.reach, Customer.objects.filter(merged_into=None), "customers", pk, verb, **HOW)
    return found


def _again(who: Caller, pk: int) -> CustomerOut:
    return customer_told(reads.customers().get(pk=pk), who.reach)


@router.get("/customers", response={200: Listed[CustomerOut], **READS}, url_name="customers")
def customer_list(request: HttpRequest, asked: Query[CustomersAsked]) -> HttpResponse:
    """Customers in reach."""
    reach = caller(request).reach
    reach.require("customers")
    rows = narrowed(reach.rows(searched(reach, asked.words), "customers", **HOW), asked, FILTERS)
    order = {**ORDER, "won_minor": "won_minor"} if reach.may("deals") else ORDER
    return listed(request, asked, rows, order, lambda row: customer_told(row, reach), Listed[CustomerOut])


@router.get("/customers/{pk}", response={200: CustomerOut, **READS}, url_name="customer")
def customer_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One customer."""
    who = caller(request)
    return give(_again(who, customer_found(who, pk).pk).model_dump_json())


@router.post("/customers", response={201: CustomerOut, **WRITES})
def customer_add(request: HttpRequest, sent: CustomerNew, key: Key) -> HttpResponse:
    """A new customer."""

    def run(who: Caller) -> CustomerOut:
        who.reach.require("customers", "write")
        values = _values(who, sent)
        values.pop("owner_id", None)
        lead = named(who.reach, Lead, "leads", values.pop("lead_id", None), "write")
        row = acts.add_customer(owner=owner_of(who, "customers", sent), lead=lead, by=who.person, at=who.at, **values)
        return _again(who, row.pk)

    return once(request, key, run, 201)


@router.patch("/customers/{pk}", response={200: CustomerOut, **WRITES})
def customer_change(request: HttpRequest, pk: PathId, sent: CustomerChange, key: Key) -> HttpResponse:
    """Change a customer."""

    def run(who: Caller) -> CustomerOut:
        row = customer_found(who, pk, "write")
        return _again(who, acts.change_customer(row, by=who.person, at=who.at, **_values(who, sent)).pk)

    return once(request, key, run)


def _values(who: Caller, sent: CustomerNew | CustomerChange) -> dict[str, Any]:
    values = sent.model_dump(exclude_unset=True)
    if "code" in values:
        values["code"] = values["code"] or None
    if "parent_id" in values:
        parent_id = values.pop("parent_id")
        values["parent"] = None if parent_id is None else customer_found(who, parent_id)
    return values


@router.post("/customers/{pk}/assign", response={200: CustomerOut, **WRITES}, url_name="customer_assign")
def customer_assign(request: HttpRequest, pk: PathId, sent: Assign, key: Key) -> HttpResponse:
    """Hand a customer to another owner; open deals stay with theirs."""

    def run(who: Caller) -> CustomerOut:
        chooses(who.reach, "customers")
        row = customer_found(who, pk, "write")
        owner = owner_of(who, "customers", sent)
        acts.assign_customer(row, owner=owner, reason=sent.reason, version=sent.version, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)


# --- contacts ---------------------------------------------------------------------------------------------------------
def _contact(who: Caller, pk: int, contact_pk: int, verb: str) -> Contact:
    who.reach.require("contacts", verb)
    row = Contact.objects.filter(customer=customer_found(who, pk, verb), pk=contact_pk).first()
    if row is None:
        raise OutOfReach
    return row


@router.get("/customers/{pk}/contacts", response={200: Listed[ContactOut], **READS}, url_name="contacts")
def contact_list(request: HttpRequest, pk: PathId, asked: Query[ContactsAsked]) -> HttpResponse:
    """The contacts of a customer."""
    who = caller(request)
    who.reach.require("contacts")
    rows = Contact.objects.filter(customer=customer_found(who, pk), archived=asked.archived == "true")
    if asked.words:
        rows = rows.filter(name__icontains=asked.words)
    return listed(request, asked, rows, {"name": "name"}, lambda row: contact_told(row, who.reach), Listed[ContactOut])


@router.get("/customers/{pk}/contacts/{contact_pk}", response={200: ContactOut, **READS}, url_name="contact")
def contact_get(request: HttpRequest, pk: PathId, contact_pk: PathId) -> HttpResponse:
    """One contact."""
    who = caller(request)
    return give(contact_told(_contact(who, pk, contact_pk, "read"), who.reach).model_dump_json())


@router.post("/customers/{pk}/contacts", response={201: ContactOut, **WRITES})
def contact_add(request: HttpRequest, pk: PathId, sent: ContactNew, key: Key) -> HttpResponse:
    """Somebody at the customer."""

    def run(who: Caller) -> ContactOut:
        who.reach.require("contacts", "write")
        row = customer_found(who, pk, "write")
        values = sent.model_dump(exclude_unset=True)
        return contact_told(acts.add_contact(row, by=who.person, at=who.at, **values), who.reach)

    return once(request, key, run, 201)


@router.patch("/customers/{pk}/contacts/{contact_pk}", response={200: ContactOut, **WRITES})
def contact_change(request: HttpRequest, pk: PathId, contact_pk: PathId, sent: ContactChange, key: Key) -> HttpResponse:
    """Change a contact."""

    def run(who: Caller) -> ContactOut:
        row = _contact(who, pk, contact_pk, "write")
        values = sent.model_dump(exclude_unset=True)
        return contact_told(acts.change_contact(row, by=who.person, at=who.at, **values), who.reach)

    return once(request, key, run)
