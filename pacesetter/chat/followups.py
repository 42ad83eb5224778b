"""What follows by itself: dry runs that somebody waits for, and one a night that speaks only of changes."""

from __future__ import annotations

from datetime import datetime

from . import acts, configured
from .models import State, SyncRun


def run_waiting(*, now: datetime) -> int:
    """Fetch and plan every run that waits; how many. Killable at any point: nothing of ours is written."""
    acts.revive(at=now)
    done = 0
    for run in SyncRun.objects.filter(state=State.WAITING).order_by("id"):
        if acts.claim(run.pk, at=now):
            acts.look(run, at=now)
            done += 1
    return done


def nightly(*, now: datetime, midnight: datetime) -> int:
    """Ask for the dry run of the night, once for each connected system that has been applied before.

    Until an admin has applied a first plan there is nothing to keep in step.
    """
    asked = 0
    for name in configured.names():
        runs = SyncRun.objects.filter(name=name)
        if runs.filter(state=State.APPLIED).exists() and not runs.filter(at__gte=midnight).exists():
            acts.ask(name=name, nightly=True, by=None, at=now)
            asked += 1
    return asked
