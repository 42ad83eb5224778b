"""Who may import what: the line `imports` of the table of rights, for a person and for a batch."""

from __future__ import annotations

from datetime import date

from pacesetter.people.models import Person
from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope

from .columns import KINDS
from .models import Batch


def entities_for(reach: Reach) -> list[str]:
    """The kinds of files somebody may import, in order."""
    return [kind for kind in KINDS if reach.may_part("imports", _part(kind), "write")]


def _part(kind: str) -> str:
    """The part of the right that a kind of file belongs to: returns go with deals."""
    return "deals" if kind == "returns" else kind


def reach_for(batch: Batch) -> dict[str, frozenset[int]]:
    """Kind of file → the people a batch may write for; one that is not in it: everybody.

    Whoever imports a kind with a team imports it for that team only, whatever another role imports for all; so it is
    with records of further kinds that come along with it.
    """
    if batch.by is None:
        return {}
    reach = reach_of(batch.by, batch.created_at.date())
    scopes = {kind: reach.scope_of_part("imports", _part(kind), "write") for kind in KINDS}
    if not any(Scope.NONE < scope < Scope.ALL for scope in scopes.values()):
        return {}
    return {kind: reach.people_ids for kind, scope in scopes.items() if scope < Scope.ALL}


def may_grant(batch: Batch) -> bool:
    """Whether roles in a people file are granted: only when who imports may grant them on the people page."""
    if batch.by is None:
        return True
    reach = reach_of(batch.by, batch.created_at.date())
    return reach.may_part("people", "role", "write")


def may_publish(by: Person | None, on: date) -> bool:
    """Whether imported goals are in force at once: the installation itself and the director; an analyst drafts."""
    return by is None or reach_of(by, on).scope("goals", "write") == Scope.ALL
