"""The company's choices for goals as they stand on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..models import GoalSettings

# key, 中文, English: from the lowest to the highest
DEFAULT_LINES = (
    ("floor", "保底", "Floor"),
    ("target", "目标", "Target"),
    ("stretch", "冲刺", "Stretch"),
    ("challenge", "挑战", "Challenge"),
)


@dataclass(frozen=True)
class Chosen:
    """How goals are set on a day; the defaults hold before a company chose anything."""

    valid_from: date | None = None
    tolerance: int = 0
    lines: tuple[tuple[str, str, str], ...] = DEFAULT_LINES
    challenge_over: int = 10
    challenge_top: int = 20
    whole_metrics: tuple[str, ...] = ()
    decide_days: int = 3
    pace_basis: str = "days"


def chosen(on: date) -> Chosen:
    """The choices in force on a day."""
    row = GoalSettings.objects.filter(valid_from__lte=on).order_by("-valid_from").first()
    if row is None:
        return Chosen()
    lines = tuple((str(a), str(b), str(c)) for a, b, c in row.lines) or DEFAULT_LINES
    return Chosen(row.valid_from, row.tolerance, lines, row.challenge_over, row.challenge_top,
                  tuple(row.whole_metrics), row.decide_days, row.pace_basis)  # fmt: skip


def lines_named(on: date, language: str) -> dict[str, str]:
    """line → what the company calls it, from the lowest to the highest."""
    return {key: en if language == "en" else zh for key, zh, en in chosen(on).lines}
