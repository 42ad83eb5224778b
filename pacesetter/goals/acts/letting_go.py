"""Goals that a new spread has no place for: withdrawn by the same act, and brought back when it is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads
from ..models import GoalEvent, GoalVersion
from .holding import copy
from .saying import _say

Kind = GoalEvent.Kind
# the rows of a journal line that stand for goals it let go
ENTITY = "goals.goal"
Row = tuple[int, dict[str, Any], dict[str, Any]]


def let_go(
    views: Mapping[int, reads.GoalView], seen: Mapping[int, int], *, by: Person | None, at: datetime, reason: str
) -> list[Row]:
    """Withdraw the draft and every published version of these goals (locked by the caller); what each held.

    `seen`: goal → the newest version that was looked at. Refused where one was changed since, is locked, has ended or
    lies in a closed period, and where a published one goes without a reason.
    """
    closed = people.closed_until()
    rows: list[Row] = []
    gone: list[int] = []
    for pk, number in sorted(seen.items()):
        view = views.get(pk)
        if view is None or view.newest != number or view.shown is None:
            who = view.versions[-1].row.by_name if view is not None and view.versions else ""
            raise Conflict(_("要收回的目标里有一个在你看过之后又改了。看过再保存。"), who=who)
        name = {"goal": f"{view.goal.metric} {view.goal.label}"}
        if view.locked or view.ended:
            raise Refusal(_("%(goal)s 已锁定或已结束，不能收回。") % name, code="locked")
        if closed is not None and view.goal.end <= closed:
            raise Refusal(_("%(goal)s 在已结账的期间里，不能收回。") % name, code="closed_period")
        if view.in_force is not None and not reason.strip():
            raise Refusal(_("收回已发布的目标要写明原因。"), code="required", field="reason")
        held = [version.row.pk for version in view.versions if version.stood.was_published]
        draft = view.draft.row.pk if view.draft is not None else None
        gone += [*held, *([draft] if draft is not None else [])]
        said = {"target": view.shown.row.target, "published": held, "draft": draft, "newest": view.newest}
        rows.append((pk, said, {"event": "withdrawn"}))
    _say(gone, Kind.WITHDRAWN, by=by, at=at, reason=reason)
    return rows


def let_go_by(entry: Entry) -> dict[int, dict[str, Any]]:
    """goal → what it held, of the goals a journal line let go."""
    return {row.row_id: row.before or {} for row in entry.row_changes.filter(entity=ENTITY)}


def changed_since(views: Mapping[int, reads.GoalView], held: Mapping[int, Mapping[str, Any]]) -> list[reads.GoalView]:
    """Those of which somebody has made another version, or that ended."""
    return [
        views[pk] for pk, had in held.items() if views[pk].ended or views[pk].newest != had["newest"]
    ]  # fmt: skip


def bring_back(
    views: Mapping[int, reads.GoalView], held: Mapping[int, Mapping[str, Any]], *, by: Person | None, at: datetime
) -> None:
    """What was let go stands again as further versions: the published ones with their signatures, then the draft."""
    for pk, had in held.items():
        number = views[pk].newest
        for version in views[pk].versions:
            if version.row.pk not in (*had["published"], had["draft"]):
                continue
            number += 1
            told = (event for event in version.events if event.kind not in (Kind.DRAFTED, Kind.WITHDRAWN))
            _repeat(copy(version, number, by=by, at=at), told)


def _repeat(copied: GoalVersion, events: Iterable[GoalEvent]) -> None:
    """What had happened to it, as it happened: handed in, published, signed."""
    GoalEvent.objects.bulk_create(
        GoalEvent(version=copied, kind=event.kind, at=event.at, by_id=event.by_id, by_name=event.by_name,
                  reason=event.reason)
        for event in events
    )  # fmt: skip
