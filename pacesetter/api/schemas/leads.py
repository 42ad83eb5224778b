"""Leads and activities, as programs send and get them."""

from __future__ import annotations

from datetime import date, datetime
from datetime import time as clock
from typing import Annotated, Any, Literal

from pydantic import Field

from ..fields import (
    Answer,
    Clock,
    Day,
    Form,
    Line40,
    Line80,
    Line200,
    Minor,
    Name200,
    Note,
    PathId,
    Reason,
    Ref,
    Version,
)
from ..listing import Asked

Stage = Literal["new", "valid", "intent", "won", "lost"]
LossReason = Literal["price", "competitor", "no_budget", "no_need", "product", "timing", "contact", "other"]
Channel = Literal["api", "chat", "text"]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1_440)]


class LeadsAsked(Asked):
    """A list of leads; `view=pool` shows the pool instead."""

    view: Literal["leads", "pool"] = "leads"
    owner_id: PathId | None = None
    stage: Literal["", "new", "valid", "intent", "won", "lost"] = ""
    source: Line80 = ""
    code: Line80 = ""
    sort: Literal["id", "-id", "name", "-name", "created_on", "-created_on", "last_touch_on", "-last_touch_on"] = "-id"


class LeadBack(Answer):
    """How a lead came back to the pool: `quiet` (nothing done for `days` days), `limit` (held as long as anybody may),
    `released` (given back by hand, with its `reason`)."""

    kind: Literal["quiet", "limit", "released"]
    until: date | None = None
    days: int | None = None
    reason: str = ""


class LeadOut(Answer):
    """One lead; the days are when a stage was first reached.

    `protected_until` is the last day of its owner's protection, `protect_max_on` the last day any action can move it
    to; null where no rule of the pool applies. `freed_at` and `freed_because` tell how it last came back to the pool.
    """

    id: int
    code: str | None
    name: str
    contact_name: str
    mobile: str | None
    source: str
    industry: str
    customer_region: str
    owner_id: int | None
    owner: str | None
    in_pool: bool
    claimed_on: date | None
    protected_until: date | None
    protect_max_on: date | None
    freed_at: datetime | None
    freed_because: LeadBack | None
    stage: str
    created_on: date
    valid_on: date | None
    intent_on: date | None
    proposal_on: date | None
    won_on: date | None
    lost_on: date | None
    last_touch_on: date | None
    loss_reason: str
    customer_id: int | None
    note: str
    version: int
    extra: dict[str, Any] | None


class LeadNew(Form):
    """A new lead; without `owner_id` it is the caller's, with null it stands in the pool."""

    name: Name200
    owner_id: Ref | None = None
    on: Day | None = None
    code: Line80 | None = None
    contact_name: Line80 = ""
    mobile: Line40 = ""
    source: Line80 = ""
    industry: Line80 = ""
    customer_region: Line80 = ""
    note: Note = ""


class LeadChange(Form):
    """Fields that are not sent stay as they are; `version` is the one that was read."""

    version: Version
    name: Name200 = Field(default_factory=str)
    code: Line80 | None = None
    contact_name: Line80 = Field(default_factory=str)
    mobile: Line40 = Field(default_factory=str)
    source: Line80 = Field(default_factory=str)
    industry: Line80 = Field(default_factory=str)
    customer_region: Line80 = Field(default_factory=str)
    note: Note = Field(default_factory=str)


class LeadMove(Form):
    """To another stage; closing one takes a reason."""

    stage: Stage
    on: Day | None = None
    loss_reason: LossReason | None = None
    customer_id: Ref | None = None
    version: Version | None = None


class LeadClaim(Form):
    """Take it out of the pool for oneself: nothing to say."""


class LeadRelease(Form):
    """Back to the pool, with a reason."""

    reason: Reason
    version: Version | None = None


# --- activities -------------------------------------------------------------------------------------------------------
class ActivitiesAsked(Asked):
    """A list of activities; days are from (inclusive) to (exclusive)."""

    person_id: PathId | None = None
    customer_id: PathId | None = None
    deal_id: PathId | None = None
    lead_id: PathId | None = None
    kind: Line40 = ""
    state: Literal["", "valid", "unverified", "not_effective", "confirmed"] = ""
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    sort: Literal["id", "-id", "on", "-on"] = "-id"


class ActivityOut(Answer):
    """What somebody did. `effective` is null for kinds that no rule judges; `failed` names what was missing."""

    id: int
    code: str | None
    kind: str
    on: date
    happened_at: datetime | None
    person_id: int | None
    person: str | None
    customer_id: int | None
    contact_id: int | None
    contact_name: str
    deal_id: int | None
    lead_id: int | None
    companion_id: int | None
    result: str
    next_step: str
    next_on: date | None
    next_time: clock | None
    minutes: int | None
    amount_minor: int | None
    note: str
    channel: str
    state: str
    effective: bool | None
    failed: list[str]
    entered_late: bool
    withdrawn: bool
    version: int


class ActivityNew(Form):
    """What the caller did, for a customer, a deal or a lead in reach."""

    kind: Line40
    on: Day | None = None
    code: Line80 | None = None
    customer_id: Ref | None = None
    contact_id: Ref | None = None
    contact_name: Line80 = ""
    deal_id: Ref | None = None
    lead_id: Ref | None = None
    result: Line40 = ""
    next_step: Line200 = ""
    next_on: Day | None = None
    next_time: Clock | None = Field(default=None, description="with `next_on` only")
    minutes: Minutes | None = None
    amount_minor: Minor | None = None
    note: Note = ""
    channel: Channel = Field(default="api", description="how it came in: a chat's card, one spoken line, or a program")


class ActivityChange(Form):
    """Completed or corrected by its author; the rule of its own day judges it anew."""

    version: Version
    kind: Line40 = Field(default_factory=str)
    contact_id: Ref | None = None
    contact_name: Line80 = Field(default_factory=str)
    result: Line40 = Field(default_factory=str)
    next_step: Line200 = Field(default_factory=str)
    next_on: Day | None = None
    next_time: Clock | None = None
    minutes: Minutes | None = None
    amount_minor: Minor | None = None
    note: Note = Field(default_factory=str)
