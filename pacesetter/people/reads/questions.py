"""Questions that people asked about numbers: open ones, those of one number, and what an asker has not read yet."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from .. import rules
from ..models import Question


def still_open(now: datetime) -> Q:
    """The filter of `rules.question_state(...) == "open"`."""
    return Q(answered_at=None, withdrawn_at=None, asked_at__gt=now - rules.QUESTION_LASTS)


def questions_about(metric: str, basis: str, scope: str, period: str) -> QuerySet[Question]:
    """Every question about one number, newest first."""
    return Question.objects.filter(metric=metric, basis=basis, scope=scope, period=period)


def open_questions(now: datetime) -> QuerySet[Question]:
    """What waits for an answer, the longest waiting first."""
    return Question.objects.filter(still_open(now)).order_by("asked_at", "id").select_related("asked_by")


def ended_unread(person_id: int, now: datetime) -> QuerySet[Question]:
    """What a person asked, that was answered or ran out, and that they have not taken note of; for 30 days."""
    told_since = now - rules.QUESTION_LASTS
    answered = Q(answered_at__gt=told_since)
    expired = Q(answered_at=None, asked_at__lte=told_since, asked_at__gt=told_since - rules.QUESTION_LASTS)
    mine = Question.objects.filter(asked_by_id=person_id, withdrawn_at=None, noted_at=None)
    return mine.filter(answered | expired).select_related("answered_by")


def question_state(question: Question, now: datetime) -> str:
    """open | answered | withdrawn | expired."""
    return rules.question_state(question.asked_at, question.answered_at, question.withdrawn_at, now)
