"""Coming in from 企业微信, 钉钉 or 飞书: off to their sign-in page, and back with a one-time code."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from pacesetter.chat import configured, matching
from pacesetter.chat.adapter import FAULTS, Adapter, ChatError
from pacesetter.people import acts

from .. import door

STATES: Final = "chat_states"
LASTS: Final = timedelta(minutes=10)
AT_ONCE: Final = 5


def _adapter(name: str) -> Adapter:
    try:
        return configured.adapter(name)
    except KeyError as fault:
        raise Http404 from fault


def local(path: str) -> str:
    """A path of this product, or the first page; never another host."""
    fine = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if fine else reverse("home")


@require_GET
@never_cache
@login_not_required
def enter(request: HttpRequest, name: str) -> HttpResponse:
    """Send the browser to the chat system; inside its web view nothing is asked."""
    adapter, target = _adapter(name), local(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(target)
    state = secrets.token_hex(16)
    held = request.session.get(STATES, {})
    held[state] = {"name": name, "next": target, "at": door.at(request).isoformat()}
    request.session[STATES] = dict(sorted(held.items(), key=lambda one: one[1]["at"])[-AT_ONCE:])
    inside = configured.in_app(name, request.headers.get("User-Agent", ""))
    return HttpResponseRedirect(adapter.sign_in_url(state, _back(request, name), inside))


def _back(request: HttpRequest, name: str) -> str:
    return request.build_absolute_uri(reverse("chat_back", args=[name]))


def _refused(request: HttpRequest, name: str, words: Any, detail: str = "", status: int = 422) -> HttpResponse:
    context = {"name": name, "system": configured.NAMES[name], "words": words, "detail": detail}
    return render(request, "chat/refused.html", context, status=status)


@require_GET
@never_cache
@login_not_required
def back(request: HttpRequest, name: str) -> HttpResponse:
    """The way back: the state must be of this very session, young and unused; then the code tells who it is."""
    adapter = _adapter(name)
    held = request.session.get(STATES, {})
    began = held.pop(request.GET.get("state", ""), None)
    request.session[STATES] = held
    at = door.at(request)
    if began is None or began["name"] != name or at - datetime.fromisoformat(began["at"]) > LASTS:
        return _refused(request, name, _("这次登录不是从这里开始的，或已经超过 10 分钟。请重新进入。"))
    code = request.GET.get("code") or request.GET.get("authCode") or ""
    if not code:
        return _refused(request, name, _("你没有同意授权，所以没有登录。"))
    try:
        identity = adapter.person_of(code, _back(request, name))
        person, bound = matching.find(identity, adapter.source, door.today(request))
    except ChatError as fault:
        return _refused(request, name, FAULTS[fault.kind], fault.detail)
    except matching.Nobody as nobody:
        return _refused(request, name, matching.REASONS[nobody.kind])
    if not bound:
        acts.link_external(
            source=adapter.source, entity=matching.ENTITY, external_id=identity.external_id, object_id=person.pk,
            by=None, at=at,
        )  # fmt: skip
    return perform_login(request, person, email_verification="none", redirect_url=began["next"])
