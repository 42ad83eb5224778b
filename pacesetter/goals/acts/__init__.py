"""Verbs of the goals room. Each is one transaction with one journal line; `by` is who acts (None = the system)."""

from .committing import accept_goal, commit_value
from .drafting import Draft, Part, draft_goals, identity, undo_drafts
from .ending import end_goals
from .publishing import Unbalanced, lock_goals, publish_goals, return_goals, submit_goals, withdraw_goals
from .settings import set_goal_settings

__all__ = [
    "Draft",
    "Part",
    "Unbalanced",
    "accept_goal",
    "commit_value",
    "draft_goals",
    "end_goals",
    "identity",
    "lock_goals",
    "publish_goals",
    "return_goals",
    "set_goal_settings",
    "submit_goals",
    "undo_drafts",
    "withdraw_goals",
]
