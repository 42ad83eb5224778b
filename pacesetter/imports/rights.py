"""Who may import what: the line `imports` of the table of rights, for a person and for a batch."""

from __future__ import annotations

from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope

from .columns import ENTITIES
from .models import Batch


def entities_for(reach: Reach) -> list[str]:
    """The entities somebody may import, in order (goals come with their module)."""
    return [entity for entity in ENTITIES if entity != "goals" and reach.may_part("imports", entity, "write")]


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
