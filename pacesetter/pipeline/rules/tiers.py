"""Customer tiers: which figures make an A, B or C, and when each wants to be visited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from pacesetter.lib.periods import add_months

TIERS: Final = ("A", "B", "C")
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One tier: won at least this much, or open deals of at least that much; None = this side does not count."""

    won_minor: int | None = None
    open_minor: int | None = None
    rhythm_days: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """What a customer is judged by: won in the last twelve months, open deals now."""

    won_minor: int = 0
    open_minor: int = 0


@dataclass(frozen=True, slots=True)
class TierTerms:
    """A version of the tier rule."""

    valid_from: date
    lines: Mapping[str, Line] = field(default_factory=dict)

    @property
    def rhythm(self) -> dict[str, int]:
        """Tier → days between visits; 0 = no rhythm."""
        return {tier: line.rhythm_days for tier, line in self.lines.items()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The tier, and which side decided: `won` or `open` (what it came to, what was needed); '' = none was reached."""

    tier: str
    side: str = ""
    amount_minor: int = 0
    needed_minor: int = 0

    def plain(self, figures: Figures) -> dict[str, Any]:
        """As it is kept beside the tier."""
        return {"tier": self.tier, "side": self.side, "needed_minor": self.needed_minor,
                "won_minor": figures.won_minor, "open_minor": figures.open_minor}  # fmt: skip


def since(today: date) -> date:
    """The first of the days that count as the last twelve months."""
    return add_months(today, -MONTHS) + timedelta(days=1)


def tier_of(figures: Figures, terms: TierTerms) -> Verdict:
    """The best tier of which one side is reached."""
    for tier in TIERS:
        line = terms.lines.get(tier, Line())
        for side in ("won", "open"):
            needed, amount = getattr(line, f"{side}_minor"), getattr(figures, f"{side}_minor")
            if needed is not None and amount >= needed:
                return Verdict(tier, side, amount, needed)
    return Verdict("")


def check_tiers(terms: TierTerms) -> tuple[str, str]:
    """(code, field) of what is wrong with a version; ("", "") = nothing."""
    if all(terms.lines.get(tier, Line()) == Line(None, None, terms.lines.get(tier, Line()).rhythm_days)
           for tier in TIERS):  # fmt: skip
        return "empty", "a_won_minor"
    for side in ("won_minor", "open_minor"):
        above: int | None = None
        for tier in TIERS:
            needed = getattr(terms.lines.get(tier, Line()), side)
            if needed is None:
                continue
            if needed <= 0:
                return "positive", f"{tier.lower()}_{side}"
            if above is not None and needed >= above:
                return "order", f"{tier.lower()}_{side}"
            above = needed
    for tier in TIERS:
        if not 0 <= terms.lines.get(tier, Line()).rhythm_days <= 3650:
            return "range", f"{tier.lower()}_days"
    return "", ""


def due_in(tier: str, last_on: date | None, rhythm: Mapping[str, int], today: date) -> int | None:
    """Days until the tier's rhythm wants a visit: 0 = today, below 0 = late by so much; None = no rhythm.

    Nobody has been there yet: today.
    """
    days = rhythm.get(tier, 0)
    if not tier or days <= 0:
        return None
    return 0 if last_on is None else days - (today - last_on).days
