"""Recordings: only after somebody at the customer agreed, in parts that continue where they broke, and not for ever."""

from __future__ import annotations

import hashlib
import io
import os
import re
import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.journal.models import Entry
from pacesetter.lib import filetypes
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit
from pacesetter.pipeline.acts.customer import live
from pacesetter.pipeline.models import Contact, Customer

from ..models import Activity, Attachment, Consent, FileState
from ..rules import files as rules
from . import files

# how far back ended files are looked for
SWEPT_DAYS = 7
LISTENING_MINUTES = 30
OPEN = (FileState.COMING, FileState.WHOLE)


class WrongOffset(Refusal):
    """A part that does not begin where the last one ended; `expected` is where."""

    def __init__(self, expected: int) -> None:
        super().__init__(_("从第 %(n)s 字节继续。") % {"n": expected}, code="offset", field="offset")
        self.expected = expected


@transaction.atomic
def note_consent(
    *, customer: Customer, who: str, how: str, given_on: date, by: Person, at: datetime,
    contact: Contact | None = None,
) -> Consent:  # fmt: skip
    """Write down who agreed to be recorded, how and when. The same again gives the one that is there."""
    live(customer)
    who = who.strip()[:80] or (contact.name if contact else "")
    edit.required(who, "who", _("谁同意的"))
    if how not in rules.HOWS:
        raise Refusal(_("请选同意的方式：口头、书面或消息。"), code="choice", field="how")
    if contact is not None and contact.customer_id != customer.pk:
        raise Refusal(_("这位联系人属于另一个客户。"), code="choice", field="contact")
    edit.refuse_future(given_on, today=people.business_day(at), field="given_on")
    said = {"customer": customer, "contact": contact, "who": who, "how": how, "given_on": given_on}
    same = Consent.objects.filter(**said, withdrawn_at=None).first()
    if same is not None:
        return same
    row = Consent.objects.create(**said, noted_by=by, at=at)
    record("note_consent", by=by, at=at, entity="consent", object_id=row.pk, label=f"{customer.name} {who}",
           after={"customer_id": customer.pk, "who": who, "how": how, "given_on": given_on})  # fmt: skip
    return row


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Person, at: datetime, reason: str = "") -> Consent:
    """Whoever agreed takes it back: every recording made on it is removed with it."""
    consent = edit.locked(consent)
    if consent.withdrawn_at is not None:
        return consent
    consent = edit.change(consent, {"withdrawn_at": at}, act="withdraw_consent", by=by, at=at, reason=reason)
    for row in Attachment.objects.select_for_update().filter(consent=consent, state__in=OPEN):
        files.end(row, FileState.REMOVED, act="remove_recording", by=by, at=at, reason=str(_("撤回了录音同意")))
    return consent


@transaction.atomic
def begin_recording(
    activity: Activity, *, name: str, size: int, sha256: str, consent: Consent, by: Person, at: datetime
) -> Attachment:  # fmt: skip
    """Announce a recording; the same file announced again is the upload that broke off, with what has come of it."""
    activity = files.own(activity, by=by)
    consent = edit.locked(consent)
    if consent.withdrawn_at is not None:
        raise Refusal(_("这份同意已经撤回，不能上传录音。"), code="withdrawn", field="consent")
    if activity.customer_id != consent.customer_id:
        raise Refusal(_("这份同意属于另一个客户。"), code="choice", field="consent")
    files.check_size("recording", size)
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Refusal(_("文件的校验值不对，请重新选择文件。"), code="sha256", field="sha256")
    live_ones = Attachment.objects.filter(activity=activity, state__in=OPEN)
    same = live_ones.filter(kind="recording", size=size, sha256=sha256, consent=consent).first()
    if same is not None:
        return same
    if live_ones.count() >= rules.MOST_FILES:
        raise Refusal(_("一条记录最多 %(n)s 个附件。") % {"n": rules.MOST_FILES}, code="many", field="file")
    last = people.business_day(at) + timedelta(days=people.company().recording_days)
    row = Attachment.objects.create(
        activity=activity, uuid=uuid.uuid4(), kind="recording", name=files.plain_name(name), size=size, sha256=sha256,
        consent=consent, by=by, at=at, keep_until=last,
    )  # fmt: skip
    record("begin_recording", by=by, at=at, entity="attachment", object_id=row.pk, label=row.name,
           about_id=activity.person_id,
           after={"activity_id": activity.pk, "size": size, "consent_id": consent.pk})  # fmt: skip
    return row


@transaction.atomic
def receive_part(row: Attachment, *, offset: int, data: bytes, by: Person) -> Attachment:
    """Take the next part. Its bytes are on the disk before they are counted, so a kill in between repeats a part."""
    row = _coming(edit.locked(row), by)
    if offset != row.received:
        raise WrongOffset(row.received)
    if not data or len(data) > rules.PART or offset + len(data) > row.size:
        raise Refusal(_("这一段的大小不对。"), code="part", field="offset")
    if offset == 0:
        files.check_type("recording", io.BytesIO(data))
    path = row.path
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with path.open("r+b" if path.exists() else "w+b") as out:
        out.seek(offset)
        out.write(data)
        out.truncate()
        out.flush()
        os.fsync(out.fileno())
    row.received = offset + len(data)
    row.save(update_fields=["received"])
    return row


@transaction.atomic
def complete_recording(row: Attachment, *, by: Person, at: datetime) -> Attachment:
    """All parts are there: whole when size and digest are what was announced, else it begins again at 0.

    A recording longer than two hours, where its header tells, is removed.
    """
    row = edit.locked(row)
    if row.state == FileState.WHOLE and row.by_id == by.pk:
        return row
    _coming(row, by)
    if row.received != row.size:
        raise WrongOffset(row.received)
    digest = hashlib.sha256()
    with row.path.open("rb") as file:
        for block in iter(lambda: file.read(files.BLOCK), b""):
            digest.update(block)
        told, lasts = filetypes.sniff(file), filetypes.seconds(file)
    if digest.hexdigest() != row.sha256 or told is None:
        row.received = 0
        row.save(update_fields=["received"])
        return row
    if lasts is not None and lasts > rules.LONGEST_SECONDS:
        return files.end(row, FileState.REMOVED, act="remove_recording", by=by, at=at, reason=str(_("超过 2 小时")))
    values = {"state": FileState.WHOLE, "content_type": told.content_type,
              "name": files.plain_name(row.name, told.ending)}  # fmt: skip
    return edit.change(row, values, act="complete_recording", by=by, at=at, about_id=row.activity.person_id)


def _coming(row: Attachment, by: Person) -> Attachment:
    if row.by_id != by.pk or row.activity.person_id != by.pk:
        raise Refusal(_("只能给自己的记录加附件。"), code="own")
    if row.state != FileState.COMING:
        raise Refusal(_("这次上传已经结束。"), code="ended")
    return row


@transaction.atomic
def note_opening(row: Attachment, *, by: Person, at: datetime) -> Attachment:
    """Somebody listens to a recording: who it is about finds that in the journal."""
    record("open_recording", by=by, at=at, entity="attachment", object_id=row.pk, label=row.name,
           about_id=row.activity.person_id, after={"activity_id": row.activity_id})  # fmt: skip
    return row


@transaction.atomic
def note_listening(row: Attachment, *, by: Person, at: datetime) -> Attachment:
    """A player asks for one part after the other: one listening within half an hour is one line."""
    since = at - timedelta(minutes=LISTENING_MINUTES)
    lines = Entry.objects.filter(entity="attachment", object_id=str(row.pk), act="open_recording", by_id=by.pk)
    return row if lines.filter(at__gt=since).exists() else note_opening(row, by=by, at=at)


def sweep_files(*, at: datetime) -> int:
    """Bytes of files that ended lately and are still there: a kill between the end and the deletion leaves them."""
    ended = Attachment.objects.filter(ended_at__gt=at - timedelta(days=SWEPT_DAYS))
    left = [row.path for row in ended if row.path.exists()]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


@transaction.atomic
def expire_recording(pk: int, *, at: datetime) -> bool:
    """Ended by the clock: kept long enough, or an upload nobody went on with. False when it had ended already."""
    row = Attachment.objects.select_for_update().filter(pk=pk, kind="recording", state__in=OPEN).first()
    if row is None:
        return False
    files.end(row, FileState.EXPIRED, act="expire_recording", by=None, at=at)
    return True
