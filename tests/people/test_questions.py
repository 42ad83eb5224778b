"""Questions about numbers: how they end, who may end them, and that nothing is kept of a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people import acts, reads, rules
from pacesetter.people.models import Person, Question
from tests.world import AT, World

LASTS = timedelta(days=30)


def ask(by: Person, text: str = "少了海川那一单", at: datetime = AT, scope: str = "") -> Question:
    return acts.ask_question(
        metric="won_amount", basis="", scope=scope, period="2026-03", shown=(8_100_001, None, 4), text=text, by=by,
        at=at,
    )  # fmt: skip


def test_a_question_ends_by_answer_by_hand_or_after_thirty_days():
    def state(age: timedelta, answered: bool = False, withdrawn: bool = False) -> str:
        return rules.question_state(AT, AT if answered else None, AT if withdrawn else None, AT + age)

    assert state(timedelta()) == "open"
    assert state(LASTS - timedelta(seconds=1)) == "open"
    assert state(LASTS) == "expired"
    assert state(LASTS * 9, answered=True) == "answered"
    assert state(LASTS * 9, withdrawn=True) == "withdrawn"


def test_the_filter_of_open_questions_agrees_with_the_rule_at_the_boundary(world: World):
    question = ask(world.veteran)
    for age in (timedelta(), LASTS - timedelta(seconds=1), LASTS, LASTS + timedelta(seconds=1)):
        by_rule = reads.question_state(question, AT + age) == "open"
        assert reads.open_questions(AT + age).exists() == by_rule, age


def test_asking_answering_and_taking_note_each_leave_one_line(world: World):
    question = ask(world.veteran)
    acts.answer_question(question=question, answer="那一单在四月签。", by=world.analyst, at=AT)
    assert list(reads.ended_unread(world.veteran.pk, AT)) == [question]
    acts.note_answer(question=question, by=world.veteran, at=AT)
    acts.note_answer(question=question, by=world.veteran, at=AT)
    assert not reads.ended_unread(world.veteran.pk, AT).exists()
    lines = Entry.objects.filter(entity="question", object_id=str(question.pk)).order_by("id")
    assert [line.act for line in lines] == ["ask_question", "answer_question", "note_answer"]
    assert {line.about_id for line in lines} == {world.veteran.pk}


def test_the_same_number_is_not_asked_twice_while_the_first_waits(world: World):
    first = ask(world.veteran)
    with pytest.raises(Refusal) as refused:
        ask(world.veteran, "还是少了")
    assert refused.value.code == "asked"
    ask(world.grower, "我也想问")
    ask(world.veteran, "另一个数", scope="team=1")
    acts.withdraw_question(question=first, by=world.veteran, at=AT)
    ask(world.veteran, "换一种问法")
    ask(world.veteran, "过期以后再问", at=AT + LASTS)
    assert Question.objects.count() == 5


@pytest.mark.parametrize(("text", "code"), [("", "required"), (" \n ", "required"), ("长" * 501, "too_long")])
def test_nothing_is_kept_of_an_empty_or_endless_question(world: World, text: str, code: str):
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        ask(world.veteran, text)
    assert refused.value.code == code
    assert not Question.objects.exists()
    assert Entry.objects.count() == before
    assert ask(world.veteran, "长" * 500).pk, "the longest that is taken"


def test_an_answer_needs_words_and_an_open_question(world: World):
    question = ask(world.veteran)
    for answer, at, code in (("  ", AT, "required"), ("太晚了", AT + LASTS, "expired")):
        with pytest.raises(Refusal) as refused:
            acts.answer_question(question=question, answer=answer, by=world.analyst, at=at)
        assert refused.value.code == code
    acts.answer_question(question=question, answer="在四月。", by=world.analyst, at=AT)
    with pytest.raises(Refusal, match="何睿") as refused:
        acts.answer_question(question=question, answer="我也答", by=world.director, at=AT)
    assert refused.value.code == "answered"
    with pytest.raises(Refusal):
        acts.withdraw_question(question=question, by=world.veteran, at=AT)
    question.refresh_from_db()
    assert question.answer == "在四月。"


def test_only_the_asker_withdraws_and_takes_note(world: World):
    question = ask(world.veteran)
    for act in (acts.withdraw_question, acts.note_answer):
        with pytest.raises(OutOfReach):
            act(question=question, by=world.analyst, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.note_answer(question=question, by=world.veteran, at=AT)
    assert refused.value.code == "open"
    acts.withdraw_question(question=question, by=world.veteran, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.answer_question(question=question, answer="答", by=world.analyst, at=AT)
    assert refused.value.code == "withdrawn"


def test_what_ran_out_is_told_for_thirty_days_and_an_answer_too(world: World):
    silent = ask(world.veteran)
    for age, told in ((LASTS - timedelta(seconds=1), 0), (LASTS, 1), (2 * LASTS, 0)):
        assert reads.ended_unread(world.veteran.pk, AT + age).count() == told, age
    acts.answer_question(question=silent, answer="答", by=world.analyst, at=AT)
    for age, told in ((timedelta(), 1), (LASTS - timedelta(seconds=1), 1), (LASTS, 0)):
        assert reads.ended_unread(world.veteran.pk, AT + age).count() == told, age
    assert not reads.ended_unread(world.grower.pk, AT).exists()


def test_the_database_keeps_answer_name_and_day_together(world: World):
    question = ask(world.veteran)
    for broken in ({"answer": "没有署名"}, {"answered_at": AT}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.filter(pk=question.pk).update(**broken)


def test_merging_two_records_of_one_person_keeps_the_questions(world: World):
    twin = acts.add_person(name="孙浩", employee_no=None, mobile=None, hire_on=None, by=None, at=AT)
    question = ask(twin)
    acts.merge_people(keep=world.veteran, drop=twin, reason="同一个人", by=world.admin, at=AT)
    question.refresh_from_db()
    assert question.asked_by_id == world.veteran.pk
