"""Bookings of single deals: posting a win, correcting it later, reversing it. Called inside the acts of `deal`.

A posting is never edited. What a won deal should say is worked out anew and the difference is posted on the day of the
change, so that a closed period keeps its number and the change is seen forward.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Sum

from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import Booking, Deal, Reversal, StageChange
from .bulk_deals import reversal_cells

# person, product, overlay → (amount, primary)
Key = tuple[int | None, int | None, bool]


def credits_of(deal: Deal) -> list[rules.Credit]:
    """The deal's credits; without any, its owner has all of it."""
    rows = deal.credits.order_by("-primary", "overlay", "id")
    found = [rules.Credit(row.person_id, row.share_ppm, row.overlay, row.primary) for row in rows]
    return found or [rules.Credit(deal.owner_id, rules.WHOLE, False, True)]


def lines_of(deal: Deal) -> list[tuple[int, int | None, int]]:
    """(id, product, amount) of the deal's lines in order."""
    return list(deal.lines.order_by("id").values_list("pk", "product_id", "amount_minor"))


def due(deal: Deal) -> dict[Key, int]:
    """What a won deal should have booked in all, reversals apart; empty when it is not won."""
    if deal.stage != "won" or deal.amount_minor is None:
        return {}
    credits, lines = credits_of(deal), lines_of(deal)
    sums: dict[Key, int] = {}
    for cell in rules.postings(deal.amount_minor, credits, [line[2] for line in lines]):
        credit = credits[cell.credit]
        key = (credit.person_id, lines[cell.line][1] if lines else None, credit.overlay)
        sums[key] = sums.get(key, 0) + cell.amount
    return sums


def booked(deal: Deal) -> dict[Key, int]:
    """What is booked, reversals apart."""
    rows = deal.bookings.filter(reversal=None).order_by().values_list("person_id", "product_id", "overlay")
    return {row[:3]: row[3] for row in rows.annotate(total=Sum("amount_minor"))}


def post(deal: Deal, *, on: date, kind: str) -> int:
    """Book the difference between what is due and what is booked, dated `on`; how many postings."""
    wanted, there = due(deal), booked(deal)
    primary = next((credit.person_id for credit in credits_of(deal) if credit.primary), None)
    seats = people.SeatBook({key[0] for key in (*wanted, *there) if key[0] is not None})
    rows = []
    for key in sorted({*wanted, *there}, key=repr):
        amount = wanted.get(key, 0) - there.get(key, 0)
        if amount or (kind == "won" and key not in there):
            person_id, product_id, overlay = key
            rows.append(_booking(deal, seats, person_id, product_id, on, kind, amount, overlay,
                                 not overlay and person_id == primary))  # fmt: skip
    Booking.objects.bulk_create(rows)
    return len(rows)


def post_reversal(deal: Deal, reversal: Reversal) -> None:
    """Book a refund, return or cancellation on its own day, over the credits and lines of the deal."""
    credits = credits_of(deal)
    seats = people.SeatBook({credit.person_id for credit in credits if credit.person_id is not None})
    cells = reversal_cells(reversal.amount_minor, credits, lines_of(deal), reversal.line_id)
    rows = [
        _booking(deal, seats, credit.person_id, product, reversal.on, reversal.kind, amount, credit.overlay,
                 credit.primary, reversal)
        for credit, product, amount in cells
    ]  # fmt: skip
    Booking.objects.bulk_create(rows)


def _booking(
    deal: Deal,
    seats: people.SeatBook,
    person_id: int | None,
    product_id: int | None,
    on: date,
    kind: str,
    amount: int,
    overlay: bool,
    primary: bool,
    reversal: Reversal | None = None,
) -> Booking:
    return Booking(
        deal=deal, customer_id=deal.customer_id, product_id=product_id, reversal=reversal, kind=kind, on=on,
        customer_kind=deal.customer_kind, source=deal.source, overlay=overlay, primary=primary, amount_minor=amount,
        **seats.at(person_id, on).columns(),
    )  # fmt: skip


def step(deal: Deal, *, stage: str, outcome: str, on: date, at: datetime, by: Person | None) -> StageChange:
    """One row of the deal's history, on the seat of its owner that day."""
    change = StageChange(
        deal=deal, from_stage="" if outcome == "opened" else deal.stage, stage=stage, outcome=outcome, on=on, at=at,
        by=by, days_in_previous=None if outcome == "opened" else rules.days_between(deal.stage_since, on),
        **people.seat_at(deal.owner_id, on).columns(),
    )  # fmt: skip
    change.save(force_insert=True)
    return change


def reversed_amounts(deal: Deal, line_id: int | None = None) -> Iterable[int]:
    """What was already reversed of the deal, or of one of its lines."""
    rows = deal.reversals.all()
    if line_id is not None:
        rows = rows.filter(line_id=line_id)
    return rows.values_list("amount_minor", flat=True)


__all__ = ["booked", "credits_of", "due", "lines_of", "post", "post_reversal", "reversed_amounts", "step"]
