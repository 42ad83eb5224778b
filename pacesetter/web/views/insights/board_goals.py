"""Goals on the team board: each seller's amount beside the own goal of the window, due to date and the gap in money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from pacesetter import assembly
from pacesetter.metrics.keeping import PaceRow
from pacesetter.metrics.pace import EARLY_DAYS, status_of

from .asked import Window
from .figures import Figures
from .scope import Where

AMOUNT = "won_amount"
GAP = "gap"
TONES = {"watch": "watch", "behind": "bad"}


@dataclass(frozen=True)
class Aimed:
    """An amount beside its goal: what was done, what the goal is, what should be done by now."""

    done: int
    target: int
    expected: int
    status: str = ""
    url: str = ""

    @property
    def behind(self) -> int:
        """Expected to date − done; below 0 is ahead."""
        return self.expected - self.done

    @property
    def tone(self) -> str:
        """The colour of the bar."""
        return TONES.get(self.status, "good" if self.status else "neutral")

    @property
    def percent(self) -> tuple[int, int]:
        """Done of target; 120 % is 120 %."""
        return self.done, self.target


def aimed(figures: Figures, at: Window, where: Where) -> dict[int, Aimed]:
    """person → where the amount stands against the goals of the window. Nobody where money is out of reach."""
    if not figures.has(AMOUNT) or where.only or not figures.viewer.may("goals"):
        return {}
    found = assembly.pace_in(
        AMOUNT, at.start, at.whole_end, until=figures.today if at.running else at.end, counted=at.end,
        company=figures.company, reach=figures.viewer, within=where.within,
    )  # fmt: skip
    return {person: _one(row) for (_kind, person), row in found.items() if person is not None}


def _one(row: PaceRow) -> Aimed:
    status = row.paces[0][0].status if len(row.paces) == 1 else ""
    if not status and row.expected > 0 and sum(pace.days_passed for pace, _ in row.paces) >= EARLY_DAYS:
        status = status_of(Fraction(row.cell.top) / row.expected)
    return Aimed(row.cell.top, row.target, round(row.expected), status,
                 reverse("goal", args=[row.goal]) if row.goal else "")  # fmt: skip


def together(parts: Iterable[Aimed | None]) -> Aimed | None:
    """The sum of those who have a goal; None where nobody has."""
    held = [part for part in parts if part is not None]
    if not held:
        return None
    done, expected = sum(p.done for p in held), sum(p.expected for p in held)
    status = status_of(Fraction(done, expected)) if expected > 0 else ""
    return Aimed(done, sum(p.target for p in held), expected, status)


__all__ = ["AMOUNT", "GAP", "Aimed", "aimed", "together"]
