"""Verbs of the goals room. Each is one transaction with one journal line; `by` is who acts (None = the system)."""

from .adjusting import (
    check_adjustment,
    escalate_adjustment,
    expire_adjustment,
    give_voice,
    request_adjustment,
    withdraw_adjustment,
)
from .committing import accept_goal, commit_value
from .drafting import Draft, Part, draft_goals, identity, undo_drafts
from .ending import end_goals
from .publishing import Unbalanced, lock_goals, publish_goals, return_goals, submit_goals, withdraw_goals
from .register import add_event, change_event, end_delegate, name_delegate, retire_event
from .settings import set_goal_settings

__all__ = [
    "Draft",
    "Part",
    "Unbalanced",
    "accept_goal",
    "add_event",
    "change_event",
    "check_adjustment",
    "commit_value",
    "draft_goals",
    "end_delegate",
    "end_goals",
    "escalate_adjustment",
    "expire_adjustment",
    "give_voice",
    "identity",
    "lock_goals",
    "name_delegate",
    "publish_goals",
    "request_adjustment",
    "retire_event",
    "return_goals",
    "set_goal_settings",
    "submit_goals",
    "undo_drafts",
    "withdraw_adjustment",
    "withdraw_goals",
]
