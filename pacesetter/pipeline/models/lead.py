"""Leads and the day each first reached a stage."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import Seat

from .words import LeadStage, LossReason


class Lead(Seat):
    """A lead. Seat = who received it first, frozen that day; `owner` is who works on it now (None in the pool).

    The `*_on` days are when the stage was *first* reached; a later step back does not clear them.
    """

    code = models.CharField(_("线索编号"), max_length=80, unique=True, null=True, blank=True)
    name = models.CharField(_("公司/称呼"), max_length=200, db_index=True)
    contact_name = models.CharField(_("联系人"), max_length=80, blank=True, default="")
    mobile = models.CharField(_("手机"), max_length=40, blank=True, default="")
    source = models.CharField(_("来源"), max_length=80, blank=True, default="", db_index=True)
    industry = models.CharField(_("行业"), max_length=80, blank=True, default="")
    customer_region = models.CharField(_("客户区域"), max_length=80, blank=True, default="")
    owner = models.ForeignKey(
        "people.Person", verbose_name=_("负责人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    in_pool = models.BooleanField(_("在公海"), default=False)
    # its owner's protection: the last protected day, and the last day any action can move it to (frozen when claimed)
    claimed_on = models.DateField(null=True, blank=True)
    protected_until = models.DateField(_("保护期至"), null=True, blank=True)
    protect_max_on = models.DateField(null=True, blank=True)
    # how it last came back to the pool: when, from whom, and why (see acts.pool)
    freed_at = models.DateTimeField(null=True, blank=True)
    freed_from = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    freed_because = models.JSONField(default=dict, blank=True)
    stage = models.CharField(_("阶段"), max_length=12, choices=LeadStage.choices, default=LeadStage.NEW)
    created_on = models.DateField(_("创建日期"))
    created_at = models.DateTimeField()
    valid_on = models.DateField(null=True, blank=True)
    intent_on = models.DateField(null=True, blank=True)
    proposal_on = models.DateField(null=True, blank=True)
    won_on = models.DateField(null=True, blank=True)
    lost_on = models.DateField(null=True, blank=True)
    last_touch_on = models.DateField(null=True, blank=True)
    loss_reason = models.CharField(max_length=20, choices=LossReason.choices, blank=True, default="")
    customer = models.ForeignKey(
        "pipeline.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    note = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "stage"], name="pipeline_lead_owner"),
            models.Index(fields=["person"], name="pipeline_lead_person"),
            models.Index(fields=["created_on"], name="pipeline_lead_created"),
            models.Index(
                fields=["protected_until"], name="pipeline_lead_protected", condition=Q(protect_max_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(in_pool=False) | Q(owner=None), name="pipeline_lead_pool_unowned"),
            models.CheckConstraint(
                condition=Q(protect_max_on=None)
                | Q(protected_until__isnull=False, protected_until__lte=F("protect_max_on")),
                name="pipeline_lead_protected_within",
            ),
            models.CheckConstraint(
                condition=Q(intent_on=None) | Q(intent_on__gte=F("created_on")), name="pipeline_lead_intent_after"
            ),
        ]

    def __str__(self) -> str:
        return self.name
