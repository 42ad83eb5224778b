"""The plain rows that a bulk promotion takes, and what is worked out for them before the write lock is taken.

Every id is a primary key that already exists or was returned by the same batch. Amounts are integer minor units, dates
are business dates; a text that is not known is "", a date or amount that is not known None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from pacesetter.lib.refusal import Refusal

from .. import rules


class Seats(Protocol):
    """A book of seats: `people.reads.SeatBook`."""

    def at(self, person_id: int | None, on: date) -> Any: ...


@dataclass(slots=True)
class ProductRow:
    """A product to add."""

    name: str
    code: str | None = None
    category: str = ""
    list_price_minor: int | None = None
    cost_minor: int | None = None
    active: bool = True
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class CustomerRow:
    """A customer to add. `created_on` None = the batch's day."""

    name: str
    code: str | None = None
    industry: str = ""
    region: str = ""
    size: str = ""
    tier: str = ""
    owner_id: int | None = None
    parent_id: int | None = None
    source: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""
    created_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class ContactRow:
    """A contact to add."""

    customer_id: int
    name: str
    title: str = ""
    decision_role: str = "unknown"
    mobile: str = ""
    email: str = ""
    note: str = ""


@dataclass(slots=True)
class LeadRow:
    """A lead to add. `person_id` = who received it first (default: the owner); skipped steps are filled backwards."""

    name: str
    created_on: date
    code: str | None = None
    contact_name: str = ""
    mobile: str = ""
    source: str = ""
    industry: str = ""
    customer_region: str = ""
    owner_id: int | None = None
    person_id: int | None = None
    in_pool: bool = False
    stage: str = "new"
    valid_on: date | None = None
    intent_on: date | None = None
    proposal_on: date | None = None
    won_on: date | None = None
    lost_on: date | None = None
    last_touch_on: date | None = None
    loss_reason: str = ""
    customer_id: int | None = None
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


class LineRow(NamedTuple):
    """One line of a deal. Quantity in thousandths, discount in basis points."""

    amount_minor: int
    product_id: int | None = None
    name: str = ""
    quantity_milli: int = 1000
    unit_price_minor: int | None = None
    discount_bp: int = 0
    cost_minor: int | None = None


class StepRow(NamedTuple):
    """One step of a deal's history: the stage entered, what it did (see Outcome), the day."""

    stage: str
    outcome: str
    on: date | None


@dataclass(slots=True)
class DealRow:
    """A deal to add, with its lines, credits and history.

    With lines, `amount_minor` may be left None (= their sum). Without credits the owner has all of it. Without steps
    the history is: opened on `opened_on`, and (if closed) won / lost / cancelled on `closed_on`.
    """

    name: str
    stage: str = "prospect"
    code: str | None = None
    customer_id: int | None = None
    lead_id: int | None = None
    owner_id: int | None = None
    source: str = ""
    amount_minor: int | None = None
    amount_text: str = ""
    tax_basis: str = "unknown"
    contract_no: str = ""
    opened_on: date | None = None
    expected_on: date | None = None
    signed_on: date | None = None
    closed_on: date | None = None
    loss_reason: str = ""
    competitor: str = ""
    next_step: str = ""
    next_on: date | None = None
    note: str = ""
    lines: Sequence[LineRow] = ()
    credits: Sequence[rules.Credit] = ()
    steps: Sequence[StepRow] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    # filled by `prepare`
    shared: Sequence[rules.Credit] = ()
    cells: Sequence[rules.Posting] = ()
    ready: bool = False


@dataclass(slots=True)
class ReversalRow:
    """A refund, return or cancellation of a won deal (or one of its lines) on its own day; amount ≥ 0."""

    deal_id: int
    kind: str
    on: date
    amount_minor: int
    code: str | None = None
    line_id: int | None = None
    reason: str = ""


@dataclass(slots=True)
class InvoiceRow:
    """An invoice; `person_id` = whose it is (default: the customer's owner is the promoter's to look up)."""

    customer_id: int
    on: date
    amount_minor: int
    number: str | None = None
    deal_id: int | None = None
    person_id: int | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class InstalmentRow:
    """A planned payment."""

    customer_id: int
    due_on: date
    amount_minor: int
    number: str | None = None
    deal_id: int | None = None
    invoice_id: int | None = None
    person_id: int | None = None


@dataclass(slots=True)
class ReceiptRow:
    """Money received."""

    customer_id: int
    on: date
    amount_minor: int
    number: str | None = None
    person_id: int | None = None
    method: str = ""
    note: str = ""


@dataclass(slots=True)
class AllocationRow:
    """A part of a receipt for an instalment; `person_id` = the instalment's person."""

    receipt_id: int
    instalment_id: int
    on: date
    amount_minor: int
    person_id: int | None = None


def prepare(rows: Iterable[DealRow]) -> None:
    """Work out amounts, credits, steps and the posting matrix of deals; call it before the transaction is opened.

    Refuses a deal whose lines do not sum to its amount or whose shares are wrong (`Refusal` with the rule's code).
    """
    for row in rows:
        if row.ready:
            continue
        if row.lines:
            total = sum(line.amount_minor for line in row.lines)
            if row.amount_minor is None:
                row.amount_minor = total
            elif row.amount_minor != total:
                raise Refusal(f"{row.code or row.name}: {total} ≠ {row.amount_minor}", code="lines_sum", field="lines")
        if row.credits:
            try:
                rules.check_credits(row.credits)
            except rules.RuleError as error:
                raise Refusal(f"{row.code or row.name}: {error}", code=error.code, field="credits") from error
            row.shared = row.credits
        else:
            row.shared = (rules.Credit(row.owner_id, rules.WHOLE, False, True),)
        if row.stage == "won":
            if row.amount_minor is None or row.closed_on is None:
                raise Refusal(f"{row.code or row.name}", code="won_incomplete", field="closed_on")
            row.cells = rules.postings(
                row.amount_minor, row.shared, [line.amount_minor for line in row.lines] if row.lines else ()
            )
        if not row.steps:
            row.steps = [StepRow(*step) for step in rules.default_steps(row.stage, row.opened_on, row.closed_on)]
        row.ready = True


class SeatTuples:
    """Seats as plain tuples, each (person, day) worked out once."""

    COLUMNS = ("person_id", "team_id", "manager_id", "region_id", "growth_stage")
    NOBODY = (None, None, None, None, "unknown")

    def __init__(self, book: Seats) -> None:
        self.book = book
        self.known: dict[tuple[int, date], tuple[Any, ...]] = {}

    def at(self, person_id: int | None, on: date) -> tuple[Any, ...]:
        """(person, team, manager, region, growth stage) on that day."""
        if person_id is None:
            return self.NOBODY
        key = (person_id, on)
        found = self.known.get(key)
        if found is None:
            columns = self.book.at(person_id, on).columns()
            found = self.known[key] = tuple(columns[name] for name in self.COLUMNS)
        return found


def earliest(rows: Iterable[tuple[int | None, date | None]]) -> dict[int, date]:
    """Customer → first day, of (customer, day) pairs."""
    first: dict[int, date] = {}
    for customer, on in rows:
        if customer is not None and on is not None and (customer not in first or on < first[customer]):
            first[customer] = on
    return first


__all__ = [
    "AllocationRow",
    "ContactRow",
    "CustomerRow",
    "DealRow",
    "InstalmentRow",
    "InvoiceRow",
    "LeadRow",
    "LineRow",
    "ProductRow",
    "ReceiptRow",
    "ReversalRow",
    "SeatTuples",
    "Seats",
    "StepRow",
    "earliest",
    "prepare",
]
