"""The company, its work calendars and its closed periods."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Company(models.Model):
    """The one company of this installation (id 1) and the settings that every number depends on."""

    name = models.CharField(_("公司名称"), max_length=120)
    currency = models.CharField(_("币种"), max_length=3, default="CNY")
    zone = models.CharField(_("时区"), max_length=60, default="Asia/Shanghai")
    fiscal_start_month = models.PositiveSmallIntegerField(
        _("财年起始月"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # 1 = natural month; 26 = the performance month runs from the 26th to the 25th
    performance_start_day = models.PositiveSmallIntegerField(
        _("绩效月起始日"), default=1, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    history_complete_from = models.DateField(_("历史数据完整起始日"), null=True, blank=True)
    newcomer_months = models.PositiveSmallIntegerField(_("新人期（月）"), default=3)
    growth_months = models.PositiveSmallIntegerField(_("成长期至（月）"), default=12)
    ramp_newcomer = models.PositiveSmallIntegerField(_("新人期爬坡系数（%）"), default=50)
    ramp_growth = models.PositiveSmallIntegerField(_("成长期爬坡系数（%）"), default=80)
    align_spring_festival = models.BooleanField(_("同比按春节对齐"), default=False)
    direction_colours = models.CharField(_("涨跌色"), max_length=10, default="neutral")
    # recordings of visits are deleted after this many days
    recording_days = models.PositiveSmallIntegerField(
        _("拜访录音保留天数"), default=180, validators=[MinValueValidator(7), MaxValueValidator(1095)]
    )
    calendar = models.ForeignKey("people.WorkCalendar", verbose_name=_("工作日历"), null=True, on_delete=models.PROTECT)
    wizard_done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="people_company_one"),
            models.CheckConstraint(
                condition=Q(fiscal_start_month__gte=1, fiscal_start_month__lte=12), name="people_company_fiscal"
            ),
            models.CheckConstraint(
                condition=Q(performance_start_day__gte=1, performance_start_day__lte=28), name="people_company_perf"
            ),
            models.CheckConstraint(
                condition=Q(recording_days__gte=7, recording_days__lte=1095), name="people_company_recordings"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class WorkCalendar(models.Model):
    """A named rule of working days: 双休 five_day, 单休 six_day, 大小周 alternate; holidays by country."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    pattern = models.CharField(_("工作制"), max_length=10, default="five_day")
    country = models.CharField(max_length=2, default="CN", blank=True)

    def __str__(self) -> str:
        return self.name


class CalendarDay(models.Model):
    """One day of one calendar with the labels that metrics group by. `weight` 1 = a working day."""

    calendar = models.ForeignKey(WorkCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    weight = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60, blank=True, default="")
    provisional = models.BooleanField(default=False)
    overridden = models.BooleanField(default=False)
    week = models.CharField(max_length=8)
    month = models.CharField(max_length=7)
    quarter = models.CharField(max_length=6)
    year = models.CharField(max_length=4)
    fiscal_quarter = models.CharField(max_length=8)
    fiscal_year = models.CharField(max_length=6)
    performance_month = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="people_calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day}"


class ClosedPeriod(models.Model):
    """A stretch of business dates that never changes again. Written by `close_period`, never undone."""

    start = models.DateField(_("开始"))
    end = models.DateField(_("结束（不含）"))
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["start"]
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("start")), name="people_closed_order")]

    def __str__(self) -> str:
        return f"{self.start} – {self.end}"


class EntityMaster(models.Model):
    """Where an entity is written: here, or in an outside CRM (then it is read-only here)."""

    entity = models.CharField(max_length=40, unique=True)
    source = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.entity}: {self.source}"
