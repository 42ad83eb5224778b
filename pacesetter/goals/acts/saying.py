"""Writing events: what happened to versions, the same for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pacesetter.people.models import Person

from ..models import GoalEvent


def _say(versions: Iterable[int], kind: str, *, by: Person | None, at: datetime, reason: str = "") -> None:
    """The same event for each version."""
    GoalEvent.objects.bulk_create(
        GoalEvent(version_id=pk, kind=kind, at=at, by_id=by.pk if by else None, by_name=by.name if by else "",
                  reason=reason[:500])
        for pk in versions
    )  # fmt: skip
