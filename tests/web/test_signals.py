"""How records come in, as an analyst finds it: under 健康, each signal with what is healthy and what alarming."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from pacesetter.activity import acts
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
SIGNALS = ("log_seconds", "prompt_entry_rate", "evening_burst_rate", "repeated_entries", "backdated_entries")


def page(world: World, path: str, language: str = "zh-hans") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(world.analyst)
    return client.get(path).content.decode()


def test_the_catalogue_lists_the_signals_under_health_with_their_limits(world: World):
    text = page(world, "/insights/metrics/?period=2026-03")
    health = text[text.index(">健康<") :]
    for key in SIGNALS:
        assert f"/insights/metrics/{key}/" in health, key
    for words in ("健康 15 秒以内 · 危险 超过 30 秒：减少字段", "健康 80% 以上 · 危险 低于 50%：补录已经开始",
                  "健康 10% 以内 · 危险 超过 30%：数据在为报表而做"):  # fmt: skip
        assert words in health
    # a signal without limits says none
    assert text.count("· 危险") == 3


def test_a_signal_shows_its_limits_beside_its_definition(world: World):
    text = page(world, "/insights/metrics/evening_burst_rate/?period=2026-03")
    assert "<dt>危险</dt><dd>超过 30%：数据在为报表而做</dd>" in text
    assert "<dt>危险</dt>" not in page(world, "/insights/metrics/repeated_entries/?period=2026-03")


def test_what_people_logged_stands_there(world: World):
    """Ten calls: nine told within two hours in 12 seconds, one a day later in 40."""
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    for n in range(10):
        happened = AT - timedelta(hours=1 if n else 30)
        acts.log_activity(
            person=world.veteran, by=world.veteran, kind="call", customer=customer, happened_at=happened, at=AT,
            seconds=12 if n else 40,
        )  # fmt: skip
    text = page(world, "/insights/metrics/?period=2026-03&q=录入")
    assert "90.0%" in text
    assert ">12<" in text
