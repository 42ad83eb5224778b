"""Files of a record: what they may be, who reads them, and a visit that waits for its photo."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, ActivityKind, Attachment
from pacesetter.activity.rules import files as rules
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY, World

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def customer(world: World) -> Customer:
    return pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


@pytest.fixture
def visit(world: World, customer: Customer) -> Activity:
    return acts.log_activity(person=world.veteran, kind="visit", customer=customer, contact_name="王总",
                             result="有意向", next_step="报价", next_on=TODAY + timedelta(days=2),
                             companion=world.newcomer, by=world.veteran, at=AT)  # fmt: skip


def add(visit: Activity, world: World, content: bytes = PNG, **more: Any) -> Attachment:
    values = {"kind": "photo", "name": "门头.png", "by": world.veteran, "at": AT, "size": len(content), **more}
    return acts.add_file(visit, content=io.BytesIO(content), **values)


def code(run: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run()
    return refused.value.code


def on_disk(media: Path) -> list[bytes]:
    return [path.read_bytes() for path in media.rglob("*") if path.is_file()]


def test_a_photo_lies_under_a_random_name_and_the_same_again_is_the_same(world: World, visit: Activity, media: Path):
    row = add(visit, world)
    assert add(visit, world).pk == row.pk
    assert on_disk(media) == [PNG]
    assert row.path.name == row.uuid.hex
    assert (row.content_type, row.state, Entry.objects.filter(act="add_file").count()) == ("image/png", "whole", 1)


@pytest.mark.parametrize(
    ("content", "more", "refused"),
    [
        (b"<html>", {}, "type"),
        (b"%PDF-1.7", {}, "type"),
        (PNG, {"kind": "voice"}, "type"),
        (b"MZ\x90", {"kind": "document", "name": "a.pdf"}, "type"),
        (b"", {}, "empty"),
        (PNG, {"size": rules.most_bytes("photo") + 1}, "size"),
        (PNG, {"kind": "recording"}, "choice"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    world: World, visit: Activity, media: Path, content: bytes, more: dict[str, Any], refused: str
):
    assert code(lambda: add(visit, world, content, **more)) == refused
    assert on_disk(media) == []
    assert not Attachment.objects.exists()


def test_only_its_author_adds_and_removes(world: World, visit: Activity, media: Path):
    assert code(lambda: add(visit, world, by=world.leader)) == "own"
    row = add(visit, world)
    assert code(lambda: acts.remove_file(row, by=world.leader, at=AT)) == "own"
    acts.withdraw_activity(visit, reason="记错", by=world.veteran, at=AT)
    assert code(lambda: add(visit, world, PNG + b"2")) == "withdrawn"


def test_a_removed_file_is_gone_from_the_disk_once_that_is_certain(
    world: World, visit: Activity, media: Path, django_capture_on_commit_callbacks: Any
):
    row = add(visit, world)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        acts.remove_file(row, by=world.veteran, at=AT)
        assert on_disk(media) == [PNG]
    assert on_disk(media) == []
    row = acts.remove_file(row, by=world.veteran, at=AT)
    assert (row.state, Entry.objects.filter(act="remove_file").count()) == ("removed", 1)


def test_there_is_a_limit_of_files(world: World, visit: Activity):
    for n in range(rules.MOST_FILES):
        add(visit, world, PNG + bytes([n]))
    assert code(lambda: add(visit, world, PNG + b"more")) == "many"


def test_a_kind_that_needs_a_photo_waits_for_it_and_waits_again_without_it(world: World, customer: Customer):
    acts.change_kind(ActivityKind.objects.get(key="visit"), needs_photo=True, by=world.director, at=AT)
    visit = acts.log_activity(person=world.veteran, kind="visit", customer=customer, contact_name="王总",
                              result="有意向", next_step="报价", next_on=TODAY + timedelta(days=2),
                              by=world.veteran, at=AT)  # fmt: skip
    assert (visit.state, visit.failed) == ("unverified", ["photo"])
    add(visit, world, b"%PDF-1.7", kind="document")
    visit.refresh_from_db()
    assert visit.state == "unverified"
    row = add(visit, world)
    visit.refresh_from_db()
    assert (visit.state, visit.failed, visit.effective) == ("valid", [], True)
    acts.remove_file(row, by=world.veteran, at=AT)
    visit.refresh_from_db()
    assert (visit.state, visit.failed) == ("unverified", ["photo"])


@pytest.mark.parametrize(
    ("asked", "refused", "more"),
    [("needs_note", "need_note", {"note": "看了产线"}), ("needs_place", "need_place", {"place": acts.Place(1, 2)})],
)
def test_what_a_kind_asks_for_is_asked_for_here_too(
    world: World, customer: Customer, asked: str, refused: str, more: dict[str, Any]
):
    acts.change_kind(ActivityKind.objects.get(key="visit"), by=world.director, at=AT, **{asked: True})
    sheet = {"person": world.veteran, "kind": "visit", "customer": customer, "by": world.veteran, "at": AT}
    assert code(lambda: acts.log_activity(**sheet)) == refused
    assert acts.log_activity(**sheet, **more).pk


def test_who_opens_a_file_is_close_to_the_record_or_was_along(world: World, visit: Activity):
    add(visit, world)
    for person in (world.veteran, world.newcomer, world.leader, world.director):
        assert reads.files(world.reach(person)).count() == 1
    for person in (world.grower, world.leader2, world.rep2, world.analyst, world.hrbp, world.finance, world.admin):
        assert reads.files(world.reach(person)).count() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\门头.png", "门头.png"), ("a\r\nb.png", "ab.png"), ("", "file"),
     ("x" * 300, "x" * 150)],
)  # fmt: skip
def test_a_name_keeps_no_folders_and_no_lines(given: str, kept: str):
    from pacesetter.activity.acts.files import plain_name

    assert plain_name(given) == kept
    assert plain_name("photo.exe", "png") == "photo.png"
