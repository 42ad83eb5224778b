"""Invoices 开票, instalments 应收, receipts 回款 and their allocation 认款."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import Seat

from .customer import Customer
from .deal import Deal


class Invoice(Seat):
    """An invoice; amounts in minor units."""

    number = models.CharField(_("发票号"), max_length=80, unique=True, null=True, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invoices")
    deal = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="invoices")
    on = models.DateField(_("开票日期"))
    amount_minor = models.BigIntegerField(_("开票金额"))
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["on"], name="pipeline_invoice_on"),
            models.Index(fields=["person", "on"], name="pipeline_invoice_person"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Instalment(Seat):
    """A planned payment: amount and due date, of a customer and, if known, a deal."""

    number = models.CharField(max_length=80, unique=True, null=True, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="instalments")
    deal = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="instalments")
    invoice = models.ForeignKey(Invoice, null=True, blank=True, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField(_("应收日期"))
    amount_minor = models.BigIntegerField(_("应收金额"))
    voided_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_on"], name="pipeline_instalment_due"),
            models.Index(fields=["person", "due_on"], name="pipeline_instalment_person"),
        ]
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="pipeline_instalment_positive")]

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount_minor}"


class Receipt(Seat):
    """Cash received. What is not allocated to instalments is shown, never guessed."""

    number = models.CharField(_("回款单号"), max_length=80, unique=True, null=True, blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="receipts")
    on = models.DateField(_("回款日期"))
    amount_minor = models.BigIntegerField(_("回款金额"))
    method = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["on"], name="pipeline_receipt_on"),
            models.Index(fields=["person", "on"], name="pipeline_receipt_person"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Allocation(Seat):
    """认款: a part of a receipt that pays a part of an instalment. Seat = the instalment's."""

    receipt = models.ForeignKey(Receipt, on_delete=models.CASCADE, related_name="allocations")
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, related_name="allocations")
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="pipeline_allocation_positive")]

    def __str__(self) -> str:
        return f"{self.receipt_id} → {self.instalment_id}"
