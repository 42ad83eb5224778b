"""Whether somebody may still be here: leaving, a role change or an ended device takes effect at the next request.

Also keeps the list of signed-in devices, and keeps an admin who looks through somebody's eyes from writing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from pacesetter.people import acts, reads
from pacesetter.people.acts.access import digest
from pacesetter.people.models import DeviceSession, Person

from . import door, show

VERSION: Final = "access_version"
_SAFE = {"GET", "HEAD", "OPTIONS"}
# What somebody looking through other eyes may still send.
_VIEW_AS_MAY = {"/manage/view-as/end/", "/accounts/logout/", "/language/"}
_DEVICES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
            ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("MicroMessenger", "微信"), ("Edg", "Edge"), ("Chrome", "Chrome"), ("Firefox", "Firefox"),
             ("Safari", "Safari"))  # fmt: skip


def device_label(agent: str) -> str:
    """What a person recognises a device by: `Chrome · Windows`."""
    machine = next((name for mark, name in _DEVICES if mark in agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return " · ".join(part for part in (browser, machine) if part) or agent[:40]


def remember(request: HttpRequest, person: Person) -> None:
    """Bind a fresh session to the person's present rights."""
    request.session[VERSION] = person.access_version


def _ended(request: HttpRequest, person: Person) -> bool:
    """Whether this session must stop now."""
    if request.session.setdefault(VERSION, person.access_version) != person.access_version:
        return True
    if person.left_on is not None and person.left_on < door.today(request):
        return True
    key = request.session.session_key
    if key is None:
        return False
    seen = reads.row(DeviceSession, "session_key", digest(key))
    if seen is not None and (seen.ended_at is not None or seen.person_id != person.pk):
        return True
    label = device_label(request.headers.get("User-Agent", ""))
    if seen is None or (door.at(request) - seen.last_seen_at).total_seconds() > 300:
        acts.note_session(person=person, session_key=key, label=label, at=door.at(request))
    return False


class AccessMiddleware:
    """After authentication: ends sessions that must end, and lets view-as only read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if isinstance(person, Person) and person.is_authenticated and not request.path.startswith("/static/"):
            if _ended(request, person):
                logout(request)
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=204, headers={"HX-Redirect": "/accounts/login/"})
                return redirect("account_login")
            if (
                request.method not in _SAFE
                and request.path not in _VIEW_AS_MAY
                and request.session.get("view_as")
                and door.view_as(request) is not None
            ):
                refusal = {"message": _("你正以他人的视角查看，只能看不能改。先退出，再操作。")}
                return render(request, "errors/refused.html", {"refusal": refusal}, status=403)
            if person.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(person.language)
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        return self.get_response(request)


def _currency() -> str:
    company = reads.company_or_none()
    return company.currency if company else "CNY"


class OneCompanyMiddleware:
    """A request reads the company once, however many of its pages, acts and numbers ask for it.

    Amounts and times are written in the company's currency and zone.
    """

    # answered without the database, or without any time
    _APART = ("/static/", "/live", "/healthz", "/sw.js", "/manifest.webmanifest")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(self._APART):
            return self.get_response(request)
        with reads.company_once(), show.counted_in(_currency), timezone.override(reads.zone()):
            return self.get_response(request)


class FirstRunMiddleware:
    """An installation in which nobody is shows its set-up to whoever opens it, where it was left, and nothing else."""

    _OPEN = ("/setup/", "/static/", "/language/", "/live", "/healthz", "/sw.js", "/offline/",
             "/manifest.webmanifest")  # fmt: skip

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.done = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.done and not request.path.startswith(self._OPEN):
            if Person.objects.exists():
                self.done = True
            elif not request.path.startswith("/api/"):
                return redirect("setup")
        return self.get_response(request)
