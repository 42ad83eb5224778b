"""Suggestions of the nightly calculation that wait for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from ..models import Goal, GoalEvent, GoalSuggestion, GoalVersion, SuggestionAnswer
from .book import GoalView, book

Kind = GoalEvent.Kind


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


def open_suggestions(goals: QuerySet[Goal], today: date) -> list[GoalSuggestion]:
    """The newest suggestion of each of these goals where it is open (see `is_open`), with its goal. One query."""
    happened = GoalEvent.objects.filter(version=OuterRef("pk"))
    held = GoalVersion.objects.filter(
        Exists(happened.filter(kind=Kind.PUBLISHED)), ~Exists(happened.filter(kind=Kind.WITHDRAWN)),
        goal=OuterRef("goal"),
    )  # fmt: skip
    newer = GoalSuggestion.objects.filter(goal=OuterRef("goal"), day__gt=OuterRef("day"))
    locked = GoalEvent.objects.filter(version__goal=OuterRef("goal"), kind=Kind.LOCKED)
    rows = GoalSuggestion.objects.filter(
        ~Exists(newer), ~Exists(locked), goal__in=goals, goal__end__gt=today, goal__outcome=None, answer=None
    )
    # the version of the day: the newest whose day has come, before that the first
    come = held.filter(valid_from__lte=today).order_by("-number").values("target")[:1]
    rows = rows.alias(forced=Coalesce(Subquery(come), Subquery(held.order_by("number").values("target")[:1])))
    rows = rows.filter(~Q(value=F("forced")), now=F("forced"))
    return list(rows.select_related("goal__person").order_by("goal_id"))


def figures_of(version: GoalVersion) -> Mapping[str, Any]:
    """The chain a version was derived by; empty where it was not."""
    found: Mapping[str, Any] = version.basis_figures or {}
    return found if version.origin == "calculator" and found.get("chain") else {}
