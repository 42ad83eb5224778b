"""The ifs of the people room, over plain values: dated spells, the team tree, growth stage, identities, passwords.

Spells are `[start, end)`; an unknown start is OPEN_START, no end is OPEN_END.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from pacesetter.lib.periods import add_months

OPEN_START: Final = date(1900, 1, 1)
OPEN_END: Final = date(9999, 12, 31)

STAGES: Final = ("newcomer", "growth", "mature", "unknown")
_MOBILE_CN = re.compile(r"1[3-9]\d{9}", re.ASCII)
_MOBILE_ANY = re.compile(r"\+\d{7,15}", re.ASCII)
_EMPLOYEE_NO = re.compile(r"[\w.\-/]{1,40}")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Loop(ValueError):
    """A team would stand under itself, or a person would manage themselves; `path` names the ids of the round."""

    def __init__(self, path: Sequence[int]) -> None:
        super().__init__(" → ".join(map(str, path)))
        self.path = list(path)


class BadIdentity(ValueError):
    """A mobile, employee number or mail that cannot be one; `what` names which."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


# --- growth stage ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Thresholds:
    """Months of tenure: newcomer below the first, growth below the second, mature from there on."""

    newcomer_months: int = 3
    growth_months: int = 12


def stage_limits(hire_on: date, thresholds: Thresholds) -> tuple[date, date]:
    """The days on which growth and maturity begin."""
    return add_months(hire_on, thresholds.newcomer_months), add_months(hire_on, thresholds.growth_months)


def gone(left_on: date | None, on: date) -> bool:
    """Whether somebody has left by a day: the last day lies before it."""
    return left_on is not None and left_on < on


def growth_stage(hire_on: date | None, on: date, thresholds: Thresholds) -> str:
    """`newcomer`, `growth`, `mature`; `unknown` without a hire date or before it."""
    if hire_on is None or on < hire_on:
        return "unknown"
    growth_on, mature_on = stage_limits(hire_on, thresholds)
    return "newcomer" if on < growth_on else "growth" if on < mature_on else "mature"


# --- spells ----------------------------------------------------------------------------------------------------------
class Spell(Protocol):
    """Anything that holds for `[valid_from, valid_to)`."""

    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Cut:
    """What must happen to old spells so that a new one fits: rows to drop, to end, to begin later, to split."""

    drop: tuple[int, ...]
    end: Mapping[int, date]
    begin: Mapping[int, date]
    split: Mapping[int, date]  # this row ends at the new start, and a copy begins at the new spell's end


def make_room(old: Iterable[tuple[int, date, date]], start: date, end: date) -> Cut:
    """How spells `(id, start, end)` must give way to a new one `[start, end)`; those outside stay as they are."""
    drop: list[int] = []
    ends: dict[int, date] = {}
    begins: dict[int, date] = {}
    split: dict[int, date] = {}
    for key, first, last in old:
        if last <= start or first >= end:
            continue
        if first >= start and last <= end:
            drop.append(key)
        elif first < start and last > end:
            ends[key] = start
            split[key] = end
        elif first < start:
            ends[key] = start
        else:
            begins[key] = end
    return Cut(tuple(drop), ends, begins, split)


def holds(spell: Spell, on: date) -> bool:
    """Whether a spell holds on a day."""
    return spell.valid_from <= on < spell.valid_to


# --- the team tree ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Place:
    """A team hangs under `parent` (None = root) during `[start, end)`."""

    team: int
    parent: int | None
    start: date = OPEN_START
    end: date = OPEN_END


@dataclass(frozen=True, slots=True, order=True)
class Above:
    """`ancestor` stands `depth` steps above `descendant` (0 = itself) during `[start, end)`."""

    ancestor: int
    descendant: int
    start: date
    end: date
    depth: int


def closure(teams: Iterable[int], places: Iterable[Place]) -> list[Above]:
    """Every (ancestor, descendant) pair with its dates. Raises Loop when a team would stand under itself."""
    by_team: dict[int, list[Place]] = {}
    for place in places:
        by_team.setdefault(place.team, []).append(place)
    found: list[Above] = []

    def climb(team: int, at: int, start: date, end: date, path: tuple[int, ...]) -> None:
        for place in by_team.get(at, ()):
            first, last = max(start, place.start), min(end, place.end)
            if place.parent is None or first >= last:
                continue
            if place.parent in path:
                raise Loop([*path[path.index(place.parent) :], place.parent])
            found.append(Above(place.parent, team, first, last, len(path)))
            climb(team, place.parent, first, last, (*path, place.parent))

    for team in teams:
        found.append(Above(team, team, OPEN_START, OPEN_END, 0))
        climb(team, team, OPEN_START, OPEN_END, (team,))
    return _joined(found)


def _joined(rows: list[Above]) -> list[Above]:
    """Neighbouring stretches of the same pair and depth as one."""
    joined: list[Above] = []
    for row in sorted(rows):
        last = joined[-1] if joined else None
        if last and (last.ancestor, last.descendant, last.depth, last.end) == (
            row.ancestor, row.descendant, row.depth, row.start,
        ):  # fmt: skip
            joined[-1] = Above(last.ancestor, last.descendant, last.start, row.end, last.depth)
        else:
            joined.append(row)
    return joined


def manager_loop(manager_of: Mapping[int, int | None], person: int) -> list[int]:
    """The round of line managers that leads from a person back to them; [] when there is none."""
    path, at = [person], manager_of.get(person)
    while at is not None:
        if at == person:
            return [*path, person]
        if at in path:
            return []
        path.append(at)
        at = manager_of.get(at)
    return []


# --- identity and passwords ------------------------------------------------------------------------------------------
def clean_mobile(text: str | None) -> str | None:
    """A mobile without spaces, dashes and +86; None when empty. Raises BadIdentity."""
    plain = re.sub(r"[\s\-()（）]", "", unicodedata.normalize("NFKC", text or ""))
    if not plain:
        return None
    for prefix in ("+86", "0086"):
        if plain.startswith(prefix):
            plain = plain[len(prefix) :]
    if _MOBILE_CN.fullmatch(plain) or _MOBILE_ANY.fullmatch(plain):
        return plain
    raise BadIdentity("mobile")


def clean_employee_no(text: str | None) -> str | None:
    """An employee number as it is written, leading zeros kept; None when empty. Raises BadIdentity."""
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not plain:
        return None
    if not _EMPLOYEE_NO.fullmatch(plain):
        raise BadIdentity("employee_no")
    return plain


def clean_email(text: str | None) -> str | None:
    """A mail address in lower case; None when empty. Raises BadIdentity."""
    plain = unicodedata.normalize("NFKC", text or "").strip().lower()
    if not plain:
        return None
    if len(plain) > 254 or not _MAIL.fullmatch(plain):
        raise BadIdentity("email")
    return plain


# --- merging two records of one person -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Likeness:
    """What two person records say, for deciding whether they may be one."""

    name: str
    employee_no: str | None
    mobile: str | None
    email: str | None
    spells: tuple[tuple[date, date], ...] = ()


def why_not_merge(keep: Likeness, drop: Likeness) -> list[str]:
    """Reasons against taking two records for one person: `employee_no`, `spells`; [] when nothing stands against."""
    reasons = []
    if keep.employee_no and drop.employee_no and keep.employee_no != drop.employee_no:
        reasons.append("employee_no")
    if any(a < d and c < b for a, b in keep.spells for c, d in drop.spells):
        reasons.append("spells")
    return reasons


def open_stretches(start: date, end: date, closed: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """What is left of `[start, end)` outside the closed periods."""
    left = [(start, end)]
    for first, last in closed:
        left = [piece for a, b in left for piece in ((a, min(b, first)), (max(a, last), b)) if piece[0] < piece[1]]
    return left


# --- questions about numbers -----------------------------------------------------------------------------------------
QUESTION_LASTS: Final = timedelta(days=30)


def question_state(
    asked_at: datetime, answered_at: datetime | None, withdrawn_at: datetime | None, now: datetime
) -> str:
    """open | answered | withdrawn | expired: what nobody answers ends by the clock, 30 days after it was asked."""
    if answered_at is not None:
        return "answered"
    if withdrawn_at is not None:
        return "withdrawn"
    return "expired" if now >= asked_at + QUESTION_LASTS else "open"
