"""The pool 公海: how long a lead is somebody's, what makes it longer, and why it went back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class PoolTerms:
    """A version of the pool's rule. `protect_days` 0 = nothing is taken back."""

    valid_from: date
    protect_days: int = 14
    extend_days: int = 7
    max_days: int = 45
    warn_days: int = 3
    cooldown_hours: int = 24
    hold_limit: int = 0

    @property
    def on(self) -> bool:
        """Whether leads go back by themselves."""
        return self.protect_days > 0


@dataclass(frozen=True, slots=True)
class Protection:
    """From the day somebody got a lead to its two ends; both ends are the last days that are still protected."""

    claimed_on: date
    until: date | None = None
    limit: date | None = None

    def columns(self) -> dict[str, Any]:
        """As they stand on a lead."""
        return {"claimed_on": self.claimed_on, "protected_until": self.until, "protect_max_on": self.limit}


def protection(terms: PoolTerms | None, on: date) -> Protection:
    """What somebody who gets a lead that day is given; without a rule nothing ends."""
    if terms is None or not terms.on:
        return Protection(on)
    return Protection(on, on + timedelta(days=terms.protect_days), on + timedelta(days=terms.max_days))


def extended(until: date, limit: date, on: date, extend_days: int) -> date:
    """The end after an action that day: never earlier than before, never beyond the limit."""
    return min(limit, max(until, on + timedelta(days=extend_days)))


def lapsed(until: date | None, today: date) -> bool:
    """Whether the protection is over; its last day still counts."""
    return until is not None and today > until


def starts_taking(terms: PoolTerms | None, before: PoolTerms | None) -> date | None:
    """From which day the rule in force takes leads back; None = never.

    Where it was off before, whoever holds a lead is warned first: dates that passed in the meantime cost nobody a lead
    overnight.
    """
    if terms is None or not terms.on:
        return None
    if before is not None and before.on:
        return date.min
    return terms.valid_from + timedelta(days=terms.warn_days + 1)


def free_again(freed_at: datetime, cooldown_hours: int) -> datetime:
    """From when on whoever lost or released a lead may claim it again."""
    return freed_at + timedelta(hours=cooldown_hours)


def why_taken(protected: Protection, last_touch_on: date | None, extend_days: int) -> dict[str, Any]:
    """Why the lead went back: nothing was done for some days, or it was held as long as anybody may hold it."""
    until = protected.until or protected.claimed_on
    touched = last_touch_on if last_touch_on is not None and last_touch_on >= protected.claimed_on else None
    if touched is not None and until == protected.limit and touched + timedelta(days=extend_days) >= until:
        return {"kind": "limit", "until": until.isoformat(), "days": (until - protected.claimed_on).days}
    return {"kind": "quiet", "until": until.isoformat(), "days": (until - (touched or protected.claimed_on)).days}


def check_pool(terms: PoolTerms) -> tuple[str, str]:
    """(code, field) of what is wrong with a version; ("", "") = nothing."""
    for name in ("protect_days", "extend_days", "max_days", "warn_days", "cooldown_hours", "hold_limit"):
        if not 0 <= getattr(terms, name) <= 3650:
            return "range", name
    if terms.on and terms.max_days < terms.protect_days:
        return "limit", "max_days"
    if terms.on and terms.warn_days > terms.protect_days:
        return "warn", "warn_days"
    return "", ""
