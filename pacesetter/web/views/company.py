"""The company's settings, its work calendars, its closed periods."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pacesetter.lib.periods import add_months
from pacesetter.people import acts, reads
from pacesetter.people.models import CalendarDay, ClosedPeriod, WorkCalendar

from .. import door
from ..forms import people as forms
from .people.listing import may, need
from .sheet import sheet


@door.acts_once
def company(request: HttpRequest) -> HttpResponse:
    """Everything a number depends on, on one page; readers see it, admins change it."""
    reach, found = door.need(request, "people"), reads.company()
    names = list(forms.CompanySettings.base_fields)
    initial = {name: getattr(found, name) for name in names}
    form = forms.CompanySettings(request.POST or None, initial=initial)
    writable = may(reach, "company")
    if not writable:
        if request.method == "POST":
            raise Http404
        for field in form.fields.values():
            field.disabled = True

    def run(asked: dict[str, Any]) -> str:
        acts.change_company(by=door.actor(request), at=door.at(request), **asked)
        return reverse("company")

    return sheet(
        request, form, run, template="company/company.html", said=_("已保存。"), writable=writable, tab="company"
    )


def _month(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise.replace(day=1)


def calendar(request: HttpRequest) -> HttpResponse:
    """A month with holidays and make-up days; a day opens to be changed."""
    reach, on = door.need(request, "people"), door.today(request)
    calendars = list(WorkCalendar.objects.order_by("id"))
    chosen = request.GET.get("calendar", "")
    current = next((c for c in calendars if str(c.pk) == chosen), reads.company().calendar or calendars[0])
    month = _month(request.GET.get("month", ""), on)
    end = add_months(month, 1)
    days = list(CalendarDay.objects.filter(calendar=current, day__gte=month, day__lt=end).order_by("day"))
    blank = range(days[0].day.weekday()) if days else range(0)
    return render(
        request,
        "company/calendar.html",
        {
            "tab": "calendar",
            "calendars": calendars,
            "current": current,
            "month": month,
            "before": add_months(month, -1).strftime("%Y-%m"),
            "after": end.strftime("%Y-%m"),
            "days": days,
            "blank": blank,
            "working": sum(day.weight for day in days),
            "provisional": any(day.provisional for day in days),
            "writable": may(reach, "company"),
            "today": on,
            "patterns": dict(forms.PATTERNS),
            "key": door.form_key(request),
        },
    )


@door.acts_once
def calendar_day(request: HttpRequest, pk: int, day: str) -> HttpResponse:
    """One day by hand."""
    need(request, "company")
    current = WorkCalendar.objects.filter(pk=pk).first()
    try:
        which = date.fromisoformat(day)
    except ValueError:
        which = None
    if current is None or which is None:
        raise Http404
    row = CalendarDay.objects.filter(calendar=current, day=which).first()
    initial = {"day": which, "weight": row.weight if row else 1, "name": row.name if row else ""}
    form = forms.CalendarDayForm(request.POST or None, initial=initial)
    back = f"{reverse('calendar')}?calendar={current.pk}&month={which:%Y-%m}"

    def run(asked: dict[str, Any]) -> str:
        acts.set_calendar_day(
            calendar=current,
            day=asked["day"],
            weight=asked["weight"],
            name=asked["name"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
        )
        return back

    return sheet(
        request, form, run, title=f"{current.name} · {which}", said=_("已改。"), crumb=_("日历"), crumb_url=back,
        sub=_("手工设置的日子在重新生成日历时保留。"),
    )  # fmt: skip


@door.acts_once
def new_calendar(request: HttpRequest) -> HttpResponse:
    """A further calendar for teams that work other days."""
    need(request, "company")
    form = forms.NewCalendar(request.POST or None)

    def run(asked: dict[str, Any]) -> str:
        made = acts.add_calendar(
            name=asked["name"], pattern=asked["pattern"], by=door.actor(request), at=door.at(request)
        )
        return f"{reverse('calendar')}?calendar={made.pk}"

    return sheet(
        request, form, run, title=_("新建日历"), said=_("已新建。在团队里选用它。"), crumb=_("日历"),
        crumb_url=reverse("calendar"),
    )  # fmt: skip


@door.acts_once
def rebuild_calendar(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """A year anew, once its official notice is out."""
    need(request, "company")
    current = WorkCalendar.objects.filter(pk=pk).first()
    if current is None or not 1900 <= year <= 2200:
        raise Http404
    if request.method == "POST":
        acts.build_calendar(calendar=current, first=year, last=year, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("%(year)s 年已重新生成，手工设置的日子保留。") % {"year": year})
    return redirect(f"{reverse('calendar')}?calendar={pk}&month={year}-01")


@door.acts_once
def periods(request: HttpRequest) -> HttpResponse:
    """What is closed, and closing the next stretch."""
    reach, on = door.need(request, "people"), door.today(request)
    start = reads.closed_until() or add_months(on.replace(day=1), -1)
    end = on.replace(day=1)
    form = forms.ClosePeriod(request.POST or None, initial={"start": start, "end": max(end, start)})
    writable = may(reach, "company")
    if request.method == "POST" and not writable:
        raise Http404

    def run(asked: dict[str, Any]) -> str:
        acts.close_period(
            start=asked["start"],
            end=asked["end"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
        )
        return reverse("periods")

    return sheet(
        request, form, run, template="company/periods.html", said=_("已结账。"), writable=writable, tab="periods",
        closed=ClosedPeriod.objects.select_related("closed_by").order_by("-start"),
    )  # fmt: skip
