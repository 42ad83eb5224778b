from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from pacesetter.goals import acts, reads
from pacesetter.lib.refusal import OutOfReach, Refusal

from ..caller import Caller, Key, once
from ..problems import WRITES
from ..schemas.goals import GoalOut, GoalsBatch, GoalsDone, GoalSeen, GoalsReturned, GoalsSubmitted
from .goals import Act, May, plain, publishes, withdraws, writes

router = Router(tags=["goals"])


def _held(who: Caller, sent: Sequence[GoalSeen], may: May) -> dict[int, int]:
    """goal → the version read, each named once, of goals for which the caller `may`; OutOfReach where one is not."""
    seen = {one.id: one.version for one in sent}
    if len(seen) != len(sent):
        raise Refusal(_("每个目标只写一次。"), code="twice", field="goals")
    views = reads.seen(who.reach, reads.visible(who.reach).filter(pk__in=seen))
    if len(views) != len(seen) or not all(may(who.reach, view) for view in views):
        raise OutOfReach
    return seen


def _batch(request: HttpRequest, key: str, sent: Sequence[GoalSeen], may: May, act: Act) -> HttpResponse:
    def run(who: Caller) -> GoalsDone:
        seen = _held(who, sent, may)
        act(who, seen)
        metrics, rows = reads.metrics_for_goals(), reads.visible(who.reach).filter(pk__in=seen).order_by("pk")
        return GoalsDone(items=[GoalOut(**plain(view, metrics)) for view in reads.seen(who.reach, rows)])

    return once(request, key, run)


@router.post("/goals/submit", response={200: GoalsDone, **WRITES}, url_name="goals_submit")
def goals_submit(request: HttpRequest, sent: GoalsSubmitted, key: Key) -> HttpResponse:
    """Hand drafts to whoever publishes."""
    return _batch(request, key, sent.goals, writes,
                  lambda who, seen: acts.submit_goals(seen, seen=seen, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/return", response={200: GoalsDone, **WRITES}, url_name="goals_return")
def goals_return(request: HttpRequest, sent: GoalsReturned, key: Key) -> HttpResponse:
    """Give submitted drafts back with a reason."""
    return _batch(request, key, sent.goals, publishes, lambda who, seen: acts.return_goals(
        seen, seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/publish", response={200: GoalsDone, **WRITES}, url_name="goals_publish")
def goals_publish(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """Put the drafts that were read in force; refused where goals do not add up beyond the tolerance."""
    return _batch(request, key, sent.goals, publishes, lambda who, seen: acts.publish_goals(
        seen, seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/lock", response={200: GoalsDone, **WRITES}, url_name="goals_lock")
def goals_lock(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """From now on only a decided application changes these goals."""
    return _batch(request, key, sent.goals, publishes, lambda who, seen: acts.lock_goals(
        seen, seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/withdraw", response={200: GoalsDone, **WRITES}, url_name="goals_withdraw")
def goals_withdraw(request: HttpRequest, sent: GoalsBatch, key: Key) -> HttpResponse:
    """Take drafts back; published goals that are not locked too, for whoever publishes, with a reason."""
    return _batch(request, key, sent.goals, withdraws, lambda who, seen: acts.withdraw_goals(
        seen, seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip
