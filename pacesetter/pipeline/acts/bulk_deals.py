"""The bulk writer of deals: turns prepared rows into plain tuples of six tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pacesetter.journal import acts as journal

from .. import rules
from ..models import Booking, CreditShare, Deal, DealLine, StageChange
from .bulk_rows import DealRow, ReversalRow, SeatTuples, earliest
from .kinds import first_wins, retell

if TYPE_CHECKING:
    from .bulk import Batch

DEAL = ("id", "code", "name", "customer_id", "lead_id", "owner_id", "source", "stage", "amount_minor", "amount_text",
        "tax_basis", "contract_no", "opened_on", "expected_on", "signed_on", "closed_on", "stage_since", "loss_reason",
        "competitor", "customer_kind", "next_step", "next_on", "note", "created_at", "version", "extra")  # fmt: skip
LINE = ("deal_id", "product_id", "name", "quantity_milli", "unit_price_minor", "discount_bp", "amount_minor",
        "cost_minor")  # fmt: skip
STEP = (*SeatTuples.COLUMNS, "deal_id", "from_stage", "stage", "outcome", "on", "at", "by_id", "days_in_previous",
        "valid")  # fmt: skip
BOOKING = (*SeatTuples.COLUMNS, "deal_id", "customer_id", "product_id", "reversal_id", "kind", "on", "customer_kind",
           "source", "overlay", "primary", "amount_minor")  # fmt: skip


class Kinds:
    """New or repurchase for the deals of a batch, and which stored customers must be told anew by it."""

    def __init__(self, rows: Sequence[DealRow], *, complete_from: date | None) -> None:
        self.complete_from = complete_from
        mine = earliest((row.customer_id, row.closed_on) for row in rows if row.stage == "won")
        stored = first_wins(mine.keys())
        self.first = {customer: min(on, stored.get(customer, on)) for customer, on in mine.items()}
        self.moved = [customer for customer, on in mine.items() if customer in stored and on < stored[customer]]

    def of(self, row: DealRow) -> str:
        """The word for one deal of the batch; unknown while it is not won."""
        if row.stage != "won" or row.closed_on is None or row.customer_id is None:
            return "unknown"
        return rules.customer_kind(row.closed_on, self.first.get(row.customer_id), self.complete_from)

    def tell_stored(self) -> None:
        """Stored deals of customers whose first win turned out earlier."""
        if self.moved:
            retell(self.moved)


def write(batch: Batch, rows: Sequence[DealRow], kinds: Kinds) -> range:
    """Write deals and everything below them; returns the deals' ids."""
    if not rows:
        return range(0)
    ids = journal.reserve_ids(Deal, len(rows))
    words = [kinds.of(row) for row in rows]
    at = batch.at
    journal.write_rows(Deal, DEAL, (
        (pk, r.code, r.name, r.customer_id, r.lead_id, r.owner_id, r.source, r.stage, r.amount_minor, r.amount_text,
         r.tax_basis, r.contract_no, r.opened_on, r.expected_on, r.signed_on,
         r.closed_on if r.stage in rules.CLOSED_STAGES else None, r.steps[-1].on, r.loss_reason, r.competitor, kind,
         r.next_step, r.next_on, r.note, at, 1, journal.canonical(r.extra) if r.extra else "{}")
        for pk, r, kind in zip(ids, rows, words, strict=True)
    ))  # fmt: skip
    journal.write_rows(DealLine, LINE, (
        (pk, line.product_id, line.name, line.quantity_milli, line.unit_price_minor, line.discount_bp,
         line.amount_minor, line.cost_minor)
        for pk, r in zip(ids, rows, strict=True)
        for line in r.lines
    ))  # fmt: skip
    journal.write_rows(CreditShare, ("deal_id", "person_id", "share_ppm", "overlay", "primary"), (
        (pk, credit.person_id, credit.share_ppm, credit.overlay, credit.primary)
        for pk, r in zip(ids, rows, strict=True)
        for credit in r.shared
        if credit.person_id is not None
    ))  # fmt: skip
    journal.write_rows(StageChange, STEP, _steps(batch, ids, rows))
    journal.write_rows(Booking, BOOKING, _bookings(batch, ids, rows, words))
    return ids


def _steps(batch: Batch, ids: range, rows: Sequence[DealRow]) -> Iterator[tuple[Any, ...]]:
    seat, at, by_id, today = batch.seats.at, batch.at, batch.by_id, batch.on
    for pk, r in zip(ids, rows, strict=True):
        before, since = "", None
        for step in r.steps:
            yield (*seat(r.owner_id, step.on or today), pk, before, step.stage, step.outcome, step.on, at, by_id,
                   rules.days_between(since, step.on) if before else None, True)  # fmt: skip
            before, since = step.stage, step.on


def _bookings(batch: Batch, ids: range, rows: Sequence[DealRow], words: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    seat = batch.seats.at
    for pk, r, kind in zip(ids, rows, words, strict=True):
        for cell in r.cells:
            credit = r.shared[cell.credit]
            product = r.lines[cell.line].product_id if r.lines else None
            yield (*seat(credit.person_id, r.closed_on), pk, r.customer_id, product, None, "won", r.closed_on, kind,  # type: ignore[arg-type]
                   r.source, credit.overlay, credit.primary, cell.amount)  # fmt: skip


def write_reversals(batch: Batch, rows: Sequence[ReversalRow], ids: range) -> None:
    """Negative bookings: each reversal over the deal's credits and lines (or its one line), on its own day."""
    deals = {pk: deal for part in _parts([r.deal_id for r in rows]) for pk, deal in Deal.objects.in_bulk(part).items()}
    credits: dict[int, list[rules.Credit]] = {}
    lines: dict[int, list[tuple[int, int | None, int]]] = {}
    for part in _parts(list(deals)):
        for share in CreditShare.objects.filter(deal_id__in=part).order_by("deal_id", "-primary", "overlay", "id"):
            credits.setdefault(share.deal_id, []).append(
                rules.Credit(share.person_id, share.share_ppm, share.overlay, share.primary)
            )
        for pk, deal_id, product, amount in (
            DealLine.objects.filter(deal_id__in=part)
            .order_by("id")
            .values_list("pk", "deal_id", "product_id", "amount_minor")
        ):
            lines.setdefault(deal_id, []).append((pk, product, amount))

    def tuples() -> Iterator[tuple[Any, ...]]:
        for pk, row in zip(ids, rows, strict=True):
            deal = deals[row.deal_id]
            shared = credits.get(row.deal_id) or [rules.Credit(deal.owner_id, rules.WHOLE, False, True)]
            for credit, product, amount in reversal_cells(
                row.amount_minor, shared, lines.get(row.deal_id, []), row.line_id
            ):
                yield (*batch.seats.at(credit.person_id, row.on), row.deal_id, deal.customer_id, product, pk,
                       row.kind, row.on, deal.customer_kind, deal.source, credit.overlay, credit.primary,
                       amount)  # fmt: skip

    journal.write_rows(Booking, BOOKING, tuples())


def reversal_cells(
    amount: int, credits: Sequence[rules.Credit], lines: Sequence[tuple[int, int | None, int]], line_id: int | None
) -> Iterator[tuple[rules.Credit, int | None, int]]:
    """(credit, product, negative amount) of a reversal; `lines` are (id, product, amount)."""
    touched = [line for line in lines if line[0] == line_id] if line_id is not None else list(lines)
    parts = rules.spread(amount, [line[2] for line in touched]) if touched else [amount]
    for cell in rules.postings(-amount, credits, [-part for part in parts]):
        yield credits[cell.credit], touched[cell.line][1] if touched else None, cell.amount


def _parts(ids: Sequence[int]) -> Iterator[list[int]]:
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), 900):
        yield ordered[start : start + 900]


__all__ = ["Kinds", "reversal_cells", "write", "write_reversals"]
