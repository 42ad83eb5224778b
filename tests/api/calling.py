"""A program with a token, as these tests use it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client

from pacesetter.people import acts
from pacesetter.people.models import Person
from tests.world import AT


class Program:
    """Calls the API as a person; every write gets a fresh key unless one is given."""

    def __init__(self, person: Person | None, *, may_write: bool = True, secret: str = "") -> None:
        self.client, self.secret = Client(), secret
        if person is not None:
            self.token, self.secret = acts.make_token(person=person, name="脚本", may_write=may_write, by=person, at=AT)

    def send(self, method: str, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        told = {"Accept-Language": "en", **headers}
        if self.secret:
            told["Authorization"] = f"Bearer {self.secret}"
        if method != "GET":
            told["Idempotency-Key"] = key or uuid.uuid4().hex
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        kind = {} if method == "GET" else {"data": text, "content_type": "application/json"}
        answer: HttpResponse = self.client.generic(method, "/api/v1" + path, headers=told, **kind)
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        return self.send("POST", path, {} if body is None else body, key)

    def patch(self, path: str, body: Any, key: str | None = None) -> Any:
        return self.send("PATCH", path, body, key)
