"""The verbs of the activity room."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from pacesetter.people.models import Person
from pacesetter.pipeline.acts.handover import refreeze_facts

from ..models import Activity
from .files import add_file, remove_file
from .log import Place, change_activity, confirm_visit, log_activity, merge_log, withdraw_activity
from .observations import observe_visit, set_scorecard
from .places import forget_places
from .plans import drop_plan, expire_plan, hand_over_plans, move_plan, plan_item, undo_plan
from .recordings import (
    WrongOffset,
    begin_recording,
    complete_recording,
    expire_recording,
    note_consent,
    note_listening,
    note_opening,
    receive_part,
    sweep_files,
    withdraw_consent,
)
from .reports import answer_report, read_report, see_reply, set_report_template, write_report
from .words import (
    add_kind,
    change_kind,
    ensure_kinds,
    make_company_metric,
    retire_company_metric,
    set_hint,
    set_norm,
    set_visit_rule,
)


@transaction.atomic
def refreeze(*, person_id: int, start: date, end: date, by: Person | None, at: datetime, reason: str = "") -> int:
    """After a corrected membership: this room's facts of `[start, end)` get the seat of their day again."""
    return refreeze_facts(((Activity, "on"),), person_id=person_id, start=start, end=end, by=by, at=at, reason=reason)


__all__ = [
    "Place",
    "WrongOffset",
    "add_file",
    "add_kind",
    "answer_report",
    "begin_recording",
    "change_activity",
    "change_kind",
    "complete_recording",
    "confirm_visit",
    "drop_plan",
    "ensure_kinds",
    "expire_plan",
    "expire_recording",
    "forget_places",
    "hand_over_plans",
    "log_activity",
    "make_company_metric",
    "merge_log",
    "move_plan",
    "note_consent",
    "note_listening",
    "note_opening",
    "observe_visit",
    "plan_item",
    "read_report",
    "receive_part",
    "refreeze",
    "remove_file",
    "retire_company_metric",
    "see_reply",
    "set_hint",
    "set_norm",
    "set_report_template",
    "set_scorecard",
    "set_visit_rule",
    "sweep_files",
    "undo_plan",
    "withdraw_activity",
    "withdraw_consent",
    "write_report",
]
