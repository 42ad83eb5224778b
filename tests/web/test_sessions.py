"""A session holds until its time is over, by the real clock, whatever day was set; an unknown one never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.world import World


@pytest.mark.parametrize("day", ["2026-03-16", "2031-03-16", "2001-03-16"])
@pytest.mark.parametrize(("left", "status"), [(timedelta(minutes=1), 200), (timedelta(minutes=-1), 302)])
def test_it_ends_when_its_time_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch, day: str, left: timedelta, status: int
) -> None:
    monkeypatch.setenv("PACE_TODAY", day)
    client = Client()
    client.force_login(world.leader)
    Session.objects.update(expire_date=datetime.now(UTC) + left)
    assert client.get("/me/").status_code == status


def test_one_that_is_not_there_is_nobody(world: World) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert client.get("/me/").status_code == 302
