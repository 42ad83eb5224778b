"""When a visit counts: the effective-visit rule of its day, applied to plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

# results that say nobody was met: a name on the sheet does not make it a meeting
NOT_MET: Final = frozenset({"没见到", "not_met"})
NAMES: Final = ("contact", "result", "next_step", "minutes", "entry_window", "duplicate")


@dataclass(frozen=True, slots=True)
class Rule:
    """The conditions in force from a day on; 0 switches minutes, entry window and duplicate check off."""

    valid_from: date
    contact: bool = True
    result: bool = True
    next_step: bool = True
    min_minutes: int = 0
    entry_hours: int = 0
    duplicate_days: int = 0


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a visit. `ended_at`: when it was over (None: only the day is known); `entered_at`: when told."""

    on: date
    entered_at: datetime
    ended_at: datetime | None = None
    contact: bool = False
    result: str = ""
    next_step: str = ""
    next_on: date | None = None
    minutes: int | None = None
    other_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` as in VisitState, the names of the conditions that failed, and whether it was entered late."""

    state: str
    failed: tuple[str, ...]
    late: bool = False

    @property
    def effective(self) -> bool:
        return self.state in ("valid", "confirmed")


def rule_of(on: date, rules: Iterable[Rule]) -> Rule:
    """The version in force on a day; before the first version, the defaults."""
    fitting = [rule for rule in rules if rule.valid_from <= on]
    return max(fitting, key=lambda rule: rule.valid_from) if fitting else Rule(date.min)


def judge_visit(visit: Visit, rule: Rule) -> Verdict:
    """How the rule of the visit's day judges it.

    Minutes that the rule asks for but nobody told leave the visit unverified (a manager may confirm it); everything
    else that fails makes it not effective.
    """
    failed: list[str] = []
    unknown: list[str] = []
    if rule.contact and (not visit.contact or visit.result in NOT_MET):
        failed.append("contact")
    if rule.result and not visit.result:
        failed.append("result")
    # a next step counts with its date, and the date lies after the visit or on its day
    if rule.next_step and not (visit.next_step and visit.next_on and visit.next_on >= visit.on):
        failed.append("next_step")
    if rule.min_minutes:
        if visit.minutes is None:
            unknown.append("minutes")
        elif visit.minutes < rule.min_minutes:
            failed.append("minutes")
    late = entered_late(visit, rule)
    if late:
        failed.append("entry_window")
    if rule.duplicate_days and any(
        0 <= abs((visit.on - other).days) < rule.duplicate_days for other in visit.other_days
    ):
        failed.append("duplicate")
    if failed:
        return Verdict("not_effective", tuple(failed + unknown), late)
    return Verdict("unverified", tuple(unknown), late) if unknown else Verdict("valid", (), late)


def entered_late(visit: Visit, rule: Rule) -> bool:
    """Told later than the window allows after its end; a visit known only by its day ends when the day is over."""
    if not rule.entry_hours:
        return False
    ended = visit.ended_at
    if ended is None:
        midnight = datetime.combine(visit.on + timedelta(days=1), datetime.min.time())
        ended = midnight.replace(tzinfo=visit.entered_at.tzinfo)
    return visit.entered_at - ended > timedelta(hours=rule.entry_hours)
