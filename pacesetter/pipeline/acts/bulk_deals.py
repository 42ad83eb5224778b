"""The bulk writer of deals: puts ids before the tuples of drafts, table by table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pacesetter.journal import acts as journal

from .. import rules
from ..models import Booking, CreditShare, Deal, DealLine, StageChange
from . import bulk_draft
from .bulk_draft import Draft
from .bulk_rows import ReversalRow, SeatTuples, earliest
from .kinds import first_wins, retell

if TYPE_CHECKING:
    from .bulk import Batch

BOOKING = (*SeatTuples.COLUMNS, "deal_id", "customer_id", "product_id", "reversal_id", "kind", "on", "customer_kind",
           "source", "overlay", "primary", "amount_minor")  # fmt: skip


class Kinds:
    """New or repurchase for the deals of a batch, and which stored customers must be told anew by it."""

    def __init__(self, complete_from: date | None) -> None:
        self.complete_from = complete_from
        self.first: dict[int, date] = {}
        self.moved: set[int] = set()

    def expect(self, wins: Iterable[tuple[int | None, date | None]], new: Collection[int] = ()) -> None:
        """Take in wins that the batch writes, before it writes them; `new` customers cannot have stored ones."""
        mine = earliest(wins)
        unasked = [customer for customer in mine if customer not in self.first]
        self.first |= first_wins([customer for customer in unasked if customer not in new])
        for customer, on in mine.items():
            known = self.first.get(customer)
            if known is None or on < known:
                self.first[customer] = on
                if known is not None:
                    self.moved.add(customer)

    def of(self, deal: Draft) -> str:
        """The word for one deal of the batch; unknown while it is not won."""
        if deal.stage != "won" or deal.closed_on is None or deal.customer_id is None:
            return "unknown"
        return rules.customer_kind(deal.closed_on, self.first.get(deal.customer_id), self.complete_from)

    def tell_stored(self) -> None:
        """Stored deals of customers whose first win turned out earlier."""
        if self.moved:
            retell(self.moved, self.first)
            self.moved.clear()


def write(batch: Batch, rows: Sequence[Draft], kinds: Kinds) -> range:
    """Write deals and everything below them; returns the deals' ids."""
    if not rows:
        return range(0)
    ids = journal.reserve_ids(Deal, len(rows))
    words = [kinds.of(row) for row in rows]
    at, by_id = journal.stored(batch.at), batch.by_id
    both = list(zip(ids, rows, strict=True))
    for model, columns, tuples in (
        (Deal, ("id", "customer_kind", "created_at", *bulk_draft.DEAL),
         ((pk, kind, at, *r.deal) for (pk, r), kind in zip(both, words, strict=True))),
        (DealLine, ("deal_id", *bulk_draft.LINE), ((pk, *line) for pk, r in both for line in r.lines)),
        (CreditShare, ("deal_id", *bulk_draft.CREDIT), ((pk, *credit) for pk, r in both for credit in r.credits)),
        (StageChange, ("deal_id", "at", "by_id", *bulk_draft.STEP),
         ((pk, at, by_id, *step) for pk, r in both for step in r.steps)),
        (Booking, ("deal_id", "customer_kind", *bulk_draft.BOOKING),
         ((pk, kind, *part) for (pk, r), kind in zip(both, words, strict=True) for part in r.bookings)),
    ):  # fmt: skip
        journal.write_rows(model, columns, journal.Ready(tuples))
    return ids


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
