"""A company's own counts: made from a form, and taken out of use."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.activity import acts as activity
from pacesetter.activity.models import CompanyMetric
from pacesetter.lib.refusal import Refusal
from pacesetter.metrics import funnel
from pacesetter.metrics.catalogue import METRICS
from pacesetter.web import door
from pacesetter.web.forms.insights import CompanyMetricForm

from .metric_pages import may_make
from .page import Asked, crumb


def metric_new(request: HttpRequest) -> HttpResponseBase:
    """A count the company makes: how many activities of a kind, perhaps only effective ones, perhaps per customer."""
    if not may_make(Asked(request, look_back=False)):
        raise Http404
    return _metric_form(request)


@door.acts_once
def _metric_form(request: HttpRequest) -> HttpResponse:
    form = CompanyMetricForm(request.POST or None)
    context = {"form": form, "key": door.form_key(request), "crumb": crumb()}
    if request.method != "POST":
        return render(request, "insights/metric_new.html", context)
    if not form.is_valid():
        return door.refused(request, "insights/metric_new.html", context, form=form)
    try:
        if form.cleaned_data["key"] in METRICS or form.cleaned_data["key"] in funnel.METRICS:
            raise Refusal(_("这个标识已经是内置指标。换一个。"), code="taken", field="key")
        made = activity.make_company_metric(by=door.actor(request), at=door.at(request), **form.cleaned_data)
    except Refusal as refusal:
        return door.refused(request, "insights/metric_new.html", context, refusal, form=form)
    return HttpResponseRedirect(reverse("metric_detail", args=[made.key]))


@door.acts_once
def metric_retire(request: HttpRequest, key: str) -> HttpResponse:
    """Take a company's own count out of use; what was counted stays in the records."""
    if not may_make(Asked(request, look_back=False)):
        raise Http404
    metric = get_object_or_404(CompanyMetric, key=key, retired_at=None)
    if request.method != "POST":
        return redirect("metric_detail", key)
    activity.retire_company_metric(metric, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已停用“%(name)s”。") % {"name": metric.zh})
    return redirect("metric_list")
