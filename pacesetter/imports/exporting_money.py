"""Invoices, planned payments and receipts as rows of the collections table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from pacesetter.pipeline.models import Allocation, Instalment, Invoice, Receipt

from .columns import COLUMNS

if TYPE_CHECKING:
    from .exporting import Exporter

CHUNK = 1_000
Row = dict[str, str]
KNOWN = frozenset(column.name for column in COLUMNS["collections"])


def collections(out: Exporter) -> Iterator[Row]:
    """Instalments with their invoice and what pays them, invoices without one, then the other receipts."""
    paid: dict[int, list[tuple[Receipt, int]]] = {}
    for allocation in Allocation.objects.select_related("receipt").order_by("id").iterator(chunk_size=CHUNK):
        paid.setdefault(allocation.instalment_id, []).append((allocation.receipt, allocation.amount_minor))
    told: set[int] = set()
    counts: dict[int, int] = {}
    for found in paid.values():
        for receipt, _part in found:
            counts[receipt.pk] = counts.get(receipt.pk, 0) + 1
    seen: set[int] = set()
    planned = Instalment.objects.filter(voided_on=None).select_related("customer", "deal", "invoice").order_by("id")
    for instalment in planned.iterator(chunk_size=CHUNK):
        row = _money_row(out, instalment)
        row |= {"instalment_no": instalment.number or "", "due_on": _day(instalment.due_on),
                "due_amount": out.amount(instalment.amount_minor)}  # fmt: skip
        invoice = instalment.invoice
        if invoice is not None:
            row |= _invoice_cells(out, invoice)
            seen.add(invoice.pk)
        beside = [pair for pair in paid.get(instalment.pk, []) if counts[pair[0].pk] == 1 and pair[0].pk not in told]
        if not beside:
            yield row
        for receipt, _part in beside:
            told.add(receipt.pk)
            yield row | _receipt_cells(out, receipt)
    for invoice in Invoice.objects.select_related("customer", "deal").order_by("id").iterator(CHUNK):
        if invoice.pk not in seen:
            yield _money_row(out, invoice) | _invoice_cells(out, invoice)
    for receipt in Receipt.objects.select_related("customer").order_by("id").iterator(chunk_size=CHUNK):
        if receipt.pk not in told:
            yield {
                "customer": out.name("customers", receipt.customer),
                "owner": out.who(receipt.person_id),
            } | _receipt_cells(out, receipt)


def _money_row(out: Exporter, row: Any) -> Row:
    return {
        "customer": out.name("customers", row.customer),
        "deal": (row.deal.code or row.deal.contract_no) if row.deal else "",
        "owner": out.who(row.person_id),
    }


def _invoice_cells(out: Exporter, invoice: Invoice) -> Row:
    return {"invoice_no": invoice.number or "", "invoice_on": _day(invoice.on),
            "invoice_amount": out.amount(invoice.amount_minor),
            **{name: str(text) for name, text in (invoice.extra or {}).items() if name not in KNOWN}}  # fmt: skip


def _receipt_cells(out: Exporter, receipt: Receipt) -> Row:
    return {"receipt_no": receipt.number or "", "received_on": _day(receipt.on),
            "received_amount": out.amount(receipt.amount_minor), "method": receipt.method,
            "note": receipt.note}  # fmt: skip


def _day(on: Any) -> str:
    return on.isoformat() if on else ""


def count() -> int:
    """How many rows `collections` gives."""
    beside = Receipt.objects.annotate(n=Count("allocations")).filter(n=1, allocations__instalment__voided_on=None)
    held = beside.values("allocations__instalment").distinct().count()
    standing = Instalment.objects.filter(voided_on=None)
    alone = Invoice.objects.exclude(pk__in=standing.exclude(invoice=None).values("invoice"))
    return standing.count() + alone.count() + Receipt.objects.count() - held
