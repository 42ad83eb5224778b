"""目标 Goals: the cascade, one goal with its versions, and how its numbers come about."""

from .calculator_page import calculator, calculator_adopt, calculator_why
from .derived import suggestion
from .expected import expected
from .goal_page import goal
from .publishing import publish
from .steps import commit, step
from .tree_page import goals, rows_below

__all__ = [
    "calculator",
    "calculator_adopt",
    "calculator_why",
    "commit",
    "expected",
    "goal",
    "goals",
    "publish",
    "rows_below",
    "step",
    "suggestion",
]
