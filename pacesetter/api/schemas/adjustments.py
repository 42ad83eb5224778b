"""Applications to change goals, what is said about them, and the register of market events, as programs use them.

Values are whole numbers in the goal's own `unit`, as in `goals`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from ..fields import RUNNING, Answer, Day, Flag, Form, Line80, Line120, PathId, Ref, Remark, Version
from ..listing import Asked
from .goals import Value

Kind = Literal["policy", "competitor", "region", "people", "supply", "other"]
Seat = Literal["analyst", "hrbp", "director"]
Sentence = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=1_000, pattern=RUNNING)]
Text = Annotated[str, StringConstraints(strict=True, max_length=2_000, pattern=RUNNING)]


class AdjustmentsAsked(Asked):
    """A list of applications to change goals; `late`: open, and told further up because nobody answered in time."""

    goal_id: PathId | None = None
    state: Literal["", "open", "late", "ended"] = ""
    sort: Literal["id", "-id", "due_on", "-due_on"] = "-id"


class VoiceOut(Answer):
    """What one seat of the group said."""

    seat: str
    yes: bool
    sentence: str
    said_at: datetime
    by: str


class AdjustmentEventOut(Answer):
    """What happened to an application."""

    kind: str
    happened_at: datetime
    by: str
    reason: str


class AdjustmentOut(Answer):
    """An application: this goal, from this version, to these lines, from this day, because of that.

    `waits_for`: the seat whose word is missing, empty once it has ended. `lay_with`: who had let it lie when it was
    told further up, from `lay_since` on.
    """

    id: int
    goal_id: int
    metric: str
    period: str
    version: int
    state: str
    reason: str
    market_event_id: int | None
    market_event: str | None
    old_target: int
    floor: int | None
    target: int
    stretch: int | None
    challenge: int | None
    valid_from: date
    asked_at: datetime
    asked_by: str
    due_on: date
    check_on: date
    waits_for: str
    lay_with: list[str]
    lay_since: date | None
    evidence: dict[str, Any]
    voices: list[VoiceOut]
    events: list[AdjustmentEventOut]


class AdjustmentNew(Form):
    """Ask for new lines of a goal in force. A line that is not sent stays as it is, `null` empties it.

    `version`: the newest published version that was read; where there is a newer one by now that is a conflict.
    """

    goal_id: Ref
    market_event_id: Ref
    reason: Sentence
    target: Value
    floor: Value | None = None
    stretch: Value | None = None
    challenge: Value | None = None
    valid_from: Day
    version: Version | None = None


class VoiceNew(Form):
    """Speak from one seat. The analyst's yes or no is the assessment; the director's decides.

    `stands_for_id`: in whose place a delegate speaks; without it the own seat, else the first one stood in for.
    """

    seat: Seat
    yes: Flag
    sentence: Sentence
    stands_for_id: Ref | None = None


class AdjustmentWithdraw(Form):
    """Whoever asked takes it back while it is open."""

    reason: Remark = ""


class MarketEventsAsked(Asked):
    """The register, newest first; `retired` = also what was retired."""

    kind: Literal["", "policy", "competitor", "region", "people", "supply", "other"] = ""
    retired: Literal["", "true"] = ""
    sort: Literal["id", "-id", "on", "-on"] = "-on"


class MarketEventOut(Answer):
    """Something outside that moved the market."""

    id: int
    kind: str
    title: str
    text: str
    on: date
    until: date | None
    customer_region: str
    industry: str
    product_id: int | None
    made_at: datetime
    made_by: str | None
    retired_at: datetime | None


class MarketEventNew(Form):
    """An event for the register."""

    kind: Kind
    title: Annotated[Line120, Field(min_length=1)]
    on: Day
    until: Day | None = None
    customer_region: Line80 = ""
    industry: Line80 = ""
    product_id: Ref | None = None
    text: Text = ""


__all__ = [
    "AdjustmentEventOut",
    "AdjustmentNew",
    "AdjustmentOut",
    "AdjustmentWithdraw",
    "AdjustmentsAsked",
    "MarketEventNew",
    "MarketEventOut",
    "MarketEventsAsked",
    "VoiceNew",
    "VoiceOut",
]
