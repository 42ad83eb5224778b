"""Needs-analysis reports: written from the company's template for one named reader, who reads and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import edit

from .. import reads
from ..models import Activity, NeedsReport, ReportTemplate
from ..rules import evidence as rules
from .observations import new_words

KIND = "needs_report"
LONGEST = 4_000


@transaction.atomic
def write_report(
    activity: Activity, *, answers: Mapping[str, str], reader: Person, by: Person | None, at: datetime,
    version: int | None = None,
) -> NeedsReport:  # fmt: skip
    """Write the report of a record, or change it. Another reader begins anew: unread and unanswered."""
    activity = edit.locked(activity)
    if activity.withdrawn_at is not None:
        raise Refusal(_("这条记录已经撤回。"), code="withdrawn")
    if activity.kind != KIND:
        raise Refusal(_("只有需求分析报告这一类可以写报告。"), code="kind")
    if by is not None and by.pk != activity.person_id:
        raise Refusal(_("报告由记录的本人写。"), code="own")
    if reader.pk == activity.person_id:
        raise Refusal(_("请选一位同事来读，不能选自己。"), code="own", field="reader")
    edit.check_owner(reader, on=people.business_day(at), field="reader")
    row = NeedsReport.objects.select_for_update().filter(activity=activity).first()
    template = row.template if row is not None else reads.template_on(activity.on)
    sections = reads.sections_of(template)
    kept = {part["key"]: answers.get(part["key"], "").strip()[:LONGEST] for part in sections}
    lacking = rules.missing_sections(kept, sections)
    if lacking:
        raise Refusal(_("这一节必须写。"), code="required", field=lacking[0])
    if row is None:
        row = NeedsReport.objects.create(activity=activity, template=template, answers=kept, reader=reader, sent_at=at)
        record("write_report", by=by, at=at, entity="needsreport", object_id=row.pk, label=str(activity),
               about_id=activity.person_id, after={"activity_id": activity.pk, "reader_id": reader.pk})  # fmt: skip
        return row
    values: dict[str, Any] = {"answers": kept, "reader": reader}
    if row.reader_id != reader.pk:
        values |= {"read_at": None, "reply": "", "replied_at": None, "seen_at": None, "sent_at": at}
    return edit.change(row, values, act="write_report", by=by, at=at, version=version, about_id=activity.person_id)


@transaction.atomic
def read_report(report: NeedsReport, *, by: Person, at: datetime) -> NeedsReport:
    """Its reader has opened it; the first time is what counts."""
    report = edit.locked(report)
    _reader(report, by)
    if report.read_at is not None:
        return report
    return edit.change(report, {"read_at": at}, act="read_report", by=by, at=at, about_id=report.activity.person_id)


@transaction.atomic
def answer_report(report: NeedsReport, *, reply: str, by: Person, at: datetime) -> NeedsReport:
    """The reader answers; the author is told. The same words again change nothing."""
    report = edit.locked(report)
    _reader(report, by)
    edit.required(reply, "reply", _("回复"))
    reply = reply.strip()[:500]
    if reply == report.reply:
        return report
    values = {"reply": reply, "replied_at": at, "seen_at": None, "read_at": report.read_at or at}
    return edit.change(report, values, act="answer_report", by=by, at=at, about_id=report.activity.person_id)


@transaction.atomic
def see_reply(report: NeedsReport, *, by: Person, at: datetime) -> NeedsReport:
    """The author has seen the answer; it leaves their list of news."""
    report = edit.locked(report)
    if report.activity.person_id != by.pk or report.replied_at is None or report.seen_at is not None:
        return report
    return edit.change(report, {"seen_at": at}, act="see_reply", by=by, at=at, about_id=by.pk)


def _reader(report: NeedsReport, by: Person) -> None:
    if report.reader_id != by.pk:
        raise Refusal(_("这份报告是给%(name)s看的。") % {"name": report.reader.name}, code="reader")
    if report.activity.withdrawn_at is not None:
        raise Refusal(_("这条记录已经撤回。"), code="withdrawn")


@transaction.atomic
def set_report_template(
    *, valid_from: date, sections: Sequence[Mapping[str, Any]], by: Person | None, at: datetime, reason: str = "",
    version: int | None = None,
) -> ReportTemplate:  # fmt: skip
    """The sections of reports from a day on; earlier reports keep theirs."""
    if rules.template_faults(sections):
        raise Refusal(_("模板要 1 到 12 节，每节有中英文名称。"), code="shape", field="sections")
    row: ReportTemplate = new_words(ReportTemplate, "sections", sections, act="set_report_template",
                                    valid_from=valid_from, by=by, at=at, reason=reason, version=version)  # fmt: skip
    return row
