"""Goals: read within reach, drafted, handed in, returned, put in force, locked, withdrawn, signed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router

from pacesetter.goals import acts, reads
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.lib.periods import Period
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people
from pacesetter.people.models import Person, Team
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Product

from ..caller import Caller, Key, caller, once
from ..fields import PathId
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.goals import (
    GoalAccept,
    GoalCard,
    GoalEventOut,
    GoalLock,
    GoalNew,
    GoalOut,
    GoalOutcomeOut,
    GoalPartOut,
    GoalPublish,
    GoalReturn,
    GoalsAsked,
    GoalSubmit,
    GoalVersionOut,
    GoalWithdraw,
)

router = Router(tags=["goals"])
FILTERS = {"metric": "metric", "owner_kind": "owner_kind", "team_id": "team_id", "person_id": "person_id",
           "period": "label", "layer": "layer", "start": "end__gt", "end": "start__lt"}  # fmt: skip
PLAIN = ("metric", "basis", "layer", "owner_kind", "team_id", "person_id", "period_kind", "start", "end", "per",
         "customer_region", "industry", "product_id", "customer_kind")  # fmt: skip
VERSION = ("number", "floor", "target", "stretch", "challenge", "weight", "parent_id", "buffer", "baseline",
           "valid_from", "origin", "hand_set", "elastic", "pace_basis", "note")  # fmt: skip


# --- as programs get them ---------------------------------------------------------------------------------------------
def _version(view: reads.VersionView) -> GoalVersionOut:
    row = view.row
    return GoalVersionOut(
        **{name: getattr(row, name) for name in VERSION},
        id=row.pk, status=view.status, by=row.by_name, set_at=row.at,
        parts=[GoalPartOut(period=p.label, start=p.start, end=p.end, target=p.target, hand_set=p.hand_set)
               for p in view.parts],
        events=[GoalEventOut(kind=e.kind, happened_at=e.at, by=e.by_name, reason=e.reason) for e in view.events],
    )  # type: ignore[arg-type]  # fmt: skip


def plain(view: reads.GoalView, metrics: dict[str, Metric]) -> dict[str, Any]:
    """The fields of a goal in a list."""
    goal = view.goal
    return {
        **{name: getattr(goal, name) for name in PLAIN},
        "id": goal.pk,
        "unit": metrics[goal.metric].unit if goal.metric in metrics else "",
        "team": goal.team.name if goal.team else None,
        "person": goal.person.name if goal.person else None,
        "period": goal.label,
        "status": view.status,
        "locked": view.locked,
        "ended": view.ended,
        "in_force": _version(view.in_force) if view.in_force else None,
        "draft": _version(view.draft) if view.draft else None,
    }


def _sees_figures(reach: Reach, goal: Goal, metrics: dict[str, Metric]) -> bool:
    """Whether the reader may see what the owner did: goals above one's own are read by value and status only."""
    metric = metrics.get(goal.metric)
    return metric is not None and reads.sees_figures(reach, goal, metric)


def card(view: reads.GoalView, reach: Reach) -> GoalCard:
    """A goal with everything that this reader sees of it."""
    metrics, outcome = reads.metrics_for_goals(), None
    if view.outcome is not None:
        row, sees = view.outcome, _sees_figures(reach, view.goal, metrics)
        number = next((v.row.number for v in view.versions if v.row.pk == row.version_id), 0)
        outcome = GoalOutcomeOut(
            verdict=row.verdict, version=number, top=row.top if sees else None, bottom=row.bottom if sees else None,
            cases=row.cases if sees else None, frozen_at=row.at,
        )  # fmt: skip
    return GoalCard(**plain(view, metrics), versions=[_version(v) for v in view.versions], outcome=outcome)


def _found(who: Caller, pk: int) -> reads.GoalView:
    """The goal as the caller sees it; OutOfReach otherwise."""
    view = reads.seen(who.reach, reads.visible(who.reach).filter(pk=pk)).get(pk)
    if view is None:
        raise OutOfReach
    return view


def _again(who: Caller, pk: int) -> GoalCard:
    return card(_found(who, pk), who.reach)


# --- reading ----------------------------------------------------------------------------------------------------------
@router.get("/goals", response={200: Listed[GoalOut], **READS}, url_name="goals")
def goal_list(request: HttpRequest, asked: Query[GoalsAsked]) -> HttpResponse:
    """Goals in reach; drafts for whoever sets them, and for the owner once they were handed in."""
    reach = caller(request).reach
    reach.require("goals")
    rows = narrowed(reads.seen_rows(reach), asked, FILTERS)
    if asked.words:
        rows = rows.filter(
            Q(person__name__icontains=asked.words) | Q(team__name__icontains=asked.words) | Q(label=asked.words)
        )
    metrics, views = reads.metrics_for_goals(), dict[int, reads.GoalView]()
    return listed(
        request, asked, rows, {"start": "start"}, lambda row: GoalOut(**plain(views[row.pk], metrics)),
        Listed[GoalOut], prepare=lambda shown: views.update(reads.seen(reach, shown).views),
    )  # fmt: skip


@router.get("/goals/{pk}", response={200: GoalCard, **READS}, url_name="goal")
def goal_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One goal with its versions, what happened to each, and how it ended."""
    return give(_again(caller(request), pk).model_dump_json())


# --- setting ----------------------------------------------------------------------------------------------------------
def _period(label: str, field: str) -> Period:
    try:
        return periods.parse(label, people.period_settings(people.company()))
    except periods.PeriodError as error:
        raise Refusal(_("没有这个期间。写成 2026-03、2026Q2、2026 或 FY2026。"), code="period", field=field) from error


def _parts(sent: GoalNew, whole: Period) -> list[acts.Part]:
    """The shares, each a period of its own inside the goal's."""
    parts = [acts.Part(_period(part.period, "parts"), part.target) for part in sent.parts]
    inside = all(whole.start <= p.period.start and p.period.end <= whole.end for p in parts)
    if not inside or len({part.period.start for part in parts}) != len(parts):
        raise Refusal(_("各期要在目标的期间之内，每期一次。"), code="parts", field="parts")
    return parts


def _draft(who: Caller, sent: GoalNew) -> acts.Draft:
    """What is sent as a draft, of an owner the caller sets goals for; what it names must be there."""
    if not reads.may_draft(
        who.reach, owner_kind=sent.owner_kind, team=sent.team_id, person=sent.person_id, metric=sent.metric,
        per=sent.per,
    ):  # fmt: skip
        raise OutOfReach
    for model, pk in ((Team, sent.team_id), (Person, sent.person_id), (Product, sent.product_id)):
        if pk is not None and not model._default_manager.filter(pk=pk).exists():
            raise OutOfReach
    if sent.parent_id is not None and not reads.visible(who.reach).filter(pk=sent.parent_id).exists():
        raise OutOfReach
    period = _period(sent.period, "period")
    values = sent.model_dump(exclude={"team_id", "person_id", "product_id", "parent_id", "version", "parts", "period",
                                      "layer"})  # fmt: skip
    return acts.Draft(
        **values, period=period, team=sent.team_id, person=sent.person_id, product=sent.product_id, layer=sent.layer,
        above=sent.parent_id, parts=_parts(sent, period), seen=sent.version,
    )  # fmt: skip


def _same(draft: acts.Draft) -> Goal | None:
    """The goal that a draft is a further version of, if it is there."""
    rows = Goal.objects.filter(metric=draft.metric, start=draft.period.start, owner_kind=draft.owner_kind)
    return next((goal for goal in rows if acts.identity_of(goal) == acts.identity(draft)), None)


def _kept(draft: acts.Draft, sent: GoalNew) -> acts.Draft:
    """With what a further version keeps where the body does not name it."""
    there = _same(draft)
    shown = reads.heads([there])[there.pk].shown if there is not None else None
    if shown is None:
        return draft
    names = {"baseline", "elastic", "pace_basis"} - sent.model_fields_set
    return replace(draft, **{name: getattr(shown.row, name) for name in names})


@router.post("/goals", response={201: GoalCard, **WRITES})
def goal_draft(request: HttpRequest, sent: GoalNew, key: Key) -> HttpResponse:
    """Draft a goal, or a further version of one that is there."""

    def run(who: Caller) -> GoalCard:
        who.reach.require("goals", "write")
        draft = _kept(_draft(who, sent), sent)
        acts.draft_goals([draft], origin="hand", by=who.person, at=who.at)
        made = _same(draft)
        assert made is not None
        return _again(who, made.pk)

    return once(request, key, run, 201)


# --- steps ------------------------------------------------------------------------------------------------------------
May = Callable[[Reach, reads.GoalView], bool]
# what is done to goals (goal → the version read): all of them or none
Act = Callable[[Caller, dict[int, int]], object]


def writes(reach: Reach, view: reads.GoalView) -> bool:
    """Whether the caller sets this goal."""
    return reads.writable(reach, view.goal)


def publishes(reach: Reach, view: reads.GoalView) -> bool:
    """Whether the caller puts this goal in force."""
    return writes(reach, view) and reads.may_publish(reach, view.goal)


def withdraws(reach: Reach, view: reads.GoalView) -> bool:
    """Whether the caller takes it back: a draft by whoever sets it, a published goal by whoever publishes."""
    return writes(reach, view) if view.draft is not None else publishes(reach, view)


def _step(request: HttpRequest, key: str, pk: int, version: int | None, may: May, act: Act) -> HttpResponse:
    """What happens to one goal. `act` takes the caller and the version that was read, if one was named."""

    def run(who: Caller) -> GoalCard:
        if not may(who.reach, _found(who, pk)):
            raise OutOfReach
        act(who, {} if version is None else {pk: version})
        return _again(who, pk)

    return once(request, key, run)


@router.post("/goals/{pk}/submit", response={200: GoalCard, **WRITES}, url_name="goal_submit")
def goal_submit(request: HttpRequest, pk: PathId, sent: GoalSubmit, key: Key) -> HttpResponse:
    """Hand the draft to whoever publishes."""
    return _step(request, key, pk, sent.version, writes,
                 lambda who, seen: acts.submit_goals([pk], seen=seen, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/{pk}/publish", response={200: GoalCard, **WRITES}, url_name="goal_publish")
def goal_publish(request: HttpRequest, pk: PathId, sent: GoalPublish, key: Key) -> HttpResponse:
    """Put the draft in force; refused where goals do not add up beyond the tolerance."""
    return _step(request, key, pk, sent.version, publishes, lambda who, seen: acts.publish_goals(
        [pk], seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/{pk}/return", response={200: GoalCard, **WRITES}, url_name="goal_return")
def goal_return(request: HttpRequest, pk: PathId, sent: GoalReturn, key: Key) -> HttpResponse:
    """Give the submitted draft back with a reason; whoever publishes."""
    return _step(request, key, pk, sent.version, publishes, lambda who, seen: acts.return_goals(
        [pk], seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/{pk}/lock", response={200: GoalCard, **WRITES}, url_name="goal_lock")
def goal_lock(request: HttpRequest, pk: PathId, sent: GoalLock, key: Key) -> HttpResponse:
    """From now on only a decided application changes the goal."""
    return _step(request, key, pk, sent.version, publishes, lambda who, seen: acts.lock_goals(
        [pk], seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/{pk}/withdraw", response={200: GoalCard, **WRITES}, url_name="goal_withdraw")
def goal_withdraw(request: HttpRequest, pk: PathId, sent: GoalWithdraw, key: Key) -> HttpResponse:
    """Take the draft back; without one, the version in force, for whoever publishes, with a reason."""
    return _step(request, key, pk, sent.version, withdraws, lambda who, seen: acts.withdraw_goals(
        [pk], seen=seen, reason=sent.reason, by=who.person, at=who.at))  # fmt: skip


@router.post("/goals/{pk}/accept", response={200: GoalCard, **WRITES}, url_name="goal_accept")
def goal_accept(request: HttpRequest, pk: PathId, sent: GoalAccept, key: Key) -> HttpResponse:
    """Sign the version in force: the person, or the head of the team."""

    def run(who: Caller) -> GoalCard:
        view = _found(who, pk)
        if not reads.may_commit(who.reach, view.goal):
            raise OutOfReach
        version = next((v.row.pk for v in view.versions if v.row.number == sent.version), 0)
        acts.accept_goal(goal=pk, version=version, by=who.person, at=who.at)
        return _again(who, pk)

    return once(request, key, run)
