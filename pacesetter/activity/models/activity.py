"""What was done: one row per visit, call, proposal …, and the plan it came from."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pacesetter.people.models import Seat

from .words import VisitRule, VisitState


class Channel(models.TextChoices):
    """How a record came in."""

    SHEET = "sheet", _("页面")
    OUTBOX = "outbox", _("离线补交")
    TEXT = "text", _("一句话")
    CHAT = "chat", _("聊天工具")
    API = "api", _("接口")
    IMPORT = "import", _("导入")


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
    next_time = models.TimeField(_("下一步时间"), null=True, blank=True)
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
    # the sheet's own number: the same tap sent again finds its record, however late it arrives
    key = models.UUIDField(null=True, unique=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.SHEET)
    seconds = models.PositiveIntegerField(_("录入用时（秒）"), null=True)
    backdated = models.BooleanField(default=False)
    # from the end of what was done to its entry, and the hour of entry; unknown for imports
    delay_minutes = models.IntegerField(null=True)
    entered_hour = models.PositiveSmallIntegerField(null=True)
    # one of three or more entered within a quarter of an hour after 20:00
    burst = models.BooleanField(default=False)
    twin = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    amount_minor = models.BigIntegerField(_("谈到的金额"), null=True, blank=True)
    # the place at the tap, in millionths of a degree; taken away after 30 days, `on_site` stays
    place_lat = models.IntegerField(null=True)
    place_lon = models.IntegerField(null=True)
    place_metres = models.PositiveIntegerField(null=True)
    on_site = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "on"], name="activity_person_on"),
            models.Index(fields=["kind", "on"], name="activity_kind_on"),
            models.Index(fields=["on"], name="activity_on"),
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.lead or self.contact_name} {self.on}".strip()


class PlanState(models.TextChoices):
    """Every plan ends: done, dropped with a reason, or expired by the clock."""

    OPEN = "open", _("待办")
    DONE = "done", _("已完成")
    DROPPED = "dropped", _("已取消")
    EXPIRED = "expired", _("已过期")


class PlanItem(models.Model):
    """One thing to do on a day: a next step told in a log, or planned by hand. Done by exactly one record."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField(_("日期"))
    first_on = models.DateField()
    time = models.TimeField(_("时间"), null=True, blank=True)
    kind = models.CharField(_("类型"), max_length=40, default="visit")
    purpose = models.CharField(_("要做什么"), max_length=200, blank=True, default="")
    customer = models.ForeignKey(
        "pipeline.Customer", null=True, blank=True, on_delete=models.PROTECT, related_name="plans"
    )
    deal = models.ForeignKey("pipeline.Deal", null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    lead = models.ForeignKey("pipeline.Lead", null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    # the record whose next step this is; a log makes at most one
    origin = models.OneToOneField(Activity, null=True, on_delete=models.PROTECT, related_name="next_plan")
    # the record that did it
    done_by = models.OneToOneField(Activity, null=True, on_delete=models.PROTECT, related_name="plan")
    state = models.CharField(max_length=8, choices=PlanState.choices, default=PlanState.OPEN)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["person", "state", "on"], name="activity_plan_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_by__isnull=False) | (~Q(state="done") & Q(done_by=None)),
                name="activity_plan_done_by",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="activity_plan_ended",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(deal__isnull=False) | Q(lead__isnull=False),
                name="activity_plan_about",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.purpose or self.kind}"
