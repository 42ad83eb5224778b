"""What a record does to its lead and its deal, and giving that back when the record is withdrawn.

The journal line of a log keeps what stood before it and what it made of it. Given back is only what nothing else has
changed since; a lead's dates are worked out anew from the records that remain.
"""

from __future__ import annotations

from typing import Any

from pacesetter.journal.models import Entry, RowChange
from pacesetter.pipeline.acts.pool import lead_dates, touch_lead, untouch_lead
from pacesetter.pipeline.models import Deal

from ..models import Activity

# a lead whose journal speaks of one of these since the log has been changed by somebody else
OTHERS = {"stage", "owner_id", "claimed_on", "protected_until", "protect_max_on", "last_touch_on"}


def follow(row: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lead's last touch and protection and the deal's next step; what stood there before, and what stands now."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    if row.lead_id is not None:
        was = lead_dates(row.lead_id)
        touch_lead(row.lead_id, row.on)
        for name, value in lead_dates(row.lead_id).items():
            if value != was[name]:
                before[f"lead_{name}"], after[f"lead_{name}"] = was[name], value
    if row.deal_id is not None and row.next_step and row.next_on:
        deals, step = Deal.objects.filter(pk=row.deal_id), {"next_step": row.next_step, "next_on": row.next_on}
        stood: dict[str, Any] = {"next_step": row.deal.next_step, "next_on": row.deal.next_on} if row.deal else {}
        if not deals.filter(**stood).update(**step):
            # somebody changed the step since the deal was read
            stood = dict(deals.values("next_step", "next_on").first() or {})
            deals.update(**step)
        before |= {f"deal_{name}": value for name, value in stood.items()}
    return before, after


def give_back(row: Activity) -> None:
    """What the withdrawn record did to its deal and its lead, where nothing else has changed it since."""
    entry = _entries([row.pk]).first()
    if entry is None:
        return
    if row.deal_id is not None and "deal_next_step" in entry.before:
        standing = Deal.objects.filter(pk=row.deal_id, next_step=row.next_step, next_on=row.next_on)
        standing.update(next_step=entry.before["deal_next_step"], next_on=entry.before["deal_next_on"])
    if row.lead_id is not None and not _changed_since(row.lead_id, entry.pk):
        _lead_back(row.lead_id, entry)


def _lead_back(lead_id: int, entry: Entry) -> None:
    """Each date that still is what the record made of it: as before it, or as the remaining records leave it."""
    rows = Activity.objects.filter(lead=lead_id)
    gone = _entries(list(rows.exclude(withdrawn_at=None).values_list("pk", flat=True)))
    undone = [one for one in gone if not _changed_since(lead_id, one.pk)]
    made: dict[str, str] = {}
    stood: dict[str, str | None] = {}
    for name in ("last_touch_on", "protected_until"):
        key = f"lead_{name}"
        if key not in entry.after:
            continue
        # what stood before may itself come from a record that was withdrawn meanwhile
        steps = {one.after[key]: one.before[key] for one in undone if key in one.after}
        value = entry.before[key]
        while value in steps:
            value = steps.pop(value)
        made[name], stood[name] = entry.after[key], value
    if made:
        remaining = list(rows.filter(withdrawn_at=None).values_list("on", flat=True))
        untouch_lead(lead_id, made=made, stood=stood, days=remaining)


def _entries(pks: list[int]) -> Any:
    return Entry.objects.filter(act="log_activity", entity="activity", object_id__in=[str(pk) for pk in pks])


def _changed_since(lead_id: int, entry_id: int) -> bool:
    """Whether somebody moved, handed over or claimed the lead after that line of the journal."""
    singly = Entry.objects.filter(entity="lead", object_id=str(lead_id), pk__gt=entry_id)
    among = RowChange.objects.filter(entity="lead", row_id=lead_id, entry_id__gt=entry_id)
    found = [*singly.values_list("after", flat=True), *among.values_list("after", flat=True)]
    return any(OTHERS & set(after or ()) for after in found)
