"""What somebody may log with: records they write, the pool's leads, and the customers of their own deals and leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from pacesetter.lib.refusal import OutOfReach
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer, Deal, Lead

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class About:
    """What an activity is about."""

    customer: Customer | None
    deal: Deal | None
    lead: Lead | None


def of_my_work(reach: Reach) -> QuerySet[Customer]:
    """Customers of my own deals and leads, also where the customer is a colleague's or nobody's: the deal's page names
    it, and whoever works on it logs with it. Nothing but the name is told of those.
    """
    deals = reach.rows(Deal.objects.filter(customer__isnull=False), "deals", "write").filter(owner=reach.person_id)
    leads = reach.rows(Lead.objects.filter(customer__isnull=False), "leads", "write").filter(owner=reach.person_id)
    named = Q(pk__in=deals.values("customer_id")) | Q(pk__in=leads.values("customer_id"))
    return Customer.objects.filter(named, merged_into=None)


def customers_to_log(reach: Reach) -> QuerySet[Customer]:
    """The customers somebody may log with."""
    own = reach.rows(Customer.objects.all(), "customers", "write")
    return Customer.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=of_my_work(reach).values("pk")))


def about(reach: Reach, *, customer: int | None = None, deal: int | None = None, lead: int | None = None) -> About:
    """The records that were named; OutOfReach where one of them is none to log with.

    Whoever works on a deal logs with its customer, whosever that is; whoever takes leads from the pool logs with those
    in it.
    """
    held = _one(reach.rows(Deal.objects.select_related("owner", "customer"), "deals", "write"), deal)
    if held is not None and customer is not None and held.customer_id == customer:
        met = held.customer
    else:
        met = _one(customers_to_log(reach).select_related("owner"), customer)
    leads = Lead.objects.select_related("owner", "customer")
    near = Q(pk__in=reach.rows(Lead.objects.all(), "leads", "write").values("pk"))
    if reach.may("pool", "write"):
        near |= Q(in_pool=True)
    return About(met, held, _one(leads.filter(near), lead))


def _one(rows: QuerySet[M], pk: int | None) -> M | None:
    if pk is None:
        return None
    found = rows.filter(pk=pk).first()
    if found is None:
        raise OutOfReach
    return found
