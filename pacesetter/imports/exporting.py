"""Records by the canonical columns of their entity: what `export` writes and the generic presets read back.

Every value is text as a file would hold it: amounts in major units with all decimals, ISO dates, canonical words.
Reading an export again creates nothing. A deal with several lines has a row for each, under its number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Model, QuerySet

from pacesetter.activity.models import Activity
from pacesetter.lib import money
from pacesetter.people import reads
from pacesetter.people.models import (
    OPEN_END,
    ExternalId,
    Membership,
    Person,
    RoleGrant,
    StageOverride,
    Team,
    TeamPlace,
)
from pacesetter.pipeline.models import (
    Contact,
    CreditShare,
    Customer,
    Deal,
    DealLine,
    Lead,
    Product,
)

from . import exporting_adjustments, exporting_goals, exporting_money
from .columns import COLUMNS, ENTITIES, READING, Column
from .values.goals import points_text

CHUNK = 1_000
# what goes out and is never read back
ONLY_OUT = {"adjustments": exporting_adjustments.COLUMNS}
EXPORTS = (*ENTITIES, *ONLY_OUT)
Row = dict[str, str]


class Exporter:
    """One export: names of people and keys of other systems are looked up once."""

    def __init__(self) -> None:
        company = reads.company_or_none()
        self.currency = company.currency if company else "CNY"
        self.zone = ZoneInfo(company.zone if company else "Asia/Shanghai")
        self._same: dict[str, frozenset[str]] = {}
        names: dict[str, int] = {}
        people = list(
            Person.objects.filter(merged_into=None).values_list("pk", "name", "employee_no", "mobile", "email")
        )
        for _pk, name, *_keys in people:
            names[name] = names.get(name, 0) + 1
        outside = dict(ExternalId.objects.filter(entity="people").values_list("object_id", "external_id"))
        # how a file refers to somebody: the number, else the name where only one bears it, else any other key
        self.people = {
            pk: number or (name if names[name] == 1 else "") or mobile or email or outside.get(pk, "") or name
            for pk, name, number, mobile, email in people
        }

    def rows(self, entity: str) -> Iterator[Row]:
        """Every record of an entity as canonical column → text; blank columns are left out."""
        for row in _READERS[entity](self):
            yield {name: text for name, text in row.items() if text}

    def who(self, pk: int | None) -> str:
        return "" if pk is None else self.people.get(pk, "")

    def name(self, entity: str, row: Any) -> str:
        """How a file refers to a product or customer: its code, its name if no other has it, else its outside key."""
        if row is None:
            return ""
        if row.code:
            return str(row.code)
        if entity not in self._same:
            doubled = type(row)._default_manager.order_by().values("name").annotate(n=Count("id")).filter(n__gt=1)
            self._same[entity] = frozenset(doubled.values_list("name", flat=True))
        if row.name not in self._same[entity]:
            return str(row.name)
        return self.outside(entity, [row.pk]).get(row.pk, row.name)

    def lead(self, row: Lead | None) -> str:
        return "" if row is None else row.code or row.name

    def day(self, at: datetime) -> str:
        """The business day of an instant."""
        return at.astimezone(self.zone).date().isoformat()

    def amount(self, minor: int | None) -> str:
        return "" if minor is None else money.major_text(minor, self.currency)

    def measure(self, unit: str, value: int | None) -> str:
        """A value of a goal in its metric's unit."""
        if value is None:
            return ""
        return self.amount(value) if unit == "minor" else points_text(value) if unit == "ratio" else str(value)

    def outside(self, entity: str, ids: Sequence[int]) -> dict[int, str]:
        """Keys of other systems; the first where there are several."""
        found: dict[int, str] = {}
        rows = ExternalId.objects.filter(entity=entity, object_id__in=list(ids)).order_by("-id")
        for pk, key in rows.values_list("object_id", "external_id"):
            found[pk] = key
        return found


def columns(entity: str) -> list[str]:
    """The canonical columns of an entity, in order."""
    return [column.name for column in _columns(entity)]


def _columns(entity: str) -> Sequence[Column]:
    known = ONLY_OUT[entity] if entity in ONLY_OUT else COLUMNS[entity]
    return [column for column in known if column.type not in READING]


def table(entity: str, language: str = "zh") -> tuple[list[str], Iterator[list[str]]]:
    """Headers and rows of cells; unmapped columns of the records follow behind, under their own headers."""
    names = columns(entity)
    heads = [column.en if language.startswith("en") else column.zh for column in _columns(entity)]
    rows = list(Exporter().rows(entity))
    taken = {*names, *heads}
    extra = sorted({name for row in rows for name in row if name not in taken})
    return [*heads, *extra], ([row.get(name, "") for name in [*names, *extra]] for row in rows)


def plain(value: Any) -> str:
    """A stored value as text."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _extra(row: Any, known: frozenset[str]) -> Row:
    """Unmapped columns that were kept with a record."""
    return {name: str(text) for name, text in (row.extra or {}).items() if name not in known}


def _parts(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for row in rows.iterator(chunk_size=CHUNK):
        part.append(row)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part


def _plain_fields(row: Model, names: Sequence[str]) -> Row:
    return {name: plain(getattr(row, name)) for name in names}


def _known(entity: str) -> frozenset[str]:
    return frozenset(columns(entity))


def _people(out: Exporter) -> Iterator[Row]:
    parents = dict(TeamPlace.objects.filter(valid_to=OPEN_END).values_list("team_id", "parent_id"))
    names = dict(Team.objects.values_list("pk", "name"))
    seats = {
        m.person_id: m for m in Membership.objects.filter(primary=True, valid_to=OPEN_END).select_related("region")
    }
    roles = dict(RoleGrant.objects.filter(valid_to=OPEN_END).order_by("-id").values_list("person_id", "role"))
    stages = dict(StageOverride.objects.filter(valid_to=OPEN_END).values_list("person_id", "stage"))
    keys = dict(ExternalId.objects.filter(entity="people").order_by("-id").values_list("object_id", "external_id"))

    def path(team: int | None) -> str:
        parts: list[str] = []
        while team is not None and len(parts) < 50:
            parts.append(names[team].replace("/", " "))
            team = parents.get(team)
        return "/".join(reversed(parts))

    for person in Person.objects.filter(merged_into=None).order_by("id").iterator(chunk_size=CHUNK):
        seat = seats.get(person.pk)
        row = _plain_fields(person, ("employee_no", "name", "mobile", "email", "hire_on", "left_on"))
        row |= {"role": roles.get(person.pk, ""), "growth_stage": stages.get(person.pk, "")}
        if seat is not None:
            row |= {"team": path(seat.team_id), "manager": out.who(seat.manager_id), "title": seat.title}
            row["region"] = seat.region.name if seat.region else ""
        yield row | {"external_id": keys.get(person.pk, "")} | _extra(person, _known("people"))


def _products(out: Exporter) -> Iterator[Row]:
    for part in _parts(Product.objects.order_by("id")):
        keys = out.outside("products", [row.pk for row in part])
        for product in part:
            yield {
                **_plain_fields(product, ("code", "name", "category")),
                "list_price": out.amount(product.list_price_minor),
                "cost": out.amount(product.cost_minor),
                "active": plain(product.active),
                "external_id": keys.get(product.pk, ""),
                **_extra(product, _known("products")),
            }


def _customers(out: Exporter) -> Iterator[Row]:
    rows = Customer.objects.filter(merged_into=None).select_related("parent").order_by("id")
    fields = ("code", "name", "industry", "region", "size", "tier", "source", "phone", "address", "created_on", "note")
    for part in _parts(rows):
        ids = [row.pk for row in part]
        keys = out.outside("customers", ids)
        contacts: dict[int, list[Contact]] = {}
        for contact in Contact.objects.filter(customer_id__in=ids, archived=False).order_by("id"):
            contacts.setdefault(contact.customer_id, []).append(contact)
        for customer in part:
            known = contacts.get(customer.pk, [])
            yield {
                **_plain_fields(customer, fields),
                "owner": out.who(customer.owner_id),
                "parent": out.name("customers", customer.parent),
                "contacts": ";".join(contact.name for contact in known),
                "contact_mobile": known[0].mobile if known else "",
                "contact_title": known[0].title if known else "",
                "external_id": keys.get(customer.pk, ""),
                **_extra(customer, _known("customers")),
            }


def _leads(out: Exporter) -> Iterator[Row]:
    fields = ("code", "name", "contact_name", "mobile", "source", "industry", "customer_region", "stage", "created_on",
              "valid_on", "intent_on", "proposal_on", "won_on", "lost_on", "loss_reason", "note")  # fmt: skip
    for part in _parts(Lead.objects.select_related("customer").order_by("id")):
        keys = out.outside("leads", [row.pk for row in part])
        for lead in part:
            yield {
                **_plain_fields(lead, fields),
                "owner": out.who(lead.owner_id or (lead.person_id if lead.in_pool else None)),
                "in_pool": plain(lead.in_pool),
                "customer": out.name("customers", lead.customer),
                "external_id": keys.get(lead.pk, ""),
                **_extra(lead, _known("leads")),
            }


def _deals(out: Exporter) -> Iterator[Row]:
    fields = ("name", "tax_basis", "stage", "opened_on", "expected_on", "closed_on", "signed_on", "contract_no",
              "loss_reason", "competitor", "source", "next_step", "next_on", "note")  # fmt: skip
    for part in _parts(Deal.objects.select_related("customer").order_by("id")):
        ids = [row.pk for row in part]
        keys = out.outside("deals", ids)
        lines: dict[int, list[DealLine]] = {}
        for line in DealLine.objects.filter(deal_id__in=ids).select_related("product").order_by("id"):
            lines.setdefault(line.deal_id, []).append(line)
        shares: dict[int, list[CreditShare]] = {}
        for share in CreditShare.objects.filter(deal_id__in=ids, overlay=False).order_by("-primary", "id"):
            shares.setdefault(share.deal_id, []).append(share)
        for deal in part:
            row = {
                **_plain_fields(deal, fields),
                "deal_no": deal.code or "",
                "customer": out.name("customers", deal.customer),
                "owner": out.who(deal.owner_id),
                "amount": out.amount(deal.amount_minor),
                "credits": _credits(out, shares.get(deal.pk, []), deal.owner_id),
                "external_id": keys.get(deal.pk, ""),
                **_extra(deal, _known("deals")),
            }
            yield from _with_lines(out, deal, row, lines.get(deal.pk, []))


def _with_lines(out: Exporter, deal: Deal, row: Row, lines: list[DealLine]) -> Iterator[Row]:
    if not lines:
        yield row
        return
    # lines without a number to belong to cannot be told apart from deals: only the first is written with its deal
    several = len(lines) > 1 and deal.code
    for place, line in enumerate(lines if several else lines[:1], start=1):
        amount = deal.amount_minor if not several else line.amount_minor
        yield row | {
            "line_key": str(place) if several else "",
            "product": out.name("products", line.product) or line.name,
            "quantity": quantity(line.quantity_milli) if line.quantity_milli != 1000 or line.unit_price_minor else "",
            "unit_price": out.amount(line.unit_price_minor),
            "discount": _percent(line.discount_bp),
            "cost": out.amount(line.cost_minor),
            "amount": out.amount(amount),
        }


def quantity(milli: int) -> str:
    """Thousandths as text without superfluous zeros."""
    return format((Decimal(milli) / 1000).normalize(), "f")


def _percent(basis_points: int) -> str:
    return format((Decimal(basis_points) / 100).normalize(), "f") + "%" if basis_points else ""


def _credits(out: Exporter, shares: list[CreditShare], owner: int | None) -> str:
    if not shares or (len(shares) == 1 and shares[0].person_id == owner):
        return ""
    told = []
    for share in shares:
        percent = Fraction(share.share_ppm, 10_000)
        text = format((Decimal(percent.numerator) / percent.denominator).normalize(), "f")
        told.append(f"{out.who(share.person_id)}:{text}")
    return ";".join(told)


def _activities(out: Exporter) -> Iterator[Row]:
    rows = Activity.objects.filter(withdrawn_at=None).select_related("customer", "lead", "deal").order_by("id")
    fields = ("code", "kind", "result", "next_step", "next_on", "note")
    for part in _parts(rows):
        keys = out.outside("activities", [row.pk for row in part])
        for activity in part:
            moment: datetime | None = activity.at
            yield {
                **_plain_fields(activity, fields),
                "at": f"{moment.astimezone(out.zone):%Y-%m-%d %H:%M:%S}" if moment else activity.on.isoformat(),
                "person": out.who(activity.person_id),
                "customer": out.name("customers", activity.customer),
                "lead": out.lead(activity.lead),
                "deal": (activity.deal.code or activity.deal.contract_no) if activity.deal else "",
                "contact": activity.contact_name,
                "minutes": plain(activity.minutes),
                "companion": out.who(activity.companion_id),
                "external_id": keys.get(activity.pk, ""),
                **_extra(activity, _known("activities")),
            }


_READERS: dict[str, Callable[[Exporter], Iterator[Row]]] = {
    "people": _people,
    "products": _products,
    "customers": _customers,
    "leads": _leads,
    "deals": _deals,
    "activities": _activities,
    "collections": exporting_money.collections,
    "goals": exporting_goals.goals,
    "adjustments": exporting_adjustments.adjustments,
}


def count() -> dict[str, int]:
    """How many records each generic preset holds (a deal counts once, whatever its lines)."""
    return {
        "people": Person.objects.filter(merged_into=None).count(),
        "products": Product.objects.count(),
        "customers": Customer.objects.filter(merged_into=None).count(),
        "leads": Lead.objects.count(),
        "deals": Deal.objects.count(),
        "activities": Activity.objects.filter(withdrawn_at=None).count(),
        "collections": exporting_money.count(),
        "goals": exporting_goals.count(),
    }
