"""Deals as the plain tuples of six tables, made before the write lock is taken: under it only ids are put in front.

    drafter = Drafter(SeatTuples(book), on=today)
    draft = drafter.draft(row)          # of a prepared `DealRow` whose ids are all real

Days are texts (SQLite keeps them so, PostgreSQL reads them so). What the batch alone knows, the deal's id, new or
repurchase, author and instant, is added by `bulk_deals.write`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from pacesetter.journal import acts as journal

from .. import rules
from .bulk_rows import DealRow, SeatTuples

Tuple = tuple[Any, ...]

DEAL = ("code", "name", "customer_id", "lead_id", "owner_id", "source", "stage", "amount_minor", "amount_text",
        "tax_basis", "contract_no", "opened_on", "expected_on", "signed_on", "closed_on", "stage_since", "loss_reason",
        "competitor", "next_step", "next_on", "note", "version", "extra")  # fmt: skip
LINE = ("product_id", "name", "quantity_milli", "unit_price_minor", "discount_bp", "amount_minor", "cost_minor")
CREDIT = ("person_id", "share_ppm", "overlay", "primary")
STEP = (*SeatTuples.COLUMNS, "from_stage", "stage", "outcome", "on", "days_in_previous", "valid")
BOOKING = (*SeatTuples.COLUMNS, "customer_id", "product_id", "reversal_id", "kind", "on", "source", "overlay",
           "primary", "amount_minor")  # fmt: skip


class Draft(NamedTuple):
    """One deal: the columns above, in their order, and what the journal keeps of it (`said`, JSON)."""

    deal: Tuple
    lines: tuple[Tuple, ...]
    credits: tuple[Tuple, ...]
    steps: tuple[Tuple, ...]
    bookings: tuple[Tuple, ...]
    said: str
    stage: str
    customer_id: int | None
    closed_on: date | None


class Drafter:
    """Makes drafts for one batch: seats and the texts of days are each worked out once."""

    def __init__(self, seats: SeatTuples, on: date) -> None:
        self.seats, self.on = seats, on
        self.days: dict[date | None, str | None] = {None: None}

    def day(self, on: date | None) -> str | None:
        """The text of a day."""
        found = self.days.get(on)
        if found is None and on is not None:
            found = self.days[on] = on.isoformat()
        return found

    def draft(self, r: DealRow) -> Draft:
        """The tuples of one prepared row."""
        day = self.day
        closed_on = r.closed_on if r.stage in rules.CLOSED_STAGES else None
        deal = (
            r.code, r.name, r.customer_id, r.lead_id, r.owner_id, r.source, r.stage, r.amount_minor, r.amount_text,
            r.tax_basis, r.contract_no, day(r.opened_on), day(r.expected_on), day(r.signed_on), day(closed_on),
            day(r.steps[-1].on), r.loss_reason, r.competitor, r.next_step, day(r.next_on), r.note, 1,
            journal.canonical(r.extra) if r.extra else "{}",
        )  # fmt: skip
        return Draft(
            deal,
            tuple((line.product_id, line.name, line.quantity_milli, line.unit_price_minor, line.discount_bp,
                   line.amount_minor, line.cost_minor) for line in r.lines),
            tuple((credit.person_id, credit.share_ppm, credit.overlay, credit.primary) for credit in r.shared
                  if credit.person_id is not None),
            tuple(self._steps(r)),
            tuple(self._bookings(r)) if r.cells else (),
            said(r), r.stage, r.customer_id, closed_on,
        )  # fmt: skip

    def _steps(self, r: DealRow) -> Iterator[Tuple]:
        before, since = "", None
        for step in r.steps:
            yield (*self.seats.at(r.owner_id, step.on or self.on), before, step.stage, step.outcome, self.day(step.on),
                   rules.days_between(since, step.on) if before else None, True)  # fmt: skip
            before, since = step.stage, step.on

    def _bookings(self, r: DealRow) -> Iterator[Tuple]:
        assert r.closed_on is not None
        on = self.day(r.closed_on)
        for cell in r.cells:
            credit = r.shared[cell.credit]
            product = r.lines[cell.line].product_id if r.lines else None
            yield (*self.seats.at(credit.person_id, r.closed_on), r.customer_id, product, None, "won", on, r.source,
                   credit.overlay, credit.primary, cell.amount)  # fmt: skip


def said(r: DealRow) -> str:
    """What the journal keeps of a new deal, as JSON: its keys, owner and amount; the rest stands in the deal itself."""
    parts = [f'"code":{quoted(r.code)},'] if r.code else []
    if r.name:
        parts.append(f'"name":{quoted(r.name)},')
    parts.append(f'"stage":{quoted(r.stage)}')
    for name, value in (
        ("owner_id", r.owner_id), ("customer_id", r.customer_id), ("amount_minor", r.amount_minor),
    ):  # fmt: skip
        if value is not None:
            parts.append(f',"{name}":{value}')
    return "{" + "".join(parts) + "}"


__all__ = ["BOOKING", "CREDIT", "DEAL", "LINE", "STEP", "Draft", "Drafter"]
