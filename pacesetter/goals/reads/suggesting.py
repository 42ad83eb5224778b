"""Suggestions of the nightly calculation that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from ..models import Goal, GoalSuggestion, GoalVersion, SuggestionAnswer
from .book import GoalView, book


def derived_goals(today: date) -> list[GoalView]:
    """The action goals of persons whose number in force comes from the calculator and whose time holds the day."""
    goals = Goal.objects.filter(
        layer="action", owner_kind="person", start__lte=today, end__gt=today, person__access_ended=False,
        versions__origin="calculator",
    ).distinct()  # fmt: skip
    return [
        view for view in book(goals)
        if view.in_force is not None and view.in_force.row.origin == "calculator" and view.in_force.row.basis_figures
        and not view.locked and not view.ended
    ]  # fmt: skip


def last_of(goals: Iterable[int]) -> dict[int, GoalSuggestion]:
    """goal → the newest suggestion, answered or not."""
    rows = GoalSuggestion.objects.filter(goal_id__in=list(goals)).select_related("answer").order_by("day")
    return {row.goal_id: row for row in rows}


def answer_of(row: GoalSuggestion) -> SuggestionAnswer | None:
    """What was said to a suggestion."""
    found: SuggestionAnswer | None = getattr(row, "answer", None)
    return found


def is_open(row: GoalSuggestion, view: GoalView, today: date) -> bool:
    """Whether it still says something: not answered, its time not over, and the number in force still the one seen."""
    forced = view.in_force
    return (
        answer_of(row) is None and today < view.goal.end and not view.ended and not view.locked
        and forced is not None and forced.row.target == row.now and forced.row.target != row.value
    )  # fmt: skip


def open_suggestions(goals: QuerySet[Goal], today: date) -> list[tuple[GoalSuggestion, GoalView]]:
    """The newest open suggestion of each of these goals."""
    held = list(goals.filter(end__gt=today, suggestions__isnull=False).distinct().select_related("person"))
    if not held:
        return []
    views = book(held)
    last = last_of(goal.pk for goal in held)
    return [(row, views[pk]) for pk, row in last.items() if is_open(row, views[pk], today)]


def figures_of(version: GoalVersion) -> Mapping[str, Any]:
    """The chain a version was derived by; empty where it was not."""
    found: Mapping[str, Any] = version.basis_figures or {}
    return found if version.origin == "calculator" and found.get("chain") else {}
