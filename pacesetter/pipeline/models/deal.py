"""Deals, their lines, the history of their stages, who is credited, and the postings that numbers are summed from."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import Seat

from .customer import Customer
from .lead import Lead
from .product import Product
from .words import CustomerKind, DealStage, LossReason, Outcome, TaxBasis


class Deal(models.Model):
    """A deal 商机. Amount in minor units = Σ lines where there are lines; None = not known yet."""

    code = models.CharField(_("商机编号"), max_length=120, unique=True, null=True, blank=True)
    name = models.CharField(_("商机名称"), max_length=200)
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("客户"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deals",
        db_index=False,  # the index customer, stage, closed_on serves
    )
    lead = models.ForeignKey(Lead, null=True, blank=True, on_delete=models.PROTECT, related_name="deals")
    owner = models.ForeignKey(
        "people.Person",
        verbose_name=_("负责人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # the index owner, stage serves
    )
    source = models.CharField(_("来源"), max_length=80, blank=True, default="")
    stage = models.CharField(_("阶段"), max_length=12, choices=DealStage.choices, default=DealStage.PROSPECT)
    amount_minor = models.BigIntegerField(_("金额"), null=True, blank=True)
    # the file's own text, kept where a declared rule rounded it
    amount_text = models.CharField(max_length=60, blank=True, default="")
    tax_basis = models.CharField(_("计税"), max_length=10, choices=TaxBasis.choices, default=TaxBasis.UNKNOWN)
    contract_no = models.CharField(_("合同编号"), max_length=80, blank=True, default="", db_index=True)
    opened_on = models.DateField(_("创建日期"), null=True, blank=True)
    expected_on = models.DateField(_("预计成交日期"), null=True, blank=True)
    signed_on = models.DateField(_("签约日期"), null=True, blank=True)
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)
    stage_since = models.DateField(null=True, blank=True)
    loss_reason = models.CharField(_("输单原因"), max_length=20, choices=LossReason.choices, blank=True, default="")
    competitor = models.CharField(_("竞品"), max_length=120, blank=True, default="")
    customer_kind = models.CharField(
        _("新客/复购"), max_length=10, choices=CustomerKind.choices, default=CustomerKind.UNKNOWN
    )
    next_step = models.CharField(_("下一步"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("下一步日期"), null=True, blank=True)
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "stage"], name="pipeline_deal_owner"),
            models.Index(fields=["closed_on"], name="pipeline_deal_closed"),
            # a customer's first win is read from the index alone
            models.Index(fields=["customer", "stage", "closed_on"], name="pipeline_deal_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
                name="pipeline_deal_closed_after",
            ),
            models.CheckConstraint(
                condition=~Q(stage=DealStage.WON) | Q(closed_on__isnull=False, amount_minor__isnull=False),
                name="pipeline_deal_won_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DealLine(models.Model):
    """One line of a deal. Quantity in thousandths (no float on any database); discount in basis points."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True, default="")
    quantity_milli = models.BigIntegerField(_("数量（千分之一）"), default=1000)
    unit_price_minor = models.BigIntegerField(_("单价"), null=True, blank=True)
    discount_bp = models.IntegerField(_("折扣（万分之一）"), default=0)
    amount_minor = models.BigIntegerField(_("金额"))
    cost_minor = models.BigIntegerField(_("成本"), null=True, blank=True)

    def __str__(self) -> str:
        return self.name or str(self.product_id)


class StageChange(Seat):
    """One step of a deal; the first row opens it. Seat = the owner's, frozen on `on` (None = the file had no date).

    `valid` turns False when a later act undoes the step (a won deal re-opened): then it no longer counts.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=12, blank=True, default="")
    stage = models.CharField(max_length=12, choices=DealStage.choices)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    on = models.DateField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    days_in_previous = models.IntegerField(null=True)
    valid = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["outcome", "on"], name="pipeline_stage_outcome")]

    def __str__(self) -> str:
        return f"{self.deal_id} → {self.stage}"


class CreditShare(models.Model):
    """Who is credited for a deal: shares in millionths; base shares sum to exactly 1 000 000, overlays stand beside."""

    # found by the constraint below, which begins with the deal
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="credits", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    share_ppm = models.IntegerField(_("份额（百万分之一）"))
    overlay = models.BooleanField(_("叠加"), default=False)
    primary = models.BooleanField(_("主负责"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deal", "person", "overlay"], name="pipeline_credit_once"),
            models.UniqueConstraint(fields=["deal"], condition=Q(primary=True), name="pipeline_credit_one_primary"),
            models.CheckConstraint(
                condition=Q(share_ppm__gt=0, share_ppm__lte=1_000_000), name="pipeline_credit_range"
            ),
            models.CheckConstraint(condition=Q(primary=False) | Q(overlay=False), name="pipeline_credit_primary_base"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.person_id} {self.share_ppm}"


class Reversal(models.Model):
    """A refund, return or cancellation: its own record with its own date; the past period keeps its number."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="reversals")
    line = models.ForeignKey(DealLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # refund | return | cancel
    code = models.CharField(max_length=120, unique=True, null=True, blank=True)
    on = models.DateField()
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gte=0), name="pipeline_reversal_positive")]

    def __str__(self) -> str:
        return f"{self.kind} {self.deal_id}"


class Booking(Seat):
    """A posting: credit × line × event, in minor units, signed. Base postings of a won deal sum to its amount.

    Written when a deal is won, refunded, returned, cancelled or corrected; never edited for its amount.
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="bookings")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    reversal = models.ForeignKey(Reversal, null=True, on_delete=models.CASCADE, related_name="bookings", db_index=False)
    kind = models.CharField(max_length=10)  # won | refund | return | cancel | correction
    on = models.DateField()
    customer_kind = models.CharField(max_length=10, choices=CustomerKind.choices, default=CustomerKind.UNKNOWN)
    source = models.CharField(max_length=80, blank=True, default="")
    overlay = models.BooleanField(default=False)
    primary = models.BooleanField(default=False)
    amount_minor = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["on", "person"], name="pipeline_booking_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.amount_minor}"
