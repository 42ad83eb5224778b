"""What is asked of the pool: the rule of a day, what a person holds, whose protection is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from .. import rules
from ..models import Deal, Lead, PoolRule

CLOSED = ("won", "lost")
TOLD_DAYS = 14


def pool_rules() -> QuerySet[PoolRule]:
    """Every version, newest first."""
    return PoolRule.objects.order_by("-valid_from")


def pool_terms(on: date) -> rules.PoolTerms | None:
    """The version in force on a day; None = the company has no rule yet, and nothing is taken back."""
    rule = pool_rules().filter(valid_from__lte=on).first()
    return None if rule is None else rule.terms()


def takes_from(on: date) -> date | None:
    """From which day the rule in force on `on` takes leads back; None = it does not."""
    versions = [rule.terms() for rule in pool_rules().filter(valid_from__lte=on)[:2]]
    return rules.starts_taking(versions[0] if versions else None, versions[1] if len(versions) > 1 else None)


def held(rows: QuerySet[Lead] | None = None) -> QuerySet[Lead]:
    """Open leads that are somebody's."""
    found = Lead.objects.all() if rows is None else rows
    return found.filter(in_pool=False, owner__isnull=False).exclude(stage__in=CLOSED)


def takeable(rows: QuerySet[Lead] | None = None) -> QuerySet[Lead]:
    """Leads that the pool may take back at all: not those that became a customer or have an open deal."""
    open_deals = Deal.objects.filter(lead=OuterRef("pk"), stage__in=rules.OPEN_STAGES)
    return held(rows).filter(Q(customer=None), ~Exists(open_deals))


def lapsed_leads(today: date) -> QuerySet[Lead]:
    """Leads whose protection is over and that may go back, the longest first."""
    found = takeable().filter(protect_max_on__isnull=False, protected_until__lt=today)
    return found.order_by("protected_until", "id")


def unprotected_leads() -> QuerySet[Lead]:
    """Leads that somebody holds since before there was a rule."""
    return held().filter(protect_max_on=None).order_by("id")


def held_count(person_id: int) -> int:
    """How many open leads a person holds."""
    return held().filter(owner_id=person_id).count()


def cooling_until(lead: Lead, person_id: int, terms: rules.PoolTerms | None, now: datetime) -> datetime | None:
    """Until when this person has to leave a lead of the pool to others; None = not (any more)."""
    if terms is None or lead.freed_at is None or lead.freed_from_id != person_id:
        return None
    free = rules.free_again(lead.freed_at, terms.cooldown_hours)
    return free if now < free else None


def taken_from(person_id: int, now: datetime) -> QuerySet[Lead]:
    """Leads the rule took from a person lately and nobody has claimed since, newest first."""
    since = now - timedelta(days=TOLD_DAYS)
    found = Lead.objects.filter(in_pool=True, freed_from_id=person_id, freed_at__gte=since)
    return found.filter(freed_because__kind__in=("quiet", "limit")).order_by("-freed_at", "-id")


def ending_soon(rows: QuerySet[Lead], today: date, warn_days: int) -> QuerySet[Lead]:
    """Of these, leads that go back to the pool within the days of warning."""
    return takeable(rows).filter(
        protect_max_on__isnull=False, protected_until__lte=today + timedelta(days=warn_days)
    )  # fmt: skip
