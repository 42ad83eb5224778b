"""The one clock, and the day it may be told."""

from datetime import UTC, date, timedelta

import pytest

from pacesetter.config import clock


def test_a_set_day_begins_at_nine_in_the_companys_zone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2026-03-15")
    assert clock.today() == date(2026, 3, 15)
    assert clock.now().tzinfo is UTC
    assert clock.now().hour == 1


def test_a_set_day_still_moves_forward(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2026-03-15")
    first = clock.now()
    second = clock.now()
    assert first <= second < first + timedelta(minutes=1)


def test_the_real_clock_runs_whatever_day_was_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2001-03-15")
    monkeypatch.setattr(clock.time, "time", lambda: 1_790_000_000.25)
    assert clock.real_ms() == 1_790_000_000_250
    assert clock.now().year == 2001


def test_another_zone_may_have_another_day(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2026-03-15")
    assert clock.today("America/Los_Angeles") == date(2026, 3, 14)


def test_the_installation_may_stand_elsewhere(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2026-03-16")
    monkeypatch.setenv("PACE_ZONE", "Europe/Berlin")
    assert clock.now().hour == 8


def test_a_day_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PACE_TODAY", "2026-02-30")
    with pytest.raises(ValueError, match="day"):
        clock.now()


def test_without_a_set_day_time_is_the_machines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PACE_TODAY", raising=False)
    assert clock.now().tzinfo is UTC
