"""The company's own words and settings: kinds, the effective-visit rule, daily norms, hints, count metrics."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ActivityKind(models.Model):
    """A kind of activity. The seven built-in keys cannot be removed; a company may add its own."""

    key = models.CharField(max_length=40, unique=True)
    zh = models.CharField(_("中文名称"), max_length=60)
    en = models.CharField(_("英文名称"), max_length=60)
    builtin = models.BooleanField(default=False)
    # judged by the effective-visit rule
    is_visit = models.BooleanField(_("按有效拜访规则判断"), default=False)
    active = models.BooleanField(default=True)
    # what a visit type may ask for; the default asks for nothing but result and next step
    needs_place = models.BooleanField(_("要求定位"), default=False)
    needs_photo = models.BooleanField(_("要求照片"), default=False)
    needs_note = models.BooleanField(_("要求备注"), default=False)

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
    place = models.BooleanField(_("要求定位"), default=False)
    # older days are taken only for the manager to confirm
    back_days = models.PositiveSmallIntegerField(_("可补录天数"), default=3)
    duplicate_days = models.PositiveSmallIntegerField(_("同一客户几天内不重复计"), default=0)

    def __str__(self) -> str:
        return f"{self.valid_from}"


class VisitState(models.TextChoices):
    """How the rule judged a visit; only valid and confirmed ones count, the others are shown."""

    VALID = "valid", _("有效")
    UNVERIFIED = "unverified", _("待核实")
    NOT_EFFECTIVE = "not_effective", _("不计有效")
    CONFIRMED = "confirmed", _("主管确认")


class Norm(models.Model):
    """How much of a metric is usual per working day or per week, from a day on: what rings fill until goals exist."""

    metric = models.CharField(_("指标"), max_length=60)
    per = models.CharField(_("周期"), max_length=4, choices=[("day", _("每个工作日")), ("week", _("每周"))])
    count = models.PositiveSmallIntegerField(_("数量"))
    valid_from = models.DateField(_("生效日期"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["metric", "valid_from"], name="activity_norm_once"),
            models.CheckConstraint(condition=Q(count__lte=200), name="activity_norm_range"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.count}/{self.per}"


class HintSetting(models.Model):
    """Whether a follow-up hint is given, and from how many days on. A hint without a row has its default."""

    key = models.CharField(max_length=30, unique=True)
    active = models.BooleanField(_("启用"), default=True)
    days = models.PositiveSmallIntegerField(_("天数"), default=0)

    def __str__(self) -> str:
        return self.key


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
