"""When a visit counts: the effective-visit rule of its day, applied to plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

# results that say nobody was met: a name on the sheet does not make it a meeting
NOT_MET: Final = frozenset({"没见到", "not_met"})
NAMES: Final = ("contact", "result", "next_step", "minutes", "place", "photo", "entry_window", "backdated", "duplicate")
TWIN_HOURS: Final = 2
BURST_HOUR: Final = 20
BURST_MINUTES: Final = 15
BURST_COUNT: Final = 3
# what the clock ends: a plan nobody did, and the place somebody stood at the tap
PLAN_DAYS: Final = 14
PLACE_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Rule:
    """The conditions in force from a day on; 0 switches minutes, entry window and duplicate check off.

    `back_days`: how far back somebody may log alone; older visits wait for the manager (None: no limit).
    """

    valid_from: date
    contact: bool = True
    result: bool = True
    next_step: bool = True
    min_minutes: int = 0
    entry_hours: int = 0
    duplicate_days: int = 0
    place: bool = False
    back_days: int | None = 3


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
    placed: bool = False
    backdated: bool = False
    # False where the kind asks for a photo that is not there yet
    photo: bool = True


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

    Minutes or a place that the rule asks for but nobody told, a photo that is not there yet, and a day too far back
    leave the visit unverified (a manager may confirm it); everything else that fails makes it not effective. A visit
    that waits for the manager because of its day is late by nature: the entry window is then part of what is confirmed.
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
    if rule.place and not visit.placed:
        unknown.append("place")
    if not visit.photo:
        unknown.append("photo")
    if visit.backdated:
        unknown.append("backdated")
    late = entered_late(visit, rule)
    if late:
        (unknown if visit.backdated else failed).append("entry_window")
    if rule.duplicate_days and any(
        0 <= abs((visit.on - other).days) < rule.duplicate_days for other in visit.other_days
    ):
        failed.append("duplicate")
    if failed:
        return Verdict("not_effective", tuple(failed + unknown), late)
    return Verdict("unverified", tuple(unknown), late) if unknown else Verdict("valid", (), late)


def without_window(rule: Rule) -> Rule:
    """When nobody knows when it was entered, the entry window cannot judge it."""
    return replace(rule, entry_hours=0)


def entered_late(visit: Visit, rule: Rule) -> bool:
    """Told later than the window allows after its end; a visit known only by its day ends when the day is over."""
    if not rule.entry_hours:
        return False
    return visit.entered_at - ended_at(visit.on, visit.ended_at, visit.entered_at.tzinfo) > timedelta(
        hours=rule.entry_hours
    )


def ended_at(on: date, at: datetime | None, zone: tzinfo | None) -> datetime:
    """When something was over: at its time, or (known only by its day) at that day's midnight in `zone`."""
    if at is not None:
        return at
    return datetime.combine(on + timedelta(days=1), datetime.min.time()).replace(tzinfo=zone)


def delay_minutes(on: date, at: datetime | None, entered_at: datetime, zone: tzinfo) -> int:
    """Whole minutes from the end of what was done to its entry; entered before the day was over = 0."""
    return max(0, int((entered_at - ended_at(on, at, zone)).total_seconds() // 60))


def is_backdated(on: date, today: date, back_days: int | None) -> bool:
    """Whether a day lies further back than somebody may log alone."""
    return back_days is not None and (today - on).days > back_days


def plans_end(today: date) -> date:
    """Open plans for this day and before are over: nobody did, moved or dropped them for two weeks."""
    return today - timedelta(days=PLAN_DAYS)


def conditions(rule: Rule, kind_asks: Iterable[str] = ()) -> tuple[str, ...]:
    """The conditions this version of the rule asks for, in the order they are shown."""
    asked = {
        "contact": rule.contact,
        "result": rule.result,
        "next_step": rule.next_step,
        "minutes": bool(rule.min_minutes),
        "place": rule.place,
        "photo": False,
        "entry_window": bool(rule.entry_hours),
        "backdated": rule.back_days is not None,
        "duplicate": bool(rule.duplicate_days),
    }
    return tuple(name for name in NAMES if asked[name] or name in kind_asks)
