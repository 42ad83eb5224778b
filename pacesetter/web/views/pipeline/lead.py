"""The lead's card and its acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pacesetter.activity import reads as activity_reads
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Lead

from ... import door, show
from ...forms.pipeline import Assign, LeadForm, LeadStep, Reason
from ..sheet import sheet
from . import protecting
from .customer import _names
from .listing import masked
from .write import FORM, chooses, find, kind_words, sellers


def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """One lead: where it stands, when it reached each step, what was done."""
    reach = door.viewer(request)
    row: Lead = find(request, Lead, "leads", pk)
    page = max(1, int(request.GET["page"])) if request.GET.get("page", "").isdigit() else 1
    moments, more = (
        activity_reads.timeline(lead=row, page=min(page, 200), keep=reach.rows)
        if reach.may("activities")
        else ([], False)
    )
    hidden = "contacts" in reach.masks("leads")
    mine = not row.in_pool and reach.rows(Lead.objects.filter(pk=row.pk), "leads", "write").exists()
    assigns = chooses(reach, "leads") and (mine or (row.in_pool and reach.may("pool", "write")))
    claims = row.in_pool and reach.may("pool", "write") and reach.may("leads", "write")
    closed = row.stage in ("won", "lost")
    waits: Any = ""
    if claims and not closed:
        today, now = door.today(request), door.at(request)
        waits = protecting.cooling(row, reach.person_id, now) or protecting.full(reach.person_id, today)
    return render(request, "pipeline/lead.html", {
        "row": row,
        "left": protecting.left(row, door.today(request)),
        "because": protecting.because(row) if row.in_pool else "",
        "waits": waits,
        "mobile": masked(row.mobile) if hidden else row.mobile,
        "steps": [(_("创建"), row.created_on), (_("有效线索"), row.valid_on), (_("意向客户"), row.intent_on),
                  (_("成单"), row.won_on), (_("关闭"), row.lost_on)],
        "moments": moments,
        "names": _names(moments),
        "kinds": kind_words(),
        "page_number": page,
        "more": more,
        "key": door.form_key(request),
        "closed": closed,
        "may": {
            "write": mine, "assign": assigns, "log": mine and reach.may("activities", "write"),
            "claim": claims,
            "customer": mine and reach.may("customers", "write") and row.customer_id is None,
        },
        "extra": row.extra if isinstance(row.extra, dict) else {},
    })  # fmt: skip


@door.acts_once
def new(request: HttpRequest) -> HttpResponse:
    """Add a lead."""
    reach = door.need(request, "leads", "write")
    form = LeadForm(request.POST or None, on=door.today(request), people=sellers(reach, "leads"),
                    initial={"owner": reach.person_id})  # fmt: skip
    if not chooses(reach, "leads"):
        del form.fields["owner"]

    def run(asked: dict[str, Any]) -> str:
        owner = asked.pop("owner", None) if "owner" in asked else door.actor(request)
        row = acts.add_lead(owner=owner, by=door.actor(request), at=door.at(request), **asked)
        return reverse("lead", args=[row.pk])

    return sheet(request, form, run, template=FORM, title=_("新建线索"),
                 crumb=pgettext_lazy("place", "线索"), crumb_url=reverse("leads"),
                 said=_("已新建。"))  # fmt: skip


@door.acts_once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a lead."""
    row: Lead = find(request, Lead, "leads", pk, "write")
    names = ("name", "contact_name", "mobile", "source", "industry", "customer_region", "note", "version")
    form = LeadForm(request.POST or None, on=door.today(request), initial={n: getattr(row, n) for n in names})
    del form.fields["owner"]

    def run(asked: dict[str, Any]) -> str:
        acts.change_lead(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("lead", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("修改线索"), crumb=row.name, said=_("已保存。"),
                 crumb_url=reverse("lead", args=[pk]))  # fmt: skip


@door.acts_once
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a lead."""
    row: Lead = find(request, Lead, "leads", pk, "write")
    form = LeadStep(request.POST or None, on=door.today(request), initial={"stage": row.stage, "version": row.version})

    def run(asked: dict[str, Any]) -> str:
        acts.move_lead(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("lead", args=[pk])

    return sheet(request, form, run, template=FORM, title=_("推进线索"), crumb=row.name, said=_("已推进。"),
                 submit=pgettext_lazy("button", "推进"), crumb_url=reverse("lead", args=[pk]))  # fmt: skip


@door.acts_once
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a lead to somebody."""
    reach = door.need(request, "leads", "write")
    row: Lead = find(request, Lead, "leads", pk, "write", pool=True)
    if not chooses(reach, "leads"):
        raise Http404
    form = Assign(request.POST or None, on=door.today(request), people=sellers(reach, "leads"),
                  initial={"version": row.version})  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        acts.assign_lead(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("leads")

    return sheet(request, form, run, template=FORM, title=_("分配线索"), crumb=row.name, submit=_("分配"),
                 said=_("已分配。"), crumb_url=reverse("lead", args=[pk]))  # fmt: skip


@door.acts_once
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a lead out of the pool."""
    door.need(request, "leads", "write")
    row: Lead = find(request, Lead, "leads", pk, "write", pool=True)
    if request.method == "POST":
        row = acts.claim_lead(row, by=door.actor(request), at=door.at(request))
        until = row.protected_until
        messages.success(request, _("已领取，保护到 %(day)s。") % {"day": show.day(until)} if until else _("已领取。"))
    return redirect("lead", pk)


@door.acts_once
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a lead back to the pool."""
    row: Lead = find(request, Lead, "leads", pk, "write")
    form = Reason(request.POST or None, on=door.today(request), initial={"version": row.version})

    def run(asked: dict[str, Any]) -> str:
        acts.release_lead(row, by=door.actor(request), at=door.at(request), **asked)
        return reverse("leads")

    return sheet(request, form, run, template=FORM, title=_("退回公海"), crumb=row.name, submit=_("退回"),
                 said=_("已退回公海。"), crumb_url=reverse("lead", args=[pk]))  # fmt: skip
