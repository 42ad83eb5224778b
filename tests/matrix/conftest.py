"""The matrix is walked with a chat system connected, so that its addresses answer; nothing is sent there."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from pacesetter.config import urls


def short(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponseNotFound()


@pytest.fixture(autouse=True)
def _short_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of pages say that there is nothing; tests/web/test_ways_open.py sees it as every role."""
    monkeypatch.setattr(urls, "handler404", short)


@pytest.fixture(autouse=True)
def _connected(settings: Any) -> None:
    settings.CHAT = copy.deepcopy(settings.CHAT)
    settings.CHAT["wecom"] |= {"corp_id": "ww1", "agent_id": "1", "secret": "never-sent"}
