"""What follows by itself: plans nobody did expire, and places at the tap are forgotten."""

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
