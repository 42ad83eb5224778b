"""Set-based promotion of activities, inside a batch of the pipeline.

    with pipeline_bulk.promote(...) as batch:
        ids = take_activities(batch, [ActivityRow(person_id=…, kind="visit", on=…, …), …])

`UNDO` names this room's entities for `bulk_undo.undo(…, also=UNDO)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from pacesetter.lib.refusal import Refusal
from pacesetter.pipeline.acts.bulk import Batch, text
from pacesetter.pipeline.acts.bulk_find import chunks
from pacesetter.pipeline.acts.bulk_rows import SeatTuples
from pacesetter.pipeline.acts.pool import touch_leads

from .. import rules
from ..models import Activity, ActivityKind, VisitRule
from .judging import plain_rule

UNDO = {"activity": Activity}
COLUMNS = (*SeatTuples.COLUMNS, "code", "kind", "on", "at", "customer_id", "contact_id", "contact_name", "deal_id",
           "lead_id", "companion_id", "result", "next_step", "next_on", "minutes", "note", "state", "effective",
           "failed", "rule_id", "entered_at", "entered_late", "version", "extra",
           "channel", "backdated", "burst")  # fmt: skip


@dataclass(slots=True)
class ActivityRow:
    """An activity to add. `entered_at` None = when the batch runs; an import is not late by being imported."""

    person_id: int | None
    kind: str
    on: date
    at: datetime | None = None
    code: str | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    contact_name: str = ""
    deal_id: int | None = None
    lead_id: int | None = None
    companion_id: int | None = None
    result: str = ""
    next_step: str = ""
    next_on: date | None = None
    minutes: int | None = None
    note: str = ""
    entered_at: datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def take_activities(batch: Batch, rows: Sequence[ActivityRow]) -> range:
    """Add activities, each visit judged by the rule of its day; leads' last touch follows. Returns the new ids."""
    if not rows:
        return range(0)
    batch.refuse_closed((row.on for row in rows), "on")
    kinds = dict(ActivityKind.objects.values_list("key", "is_visit"))
    strange = {row.kind for row in rows} - set(kinds)
    if strange:
        raise Refusal(
            _("没有这些跟进类型：%(names)s。") % {"names": ", ".join(sorted(strange))}, code="choice", field="kind"
        )
    versions = [(rule.pk, plain_rule(rule)) for rule in VisitRule.objects.order_by("-valid_from")]
    seen = _stored(rows, versions)
    verdicts: list[tuple[Any, ...]] = [()] * len(rows)
    # earlier visits first, so that of two near ones the first counts, whatever the order of the file
    for place in sorted(range(len(rows)), key=lambda place: rows[place].on):
        row = rows[place]
        if not kinds[row.kind]:
            verdicts[place] = ("", None, "[]", None, False)
            continue
        stored, rule = next(((pk, rule) for pk, rule in versions if rule.valid_from <= row.on), (None, None))
        rule = rule or rules.Rule(date.min)
        key = (row.person_id, row.customer_id, row.kind)
        days = tuple(day for day in seen.get(key, ()) if day <= row.on) if rule.duplicate_days else ()
        verdict = rules.judge_visit(
            rules.Visit(
                row.on, row.entered_at or row.at or batch.at, row.at, bool(row.contact_id or row.contact_name),
                row.result, row.next_step, row.next_on, row.minutes, days,
            ),
            rule if row.entered_at else rules.without_window(rule),
        )  # fmt: skip
        if verdict.effective and row.customer_id is not None:
            seen.setdefault(key, []).append(row.on)
        verdicts[place] = (
            verdict.state, verdict.effective, text_list(verdict.failed), stored, verdict.late,
        )  # fmt: skip
    told = iter(verdicts)
    seat = batch.seats.at

    def values(r: ActivityRow) -> tuple[Any, ...]:
        state, effective, failed, rule_id, late = next(told)
        return (*seat(r.person_id, r.on), r.code, r.kind, r.on, r.at, r.customer_id, r.contact_id, r.contact_name,
                r.deal_id, r.lead_id, r.companion_id, r.result, r.next_step, r.next_on, r.minutes, r.note, state,
                effective, failed, rule_id, r.entered_at or batch.at, late, 1, text(r.extra), "import",
                False, False)  # fmt: skip

    ids = batch.write(Activity, "activity", COLUMNS, rows, values)
    _touch(rows)
    return ids


def _stored(
    rows: Sequence[ActivityRow], versions: Sequence[tuple[int, rules.Rule]]
) -> dict[tuple[int | None, int | None, str], list[date]]:
    """Days of effective visits on file that may make a row a duplicate."""
    reach = max((rule.duplicate_days for _pk, rule in versions), default=0)
    found: dict[tuple[int | None, int | None, str], list[date]] = {}
    if not reach:
        return found
    first, last = min(row.on for row in rows) - timedelta(days=reach), max(row.on for row in rows)
    for part in chunks({row.customer_id for row in rows if row.customer_id is not None}):
        there = Activity.objects.filter(
            customer_id__in=part, effective=True, withdrawn_at=None, on__gt=first, on__lte=last
        )
        for person_id, customer_id, kind, on in there.values_list("person_id", "customer_id", "kind", "on"):
            found.setdefault((person_id, customer_id, kind), []).append(on)
    return found


def _touch(rows: Sequence[ActivityRow]) -> None:
    """Leads' last touch follows from their newest activity."""
    newest: dict[int, date] = {}
    for row in rows:
        if row.lead_id is not None and (row.lead_id not in newest or row.on > newest[row.lead_id]):
            newest[row.lead_id] = row.on
    touch_leads(newest)


def text_list(names: Sequence[str]) -> str:
    """A short list of plain words as JSON."""
    return "[" + ",".join(f'"{name}"' for name in names) + "]"
