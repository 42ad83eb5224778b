"""The register of market events that everybody shares, and who stands in for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import acts, reads, rules
from pacesetter.goals.models import Delegate, MarketEvent
from pacesetter.journal import reads as journal
from pacesetter.people.models import Person
from pacesetter.pipeline.models import Product

from ... import door
from ...forms.goals_adjusting import DelegateForm, EventForm
from ..sheet import sheet
from .wording import concerned

FIELDS = ("kind", "title", "on", "until", "customer_region", "industry", "text")


def market_events(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    reach = door.viewer(request)
    if not reads.reads_events(reach):
        raise Http404
    every = request.GET.get("show") == "all"
    rows = reads.market_events(retired=every)[:200]
    keeps = reads.keeps_events(reach)
    return render(request, "goals/events.html", {
        "events": rows, "keeps": keeps, "every": every,
        "crumb": _("目标调整") if concerned(reach) else "",
        "tabs": [("?", _("在用"), not every), ("?show=all", _("全部"), every)],
    })  # fmt: skip


def _asked(values: dict[str, Any]) -> dict[str, Any]:
    product = values.get("product")
    return {**{name: values[name] for name in FIELDS}, "product": product.pk if product else None}


def _products() -> Any:
    return Product.objects.filter(active=True).order_by("name", "id")


@door.acts_once
def market_event_new(request: HttpRequest) -> HttpResponse:
    """Add an event."""
    reach = door.viewer(request)
    if not reads.keeps_events(reach):
        raise Http404
    form = EventForm(request.POST or None, products=_products(), initial={"on": reach.on})

    def run(asked: dict[str, Any]) -> str:
        acts.add_event(**_asked(asked), by=door.actor(request), at=door.at(request))
        return reverse("market_events")

    return sheet(request, form, run, said=_("已登记。"), template="goals/event.html", title=_("登记市场事件"))


@door.acts_once
def market_event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an event, or retire it."""
    reach = door.viewer(request)
    event = MarketEvent.objects.filter(pk=pk).first()
    if event is None or not reads.keeps_events(reach):
        raise Http404
    if request.POST.get("do") == "retire":
        acts.retire_event(event=pk, by=door.actor(request), at=door.at(request))
        messages.success(request, _("已停用。以前的申请仍然指向它。"))
        return redirect("market_events")
    seen = journal.lines_of("marketevent", pk).order_by("-id").values_list("pk", flat=True).first() or 0
    initial = {name: getattr(event, name) for name in FIELDS} | {"product": event.product_id, "version": seen}
    form = EventForm(request.POST or None, products=_products(), initial=initial)

    def run(asked: dict[str, Any]) -> str:
        acts.change_event(event=pk, **_asked(asked), seen=asked["version"], by=door.actor(request),
                          at=door.at(request))  # fmt: skip
        return reverse("market_events")

    return sheet(request, form, run, said=_("已保存。"), template="goals/event.html", title=event.title, event=event)


@door.acts_once
def delegates(request: HttpRequest) -> HttpResponse:
    """Whoever sits in one of the three seats names who speaks in their place."""
    reach = door.viewer(request)
    if not set(rules.SEATS) & reach.roles:
        raise Http404
    if request.POST.get("do") == "end":
        number = request.POST.get("delegate", "")
        acts.end_delegate(delegate=int(number) if number.isdecimal() else 0, by=door.actor(request),
                          at=door.at(request))  # fmt: skip
        messages.success(request, _("代理已结束。"))
        return redirect("delegates")
    people = Person.objects.filter(merged_into=None, access_ended=False).exclude(pk=reach.person_id)
    form = DelegateForm(request.POST or None, people=people.order_by("name", "id"), on=reach.on)

    def run(asked: dict[str, Any]) -> str:
        acts.name_delegate(delegate=asked["delegate"].pk, start=asked["start"], end=asked["last"] + timedelta(days=1),
                           reason=asked["reason"], by=door.actor(request), at=door.at(request))  # fmt: skip
        return reverse("delegates")

    rows = Delegate.objects.filter(person_id=reach.person_id).select_related("delegate").order_by("-start", "-id")
    return sheet(
        request, form, run, said=_("已指定。"), template="goals/delegates.html",
        rows=[{"row": row, "last": row.end - timedelta(days=1), "now": row.start <= reach.on,
               "ended": row.ended_at is not None or row.end <= reach.on} for row in rows[:50]],
    )  # fmt: skip
