"""Files of a record: kept outside the web root under random names, checked by their bytes, removed by their author."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib import filetypes
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit

from ..models import Activity, ActivityKind, Attachment, FileState
from ..rules import files as rules
from .judging import judged_again

BLOCK = 256 * 1024


@transaction.atomic
def add_file(
    activity: Activity, *, kind: str, name: str, content: BinaryIO, size: int, by: Person, at: datetime
) -> Attachment:  # fmt: skip
    """Put a photo, a voice note or a document beside one's own record. The same bytes again give what is there."""
    activity = own(activity, by=by)
    if kind not in rules.KINDS or kind == "recording":
        raise Refusal(_("没有这种附件。"), code="choice", field="kind")
    check_size(kind, size)
    told = check_type(kind, content)
    digest = hashlib.sha256()
    for block in iter(lambda: content.read(BLOCK), b""):
        digest.update(block)
    content.seek(0)
    live = Attachment.objects.filter(activity=activity, state__in=(FileState.WHOLE, FileState.COMING))
    same = live.filter(sha256=digest.hexdigest(), kind=kind, state=FileState.WHOLE).first()
    if same is not None:
        return same
    if live.count() >= rules.MOST_FILES:
        raise Refusal(_("一条记录最多 %(n)s 个附件。") % {"n": rules.MOST_FILES}, code="many", field="file")
    if kind == "photo" and _asks_photo(activity):
        people.refuse_closed(activity.on)
    row = Attachment(activity=activity, uuid=uuid.uuid4(), kind=kind, name=plain_name(name, told.ending), size=size,
                     content_type=told.content_type, received=size, sha256=digest.hexdigest(), state=FileState.WHOLE,
                     by=by, at=at)  # fmt: skip
    keep(row.path, content)
    row.save(force_insert=True)
    record("add_file", by=by, at=at, entity="attachment", object_id=row.pk, label=row.name,
           about_id=activity.person_id, after={"activity_id": activity.pk, "kind": kind, "size": size})  # fmt: skip
    if kind == "photo" and _asks_photo(activity):
        judged_again(activity)
    return row


@transaction.atomic
def remove_file(row: Attachment, *, by: Person, at: datetime, reason: str = "") -> Attachment:
    """Its author takes a file away; its bytes are gone, the line that it was there stays."""
    row = edit.locked(row)
    if row.activity.person_id != by.pk:
        raise Refusal(_("只能删自己的附件。"), code="own")
    if row.state in (FileState.REMOVED, FileState.EXPIRED):
        return row
    proves = row.kind == "photo" and _asks_photo(row.activity)
    if proves:
        people.refuse_closed(row.activity.on)
    row = end(row, FileState.REMOVED, act="remove_file", by=by, at=at, reason=reason)
    if proves:
        judged_again(row.activity)
    return row


def end(row: Attachment, state: str, *, act: str, by: Person | None, at: datetime, reason: str = "") -> Attachment:
    """Part of an act: the row says how it ended, its bytes go once that is certain."""
    row = edit.change(row, {"state": state, "ended_at": at}, act=act, by=by, at=at, reason=reason,
                      about_id=row.activity.person_id)  # fmt: skip
    transaction.on_commit(lambda: row.path.unlink(missing_ok=True))
    return row


def own(activity: Activity, *, by: Person) -> Activity:
    """One's own record, held until the act is over."""
    activity = edit.locked(activity)
    if activity.person_id != by.pk:
        raise Refusal(_("只能给自己的记录加附件。"), code="own")
    if activity.withdrawn_at is not None:
        raise Refusal(_("这条记录已经撤回。"), code="withdrawn")
    return activity


def check_size(kind: str, size: int) -> None:
    """Something, and not too much."""
    most = rules.most_bytes(kind)
    if size <= 0:
        raise Refusal(_("文件是空的。"), code="empty", field="file")
    if size > most:
        raise Refusal(_("文件太大，这一类最多 %(n)s MB。") % {"n": most // rules.MB}, code="size", field="file")


def check_type(kind: str, content: BinaryIO) -> filetypes.FileType:
    """What it is by its bytes; the name says nothing."""
    told = filetypes.sniff(content)
    if told is None or not rules.fits(kind, told.group):
        wanted = {
            "photo": _("照片要 PNG、JPEG、WebP 或 HEIC。"),
            "document": _("文件要 PDF、DOCX、XLSX、PPTX 或图片，不带宏。"),
        }.get(kind, _("语音要 WebM、M4A、MP3、WAV 或 OGG。"))
        raise Refusal(wanted, code="type", field="file")
    return told


def plain_name(name: str, ending: str = "") -> str:
    """The name somebody gave it, without folders or control characters, with the ending that belongs to its bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable() and char not in '"<>|:*?').strip(" .")[:150]
    if ending and not kept.lower().endswith(f".{ending}"):
        kept = f"{kept.rsplit('.', 1)[0] or 'file'}.{ending}"
    return kept or "file"


def keep(path: Path, content: BinaryIO) -> None:
    """Write the bytes so that a name is never seen without its whole content."""
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    content.seek(0)
    with half.open("wb") as out:
        for block in iter(lambda: content.read(BLOCK), b""):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)


def _asks_photo(activity: Activity) -> bool:
    return ActivityKind.objects.filter(key=activity.kind, needs_photo=True, is_visit=True).exists()
