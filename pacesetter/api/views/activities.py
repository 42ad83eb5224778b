"""Activities: logged, completed and withdrawn by their author, confirmed by a manager."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity
from pacesetter.activity.rules import sentence
from pacesetter.lib import money
from pacesetter.lib.refusal import OutOfReach
from pacesetter.people import reads as people
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Contact, Customer

from ..caller import Caller, Key, caller, named, once, one
from ..fields import PathId, Why
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.leads import ActivitiesAsked, ActivityChange, ActivityNew, ActivityOut
from ..schemas.spoken import Card, Named, Spoken, SpokenWord

router = Router(tags=["activities"])
HOW: dict[str, Any] = {"owner": "person_id", "team": "team_id", "on": "on"}
FILTERS = {"person_id": "person_id", "customer_id": "customer_id", "deal_id": "deal_id", "lead_id": "lead_id",
           "kind": "kind", "state": "state", "start": "on__gte", "end": "on__lt"}  # fmt: skip


def told(row: Activity) -> ActivityOut:
    """An activity as its readers see it."""
    return ActivityOut(
        id=row.pk, code=row.code, kind=row.kind, on=row.on, happened_at=row.at, person_id=row.person_id,
        person=row.person.name if row.person else None, customer_id=row.customer_id, contact_id=row.contact_id,
        contact_name=row.contact_name, deal_id=row.deal_id, lead_id=row.lead_id, companion_id=row.companion_id,
        result=row.result, next_step=row.next_step, next_on=row.next_on, next_time=row.next_time, minutes=row.minutes,
        amount_minor=row.amount_minor, note=row.note, channel=row.channel,
        state=row.state, effective=row.effective, failed=list(row.failed), entered_late=row.entered_late,
        withdrawn=row.withdrawn_at is not None, version=row.version,
    )  # fmt: skip


def _found(who: Caller, pk: int, verb: str = "read", mine: bool = False) -> Activity:
    row: Activity = one(who.reach, Activity.objects.select_related("person"), "activities", pk, verb, **HOW)
    if mine and row.person_id != who.person.pk:
        raise OutOfReach
    return row


def _contact(who: Caller, contact_id: int | None) -> Contact | None:
    """A contact of a customer in reach."""
    if contact_id is None:
        return None
    who.reach.require("contacts")
    row = Contact.objects.filter(pk=contact_id).first()
    if row is None:
        raise OutOfReach
    named(who.reach, Customer, "customers", row.customer_id)
    return row


@router.get("/activities", response={200: Listed[ActivityOut], **READS}, url_name="activities")
def activity_list(request: HttpRequest, asked: Query[ActivitiesAsked]) -> HttpResponse:
    """Activities in reach, withdrawn ones left out."""
    reach = caller(request).reach
    reach.require("activities")
    rows = narrowed(reach.rows(reads.activities(asked.words), "activities", **HOW), asked, FILTERS)
    return listed(request, asked, rows, {"on": "on"}, told, Listed[ActivityOut])


def _named(one: sentence.Named) -> Named:
    return Named(id=one.id, name=one.name)


@router.post("/activities/parse", response={200: Card, **WRITES}, url_name="activity_parse")
def activity_parse(request: HttpRequest, sent: Spoken, key: Key) -> HttpResponse:
    """Understand one spoken line; nothing is logged."""

    def run(who: Caller) -> Card:
        who.reach.require("activities", "write")
        card = reads.spoken(
            sent.text, today=who.today, mine=who.person.pk, contacts=who.reach.may("contacts"),
            customers=who.reach.rows(Customer.objects.filter(merged_into=None), "customers"),
            digits=money.exponent(people.company().currency),
        )  # fmt: skip
        return Card(
            kind=card.kind, customer=_named(card.customer) if card.customer else None,
            candidates=[_named(one) for one in card.candidates],
            contact=_named(card.contact) if card.contact else None, contacts=[_named(one) for one in card.contacts],
            contact_name=card.contact_name, result=card.result, next_step=card.next_step, next_on=card.next_on,
            next_time=card.next_time, minutes=card.minutes, amount_minor=card.amount_minor, on=card.on, time=card.time,
            note=card.note, words=[SpokenWord(part=w.part, text=w.text, start=w.start) for w in card.words],
        )  # fmt: skip

    return once(request, key, run)


@router.get("/activities/{pk}", response={200: ActivityOut, **READS}, url_name="activity")
def activity_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One activity."""
    return give(told(_found(caller(request), pk)).model_dump_json())


@router.post("/activities", response={201: ActivityOut, **WRITES})
def activity_log(request: HttpRequest, sent: ActivityNew, key: Key) -> HttpResponse:
    """Log what the caller did."""

    def run(who: Caller) -> ActivityOut:
        who.reach.require("activities", "write")
        values = sent.model_dump(exclude_unset=True, exclude={"customer_id", "contact_id", "deal_id", "lead_id"})
        values["channel"] = sent.channel
        if "code" in values:
            values["code"] = values["code"] or None
        asked = reads.about(who.reach, customer=sent.customer_id, deal=sent.deal_id, lead=sent.lead_id)
        row = acts.log_activity(
            person=who.person,
            customer=asked.customer,
            contact=_contact(who, sent.contact_id),
            deal=asked.deal,
            lead=asked.lead,
            by=who.person,
            at=who.at,
            **values,
        )
        return told(row)

    return once(request, key, run, 201)


@router.patch("/activities/{pk}", response={200: ActivityOut, **WRITES})
def activity_change(request: HttpRequest, pk: PathId, sent: ActivityChange, key: Key) -> HttpResponse:
    """Complete or correct one's own activity."""

    def run(who: Caller) -> ActivityOut:
        row = _found(who, pk, "write", mine=True)
        values = sent.model_dump(exclude_unset=True)
        if "contact_id" in values:
            values["contact"] = _contact(who, values.pop("contact_id"))
        return told(acts.change_activity(row, by=who.person, at=who.at, **values))

    return once(request, key, run)


@router.post("/activities/{pk}/confirm", response={200: ActivityOut, **WRITES}, url_name="activity_confirm")
def activity_confirm(request: HttpRequest, pk: PathId, sent: Why, key: Key) -> HttpResponse:
    """A manager vouches for a visit that the rule did not accept."""

    def run(who: Caller) -> ActivityOut:
        if who.reach.scope("activities", "write") < Scope.TEAM:
            raise OutOfReach
        row = _found(who, pk, "write")
        return told(acts.confirm_visit(row, reason=sent.reason, by=who.person, at=who.at))

    return once(request, key, run)


@router.post("/activities/{pk}/withdraw", response={200: ActivityOut, **WRITES}, url_name="activity_withdraw")
def activity_withdraw(request: HttpRequest, pk: PathId, sent: Why, key: Key) -> HttpResponse:
    """Take back what one logged by mistake."""

    def run(who: Caller) -> ActivityOut:
        row = _found(who, pk, "write", mine=True)
        return told(acts.withdraw_activity(row, reason=sent.reason, by=who.person, at=who.at))

    return once(request, key, run)
