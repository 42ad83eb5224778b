"""Behaviour facts: visits, calls, proposals, needs reports — what people did, when, and whether it counts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import Seat


class ActivityKind(models.Model):
    """A kind of activity. The seven built-in keys cannot be removed; a company may add its own."""

    key = models.CharField(max_length=40, unique=True)
    zh = models.CharField(_("中文名称"), max_length=60)
    en = models.CharField(_("英文名称"), max_length=60)
    builtin = models.BooleanField(default=False)
    # judged by the effective-visit rule
    is_visit = models.BooleanField(_("按有效拜访规则判断"), default=False)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.zh


class VisitRule(models.Model):
    """The effective-visit rule from a day on; the version in force on the visit's day judges it."""

    valid_from = models.DateField(unique=True)
    contact = models.BooleanField(_("见到联系人"), default=True)
    result = models.BooleanField(_("有结果"), default=True)
    next_step = models.BooleanField(_("有带日期的下一步"), default=True)
    min_minutes = models.PositiveSmallIntegerField(_("最短时长（分钟）"), default=0)
    entry_hours = models.PositiveSmallIntegerField(_("录入时限（小时，0 不限）"), default=0)
    duplicate_days = models.PositiveSmallIntegerField(_("同一客户几天内不重复计"), default=0)

    def __str__(self) -> str:
        return f"{self.valid_from}"


class VisitState(models.TextChoices):
    """How the rule judged a visit; only valid and confirmed ones count, the others are shown."""

    VALID = "valid", _("有效")
    UNVERIFIED = "unverified", _("待核实")
    NOT_EFFECTIVE = "not_effective", _("不计有效")
    CONFIRMED = "confirmed", _("主管确认")


class Activity(Seat):
    """One thing a person did. `effective` is None for kinds that the visit rule does not judge."""

    code = models.CharField(max_length=120, unique=True, null=True, blank=True)
    kind = models.CharField(_("类型"), max_length=40, db_index=True)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"), null=True)
    customer = models.ForeignKey(
        "pipeline.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    contact = models.ForeignKey("pipeline.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(_("联系人"), max_length=80, blank=True, default="")
    deal = models.ForeignKey(
        "pipeline.Deal", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    lead = models.ForeignKey(
        "pipeline.Lead", null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    companion = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("结果"), max_length=40, blank=True, default="")
    next_step = models.CharField(_("下一步"), max_length=200, blank=True, default="")
    next_on = models.DateField(_("下一步日期"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("时长（分钟）"), null=True, blank=True)
    note = models.TextField(_("备注"), blank=True, default="")
    state = models.CharField(max_length=14, choices=VisitState.choices, blank=True, default="")
    effective = models.BooleanField(null=True)
    failed = models.JSONField(default=list, blank=True)  # names of the rule's conditions that were not met
    rule = models.ForeignKey(VisitRule, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    entered_late = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "on"], name="activity_person_on"),
            models.Index(fields=["kind", "on"], name="activity_kind_on"),
            models.Index(fields=["on"], name="activity_on"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"


class CompanyMetric(models.Model):
    """A count metric the company made from a form: how many activities of a kind, optionally only effective ones."""

    key = models.CharField(max_length=60, unique=True)
    zh = models.CharField(_("中文名称"), max_length=60)
    en = models.CharField(_("英文名称"), max_length=60)
    kind = models.CharField(_("活动类型"), max_length=40)
    result = models.CharField(_("结果"), max_length=40, blank=True, default="")
    effective_only = models.BooleanField(_("只计有效"), default=False)
    distinct_customers = models.BooleanField(_("按客户去重"), default=False)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.zh
