"""Asking for a change and speaking about it, as the tests do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pacesetter.goals import acts, reads
from pacesetter.goals.models import Adjustment, AdjustmentVoice, Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from tests.world import AT

Q2 = periods.parse("2026Q2")
MONTHS = [periods.parse(f"2026-{m:02d}") for m in (4, 5, 6)]
DAY = timedelta(days=1)
FROM = date(2026, 5, 1)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC)


def ask(goals, cause, by: Person, **more) -> Adjustment:
    values = {"goal": goals["own"].pk, "event": cause.pk, "reason": "竞品降价，三家客户改签", "target": 90_00,
              "floor": 70_00, "stretch": 99_00, "valid_from": FROM} | more  # fmt: skip
    return acts.request_adjustment(by=by, at=more.pop("at", AT), **{k: v for k, v in values.items() if k != "at"})


def voice(asked: Adjustment, seat: str, by: Person, yes: bool = True, **more) -> AdjustmentVoice:
    return acts.give_voice(adjustment=asked.pk, seat=seat, yes=yes, sentence="看过数据", by=by,
                           at=more.pop("at", AT), **more)  # fmt: skip


def state(asked: Adjustment) -> str:
    return reads.adjustment(asked.pk).state


def view(goal: Goal) -> reads.GoalView:
    return reads.book([goal])[goal.pk]
