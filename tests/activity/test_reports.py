"""Needs-analysis reports: one named reader, read and answered, overdue after 14 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, NeedsReport
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import reads as people
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World

WHOLE = {"situation": "三条产线", "needs": "停机太多", "proposal": "先试一条线"}


@pytest.fixture
def record(world: World) -> Activity:
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.log_activity(person=world.veteran, kind="needs_report", customer=customer, by=world.veteran, at=AT)


def write(record: Activity, world: World, **more: Any) -> NeedsReport:
    values = {"answers": WHOLE, "reader": world.leader, "by": world.veteran, "at": AT, **more}
    return acts.write_report(record, **values)


def code(run: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run()
    return refused.value.code


def waiting(person_id: int, on: Any) -> reads.Waiting:
    return reads.waiting(person_id, on, people.zone())


def test_it_is_read_once_answered_and_the_author_is_told(world: World, record: Activity):
    report = write(record, world)
    assert [row.pk for row in waiting(world.leader.pk, TODAY).read] == [report.pk]
    acts.read_report(report, by=world.leader, at=AT)
    later = AT + timedelta(hours=1)
    assert acts.read_report(report, by=world.leader, at=later).read_at == AT
    assert not waiting(world.leader.pk, TODAY)
    for _again in range(2):
        report = acts.answer_report(report, reply="先约技术", by=world.leader, at=later)
    assert Entry.objects.filter(act="answer_report").count() == Entry.objects.filter(act="read_report").count() == 1
    assert Entry.objects.get(act="answer_report").label == "海川机械 2026-03-16 → 王敏", "as it reads in the journal"
    assert [row.pk for row in waiting(world.veteran.pk, TODAY).answered] == [report.pk]
    report = acts.see_reply(report, by=world.veteran, at=later)
    assert not waiting(world.veteran.pk, TODAY)
    assert reads.report_state(report, TODAY) == "answered"


def test_unread_after_fourteen_days_is_overdue_for_both(world: World, record: Activity):
    report = write(record, world)
    on_the_day, day_after = TODAY + timedelta(days=14), TODAY + timedelta(days=15)
    assert [reads.report_state(report, day) for day in (on_the_day, day_after)] == ["waiting", "overdue"]
    assert not waiting(world.veteran.pk, on_the_day)
    assert [row.pk for row in waiting(world.veteran.pk, day_after).unread] == [report.pk]
    assert [row.pk for row in waiting(world.leader.pk, day_after).read] == [report.pk]


def test_a_reply_without_opening_counts_as_read(world: World, record: Activity):
    report = acts.answer_report(write(record, world), reply="好", by=world.leader, at=AT)
    assert (report.read_at, report.replied_at) == (AT, AT)


def test_another_reader_begins_anew(world: World, record: Activity):
    report = acts.answer_report(write(record, world), reply="好", by=world.leader, at=AT)
    later = AT + timedelta(days=2)
    report = write(record, world, reader=world.director, at=later)
    assert (report.read_at, report.reply, report.sent_at) == (None, "", later)
    assert not reads.reports(world.reach(world.grower)).exists()


def test_the_same_report_again_writes_nothing_and_a_lost_update_is_told(world: World, record: Activity):
    report = write(record, world)
    assert write(record, world).version == report.version == 1
    assert write(record, world, answers={**WHOLE, "budget": "二季度"}, version=1).version == 2
    with pytest.raises(Conflict):
        write(record, world, answers=WHOLE, version=1)
    assert NeedsReport.objects.count() == 1


def test_what_is_no_report_is_refused(world: World, record: Activity):
    assert code(lambda: write(record, world, answers={**WHOLE, "needs": " "})) == "required"
    assert code(lambda: write(record, world, reader=world.veteran)) == "own"
    assert code(lambda: write(record, world, reader=world.left)) == "owner_left"
    assert code(lambda: write(record, world, by=world.grower)) == "own"
    call = acts.log_activity(person=world.veteran, kind="call", customer=record.customer, by=world.veteran, at=AT)
    assert code(lambda: write(call, world)) == "kind"
    report = write(record, world)
    assert code(lambda: acts.read_report(report, by=world.director, at=AT)) == "reader"
    assert code(lambda: acts.answer_report(report, reply="x", by=world.veteran, at=AT)) == "reader"
    assert code(lambda: acts.answer_report(report, reply=" ", by=world.leader, at=AT)) == "required"
    acts.withdraw_activity(record, reason="记错", by=world.veteran, at=AT)
    assert code(lambda: write(record, world)) == "withdrawn"
    assert code(lambda: acts.answer_report(report, reply="x", by=world.leader, at=AT)) == "withdrawn"


def test_who_reads_is_the_author_the_reader_and_who_answers_for_the_author(world: World, record: Activity):
    write(record, world, reader=world.grower)
    for person in (world.veteran, world.grower, world.leader, world.director):
        assert reads.reports(world.reach(person)).count() == 1
    for person in (world.newcomer, world.leader2, world.rep2, world.analyst, world.hrbp, world.admin):
        assert reads.reports(world.reach(person)).count() == 0


def test_a_new_template_holds_from_its_day(world: World, record: Activity):
    tomorrow = TODAY + timedelta(days=1)
    sections = [{"key": "pain", "zh": "痛点", "en": "Pain", "required": True}]
    made = acts.set_report_template(valid_from=tomorrow, sections=sections, by=world.director, at=AT)
    assert write(record, world).template is None
    later = acts.log_activity(person=world.veteran, kind="needs_report", customer=record.customer, on=tomorrow,
                              by=world.veteran, at=AT + timedelta(days=1))  # fmt: skip
    assert write(later, world, answers={"pain": "停机", "needs": "不在模板里"}).answers == {"pain": "停机"}
    assert reads.template_on(tomorrow) == made
    assert code(lambda: acts.set_report_template(valid_from=tomorrow, sections=[], by=None, at=AT)) == "shape"
