"""What happens to one goal: submitted, returned, published, locked, withdrawn, signed; its owner's commitment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import acts, reads
from pacesetter.goals.reads import GoalView
from pacesetter.lib.refusal import Refusal
from pacesetter.web import door

from ...forms.goals import CommitForm
from .checks import refuse_unready
from .goal_page import context_of
from .reading import Reader

Act = Callable[[HttpRequest, GoalView], object]


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:500]


def _seen(request: HttpRequest, view: GoalView) -> dict[int, int]:
    word = request.POST.get("seen", "")
    return {view.pk: int(word)} if word.isascii() and word.isdigit() and len(word) < 9 else {}


def _submit(request: HttpRequest, view: GoalView) -> object:
    return acts.submit_goals([view.pk], by=door.actor(request), at=door.at(request), seen=_seen(request, view))


def _return(request: HttpRequest, view: GoalView) -> object:
    return acts.return_goals([view.pk], reason=_reason(request), by=door.actor(request), at=door.at(request),
                             seen=_seen(request, view))  # fmt: skip


def _publish(request: HttpRequest, view: GoalView) -> object:
    refuse_unready(Reader(request), [view])
    return acts.publish_goals([view.pk], by=door.actor(request), at=door.at(request), reason=_reason(request),
                              seen=_seen(request, view))  # fmt: skip


def _lock(request: HttpRequest, view: GoalView) -> object:
    return acts.lock_goals([view.pk], by=door.actor(request), at=door.at(request), reason=_reason(request),
                           seen=_seen(request, view))  # fmt: skip


def _withdraw(request: HttpRequest, view: GoalView) -> object:
    # a published goal is taken back by whoever publishes
    if view.draft is None and not reads.may_publish(door.viewer(request), view.goal):
        raise Http404
    return acts.withdraw_goals([view.pk], by=door.actor(request), at=door.at(request), reason=_reason(request),
                               seen=_seen(request, view))  # fmt: skip


def _sign(request: HttpRequest, view: GoalView) -> object:
    word = request.POST.get("version", "")
    if not word.isascii() or not word.isdigit() or len(word) > 12:
        raise Http404
    return acts.accept_goal(goal=view.pk, version=int(word), by=door.actor(request), at=door.at(request))


# step → (who may, what is done, what is said)
STEPS: dict[str, tuple[Callable[..., bool], Act, Any]] = {
    "submit": (reads.writable, _submit, _("已提交，等销售总监发布。")),
    "return": (reads.may_publish, _return, _("已退回。")),
    "publish": (reads.may_publish, _publish, _("已发布，负责人马上看得到。")),
    "lock": (reads.may_publish, _lock, _("已锁定。以后要改，走目标调整申请。")),
    "withdraw": (reads.writable, _withdraw, _("已撤回。")),
    "sign": (reads.may_commit, _sign, _("已签认。")),
}


@door.acts_once
def step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """One step of a goal's life; a refusal is shown on the goal's own page."""
    reader = Reader(request)
    view = reader.one(pk)
    may, act, said = STEPS[step]
    if not may(reader.viewer, view.goal):
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        act(request, view)
    except Refusal as refusal:
        faults = [reader.fault(goal, balance) for goal, balance in getattr(refusal, "faults", ())]
        return door.refused(request, "goals/goal.html", {**context_of(reader, view), "faults": faults}, refusal)
    messages.success(request, said)
    still = reader.book(reader.visible.filter(pk=pk)).get(pk)
    return redirect("goal", pk=pk) if still else redirect("goals")


@door.acts_once
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """The value from below, with its comment."""
    reader = Reader(request)
    view = reader.one(pk)
    if not reads.may_commit(reader.viewer, view.goal):
        raise Http404
    if request.method != "POST":
        return redirect("goal", pk=pk)
    form = CommitForm(request.POST, metric=reader.metric(view.goal.metric))
    context = {**context_of(reader, view), "commit_form": form}
    if not form.is_valid():
        return door.refused(request, "goals/goal.html", context)
    try:
        acts.commit_value(goal=pk, value=form.cleaned_data["value"], comment=form.cleaned_data["comment"],
                          by=door.actor(request), at=door.at(request))  # fmt: skip
    except Refusal as refusal:
        return door.refused(request, "goals/goal.html", context, refusal, form)
    messages.success(request, _("承诺已写在目标旁边。"))
    return redirect("goal", pk=pk)
