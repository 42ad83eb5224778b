"""The journal: one chained line per act, never changed, and forms that act once."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import DatabaseError, connection, transaction

from pacesetter.journal import acts, reads
from pacesetter.journal.models import Answer, Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people.models import Region

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


class Somebody:
    """An actor without a database row."""

    name = "王敏"
    pk = 7


BY = Somebody()


def line(**said):
    return acts.record("sign_deal", by=BY, at=AT, **{"entity": "deal", "object_id": 1, **said})


def untriggered():
    """Take the guards off, as somebody with the database's own password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER journal_entry_update")
            cursor.execute("DROP TRIGGER journal_entry_delete")
        else:
            cursor.execute("DROP TRIGGER journal_entry_append_only ON journal_entry")


def test_each_line_names_the_one_before_it():
    first, second = line(label="海川"), line(label="远山")
    assert first.previous == acts.GENESIS
    assert second.previous == first.digest
    assert acts.broken_lines() == []


@pytest.mark.parametrize(
    "change",
    [
        {"label": "别人"},
        {"after": {"amount_minor": 2}},
        {"by_id": 8},
        {"reason": "x"},
        {"at": AT + timedelta(seconds=1)},
        {"rows": 2},
    ],
)
def test_any_changed_column_of_a_line_is_found(change):
    line(label="海川", after={"amount_minor": 1})
    tampered = line(label="远山", after={"amount_minor": 1}, reason="签约")
    line(label="青屿")
    untriggered()
    Entry.objects.filter(pk=tampered.pk).update(**change)
    assert acts.broken_lines() == [tampered.pk]


def test_a_line_taken_out_is_found_at_its_successor():
    line()
    gone = line()
    after = line()
    untriggered()
    Entry.objects.filter(pk=gone.pk).delete()
    assert acts.broken_lines() == [after.pk]


def test_the_same_instant_in_another_zone_gives_the_same_digest():
    entry = acts.record(
        "x", by=BY, at=AT.astimezone(timezone(timedelta(hours=8))), entity="deal", after={"on": date(2026, 3, 16)}
    )
    entry.refresh_from_db()
    assert acts.digest_of(entry) == entry.digest


@pytest.mark.parametrize("statement", ["UPDATE journal_entry SET label = 'x'", "DELETE FROM journal_entry"])
def test_the_database_itself_refuses_to_change_a_line(statement):
    line(label="海川")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.get().label == "海川"


@pytest.mark.parametrize("statement", ["UPDATE journal_rowchange SET row_id = 9", "DELETE FROM journal_rowchange"])
def test_the_database_itself_refuses_to_change_a_row_of_a_batch(statement):
    acts.record_rows(line(), "deal", [(1, None, {"name": "海川"}), (2, {"name": "旧"}, {"name": "新"})])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert [(c.row_id, c.before, c.after) for c in RowChange.objects.order_by("row_id")] == [
        (1, None, {"name": "海川"}),
        (2, {"name": "旧"}, {"name": "新"}),
    ]


def test_a_line_dies_with_its_act():
    @transaction.atomic
    def act():
        line()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert not Entry.objects.exists()
    assert acts.broken_lines() == []


def test_the_system_acts_without_a_name():
    entry = acts.record("close", by=None, at=AT, entity="period")
    assert (entry.by_id, entry.by_name) == (None, "")


def ask(key="k1", body=b"name=1", path="/regions/", run=None, by=BY):
    def make():
        region = Region.objects.create(name=f"华东{Region.objects.count()}")
        return acts.Reply(302, location=f"/regions/{region.pk}/")

    return acts.answer_once(by=by, key=key, path=path, body=body, at=AT, run=run or make)


def test_the_same_form_sent_three_times_acts_once():
    first, replayed = ask()
    assert not replayed
    assert [ask(), ask()] == [(first, True), (first, True)]
    assert Region.objects.count() == 1


@pytest.mark.parametrize("other", [{"body": b"name=2"}, {"path": "/teams/"}])
def test_a_used_key_with_something_else_is_refused(other):
    ask()
    with pytest.raises(Refusal) as refusal:
        ask(**other)
    assert refusal.value.code == "key_reused"
    assert Region.objects.count() == 1


def test_two_people_may_hold_the_same_key():
    class Other(Somebody):
        pk = 8

    ask()
    _reply, replayed = ask(by=Other())
    assert not replayed
    assert Region.objects.count() == 2


def test_a_refused_form_may_be_sent_again_corrected():
    def refuse():
        Region.objects.create(name="不该留下")
        return acts.Reply(422, body="看看名字")

    reply, replayed = ask(run=refuse)
    assert (reply.status, replayed) == (422, False)
    assert not Region.objects.exists()
    assert not Answer.objects.exists()
    reply, replayed = ask(body=b"name=corrected")
    assert (reply.status, replayed) == (302, False)


def test_an_act_that_fails_leaves_no_answer():
    def fail():
        Region.objects.create(name="一半")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        ask(run=fail)
    assert not Answer.objects.exists()
    assert not Region.objects.exists()


def test_bulk_rows_get_ids_that_nobody_else_has():
    before = Region.objects.create(name="先来")
    ids = acts.reserve_ids(Region, 3)
    assert acts.write_rows(Region, ["id", "name"], [(i, f"第{i}") for i in ids]) == 3
    after = Region.objects.create(name="后到")
    taken = list(Region.objects.order_by("id").values_list("id", flat=True))
    assert taken == [before.pk, *ids, after.pk]


def test_lines_of_an_object_and_of_a_person():
    mine = line(label="海川")
    other = acts.record("assign", by=None, at=AT + timedelta(days=1), entity="customer", object_id=3, about_id=7)
    acts.record("assign", by=None, at=AT, entity="customer", object_id=4)
    assert list(reads.lines_of("deal", 1)) == [mine]
    assert list(reads.search(concerning=7)) == [other, mine]
    assert list(reads.search(start=AT + timedelta(hours=1))) == [other]
    assert list(reads.search(words="海")) == [mine]
    assert list(reads.search(act="assign", entity="customer", end=AT + timedelta(hours=1))) == list(
        reads.lines_of("customer", 4)
    )
