"""What follows by itself: queued batches are imported, dead ones are queued again, old files go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .acts import batches
from .models import Batch, State


def run_due_batches(*, now: datetime, clock: Callable[[], datetime] | None = None) -> int:
    """Import every batch that waits, one after the other; returns how many were dealt with.

    Killable at any point: a batch is claimed by a conditional UPDATE and written in one transaction.
    """
    batches.revive(at=now)
    done = 0
    while True:
        waiting = Batch.objects.filter(state=State.QUEUED).order_by("id").values_list("pk", flat=True).first()
        if waiting is None:
            return done
        mine = batches.claim(waiting, at=now if clock is None else clock())
        if mine is not None:
            batches.promote_batch(Batch.objects.get(pk=waiting), mine, at=now if clock is None else clock(), beat=clock)
            done += 1
