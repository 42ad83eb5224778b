"""What follows by itself: leads whose protection is over go back to the pool, and tiers follow their rule."""

from __future__ import annotations

from datetime import datetime

from pacesetter.people import reads as people

from . import acts, reads


def pool(*, now: datetime) -> int:
    """Begin protections where the rule is new, take back what has lapsed; how many leads changed. Safe to repeat.

    Each lead is an act of its own, so that a kill in between loses nothing and repeats nothing.
    """
    today = people.business_day(now)
    start = reads.takes_from(today)
    if start is None:
        return 0
    begun = acts.protect_unprotected(at=now)
    if today < start:
        return begun
    lapsed = list(reads.lapsed_leads(today).values_list("pk", flat=True))
    return begun + sum(acts.reclaim_lead(pk, at=now) for pk in lapsed)


def tiers(*, now: datetime) -> int:
    """Customers into the tier the rule gives them; how many changed. Safe to repeat."""
    return acts.follow_tier_rule(at=now)
