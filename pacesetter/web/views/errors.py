"""When something is not there, not allowed or broken: say what, and what to do next."""

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same answer for what does not exist and for what is out of reach."""
    return render(request, "errors/404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that lay open too long or came from elsewhere."""
    return render(request, "errors/csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours, with a code that stands in the log too; the page itself asks the database nothing."""
    code = secrets.token_hex(2).upper()
    log.error("fault %s at %s", code, request.path)
    answer = render(request, "errors/500.html", {"code": code}, status=500)
    answer["X-Fault-Id"] = code
    return answer
