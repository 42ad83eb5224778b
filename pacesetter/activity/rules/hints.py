"""Follow-up hints: which open deal or customer needs something today, by rule, each with its figures.

Six deal risks (features.md 2.10) and what My day suggests besides. Every hint can be switched off and tuned in days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

# key → (days from which on it is given, weight in the order of the day); a greater weight stands first
DEFAULTS: Final[Mapping[str, tuple[int, int]]] = {
    "overdue_money": (1, 90),
    "next_overdue": (1, 80),
    "lead_expiring": (3, 75),
    "proposal_unanswered": (5, 70),
    "no_activity": (10, 60),
    "visit_due": (0, 50),
    "stuck": (0, 40),
    "no_decision_maker": (14, 30),
    "single_contact": (14, 20),
    "no_next_step": (7, 15),
}
DEAL_RISKS: Final = ("next_overdue", "proposal_unanswered", "no_activity", "stuck", "no_decision_maker",
                     "single_contact", "no_next_step")  # fmt: skip
# stuck: longer than this many times the median of won deals, and never before MIN_STUCK days
STUCK_TIMES: Final = Fraction(3, 2)
MIN_STUCK: Final = 7


@dataclass(frozen=True, slots=True)
class Setting:
    """A hint as the company wants it: from `days` on; not given at all unless `active`."""

    days: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class DealFacts:
    """What is known of an open deal. `usual_days`: median days that won deals spent in this stage (n of them)."""

    stage: str
    stage_since: date | None = None
    opened_on: date | None = None
    last_on: date | None = None
    next_on: date | None = None
    contacts: int = 0
    decision_maker_met: bool = False
    proposal_on: date | None = None
    answered_on: date | None = None
    usual_days: int | None = None
    usual_n: int = 0


@dataclass(frozen=True, slots=True)
class Hint:
    """One hint: its key, the figure that tripped it, what it is measured against, and its weight."""

    key: str
    days: int | None = None
    against: int | None = None
    n: int = 0
    weight: int = field(default=0, compare=False)


def settings_of(rows: Iterable[tuple[str, bool, int]] = ()) -> dict[str, Setting]:
    """Every hint with its setting: the company's rows (key, active, days) over the defaults."""
    found = {key: Setting(days) for key, (days, _weight) in DEFAULTS.items()}
    found |= {key: Setting(days, active) for key, active, days in rows if key in DEFAULTS}
    return found


def weight_of(key: str) -> int:
    """How early in the day a hint stands."""
    return DEFAULTS[key][1]


def deal_hints(deal: DealFacts, settings: Mapping[str, Setting], today: date) -> list[Hint]:
    """The risks of one open deal, the weightiest first."""
    found: list[Hint] = []

    def tell(key: str, days: int | None, against: int | None = None, n: int = 0) -> None:
        setting = settings[key]
        if setting.active and days is not None and days >= max(setting.days, 0):
            found.append(Hint(key, days, against, n, weight_of(key)))

    if deal.next_on is not None and deal.next_on < today:
        tell("next_overdue", (today - deal.next_on).days)
    if deal.proposal_on is not None and (deal.answered_on is None or deal.answered_on <= deal.proposal_on):
        tell("proposal_unanswered", (today - deal.proposal_on).days)
    quiet_since = max((day for day in (deal.last_on, deal.opened_on) if day is not None), default=None)
    if quiet_since is not None:
        tell("no_activity", (today - quiet_since).days)
    here = None if deal.stage_since is None else (today - deal.stage_since).days
    if here is not None and deal.usual_days is not None and here >= stuck_after(deal.usual_days):
        tell("stuck", here, deal.usual_days, deal.usual_n)
    age = None if deal.opened_on is None else (today - deal.opened_on).days
    if not deal.decision_maker_met:
        tell("no_decision_maker", age)
    if deal.contacts == 1:
        tell("single_contact", age)
    if deal.next_on is None:
        tell("no_next_step", age)
    return sorted(found, key=lambda hint: -hint.weight)


def stuck_after(usual_days: int) -> int:
    """Days from which on a deal is stuck: half as long again as won deals usually took, at least a week."""
    return max(MIN_STUCK, -(-usual_days * STUCK_TIMES.numerator // STUCK_TIMES.denominator))
