"""An empty period filled from one before: preview of every goal, a factor, and one act that is undone in one go."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals import acts
from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal
from pacesetter.web import door

from ...forms.goals import CopyForm
from .copy_plan import CopyPlan
from .reading import Reader, period_of
from .tree_page import Asked, period_words

TEMPLATE = "goals/copy.html"


def sources(target: periods.Period, settings: periods.Settings) -> list[periods.Period]:
    """The period before, and the same one a year ago."""
    found = [periods.previous(target, settings), periods.same_last_year(target, settings)]
    return found[:1] if found[0].label == found[1].label else found


def _rows(plan: CopyPlan) -> list[dict[str, Any]]:
    reader, rows = plan.reader, []
    for line in plan.lines:
        goal = line.view.goal
        put = reader.put(reader.metric(goal.metric))
        rows.append({
            "name": reader.owner(goal), "under": reader.name(goal, owner=False), "rungs": range(line.depth),
            "old": put.exact(line.version.row.target), "new": put.exact(line.draft.target) if line.draft else "",
            "skipped": line.skipped,
        })  # fmt: skip
    return rows


def _context(asked: Asked, form: CopyForm, plan: CopyPlan | None) -> dict[str, Any]:
    made = plan.drafts if plan is not None else []
    return {
        "form": form, "metric_name": asked.name(asked.metric.key), "period_name": period_words(asked.period),
        "metric": asked.metric, "period": asked.period, "rows": _rows(plan) if plan is not None else [],
        "plan": plan, "count": len(made), "left_out": len(plan.lines) - len(made) if plan is not None else 0,
        "back_url": asked.address(), "key": door.form_key(asked.request),
        "query": urlencode({"metric": asked.metric.key, "period": asked.period.label}),
    }  # fmt: skip


@door.acts_once
def copy(request: HttpRequest) -> HttpResponse:
    """Which period, which factor, what becomes of every goal; sent, they are drafts together."""
    asked = Asked(request)
    reader = asked.reader
    if not asked.may_set:
        raise Http404
    choices = [(one.label, period_words(one)) for one in sources(asked.period, reader.settings)]
    first = {"source": request.GET.get("source", choices[0][0]), "percent": request.GET.get("percent", "0")}
    form = CopyForm(request.POST if request.method == "POST" else first, sources=choices)
    if not form.is_valid():
        return door.refused(request, TEMPLATE, _context(asked, form, None))
    plan = _plan(reader, asked, form)
    context = _context(asked, form, plan)
    if request.method != "POST":
        return render(request, TEMPLATE, context)
    try:
        if not plan.drafts:
            raise Refusal(_("没有可以复制的目标。"), code="empty")
        entry = acts.draft_goals(plan.drafts, origin="copy", by=door.actor(request), at=door.at(request),
                                 reason=_("从 %(period)s 复制") % {"period": plan.source.label})  # fmt: skip
    except Refusal as refusal:
        return door.refused(request, TEMPLATE, context, refusal, form)
    said = _("已从 %(period)s 复制 %(n)s 个草稿。") % {"period": period_words(plan.source), "n": entry.rows}
    if context["left_out"]:
        said += _("%(n)s 个没有复制。") % {"n": context["left_out"]}
    messages.success(request, said, extra_tags=reverse("goals_spread_undo", args=[entry.pk]))
    return redirect(asked.address(open="all"))


def _plan(reader: Reader, asked: Asked, form: CopyForm) -> CopyPlan:
    source = period_of(form.cleaned_data["source"], reader.settings)
    if source is None:
        raise Http404
    return CopyPlan(reader, asked.metric, source, asked.period, 100 + form.cleaned_data["percent"])
