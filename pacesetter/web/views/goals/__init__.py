"""目标 Goals: the cascade, one goal with its versions, and how its numbers come about."""

from .expected import expected
from .goal_page import goal
from .publishing import publish
from .steps import commit, step
from .tree_page import goals, rows_below

__all__ = ["commit", "expected", "goal", "goals", "publish", "rows_below", "step"]
