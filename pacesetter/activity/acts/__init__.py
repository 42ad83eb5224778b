"""The verbs of the activity room."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from pacesetter.people.models import Person
from pacesetter.pipeline.acts.handover import refreeze_facts

from ..models import Activity
from .log import change_activity, confirm_visit, log_activity, withdraw_activity
from .words import add_kind, ensure_kinds, make_company_metric, retire_company_metric, set_visit_rule


@transaction.atomic
def refreeze(*, person_id: int, start: date, end: date, by: Person | None, at: datetime, reason: str = "") -> int:
    """After a corrected membership: this room's facts of `[start, end)` get the seat of their day again."""
    return refreeze_facts(((Activity, "on"),), person_id=person_id, start=start, end=end, by=by, at=at, reason=reason)


__all__ = [
    "add_kind",
    "change_activity",
    "confirm_visit",
    "ensure_kinds",
    "log_activity",
    "make_company_metric",
    "refreeze",
    "retire_company_metric",
    "set_visit_rule",
    "withdraw_activity",
]
