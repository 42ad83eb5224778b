"""The spread tool: choose, see every person with the figures behind each share, set some by hand, save all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals import acts, reads
from pacesetter.goals.models import OwnerKind
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules import pasted
from pacesetter.goals.rules.columns import columns
from pacesetter.goals.rules.spread import SpreadError
from pacesetter.goals.rules.weights import WeightError
from pacesetter.journal.models import Entry
from pacesetter.lib.money import exponent
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people.models import Person
from pacesetter.people.rights import Scope
from pacesetter.web import door

from ...forms.goals import WRONG, SpreadForm, plain, typed_number
from . import spread_leftovers as leftovers
from .reading import Reader
from .spread_leftovers import Leftover
from .spread_plan import TOP, Choice, Line, Plan, months_of
from .spread_words import PASTE_FAULTS, refusal_of, season_words, why_of
from .values import Put

TEMPLATE = "goals/spread.html"


def _source(reader: Reader) -> GoalView:
    """The goal that is spread: of the company or of a team, in reach to be set."""
    word = reader.request.GET.get("from", "")
    if not word.isascii() or not word.isdigit() or len(word) > 12:
        raise Http404
    view = reader.one(int(word)).planned()
    sets = reader.viewer.scope("goals", "write") >= Scope.TEAM and reads.writable(reader.viewer, view.goal)
    if not sets or view.shown is None or view.goal.owner_kind == OwnerKind.PERSON:
        raise Http404
    return view


def _spreads(reader: Reader, view: GoalView) -> str:
    """Why this goal cannot be spread; empty where it can."""
    metric = reader.metric(view.goal.metric)
    if view.goal.per or not metric.adds_up(view.goal.basis):
        return str(_("只有能相加的整期目标才能分解；比率、均值和每日目标给每个人单独设。"))
    if view.ended or view.goal.end <= reader.today:
        return str(_("这个期间已经结束，不能再分解。"))
    return ""


class ByHand:
    """What was typed into the preview: totals, months by place, the words themselves, and what cannot be read."""

    def __init__(self, request: HttpRequest | None = None, put: Put | None = None, width: int = 0) -> None:
        self.totals: dict[str, int] = {}
        self.months: dict[str, dict[int, int]] = {}
        self.typed: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        if request is None or put is None:
            return
        for name, given in request.POST.items():
            kind, _dash, where = name.partition("-")
            word = str(given).strip()
            if kind not in ("fix", "cell") or not word:
                continue
            self.typed[name] = word
            key, _dash, place = where.partition("-")
            if kind == "cell" and not (place.isascii() and place.isdigit() and len(place) < 4 and int(place) < width):
                continue
            try:
                value = typed_number(word, put.metric, put.writer.currency)
            except ValidationError as error:
                self.faults[name] = str(error.message)
                continue
            if value is None:
                continue
            if kind == "fix":
                self.totals[key] = value
            else:
                self.months.setdefault(key, {})[int(place)] = value


NOTHING = ByHand()


def _pasted(text: str, plan: Plan, put: Put) -> tuple[dict[str, int], dict[str, dict[int, int]], list[dict[str, Any]]]:
    """What a table from a spreadsheet says: totals and months by key, and the rows nobody can read."""
    table = pasted.read(text, measure=put.metric.unit, currency=put.writer.currency)
    lines = plan.lines
    who = [line.seat.person for line in lines if line.seat is not None]
    numbers = dict(Person.objects.filter(pk__in=who).values_list("pk", "employee_no"))
    named = []
    for line in lines:
        more = [line.seat.name, numbers.get(line.seat.person) or ""] if line.seat is not None else []
        named.append((line.key, [line.name, *more]))
    found = pasted.match(table.lines, named)
    means = columns(table.header or ("",), plan.months)
    totals: dict[str, int] = {}
    months: dict[str, dict[int, int]] = {}
    for key, row in found.lines if not means.faults else ():
        held = {place: value for place, value in enumerate(row.values) if value is not None}
        of_months = {means.months[place]: value for place, value in held.items() if place in means.months}
        if len(of_months) == len(plan.months):
            totals[key] = sum(of_months.values())
        if of_months:
            months[key] = of_months
        elif means.total in held:
            totals[key] = held[means.total]
    faults = [
        {"row": one.row, "column": one.column, "value": one.value,
         "says": WRONG.get(one.code) or PASTE_FAULTS.get(one.code, one.code)}
        for one in (*means.faults, *table.faults, *found.faults)
    ]  # fmt: skip
    return totals, months, faults


def _choice(form: SpreadForm, put: Put, hand: ByHand) -> Choice:
    asked = form.cleaned_data
    unit = asked["unit"] * (10 ** exponent(put.writer.currency) if put.metric.unit == "minor" else 1)
    return Choice(
        form.percents(), asked["months_by"], asked["ramp"], asked["presence"], asked["every_level"],
        asked["equal_teams"], asked["buffer_top"] or 0, asked["buffer_team"] or 0, unit, dict(hand.totals),
        dict(hand.months),
    )  # fmt: skip


def _context(
    reader: Reader, view: GoalView, form: SpreadForm, plan: Plan | None, hand: ByHand | None = None,
    left: Sequence[Leftover] = (), **more: Any,
) -> dict[str, Any]:  # fmt: skip
    """What the page shows; `left`: the goals that have no place in the plan."""
    put = reader.put(reader.metric(view.goal.metric))
    rows = [_row(line, plan, put, hand) for line in plan.lines] if plan is not None else []
    going = leftovers.chosen(reader.request, left, first="previewed" not in reader.request.POST)
    goal = view.goal
    return {
        "form": form, "rows": rows, "plan": plan, "name": reader.name(goal), "view": view,
        "target": put.exact(view.shown.row.target) if view.shown else "",
        "buffer": put.exact(plan.share.buffer) if plan and plan.share.buffer else "",
        "below": put.exact(sum(child.value for child in plan.share.children)) if plan else "",
        "months": [month.label for month in plan.months] if plan else [],
        "top_cells": _cells(TOP, plan.share.months, plan, put, hand) if plan else [],
        "season": season_words(plan) if plan else "",
        "gone": leftovers.rows(left, going, put),
        "gone_published": any(one.published and not one.stays for one in left),
        "gone_reason": reader.request.POST.get("go-reason", _("不在这次的分解里")),
        "seen": view.newest, "key": door.form_key(reader.request), "back_url": reverse("goal", args=[goal.pk]),
        "recent": _recent(reader), "cannot": _spreads(reader, view), **more,
    }  # fmt: skip


def _row(line: Line, plan: Plan, put: Put, hand: ByHand | None) -> dict[str, Any]:
    """One line of the preview with its boxes."""
    fixed, name = plan.choice.fixed.get(line.key), f"fix-{line.key}"
    typed = hand.typed if hand is not None else {}
    return {
        "key": line.key, "depth": line.depth, "name": line.name, "team": line.team,
        "value": put.exact(line.share.value),
        "cells": _cells(line.key, line.share.months, plan, put, hand), "fixed": fixed is not None,
        "typed": typed.get(name, _typed(put, fixed)), "fault": hand.faults.get(name, "") if hand else "",
        "why": why_of(line, put),
        "before": put.exact(line.before.shown.row.target) if line.before and line.before.shown else "",
        "locked": bool(line.before and (line.before.locked or line.before.ended)),
        "buffer": put.exact(line.share.buffer) if line.share.buffer else "", "rungs": range(line.depth),
        "seen": line.before.newest if line.before else 0,
    }  # fmt: skip


def _cells(key: str, values: Sequence[int], plan: Plan, put: Put, hand: ByHand | None) -> list[dict[str, Any]]:
    """The months of one line: what they come to, and what of it is set by hand."""
    if len(plan.months) < 2:
        return []
    fixed = plan.choice.fixed_months.get(key, {})
    typed, faults = (hand.typed, hand.faults) if hand is not None else ({}, {})
    found = []
    for place, (month, value) in enumerate(zip(plan.months, values, strict=True)):
        name = f"cell-{key}-{place}"
        found.append({
            "name": name, "month": month.label, "text": put.short(value), "exact": put.exact(value),
            "set": place in fixed, "typed": typed.get(name, _typed(put, fixed.get(place))),
            "fault": faults.get(name, ""),
        })  # fmt: skip
    return found


def _typed(put: Put, value: int | None) -> str:
    return "" if value is None else plain(value, put.metric, put.writer.currency)


def _recent(reader: Reader) -> list[dict[str, Any]]:
    """The last spreads, which can be taken back together."""
    rows = Entry.objects.filter(act="draft_goals", rows__gt=1).order_by("-id")
    if reader.viewer.scope("goals", "write") < Scope.ALL:
        rows = rows.filter(by_id=reader.viewer.person_id)
    undone = set(Entry.objects.filter(act="undo_drafts").values_list("after__entry", flat=True))
    return [{"pk": row.pk, "at": row.at, "who": row.by_name, "n": row.rows, "label": row.label}
            for row in rows[:8] if row.pk not in undone][:5]  # fmt: skip


def spread_goal(request: HttpRequest) -> HttpResponseBase:
    """A preview writes nothing and may be asked again and again with one key; saving happens once."""
    return _save(request) if "save" in request.POST else _spread(request)


@door.acts_once
def _save(request: HttpRequest) -> HttpResponse:
    return _spread(request)


def _spread(request: HttpRequest) -> HttpResponse:
    """Choose, preview, save; without a goal, which ones can be spread."""
    reader = Reader(request)
    if "from" not in request.GET:
        return _pick(reader)
    view = _source(reader)
    metric = reader.metric(view.goal.metric)
    put = reader.put(metric)
    own = bool(view.shown and len(view.shown.parts) > 1)
    form = SpreadForm(request.POST or None, metric=metric, currency=put.writer.currency, own_months=own)
    cannot = _spreads(reader, view)
    if request.method != "POST" or cannot:
        return render(request, TEMPLATE, _context(reader, view, form, None))
    if not form.is_valid():
        return door.refused(request, TEMPLATE, _context(reader, view, form, None))
    hand = ByHand(request, put, len(months_of(view, reader.settings)))
    try:
        plan, paste_faults = _plan(reader, view, form, put, hand, first="previewed" not in request.POST)
    except (SpreadError, WeightError) as error:
        form.add_error(None, refusal_of(reader, view, error, put))
        bare = _without_hands(reader, view, form, put)
        left = leftovers.leftovers(reader, bare) if bare is not None else []
        return door.refused(request, TEMPLATE, _context(reader, view, form, bare, hand, left))
    left = leftovers.leftovers(reader, plan)
    context = _context(reader, view, form, plan, hand, left, paste_faults=paste_faults)
    if hand.faults or paste_faults or "save" not in request.POST:
        status = 422 if hand.faults or paste_faults else 200
        return render(request, TEMPLATE, context, status=status)
    try:
        drafts = plan.drafts(_seen(request))
        going = leftovers.chosen(request, left, first=False)
        leftovers.refuse_changed(left, going)
        # the time somebody spent in a team before a transfer may be over, though the goal is not
        entry = acts.draft_goals(
            drafts, origin="spread", by=door.actor(request), at=door.at(request), history=True, gone=going,
            reason=request.POST.get("go-reason", "").strip()[:500] if going else "",
        )  # fmt: skip
    except Conflict as refusal:
        return door.refused(request, TEMPLATE, {**context, "conflict": True}, refusal, form)
    except Refusal as refusal:
        return door.refused(request, TEMPLATE, context, refusal, form)
    undo = reverse("goals_spread_undo", args=[entry.pk])
    said = _("已存为 %(n)s 个草稿，收回 %(gone)s 个目标。") if going else _("已存为 %(n)s 个草稿。")
    messages.success(request, said % {"n": len(drafts), "gone": len(going)}, extra_tags=undo)
    return redirect(f"{reverse('goals')}?metric={view.goal.metric}&period={view.goal.label}&open=all")


def _pick(reader: Reader) -> HttpResponse:
    """The goals of the company and of teams that the reader sets and that are not over."""
    if reader.viewer.scope("goals", "write") < Scope.TEAM:
        raise Http404
    rows = reader.visible.filter(end__gt=reader.today, per="").exclude(owner_kind=OwnerKind.PERSON)
    goals = [goal for goal in rows.order_by("start", "metric", "pk")[:200] if reads.writable(reader.viewer, goal)]
    reader.load_names(goals)
    found = [{"url": f"{reverse('goals_spread')}?from={g.pk}", "name": reader.name(g)} for g in goals]
    return render(reader.request, "goals/spread_pick.html", {"goals": found})


def _plan(
    reader: Reader, view: GoalView, form: SpreadForm, put: Put, hand: ByHand, *, first: bool
) -> tuple[Plan, list[dict[str, Any]]]:
    """The plan with what was typed, pasted, or set by hand before (the first time only: later what is emptied goes)."""
    choice = _choice(form, put, hand)
    text = form.cleaned_data["paste"]
    faults: list[dict[str, Any]] = []
    if text.strip():
        totals, months, faults = _pasted(text, Plan(reader, view, _choice(form, put, NOTHING)), put)
        choice.fixed = {**hand.totals, **totals}
        choice.fixed_months = {**hand.months, **months}
    elif first:
        bare = Plan(reader, view, choice)
        totals, months = bare.keep()
        if not totals and not months:
            return bare, faults
        choice.fixed, choice.fixed_months = {**totals, **hand.totals}, {**months, **hand.months}
    return Plan(reader, view, choice), faults


def _without_hands(reader: Reader, view: GoalView, form: SpreadForm, put: Put) -> Plan | None:
    """The spread as it would be without what was typed, so that what was typed can be corrected beside it."""
    try:
        return Plan(reader, view, _choice(form, put, NOTHING))
    except (SpreadError, WeightError):
        return None


def _seen(request: HttpRequest) -> dict[str, int]:
    """key → the newest version that was looked at in the preview."""
    found = {}
    for name, word in request.POST.items():
        if name.startswith("seen-") and str(word).isascii() and str(word).isdigit() and len(str(word)) < 9:
            found[name[5:]] = int(str(word))
    return found


@door.acts_once
def spread_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole spread back while nothing followed."""
    viewer = door.need(request, "goals", "write")
    rows = Entry.objects.filter(pk=pk, act="draft_goals")
    if viewer.scope("goals", "write") < Scope.ALL:
        rows = rows.filter(by_id=viewer.person_id)
    entry = rows.first()
    if entry is None:
        raise Http404
    if request.method != "POST":
        return redirect("goals")
    count = acts.undo_drafts(entry=entry, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已整体撤销 %(n)s 个草稿，之前的草稿回来了。") % {"n": count})
    return redirect("goals")
