"""The manners of every page: who reads, when, once-only forms, refusals as 422, out of reach as 404.

A view that writes is `@acts_once`: its form carries `key` (`<c-form key="{{ key }}">`, made by `form_key`); the same
key with the same body is answered the same again. Inside, let acts raise: `Refusal` becomes a 422 (re-render the form
yourself with `refused` to keep it on the page), `OutOfReach` becomes 404. Everything written before a 4xx answer is
rolled back.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar, cast

from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    QueryDict,
)
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from pacesetter.config import clock
from pacesetter.journal.acts import Reply, answer_once
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people import reads
from pacesetter.people.models import Company, Person
from pacesetter.people.reach import Reach, reach_of

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]
KEY = "key"


def _memo(request: HttpRequest, name: str, make: Callable[[], Any]) -> Any:
    """One answer per request."""
    held = request.__dict__.setdefault("_pace", {})
    if name not in held:
        held[name] = make()
    return held[name]


def at(request: HttpRequest) -> datetime:
    """The instant of this request (the same for everything it does)."""
    return cast(datetime, _memo(request, "at", clock.now))


def company(request: HttpRequest) -> Company | None:
    """The company, or None before the first set-up."""
    return cast("Company | None", _memo(request, "company", reads.company_or_none))


def today(request: HttpRequest) -> date:
    """The company's day of this request."""
    from zoneinfo import ZoneInfo

    found = company(request)
    return at(request).astimezone(ZoneInfo(found.zone)).date() if found else clock.today()


def actor(request: HttpRequest) -> Person:
    """Who is signed in and therefore acts; never the person looked through."""
    return cast(Person, request.user)


def viewer(request: HttpRequest) -> Reach:
    """Whose eyes these are: the signed-in person's, or of the person an admin looks through (reading only)."""

    def make() -> Reach:
        person = actor(request)
        if (other := view_as(request)) is not None:
            person = other
        return reach_of(person, today(request))

    return cast(Reach, _memo(request, "reach", make))


def view_as(request: HttpRequest) -> Person | None:
    """The person being looked through, if any; ends by itself when the looker is no admin any more."""

    def make() -> Person | None:
        other = request.session.get("view_as") if hasattr(request, "session") else None
        if other is None or not request.user.is_authenticated:
            return None
        if reach_of(actor(request), today(request)).role != "admin":
            return None
        return Person.objects.filter(pk=other, merged_into=None).first()

    return cast("Person | None", _memo(request, "view_as", make))


def get_or_404(reach: Reach, qs: QuerySet[M], entity: str, pk: object, verb: str = "read", **how: Any) -> M:
    """The row with this key if it is in reach (see `Reach.rows` for `how`); 404 otherwise, telling nothing."""
    found = reach.rows(qs, entity, verb, **how).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def need(request: HttpRequest, entity: str, verb: str = "read") -> Reach:
    """The viewer, if there is anything of this entity for them; 404 otherwise."""
    reach = viewer(request)
    if not reach.may(entity, verb):
        raise Http404
    return reach


# --- forms -----------------------------------------------------------------------------------------------------------
def form_key(request: HttpRequest) -> str:
    """The key of the form about to be shown: fresh, or the one just sent when it is shown again."""
    return request.POST.get(KEY) or uuid.uuid4().hex


def refused(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal | None = None, form: Any = None
) -> HttpResponse:
    """The page again with what is wrong, as 422. A refusal that names a field of `form` stands beside that field.

    After a conflict the form carries the version that stands now: whoever has seen both values may send it again.
    """
    if isinstance(refusal, Conflict) and isinstance(form, BaseForm):
        form.add_error(None, str(refusal))
        if refusal.now is not None and "version" in form.fields:
            sent = cast(QueryDict, form.data).copy()
            sent["version"] = str(refusal.now)
            form.data = sent
        context = {**context, "refusal": refusal}
    elif refusal is not None and isinstance(form, BaseForm):
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    elif refusal is not None:
        context = {**context, "refusal": refusal}
    if form is not None:
        context = {**context, "form": form}
    return render(request, template, context, status=422)


def acts_once(view: View) -> View:
    """For views that write. GET passes through; POST runs once per form key, in one transaction."""

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return _answer(request, lambda: view(request, *args, **kwargs))
        key = request.POST.get(KEY, "")
        if not key or len(key) > 64:
            return _refusal_page(request, Refusal(_("这张表单缺少编号。请重新打开再填。"), code="no_key"))
        made: list[HttpResponseBase] = []

        def run() -> Reply:
            response = view(request, *args, **kwargs)
            made.append(response)
            body = getattr(response, "content", b"").decode(errors="replace") if response.status_code == 200 else ""
            return Reply(response.status_code, body, response.headers.get("Location", ""))

        def answer() -> HttpResponseBase:
            # a file is part of the body: its bytes decide whether the same form came twice
            body = repr(sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")).encode()
            for name, files in sorted(request.FILES.lists()):
                for file in files:
                    digest = hashlib.sha256()
                    for chunk in file.chunks():
                        digest.update(chunk)
                    file.seek(0)
                    body += f"\0{name}\0{file.name}\0{digest.hexdigest()}".encode()
            reply, _replayed = answer_once(
                by=actor(request), key=key, path=request.path, body=body, at=at(request), run=run
            )
            if made:
                return made[-1]
            if reply.location:
                return HttpResponseRedirect(reply.location)
            kind = "application/json" if json(request) else None
            return HttpResponse(reply.body, status=reply.status, content_type=kind)

        return _htmx(request, _answer(request, answer))

    return once


def _answer(request: HttpRequest, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return run()
    except OutOfReach as error:
        raise Http404 from error
    except Refusal as refusal:
        return _refusal_page(request, refusal)


def json(request: HttpRequest) -> bool:
    """Whether a script asked, which reads JSON."""
    return "application/json" in request.headers.get("Accept", "")


def _refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    if json(request):
        faults = [{"field": refusal.field, "text": str(refusal)}]
        return JsonResponse({"code": refusal.code, "faults": faults}, status=422)
    htmx = bool(getattr(request, "htmx", False))
    template = "errors/_refused.html" if htmx else "errors/refused.html"
    return render(request, template, {"refusal": refusal}, status=422)


def _htmx(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A redirect that htmx follows with the whole page instead of swapping it into a corner."""
    if getattr(request, "htmx", False) and response.status_code in (301, 302, 303) and "Location" in response.headers:
        whole = HttpResponse(status=204)
        whole.headers["HX-Redirect"] = response.headers["Location"]
        whole.cookies = response.cookies
        return whole
    return response
