"""Somebody was or will be away: recorded, and taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import Absence, ClosedPeriod, Person
from .persons import at_work
from .spells import check_order, said

LONGEST_DAYS = 730


def _refuse_own(person_id: int, by: Person | None) -> None:
    """Days away lower the goals of whoever is away, so somebody else records them."""
    if by is not None and by.pk == person_id:
        raise Refusal(_("自己的缺勤由别人来记：请 HRBP 或系统管理员。"), code="own")


def _refuse_closed(start: date, end: date) -> None:
    """No day of `[start, end)` may lie in a closed period: the goals of its people were judged."""
    if rules.open_stretches(start, end, ClosedPeriod.objects.values_list("start", "end")) != [(start, end)]:
        held = ClosedPeriod.objects.filter(start__lt=end, end__gt=start).order_by("start").first()
        reads.refuse_held(held, max(start, held.start) if held else start, field="start")


@transaction.atomic
def record_absence(
    *, person: Person, kind: str, start: date, end: date, by: Person | None, at: datetime
) -> Absence:  # fmt: skip
    """Somebody is away during `[start, end)`. Refused over another absence, in a closed period, or after leaving."""
    _refuse_own(person.pk, by)
    check_order(start, end, field="end")
    if (end - start).days > LONGEST_DAYS:
        raise Refusal(_("一次缺勤最长记两年，请分开记。"), code="length", field="end")
    if kind not in Absence.Kind.values:
        raise Refusal(_("请选缺勤的类别。"), code="kind", field="kind")
    person = Person.objects.select_for_update().get(pk=person.pk)
    at_work(person, start)
    _refuse_closed(start, end)
    over = Absence.objects.filter(person=person, withdrawn_at=None, start__lt=end, end__gt=start).first()
    if over is not None:
        raise Refusal(
            _("这几天已经记过缺勤（%(start)s 至 %(end)s，不含）。") % {"start": over.start, "end": over.end},
            code="overlap",
            field="start",
        )
    row = Absence.objects.create(person=person, kind=kind, start=start, end=end, recorded_at=at, recorded_by=by)
    record("record_absence", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk, after=said(row))  # fmt: skip
    return row


@transaction.atomic
def withdraw_absence(*, absence: Absence, reason: str = "", by: Person | None, at: datetime) -> Absence:
    """The absence did not happen, or was recorded wrongly. The row stays; nothing counts it any more."""
    _refuse_own(absence.person_id, by)
    Person.objects.select_for_update().get(pk=absence.person_id)
    row = Absence.objects.select_for_update().select_related("person").get(pk=absence.pk)
    if row.withdrawn_at is not None:
        raise Refusal(_("这条缺勤已经撤回。"), code="gone")
    _refuse_closed(row.start, row.end)
    before = said(row)
    row.withdrawn_at, row.withdrawn_by = at, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("withdraw_absence", by=by, at=at, entity="person", object_id=row.person_id, label=row.person.name,
           about_id=row.person_id, before=before, reason=reason)  # fmt: skip
    return row
