"""What is asked of customer tiers: the rule of a day, the figures it judges by, who is due for a visit.

The figures (`tier_figures`) are the one place outside the metric catalogue that sums money over customers: the rule
needs them for every customer at once. Won is summed from the same bookings as the metric `won_amount`, and a test holds
the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum

from .. import rules
from ..models import Booking, Customer, Deal, TierRule


def tier_rules() -> QuerySet[TierRule]:
    """Every version, newest first."""
    return TierRule.objects.order_by("-valid_from")


def tier_terms(on: date) -> rules.TierTerms | None:
    """The version in force on a day; None = the company has no rule yet, tiers are set by hand."""
    rule = tier_rules().filter(valid_from__lte=on).first()
    return None if rule is None else rule.terms()


def tier_figures(today: date, customer_id: int | None = None) -> dict[int, rules.Figures]:
    """Customer → what it is judged by today; customers with neither are left out. Two grouped queries for all."""
    won = Booking.objects.filter(overlay=False, customer__isnull=False, on__gte=rules.since(today), on__lte=today)
    still = Deal.objects.filter(stage__in=rules.OPEN_STAGES, customer__isnull=False, amount_minor__isnull=False)
    if customer_id is not None:
        won, still = won.filter(customer_id=customer_id), still.filter(customer_id=customer_id)
    sums: list[dict[int, int]] = [
        dict(rows.order_by().values_list("customer_id").annotate(total=Sum("amount_minor")).iterator(chunk_size=5000))
        for rows in (won, still)
    ]
    return {
        pk: rules.Figures(int(sums[0].get(pk) or 0), int(sums[1].get(pk) or 0)) for pk in {*sums[0], *sums[1]}
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preview:
    """How many customers a version would put where; `changed` = whose tier would be another one than now."""

    tiers: dict[str, int]
    fixed: int
    changed: int


def preview(terms: rules.TierTerms, today: date) -> Preview:
    """What a version would do today. Tiers set by hand stay."""
    figures = tier_figures(today)
    tally = dict.fromkeys((*rules.TIERS, ""), 0)
    fixed = changed = 0
    rows = Customer.objects.filter(merged_into=None).order_by().values_list("pk", "tier", "tier_fixed")
    for pk, tier, by_hand in rows.iterator(chunk_size=5000):
        found = tier if by_hand else rules.tier_of(figures.get(pk, rules.Figures()), terms).tier
        tally[found] = tally.get(found, 0) + 1
        fixed += by_hand
        changed += found != tier
    return Preview(tally, fixed, changed)


def tier_counts() -> dict[str, int]:
    """Tier → how many customers now."""
    rows = Customer.objects.filter(merged_into=None).order_by().values_list("tier").annotate(n=Count("pk"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Due:
    """A customer whose visit is due, and the parts of the sentence that says why.

    `last_on` None = nobody has been there yet; then the day the customer was put on file counts.
    """

    customer: Customer
    tier: str
    rhythm_days: int
    last_on: date | None
    due_on: date
    late_days: int


def due_customers(
    owner_ids: Iterable[int], on: date, last: Mapping[int, date] | Any, *, ahead: int = 0, limit: int | None = None,
    terms: rules.TierTerms | None,
) -> list[Due]:  # fmt: skip
    """Customers of these owners whose tier's rhythm wants a visit by `on` (+ `ahead` days), the latest first.

    `last`: customer → day of the latest contact, or a subquery over `OuterRef("pk")` that gives it (the activities are
    a room above). Late days of 0 = due today. `terms`: those of `on`, as `tier_terms` gives them; a company without any
    has no rhythm.
    """
    rhythm = {tier: days for tier, days in (terms.rhythm if terms else {}).items() if days > 0}
    if not rhythm:
        return []
    rows = Customer.objects.filter(merged_into=None, owner_id__in=list(owner_ids), tier__in=rhythm).order_by("id")
    told = isinstance(last, Mapping)
    if not told:
        rows = rows.annotate(last_on=last)
    found = []
    for row in rows.select_related("owner"):
        seen = last.get(row.pk) if told else row.last_on  # type: ignore[attr-defined]
        left = rules.due_in(row.tier, seen or row.created_on, rhythm, on)
        if left is not None and left <= ahead:
            due_on = on + timedelta(days=left)
            found.append(Due(row, row.tier, rhythm[row.tier], seen, due_on, max(0, -left)))
    found.sort(key=lambda due: (due.due_on, due.tier, due.customer.pk))
    return found if limit is None else found[:limit]
