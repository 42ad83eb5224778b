"""Submitting, returning, publishing, locking and withdrawing: events on versions, each whole batch or nothing.

Each takes `seen` (goal → the newest version that was looked at) and refuses a goal that changed since as a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads, rules
from ..models import Goal, GoalEvent, GoalVersion
from .holding import hold_again, supersede
from .saying import _say

Kind = GoalEvent.Kind


class Unbalanced(Refusal):
    """Goals below do not add up to the one above, beyond the company's tolerance; `faults` lists each."""

    def __init__(self, faults: Sequence[tuple[Goal, rules.Balance]]) -> None:
        self.faults = list(faults)
        super().__init__(
            _("有 %(n)s 处上下级加不拢，超出容差，不能发布。逐处调整，或写明缓冲。") % {"n": len(self.faults)},
            code="unbalanced", field="goals",
        )  # fmt: skip


def _locked(goals: Iterable[int], seen: Mapping[int, int] | None = None) -> dict[int, reads.GoalView]:
    """The goals, held for this act in the order of their ids, so that two acts take turns and never wait in a ring.

    `seen`: goal → the newest version that was looked at; a newer one by now is a conflict.
    """
    rows = list(Goal.objects.select_for_update(of=("self",)).filter(pk__in=list(goals)).order_by("pk"))
    views = reads.heads(rows)
    changed = [view for pk, view in views.items() if seen and view.newest != seen.get(pk, view.newest)]
    if changed:
        names = [f"{view.goal.metric} {view.goal.label} #{view.pk}" for view in changed[:10]]
        raise Conflict(_("目标 %(goals)s 在你看过之后又改了。看过新的一版再试。") % {"goals": "、".join(names)},
                       now=changed[0].newest)  # fmt: skip
    return views


def _happen(views: Iterable[tuple[reads.GoalView, reads.VersionView | None]], kind: str) -> list[int]:
    """The versions to which `kind` happens now; refused where one does not stand where it may."""
    found = []
    for view, version in views:
        if view.ended:
            raise Refusal(_("%(period)s 的这个目标已经结束。") % {"period": view.goal.label}, code="ended")
        if view.locked and kind in (Kind.SUBMITTED, Kind.RETURNED, Kind.PUBLISHED):
            # a draft from before the lock: it may only go
            raise Refusal(_("%(period)s 的这个目标已锁定。要改，请提交目标调整申请。") % {"period": view.goal.label},
                          code="locked")  # fmt: skip
        if version is None or not rules.may_follow(version.status, kind):
            raise Refusal(
                _("%(goal)s 现在是“%(status)s”，不能这样做。刷新看看谁改了它。")
                % {"goal": f"{view.goal.metric} {view.goal.label}", "status": Kind(view.status).label},
                code="status",
            )  # fmt: skip
        found.append(version.row.pk)
    if not found:
        raise Refusal(_("没有选中目标。"), code="empty")
    return found


def _journal(
    act: str, views: dict[int, reads.GoalView], versions: Sequence[int], *, by: Person | None, at: datetime,
    reason: str = "",
) -> Entry:  # fmt: skip
    first = next(iter(views.values())).goal
    one = len(views) == 1
    entry = record(
        act, by=by, at=at, entity="goal", object_id=first.pk if one else "", label=f"{first.metric} {first.label}",
        about_id=first.person_id if one else None, after={"goals": len(views)}, reason=reason, rows=len(versions),
    )  # fmt: skip
    record_rows(entry, "goals.goalversion", ((pk, {}, {"event": act}) for pk in versions))
    return entry


@transaction.atomic
def submit_goals(
    goals: Iterable[int], *, by: Person | None, at: datetime, seen: Mapping[int, int] | None = None
) -> Entry:
    """Hand drafts to whoever publishes."""
    views = _locked(goals, seen)
    ids = _happen([(v, v.draft) for v in views.values()], Kind.SUBMITTED)
    _say(ids, Kind.SUBMITTED, by=by, at=at)
    return _journal("submit_goals", views, ids, by=by, at=at)


@transaction.atomic
def return_goals(
    goals: Iterable[int], *, reason: str, by: Person | None, at: datetime, seen: Mapping[int, int] | None = None
) -> Entry:
    """Give submitted drafts back with a reason."""
    if not reason.strip():
        raise Refusal(_("写明退回的原因。"), code="required", field="reason")
    views = _locked(goals, seen)
    ids = _happen([(v, v.draft) for v in views.values()], Kind.RETURNED)
    _say(ids, Kind.RETURNED, by=by, at=at, reason=reason)
    return _journal("return_goals", views, ids, by=by, at=at, reason=reason)


@transaction.atomic
def publish_goals(
    goals: Iterable[int], *, by: Person | None, at: datetime, reason: str = "", seen: Mapping[int, int] | None = None,
    history: bool = False,
) -> Entry:  # fmt: skip
    """Put the drafts of these goals in force; the versions before them are superseded.

    Refused beyond the tolerance (`Unbalanced`, with the list), where a draft is gone or was published meanwhile.
    So is what serves no goal or is over (`history` takes the goals of a file as they are).
    """
    views = _locked(goals, seen)
    ids = _happen([(v, v.draft) for v in views.values()], Kind.PUBLISHED)
    closed = people.closed_until()
    for view in views.values():
        if closed is not None and view.goal.end <= closed:
            raise Refusal(_("%(period)s 已经结账。") % {"period": view.goal.label}, code="closed_period")
    if not history:
        _refuse_unready(views, at)
    _refuse_unbalanced(views, at)
    supersede(views.values(), by=by, at=at)
    _say(ids, Kind.PUBLISHED, by=by, at=at, reason=reason)
    return _journal("publish_goals", views, ids, by=by, at=at, reason=reason)


def _refuse_unready(views: dict[int, reads.GoalView], at: datetime) -> None:
    """What the checks hold back, on whatever road it comes."""
    found = reads.unready(views.values(), people.business_day(at))
    if found:
        names = [f"{view.goal.metric} {view.goal.label}" for view, _check in found[:10]]
        raise Refusal(_("有 %(n)s 个目标的检查没过，不能发布：%(list)s") % {"n": len(found), "list": "、".join(names)},
                      code="smart", field="parent_id")  # fmt: skip


def _refuse_unbalanced(views: dict[int, reads.GoalView], at: datetime) -> None:
    """Every goal that is published, and the one above it, against what hangs below."""
    above = {v.shown.row.parent_id for v in views.values() if v.shown and v.shown.row.parent_id}
    asked = above | views.keys()
    children = GoalVersion.objects.filter(parent_id__in=asked).values_list("goal_id", flat=True)
    around = reads.book(Goal.objects.filter(pk__in={*asked, *children}))
    tolerance = reads.chosen(people.business_day(at)).tolerance
    wrong = [
        (around[pk].goal, balance)
        for pk, balance in rules.balances(around.nodes()).items()
        if pk in asked and rules.beyond(balance, tolerance)
    ]
    if wrong:
        raise Unbalanced(wrong)


@transaction.atomic
def lock_goals(
    goals: Iterable[int], *, by: Person | None, at: datetime, reason: str = "", seen: Mapping[int, int] | None = None
) -> Entry:
    """From now on only a decided application changes these goals."""
    views = _locked(goals, seen)
    ids = _happen([(v, v.in_force) for v in views.values()], Kind.LOCKED)
    _say(ids, Kind.LOCKED, by=by, at=at, reason=reason)
    return _journal("lock_goals", views, ids, by=by, at=at, reason=reason)


@transaction.atomic
def withdraw_goals(
    goals: Iterable[int], *, by: Person | None, at: datetime, reason: str = "", seen: Mapping[int, int] | None = None,
    whole: bool = False,
) -> Entry:  # fmt: skip
    """Take drafts back, or published goals that are not locked; these need a reason.

    The version that held before a published one holds again, as a further version. `whole`: none does, and drafts go
    too; nothing is left of goals that are in force.
    """
    views = _locked(goals, seen)
    if whole:
        return _withdraw_whole(views, reason=reason, by=by, at=at)
    chosen = [(v, v.draft or v.in_force) for v in views.values()]
    ids = _happen(chosen, Kind.WITHDRAWN)
    if not reason.strip() and any(v.draft is None for v in views.values()):
        raise Refusal(_("撤回已发布的目标要写明原因。"), code="required", field="reason")
    _say(ids, Kind.WITHDRAWN, by=by, at=at, reason=reason)
    hold_again(views.values(), ids, by=by, at=at)
    return _journal("withdraw_goals", views, ids, by=by, at=at, reason=reason)


def _withdraw_whole(views: dict[int, reads.GoalView], *, reason: str, by: Person | None, at: datetime) -> Entry:
    if not reason.strip():
        raise Refusal(_("撤回已发布的目标要写明原因。"), code="required", field="reason")
    also = [(v, one) for v in views.values() for one in (v.coming, v.draft) if one is not None]
    ids = _happen([*((v, v.in_force) for v in views.values()), *also], Kind.WITHDRAWN)
    past = [one.row.pk for v in views.values() for one in v.versions if one.stood.was_published]
    _say([*ids, *(pk for pk in past if pk not in ids)], Kind.WITHDRAWN, by=by, at=at, reason=reason)
    return _journal("withdraw_goals", views, ids, by=by, at=at, reason=reason)
