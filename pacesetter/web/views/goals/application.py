"""One application to change a goal: what the data says, what a yes would do, and who said what."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import acts, reads, rules
from pacesetter.goals.reads import AdjustmentView, GoalView
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach
from pacesetter.pipeline.models import Customer

from ... import door, show
from ...forms.goals_adjusting import VoiceForm
from ...places import exists
from .effect import book_around, effects, opens
from .evidence import Shown, both_lines, customers_for
from .late import lay_with
from .units import Units, named
from .wording import SEATS, STATES, VERDICTS, clock_words, company_name, places, title_of, units_of


@door.acts_once
def adjustment(request: HttpRequest, pk: int) -> HttpResponse:
    """An application: what it asks for and why, what the data says, what a yes would do, who said what."""
    reach = door.viewer(request)
    if not reads.visible_adjustments(reach).filter(pk=pk).exists():
        raise Http404
    view = reads.adjustment(pk)
    may, why = places(view, reach)
    form = VoiceForm(request.POST if "yes" in request.POST else None, places=may)
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            if request.POST.get("do") == "withdraw":
                acts.withdraw_adjustment(adjustment=pk, by=door.actor(request), at=door.at(request))
                messages.success(request, _("已撤回，目标不变。"))
                return redirect("adjustment", pk=pk)
            if form.is_valid():
                _speak(request, pk, form.cleaned_data, yes=request.POST.get("yes") == "1")
                return redirect("adjustment", pk=pk)
        except OutOfReach:
            raise
        except Refusal as error:
            refusal = error
    context = _page(request, view, reach) | {"form": form, "may": may, "why": why, "key": door.form_key(request)}
    if request.method == "POST":
        return door.refused(request, "goals/adjustment.html", context, refusal)
    return render(request, "goals/adjustment.html", context)


def _speak(request: HttpRequest, pk: int, asked: dict[str, Any], *, yes: bool) -> None:
    seat, _colon, person = str(asked["place"]).partition(":")
    acts.give_voice(adjustment=pk, seat=seat, yes=yes, sentence=asked["sentence"], by=door.actor(request),
                    at=door.at(request), stands_for=int(person) if person else None)  # fmt: skip
    decided = _("已同意，新的目标已经生效。") if yes else _("未同意，目标不变。")
    messages.success(request, decided if seat == rules.DECIDES else _("已记下你的意见。"))


def _page(request: HttpRequest, view: AdjustmentView, reach: Reach) -> dict[str, Any]:
    """Everything the page says, whoever reads it."""
    row = view.row
    held, beside = book_around(row.goal, row.version.parent_id, reach.on)
    goal = held[row.goal_id]
    units, company = units_of(request, goal.goal), company_name(request)
    tone, word = STATES[view.state]
    at, told = f"/goals/{goal.pk}/", view.event("escalated")
    open_ = view.end is None and goal.in_force is not None
    opened, installed = opens(reach, goal.pk, row.version.parent_id), door.company(request)
    consequences = effects(
        request, goal, row, units, held=held, beside=beside, reach=reach, company=installed, opened=opened
    ) if open_ and installed else []  # fmt: skip
    return {
        "view": view, "row": row, "title": title_of(goal.goal, units, company), "state": view.state, "tone": tone,
        "word": word, "clock": clock_words(view, reach), "goal_url": at if goal.pk in opened and exists(at) else "",
        "kind": row.event.get_kind_display() if row.event else "",
        "effects": consequences,
        "recorded": _recorded(view, units), "voices": _voices(view),
        "lay": lay_with(told), "told": gettext("、").join(one["name"] for one in told.figures["told"]) if told else "",
        "mine": row.asked_by_id == reach.person_id and view.end is None,
        "delegates_url": reverse("delegates") if set(rules.SEATS) & reach.roles else "",
        **_data(view, goal, units, reach),
    }  # fmt: skip


def _data(view: AdjustmentView, goal: GoalView, units: Units, reach: Reach) -> dict[str, Any]:
    """Old and new lines, and what the metric did; amounts as shares for whoever sees no prices."""
    row, metric, currency = view.row, units.metric, units.writer.currency
    masked = reads.hides_amounts(reach, row.goal, metric)
    old = next(v for v in goal.versions if v.row.pk == row.version_id)
    names = reads.lines_named(row.asked_at.date(), "zh" if show.chinese() else "en")
    pairs = [(names[key], old.lines[key], getattr(row, key)) for key in rules.LINES if key in names]
    shown = Shown(row.evidence, metric, units, masked=masked) if row.evidence.get("weeks") else None
    customers, more = customers_for(view, reach.rows(Customer.objects.all(), "customers"))
    title = gettext("事件前后每周%(metric)s") % {"metric": named(metric)}
    return {
        "lines": [(name, units.say(was), units.say(new), units.sign(new - was) if None not in (was, new) else "")
                  for name, was, new in pairs if (was, new) != (None, None)],
        "before_after": shown.spec(title, currency) if shown else None,
        "evidence_says": shown.sentence if shown else "",
        "both": both_lines(goal.goal, metric, old, row.target, row.valid_from, reach.on, currency, masked=masked),
        "customers": customers, "more": more, "checked": _checked(view, units, masked=masked),
    }  # fmt: skip


def _voices(view: AdjustmentView) -> list[dict[str, Any]]:
    """The three seats, the assessment first, and what each said."""
    names = dict(Person.objects.filter(pk__in=[v.stands_for_id for v in view.voices if v.stands_for_id])
                 .values_list("pk", "name"))  # fmt: skip
    return [
        {"seat": SEATS[seat], "voice": said, "must": seat in (rules.ASSESSES, rules.DECIDES),
         "stands_for": names.get(said.stands_for_id or 0, "") if said else ""}
        for seat, said in ((seat, view.voice(seat)) for seat in rules.SEATS)
    ]  # fmt: skip


def _recorded(view: AdjustmentView, units: Units) -> list[str]:
    """What the approval did to the sums, as it was written down."""
    figures = view.end.figures if view.end is not None else {}
    words = {"above": gettext("上级目标的下级合计：%(before)s → %(after)s"),
             "below": gettext("这个目标的下级合计：%(before)s → %(after)s")}  # fmt: skip
    return [
        words[side] % {"before": units.sign(figures[side]["before"]), "after": units.sign(figures[side]["after"])}
        for side in words
        if side in figures
    ]


def _checked(view: AdjustmentView, units: Units, *, masked: bool) -> dict[str, Any]:
    event = view.event("checked")
    if event is None:
        return {}
    figures = event.figures
    return {"at": event.at, "verdict": VERDICTS[figures["verdict"]], "n": figures["n"],
            "actual": "" if masked else units.plain(figures["actual"]), "before": units.plain(figures["before"]),
            "after": units.plain(figures["after"])}  # fmt: skip
