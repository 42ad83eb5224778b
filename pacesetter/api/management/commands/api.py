"""`./pace api METHOD PATH [BODY] --as EMPLOYEE_NO`: what the API does, on the machine itself, without token or server.

Goals are drafted, handed in, published, locked and applied for so:
`./pace api POST /goals/publish '{"goals": [{"id": 7, "version": 1}]}' --as E001`. The same acts, the same rights as the
person named, the same JSON; docs/api.md lists the paths. The journal tells such a line from the person's own. BODY `-`
is read from standard input. Exit 0 done, 2 refused (the JSON says why), 64 wrong usage.
"""

from __future__ import annotations

import io
import json
import sys
import uuid
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from django.core.handlers.wsgi import WSGIRequest
from django.core.management.base import CommandError, CommandParser
from django.http import HttpResponse
from django.urls import resolve
from django.utils import timezone

from pacesetter.api.caller import here
from pacesetter.imports.console import REFUSED, Console, ready, usage
from pacesetter.journal.acts import by_way_of
from pacesetter.people import reads
from pacesetter.people.models import Person

BASE = "/api/v1"
# what the journal says beside the person's name
WAY = "pace api"
METHODS = ("GET", "POST", "PATCH")


class Command(Console):
    """Answers with the API's JSON on stdout."""

    help = "call the API in the name of a person, on this machine"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("method", choices=METHODS)
        parser.add_argument("path", help="as in docs/api.md, without /api/v1: /goals?metric=won_amount")
        parser.add_argument("body", nargs="?", default="", help="JSON, or - for standard input")
        parser.add_argument("--as", dest="who", required=True, help="employee number of whoever acts")
        parser.add_argument("--key", default="", help="sent twice under the same key it acts once (default: a new one)")
        self.add_common(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        ready()
        person = _person(options["who"])
        body = sys.stdin.read() if options["body"] == "-" else options["body"]
        try:
            json.loads(body or "null")
        except json.JSONDecodeError as wrong:
            raise usage(f"the body is not JSON: {wrong}") from wrong
        with reads.company_once(), timezone.override(reads.zone()), by_way_of(WAY):
            answer = _asked(person, options["method"], options["path"], body, options["key"] or uuid.uuid4().hex)
        self.stdout.write(answer.content.decode())
        if answer.status_code >= 400:
            raise CommandError(f"refused ({answer.status_code})", returncode=REFUSED)


def _person(number: str) -> Person:
    found = reads.same_person(employee_no=number, mobile=None)
    if len(found) != 1:
        raise usage(f"nobody has the employee number {number}")
    return found[0]


def _asked(person: Person, method: str, path: str, body: str, key: str) -> HttpResponse:
    """The answer of the API's own view."""
    asked = urlsplit(f"{BASE}/{path.lstrip('/')}")
    sent = body.encode()
    request = WSGIRequest({
        # as a server hands them over: the path's bytes one a character, the query in ASCII
        "REQUEST_METHOD": method, "PATH_INFO": unquote(asked.path).encode().decode("latin-1"),
        "QUERY_STRING": quote(asked.query, safe="%&=+,:;/?@!$'()*~"), "SERVER_NAME": "localhost", "SERVER_PORT": "0",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(sent)), "HTTP_IDEMPOTENCY_KEY": key,
        "wsgi.input": io.BytesIO(sent), "wsgi.url_scheme": "http",
    })  # fmt: skip
    if not here(request, person):
        raise usage(f"{person.employee_no} has left")
    view, args, kwargs = resolve(request.path_info)
    answer: HttpResponse = view(request, *args, **kwargs)
    return answer
