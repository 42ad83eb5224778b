"""Where somebody stood at the tap is not kept: only `on_site` stays, and the verdict that was given."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from pacesetter.journal.acts import record

from .. import rules
from ..models import Activity

BATCH = 500


@transaction.atomic
def forget_places(*, at: datetime) -> int:
    """Take away up to 500 places older than 30 days; how many. One journal line a batch, without whose they were.

    `on_site` would be worked out here from the customer's own coordinates. Customers have none yet, so it stays as it
    is: None, unless somebody knew better. Safe to repeat and to kill.
    """
    known = Activity.objects.exclude(place_lat=None, place_lon=None, place_metres=None)
    old = known.filter(entered_at__lt=at - timedelta(days=rules.PLACE_DAYS)).order_by("entered_at", "id")
    ids = list(old.select_for_update().values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    Activity.objects.filter(pk__in=ids).update(place_lat=None, place_lon=None, place_metres=None)
    record("forget_places", by=None, at=at, entity="activity", rows=len(ids))
    return len(ids)
