"""Signing in without a form: what it wrote in one test is written again by the next ones, as a row.

`Client.force_login` asks the database a dozen times, and most tests begin with it. The sessions it made for a person
with these rights and this password are kept; each sign-in of a test takes the next of them, and makes one where none
is left. Whether a session still holds is asked with every request, as ever.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

_INSERT = (
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
)
_LAST = "UPDATE people_person SET last_login = %s WHERE id = %s"
Row = tuple[str, str, Any]
_kept: dict[tuple[object, ...], list[Row]] = {}
_real = Client.force_login


def force_login(client: Client, user: Any, backend: str | None = None) -> None:
    """Let this client be signed in as the person."""
    name = settings.SESSION_COOKIE_NAME
    if name in client.cookies:
        _real(client, user, backend)
        return
    rows = _kept.setdefault((user.pk, user.password, user.access_version, backend), [])
    key = _next(rows, user)
    if key:
        client._set_login_cookies(SimpleNamespace(session=SimpleNamespace(session_key=key)))
        return
    _real(client, user, backend)
    made = Session.objects.get(session_key=client.cookies[name].value)
    rows.append((made.session_key, made.session_data, connection.ops.adapt_datetimefield_value(made.expire_date)))


def _next(rows: list[Row], user: Any) -> str:
    """The key of the first session that this test has not got yet, now written; empty where there is none."""
    now = timezone.now()
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(_INSERT, row)
            if cursor.rowcount == 1:
                cursor.execute(_LAST, [connection.ops.adapt_datetimefield_value(now), user.pk])
                user.last_login = now
                return row[0]
    return ""
