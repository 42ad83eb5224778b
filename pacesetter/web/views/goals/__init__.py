"""目标 Goals: the cascade, one goal with its versions, and how its numbers come about."""

from .expected import expected
from .goal_page import goal
from .tree_page import goals, rows_below

__all__ = ["expected", "goal", "goals", "rows_below"]
