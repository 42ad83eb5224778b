"""Leads and the pool."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.lib.refusal import OutOfReach
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Customer, Lead

from ..caller import Caller, Key, caller, chooses, named, once, one, owner_of
from ..fields import Assign, PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.leads import LeadBack, LeadChange, LeadClaim, LeadMove, LeadNew, LeadOut, LeadRelease, LeadsAsked
from .customers import HOW as FROM_LEAD

router = Router(tags=["leads"])
ORDER = {"name": "name", "created_on": "created_on", "last_touch_on": "last_touch_on"}
FILTERS = {"owner_id": "owner_id", "stage": "stage", "source": "source", "code": "code"}


def told(row: Lead, reach: Reach) -> LeadOut:
    """A lead as this reader sees it."""
    hidden = "contacts" in reach.masks("pool" if row.in_pool else "leads")
    return LeadOut(
        id=row.pk, code=row.code, name=row.name, contact_name=row.contact_name,
        mobile=None if hidden else row.mobile, source=row.source, industry=row.industry,
        customer_region=row.customer_region, owner_id=row.owner_id, owner=row.owner.name if row.owner else None,
        in_pool=row.in_pool, claimed_on=row.claimed_on, protected_until=row.protected_until,
        protect_max_on=row.protect_max_on, freed_at=row.freed_at,
        freed_because=LeadBack.model_validate(row.freed_because) if row.freed_because else None,
        stage=row.stage, created_on=row.created_on,
        valid_on=row.valid_on, intent_on=row.intent_on, proposal_on=row.proposal_on, won_on=row.won_on,
        lost_on=row.lost_on, last_touch_on=row.last_touch_on, loss_reason=row.loss_reason,
        customer_id=row.customer_id, note=row.note, version=row.version,
        extra=row.extra if isinstance(row.extra, dict) and not hidden else None,
    )  # fmt: skip


def _pooled(pk: int) -> Lead:
    found = reads.leads().filter(pk=pk, in_pool=True).first()
    if found is None:
        raise OutOfReach
    return found


def lead_found(who: Caller, pk: int, verb: str = "read", pool: bool = True) -> Lead:
    """The lead in reach; with `pool` also one of the pool, for whoever may."""
    try:
        found: Lead = one(who.reach, reads.leads(), "leads", pk, verb)
    except OutOfReach:
        if not pool or not who.reach.may("pool", verb):
            raise
        return _pooled(pk)
    return found


def _again(who: Caller, pk: int) -> LeadOut:
    return told(reads.leads().get(pk=pk), who.reach)


@router.get("/leads", response={200: Listed[LeadOut], **READS}, url_name="leads")
def lead_list(request: HttpRequest, asked: Query[LeadsAsked]) -> HttpResponse:
    """Leads in reach, or the pool."""
    reach = caller(request).reach
    entity = "pool" if asked.view == "pool" else "leads"
    reach.require(entity)
    found = reads.leads(asked.words or "", numbers="contacts" not in reach.masks(entity))
    rows = reach.rows(found.filter(in_pool=entity == "pool"), entity)
    rows = narrowed(rows, asked, FILTERS)
    return listed(request, asked, rows, ORDER, lambda row: told(row, reach), Listed[LeadOut])


@router.get("/leads/{pk}", response={200: LeadOut, **READS}, url_name="lead")
def lead_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One lead."""
    who = caller(request)
    return give(told(lead_found(who, pk), who.reach).model_dump_json())


@router.post("/leads", response={201: LeadOut, **WRITES})
def lead_add(request: HttpRequest, sent: LeadNew, key: Key) -> HttpResponse:
    """A new lead."""

    def run(who: Caller) -> LeadOut:
        who.reach.require("leads", "write")
        values = _values(sent)
        values.pop("owner_id", None)
        row = acts.add_lead(owner=owner_of(who, "leads", sent), by=who.person, at=who.at, **values)
        return _again(who, row.pk)

    return once(request, key, run, 201)


@router.patch("/leads/{pk}", response={200: LeadOut, **WRITES})
def lead_change(request: HttpRequest, pk: PathId, sent: LeadChange, key: Key) -> HttpResponse:
    """Change what is known of a lead."""

    def run(who: Caller) -> LeadOut:
        row = lead_found(who, pk, "write", pool=False)
        return _again(who, acts.change_lead(row, by=who.person, at=who.at, **_values(sent)).pk)

    return once(request, key, run)


def _values(sent: LeadNew | LeadChange) -> dict[str, Any]:
    values = sent.model_dump(exclude_unset=True)
    if "code" in values:
        values["code"] = values["code"] or None
    return values


@router.post("/leads/{pk}/move", response={200: LeadOut, **WRITES}, url_name="lead_move")
def lead_move(request: HttpRequest, pk: PathId, sent: LeadMove, key: Key) -> HttpResponse:
    """Move a lead to another stage."""

    def run(who: Caller) -> LeadOut:
        row = lead_found(who, pk, "write", pool=False)
        customer = named(who.reach, Customer, "customers", sent.customer_id, **FROM_LEAD)
        acts.move_lead(
            row, stage=sent.stage, on=sent.on, loss_reason=sent.loss_reason or "", customer=customer,
            version=sent.version, by=who.person, at=who.at,
        )  # fmt: skip
        return _again(who, pk)

    return once(request, key, run)


@router.post("/leads/{pk}/assign", response={200: LeadOut, **WRITES}, url_name="lead_assign")
def lead_assign(request: HttpRequest, pk: PathId, sent: Assign, key: Key) -> HttpResponse:
    """Give a lead to somebody, out of the pool or from another owner."""

    def run(who: Caller) -> LeadOut:
        chooses(who.reach, "leads")
        row = lead_found(who, pk, "write")
        owner = owner_of(who, "leads", sent)
        if owner is None:
            raise OutOfReach
        acts.assign_lead(row, owner=owner, reason=sent.reason, version=sent.version, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)


@router.post("/leads/{pk}/claim", response={200: LeadOut, **WRITES}, url_name="lead_claim")
def lead_claim(request: HttpRequest, pk: PathId, sent: LeadClaim, key: Key) -> HttpResponse:
    """Take a lead out of the pool for oneself; the first of two gets it."""

    def run(who: Caller) -> LeadOut:
        who.reach.require("leads", "write")
        row = lead_found(who, pk, "write")
        acts.claim_lead(row, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)


@router.post("/leads/{pk}/release", response={200: LeadOut, **WRITES}, url_name="lead_release")
def lead_release(request: HttpRequest, pk: PathId, sent: LeadRelease, key: Key) -> HttpResponse:
    """Give a lead back to the pool."""

    def run(who: Caller) -> LeadOut:
        row = lead_found(who, pk, "write", pool=who.reach.scope("leads", "write") == Scope.ALL)
        acts.release_lead(row, reason=sent.reason, version=sent.version, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)
