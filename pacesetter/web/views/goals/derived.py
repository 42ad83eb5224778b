"""The rates a goal was derived by, read back from what its version keeps; and suggestions that wait for an answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from pacesetter.goals import acts, reads
from pacesetter.goals.models import Goal, GoalSuggestion, GoalVersion
from pacesetter.lib.money import round_half_up
from pacesetter.web import door, show

from ..insights.wording import Writer
from .calculator_words import ACTIONS, rate_name, step_name, tenths, written


@dataclass(frozen=True)
class DerivedStep:
    """One step as it was calculated: own and team cases, the rate that was used, what it asked for."""

    name: str
    sign: str
    rate: str
    own: str
    team: str
    used: str
    by_hand: bool
    needed: str


@dataclass(frozen=True)
class Derived:
    """A whole chain as it was calculated."""

    amount: str
    days: int
    first: date
    last: date
    made_on: date
    steps: list[DerivedStep]


@dataclass(frozen=True)
class _Told:
    """What `written` wants of a sheet."""

    writer: Writer


def _fraction(told: Any) -> Fraction | None:
    return None if told is None else Fraction(*told)


def derived(version: GoalVersion | None, currency: str) -> Derived | None:
    """The chain of a version that came from the calculator; None for any other."""
    told = reads.figures_of(version) if version is not None else {}
    if not told:
        return None
    writer, paper = Writer(currency), told["paper"]
    sheet, steps = _Told(writer), []
    for link in told["chain"]["links"]:
        step, used = link["step"], link["used"]
        kind = used["kind"] if used else "mean"

        def seen(whose: str, key: str = step["by"], used: Any = used) -> str:
            one = used[whose] if used else {"bottom": 0}
            if not one["bottom"]:
                return show.MISSING
            top = writer.money_short(one["top"]) if key == "average_order_value" else show.count(one["top"])
            return f"{top} ÷ {show.count(one['bottom'])}"

        needed = _fraction(link["needed"]["expected"]) if link["needed"] else None
        steps.append(DerivedStep(
            step_name(step["key"], paper), "÷" if step["how"] == "divide" else "×", rate_name(step["by"], paper),
            seen("own"), seen("team"), written(sheet, step["by"], _fraction(link["rate"]), kind), bool(link["slid"]),
            show.MISSING if needed is None else tenths(needed),
        ))  # fmt: skip
    return Derived(
        writer.money_short(round_half_up(told["chain"]["amount"])), told["chain"]["days"],
        date.fromisoformat(told["start"]), date.fromisoformat(told["end"]), date.fromisoformat(told["made_on"]), steps,
    )  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """A suggestion as a page draws it, with one form key for each answer."""

    row: GoalSuggestion
    told: str
    change: str
    back: str
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    key2: str = field(default_factory=lambda: uuid.uuid4().hex)


def waiting(request: HttpRequest, goals: Any, back: str = "") -> list[Waiting]:
    """The open suggestions on these goals which the reader may answer."""
    viewer = door.viewer(request)
    found = []
    for row in reads.open_suggestions(goals, door.today(request)):
        goal = row.goal
        if not (reads.writable(viewer, goal) and reads.may_publish(viewer, goal)):
            continue
        word = ACTIONS["visits" if goal.metric == "customers_visited" else goal.metric, goal.per]
        words = {"what": word % {"n": show.count(row.value)}, "now": show.count(row.now)}
        found.append(Waiting(
            row, _("按最近 90 天的转化率，需要%(what)s（现为 %(now)s）。") % words,
            _("改为 %(n)s") % {"n": show.count(row.value)}, back,
        ))  # fmt: skip
    return found


def of_my_day(request: HttpRequest) -> dict[str, Any]:
    """What My day shows: the reader's own."""
    viewer = door.viewer(request)
    return {"suggested_actions": waiting(request, reads.own_goals(viewer.person_id)) if viewer.may("goals") else []}


@door.acts_once
def suggestion(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the suggested number, or keep the one in force."""
    viewer = door.need(request, "goals", "write")
    row = get_object_or_404(GoalSuggestion.objects.select_related("goal"), pk=pk)
    goal: Goal = row.goal
    if not (
        reads.visible(viewer).filter(pk=goal.pk).exists() and reads.writable(viewer, goal)
        and reads.may_publish(viewer, goal)
    ):  # fmt: skip
        raise Http404
    if request.method != "POST":
        return redirect("goal", pk=goal.pk)
    take = request.POST.get("answer") == "take"
    acts.answer_suggestion(suggestion=row.pk, take=take, by=door.actor(request), at=door.at(request))
    messages.success(
        request,
        _("已改为 %(n)s。") % {"n": show.count(row.value)} if take
        else _("保持 %(n)s。") % {"n": show.count(row.now)},
    )  # fmt: skip
    mine = goal.person_id == viewer.person_id and request.POST.get("back") != "goal"
    return redirect("my_day") if mine else redirect("goal", pk=goal.pk)
