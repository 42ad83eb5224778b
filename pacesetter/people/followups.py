"""What follows by itself: a last day that was set ahead closes the door when it has passed."""

from __future__ import annotations

from datetime import datetime

from . import acts, reads
from .models import Person


def departures(*, now: datetime) -> int:
    """End the access of everybody whose last day has passed; how many were ended. Safe to call any time."""
    gone = Person.objects.filter(left_on__lt=reads.business_day(now), access_ended=False).order_by("id")
    return sum(acts.end_departed(person=person, by=None, at=now) for person in gone)
