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
from .drafting import Draft, Key, Part, draft_goals, identity, identity_of
from .ending import end_goals
from .publishing import Unbalanced, lock_goals, publish_goals, return_goals, submit_goals, withdraw_goals
from .register import add_event, change_event, end_delegate, name_delegate, retire_event
from .settings import set_goal_settings
from .suggesting import Suggested, adopt_actions, answer_suggestion, suggest
from .taking_back import undo_published
from .undoing_drafts import undo_drafts

__all__ = [
    "Draft",
    "Key",
    "Part",
    "Suggested",
    "Unbalanced",
    "accept_goal",
    "add_event",
    "adopt_actions",
    "answer_suggestion",
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
    "identity_of",
    "lock_goals",
    "name_delegate",
    "publish_goals",
    "request_adjustment",
    "retire_event",
    "return_goals",
    "set_goal_settings",
    "submit_goals",
    "suggest",
    "undo_drafts",
    "undo_published",
    "withdraw_adjustment",
    "withdraw_goals",
]
