"""What follows by itself: plans nobody did expire, places at the tap are forgotten, recordings end."""

from __future__ import annotations

from datetime import datetime

from pacesetter.people import reads as people

from . import acts, reads


def plans(*, now: datetime) -> int:
    """Open plans two weeks past their day expire; how many. Each is an act of its own. Safe to repeat and to kill."""
    company = people.company_or_none()
    if company is None:
        return 0
    over = list(reads.plans_over(people.business_day(now)))
    return sum(acts.expire_plan(item, at=now) is not None for item in over)


def places(*, now: datetime) -> int:
    """Places older than 30 days are taken away, a batch at a time; how many. Safe to repeat and to kill."""
    count = 0
    while gone := acts.forget_places(at=now):
        count += gone
    return count


def recordings(*, now: datetime) -> int:
    """Recordings kept for the days the company set go, and uploads nobody went on with. Safe to repeat and to kill."""
    if people.company_or_none() is None:
        return 0
    over = list(reads.recordings_over(people.business_day(now)).values_list("pk", flat=True))
    ended = sum(acts.expire_recording(pk, at=now) for pk in over)
    acts.sweep_files(at=now)
    return ended
