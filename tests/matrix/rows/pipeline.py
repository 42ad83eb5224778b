"""Customers, leads and the pool, deals, money, products, activities: the table of rights, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pacesetter.activity.models import Activity
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.people.reads import seat_at
from pacesetter.pipeline.models import Allocation, Contact, Customer, Deal, Instalment, Lead, Product, Receipt
from tests.matrix.policy import EVERY, OWN, TEAM, Row, to
from tests.world import AT, World

# a day on which everybody of the cast was still in the team they came from
BEFORE = date(2026, 1, 15)
DAY = {"created_on": BEFORE, "created_at": AT}

SELLERS = to("rep", "manager", "director")
RECORDS = {"rep": OWN, "manager": TEAM, "director": EVERY}
# frozen on their day: who moved away or left since was in the team then
FROZEN = {"rep": OWN, "manager": frozenset({"own", "team", "ex", "left"}), "director": EVERY}
ALL = dict.fromkeys(("director", "analyst", "finance"), EVERY)
READ_DEALS = {**RECORDS, **ALL}
READ_MONEY = {**FROZEN, **ALL}
FINANCE = to("finance")


def customer_of(who: Person) -> Customer:
    return Customer.objects.create(name=f"{who.name}的客户", owner=who, **DAY)


def deal_of(who: Person, **more: Any) -> Deal:
    return Deal.objects.create(
        name="一期", owner=who, customer=customer_of(who), opened_on=BEFORE, created_at=AT, **more
    )  # fmt: skip


def lead_of(who: Person | None) -> Lead:
    return Lead.objects.create(name="线索", owner=who, in_pool=who is None, **DAY)


def customer(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": customer_of(who).pk}


def from_lead(world: World, who: Person) -> Mapping[str, Any]:
    found = customer_of(who)
    Lead.objects.create(name="线索", owner=who, customer=found, **DAY)
    return {"pk": found.pk}


def contact(world: World, who: Person) -> Mapping[str, Any]:
    row = Contact.objects.create(customer=customer_of(who), name="王总")
    return {"pk": row.customer_id, "contact_pk": row.pk}


def lead(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": lead_of(who).pk}


def pooled(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": lead_of(None).pk}


def deal(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": deal_of(who).pk}


def seat(who: Person) -> dict[str, Any]:
    return seat_at(who.pk, BEFORE).columns()


def instalment(world: World, who: Person) -> Mapping[str, Any]:
    row = Instalment.objects.create(customer=customer_of(who), due_on=BEFORE, amount_minor=5, **seat(who))
    return {"pk": row.pk}


def receipt_of(who: Person) -> Receipt:
    return Receipt.objects.create(customer=customer_of(who), on=BEFORE, amount_minor=5, **seat(who))


def receipt(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": receipt_of(who).pk}


def allocation(world: World, who: Person) -> Mapping[str, Any]:
    paper = receipt_of(who)
    owed = Instalment.objects.create(customer=paper.customer, due_on=BEFORE, amount_minor=5, **seat(who))
    row = Allocation.objects.create(receipt=paper, instalment=owed, on=BEFORE, amount_minor=5, at=AT, **seat(who))
    return {"pk": row.pk}


def activity(world: World, who: Person) -> Mapping[str, Any]:
    row = Activity.objects.create(
        kind="visit", on=BEFORE, customer=customer_of(who), state="not_effective", entered_at=AT, **seat(who)
    )
    return {"pk": row.pk}


def merged(world: World, who: Person) -> Mapping[str, Any]:
    """A merge that `who` made long ago; its line is all that the address looks for."""
    from pacesetter.pipeline import acts

    one, two = customer_of(who), customer_of(who)
    entry: Entry = acts.merge_customers(keep=one, drop=two, by=who, at=AT)
    return {"pk": entry.pk}


def product(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": Product.objects.create(name="水泵").pk}


def file(world: World, who: Person) -> Mapping[str, Any]:
    return {"kind": "csv"}


CUSTOMER_READ = {**RECORDS, **ALL}
LEADS = to("rep", "manager", "director", "analyst", "marketing")
LEAD_WRITE = {**RECORDS, "marketing": EVERY}
LEAD_READ = {**LEAD_WRITE, "analyst": EVERY}
DEALS = to("rep", "manager", "director", "analyst", "finance")

ROWS = {
    "customers": Row(to("rep", "manager", "director", "analyst", "marketing", "finance")),
    "customers_export": Row(to("rep", "manager", "director", "analyst", "marketing", "finance"), file),
    "customer_new": Row(SELLERS),
    "duplicates": Row(SELLERS),
    "customer_merge": Row(SELLERS),
    "customer_unmerge": Row({"rep": OWN, "manager": OWN, "director": EVERY}, merged),
    "customer": Row({**CUSTOMER_READ, "marketing": EVERY}, from_lead),
    "customer_tier": Row({**CUSTOMER_READ, "marketing": EVERY}, from_lead),
    "customer_tier_change": Row(RECORDS, customer),
    "pool_rule": Row(to("admin", "director")),
    "tier_rule": Row(to("admin", "director")),
    "customer_edit": Row(RECORDS, customer),
    "customer_assign": Row({"manager": TEAM, "director": EVERY}, customer),
    "contact_new": Row(RECORDS, customer),
    "contact_edit": Row(RECORDS, contact),
    "leads": Row(LEADS),
    "leads_export": Row(LEADS, file),
    "lead_new": Row(to("rep", "manager", "director", "marketing")),
    "lead": Row(LEAD_READ, lead),
    "lead_edit": Row(LEAD_WRITE, lead),
    "lead_step": Row(LEAD_WRITE, lead),
    "lead_assign": Row({"manager": TEAM, "director": EVERY, "marketing": EVERY}, lead),
    "lead_claim": Row(to("rep", "manager", "director", "marketing"), pooled),
    "lead_release": Row(LEAD_WRITE, lead),
    "deals": Row(DEALS),
    "deals_export": Row(DEALS, file),
    "deal_new": Row(SELLERS),
    "deal": Row(READ_DEALS, deal),
    "deal_assign": Row({"manager": TEAM, "director": EVERY}, deal),
    "deal_days": Row(READ_DEALS, deal),
    **{f"deal_{verb}": Row(RECORDS, deal)
       for verb in ("edit", "move", "win", "lose", "reopen", "cancel", "refund", "shares")},
    "collections": Row(DEALS),
    "collections_export": Row(DEALS, file),
    "invoice_new": Row(FINANCE),
    "instalment_new": Row(FINANCE),
    "receipt_new": Row(FINANCE),
    "instalment_void": Row({"finance": EVERY}, instalment),
    "receipt": Row(READ_MONEY, receipt),
    "allocation_withdraw": Row({"finance": EVERY}, allocation),
    "products": Row(DEALS),
    "products_export": Row(DEALS, file),
    "product_new": Row(to("director")),
    "product_edit": Row({"director": EVERY}, product),
    "activities": Row(to("rep", "manager", "director", "analyst")),
    "activities_export": Row(to("rep", "manager", "director", "analyst"), file),
    "activity": Row({**FROZEN, "analyst": EVERY}, activity),
    "activity_confirm": Row({"manager": FROZEN["manager"], "director": EVERY}, activity),
    "activity_withdraw": Row(dict.fromkeys(("rep", "manager", "director"), OWN), activity),
}  # fmt: skip
