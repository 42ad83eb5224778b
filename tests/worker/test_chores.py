"""What the worker tidies away, and what it leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pacesetter.journal.acts import Reply, answer_once
from pacesetter.journal.models import Answer
from pacesetter.worker.chores import CHORES, old_answers

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


class Somebody:
    """An actor without a database row."""

    name = "王敏"
    pk = 7


def answered(key: str, at: datetime) -> None:
    answer_once(by=Somebody(), key=key, path="/deals/new/", body=b"x", at=at, run=lambda: Reply(303, "", "/deals/1/"))


def test_answers_older_than_thirty_days_are_forgotten_and_younger_ones_still_act_once():
    answered("old", NOW - timedelta(days=30, seconds=1))
    answered("young", NOW - timedelta(days=30))
    assert old_answers(NOW) == 1
    assert list(Answer.objects.values_list("key", flat=True)) == ["young"]
    _reply, replayed = answer_once(
        by=Somebody(), key="young", path="/deals/new/", body=b"x", at=NOW, run=lambda: pytest.fail("acted twice")
    )
    assert replayed
    assert old_answers(NOW) == 0


def test_the_worker_does_it():
    assert old_answers in [chore.run for chore in CHORES]
