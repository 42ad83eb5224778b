"""Nouns of the goals room."""

from .adjustment import Adjustment, AdjustmentEvent, AdjustmentVoice, Delegate, MarketEvent
from .goal import (
    Commitment,
    Goal,
    GoalEvent,
    GoalOutcome,
    GoalPart,
    GoalVersion,
    Layer,
    OwnerKind,
    Per,
)
from .settings import GoalSettings
from .suggestion import GoalSuggestion, SuggestionAnswer

__all__ = [
    "Adjustment",
    "AdjustmentEvent",
    "AdjustmentVoice",
    "Commitment",
    "Delegate",
    "Goal",
    "GoalEvent",
    "GoalOutcome",
    "GoalPart",
    "GoalSettings",
    "GoalSuggestion",
    "GoalVersion",
    "Layer",
    "MarketEvent",
    "OwnerKind",
    "Per",
    "SuggestionAnswer",
]
