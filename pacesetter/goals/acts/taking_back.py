"""Taking back goals that one act drafted and put in force: they go, and what held before holds again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads, rules
from ..models import Goal, GoalEvent, GoalVersion
from .holding import hold_again
from .saying import _say
from .undoing_drafts import _bring_back, undo_drafts

Kind = GoalEvent.Kind


@transaction.atomic
def undo_published(
    *, drafted: Entry, published: Entry | None, by: Person | None, at: datetime, reason: str = ""
) -> int:
    """Take back what `drafted` set and `published` put in force (None: only drafts). How many goals.

    Refused with the names of those that were signed, locked, changed, ended or served by others since, or whose period
    is closed. The version that held before returns as a further version.
    """
    if published is None:
        return undo_drafts(entry=drafted, by=by, at=at)
    ids = set(drafted.row_changes.filter(entity="goals.goalversion").values_list("row_id", flat=True))
    put = set(published.row_changes.filter(entity="goals.goalversion").values_list("row_id", flat=True))
    held = GoalVersion.objects.filter(pk__in=ids).values("goal_id")
    goals = list(Goal.objects.select_for_update(of=("self",)).filter(pk__in=held).order_by("pk"))
    views = reads.heads(goals)
    changed = [view for view in views.values() if not _untouched(view, ids, put)]
    served = _served(views, ids)
    changed += [views[pk] for pk in served if views[pk] not in changed]
    if changed:
        names = [f"{view.goal.metric} {view.goal.label}" for view in changed]
        raise Refusal(
            _("有 %(n)s 个目标之后又有变动，不能整体撤销：%(goals)s")
            % {"n": len(names), "goals": "、".join(names[:10])},
            code="changed",
        )  # fmt: skip
    _say(sorted(ids), Kind.WITHDRAWN, by=by, at=at, reason=reason or str(_("整体撤销")))
    hold_again(views.values(), put, by=by, at=at)
    _bring_back(reads.heads(goals).values(), drafted, by=by, at=at)
    record("undo_drafts", by=by, at=at, entity="goal", after={"entry": drafted.pk, "goals": len(ids)}, reason=reason,
           rows=len(ids))  # fmt: skip
    return len(ids)


def _served(views: Mapping[int, reads.GoalView], ids: set[int]) -> set[int]:
    """Which of these goals have another below them since."""
    below = reads.heads(Goal.objects.filter(versions__parent_id__in=list(views)).distinct())
    later = [view.shown.row for view in below.values() if view.shown and view.shown.row.pk > max(ids)]
    return {row.parent_id for row in later if row.parent_id is not None and row.parent_id in views}


def _untouched(view: reads.GoalView, ids: set[int], put: set[int]) -> bool:
    """Whether the newest version is still as the act left it."""
    closed = people.closed_until()
    newest = view.versions[-1]
    if newest.row.pk not in ids or view.ended or (closed is not None and view.goal.end <= closed):
        return False
    if newest.row.pk in put:
        return newest.events[-1].kind == Kind.PUBLISHED
    return newest.status in rules.OPEN
