"""How long a log takes, by what it asks for. A model and not a measurement: the metric of seconds per log measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from .visit import Rule

# customer, kind, result, next step and its day: five taps
BASE_SECONDS: Final = 10
SECONDS: Final[Mapping[str, int]] = {"place": 3, "photo": 8, "note": 12, "minutes": 2}


def estimated_seconds(asks: Iterable[str], rule: Rule | None = None) -> int:
    """Seconds for one log of a kind that asks for these, judged by this rule (None: not judged)."""
    asked = set(asks)
    if rule is not None:
        asked |= {name for name, on in (("minutes", bool(rule.min_minutes)), ("place", rule.place)) if on}
    return BASE_SECONDS + sum(SECONDS[name] for name in asked)
