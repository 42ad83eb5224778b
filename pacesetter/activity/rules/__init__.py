"""The ifs of behaviour: when a visit counts, what needs attention, what a sentence says. Plain values only."""

from .visit import (
    BURST_COUNT,
    BURST_HOUR,
    BURST_MINUTES,
    NAMES,
    NOT_MET,
    TWIN_HOURS,
    Rule,
    Verdict,
    Visit,
    conditions,
    delay_minutes,
    ended_at,
    entered_late,
    is_backdated,
    judge_visit,
    rule_of,
)

__all__ = [
    "BURST_COUNT",
    "BURST_HOUR",
    "BURST_MINUTES",
    "NAMES",
    "NOT_MET",
    "TWIN_HOURS",
    "Rule",
    "Verdict",
    "Visit",
    "conditions",
    "delay_minutes",
    "ended_at",
    "entered_late",
    "is_backdated",
    "judge_visit",
    "rule_of",
]
