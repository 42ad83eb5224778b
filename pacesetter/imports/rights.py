"""Who may import what: the line `imports` of the table of rights, for a person and for a batch."""

from __future__ import annotations

from datetime import date

from pacesetter.people.models import Person
from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope

from .columns import KINDS
from .models import Batch


def entities_for(reach: Reach) -> list[str]:
    """The kinds of files somebody may import, in order; returns go with deals."""
    return [kind for kind in KINDS if reach.may_part("imports", "deals" if kind == "returns" else kind, "write")]


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


def may_publish(by: Person | None, on: date) -> bool:
    """Whether imported goals are in force at once: the installation itself and the director; an analyst drafts."""
    return by is None or reach_of(by, on).scope("goals", "write") == Scope.ALL
