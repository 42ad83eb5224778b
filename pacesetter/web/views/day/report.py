"""需求分析报告: written for one named reader, who reads and answers; the author is told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, NeedsReport
from pacesetter.lib.refusal import Refusal
from pacesetter.people.reach import Reach

from ... import door, show
from ...forms.evidence import SECTION, NewReportForm, ReplyForm, ReportForm
from ..pipeline.write import offered
from ..sheet import sheet
from . import files

MOST = 50
FORM = "pipeline/form.html"
STATES: dict[str, tuple[str, Any]] = {
    "waiting": ("neutral", _("还没读")),
    "overdue": ("watch", _("超过 14 天没读")),
    "read": ("neutral", _("已读")),
    "answered": ("good", _("已回复")),
}


def state_of(request: HttpRequest, row: NeedsReport) -> dict[str, Any]:
    """Tone and words of how it stands with a report."""
    tone, label = STATES[reads.report_state(row, door.today(request))]
    return {"row": row, "tone": tone, "label": label}


@door.acts_once
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: opening it counts as read by its reader, and as seen by its author once it is answered."""
    reach = door.viewer(request)
    row = reads.reports(reach).filter(pk=pk).first()
    if row is None:
        raise Http404
    me, at = door.actor(request), door.at(request)
    reads_it = row.reader_id == me.pk and row.activity.withdrawn_at is None and door.view_as(request) is None
    form = ReplyForm(request.POST or None, initial={"reply": row.reply})
    if request.method == "POST":
        if not reads_it:
            raise Http404
        if form.is_valid():
            acts.answer_report(row, reply=form.cleaned_data["reply"], by=me, at=at)
            messages.success(request, _("已回复，作者会看到。"))
            return redirect("report", pk)
    elif reads_it:
        row = acts.read_report(row, by=me, at=at)
    elif row.activity.person_id == me.pk and door.view_as(request) is None:
        row = acts.see_reply(row, by=me, at=at)
    place = "zh" if show.chinese() else "en"
    parts = [(part[place], row.answers.get(part["key"], "")) for part in reads.sections_of(row.template)]
    mine = row.activity.person_id == me.pk and row.activity.withdrawn_at is None
    return render(request, "day/report.html", {
        **state_of(request, row), "parts": parts, "reads_it": reads_it, "mine": mine, "form": form,
        "opens": reads.close_to(reach).filter(pk=row.activity_id).exists() and reach.may("activities"),
        "key": door.form_key(request), **files.beside(request, row.activity),
    }, status=422 if request.method == "POST" else 200)  # fmt: skip


def reports(request: HttpRequest) -> HttpResponse:
    """Reports for me to read, and mine."""
    reach = door.viewer(request)
    rows = reads.reports(reach).filter(activity__withdrawn_at=None).order_by("-sent_at", "-id")
    return render(request, "day/reports.html", {
        "for_me": [state_of(request, row) for row in rows.filter(reader=reach.person_id)[:MOST]],
        "mine": [state_of(request, row) for row in rows.filter(activity__person=reach.person_id)[:MOST]],
        "writes": reach.may("activities", "write"),
    })  # fmt: skip


@door.acts_once
def report_new(request: HttpRequest) -> HttpResponse:
    """A report from a customer's or deal's card: its record is logged with it."""
    reach = door.need(request, "activities", "write")
    form = NewReportForm(
        request.POST or None, initial=_named(request), **_form(request, reach, None),
        offered=offered(reach, "customer", "deal"),
    )  # fmt: skip

    def run(values: dict[str, Any]) -> str:
        me, at = door.actor(request), door.at(request)
        if door.view_as(request) is not None:
            raise Http404
        activity = acts.log_activity(person=me, kind="needs_report", customer=values["customer"], deal=values["deal"],
                                     by=me, at=at)  # fmt: skip
        return _write(request, activity, form)

    return sheet(request, form, run, template=FORM, title=_("需求分析报告"), crumb=_("报告"), submit=_("发给他"),
                 crumb_url=reverse("reports"), said=_("报告已发出。"))  # fmt: skip


@door.acts_once
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a record that is there: write it, or change it."""
    reach = door.need(request, "activities", "write")
    activity = Activity.objects.filter(pk=pk, person=reach.person_id, kind="needs_report").first()
    if activity is None:
        raise Http404
    if request.method == "POST" and door.view_as(request) is not None:
        raise Http404
    row = NeedsReport.objects.filter(activity=activity).select_related("template").first()
    start: dict[str, Any] = {}
    if row is not None:
        start = {"reader": row.reader_id, "version": row.version}
        start |= {SECTION + key: text for key, text in row.answers.items()}
    form = ReportForm(request.POST or None, initial=start, **_form(request, reach, row))
    return sheet(request, form, lambda _values: _write(request, activity, form), template=FORM,
                 title=_("需求分析报告"), crumb=_("跟进记录"), crumb_url=reverse("activity", args=[pk]),
                 submit=_("保存") if row else _("发给他"),
                 said=_("报告已保存。") if row else _("报告已发出。"))  # fmt: skip


def _form(request: HttpRequest, reach: Reach, row: NeedsReport | None) -> dict[str, Any]:
    on = door.today(request)
    template = row.template if row else reads.template_on(on)
    return {"on": on, "people": reads.colleagues(reach.person, on), "english": not show.chinese(),
            "sections": reads.sections_of(template)}  # fmt: skip


def _write(request: HttpRequest, activity: Activity, form: ReportForm) -> str:
    values = form.cleaned_data
    try:
        row = acts.write_report(activity, answers=form.answers, reader=values["reader"], version=values.get("version"),
                                by=door.actor(request), at=door.at(request))  # fmt: skip
    except Refusal as refusal:
        refusal.field = form.fault(refusal.field)
        raise
    return reverse("report", args=[row.pk])


def _named(request: HttpRequest) -> dict[str, Any]:
    """The customer or deal of the address."""
    found: dict[str, Any] = {}
    for name in ("customer", "deal"):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdigit() and len(text) < 18:
            found[name] = int(text)
    return found
