"""Set-based promotion of many records at once: what imports call instead of one act per row.

    bulk.prepare(deal_rows)                                     # outside the write lock: amounts, shares, postings
    drafts = [drafter.draft(row) for row in deal_rows]          # … and tuples, where every id is real (`bulk_draft`)
    with bulk.promote(by=person, at=now, on=today, label="customers.csv", act="import_batch") as batch:
        customers = batch.customers([CustomerRow(...), ...])    # → range of new ids, in the order of the rows
        deals = batch.deals(deal_rows)                          # lines, credits, stage history, bookings, frozen seats
        batch.reversals([ReversalRow(deal_id=deals[0], ...)])   # refunds with their negative bookings
        batch.update("customer", [(id, {"industry": "制造"})])   # existing rows; before/after kept
        batch.note("person", [(id, None, {"name": "…"})])       # rows another room wrote in the same transaction
    batch.entry                                                 # the one journal line; its RowChange rows feed `undo`

Everything happens in ONE transaction with ONE journal line (written last, so the chain is locked only for a moment).
`existing("deal", "code", codes)` → {code: id} finds what is there already, 900 keys a query. `closed_rows(pairs)` tells
which (place, day) lie in a closed period; a batch that meets one is refused whole (`closed_period`).
Deals of a customer are told new or repurchase by event date over the batch and what is stored together.
Rows are dataclasses of `bulk_rows` (re-exported here). Values are taken as they are: the caller has validated them.
`bulk_undo.undo(entry_id, by=, at=, on=)` takes a batch back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal import acts as journal
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people

from .. import rules
from ..models import Allocation, Contact, Customer, Instalment, Invoice, Lead, Product, Receipt, Reversal
from . import bulk_deals, pool
from .bulk_draft import Draft, Drafter
from .bulk_find import MODELS, chunks, closed_rows, existing
from .bulk_rows import (
    AllocationRow,
    ContactRow,
    CustomerRow,
    DealRow,
    InstalmentRow,
    InvoiceRow,
    LeadRow,
    LineRow,
    ProductRow,
    ReceiptRow,
    ReversalRow,
    SeatTuples,
    StepRow,
    prepare,
)

Change = tuple[int, dict[str, Any] | None, dict[str, Any] | None]


@contextmanager
def promote(
    *,
    by: journal.Actor | None,
    at: datetime,
    on: date,
    label: str,
    act: str = "import_batch",
    entity: str = "batch",
    object_id: object = "",
    reason: str = "",
    request_id: str = "",
    seats: Any = None,
) -> Iterator[Batch]:
    """One transaction with one journal line around any number of `batch` calls. `on` = the business date of now.

    Inside another transaction it fails as a whole with that one. A savepoint would let the caller go on, but SQLite
    keeps a copy of every page for it with every statement: writing took three times as long.
    """
    with transaction.atomic(savepoint=False):
        batch = Batch(by=by, at=at, on=on, seats=seats or people.SeatBook())
        with roomy_cache():
            yield batch
        batch.close(act=act, entity=entity, object_id=object_id, label=label, reason=reason, request_id=request_id)


def check_references() -> None:
    """On PostgreSQL, check the foreign keys of what was written so far: left to the commit, all of a large batch would
    be checked in one statement while the head of the journal's chain is held. SQLite checks every row as it comes.
    """
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def roomy_cache() -> Iterator[None]:
    """More page cache for SQLite while a batch writes: with the usual one its indexes of a large table spill."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size")
        usual = cursor.fetchone()[0]
        cursor.execute("PRAGMA cache_size=-256000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={int(usual)}")


class Batch:
    """The open batch. Each method writes one kind of row and returns the new ids in the order of the rows."""

    def __init__(self, *, by: journal.Actor | None, at: datetime, on: date, seats: Any) -> None:
        self.by, self.at, self.on = by, at, on
        self.by_id: int | None = None if by is None else by.pk
        self.seats = SeatTuples(seats)
        self.entry: Entry | None = None
        self.created: dict[str, int] = {}
        self.updated: dict[str, int] = {}
        self.new_customers: set[int] = set()
        self._changes: list[tuple[str, Callable[[], Iterable[tuple[int, str | None, str | None]]]]] = []

    # --- plain records ---------------------------------------------------------------------------------------------
    def products(self, rows: Sequence[ProductRow]) -> range:
        """Add products."""
        columns = ("name", "code", "category", "list_price_minor", "cost_minor", "active", "extra")
        return self.write(Product, "product", columns, rows, lambda r: (
            r.name, r.code, r.category, r.list_price_minor, r.cost_minor, r.active, text(r.extra),
        ))  # fmt: skip

    def customers(self, rows: Sequence[CustomerRow]) -> range:
        """Add customers."""
        columns = ("name", "code", "industry", "region", "size", "tier", "tier_fixed", "tier_reason", "tier_because",
                   "owner_id", "parent_id", "source", "phone", "address", "note", "created_on", "created_at", "version",
                   "extra")  # fmt: skip
        ids = self.write(Customer, "customer", columns, rows, lambda r: (
            r.name, r.code, r.industry, r.region, r.size, r.tier, False, "", "{}", r.owner_id, r.parent_id, r.source,
            r.phone, r.address, r.note, r.created_on or self.on, self.at, 1, text(r.extra),
        ))  # fmt: skip
        self.new_customers.update(ids)
        return ids

    def contacts(self, rows: Sequence[ContactRow]) -> range:
        """Add contacts."""
        columns = ("customer_id", "name", "title", "decision_role", "mobile", "email", "note", "archived")
        return self.write(Contact, "contact", columns, rows, lambda r: (
            r.customer_id, r.name, r.title, r.decision_role, r.mobile, r.email, r.note, False,
        ))  # fmt: skip

    def leads(self, rows: Sequence[LeadRow]) -> range:
        """Add leads, frozen on the seat of who received them on the day they were created.

        Whoever has one is protected from the day of the batch on.
        """
        self.refuse_closed((row.created_on for row in rows), "created_on")
        for row in rows:
            if row.stage in rules.LEAD_ORDER:
                last = next((d for d in (row.won_on, row.intent_on, row.valid_on) if d is not None), None)
                days = {name: getattr(row, name) for name in ("valid_on", "intent_on", "won_on")}
                if last is not None:
                    for name, on in rules.reached(row.stage, last, days).items():
                        setattr(row, name, on)
        given = pool.protected(self.on)
        held, free = tuple(given.values()), tuple(pool.NOBODY.values())
        columns = (*SeatTuples.COLUMNS, "name", "code", "contact_name", "mobile", "source", "industry",
                   "customer_region", "owner_id", "in_pool", *given, "freed_because", "stage", "created_on",
                   "created_at", "valid_on", "intent_on", "proposal_on", "won_on", "lost_on", "last_touch_on",
                   "loss_reason", "customer_id", "note", "version", "extra")  # fmt: skip
        return self.write(Lead, "lead", columns, rows, lambda r: (
            *self.seats.at(r.person_id or r.owner_id, r.created_on), r.name, r.code, r.contact_name, r.mobile,
            r.source, r.industry, r.customer_region, None if r.in_pool else r.owner_id, r.in_pool,
            *(free if r.in_pool or r.owner_id is None else held), "{}", r.stage, r.created_on, self.at,
            r.valid_on, r.intent_on, r.proposal_on, r.won_on, r.lost_on, r.last_touch_on,
            r.loss_reason, r.customer_id, r.note, 1, text(r.extra),
        ))  # fmt: skip

    # --- deals -----------------------------------------------------------------------------------------------------
    @cached_property
    def kinds(self) -> bulk_deals.Kinds:
        """New or repurchase, over everything this batch writes."""
        return bulk_deals.Kinds(people.company().history_complete_from)

    @cached_property
    def drafter(self) -> Drafter:
        """Makes drafts of rows that come without."""
        return Drafter(self.seats, self.on)

    def expect_wins(self, first_days: Mapping[int, date]) -> None:
        """Tell beforehand the first win of each customer over all parts: then no part is told anew by a later one."""
        self.kinds.expect(first_days.items(), self.new_customers)

    def deals(self, rows: Sequence[DealRow | Draft]) -> range:
        """Add deals with lines, credits, steps and (if won) bookings; customers' other deals are told anew."""
        prepare(row for row in rows if isinstance(row, DealRow))
        drafts = [row if isinstance(row, Draft) else self.drafter.draft(row) for row in rows]
        self.refuse_closed((row.closed_on for row in drafts if row.stage in ("won", "lost")), "closed_on")
        self.kinds.expect(((row.customer_id, row.closed_on) for row in drafts if row.stage == "won"),
                          self.new_customers)  # fmt: skip
        ids = bulk_deals.write(self, drafts, self.kinds)
        self._keep("deal", ids, [row.said for row in drafts])
        self.kinds.tell_stored()
        check_references()
        return ids

    def reversals(self, rows: Sequence[ReversalRow]) -> range:
        """Add refunds, returns and cancellations with their negative bookings on their own days."""
        self.refuse_closed((row.on for row in rows), "on")
        columns = ("deal_id", "line_id", "kind", "code", "on", "amount_minor", "reason", "at", "by_id")
        ids = self.write(Reversal, "reversal", columns, rows, lambda r: (
            r.deal_id, r.line_id, r.kind, r.code, r.on, r.amount_minor, r.reason, self.at, self.by_id,
        ))  # fmt: skip
        bulk_deals.write_reversals(self, rows, ids)
        return ids

    # --- money -----------------------------------------------------------------------------------------------------
    def invoices(self, rows: Sequence[InvoiceRow]) -> range:
        """Add invoices."""
        self.refuse_closed((row.on for row in rows), "on")
        columns = (*SeatTuples.COLUMNS, "number", "customer_id", "deal_id", "on", "amount_minor", "extra")
        return self.write(Invoice, "invoice", columns, rows, lambda r: (
            *self.seats.at(r.person_id, r.on), r.number, r.customer_id, r.deal_id, r.on, r.amount_minor, text(r.extra),
        ))  # fmt: skip

    def instalments(self, rows: Sequence[InstalmentRow]) -> range:
        """Add planned payments."""
        self.refuse_closed((row.due_on for row in rows), "due_on")
        columns = (*SeatTuples.COLUMNS, "number", "customer_id", "deal_id", "invoice_id", "due_on", "amount_minor")
        return self.write(Instalment, "instalment", columns, rows, lambda r: (
            *self.seats.at(r.person_id, r.due_on), r.number, r.customer_id, r.deal_id, r.invoice_id, r.due_on,
            r.amount_minor,
        ))  # fmt: skip

    def receipts(self, rows: Sequence[ReceiptRow]) -> range:
        """Add receipts."""
        self.refuse_closed((row.on for row in rows), "on")
        columns = (*SeatTuples.COLUMNS, "number", "customer_id", "on", "amount_minor", "method", "note")
        return self.write(Receipt, "receipt", columns, rows, lambda r: (
            *self.seats.at(r.person_id, r.on), r.number, r.customer_id, r.on, r.amount_minor, r.method, r.note,
        ))  # fmt: skip

    def allocations(self, rows: Sequence[AllocationRow]) -> range:
        """Add allocations of receipts to instalments (the caller has checked what is left of both)."""
        self.refuse_closed((row.on for row in rows), "on")
        columns = (*SeatTuples.COLUMNS, "receipt_id", "instalment_id", "on", "amount_minor", "by_id", "at")
        return self.write(Allocation, "allocation", columns, rows, lambda r: (
            *self.seats.at(r.person_id, r.on), r.receipt_id, r.instalment_id, r.on, r.amount_minor, self.by_id,
            self.at,
        ))  # fmt: skip

    # --- changes ---------------------------------------------------------------------------------------------------
    def update(self, entity: str, changes: Sequence[tuple[int, dict[str, Any]]]) -> int:
        """Change columns of existing rows (not of deals whose money changes: see `acts.deal.revise`); how many.

        Values of `extra` are dictionaries. Rows where nothing differs are left alone. A lead that changes hands gets
        its new owner's protection.
        """
        model = MODELS[entity]
        if entity == "lead":
            changes = pool.with_protection(changes, self.on)
        names = sorted({name for _pk, values in changes for name in values})
        versioned = any(field.name == "version" for field in model._meta.fields)
        read = [*names, "version"] if versioned else names
        before: dict[int, dict[str, Any]] = {}
        for part in chunks([pk for pk, _values in changes]):
            for row in model._default_manager.filter(pk__in=part).values("pk", *read):
                before[row.pop("pk")] = row
        done: list[Change] = []
        for pk, values in changes:
            old = before[pk]
            new = {name: value for name, value in values.items() if old[name] != value}
            if not new:
                continue
            was = {name: old[name] for name in new}
            if versioned:
                was["version"], new["version"] = old["version"], old["version"] + 1
            model._default_manager.filter(pk=pk).update(**new)
            done.append((pk, was, new))
        self.note(entity, done)
        return len(done)

    def note(self, entity: str, changes: Iterable[Change]) -> None:
        """Rows that were written beside the batch in its transaction: (id, before or None, after)."""
        kept = list(changes)
        if kept:
            told = [(pk, None if b is None else text(b), None if a is None else text(a)) for pk, b, a in kept]
            self._changes.append((entity, lambda: told))
            new = sum(1 for _pk, before, _after in kept if before is None)
            self.created[entity] = self.created.get(entity, 0) + new
            self.updated[entity] = self.updated.get(entity, 0) + len(kept) - new

    # --- inside ----------------------------------------------------------------------------------------------------
    def write(
        self,
        model: type[models.Model],
        entity: str,
        columns: Sequence[str],
        rows: Sequence[Any],
        values: Callable[[Any], tuple[Any, ...]],
    ) -> range:
        """Write rows of any room's model under fresh ids and remember them for the journal."""
        if not rows:
            return range(0)
        ids = journal.reserve_ids(model, len(rows))
        journal.write_rows(
            model, ("id", *columns), ((pk, *values(row)) for pk, row in zip(ids, rows, strict=True))
        )  # fmt: skip
        self._record(entity, ids, rows)
        return ids

    def _record(self, entity: str, ids: range, rows: Sequence[Any]) -> None:
        if not ids:
            return
        self._keep(entity, ids, [text(said(row)) for row in rows])

    def _keep(self, entity: str, ids: range, texts: list[str]) -> None:
        self.created[entity] = self.created.get(entity, 0) + len(ids)
        self._changes.append((entity, lambda: ((pk, None, told) for pk, told in zip(ids, texts, strict=True))))

    def refuse_closed(self, days: Iterable[date | None], field: str) -> None:
        """Raise Refusal when one of the days lies in a closed period."""
        found = closed_rows(enumerate(days))
        if found:
            place, on, period = found[0]
            raise Refusal(
                _("第 %(place)s 条的日期 %(on)s 在已关账的期间（%(start)s 至 %(end)s，不含）内，共 %(count)s 条。")
                % {"place": place + 1, "on": on, "start": period.start, "end": period.end, "count": len(found)},
                code="closed_period",
                field=field,
            )

    def close(self, *, act: str, entity: str, object_id: object, label: str, reason: str, request_id: str) -> None:
        """Write the journal line and the rows it stands for."""
        counts = {f"created_{name}": n for name, n in self.created.items()}
        counts |= {f"updated_{name}": n for name, n in self.updated.items() if n}
        check_references()
        total = sum(self.created.values()) + sum(self.updated.values())
        self.entry = journal.record(
            act, by=self.by, at=self.at, entity=entity, object_id=object_id, label=label, after=counts, rows=total,
            reason=reason, request_id=request_id,
        )  # fmt: skip
        for name, changes in self._changes:
            key = self.entry.pk
            journal.write_rows(RowChange, ("entry_id", "entity", "row_id", "before", "after"), journal.Ready(
                (key, name, *change) for change in changes()
            ))  # fmt: skip
        self._changes.clear()


def said(row: Any) -> dict[str, Any]:
    """What the journal keeps of a created row: its keys, owner and amount; the rest stands in the record itself."""
    kept = {}
    for name in ("code", "number", "name", "stage", "owner_id", "customer_id", "deal_id", "amount_minor", "kind"):
        value = getattr(row, name, None)
        if value not in (None, ""):
            kept[name] = value
    return kept


_plain = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def text(value: dict[str, Any]) -> str:
    """JSON as the database keeps it; dates and decimals take the slower way."""
    if not value:
        return "{}"
    try:
        return _plain(value)
    except TypeError:
        return journal.canonical(value)


__all__ = [
    "AllocationRow",
    "Batch",
    "ContactRow",
    "CustomerRow",
    "DealRow",
    "Draft",
    "Drafter",
    "InstalmentRow",
    "InvoiceRow",
    "LeadRow",
    "LineRow",
    "ProductRow",
    "ReceiptRow",
    "ReversalRow",
    "SeatTuples",
    "StepRow",
    "closed_rows",
    "existing",
    "prepare",
    "promote",
]
