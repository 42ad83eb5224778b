"""Recordings: consent first, parts that go on where they broke, an end after 180 days or when consent is withdrawn."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pacesetter.activity import acts, followups, reads
from pacesetter.activity.acts.recordings import WrongOffset
from pacesetter.activity.models import Activity, Attachment, Consent
from pacesetter.activity.rules import files as rules
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.pipeline import acts as pipeline
from tests.lib.test_filetypes import wav
from tests.world import AT, TODAY, World

SOUND = wav(60) + bytes(range(256)) * 12


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def visit(world: World) -> Activity:
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.log_activity(person=world.veteran, kind="visit", customer=customer, companion=world.newcomer,
                             by=world.veteran, at=AT)  # fmt: skip


@pytest.fixture
def consent(world: World, visit: Activity) -> Consent:
    assert visit.customer is not None
    return acts.note_consent(customer=visit.customer, who="王总", how="spoken", given_on=TODAY, by=world.veteran, at=AT)


def begin(visit: Activity, consent: Consent, world: World, sound: bytes = SOUND, **more: Any) -> Attachment:
    values = {"name": "拜访.wav", "size": len(sound), "sha256": hashlib.sha256(sound).hexdigest(), "by": world.veteran,
              "at": AT, **more}  # fmt: skip
    return acts.begin_recording(visit, consent=consent, **values)


def send(row: Attachment, world: World, sound: bytes = SOUND, step: int = 1000) -> Attachment:
    for offset in range(row.received, len(sound), step):
        row = acts.receive_part(row, offset=offset, data=sound[offset : offset + step], by=world.veteran)
    return row


def code(run: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run()
    return refused.value.code


def test_parts_become_the_file_that_was_announced(world: World, visit: Activity, consent: Consent):
    row = send(begin(visit, consent, world), world)
    for _again in range(2):
        row = acts.complete_recording(row, by=world.veteran, at=AT)
    assert (row.state, row.content_type, row.keep_until) == ("whole", "audio/wav", TODAY + timedelta(days=180))
    assert row.path.read_bytes() == SOUND
    acts_told = [line.act for line in Entry.objects.filter(entity="attachment").order_by("id")]
    assert acts_told == ["begin_recording", "complete_recording"]


def test_what_broke_off_goes_on_where_it_broke(world: World, visit: Activity, consent: Consent):
    row = begin(visit, consent, world)
    row = acts.receive_part(row, offset=0, data=SOUND[:1000], by=world.veteran)
    for wrong in (0, 500, 2000, -1):
        with pytest.raises(WrongOffset) as told:
            acts.receive_part(row, offset=wrong, data=SOUND[:10], by=world.veteran)
        assert told.value.expected == 1000
    with pytest.raises(WrongOffset):
        acts.complete_recording(row, by=world.veteran, at=AT)
    # killed after the bytes of a part were written and before they were counted
    with row.path.open("ab") as file:
        file.write(b"half a part that nobody counted")
    again = begin(visit, consent, world)
    assert (again.pk, again.received) == (row.pk, 1000)
    row = acts.complete_recording(send(again, world), by=world.veteran, at=AT)
    assert (row.state, row.path.read_bytes() == SOUND) == ("whole", True)


def test_other_bytes_than_announced_begin_again(world: World, visit: Activity, consent: Consent):
    row = begin(visit, consent, world)
    torn = SOUND[:-1] + b"?"
    row = acts.complete_recording(send(row, world, torn), by=world.veteran, at=AT)
    assert (row.state, row.received) == ("coming", 0)
    row = acts.complete_recording(send(row, world), by=world.veteran, at=AT)
    assert row.state == "whole"


def test_nothing_without_a_consent_of_this_customer_that_holds(world: World, visit: Activity, consent: Consent):
    other = pipeline.add_customer(name="东海电子", owner=world.veteran, by=None, at=AT)
    theirs = acts.note_consent(customer=other, who="李总", how="written", given_on=TODAY, by=world.veteran, at=AT)
    assert code(lambda: begin(visit, theirs, world)) == "choice"
    acts.withdraw_consent(consent, by=world.veteran, at=AT)
    assert code(lambda: begin(visit, consent, world)) == "withdrawn"
    assert not Attachment.objects.exists()


def test_the_database_itself_keeps_no_recording_without_consent(world: World, visit: Activity):
    import uuid

    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(activity=visit, uuid=uuid.uuid4(), kind="recording", name="x", size=1,
                                  by=world.veteran, at=AT)  # fmt: skip


def test_a_consent_is_noted_once_and_says_who_when_and_how(world: World, visit: Activity, consent: Consent):
    said: dict[str, Any] = {"customer": visit.customer, "who": "王总", "how": "spoken", "given_on": TODAY}
    note = {"by": world.veteran, "at": AT}
    assert acts.note_consent(**said, **note).pk == consent.pk
    assert code(lambda: acts.note_consent(**{**said, "who": " "}, **note)) == "required"
    assert code(lambda: acts.note_consent(**{**said, "how": "assumed"}, **note)) == "choice"
    assert code(lambda: acts.note_consent(**{**said, "given_on": TODAY + timedelta(days=1)}, **note)) == "future"


def test_withdrawn_consent_takes_its_recordings_with_it(
    world: World, visit: Activity, consent: Consent, media: Path, django_capture_on_commit_callbacks: Any
):
    acts.complete_recording(send(begin(visit, consent, world), world), by=world.veteran, at=AT)
    more = SOUND + b"more"
    half = acts.receive_part(begin(visit, consent, world, more), offset=0, data=more[:1000], by=world.veteran)
    with django_capture_on_commit_callbacks(execute=True):
        for _again in range(2):
            consent = acts.withdraw_consent(consent, reason="客户要求", by=world.veteran, at=AT)
    assert set(Attachment.objects.values_list("state", flat=True)) == {"removed"}
    assert [path for path in media.rglob("*") if path.is_file()] == []
    assert code(lambda: acts.receive_part(half, offset=1000, data=b"x", by=world.veteran)) == "ended"
    assert Entry.objects.filter(act="withdraw_consent").count() == 1


@pytest.mark.parametrize(
    ("more", "refused"),
    [({"size": 0}, "empty"), ({"size": 100 * rules.MB + 1}, "size"), ({"sha256": "x"}, "sha256")],
)
def test_what_cannot_be_a_recording_is_refused(
    world: World, visit: Activity, consent: Consent, more: dict[str, Any], refused: str
):
    assert code(lambda: begin(visit, consent, world, **more)) == refused
    assert code(lambda: begin(visit, consent, world, by=world.leader)) == "own"


def test_a_part_is_refused_by_its_type_its_size_and_its_sender(world: World, visit: Activity, consent: Consent):
    row = begin(visit, consent, world)
    assert code(lambda: acts.receive_part(row, offset=0, data=b"<html>", by=world.veteran)) == "type"
    assert code(lambda: acts.receive_part(row, offset=0, data=b"", by=world.veteran)) == "part"
    assert code(lambda: acts.receive_part(row, offset=0, data=SOUND + b"x", by=world.veteran)) == "part"
    assert code(lambda: acts.receive_part(row, offset=0, data=SOUND[:9], by=world.leader)) == "own"


def test_longer_than_two_hours_is_removed_where_the_header_says_so(world: World, visit: Activity, consent: Consent):
    long = wav(2 * 3600 + 1) + bytes(100)
    row = acts.complete_recording(
        send(begin(visit, consent, world, long), world, long), by=world.veteran, at=AT
    )  # fmt: skip
    assert row.state == "removed"


def test_only_its_author_and_their_managers_open_it(world: World, visit: Activity, consent: Consent):
    acts.complete_recording(send(begin(visit, consent, world), world), by=world.veteran, at=AT)
    assert [reads.files(world.reach(p)).count() for p in (world.veteran, world.leader)] == [1, 1]
    others = (world.newcomer, world.grower, world.leader2, world.director, world.analyst, world.hrbp, world.admin)
    assert [reads.files(world.reach(person)).count() for person in others] == [0] * len(others)


def test_recordings_go_after_180_days_and_broken_uploads_after_a_week(
    world: World, visit: Activity, consent: Consent, django_capture_on_commit_callbacks: Any
):
    row = acts.complete_recording(send(begin(visit, consent, world), world), by=world.veteran, at=AT)
    more = SOUND + b"more"
    begin(visit, consent, world, more)
    assert followups.recordings(now=AT + timedelta(days=7)) == 0
    assert followups.recordings(now=AT + timedelta(days=8)) == 1
    assert followups.recordings(now=AT + timedelta(days=180)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert [followups.recordings(now=AT + timedelta(days=181)) for _again in range(2)] == [1, 0]
    row.refresh_from_db()
    assert (row.state, row.path.exists()) == ("expired", False)


def test_the_company_says_how_long_and_a_shorter_time_holds_for_what_is_there(
    world: World, visit: Activity, consent: Consent
):
    first = begin(visit, consent, world)
    assert first.keep_until == TODAY + timedelta(days=180)
    people.change_company(recording_days=30, by=world.admin, at=AT)
    (shown,) = reads.files_of(world.reach(world.veteran), visit)
    assert shown.until == TODAY + timedelta(days=30)
    Attachment.objects.update(state="whole")
    assert followups.recordings(now=AT + timedelta(days=30)) == 0
    assert followups.recordings(now=AT + timedelta(days=31)) == 1
    people.change_company(recording_days=365, by=world.admin, at=AT)
    second = begin(visit, consent, world)
    assert (second.pk != first.pk, second.keep_until) == (True, TODAY + timedelta(days=365))
    people.change_company(recording_days=20, by=world.admin, at=AT)
    people.change_company(recording_days=400, by=world.admin, at=AT)
    (shown,) = reads.files_of(world.reach(world.veteran), visit)
    assert shown.until == second.keep_until, "a longer time changes no promise"
    with pytest.raises(Refusal):
        people.change_company(recording_days=3, by=world.admin, at=AT)


def test_bytes_left_by_a_kill_after_the_end_are_swept(world: World, visit: Activity, consent: Consent):
    row = acts.complete_recording(send(begin(visit, consent, world), world), by=world.veteran, at=AT)
    acts.withdraw_consent(consent, by=world.veteran, at=AT)
    # the transaction of this test never commits, as if killed between the end and the deletion
    assert row.path.exists()
    assert followups.recordings(now=AT + timedelta(hours=1)) == 0
    assert not row.path.exists()


def test_what_is_whole_is_never_swept(world: World, visit: Activity, consent: Consent):
    row = acts.complete_recording(send(begin(visit, consent, world), world), by=world.veteran, at=AT)
    assert acts.sweep_files(at=AT) == 0
    assert row.path.exists()
