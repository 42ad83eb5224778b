"""The owner's side: the signature under a goal, and the value from below with its comment."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people.models import Person

from ..models import Commitment, GoalEvent
from .holding import alive
from .publishing import _locked
from .saying import _say


@transaction.atomic
def accept_goal(*, goal: int, version: int, by: Person, at: datetime) -> GoalEvent:
    """The owner signs the version in force. Signing again gives the first signature back.

    Refused when another version is in force by now: what is signed is what was read.
    """
    view = _locked([goal])[goal]
    now = view.in_force
    if now is None or now.row.pk != version:
        raise Conflict(_("目标已经有新的一版，看过再签认。"), now=now.row.number if now else None)
    if now.accepted is None:
        if view.ended:
            raise Refusal(_("目标已经结束，不用再签认。"), code="ended")
        row = alive(view, now, by=by, at=at)
        version = row.pk
        _say([version], GoalEvent.Kind.ACCEPTED, by=by, at=at)
        record("accept_goal", by=by, at=at, entity="goal", object_id=goal, label=str(view.goal),
               about_id=view.goal.person_id, after={"version": row.number, "target": row.target})  # fmt: skip
    return GoalEvent.objects.get(version_id=version, kind=GoalEvent.Kind.ACCEPTED)


@transaction.atomic
def commit_value(*, goal: int, value: int, comment: str, by: Person, at: datetime) -> Commitment:
    """What the owner holds for possible, beside the value from above, with a comment."""
    if value < 0:
        raise Refusal(_("承诺值不能小于 0。"), code="value", field="value")
    if not comment.strip():
        raise Refusal(_("写一句说明：凭什么是这个数。"), code="required", field="comment")
    view = _locked([goal])[goal]
    if view.ended:
        raise Refusal(_("目标已经结束。"), code="ended")
    last = view.goal.commitments.last()
    if last is not None and (last.value, last.comment, last.by_id) == (value, comment.strip()[:500], by.pk):
        return last
    made = Commitment.objects.create(
        goal=view.goal, value=value, comment=comment.strip()[:500], at=at, by_id=by.pk, by_name=by.name
    )
    record("commit_value", by=by, at=at, entity="goal", object_id=goal, label=f"{view.goal.metric} {view.goal.label}",
           about_id=view.goal.person_id, before={"value": last.value} if last else {}, after={"value": value},
           reason=comment)  # fmt: skip
    return made
