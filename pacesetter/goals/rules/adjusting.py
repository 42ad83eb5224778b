"""Who may say what about an application to change a goal, and what becomes of its months and its foresight.

A group of three looks at it: director, HRBP and analyst. The director decides, once the analyst has assessed it.
Nobody speaks about the own goal, nobody speaks twice, and time passing never says yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pacesetter.lib import shares

SEATS: Final = ("analyst", "hrbp", "director")
DECIDES: Final = "director"
ASSESSES: Final = "analyst"


@dataclass(frozen=True, slots=True)
class Said:
    """A voice: which seat spoke, and who sat in it."""

    seat: str
    by: int


@dataclass(frozen=True, slots=True)
class Matter:
    """An application as the rules see it: who asked, whose goal it is, how it ended ("" = open), who spoke."""

    asked_by: int
    owners: frozenset[int]
    end: str = ""
    voices: tuple[Said, ...] = ()

    @property
    def concerned(self) -> frozenset[int]:
        """Those who may not speak: whose goal it is, and who asked."""
        return self.owners | {self.asked_by}


def seats_held(roles: Iterable[str], stood_in_for: Mapping[int, Iterable[str]]) -> dict[str, tuple[int | None, ...]]:
    """seat → in whose place somebody may sit there (None = as oneself, first).

    `stood_in_for`: person → roles of that person, for everybody who named this one as a delegate that day.
    """
    own = set(roles)
    held: dict[str, tuple[int | None, ...]] = {}
    for seat in SEATS:
        ways: list[int | None] = [None] if seat in own else []
        ways += [person for person, theirs in sorted(stood_in_for.items()) if seat in theirs]
        if ways:
            held[seat] = tuple(ways)
    return held


def silenced(matter: Matter, seat: str, by: int, held: Mapping[str, Sequence[int | None]]) -> str:
    """Why somebody may not speak from a seat; "" = they may.

    role: no such seat of theirs. decided: it has ended. self: their own goal or application, in whatever role.
    twice: they spoke from another seat. taken: the seat has spoken. assessment: the analyst has not spoken yet.
    """
    if seat not in SEATS or seat not in held:
        return "role"
    if matter.end:
        return "decided"
    if by in matter.concerned:
        return "self"
    if any(said.by == by for said in matter.voices):
        return "twice"
    if any(said.seat == seat for said in matter.voices):
        return "taken"
    if seat == DECIDES and not any(said.seat == ASSESSES for said in matter.voices):
        return "assessment"
    return ""


def awaited(matter: Matter) -> str:
    """The seat whose word is missing: the analyst's before the director's; "" once it has ended. HRBP may be silent."""
    if matter.end:
        return ""
    return DECIDES if any(said.seat == ASSESSES for said in matter.voices) else ASSESSES


def late(due_on: date, today: date, *, ended: bool, escalated: bool) -> bool:
    """Whether an open application has to be told further up: its last day has passed and nobody was told yet."""
    return not ended and not escalated and today > due_on


def new_parts(parts: Sequence[tuple[date, date, int]], target: int, valid_from: date) -> list[int]:
    """The shares of the months under a new target: those that are over stay, the rest is spread as it was before.

    `parts` are (start, end, share) in order of time. Where the past months already hold more than the new target, or
    nothing is left to spread to, all months are spread anew. They sum to `target` exactly.
    """
    if not parts:
        return []
    past = [share if end <= valid_from else None for _start, end, share in parts]
    fixed = sum(share for share in past if share is not None)
    free = [place for place, share in enumerate(past) if share is None]
    if not free or fixed > target:
        fixed, free = 0, list(range(len(parts)))
        past = [None] * len(parts)
    weights = [parts[place][2] for place in free]
    spread = shares.by_weights(target - fixed, weights if any(weights) else [1] * len(free))
    found = [share or 0 for share in past]
    for place, share in zip(free, spread, strict=True):
        found[place] = share
    return found


def looked_back(actual: int | None, before: int, after: int, *, better: str = "up") -> str:
    """What became of an application: unknown, needless (the old line was reached), held (the new one was), or short.

    `before` and `after` are what the old and the new line asked for until the day one looks back.
    """
    if actual is None:
        return "unknown"
    if better == "down":
        actual, before, after = -actual, -before, -after
    if actual >= max(before, after):
        return "needless" if after < before else "held"
    return "held" if actual >= after else "short"
