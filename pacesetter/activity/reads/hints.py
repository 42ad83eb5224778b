"""Which open deals and customers of a person need something today: facts gathered in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Max, Q, QuerySet, Value

from pacesetter.pipeline import reads as pipeline
from pacesetter.pipeline import rules as pipeline_rules
from pacesetter.pipeline.models import Contact, Customer, Deal, DecisionRole

from ..models import Activity, HintSetting
from ..rules import hints as rules

# a person with more open deals than this gets hints on the largest ones
DEALS_LOOKED_AT = 400


@dataclass(frozen=True)
class Last:
    """The newest record with a customer, and with whom."""

    on: date
    result: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Needs:
    """What one open deal needs, the weightiest first, and when the customer was last in touch."""

    deal: Deal
    hints: Sequence[rules.Hint]
    last_on: date | None = None


@dataclass
class Money:
    """What a customer owes: the oldest overdue day, and how much is overdue."""

    customer: Customer
    since: date
    left_minor: int = 0
    instalments: int = 0
    hint: rules.Hint = field(default_factory=lambda: rules.Hint("overdue_money"))


def hint_settings() -> dict[str, rules.Setting]:
    """Every hint as the company wants it."""
    return rules.settings_of(HintSetting.objects.values_list("key", "active", "days"))


def open_deals(deals: QuerySet[Deal]) -> list[Deal]:
    """The open ones, the largest first, as many as hints are looked for."""
    rows = deals.filter(stage__in=pipeline_rules.OPEN_STAGES).select_related("customer", "owner")
    return list(rows.order_by("-amount_minor", "-id")[:DEALS_LOOKED_AT])


def deal_needs(
    rows: Sequence[Deal], on: date, settings: Mapping[str, rules.Setting] | None = None, *,
    usual: Mapping[str, tuple[int, int]] | None = None, contacts: Mapping[int, int] | None = None,
) -> list[Needs]:  # fmt: skip
    """The risks of open deals, the weightiest first. Two queries, however many.

    `usual` (`pipeline.usual_days`) and `contacts` (customer → how many) where the caller knows them already.
    """
    if not rows:
        return []
    settings = settings or hint_settings()
    facts = _facts(rows, usual, contacts)
    found = []
    for deal in rows:
        told = rules.deal_hints(facts[deal.pk], settings, on)
        if told:
            found.append(Needs(deal, told, facts[deal.pk].last_on))
    return sorted(found, key=lambda need: (-need.hints[0].weight, -(need.deal.amount_minor or 0), need.deal.pk))


_COLUMNS = ("what", "deal_id", "last", "proposal", "answered", "met", "n")


def _contacted(deals: Sequence[int], customers: set[int]) -> Any:
    """Rows of `_COLUMNS`: what was done about each deal, and with each customer. One query for both."""
    live, day = Activity.objects.filter(withdrawn_at=None), DateField()
    answered = Max("on", filter=~Q(kind="proposal") & ~Q(result=""))
    of_deals = (
        live.filter(deal__in=deals)
        .annotate(what=Value("deal"), met=Value(None, output_field=day), n=Value(0))
        .values("what", "deal_id", "met", "n")
        .annotate(last=Max("on"), proposal=Max("on", filter=Q(kind="proposal")), answered=answered)
        .order_by()
    )
    decides = Max("on", filter=Q(contact__decision_role=DecisionRole.DECISION_MAKER))
    of_customers = (
        live.filter(customer__in=customers)
        .annotate(what=Value("customer"), n=Value(0))
        .annotate(proposal=Value(None, output_field=day), answered=Value(None, output_field=day))
        .values("what", "customer_id", "proposal", "answered", "n")
        .annotate(last=Max("on"), met=decides)
        .order_by()
    )
    theirs = of_customers.values_list(*_COLUMNS[:1], "customer_id", *_COLUMNS[2:])
    return of_deals.values_list(*_COLUMNS).union(theirs, all=True)


def _facts(
    rows: Sequence[Deal], usual: Mapping[str, tuple[int, int]] | None, contacts: Mapping[int, int] | None
) -> dict[int, rules.DealFacts]:
    customers = {deal.customer_id for deal in rows if deal.customer_id is not None}
    found = _contacted([deal.pk for deal in rows], customers)
    if contacts is None:
        listed = Contact.objects.filter(customer__in=customers, archived=False).annotate(what=Value("contacts"))
        nothing = {name: Value(None, output_field=DateField()) for name in ("last", "proposal", "answered", "met")}
        counted = listed.values("what", "customer_id").annotate(**nothing, n=Count("pk")).order_by()
        found = found.union(counted.values_list(*_COLUMNS[:1], "customer_id", *_COLUMNS[2:]), all=True)
    by_deal: dict[int, tuple[Any, ...]] = {}
    by_customer: dict[int, tuple[Any, ...]] = {}
    many: dict[int, int] = {}
    for what, pk, last, proposal, answered, met, n in found:
        if what == "deal":
            by_deal[pk] = (last, proposal, answered)
        elif what == "customer":
            by_customer[pk] = (last, met)
        else:
            many[pk] = n
    contacts = many if contacts is None else contacts
    usual = pipeline.usual_days() if usual is None else usual
    made: dict[int, rules.DealFacts] = {}
    for deal in rows:
        last, proposal, answered = by_deal.get(deal.pk, (None, None, None))
        last_there, met = by_customer.get(deal.customer_id or 0, (None, None))
        days, n = usual.get(deal.stage, (None, 0))
        lasts = [day for day in (last, last_there) if day is not None]
        made[deal.pk] = rules.DealFacts(
            stage=deal.stage, stage_since=deal.stage_since, opened_on=deal.opened_on, last_on=max(lasts, default=None),
            next_on=deal.next_on, contacts=contacts.get(deal.customer_id or 0, 0),
            decision_maker_met=met is not None, proposal_on=proposal,
            answered_on=answered, usual_days=days, usual_n=n,
        )  # fmt: skip
    return made


def overdue_money(
    instalments: QuerySet[Any], on: date, settings: Mapping[str, rules.Setting] | None = None
) -> list[Money]:
    """What customers owe since before the day, the largest sum first; from instalments in reach with `left_minor`."""
    setting = (settings or hint_settings())["overdue_money"]
    if not setting.active:
        return []
    found: dict[int, Money] = {}
    for row in instalments.filter(due_on__lt=on, left_minor__gt=0).order_by("due_on", "id")[:DEALS_LOOKED_AT]:
        owed = found.setdefault(row.customer_id, Money(row.customer, row.due_on))
        owed.left_minor += row.left_minor
        owed.instalments += 1
    late = [owed for owed in found.values() if (on - owed.since).days >= setting.days]
    for owed in late:
        owed.hint = rules.Hint("overdue_money", (on - owed.since).days, weight=rules.weight_of("overdue_money"))
    return sorted(late, key=lambda owed: (-owed.left_minor, owed.customer.pk))


def newest_with(customer_ids: Iterable[int]) -> Any:
    """The keys of the newest record with each customer, as a subquery."""
    rows = Activity.objects.filter(customer__in=set(customer_ids), withdrawn_at=None).order_by()
    return rows.values("customer_id").annotate(top=Max("id")).values("top")


def last_met(customer_ids: Iterable[int]) -> dict[int, Last]:
    """The newest record with each customer. One query."""
    ids = set(customer_ids)
    if not ids:
        return {}
    rows = Activity.objects.filter(pk__in=newest_with(ids)).values_list("customer_id", "on", "result", "contact_name")
    return {customer: Last(on, result, contact) for customer, on, result, contact in rows if customer is not None}
