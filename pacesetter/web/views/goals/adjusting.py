"""Goal adjustment: what waits for me, and asking for new lines."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pacesetter import assembly
from pacesetter.goals import acts, reads, rules
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import AdjustmentView, GoalView
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope

from ... import door, show
from ...forms.goals_adjusting import AdjustForm
from ..sheet import sheet
from .late import lay_with
from .wording import STATES, clock_words, company_name, concerned, title_of, units_of

# decided ones that are listed, the newest
DECIDED = 200


# --- the inbox -------------------------------------------------------------------------------------------------------
def adjustments(request: HttpRequest) -> HttpResponse:
    """What waits for me, what I asked for or what is about my people, and what is decided."""
    reach = door.viewer(request)
    if not concerned(reach):
        raise Http404
    shown = request.GET.get("show", "")
    held = reads.seats(reach)
    rows, pending = reads.visible_adjustments(reach), reads.open_adjustments().values("pk")
    going = reads.adjustments(rows.filter(pk__in=pending))
    waiting = [v for v in going if any(not rules.silenced(v.matter, seat, reach.person_id, held) for seat in held)]
    told = [v for v in going if v.state == "escalated" and reach.person_id not in v.matter.concerned] if held else []
    lists = {"waiting": waiting, "late": told, "open": going, "decided": []}
    if shown == "decided":
        lists["decided"] = reads.adjustments(rows.exclude(pk__in=pending)[:DECIDED])
    speaks = bool(held)
    tabs = [("waiting", _("等我表态")), ("late", _("已升级")), ("open", _("办理中")), ("decided", _("已有结果"))]
    if not speaks:
        tabs = tabs[2:]
    if shown not in dict(tabs):
        shown = tabs[0][0]
    context = {
        "tabs": [(f"?show={key}", label, key == shown, len(lists[key]) if key != "decided" else 0)
                 for key, label in tabs],
        "lines": [_line(request, view, reach) for view in lists[shown]],
        "shown": shown,
        "events_url": reverse("market_events") if reads.reads_events(reach) else "",
        "delegates_url": reverse("delegates") if set(rules.SEATS) & reach.roles else "",
        "mine": _applicable(request, reach),
    }  # fmt: skip
    return render(request, "goals/adjustments.html", context)


def _line(request: HttpRequest, view: AdjustmentView, reach: Reach) -> dict[str, Any]:
    units, row = units_of(request, view.row.goal), view.row
    tone, word = STATES[view.state]
    return {"url": reverse("adjustment", args=[row.pk]), "title": title_of(row.goal, units, company_name(request)),
            "event": row.event.title if row.event else "", "by": row.asked_by.name, "at": row.asked_at,
            "old": units.say(row.version.target, short=True), "new": units.say(row.target, short=True),
            "tone": tone, "word": word, "clock": clock_words(view, reach),
            "lay": lay_with(view.event("escalated"))}  # fmt: skip


def _applicable(request: HttpRequest, reach: Reach) -> list[dict[str, str]]:
    """The reader's own goals in force that can still be changed."""
    own = reads.visible(reach).filter(end__gt=reach.on)
    own = own.filter(person_id=reach.person_id) | own.filter(team_id__in=reach.led)
    if reach.scope("goals", "write") == Scope.ALL:
        own = own | reads.visible(reach).filter(end__gt=reach.on, owner_kind="company")
    book = reads.book(own.distinct().order_by("start", "pk")[:40])
    busy = set(reads.open_adjustments().filter(goal_id__in=[v.pk for v in book]).values_list("goal_id", flat=True))
    return [
        {
            "url": reverse("goal_adjust", args=[v.pk]),
            "title": title_of(v.goal, units_of(request, v.goal), company_name(request)),
        }
        for v in book
        if v.in_force is not None and not v.ended and v.pk not in busy
    ]


# --- asking ----------------------------------------------------------------------------------------------------------
@door.acts_once
def adjust(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for new lines of a goal: its person, the head of its team, the director for the company's."""
    reach = door.viewer(request)
    goal = reads.visible(reach).filter(pk=pk).first()
    if goal is None or not reads.may_ask(reach, goal):
        raise Http404
    view = reads.seen(reach, [goal]).get(pk)
    if view is None:
        raise Http404
    # an application starts from the newest version that was published, also before its day
    view = view.planned()
    units, version = units_of(request, goal), view.in_force
    title = title_of(goal, units, company_name(request))
    back = reverse("adjustments")
    stopped = _stopped(view, reach)
    if version is None or stopped:
        context = {"title": title, "stopped": stopped, "back": back, "waiting": _waiting(goal)}
        return render(request, "goals/adjust.html", context, status=422 if request.method == "POST" else 200)
    events = reads.market_events()
    if version.row.elastic:
        events = events.filter(kind__in=version.row.elastic)
    language = "zh" if show.chinese() else "en"
    names = reads.lines_named(reach.on, language)
    form = AdjustForm(
        request.POST or None, unit=units.metric.unit, lines=version.lines, names=names, events=events,
        first=max(goal.start, reach.on), version=version.row.number,
    )  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        event = asked["event"]
        made = acts.request_adjustment(
            goal=goal.pk, event=event.pk, reason=asked["reason"], valid_from=asked["valid_from"],
            evidence=assembly.evidence(goal, event, reach.on), seen=asked["version"], by=door.actor(request),
            at=door.at(request), **{key: asked[key] for key in rules.LINES if key in names},
        )  # fmt: skip
        return reverse("adjustment", args=[made.pk])

    now = [(label, units.say(version.lines[key])) for key, label in names.items() if version.lines[key] is not None]
    return sheet(
        request, form, run, said=_("已提交，三方会看到。"), template="goals/adjust.html", title=title, back=back,
        now=now, line_fields=[form[key] for key in names], events_url=reverse("market_events"), stopped="",
        due=reads.due_day(goal, reach.on, reads.chosen(reach.on).decide_days), no_events=not events.exists(),
    )  # fmt: skip


def _stopped(view: GoalView, reach: Reach) -> str:
    """Why nothing can be asked for, in words; "" where it can."""
    if view.in_force is None:
        return gettext("目标还没有发布，请直接修改草稿，不用申请。")
    if view.ended or view.goal.end <= reach.on:
        return gettext("%(period)s 已经结束，只能在复盘中记录影响。") % {"period": view.goal.label}
    return gettext("这个目标已经有一份申请在办理。") if _waiting(view.goal) else ""


def _waiting(goal: Goal) -> str:
    row = reads.open_adjustments().filter(goal=goal).first()
    return reverse("adjustment", args=[row.pk]) if row is not None else ""
