"""Goals on the team board: each seller's amount beside the own goal of the window, due to date and the gap in money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse

from pacesetter import assembly
from pacesetter.metrics.keeping import PaceRow
from pacesetter.metrics.pace import status_of

from ..day.aims import tone_of
from .asked import Window
from .figures import Figures
from .scope import Where

AMOUNT = "won_amount"
GAP = "gap"


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
        return tone_of(self.status)

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
    return Aimed(row.cell.top, row.target, row.due, row.status, reverse("goal", args=[row.goal]) if row.goal else "")


def together(parts: Iterable[Aimed | None]) -> Aimed | None:
    """The sum of those who have a goal; None where nobody has."""
    held = [part for part in parts if part is not None]
    if not held:
        return None
    done, expected = sum(p.done for p in held), sum(p.expected for p in held)
    # too early to say of each is too early to say of all
    early = not any(part.status for part in held)
    status = "" if early or expected <= 0 else status_of(Fraction(done, expected))
    return Aimed(done, sum(p.target for p in held), expected, status)


__all__ = ["AMOUNT", "GAP", "Aimed", "aimed", "together"]
