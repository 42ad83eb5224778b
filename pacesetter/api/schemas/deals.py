"""Deals with lines, credits and reversals, as programs send and get them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from ..fields import (
    Answer,
    Day,
    Flag,
    Form,
    Line80,
    Line120,
    Line200,
    Minor,
    Name200,
    Note,
    PathId,
    Reason,
    Ref,
    Remark,
    Version,
)
from ..listing import Asked
from .leads import LossReason

OpenStage = Literal["prospect", "intent", "proposal", "negotiation"]
State = Literal["", "open", "prospect", "intent", "proposal", "negotiation", "won", "lost", "cancelled"]
TaxBasis = Literal["included", "excluded", "unknown"]
Quantity = Annotated[int, Field(strict=True, ge=1, le=10**12, description="thousandths")]
Discount = Annotated[int, Field(strict=True, ge=0, le=10_000, description="hundredths of a percent")]
Share = Annotated[int, Field(strict=True, ge=1, le=1_000_000, description="millionths of the whole")]


class DealsAsked(Asked):
    """A list of deals; `closed_from` inclusive, `closed_to` exclusive."""

    owner_id: PathId | None = None
    customer_id: PathId | None = None
    state: State = ""
    source: Line80 = ""
    customer_kind: Literal["", "new", "repurchase", "unknown"] = ""
    code: Line120 = ""
    closed_from: Day | None = None
    closed_to: Day | None = None
    sort: Literal[
        "id", "-id", "name", "-name", "amount_minor", "-amount_minor", "opened_on", "-opened_on", "expected_on",
        "-expected_on", "closed_on", "-closed_on",
    ] = "-id"  # fmt: skip


class HintOut(Answer):
    """What an open deal needs, by rule: its figure in days, what that is measured against (of n deals)."""

    key: str
    days: int | None
    against: int | None
    n: int


class DealOut(Answer):
    """One deal in a list. `hints`: the weightiest first; none for a reader who may not read activities."""

    id: int
    code: str | None
    name: str
    customer_id: int | None
    customer: str | None
    lead_id: int | None
    owner_id: int | None
    owner: str | None
    source: str
    stage: str
    amount_minor: int | None
    tax_basis: str
    contract_no: str
    opened_on: date | None
    expected_on: date | None
    signed_on: date | None
    closed_on: date | None
    stage_since: date | None
    loss_reason: str
    competitor: str
    customer_kind: str
    next_step: str
    next_on: date | None
    note: str
    version: int
    hints: list[HintOut]


class LineOut(Answer):
    """One line. Quantity in thousandths, discount in hundredths of a percent."""

    id: int
    product_id: int | None
    name: str
    quantity_milli: int
    unit_price_minor: int | None
    discount_bp: int
    amount_minor: int | None
    cost_minor: int | None


class CreditOut(Answer):
    """One person's share, in millionths, and what it comes to."""

    person_id: int
    person: str
    share_ppm: int
    overlay: bool
    primary: bool
    amount_minor: int | None


class ReversalOut(Answer):
    """A refund, return or cancellation on its own day."""

    id: int
    kind: str
    code: str | None
    line_id: int | None
    on: date
    amount_minor: int | None
    reason: str


class StepOut(Answer):
    """One step of the deal; `valid` is false once a later act undid it."""

    from_stage: str
    stage: str
    outcome: str
    on: date | None
    days_in_previous: int | None
    valid: bool


class DealCard(DealOut):
    """One deal with everything that belongs to it."""

    lines: list[LineOut]
    credits: list[CreditOut]
    reversals: list[ReversalOut]
    steps: list[StepOut]
    extra: dict[str, Any] | None


class LineIn(Form):
    """A line; without an amount it is quantity × price less discount."""

    product_id: Ref | None = None
    name: Line200 = ""
    quantity_milli: Quantity = 1_000
    unit_price_minor: Minor | None = None
    discount_bp: Discount = 0
    amount_minor: Minor | None = None
    cost_minor: Minor | None = None


class CreditIn(Form):
    """One share; base shares sum to exactly 1 000 000, one of them is the primary's, overlays stand beside them."""

    person_id: Ref
    share_ppm: Share
    overlay: Flag = False
    primary: Flag = False


Lines = Annotated[list[LineIn], Field(max_length=200)]
Credits = Annotated[list[CreditIn], Field(max_length=50)]


class DealNew(Form):
    """A new deal; with lines its amount is their sum, without credits its owner has all of it."""

    name: Name200
    owner_id: Ref | None = None
    customer_id: Ref | None = None
    lead_id: Ref | None = None
    on: Day | None = None
    stage: OpenStage = "prospect"
    amount_minor: Minor | None = None
    lines: Lines = Field(default_factory=list)
    credits: Credits = Field(default_factory=list)
    code: Line120 | None = None
    source: Line80 = ""
    tax_basis: TaxBasis = "unknown"
    contract_no: Line80 = ""
    expected_on: Day | None = None
    signed_on: Day | None = None
    competitor: Line120 = ""
    next_step: Line200 = ""
    next_on: Day | None = None
    note: Note = ""


class DealChange(Form):
    """Fields that are not sent stay; what was won is corrected forward, with a reason. `lines` replace all lines."""

    version: Version
    reason: Remark = ""
    name: Name200 = Field(default_factory=str)
    owner_id: Ref | None = None
    customer_id: Ref | None = None
    amount_minor: Minor | None = None
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=200)] = Field(default_factory=list)
    code: Line120 | None = None
    source: Line80 = Field(default_factory=str)
    tax_basis: TaxBasis = "unknown"
    contract_no: Line80 = Field(default_factory=str)
    expected_on: Day | None = None
    signed_on: Day | None = None
    competitor: Line120 = Field(default_factory=str)
    next_step: Line200 = Field(default_factory=str)
    next_on: Day | None = None
    note: Note = Field(default_factory=str)


class DealMove(Form):
    """To another open stage. A proposal needs an amount and a next step with its day, a negotiation an amount and the
    expected day, unless the deal has them; going back needs a reason."""

    stage: OpenStage
    on: Day | None = None
    next_step: Line200 | None = None
    next_on: Day | None = None
    amount_minor: Minor | None = None
    expected_on: Day | None = None
    reason: Remark = ""
    version: Version | None = None


class DealWin(Form):
    """Signed."""

    on: Day | None = None
    amount_minor: Minor | None = None
    contract_no: Line80 | None = None
    signed_on: Day | None = None
    version: Version | None = None


class DealLoss(Form):
    """Lost, with one of eight reasons; lost to a competitor, with which one."""

    loss_reason: LossReason
    on: Day | None = None
    competitor: Line120 = ""
    note: Remark = ""
    version: Version | None = None


class DealReopen(Form):
    """Closed by mistake."""

    reason: Reason
    stage: OpenStage = "negotiation"
    version: Version | None = None


class DealCancel(Form):
    """Cancelled on a day."""

    reason: Reason
    on: Day | None = None
    version: Version | None = None


class DealBack(Form):
    """Money or goods back, of the deal or of one line."""

    amount_minor: Minor
    reason: Reason
    kind: Literal["refund", "return"] = "refund"
    on: Day | None = None
    line_id: Ref | None = None
    code: Line120 | None = None


class DealShares(Form):
    """Who is credited; all shares at once."""

    credits: Credits
    reason: Remark = ""
    version: Version | None = None
