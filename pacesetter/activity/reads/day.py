"""My day: what is planned, what suggests itself and why, what is done already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Subquery

from pacesetter.people.reach import Reach
from pacesetter.pipeline import reads as pipeline
from pacesetter.pipeline.models import Contact, Customer, Deal, Lead

from ..models import Activity, PlanItem, PlanState
from ..rules import hints as rules
from ..rules import plans_end
from ..rules.words import kind_of
from .hints import Last, Money, Needs, deal_needs, newest_with, open_deals, overdue_money
from .settings import Terms, terms_of_day

SUGGESTED = 5
# what counts as having been in touch with a customer
CONTACT = ("visit", "call", "online", "joint_visit")


@dataclass(frozen=True)
class Call:
    """Whom to ring, and the number."""

    name: str
    number: str


@dataclass(frozen=True)
class Todo:
    """One line of the day. `hint` tells why it is suggested; a planned one has its plan, or its deal's next step."""

    key: str
    kind: str
    purpose: str = ""
    on: date | None = None
    time: time | None = None
    plan: PlanItem | None = None
    customer: Customer | None = None
    deal: Deal | None = None
    lead: Lead | None = None
    hint: rules.Hint | None = None
    amount_minor: int | None = None
    last: Last | None = None
    more: Sequence[rules.Hint] = ()
    call: Call | None = None


@dataclass
class Day:
    """A person's day: overdue first, then timed, then the rest of today, then suggestions with their reason."""

    on: date
    overdue: list[Todo] = field(default_factory=list)
    due: list[Todo] = field(default_factory=list)
    suggested: list[Todo] = field(default_factory=list)
    more: int = 0
    done: list[Activity] = field(default_factory=list)

    @property
    def planned(self) -> list[Todo]:
        """What was promised: overdue and due."""
        return [*self.overdue, *self.due]


def my_day(reach: Reach, on: date, *, suggestions: int = SUGGESTED, terms: Terms | None = None) -> Day:
    """The day of the reader themself. About ten queries, however much there is."""
    me = reach.person_id
    terms = terms or terms_of_day(on)
    day = Day(on)
    todos = _plans(me, on)
    deals = open_deals(Deal.objects.filter(owner=me))
    settings = terms.hints
    owed = overdue_money(pipeline.instalments().filter(customer__owner=me), on, settings)
    due = (
        pipeline.due_customers([me], on, last_contact(), limit=100, terms=terms.tiers)
        if settings["visit_due"].active
        else []
    )
    about = {todo.customer.pk for todo in todos if todo.customer is not None}
    about |= {deal.customer_id for deal in deals if deal.customer_id is not None}
    about |= {one.customer.pk for one in owed} | {one.customer.pk for one in due}
    contacts = _contacts(reach, about)
    needs = deal_needs(deals, on, settings, contacts={pk: len(rows) for pk, rows in contacts.items()})
    planned_deals = {todo.deal.pk for todo in todos if todo.deal is not None}
    planned_customers = {todo.customer.pk for todo in todos if todo.customer is not None}
    for deal in sorted(deals, key=lambda one: (one.next_on or date.max, one.pk)):
        if deal.next_on is None or deal.next_on > on:
            break
        if deal.pk in planned_deals or (deal.customer_id in planned_customers and deal.customer_id is not None):
            continue
        planned_deals.add(deal.pk)
        todos.append(Todo(f"deal:{deal.pk}", kind_of(deal.next_step), deal.next_step, deal.next_on,
                          customer=deal.customer, deal=deal))  # fmt: skip
    planned_customers |= {todo.customer.pk for todo in todos if todo.customer is not None}
    found = _suggested(reach, on, terms, needs, owed, due, planned_deals, planned_customers)
    day.more = max(0, len(found) - suggestions)
    shown = [*todos, *found[:suggestions]]
    lasts, day.done = _done_and_last(me, on, {todo.customer.pk for todo in shown if todo.customer is not None})
    told = [_with(todo, lasts, contacts, me) for todo in shown]
    for todo in told:
        if todo.hint is not None:
            day.suggested.append(todo)
        elif todo.on is not None and todo.on < on:
            day.overdue.append(todo)
        else:
            day.due.append(todo)
    day.overdue.sort(key=lambda todo: (todo.on or on, todo.key))
    day.due.sort(key=lambda todo: (todo.time is None, todo.time or time.min, todo.plan is None, todo.key))
    return day


def _done_and_last(person_id: int, on: date, customers: set[int]) -> tuple[dict[int, Last], list[Activity]]:
    """The newest record with each of these customers, and what the person did that day. One query for both."""
    mine = Q(person=person_id, on=on, withdrawn_at=None)
    rows = Activity.objects.filter(mine | Q(pk__in=newest_with(customers))).select_related("customer", "lead", "deal")
    lasts: dict[int, Activity] = {}
    done = []
    for row in rows.order_by("-id"):
        if row.customer_id in customers:
            # the newest of all comes first, whoever did it
            lasts.setdefault(row.customer_id or 0, row)
        if row.person_id == person_id and row.on == on:
            done.append(row)
    return {pk: Last(row.on, row.result, row.contact_name) for pk, row in lasts.items()}, done[:50]


def _plans(person_id: int, on: date) -> list[Todo]:
    rows = PlanItem.objects.filter(person=person_id, state=PlanState.OPEN, on__lte=on)
    rows = rows.select_related("customer", "deal", "deal__customer", "lead").order_by(
        "on", F("time").asc(nulls_last=True)
    )
    return [
        Todo(f"plan:{row.pk}", row.kind, row.purpose, row.on, row.time, row, row.customer, row.deal, row.lead)
        for row in rows[:200]
    ]


def _suggested(
    reach: Reach, on: date, terms: Terms, needs: Sequence[Needs], money: Sequence[Money],
    due: Sequence[pipeline.Due], deals: set[int], customers: set[int],
) -> list[Todo]:  # fmt: skip
    """Suggestions by weight, one a customer; what is planned already is not suggested."""
    found: list[Todo] = []
    settings = terms.hints
    for owed in money:
        found.append(Todo(f"money:{owed.customer.pk}", "call", customer=owed.customer, hint=owed.hint,
                          amount_minor=owed.left_minor))  # fmt: skip
    for visit in due:
        if visit.late_days >= settings["visit_due"].days:
            told = rules.Hint("visit_due", visit.late_days, visit.rhythm_days, weight=rules.weight_of("visit_due"))
            found.append(Todo(f"customer:{visit.customer.pk}", "visit", customer=visit.customer, hint=told))
    if settings["lead_expiring"].active:
        for lead in pipeline.ending_soon(
            Lead.objects.filter(owner=reach.person_id), on, settings["lead_expiring"].days
        ):
            left = (lead.protected_until - on).days if lead.protected_until else 0
            told = rules.Hint("lead_expiring", max(0, left), weight=rules.weight_of("lead_expiring"))
            found.append(Todo(f"lead:{lead.pk}", "call", lead=lead, hint=told))
    for need in needs:
        deal = need.deal
        # an overdue next step stands in the plan already
        risks = [hint for hint in need.hints if hint.key != "next_overdue"]
        if risks and deal.pk not in deals:
            found.append(Todo(f"deal:{deal.pk}", _HOW.get(risks[0].key, "visit"), customer=deal.customer, deal=deal,
                              hint=risks[0], amount_minor=deal.amount_minor, more=tuple(risks[1:])))  # fmt: skip
    found.sort(key=lambda todo: -(todo.hint.weight if todo.hint else 0))
    once, seen = [], set(customers)
    for todo in found:
        if todo.customer is not None:
            if todo.customer.pk in seen:
                continue
            seen.add(todo.customer.pk)
        once.append(todo)
    return once


# how each hint is best followed up
_HOW = {"proposal_unanswered": "call", "single_contact": "visit", "no_next_step": "call"}


def last_contact() -> Any:
    """The day of the newest contact with a customer, as a subquery over customers."""
    rows = Activity.objects.filter(customer=OuterRef("pk"), withdrawn_at=None, kind__in=CONTACT).order_by()
    return Subquery(rows.values("customer").annotate(last=Max("on")).values("last"))


def _with(todo: Todo, lasts: Mapping[int, Last], contacts: Mapping[int, Sequence[Contact]], me: int) -> Todo:
    if todo.customer is not None:
        last = lasts.get(todo.customer.pk)
        return replace(todo, last=last, call=_call(contacts.get(todo.customer.pk, ()), last.contact if last else ""))
    # a plan may outlive the hand-over of its lead
    if todo.lead is not None and todo.lead.mobile and todo.lead.owner_id == me:
        return replace(todo, call=Call(todo.lead.contact_name or todo.lead.name, todo.lead.mobile))
    return todo


# who is rung first where nobody was met: those who decide
_RUNG = ("decision_maker", "influencer", "champion", "buyer", "user", "unknown", "blocker")


def _call(contacts: Sequence[Contact], met: str) -> Call | None:
    """Who was met last, else who decides, of those with a number."""
    with_number = [one for one in contacts if one.mobile]
    if not with_number:
        return None
    first = min(with_number, key=lambda one: (one.name != met, _RUNG.index(one.decision_role)))
    return Call(first.name, first.mobile)


def _contacts(reach: Reach, customer_ids: set[int]) -> dict[int, list[Contact]]:
    """The people at these customers; without number where the customer is not in reach any more. One query."""
    if not customer_ids:
        return {}
    theirs = Customer.objects.filter(pk=OuterRef("customer_id"))
    mine = reach.rows(theirs, "customers") if "contacts" not in reach.masks("customers") else theirs.none()
    rows = Contact.objects.filter(customer__in=customer_ids, archived=False).annotate(mine=Exists(mine.order_by()))
    found: dict[int, list[Contact]] = {}
    for row in rows.order_by("id"):
        if not row.mine:
            row.mobile = ""
        found.setdefault(row.customer_id, []).append(row)
    return found


def plans_over(today: date) -> QuerySet[PlanItem]:
    """Open plans whose time is over."""
    return PlanItem.objects.filter(state=PlanState.OPEN, on__lte=plans_end(today)).order_by("on", "id")
