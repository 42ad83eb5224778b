"""Goals and their versions, as programs send and get them.

Values are whole numbers in the metric's own `unit`: minor units, counts, days, and basis points of 1 for a ratio.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from pacesetter.lib.money import LIMIT

from ..fields import Answer, Day, Form, Line20, Line60, Line80, PathId, Reason, Ref, Remark, Version
from ..listing import Asked

OwnerKind = Literal["company", "team", "person"]
Layer = Literal["", "strategic", "team", "individual", "action"]
Per = Literal["", "day", "week"]
Kind = Literal["", "new", "repurchase"]
EventKind = Literal["policy", "competitor", "region", "people", "supply", "other"]
Value = Annotated[int, Field(strict=True, ge=0, le=LIMIT, description="in the metric's own unit")]
Buffer = Annotated[int, Field(strict=True, ge=-LIMIT, le=LIMIT, description="in the metric's own unit")]
Weight = Annotated[int, Field(strict=True, ge=0, le=100, description="percent")]
Seen = Annotated[int, Field(strict=True, ge=0, le=2_000_000_000, description="the newest version read, 0 = none")]


class GoalsAsked(Asked):
    """A list of goals; `start` inclusive, `end` exclusive: goals that hold a day of it."""

    metric: Line60 = ""
    owner_kind: Literal["", "company", "team", "person"] = ""
    team_id: PathId | None = None
    person_id: PathId | None = None
    period: Line20 = ""
    layer: Layer = ""
    start: Day | None = None
    end: Day | None = None
    sort: Literal["id", "-id", "start", "-start"] = "-id"


class GoalPartOut(Answer):
    """The share of one month (or week …)."""

    period: str
    start: date
    end: date
    target: int
    hand_set: bool


class GoalEventOut(Answer):
    """What happened to a version."""

    kind: str
    happened_at: datetime
    by: str
    reason: str


class GoalVersionOut(Answer):
    """One setting of a goal. `status`: where it stands."""

    id: int
    number: int
    status: str
    floor: int | None
    target: int
    stretch: int | None
    challenge: int | None
    weight: int
    parent_id: int | None
    buffer: int
    baseline: int | None
    valid_from: date
    origin: str
    hand_set: bool
    elastic: list[str]
    pace_basis: str
    note: str
    by: str
    set_at: datetime
    parts: list[GoalPartOut]
    events: list[GoalEventOut]


class GoalOut(Answer):
    """One goal in a list. `draft`: the version being worked on, where the reader may see it."""

    id: int
    metric: str
    basis: str
    unit: str
    layer: str
    owner_kind: OwnerKind
    team_id: int | None
    team: str | None
    person_id: int | None
    person: str | None
    period_kind: str
    period: str
    start: date
    end: date
    per: str
    customer_region: str
    industry: str
    product_id: int | None
    customer_kind: str
    status: str
    locked: bool
    ended: bool
    in_force: GoalVersionOut | None
    draft: GoalVersionOut | None


class GoalOutcomeOut(Answer):
    """How it ended. The figures are null for whoever may not see what the owner did."""

    verdict: str
    version: int
    top: int | None
    bottom: int | None
    cases: int | None
    frozen_at: datetime


class GoalCard(GoalOut):
    """A goal with all its versions, oldest first, and how it ended."""

    versions: list[GoalVersionOut]
    outcome: GoalOutcomeOut | None


class GoalPartIn(Form):
    """The share of one period inside the goal's."""

    period: Annotated[str, Field(strict=True, min_length=4, max_length=20)]
    target: Value


class GoalNew(Form):
    """A goal, or a further version of one: metric, owner, period and scope say which. It is a draft until published.

    `version`: the newest one read; another's newer one is a conflict. Where a further version does not name its
    baseline, elastic clause or pace, they stay as they are.
    """

    metric: Line60
    basis: Line20 = ""
    owner_kind: OwnerKind
    team_id: Ref | None = None
    person_id: Ref | None = None
    layer: Layer = ""
    period: Annotated[str, Field(strict=True, min_length=4, max_length=20)]
    per: Per = ""
    customer_region: Line80 = ""
    industry: Line80 = ""
    product_id: Ref | None = None
    customer_kind: Kind = ""
    floor: Value | None = None
    target: Value
    stretch: Value | None = None
    challenge: Value | None = None
    weight: Weight = 100
    parent_id: Ref | None = None
    buffer: Buffer = 0
    baseline: Value | None = None
    elastic: Annotated[list[EventKind], Field(max_length=6)] = []
    pace_basis: Literal["", "days", "curve"] = ""
    valid_from: Day | None = None
    note: Remark = ""
    parts: Annotated[list[GoalPartIn], Field(max_length=60)] = []
    version: Seen | None = None


class GoalSubmit(Form):
    """Hand the draft that was read to whoever publishes."""

    version: Version | None = None


class GoalPublish(Form):
    """Put the draft that was read in force."""

    version: Version
    reason: Remark = ""


class GoalWithdraw(Form):
    """Take the draft back, or a published goal that is not locked; that needs a reason."""

    version: Version | None = None
    reason: Remark = ""


class GoalAccept(Form):
    """Sign the version in force that was read."""

    version: Version


class GoalReturn(Form):
    """Give the submitted draft that was read back, with a reason."""

    version: Version | None = None
    reason: Reason


class GoalLock(Form):
    """From now on only a decided application changes the goal."""

    version: Version | None = None
    reason: Remark = ""


class GoalSeen(Form):
    """A goal of a batch, and its newest version that was read."""

    id: Ref
    version: Version


Batch = Annotated[list[GoalSeen], Field(min_length=1, max_length=500)]


class GoalsBatch(Form):
    """Goals that something happens to together: all of them or none."""

    goals: Batch
    reason: Remark = ""


class GoalsSubmitted(Form):
    """Drafts that are handed in together: nothing to say."""

    goals: Batch


class GoalsReturned(Form):
    """Submitted drafts that are given back together, with a reason."""

    goals: Batch
    reason: Reason


class GoalsDone(Answer):
    """The goals of a batch as they stand now, in the order of their numbers."""

    items: list[GoalOut]


__all__ = [
    "GoalAccept",
    "GoalCard",
    "GoalEventOut",
    "GoalLock",
    "GoalNew",
    "GoalOut",
    "GoalOutcomeOut",
    "GoalPartIn",
    "GoalPartOut",
    "GoalPublish",
    "GoalReturn",
    "GoalSeen",
    "GoalSubmit",
    "GoalVersionOut",
    "GoalWithdraw",
    "GoalsAsked",
    "GoalsBatch",
    "GoalsDone",
    "GoalsReturned",
    "GoalsSubmitted",
]
