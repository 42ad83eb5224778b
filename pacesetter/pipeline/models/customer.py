"""Customers, their contacts, and the history of who owned what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .words import DecisionRole, Tier


class Customer(models.Model):
    """A company (or person) we sell to. `region` is where the customer sits, not where the seller sells."""

    code = models.CharField(_("客户编号"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(_("客户名称"), max_length=200, db_index=True)
    industry = models.CharField(_("行业"), max_length=80, blank=True, default="", db_index=True)
    region = models.CharField(_("客户区域"), max_length=80, blank=True, default="")
    size = models.CharField(_("规模"), max_length=60, blank=True, default="")
    tier = models.CharField(_("分层"), max_length=4, choices=Tier.choices, blank=True, default="")
    # set by hand: the nightly rule leaves it alone; `tier_because` is what decided it (see rules.tiers.Verdict)
    tier_fixed = models.BooleanField(_("分层由人定"), default=False)
    tier_reason = models.CharField(_("分层原因"), max_length=200, blank=True, default="")
    tier_on = models.DateField(null=True, blank=True)
    tier_because = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        "people.Person",
        verbose_name=_("负责人"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # the index owner, name serves
    )
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    source = models.CharField(_("来源"), max_length=80, blank=True, default="")
    phone = models.CharField(_("电话"), max_length=40, blank=True, default="")
    address = models.CharField(_("地址"), max_length=300, blank=True, default="")
    note = models.TextField(_("备注"), blank=True, default="")
    created_on = models.DateField(_("建档日期"))
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "name"], name="pipeline_customer_owner")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """Somebody at the customer, with their part in the decision."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("姓名"), max_length=80)
    title = models.CharField(_("职务"), max_length=80, blank=True, default="")
    decision_role = models.CharField(
        _("决策角色"), max_length=20, choices=DecisionRole.choices, default=DecisionRole.UNKNOWN
    )
    mobile = models.CharField(_("手机"), max_length=40, blank=True, default="")
    email = models.CharField(_("邮箱"), max_length=120, blank=True, default="")
    note = models.CharField(_("备注"), max_length=500, blank=True, default="")
    archived = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class OwnerChange(models.Model):
    """Hand-over history of a customer, lead or deal."""

    entity = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    from_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["entity", "object_id"], name="pipeline_owner_object")]

    def __str__(self) -> str:
        return f"{self.entity} {self.object_id}"
