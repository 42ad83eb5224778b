"""Where somebody met their customers lately: told at the tap, kept for thirty days, asked for by its author alone."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer

from ..models import Activity
from ..rules.places import Known


def places(reach: Reach, customers: QuerySet[Customer]) -> list[Known]:
    """The places of one's own records at these customers. Customers have no coordinates of their own."""
    rows: Any = Activity.objects.filter(
        person=reach.person_id, withdrawn_at=None, place_lat__isnull=False, place_lon__isnull=False,
        customer__in=customers.order_by().values("pk"),
    )  # fmt: skip
    return [Known(*row) for row in rows.order_by("-id").values_list("customer_id", "place_lat", "place_lon")[:1000]]
