"""Invoices, instalments, receipts and their allocation, as programs send and get them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ..fields import Answer, Day, Form, Line40, Line80, Line300, Minor, PathId, Reason, Ref
from ..listing import Asked


class InvoicesAsked(Asked):
    """A list of invoices; days are from (inclusive) to (exclusive)."""

    customer_id: PathId | None = None
    deal_id: PathId | None = None
    number: Line80 = ""
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    sort: Literal["id", "-id", "on", "-on", "amount_minor", "-amount_minor"] = "-id"


class ReceiptsAsked(Asked):
    """A list of receipts; `state=free` leaves those of which a part is not allocated."""

    customer_id: PathId | None = None
    number: Line80 = ""
    state: Literal["", "free"] = ""
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    sort: Literal["id", "-id", "on", "-on", "amount_minor", "-amount_minor"] = "-id"


class InstalmentsAsked(Asked):
    """A list of planned payments; days are from (inclusive) to (exclusive)."""

    customer_id: PathId | None = None
    deal_id: PathId | None = None
    number: Line80 = ""
    state: Literal["", "overdue", "open", "paid"] = ""
    start: Day | None = Field(default=None, alias="from")
    end: Day | None = Field(default=None, alias="to")
    sort: Literal["id", "-id", "due_on", "-due_on", "amount_minor", "-amount_minor", "left_minor", "-left_minor"] = (
        "-id"
    )


class InvoiceOut(Answer):
    """One invoice; `person_id` is whose money it was on its day."""

    id: int
    number: str | None
    customer_id: int
    deal_id: int | None
    person_id: int | None
    on: date
    amount_minor: int


class InvoiceNew(Form):
    """A new invoice."""

    customer_id: Ref
    deal_id: Ref | None = None
    number: Line80 | None = None
    on: Day
    amount_minor: Minor


class InstalmentOut(Answer):
    """One planned payment with what was paid and what is left."""

    id: int
    number: str | None
    customer_id: int
    deal_id: int | None
    invoice_id: int | None
    person_id: int | None
    due_on: date
    amount_minor: int
    paid_minor: int
    left_minor: int
    voided_on: date | None


class InstalmentNew(Form):
    """A payment that is due on a day."""

    customer_id: Ref
    deal_id: Ref | None = None
    invoice_id: Ref | None = None
    number: Line80 | None = None
    due_on: Day
    amount_minor: Minor


class InstalmentVoid(Form):
    """No longer owed."""

    reason: Reason
    on: Day | None = None


class ReceiptOut(Answer):
    """Money that arrived, and what of it is not allocated."""

    id: int
    number: str | None
    customer_id: int
    person_id: int | None
    on: date
    amount_minor: int
    allocated_minor: int
    free_minor: int
    method: str
    note: str


class AllocationOut(Answer):
    """A part of a receipt that pays a part of an instalment."""

    id: int
    instalment_id: int
    on: date
    amount_minor: int


class ReceiptCard(ReceiptOut):
    """One receipt with its allocations."""

    allocations: list[AllocationOut]


class ReceiptNew(Form):
    """Money that arrived."""

    customer_id: Ref
    number: Line80 | None = None
    on: Day
    amount_minor: Minor
    method: Line40 = ""
    note: Line300 = ""


class PartIn(Form):
    """How much of a receipt goes to one instalment."""

    instalment_id: Ref
    amount_minor: Minor


class Allocate(Form):
    """Parts of a receipt for instalments of its customer."""

    parts: Annotated[list[PartIn], Field(min_length=1, max_length=100)]
