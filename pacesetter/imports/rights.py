"""Who may import what: the line `imports` of the table of rights, for a person and for a batch."""

from __future__ import annotations

from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope

from .columns import KINDS
from .models import Batch


def entities_for(reach: Reach) -> list[str]:
    """The kinds of files somebody may import, in order (goals come with their module); returns go with deals."""
    return [
        kind for kind in KINDS
        if kind != "goals" and reach.may_part("imports", "deals" if kind == "returns" else kind, "write")
    ]  # fmt: skip


def reach_for(batch: Batch) -> frozenset[int] | None:
    """The people a batch may write for; None = everybody. Somebody with a team imports for that team only."""
    if batch.by is None:
        return None
    reach = reach_of(batch.by, batch.created_at.date())
    return None if reach.scope("imports", "write") == Scope.ALL else reach.people_ids


def may_grant(batch: Batch) -> bool:
    """Whether roles in a people file are granted: only when who imports may grant them on the people page."""
    if batch.by is None:
        return True
    reach = reach_of(batch.by, batch.created_at.date())
    return reach.may_part("people", "role", "write")
