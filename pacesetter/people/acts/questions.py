"""Asking about a number, answering, withdrawing, and taking note of the answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import OutOfReach, Refusal

from .. import reads, rules
from ..models import Person, Question
from ..models.question import LONGEST


def _said(text: str, field: str, missing: object, longest: int) -> str:
    text = text.strip()
    if not text:
        raise Refusal(missing, code="required", field=field)
    if len(text) > longest:
        raise Refusal(
            _("最多 %(longest)s 个字，现在是 %(n)s 个。") % {"longest": longest, "n": len(text)},
            code="too_long",
            field=field,
        )
    return text


@transaction.atomic
def ask_question(
    *, metric: str, basis: str, scope: str, period: str, shown: tuple[int, int | None, int], text: str, by: Person,
    at: datetime,
) -> Question:  # fmt: skip
    """Ask the analyst about one number; `shown` is its top, bottom and n as the asker sees them.

    Refused while the asker's earlier question about the same number is open.
    """
    text = _said(text, "text", _("写下你想问什么。"), LONGEST)
    Person.objects.select_for_update().get(pk=by.pk)  # two tabs of one person take turns
    if reads.questions_about(metric, basis, scope, period).filter(reads.still_open(at), asked_by=by).exists():
        raise Refusal(_("你已经问过这个数，还没有回答。要改问题，先撤回。"), code="asked", field="text")
    question = Question.objects.create(
        metric=metric, basis=basis, scope=scope, period=period, shown_top=shown[0], shown_bottom=shown[1],
        shown_n=shown[2], text=text, asked_by=by, asked_at=at,
    )  # fmt: skip
    record("ask_question", by=by, at=at, entity="question", object_id=question.pk, label=text[:200], about_id=by.pk,
           after={"metric": metric, "basis": basis, "scope": scope, "period": period})  # fmt: skip
    return question


def _locked(question: Question, at: datetime) -> tuple[Question, str]:
    held = Question.objects.select_for_update().get(pk=question.pk)
    return held, rules.question_state(held.asked_at, held.answered_at, held.withdrawn_at, at)


def _must_be_open(question: Question, state: str) -> None:
    if state == "answered" and question.answered_by is not None:
        raise Refusal(_("%(name)s 已经回答了。") % {"name": question.answered_by.name}, code="answered")
    if state == "withdrawn":
        raise Refusal(_("提问的人已经撤回。"), code="withdrawn")
    if state == "expired":
        raise Refusal(
            _("过了 %(days)s 天没有回答，已经过期。需要的话再问一次。") % {"days": rules.QUESTION_LASTS.days},
            code="expired",
        )


@transaction.atomic
def answer_question(*, question: Question, answer: str, by: Person, at: datetime) -> Question:
    """Answer an open question; the answer stays with the number. Whose right that is, the door knows."""
    answer = _said(answer, "answer", _("写下回答。"), 2 * LONGEST)
    question, state = _locked(question, at)
    _must_be_open(question, state)
    question.answer, question.answered_by, question.answered_at = answer, by, at
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record("answer_question", by=by, at=at, entity="question", object_id=question.pk, label=question.text[:200],
           about_id=question.asked_by_id, after={"answer": answer})  # fmt: skip
    return question


@transaction.atomic
def withdraw_question(*, question: Question, by: Person, at: datetime) -> Question:
    """The asker does not need the answer any more. Nobody else may."""
    question, state = _locked(question, at)
    if question.asked_by_id != by.pk:
        raise OutOfReach
    _must_be_open(question, state)
    question.withdrawn_at = at
    question.save(update_fields=["withdrawn_at"])
    record("withdraw_question", by=by, at=at, entity="question", object_id=question.pk, label=question.text[:200],
           about_id=by.pk)  # fmt: skip
    return question


@transaction.atomic
def note_answer(*, question: Question, by: Person, at: datetime) -> Question:
    """The asker has read how the question ended; the first page stops telling. Once is enough."""
    question, state = _locked(question, at)
    if question.asked_by_id != by.pk:
        raise OutOfReach
    if state == "open":
        raise Refusal(_("还没有回答。"), code="open")
    if question.noted_at is None:
        question.noted_at = at
        question.save(update_fields=["noted_at"])
        record("note_answer", by=by, at=at, entity="question", object_id=question.pk, label=question.text[:200],
               about_id=by.pk)  # fmt: skip
    return question
