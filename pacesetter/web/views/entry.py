"""Ways in: the first-run set-up, and invitation links."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from pacesetter.config import clock
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads
from pacesetter.people.models import Person
from pacesetter.people.rules import BadIdentity, clean_mobile

from .. import door
from ..forms import people as forms
from ..forms.setup import PeopleRows
from .people.listing import may

STEPS = (("company", _("公司")), ("admin", _("管理员")), ("calendar", _("日历")), ("people", _("人员")),
         ("data", _("数据")))  # fmt: skip
AFTER = {"company": "admin", "admin": "calendar", "calendar": "people", "people": "data"}


@never_cache
@login_not_required
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Set a password with a one-time link, and be signed in."""
    found = acts.open_invitation(secret, clock.now())
    if found is None:
        return render(request, "people/spent.html", status=404)
    form = forms.SetPassword(request.POST or None)
    context: dict[str, Any] = {"who": found.person, "form": form, "kind": found.kind}
    if request.method != "POST":
        return render(request, "people/accept.html", context)
    if not form.is_valid():
        return door.refused(request, "people/accept.html", context)
    try:
        person = acts.accept_invitation(secret=secret, password=form.cleaned_data["password"], at=clock.now())
    except Refusal as refusal:
        return door.refused(request, "people/accept.html", context, refusal, form)
    get_adapter(request).login(request, person)
    return redirect("home")


# --- the first run ---------------------------------------------------------------------------------------------------
@login_not_required
def setup(request: HttpRequest) -> HttpResponse:
    """Where the set-up stands: without a company it is open to whoever runs the server; afterwards only to admins."""
    if reads.company_or_none() is None:
        return redirect("setup_step", step="company")
    if not Person.objects.exists():
        return redirect("setup_step", step="admin")
    _admin(request)
    return redirect("setup_step", step="calendar")


def _admin(request: HttpRequest) -> None:
    if not request.user.is_authenticated or not may(door.viewer(request), "company"):
        raise Http404


@never_cache
@login_not_required
def setup_step(request: HttpRequest, step: str) -> HttpResponse:
    """One step; everything after the administrator can be skipped."""
    if step not in dict(STEPS):
        raise Http404
    no_company, nobody = reads.company_or_none() is None, not Person.objects.exists()
    if step == "company":
        if not no_company:
            return redirect("setup")
        return _company(request)
    if step == "admin":
        if no_company or not nobody:
            return redirect("setup")
        return _first_admin(request)
    if no_company or nobody:
        return redirect("setup")
    _admin(request)
    if step == "people":
        return _people(request)
    if step == "data" and request.method == "POST":
        acts.change_company(wizard_done=True, by=door.actor(request), at=door.at(request))
        return redirect("home")
    return render(request, f"setup/{step}.html", _context(step))


def _context(step: str, **more: Any) -> dict[str, Any]:
    following = AFTER.get(step)
    return {
        "steps": STEPS,
        "step": step,
        "next": reverse("setup_step", args=[following]) if following else reverse("home"),
        "company_calendar": reads.company_or_none() and reads.company().calendar,
        **more,
    }


def _company(request: HttpRequest) -> HttpResponse:
    form = forms.FirstCompany(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.create_company(by=None, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            return door.refused(request, "setup/form.html", _context("company"), refusal, form)
        return redirect("setup_step", step="admin")
    status = 422 if request.method == "POST" else 200
    return render(request, "setup/form.html", _context("company", form=form), status=status)


def _first_admin(request: HttpRequest) -> HttpResponse:
    form = forms.FirstAdmin(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked, at = form.cleaned_data, clock.now()
        try:
            mobile = clean_mobile(asked["login"])
        except BadIdentity:
            mobile = None
        try:
            with transaction.atomic():
                person = acts.add_person(
                    name=asked["name"], mobile=mobile, employee_no=None if mobile else asked["login"], by=None, at=at
                )
                acts.grant_role(person=person, role="admin", by=None, at=at)
                person = acts.set_password(person=person, password=asked["password"], by=None, at=at)
        except Refusal as refusal:
            return door.refused(request, "setup/form.html", _context("admin"), refusal, form)
        get_adapter(request).login(request, person)
        return redirect("setup_step", step="calendar")
    status = 422 if request.method == "POST" else 200
    return render(request, "setup/form.html", _context("admin", form=form), status=status)


def _people(request: HttpRequest) -> HttpResponse:
    """People typed or pasted from a sheet, one a line; nobody is taken unless all can be."""
    form = PeopleRows(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                form.take(by=door.actor(request), at=door.at(request), on=door.today(request))
        except Refusal as refusal:
            return door.refused(request, "setup/people.html", _context("people"), refusal, form)
        return redirect("setup_step", step="data")
    status = 422 if request.method == "POST" else 200
    return render(request, "setup/people.html", _context("people", form=form), status=status)
