"""Questions about goals: what stands where, who may see and set it, what the company chose."""

from .book import Book, GoalView, VersionView, book, heads
from .catalogue import metric_named, metrics_for_goals, scope_dims
from .rights import (
    REASONS,
    may_commit,
    may_draft,
    may_publish,
    own_goals,
    visible,
    writable,
)
from .settings import DEFAULT_LINES, Chosen, chosen, lines_named

__all__ = [
    "DEFAULT_LINES",
    "REASONS",
    "Book",
    "Chosen",
    "GoalView",
    "VersionView",
    "book",
    "chosen",
    "heads",
    "lines_named",
    "may_commit",
    "may_draft",
    "may_publish",
    "metric_named",
    "metrics_for_goals",
    "own_goals",
    "scope_dims",
    "visible",
    "writable",
]
