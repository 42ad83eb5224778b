"""Invoices, planned instalments, receipts and their allocation 认款."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import rules
from ..models import Allocation, Customer, Deal, Instalment, Invoice, Receipt
from . import edit
from .customer import live


def _whose(customer: Customer, deal: Deal | None) -> int | None:
    """Whose money it is: the deal's owner, else the customer's."""
    return deal.owner_id if deal is not None and deal.owner_id is not None else customer.owner_id


def _same_customer(customer: Customer, deal: Deal | None) -> None:
    if deal is not None and deal.customer_id not in (None, customer.pk):
        raise Refusal(_("这个商机属于另一个客户。"), code="choice", field="deal")


@transaction.atomic
def issue_invoice(
    *, customer: Customer, on: date, amount_minor: int, by: Person | None, at: datetime, deal: Deal | None = None,
    number: str | None = None, extra: dict[str, Any] | None = None,
) -> Invoice:  # fmt: skip
    """An invoice on its day."""
    edit.refuse_outside("money")
    live(customer)
    _same_customer(customer, deal)
    edit.check_money(amount_minor, positive=True)
    edit.refuse_future(on, today=people.business_day(at), field="on")
    people.refuse_closed(on, field="on")
    edit.taken(Invoice, "number", number)
    invoice = Invoice(customer=customer, deal=deal, number=number or None, on=on, amount_minor=amount_minor,
                      extra=extra or {})  # fmt: skip
    edit.freeze(invoice, _whose(customer, deal), on)
    invoice.save(force_insert=True)
    record("issue_invoice", by=by, at=at, entity="invoice", object_id=invoice.pk, label=f"{customer} {number or ''}",
           about_id=invoice.person_id,
           after={"customer_id": customer.pk, "on": on, "amount_minor": amount_minor})  # fmt: skip
    return invoice


@transaction.atomic
def plan_instalment(
    *, customer: Customer, due_on: date, amount_minor: int, by: Person | None, at: datetime, deal: Deal | None = None,
    invoice: Invoice | None = None, number: str | None = None,
) -> Instalment:  # fmt: skip
    """A payment that is due on a day."""
    edit.refuse_outside("money")
    live(customer)
    _same_customer(customer, deal)
    edit.check_money(amount_minor, positive=True)
    people.refuse_closed(due_on, field="due_on")
    edit.taken(Instalment, "number", number)
    if invoice is not None and invoice.customer_id != customer.pk:
        raise Refusal(_("这张发票属于另一个客户。"), code="choice", field="invoice")
    row = Instalment(customer=customer, deal=deal, invoice=invoice, number=number or None, due_on=due_on,
                     amount_minor=amount_minor)  # fmt: skip
    edit.freeze(row, _whose(customer, deal), due_on)
    row.save(force_insert=True)
    record("plan_instalment", by=by, at=at, entity="instalment", object_id=row.pk, label=f"{customer} {due_on}",
           about_id=row.person_id, after={"customer_id": customer.pk, "due_on": due_on, "amount_minor": amount_minor,
                                          "deal_id": deal.pk if deal else None})  # fmt: skip
    return row


@transaction.atomic
def void_instalment(
    instalment: Instalment, *, by: Person | None, at: datetime, reason: str, on: date | None = None
) -> Instalment:
    """An instalment that is no longer owed; what was already allocated to it forbids that."""
    edit.refuse_outside("money")
    instalment = edit.locked(instalment)
    edit.required(reason, "reason", _("作废原因"))
    on = on or people.business_day(at)
    people.refuse_closed(on, field="on")
    if instalment.voided_on is not None:
        raise Refusal(_("这笔应收已经作废。"), code="voided")
    if paid(instalment):
        raise Refusal(_("这笔应收已有认款，先把认款撤下再作废。"), code="paid")
    return edit.change(instalment, {"voided_on": on}, act="void_instalment", by=by, at=at, reason=reason,
                       about_id=instalment.person_id)  # fmt: skip


@transaction.atomic
def record_receipt(
    *, customer: Customer, on: date, amount_minor: int, by: Person | None, at: datetime, number: str | None = None,
    method: str = "", note: str = "",
) -> Receipt:  # fmt: skip
    """Money that arrived; not allocated to anything yet."""
    edit.refuse_outside("money")
    live(customer)
    edit.check_money(amount_minor, positive=True)
    edit.refuse_future(on, today=people.business_day(at), field="on")
    people.refuse_closed(on, field="on")
    edit.taken(Receipt, "number", number)
    receipt = Receipt(customer=customer, number=number or None, on=on, amount_minor=amount_minor, method=method,
                      note=note)  # fmt: skip
    edit.freeze(receipt, customer.owner_id, on)
    receipt.save(force_insert=True)
    record("record_receipt", by=by, at=at, entity="receipt", object_id=receipt.pk, label=f"{customer} {number or ''}",
           about_id=receipt.person_id,
           after={"customer_id": customer.pk, "on": on, "amount_minor": amount_minor})  # fmt: skip
    return receipt


def paid(instalment: Instalment) -> int:
    """What has been allocated to an instalment."""
    return instalment.allocations.aggregate(total=Sum("amount_minor"))["total"] or 0


def allocated(receipt: Receipt) -> int:
    """What of a receipt has been allocated."""
    return receipt.allocations.aggregate(total=Sum("amount_minor"))["total"] or 0


@transaction.atomic
def allocate_receipt(
    receipt: Receipt, *, parts: Sequence[tuple[Instalment, int]], by: Person | None, at: datetime
) -> list[Allocation]:
    """认款: parts of a receipt for instalments of the same customer, never more than either has left.

    The money counts on the day it arrived; when that day is closed, on the day of the allocation.
    """
    edit.refuse_outside("money")
    receipt = edit.locked(receipt)
    today = people.business_day(at)
    on = receipt.on if people.closed_period(receipt.on) is None else today
    people.refuse_closed(on)
    rows = []
    if not parts:
        raise Refusal(_("请选择至少一笔应收。"), code="required", field="parts")
    for instalment, amount in parts:
        instalment = edit.locked(instalment)
        edit.check_money(amount, positive=True, field="parts")
        if instalment.customer_id != receipt.customer_id:
            raise Refusal(_("这笔应收属于另一个客户。"), code="choice", field="parts")
        if instalment.voided_on is not None:
            raise Refusal(_("这笔应收已经作废。"), code="voided", field="parts")
        left = rules.allocatable(receipt.amount_minor, allocated(receipt), instalment.amount_minor, paid(instalment))
        if amount > left:
            raise Refusal(_("认款超过了回款或应收的剩余金额。"), code="too_much", field="parts")
        row = Allocation(receipt=receipt, instalment=instalment, on=on, amount_minor=amount, by=by, at=at)
        edit.freeze(row, instalment.person_id, on)
        row.save(force_insert=True)
        rows.append(row)
    record("allocate_receipt", by=by, at=at, entity="receipt", object_id=receipt.pk, label=str(receipt),
           about_id=receipt.person_id, rows=len(rows), after={"on": on, "parts": [[r.instalment_id, r.amount_minor]
                                                                                for r in rows]})  # fmt: skip
    return rows


@transaction.atomic
def withdraw_allocation(allocation: Allocation, *, by: Person | None, at: datetime, reason: str) -> None:
    """Take an allocation back: the receipt has the money free again. Refused in a closed period."""
    edit.refuse_outside("money")
    edit.required(reason, "reason", _("原因"))
    allocation = edit.locked(allocation)
    people.refuse_closed(allocation.on)
    record("withdraw_allocation", by=by, at=at, entity="receipt", object_id=allocation.receipt_id,
           label=str(allocation), about_id=allocation.person_id, reason=reason,
           before={"instalment_id": allocation.instalment_id, "amount_minor": allocation.amount_minor})  # fmt: skip
    allocation.delete()
