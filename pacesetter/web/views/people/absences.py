"""Absences of one person: recorded by personnel, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from pacesetter.people import acts
from pacesetter.people.models import Absence

from ... import door
from ...forms.people import Absent
from ..sheet import sheet
from .card import the_person


@door.acts_once
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody was or will be away."""
    who = the_person(request, pk, "absence")
    form = Absent(request.POST or None, on=door.today(request))

    def run(asked: dict[str, Any]) -> str:
        acts.record_absence(
            person=who, kind=asked["kind"], start=asked["start"], end=asked["last"] + timedelta(days=1),
            by=door.actor(request), at=door.at(request),
        )  # fmt: skip
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("记缺勤"), said=_("已记缺勤。"), crumb=who.name,
        crumb_url=reverse("person", args=[who.pk]),
        sub=_("他的目标按在岗的工作日折算；目标本身不改，撤回后恢复。"),
    )  # fmt: skip


@door.acts_once
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """It did not happen."""
    row = Absence.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    who = the_person(request, row.person_id, "absence")
    if request.method == "POST":
        acts.withdraw_absence(absence=row, by=door.actor(request), at=door.at(request))
        messages.success(request, _now("已撤回。"))
    return redirect("person", pk=who.pk)
