"""Questions about runs."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from .models import State, SyncRun


def runs() -> QuerySet[SyncRun]:
    """Runs worth showing: those of a night only when something would change or went wrong."""
    silent = Q(nightly=True, state__in=(State.READY, State.OUTDATED), counts={})
    return SyncRun.objects.exclude(silent).select_related("by", "applied_by")


def news() -> QuerySet[SyncRun]:
    """Dry runs of a night that found changes nobody has applied yet."""
    return SyncRun.objects.filter(nightly=True, state=State.READY).exclude(counts={})
