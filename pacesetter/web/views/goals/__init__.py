"""目标 Goals: the cascade, one goal with its versions, and how its numbers come about."""

from .calculator_page import calculator, calculator_adopt, calculator_why
from .copy_page import copy
from .derived import suggestion
from .draft_page import goal_check, goal_edit, goal_new
from .expected import expected
from .goal_page import goal
from .letter import letter
from .publishing import publish
from .settings_page import goal_settings
from .spread_page import spread_goal, spread_undo
from .steps import commit, step
from .template_page import template
from .tree_page import goals, rows_below

__all__ = [
    "calculator",
    "calculator_adopt",
    "calculator_why",
    "commit",
    "copy",
    "expected",
    "goal",
    "goal_check",
    "goal_edit",
    "goal_new",
    "goal_settings",
    "goals",
    "letter",
    "publish",
    "rows_below",
    "spread_goal",
    "spread_undo",
    "step",
    "suggestion",
    "template",
]
