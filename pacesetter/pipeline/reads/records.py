"""Lists, one record, duplicates, and the records behind an amount."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from pacesetter.lib.money import times

from .. import rules
from ..models import (
    Allocation,
    Booking,
    CreditShare,
    Customer,
    Deal,
    Instalment,
    Lead,
    OwnerChange,
    Product,
    Receipt,
    Reversal,
    StageChange,
)


def _amount(rows: QuerySet[Any]) -> Any:
    """A sum as a subquery over rows that were grouped by their outer row."""
    return Coalesce(Subquery(rows, output_field=BigIntegerField()), Value(0))


# --- lists -----------------------------------------------------------------------------------------------------------
def customers(words: str = "", numbers: bool = True) -> QuerySet[Customer]:
    """Customers that were not merged away, with `won_minor` and `open_deals`.

    `numbers` False: telephone numbers are not searched, for readers to whom they are masked.
    """
    won = Deal.objects.filter(customer=OuterRef("pk"), stage="won").order_by().values("customer")
    still = Deal.objects.filter(customer=OuterRef("pk"), stage__in=rules.OPEN_STAGES).order_by().values("customer")
    rows = Customer.objects.filter(merged_into=None).select_related("owner")
    if words:
        named = Q(name__icontains=words) | Q(code__iexact=words)
        if numbers:
            named |= Q(phone__contains=words)
        rows = rows.filter(named | Q(contacts__name__icontains=words)).distinct()
    return rows.annotate(
        won_minor=_amount(won.annotate(total=Sum("amount_minor")).values("total")),
        open_deals=Coalesce(
            Subquery(still.annotate(total=Sum(Value(1))).values("total"), output_field=IntegerField()), Value(0)
        ),
    )


def deals(words: str = "") -> QuerySet[Deal]:
    """Deals with customer and owner."""
    rows = Deal.objects.select_related("customer", "owner")
    if words:
        named = Q(name__icontains=words) | Q(code__iexact=words) | Q(contract_no__iexact=words)
        rows = rows.filter(named | Q(customer__name__icontains=words))
    return rows


def leads(words: str = "", numbers: bool = True) -> QuerySet[Lead]:
    """Leads with their owner; `numbers` as for customers."""
    rows = Lead.objects.select_related("owner", "freed_from")
    if words:
        named = Q(name__icontains=words) | Q(contact_name__icontains=words) | Q(code__iexact=words)
        rows = rows.filter(named | Q(mobile=words) if numbers else named)
    return rows


def products(words: str = "") -> QuerySet[Product]:
    """Products by name or number."""
    rows = Product.objects.all()
    return rows.filter(Q(name__icontains=words) | Q(code__iexact=words) | Q(category__iexact=words)) if words else rows


def instalments(words: str = "") -> QuerySet[Any]:
    """Planned payments with `paid_minor`, `left_minor`, `settled`; voided ones left out."""
    paid = Allocation.objects.filter(instalment=OuterRef("pk")).order_by().values("instalment")
    rows = Instalment.objects.filter(voided_on=None).select_related("customer", "deal", "person")
    if words:
        rows = rows.filter(
            Q(customer__name__icontains=words) | Q(number__iexact=words) | Q(deal__name__icontains=words)
        )
    rows = rows.annotate(paid_minor=_amount(paid.annotate(total=Sum("amount_minor")).values("total")))
    rows = rows.annotate(left_minor=F("amount_minor") - F("paid_minor"))
    # 0 while something is owed: lists begin with what is open
    return rows.annotate(settled=Case(When(left_minor__gt=0, then=Value(0)), default=Value(1)))


def receipts(words: str = "") -> QuerySet[Any]:
    """Receipts with `allocated_minor` and `free_minor`."""
    used = Allocation.objects.filter(receipt=OuterRef("pk")).order_by().values("receipt")
    rows = Receipt.objects.select_related("customer", "person")
    if words:
        rows = rows.filter(Q(customer__name__icontains=words) | Q(number__iexact=words))
    rows = rows.annotate(allocated_minor=_amount(used.annotate(total=Sum("amount_minor")).values("total")))
    return rows.annotate(free_minor=F("amount_minor") - F("allocated_minor"))


def unallocated(customer_id: int | None = None) -> QuerySet[Any]:
    """Receipts of which a part is not allocated yet, oldest first."""
    rows = receipts().filter(free_minor__gt=0).order_by("on", "id")
    return rows if customer_id is None else rows.filter(customer_id=customer_id)


def distinct_values(rows: QuerySet[Any], field: str, limit: int = 200) -> list[str]:
    """What a column holds, for a filter."""
    values = rows.exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct()[:limit]
    return list(values)


# --- money of deals --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Collection:
    """回款 of a deal: paid of planned, how many instalments are settled, what is overdue today."""

    planned_minor: int = 0
    paid_minor: int = 0
    settled: int = 0
    instalments: int = 0
    overdue_minor: int = 0

    @property
    def ratio(self) -> tuple[int, int]:
        """(paid, planned), each instalment capped at its plan."""
        return self.paid_minor, self.planned_minor


def collections(deal_ids: Iterable[int], today: date) -> dict[int, Collection]:
    """Deal → how far its money has come in."""
    return collection_of(instalments().filter(deal_id__in=list(deal_ids)), today)


def collection_of(rows: Iterable[Any], today: date) -> dict[int, Collection]:
    """The same over instalments already at hand."""
    found: dict[int, Collection] = {}
    for row in rows:
        was = found.get(row.deal_id or 0, Collection())
        paid = min(row.paid_minor, row.amount_minor)
        late = row.amount_minor - paid if rules.ageing(row.due_on, today) else 0
        found[row.deal_id or 0] = Collection(
            was.planned_minor + row.amount_minor, was.paid_minor + paid, was.settled + (paid >= row.amount_minor),
            was.instalments + 1, was.overdue_minor + late,
        )  # fmt: skip
    return found


def ageing_totals(rows: QuerySet[Any], today: date) -> dict[str, int]:
    """Overdue bucket → amount still open, over instalments with `left_minor`."""
    totals = dict.fromkeys(("0-30", "31-60", "61-90", "90+"), 0)
    for due_on, left in rows.filter(due_on__lt=today, left_minor__gt=0).values_list("due_on", "left_minor"):
        totals[rules.ageing(due_on, today)] += left
    return totals


# --- one deal --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Share:
    """One credit with what it comes to."""

    credit: CreditShare
    amount_minor: int | None

    @property
    def percent(self) -> str:
        """The share as text: 33.3333 %."""
        whole, rest = divmod(self.credit.share_ppm, 10_000)
        return f"{whole}.{rest:04d}".rstrip("0").rstrip(".") + "%"


def shares(deal: Deal) -> list[Share]:
    """The deal's credits with their amounts, overlays last."""
    rows = list(deal.credits.select_related("person").order_by("overlay", "-primary", "id"))
    base = [row for row in rows if not row.overlay]
    amounts: dict[int, int] = {}
    if deal.amount_minor is not None and sum(row.share_ppm for row in base) == rules.WHOLE:
        parts = rules.person_amounts(deal.amount_minor, [row.share_ppm for row in base])
        amounts = {row.pk: part for row, part in zip(base, parts, strict=True)}
        for row in rows:
            if row.overlay:
                amounts[row.pk] = times(deal.amount_minor, Fraction(row.share_ppm, rules.WHOLE))
    return [Share(row, amounts.get(row.pk)) for row in rows]


# the newest so many steps of won deals tell what is usual
USUAL_STEPS = 2_000


def usual_days() -> dict[str, tuple[int, int]]:
    """Open stage → (median days that won deals spent in it, of how many), from the newest steps."""
    return {stage: (days[len(days) // 2], len(days)) for stage, days in usual_spread().items()}


def usual_spread() -> dict[str, list[int]]:
    """Open stage → the days that won deals spent in it, the fewest first, from the newest steps."""
    steps = StageChange.objects.filter(from_stage__in=rules.OPEN_STAGES, valid=True, days_in_previous__isnull=False)
    spent: dict[str, list[int]] = {}
    rows = steps.filter(deal__stage="won").order_by("-id").values_list("from_stage", "days_in_previous")
    for stage, days in rows[:USUAL_STEPS]:
        spent.setdefault(stage, []).append(days or 0)
    return {stage: sorted(days) for stage, days in spent.items()}


def stage_days(deal: Deal, today: date) -> int | None:
    """Days in the present stage of an open deal; None = not known."""
    return rules.days_between(deal.stage_since, today) if deal.stage in rules.OPEN_STAGES else None


# --- duplicates ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Twins:
    """Customers that look like one, and by what: name or phone."""

    why: str
    rows: tuple[Customer, ...]


def duplicates(rows: QuerySet[Customer], limit: int = 50) -> list[Twins]:
    """Groups of customers in reach with the same normalised name or the same phone."""
    by_name: dict[str, list[int]] = {}
    by_phone: dict[str, list[int]] = {}
    for pk, name, phone in rows.order_by("id").values_list("pk", "name", "phone").iterator(chunk_size=2000):
        by_name.setdefault(rules.normalised_name(name), []).append(pk)
        digits = rules.normalised_phone(phone)
        if len(digits) >= 7:
            by_phone.setdefault(digits, []).append(pk)
    groups: list[tuple[str, list[int]]] = [("name", ids) for key, ids in by_name.items() if key and len(ids) > 1]
    known = {tuple(ids) for _why, ids in groups}
    groups += [("phone", ids) for ids in by_phone.values() if len(ids) > 1 and tuple(ids) not in known]
    chosen = groups[:limit]
    found = Customer.objects.select_related("owner").in_bulk([pk for _why, ids in chosen for pk in ids])
    return [Twins(why, tuple(found[pk] for pk in ids)) for why, ids in chosen]


def same_name(name: str, rows: QuerySet[Customer]) -> list[Customer]:
    """Customers of these rows that a new name may repeat."""
    wanted = rules.normalised_name(name)
    near = rows.filter(name__icontains=name.strip()[:4]) if len(name.strip()) >= 2 else rows.none()
    return [row for row in near[:200] if rules.normalised_name(row.name) == wanted]


# --- the records behind an amount ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Credited:
    """One person's part of a win (with the share it is), a reversal or a late correction, on its own day."""

    on: date
    deal_id: int
    person_id: int | None
    amount_minor: int
    kind: str
    share_ppm: int | None = None


def credited_amounts(start: date, end: date, *, person_ids: Sequence[int] | None = None) -> list[Credited]:
    """What was credited in `[start, end)`, from deals × credit shares × reversals — not from the postings.

    A win counts with what stands today less what was corrected later; corrections count on their own day. Base shares
    only. Their sum equals `won_amount` of the same days, or a mismatch is seen.
    """
    wins = list(
        Deal.objects.filter(closed_on__gte=start, closed_on__lt=end, amount_minor__isnull=False)
        .filter(stage_changes__outcome="won", stage_changes__valid=True)
        .distinct()
    )
    back = list(Reversal.objects.filter(on__gte=start, on__lt=end).select_related("deal"))
    ids = {deal.pk for deal in wins} | {row.deal_id for row in back}
    credits: dict[int, list[CreditShare]] = {}
    for part in _parts(ids):
        for share in CreditShare.objects.filter(deal_id__in=part, overlay=False).order_by("-primary", "id"):
            credits.setdefault(share.deal_id, []).append(share)
    # what a reopening undid belongs to a win that no longer stands: only changes after the standing win count
    win = Booking.objects.filter(deal=OuterRef("deal"), kind="won").order_by("-id").values("id")[:1]
    stands = StageChange.objects.filter(deal=OuterRef("deal"), outcome="won", valid=True)
    changes = Booking.objects.filter(Exists(stands), kind="correction", overlay=False, id__gt=Subquery(win))
    during = Q(on__gte=start, on__lt=end)
    corrected: dict[int, Booking] = {}
    for place, part in enumerate(list(_parts(ids)) or [[]]):
        # those of the period once, beside those of the first deals
        corrected.update({row.pk: row for row in changes.filter(Q(deal_id__in=part) | (Q() if place else during))})
    late: dict[tuple[int, int | None], int] = {}
    found: list[Credited] = []
    for row in corrected.values():
        if row.deal_id in ids:
            key = (row.deal_id, row.person_id)
            late[key] = late.get(key, 0) + row.amount_minor
        if start <= row.on < end:
            found.append(Credited(row.on, row.deal_id, row.person_id, row.amount_minor, "correction"))
    for deal in wins:
        found += _won(deal, credits.get(deal.pk, []), late)
    for taken in back:
        found += [
            Credited(taken.on, taken.deal_id, person, amount, taken.kind)
            for person, amount in _split(-taken.amount_minor, credits.get(taken.deal_id, []), taken.deal.owner_id)
        ]
    if person_ids is not None:
        wanted = set(person_ids)
        found = [row for row in found if row.person_id in wanted]
    return sorted(found, key=lambda row: (row.on, row.deal_id, row.person_id or 0))


def _won(deal: Deal, credits: list[CreditShare], late: dict[tuple[int, int | None], int]) -> list[Credited]:
    now = dict(_split(deal.amount_minor or 0, credits, deal.owner_id))
    shares = {share.person_id: share.share_ppm for share in credits}
    people_of = {*now, *(person for deal_id, person in late if deal_id == deal.pk)}
    return [
        Credited(
            deal.closed_on or date.min,
            deal.pk,
            person,
            now.get(person, 0) - late.get((deal.pk, person), 0),
            "won",
            None if person is None else shares.get(person),
        )
        for person in people_of
    ]


def _split(amount: int, credits: list[CreditShare], owner_id: int | None) -> list[tuple[int | None, int]]:
    if not credits:
        return [(owner_id, amount)] if owner_id is None else []
    if sum(share.share_ppm for share in credits) != rules.WHOLE:
        # a lost credit row: what is left is told, and does not add up to the deal
        return [(share.person_id, amount * share.share_ppm // rules.WHOLE) for share in credits]
    parts = rules.person_amounts(amount, [share.share_ppm for share in credits])
    return [(share.person_id, part) for share, part in zip(credits, parts, strict=True)]


def _parts(ids: Iterable[int], size: int = 900) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def owner_changes(entity: str, object_id: int) -> QuerySet[OwnerChange]:
    """Hand-overs of one record, newest first."""
    rows = OwnerChange.objects.filter(entity=entity, object_id=object_id)
    return rows.select_related("from_person", "to_person").order_by("-on", "-id")
