"""What happens to many goals at once, whole batch or nothing: handed in, returned, put in force, locked, withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from pacesetter.goals import acts, reads
from pacesetter.goals.models import Goal
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people.reach import Reach

from ..caller import Caller, Key, once
from ..problems import WRITES
from ..schemas.goals import GoalOut, GoalsBatch, GoalsDone, GoalSeen, GoalsReturned
from .goals import plain

router = Router(tags=["goals"])
May = Callable[[Reach, Goal], bool]


def held(who: Caller, sent: Sequence[GoalSeen], may: May) -> dict[int, int]:
    """goal → the version read, of goals for which the caller `may`; anything else is out of reach.

    A version that is not the newest any more is a conflict, each goal is named once.
    """
    seen = {one.id: one.version for one in sent}
    if len(seen) != len(sent):
        raise Refusal(_("每个目标只写一次。"), code="twice", field="goals")
    views = reads.seen(who.reach, reads.visible(who.reach).filter(pk__in=seen))
    if len(views) != len(seen) or not all(reads.writable(who.reach, view.goal) and may(who.reach, view.goal)
                                          for view in views):  # fmt: skip
        raise OutOfReach
    changed = [view for view in views if view.newest != seen[view.pk]]
    if changed:
        raise Conflict(
            _("目标 %(ids)s 在你看过之后又改了。重新读取后再试。")
            % {"ids": "、".join(str(view.pk) for view in changed[:10])}
        )
    return seen


def _done(who: Caller, goals: Sequence[int]) -> GoalsDone:
    metrics = reads.metrics_for_goals()
    views = reads.seen(who.reach, reads.visible(who.reach).filter(pk__in=goals).order_by("pk"))
    return GoalsDone(items=[GoalOut(**plain(view, metrics)) for view in views])


@router.post("/goals/submit", response={200: GoalsDone, **WRITES}, url_name="goals_submit")
def goals_submit(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """Hand drafts to whoever publishes."""

    def run(who: Caller) -> GoalsDone:
        seen = held(who, sent.goals, reads.writable)
        acts.submit_goals(seen, by=who.person, at=who.at)
        return _done(who, list(seen))

    return once(request, key, run)


@router.post("/goals/return", response={200: GoalsDone, **WRITES}, url_name="goals_return")
def goals_return(request: HttpRequest, sent: GoalsReturned, key: Key) -> HttpResponse:
    """Give submitted drafts back with a reason."""

    def run(who: Caller) -> GoalsDone:
        seen = held(who, sent.goals, reads.may_publish)
        acts.return_goals(seen, reason=sent.reason, by=who.person, at=who.at)
        return _done(who, list(seen))

    return once(request, key, run)


@router.post("/goals/publish", response={200: GoalsDone, **WRITES}, url_name="goals_publish")
def goals_publish(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """Put the drafts that were read in force; refused where goals do not add up beyond the tolerance."""

    def run(who: Caller) -> GoalsDone:
        seen = held(who, sent.goals, reads.may_publish)
        acts.publish_goals(seen, reason=sent.reason, seen=seen, by=who.person, at=who.at)
        return _done(who, list(seen))

    return once(request, key, run)


@router.post("/goals/lock", response={200: GoalsDone, **WRITES}, url_name="goals_lock")
def goals_lock(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """From now on only a decided application changes these goals."""

    def run(who: Caller) -> GoalsDone:
        seen = held(who, sent.goals, reads.may_publish)
        acts.lock_goals(seen, reason=sent.reason, by=who.person, at=who.at)
        return _done(who, list(seen))

    return once(request, key, run)


@router.post("/goals/withdraw", response={200: GoalsDone, **WRITES}, url_name="goals_withdraw")
def goals_withdraw(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """Take drafts back; published goals that are not locked too, for whoever publishes, with a reason."""

    def run(who: Caller) -> GoalsDone:
        seen = held(who, sent.goals, reads.writable)
        acts_on = reads.seen(who.reach, reads.visible(who.reach).filter(pk__in=seen))
        if any(view.draft is None and not reads.may_publish(who.reach, view.goal) for view in acts_on):
            raise OutOfReach
        acts.withdraw_goals(seen, reason=sent.reason, by=who.person, at=who.at)
        return _done(who, list(seen))

    return once(request, key, run)
