"""陪访观察: what somebody who was along saw, for the person seen and those above; and what waits to be written."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, Observation
from pacesetter.lib.refusal import Conflict, Refusal

from ... import door, show
from ...forms.evidence import SCORE, ObservationForm

MOST = 50


def told(rows: Any) -> list[dict[str, Any]]:
    """Observations as pages show them: each question with its score in the reader's language."""
    place = "zh" if show.chinese() else "en"
    return [
        {
            "row": row,
            "scores": [
                (question[place], row.scores.get(question["key"])) for question in reads.questions_of(row.scorecard)
            ],
        }
        for row in rows
    ]


def may_observe(request: HttpRequest, row: Activity) -> bool:
    """Whether the reader may write about this record: named as companion, or answering for it; never the author."""
    reach = door.viewer(request)
    if row.withdrawn_at is not None or row.person_id == reach.person_id or door.view_as(request) is not None:
        return False
    mine = row.companion_id == reach.person_id or reads.close_to(reach).filter(pk=row.pk).exists()
    return mine and reads.is_joint(row)


@door.acts_once
def observation(request: HttpRequest, pk: int) -> HttpResponse:
    """The observations of one visit that the reader may see, and the reader's own to write."""
    reach = door.viewer(request)
    rows = Activity.objects.select_related("person", "customer", "deal", "lead", "companion")
    row = rows.filter(pk__in=reads.observable(reach).values("pk"), pk=pk).first()
    if row is None:
        raise Http404
    may = may_observe(request, row)
    if request.method == "POST" and not may:
        raise Http404
    found = list(reads.observations(reach, row))
    mine: Observation | None = next((one for one in found if one.observer_id == reach.person_id), None)
    context: dict[str, Any] = {"row": row, "found": told(found), "may": may, "mine": mine,
                               "opens": reads.close_to(reach).filter(pk=row.pk).exists() and reach.may("activities"),
                               "key": door.form_key(request)}  # fmt: skip
    if may:
        context["form"] = _form(request, row, mine)
    form = context.get("form")
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            acts.observe_visit(
                row, scores=form.scores, did_well=form.cleaned_data["did_well"], to_try=form.cleaned_data["to_try"],
                version=form.cleaned_data["version"] if mine else None, by=door.actor(request), at=door.at(request),
            )  # fmt: skip
        except Refusal as refusal:
            shown = None if isinstance(refusal, Conflict) else form
            return door.refused(request, "day/observation.html", context, refusal, shown)
        messages.success(request, _("观察已保存，对方和他的主管会看到。"))
        return redirect("observation", pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "day/observation.html", context, status=status)


def _form(request: HttpRequest, row: Activity, mine: Observation | None) -> ObservationForm:
    card = mine.scorecard if mine else reads.scorecard_on(row.on)
    start: dict[str, Any] = {}
    if mine is not None:
        start = {"did_well": mine.did_well, "to_try": mine.to_try, "version": mine.version}
        start |= {SCORE + key: score for key, score in mine.scores.items()}
    return ObservationForm(request.POST or None, initial=start, questions=reads.questions_of(card),
                           english=not show.chinese())  # fmt: skip


def observations(request: HttpRequest) -> HttpResponse:
    """What waits to be written, what was written about me, what I wrote."""
    reach = door.viewer(request)
    rows = Observation.objects.select_related("activity__person", "activity__customer", "activity__lead", "observer")
    rows = rows.filter(activity__withdrawn_at=None).order_by("-at", "-id")
    return render(request, "day/observations.html", {
        "waiting": list(reads.to_observe(reach.person_id, door.today(request))[:MOST]),
        "about_me": list(rows.filter(activity__person=reach.person_id)[:MOST]),
        "by_me": list(rows.filter(observer=reach.person_id)[:MOST]),
    })  # fmt: skip


def waiting(request: HttpRequest) -> dict[str, Any]:
    """The block of the first pages: what waits for the reader."""
    company = door.company(request)
    if company is None:
        return {}
    found = reads.waiting(door.viewer(request).person_id, door.today(request), ZoneInfo(company.zone))
    return {"evidence": found if found else None}
