"""New or repurchase, told set-based for whole customers by event date; closed periods keep what they said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Exists, Min, OuterRef, Q

from pacesetter.people import reads as people
from pacesetter.people.models import ClosedPeriod

from .. import rules
from ..models import Booking, Deal, StageChange

CHUNK = 900


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def first_wins(customer_ids: Collection[int]) -> dict[int, date]:
    """Customer → day of the first win that stands."""
    found: dict[int, date] = {}
    stood = StageChange.objects.filter(deal=OuterRef("pk"), outcome="won", valid=True)
    for part in _parts(customer_ids):
        # from the customers' own deals: asked from the steps, SQLite would walk through every win of the company
        deals = Deal.objects.filter(customer_id__in=part, closed_on__isnull=False).order_by()
        for deals_won in (deals.filter(stage="won"), deals.filter(Exists(stood), stage="cancelled")):
            for customer, first in deals_won.values_list("customer_id").annotate(first=Min("closed_on")):
                if first is not None and (customer not in found or first < found[customer]):
                    found[customer] = first
    return found


def _open(field: str) -> Q:
    """The rows whose day lies in no closed period."""
    kept = Q()
    for period in ClosedPeriod.objects.all():
        kept &= ~Q(**{f"{field}__gte": period.start, f"{field}__lt": period.end})
    return kept


def retell(customer_ids: Collection[int], first_days: Mapping[int, date] | None = None) -> int:
    """Tell the won deals of these customers anew (open periods only), with their bookings; how many changed.

    `first_days`: each customer's first win, where the caller knows of wins that are yet to be written.
    """
    complete_from = people.company().history_complete_from
    standing = _open("closed_on")
    changed = 0
    for part in _parts(customer_ids):
        first = first_wins(part) if first_days is None else first_days
        deals = Deal.objects.filter(standing, customer_id__in=part, closed_on__isnull=False).order_by()
        won = StageChange.objects.filter(deal=OuterRef("pk"), outcome="won", valid=True)
        # two questions: in one with OR, SQLite walks through every win of the company for each deal that is neither
        closed = (deals.filter(stage="won"), deals.filter(Exists(won), stage="cancelled"))
        columns = ("pk", "customer_id", "closed_on", "customer_kind")
        groups: dict[str, list[int]] = {}
        for pk, customer_id, closed_on, kind in (row for some in closed for row in some.values_list(*columns)):
            told = rules.customer_kind(closed_on, first.get(customer_id), complete_from) if closed_on else kind
            if told != kind:
                groups.setdefault(told, []).append(pk)
        for told, ids in groups.items():
            for some in _parts(ids):
                changed += Deal.objects.filter(pk__in=some).update(customer_kind=told)
                Booking.objects.filter(deal_id__in=some).update(customer_kind=told)
    return changed
