"""The records behind an amount: won deals × credit shares, and what was refunded, from the deals themselves.

Bookings, which the metric sums, are not read here: a lost credit row or a wrong posting shows as a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people
from pacesetter.people.rights import Scope
from pacesetter.pipeline import reads as pipeline
from pacesetter.pipeline import rules
from pacesetter.pipeline.models import CreditShare, Deal, DealLine, Reversal
from pacesetter.web import show

from ..figures import Figures
from ..scope import Where
from .shape import Evidence, Record, hidden, link, teams_below

CHUNK = 800
SEATS = {"team": "team_id", "manager": "manager_id", "region": "region_id", "growth_stage": "growth_stage"}
OF_DEAL = {"source", "customer_kind", "industry", "customer_region"}
# metric → kinds of customer it counts; () = all, but it needs to know the customer
KINDS_OF: dict[str, tuple[str, ...]] = {
    "new_amount": ("new",),
    "repurchase_amount": ("repurchase",),
    "new_amount_share": ("new", "repurchase"),
    "customers_developed": ("new",),
    "repurchase_rate": ("repurchase",),
    "amount_per_customer": (),
}


@dataclass(frozen=True)
class Part:
    """One person's part of a win, a reversal or a late correction, on its own day."""

    on: date
    deal_id: int
    person_id: int | None
    amount: int
    kind: str
    share: int | None = None  # of a win, in millionths


def parts(start: date, end: date, product: int | None = None) -> list[Part]:
    """Every credited part of `[start, end)`; of one product only its lines."""
    if product is not None:
        return _of_product(start, end, product)
    rows = pipeline.credited_amounts(start, end)
    return [Part(row.on, row.deal_id, row.person_id, row.amount_minor, row.kind, row.share_ppm) for row in rows]


def deals_of(found: Iterable[Part]) -> dict[int, Deal]:
    """The deals of some parts, with their customers."""
    deals: dict[int, Deal] = {}
    ids = sorted({part.deal_id for part in found})
    for first in range(0, len(ids), CHUNK):
        deals.update(Deal.objects.select_related("customer").in_bulk(ids[first : first + CHUNK]))
    return deals


def _of_product(start: date, end: date, product: int) -> list[Part]:
    wins = list(
        Deal.objects.filter(closed_on__gte=start, closed_on__lt=end, amount_minor__isnull=False)
        .filter(stage_changes__outcome="won", stage_changes__valid=True)
        .distinct()
        .select_related("customer")
    )
    back = list(Reversal.objects.filter(on__gte=start, on__lt=end).select_related("deal__customer", "line"))
    ids = {deal.pk for deal in wins} | {row.deal_id for row in back}
    credits = _by_deal(CreditShare.objects.filter(overlay=False).order_by("id"), ids)
    lines = _by_deal(DealLine.objects.order_by("id"), ids)
    found: list[Part] = []
    for deal in wins:
        found += _split(deal, deal.closed_on, deal.amount_minor or 0, "won", credits, lines.get(deal.pk, ()), product)
    for row in back:
        mine = [row.line] if row.line else lines.get(row.deal_id, ())
        found += _split(row.deal, row.on, -row.amount_minor, row.kind, credits, mine, product)
    return found


def _by_deal(rows: Any, ids: set[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        for row in rows.filter(deal_id__in=wanted[start : start + CHUNK]):
            found.setdefault(row.deal_id, []).append(row)
    return found


def _split(deal: Deal, on: date | None, amount: int, kind: str, credits: dict[int, list[CreditShare]],
           lines: Sequence[DealLine], product: int) -> Iterable[Part]:  # fmt: skip
    """One product's part of each credit. A lost credit row is not made up for: its part is missing."""
    shares = credits.get(deal.pk, [])
    if on is None:
        return
    columns = _columns(amount, lines)
    owned: Sequence[DealLine | None] = lines or [None]
    mine = [bool(line and line.product_id == product) for line in owned]
    if not shares or sum(share.share_ppm for share in shares) != rules.WHOLE:
        if not shares and deal.owner_id is None and any(mine):
            yield Part(on, deal.pk, None, sum(c for c, own in zip(columns, mine, strict=True) if own), kind)
        return
    cells: dict[int, int] = {}
    for posting in rules.postings(amount, [rules.Credit(s.person_id, s.share_ppm, primary=s.primary) for s in shares],
                                  columns):  # fmt: skip
        if mine[posting.line]:
            cells[posting.credit] = cells.get(posting.credit, 0) + posting.amount
    for place, part in cells.items():
        yield Part(on, deal.pk, shares[place].person_id, part, kind, shares[place].share_ppm)


def _columns(amount: int, lines: Sequence[DealLine]) -> list[int]:
    own = [line.amount_minor for line in lines]
    if not own or sum(own) == amount:
        return own or [amount]
    return rules.spread(amount, own)


def evidence(figures: Figures, metric: Metric, start: date, end: date, where: Where) -> Evidence:
    """The credited parts in reach and scope, newest first."""
    if figures.viewer.scope("deals") <= Scope.LEADS:
        return hidden()
    only = dict(where.only)
    product = only.pop("product", (None,))[0]
    found = parts(start, end, product)
    kept = _in_scope(figures, found, where, end)
    deals = deals_of(kept) if set(only) & OF_DEAL or metric.key in KINDS_OF else {}
    if only:
        book = figures.seats
        kept = [
            part for part in kept if all(_matches(part, book, deals, dim, values[0]) for dim, values in only.items())
        ]
    kept = _of_metric(metric, kept, deals)
    kept.sort(key=lambda part: (part.on, part.deal_id), reverse=True)
    top, bottom = _sums(metric, kept, deals)
    names = figures.names

    def page(first: int, last: int) -> Sequence[Record]:
        chosen = kept[first:last]
        shown = deals or deals_of(chosen)
        names.load("person", [part.person_id for part in chosen])
        return [_record(figures, part, shown[part.deal_id]) for part in chosen]

    return Evidence(len(kept), top, bottom, page, money=True)


def _in_scope(figures: Figures, found: list[Part], where: Where, end: date) -> list[Part]:
    """The parts in the reader's reach and of the asked person or team, by the seat of their own day."""
    viewer, scope = figures.viewer, figures.viewer.scope("deals")
    teams = teams_below(figures) if scope == Scope.TEAM else {}
    within = people.subtree([where.team], end) if where.team is not None else frozenset()
    kept = []
    for part in found:
        if where.person is not None and part.person_id != where.person:
            continue
        if where.nobody and part.person_id is not None:
            continue
        if scope != Scope.ALL and part.person_id != viewer.person_id:
            if scope != Scope.TEAM:
                continue
            spells = teams.get(figures.seats.at(part.person_id, part.on).team_id or 0, [])
            if not any(start <= part.on < stop for start, stop in spells):
                continue
        if where.team is not None and figures.seats.at(part.person_id, part.on).team_id not in within:
            continue
        kept.append(part)
    return kept


def _matches(part: Part, book: people.SeatBook, deals: dict[int, Deal], dim: str, value: Any) -> bool:
    if dim in SEATS:
        return bool(getattr(book.at(part.person_id, part.on), SEATS[dim]) == value)
    if dim not in OF_DEAL:
        return False
    deal = deals[part.deal_id]
    customer = deal.customer
    own = {
        "source": deal.source,
        "customer_kind": deal.customer_kind,
        "industry": customer.industry if customer else "",
        "customer_region": customer.region if customer else "",
    }[dim]
    return (own or None) == value


def _of_metric(metric: Metric, found: list[Part], deals: dict[int, Deal]) -> list[Part]:
    kinds = KINDS_OF.get(metric.key)
    if kinds:
        found = [part for part in found if deals[part.deal_id].customer_kind in kinds]
    if metric.key in ("customers_developed", "repurchase_rate"):
        found = [part for part in found if part.kind == "won"]
    return found


def _sums(metric: Metric, found: list[Part], deals: dict[int, Deal]) -> tuple[int | None, int | None]:
    amount = sum(part.amount for part in found)
    if metric.key in ("customers_developed", "repurchase_rate", "amount_per_customer"):
        buyers = len({deals[part.deal_id].customer_id for part in found if part.kind == "won"} - {None})
        return (amount, buyers) if metric.key == "amount_per_customer" else (buyers, None)
    if metric.key == "new_amount_share":
        return sum(part.amount for part in found if deals[part.deal_id].customer_kind == "new"), amount
    return (None, None) if metric.key == "customer_mix" else (amount, None)


def _record(figures: Figures, part: Part, deal: Deal) -> Record:
    detail, share = "", part.share
    if share is not None and share != rules.WHOLE and deal.amount_minor is not None and part.kind == "won":
        detail = f"{figures.writer.money(deal.amount_minor)} × {show.percent(share, rules.WHOLE)}"
    word = {"refund": _("退款"), "return": _("退货"), "cancel": _("取消"), "correction": _("更正")}.get(part.kind, "")
    reachable = figures.viewer.scope("deals") == Scope.ALL or deal.owner_id in figures.viewer.people_ids
    return Record(
        part.on,
        deal.name,
        link(f"/deals/{deal.pk}/") if reachable else "",
        deal.customer.name if deal.customer else "",
        figures.names.of("person", part.person_id),
        " · ".join(text for text in (word, detail) if text),
        part.amount,
    )
