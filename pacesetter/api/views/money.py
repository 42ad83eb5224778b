"""Invoices, instalments, receipts and their allocation: written by finance, read by whoever reaches the money."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pacesetter.lib.refusal import OutOfReach
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Allocation, Customer, Deal, Instalment, Invoice, Receipt

from ..caller import Caller, Key, caller, named, once, one
from ..fields import PathId, Why
from ..listing import Listed, listed, narrowed
from ..problems import READS, WRITES, give
from ..schemas.money import (
    Allocate,
    AllocationOut,
    InstalmentNew,
    InstalmentOut,
    InstalmentsAsked,
    InstalmentVoid,
    InvoiceNew,
    InvoiceOut,
    InvoicesAsked,
    ReceiptCard,
    ReceiptNew,
    ReceiptOut,
    ReceiptsAsked,
)

router = Router(tags=["money"])
SEAT: dict[str, Any] = {"owner": "person_id", "team": "team_id"}
DATED = {**SEAT, "on": "on"}
DUE = {**SEAT, "on": "due_on"}
FILTERS = {"customer_id": "customer_id", "number": "number", "start": "on__gte", "end": "on__lt"}
ORDER = {"on": "on", "amount_minor": "amount_minor"}


def _same(row: Any, *names: str) -> dict[str, Any]:
    return {"id": row.pk, **{name: getattr(row, name) for name in names}}


# --- invoices ---------------------------------------------------------------------------------------------------------
def invoice_told(row: Invoice) -> InvoiceOut:
    """An invoice."""
    return InvoiceOut(**_same(row, "number", "customer_id", "deal_id", "person_id", "on", "amount_minor"))


@router.get("/invoices", response={200: Listed[InvoiceOut], **READS}, url_name="invoices")
def invoice_list(request: HttpRequest, asked: Query[InvoicesAsked]) -> HttpResponse:
    """Invoices in reach."""
    reach = caller(request).reach
    reach.require("money")
    rows = Invoice.objects.all()
    if asked.words:
        rows = rows.filter(Q(customer__name__icontains=asked.words) | Q(number__iexact=asked.words))
    rows = narrowed(reach.rows(rows, "money", **DATED), asked, {**FILTERS, "deal_id": "deal_id"})
    return listed(request, asked, rows, ORDER, invoice_told, Listed[InvoiceOut])


@router.get("/invoices/{pk}", response={200: InvoiceOut, **READS}, url_name="invoice")
def invoice_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One invoice."""
    return give(invoice_told(one(caller(request).reach, Invoice.objects.all(), "money", pk, **DATED)).model_dump_json())


@router.post("/invoices", response={201: InvoiceOut, **WRITES})
def invoice_issue(request: HttpRequest, sent: InvoiceNew, key: Key) -> HttpResponse:
    """A new invoice."""

    def run(who: Caller) -> InvoiceOut:
        return invoice_told(acts.issue_invoice(**_paper(who, sent), on=sent.on, deal=_deal(who, sent.deal_id)))

    return once(request, key, run, 201)


def _paper(who: Caller, sent: InvoiceNew | InstalmentNew | ReceiptNew) -> dict[str, Any]:
    """What every paper of finance has, in reach of the writer."""
    who.reach.require("money", "write")
    customer = named(who.reach, Customer, "customers", sent.customer_id)
    return {"customer": customer, "amount_minor": sent.amount_minor, "number": sent.number or None,
            "by": who.person, "at": who.at}  # fmt: skip


def _deal(who: Caller, pk: int | None) -> Deal | None:
    found: Deal | None = named(who.reach, Deal, "deals", pk)
    return found


# --- instalments ------------------------------------------------------------------------------------------------------
def instalment_told(row: Any) -> InstalmentOut:
    """An instalment with `paid_minor`."""
    paid = row.paid_minor if hasattr(row, "paid_minor") else sum(row.allocations.values_list("amount_minor", flat=True))
    return InstalmentOut(
        **_same(row, "number", "customer_id", "deal_id", "invoice_id", "person_id", "due_on", "amount_minor"),
        paid_minor=paid, left_minor=row.amount_minor - paid, voided_on=row.voided_on,
    )  # fmt: skip


@router.get("/instalments", response={200: Listed[InstalmentOut], **READS}, url_name="instalments")
def instalment_list(request: HttpRequest, asked: Query[InstalmentsAsked]) -> HttpResponse:
    """Planned payments in reach, voided ones left out."""
    who = caller(request)
    who.reach.require("money")
    rows = who.reach.rows(reads.instalments(asked.words), "money", **DUE)
    filters = {"customer_id": "customer_id", "number": "number", "deal_id": "deal_id", "start": "due_on__gte",
               "end": "due_on__lt"}  # fmt: skip
    rows = narrowed(rows, asked, filters)
    if asked.state == "paid":
        rows = rows.filter(left_minor__lte=0)
    elif asked.state:
        rows = rows.filter(left_minor__gt=0)
        rows = rows.filter(due_on__lt=who.today) if asked.state == "overdue" else rows
    order = {name: name for name in ("due_on", "amount_minor", "left_minor")}
    return listed(request, asked, rows, order, instalment_told, Listed[InstalmentOut])


@router.get("/instalments/{pk}", response={200: InstalmentOut, **READS}, url_name="instalment")
def instalment_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One planned payment, also a voided one."""
    row = one(caller(request).reach, Instalment.objects.all(), "money", pk, **DUE)
    return give(instalment_told(row).model_dump_json())


@router.post("/instalments", response={201: InstalmentOut, **WRITES})
def instalment_plan(request: HttpRequest, sent: InstalmentNew, key: Key) -> HttpResponse:
    """A payment that is due on a day."""

    def run(who: Caller) -> InstalmentOut:
        paper = _paper(who, sent)
        invoice = named(who.reach, Invoice, "money", sent.invoice_id, **DATED)
        deal = _deal(who, sent.deal_id)
        return instalment_told(acts.plan_instalment(**paper, due_on=sent.due_on, deal=deal, invoice=invoice))

    return once(request, key, run, 201)


@router.post("/instalments/{pk}/void", response={200: InstalmentOut, **WRITES}, url_name="instalment_void")
def instalment_void(request: HttpRequest, pk: PathId, sent: InstalmentVoid, key: Key) -> HttpResponse:
    """No longer owed."""

    def run(who: Caller) -> InstalmentOut:
        row = one(who.reach, Instalment.objects.all(), "money", pk, "write", **DUE)
        return instalment_told(acts.void_instalment(row, reason=sent.reason, on=sent.on, by=who.person, at=who.at))

    return once(request, key, run)


# --- receipts ---------------------------------------------------------------------------------------------------------
def _receipt(row: Any) -> dict[str, Any]:
    names = ("number", "customer_id", "person_id", "on", "amount_minor", "allocated_minor", "free_minor", "method")
    return _same(row, *names, "note")


def receipt_card(pk: int) -> ReceiptCard:
    """A receipt with its allocations."""
    row = reads.receipts().get(pk=pk)
    parts = [
        AllocationOut(**_same(part, "instalment_id", "on", "amount_minor")) for part in row.allocations.order_by("id")
    ]
    return ReceiptCard(**_receipt(row), allocations=parts)


@router.get("/receipts", response={200: Listed[ReceiptOut], **READS}, url_name="receipts")
def receipt_list(request: HttpRequest, asked: Query[ReceiptsAsked]) -> HttpResponse:
    """Receipts in reach."""
    reach = caller(request).reach
    reach.require("money")
    rows = narrowed(reach.rows(reads.receipts(asked.words), "money", **DATED), asked, FILTERS)
    if asked.state == "free":
        rows = rows.filter(free_minor__gt=0)
    return listed(request, asked, rows, ORDER, lambda row: ReceiptOut(**_receipt(row)), Listed[ReceiptOut])


@router.get("/receipts/{pk}", response={200: ReceiptCard, **READS}, url_name="receipt")
def receipt_get(request: HttpRequest, pk: PathId) -> HttpResponse:
    """One receipt with its allocations."""
    row = one(caller(request).reach, Receipt.objects.all(), "money", pk, **DATED)
    return give(receipt_card(row.pk).model_dump_json())


@router.post("/receipts", response={201: ReceiptCard, **WRITES})
def receipt_record(request: HttpRequest, sent: ReceiptNew, key: Key) -> HttpResponse:
    """Money that arrived."""

    def run(who: Caller) -> ReceiptCard:
        row = acts.record_receipt(**_paper(who, sent), on=sent.on, method=sent.method, note=sent.note)
        return receipt_card(row.pk)

    return once(request, key, run, 201)


@router.post("/receipts/{pk}/allocate", response={200: ReceiptCard, **WRITES}, url_name="receipt_allocate")
def receipt_allocate(request: HttpRequest, pk: PathId, sent: Allocate, key: Key) -> HttpResponse:
    """Allocate parts of a receipt to instalments of its customer."""

    def run(who: Caller) -> ReceiptCard:
        row = one(who.reach, Receipt.objects.all(), "money", pk, "write", **DATED)
        rows = who.reach.rows(Instalment.objects.all(), "money", "write", **DUE)
        found = {owed.pk: owed for owed in rows.filter(pk__in=[part.instalment_id for part in sent.parts])}
        if {part.instalment_id for part in sent.parts} - set(found):
            raise OutOfReach
        parts = [(found[part.instalment_id], part.amount_minor) for part in sent.parts]
        acts.allocate_receipt(row, parts=parts, by=who.person, at=who.at)
        return receipt_card(pk)

    return once(request, key, run)


@router.post(
    "/receipts/{pk}/allocations/{allocation_pk}/withdraw",
    response={200: ReceiptCard, **WRITES},
    url_name="allocation_withdraw",
)
def allocation_withdraw(request: HttpRequest, pk: PathId, allocation_pk: PathId, sent: Why, key: Key) -> HttpResponse:
    """Take an allocation back: the receipt has the money free again."""

    def run(who: Caller) -> ReceiptCard:
        rows = Allocation.objects.filter(receipt_id=pk)
        row = one(who.reach, rows, "money", allocation_pk, "write", **DATED)
        acts.withdraw_allocation(row, reason=sent.reason, by=who.person, at=who.at)
        return receipt_card(pk)

    return once(request, key, run)
