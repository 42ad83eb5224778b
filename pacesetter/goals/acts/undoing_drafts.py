"""Taking a whole drafting back while nothing followed it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads
from ..models import Goal, GoalEvent, GoalVersion
from .holding import copy
from .letting_go import bring_back, changed_since, let_go_by
from .saying import _say


@transaction.atomic
def undo_drafts(*, entry: Entry, by: Person | None, at: datetime) -> int:
    """Take a whole `draft_goals` back while nothing followed: its drafts go, those they replaced return. How many.

    Refused with their names when some were published or followed by another version since, or it was undone already;
    and where goals that went with it lie in a period that was closed meanwhile: none holds there again.
    """
    if entry.act != "draft_goals":
        raise Refusal(_("这条记录不是设目标。"), code="not_drafts")
    ids = list(entry.row_changes.filter(entity="goals.goalversion").values_list("row_id", flat=True))
    # PostgreSQL locks no rows of a DISTINCT query
    held = GoalVersion.objects.filter(pk__in=ids).values("goal_id")
    left = let_go_by(entry)
    goals = Goal.objects.select_for_update(of=("self",)).filter(Q(pk__in=held) | Q(pk__in=list(left))).order_by("pk")
    found = reads.heads(Goal.objects.filter(pk__in=[g.pk for g in goals]))
    views = {pk: view for pk, view in found.items() if pk not in left}
    drafts = {v.draft.row.pk: v for v in views.values() if v.draft is not None}
    again = changed_since(found, left)
    closed = people.closed_until()
    for pk in left:
        if closed is not None and found[pk].goal.end <= closed:
            raise Refusal(_("%(period)s 已经结账。") % {"period": found[pk].goal.label}, code="closed_period")
    changed = [pk for pk in ids if pk not in drafts]
    if changed or again:
        touched = [v for v in views.values() if not (v.draft and v.draft.row.pk in ids)] + again
        names = [f"{v.goal.metric} {v.goal.label}" for v in touched]
        raise Refusal(
            _("有 %(n)s 个目标之后又有变动，不能整体撤销：%(goals)s")
            % {"n": len(changed) + len(again), "goals": "、".join(names[:10])},
            code="changed",
        )  # fmt: skip
    _say(ids, GoalEvent.Kind.WITHDRAWN, by=by, at=at, reason=str(_("整体撤销")))
    _bring_back(views.values(), entry, by=by, at=at)
    bring_back(found, left, by=by, at=at)
    record("undo_drafts", by=by, at=at, entity="goal", after={"entry": entry.pk, "goals": len(ids)}, rows=len(ids))
    return len(ids)


def _bring_back(views: Iterable[reads.GoalView], entry: Entry, *, by: Person | None, at: datetime) -> None:
    """What was being worked on when the act replaced it, as a further version (nothing is overwritten)."""
    for view in views:
        replaced = [v for v in view.versions if v.events[-1].kind == GoalEvent.Kind.WITHDRAWN
                    and v.events[-1].at == entry.at and "published" not in v.stood.events]  # fmt: skip
        if not replaced or view.locked:
            continue
        copy(replaced[-1], view.newest + 1, by=by, at=at)
