"""Writing a checked import: everything in one transaction, all of it or nothing.

Whatever can be worked out was worked out by the check, outside the write lock. If somebody changed people, customers or
deals in between, the plan is stale (`Stale`) and the check is done again; the last try checks inside the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from pacesetter.activity.acts.bulk import take_activities
from pacesetter.journal.acts import write_rows
from pacesetter.journal.models import Entry
from pacesetter.people import acts as people_acts
from pacesetter.people import reads as people
from pacesetter.people.models import ExternalId, Person
from pacesetter.pipeline.acts import bulk

from ..checking import UNRELATED
from ..plan import Plan
from . import promoting_changes, promoting_goals, promoting_people

CHUNK = 20_000
# entity of a plan → entity of the journal
NOUNS = {"people": "person", "products": "product", "customers": "customer", "leads": "lead", "deals": "deal",
         "returns": "reversal", "activities": "activity"}  # fmt: skip


class Stale(Exception):
    """What the plan rests on has changed since it was made."""


@dataclass
class Ids:
    """Provisional → real ids, by entity of the plan."""

    made: dict[str, list[int]] = field(default_factory=dict)

    def of(self, entity: str, known: int | None) -> int | None:
        """The real id; stored ones and None stay."""
        return known if known is None or known > 0 else self.made[entity][-known - 1]

    def sure(self, entity: str, known: int) -> int:
        return known if known > 0 else self.made[entity][-known - 1]


@dataclass
class Promoted:
    """What was written: the journal entry and the real ids."""

    entry: Entry
    ids: Ids
    # journal lines of goals: drafted, published
    goals: list[int] = field(default_factory=list)


def parts(items: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Lists of at most `size`."""
    source = iter(items)
    while part := list(islice(source, size)):
        yield part


def refuse_stale(plan: Plan) -> None:
    """Raise Stale when the journal tells of a change that the plan may rest on."""
    if Entry.objects.filter(pk__gt=plan.journal_head).exclude(entity__in=UNRELATED).exists():
        raise Stale


def promote(
    plan: Plan,
    *,
    by: Person | None,
    at: datetime,
    label: str,
    uuid: str = "",
    source: str = "",
    check_stale: bool = True,
) -> Promoted:
    """Write the plan, in its own transaction or the caller's, which fails with it; raises Stale, Refusal."""
    # no savepoint: see bulk.promote
    with transaction.atomic(savepoint=False):
        if check_stale:
            refuse_stale(plan)
        if plan.first_day is not None and plan.last_day is not None:
            people_acts.ensure_calendar(first=plan.first_day, last=plan.last_day, by=by, at=at)
        writer = _Writer(plan, by, at, source)
        noted = promoting_people.write(plan.staging, writer.ids, by=by, at=at)
        today = people.business_day(at)
        with bulk.promote(by=by, at=at, on=today, label=label, entity="import", object_id=uuid) as batch:
            batch.note("person", noted)
            writer.records(batch)
            promoting_changes.write(plan.staging, writer.ids, batch, by=by, at=at)
        assert batch.entry is not None
        writer.external_ids()
        return Promoted(batch.entry, writer.ids, promoting_goals.write(plan, writer.ids, by=by, at=at))


class _Writer:
    def __init__(self, plan: Plan, by: Person | None, at: datetime, source: str) -> None:
        self.plan, self.staging = plan, plan.staging
        self.ids = Ids()
        self.by, self.at, self.source = by, at, source

    def records(self, batch: bulk.Batch) -> None:
        """New records, in the order in which they refer to each other."""
        of = self.ids.of
        self.ids.made["products"] = list(batch.products(list(self.staging.items("products"))))
        self._customers(batch)
        contacts = list(self.staging.items("contacts"))
        for contact in contacts:
            contact.customer_id = self.ids.sure("customers", contact.customer_id)
        batch.contacts(contacts)
        leads = list(self.staging.items("leads"))
        for lead in leads:
            lead.owner_id, lead.person_id = of("people", lead.owner_id), of("people", lead.person_id)
            lead.customer_id = of("customers", lead.customer_id)
        self.ids.made["leads"] = list(batch.leads(leads))
        deals: list[int] = []
        batch.expect_wins({self.ids.sure("customers", known): on for known, on in self.plan.wins.items()})
        for part in parts(self.staging.items("deals")):
            for deal in part:
                if isinstance(deal, bulk.DealRow):
                    self._deal(deal)
                elif not self.plan.seats_stand:
                    raise AssertionError("people must be checked before the deals that are drafted with their seats")
            deals.extend(batch.deals(part))
        self.ids.made["deals"] = deals
        returns = list(self.staging.items("returns"))
        for back in returns:
            back.deal_id = self.ids.sure("deals", back.deal_id)
        self.ids.made["returns"] = list(batch.reversals(returns))
        self._collections(batch)
        self._activities(batch)

    def _customers(self, batch: bulk.Batch) -> None:
        """Parents before their subsidiaries, however the file orders them."""
        rows = list(self.staging.items("customers"))
        for local, owner in self.staging.items("customer_owners"):
            rows[-local - 1].owner_id = owner
        made: list[int] = [0] * len(rows)
        self.ids.made["customers"] = made
        left = list(range(len(rows)))
        while left:
            now = [n for n in left if (rows[n].parent_id or 1) > 0 or made[-rows[n].parent_id - 1]]
            for place in now:
                rows[place].owner_id = self.ids.of("people", rows[place].owner_id)
                rows[place].parent_id = self.ids.of("customers", rows[place].parent_id)
            for place, pk in zip(now, batch.customers([rows[n] for n in now]), strict=True):
                made[place] = pk
            left = [n for n in left if not made[n]]

    def _deal(self, deal: bulk.DealRow) -> None:
        of = self.ids.of
        deal.owner_id, deal.customer_id = of("people", deal.owner_id), of("customers", deal.customer_id)
        if any(credit.person_id is not None and credit.person_id < 0 for credit in deal.shared):
            deal.shared = tuple(replace(credit, person_id=of("people", credit.person_id)) for credit in deal.shared)
        if any(line.product_id is not None and line.product_id < 0 for line in deal.lines):
            deal.lines = [line._replace(product_id=of("products", line.product_id)) for line in deal.lines]

    def _collections(self, batch: bulk.Batch) -> None:
        """Invoices, then their instalments, then receipts with what they pay."""
        rows = list(self.staging.items("collections"))
        if not rows:
            return
        of = self.ids.of
        for entity, place, write in (
            ("invoices", 0, batch.invoices), ("instalments", 1, batch.instalments), ("receipts", 2, batch.receipts),
        ):  # fmt: skip
            made = []
            for row in rows:
                part = row[place][0] if place == 2 and isinstance(row[place], tuple) else row[place]
                if part is None or isinstance(part, int):
                    continue
                part.customer_id = self.ids.sure("customers", part.customer_id)
                part.person_id = of("people", part.person_id)
                if place < 2:
                    part.deal_id = of("deals", part.deal_id)
                made.append(part)
            self.ids.made[entity] = list(write(made))
            if place == 0:
                self._link_invoices(rows)
        batch.allocations(self._allocations(rows))
        self.ids.made["collections"] = self.ids.made["invoices"]

    def _link_invoices(self, rows: list[Any]) -> None:
        fresh = iter(self.ids.made["invoices"])
        for invoice, instalment, _receipt in rows:
            known = invoice if isinstance(invoice, int) else next(fresh) if invoice is not None else None
            if instalment is not None and not isinstance(instalment, int):
                instalment.invoice_id = self.ids.of("invoices", known)

    def _allocations(self, rows: list[Any]) -> list[bulk.AllocationRow]:
        instalments, receipts = iter(self.ids.made["instalments"]), iter(self.ids.made["receipts"])
        found = []
        for _invoice, instalment, receipt in rows:
            known: int | None = None
            if isinstance(instalment, int):
                known = self.ids.sure("instalments", instalment)
            elif instalment is not None:
                known = next(instalments)
            if isinstance(receipt, tuple):
                row, part, owner = receipt
                pk = next(receipts)
                if part and known is not None:
                    person = self.ids.of("people", owner)
                    found.append(bulk.AllocationRow(pk, known, row.on, part, person))
        return found

    def _activities(self, batch: bulk.Batch) -> None:
        of = self.ids.of
        made: list[int] = []
        for part in parts(self.staging.items("activities")):
            for row in part:
                row.person_id, row.companion_id = of("people", row.person_id), of("people", row.companion_id)
                row.customer_id, row.lead_id = of("customers", row.customer_id), of("leads", row.lead_id)
                row.deal_id = of("deals", row.deal_id)
            made.extend(take_activities(batch, part))
        self.ids.made["activities"] = made

    def external_ids(self) -> None:
        """The keys of the other system, where they are not the record's own code."""
        rows = [
            (self.source, entity, key, self.ids.sure(entity, known))
            for entity, known, key in self.staging.items("external")
        ]
        write_rows(ExternalId, ("source", "entity", "external_id", "object_id"), rows)
