"""Applications to change a goal, who said what about them, and the shared register of market events."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MarketEvent(models.Model):
    """Something outside that moved the market; adjustments, charts, coaching and reviews point to it."""

    class Kind(models.TextChoices):
        """What sort of thing happened."""

        POLICY = "policy", _("政策")
        COMPETITOR = "competitor", _("竞品")
        REGION = "region", _("区域")
        PEOPLE = "people", _("人员")
        SUPPLY = "supply", _("供货")
        OTHER = "other", _("其他")

    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("说明"), max_length=2000, blank=True, default="")
    on = models.DateField(_("发生日期"))
    until = models.DateField(_("影响到哪天"), null=True, blank=True)
    customer_region = models.CharField(_("客户区域"), max_length=80, blank=True, default="")
    industry = models.CharField(_("行业"), max_length=80, blank=True, default="")
    product = models.ForeignKey("pipeline.Product", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("on")), name="goals_event_order")
        ]

    def __str__(self) -> str:
        return self.title


class Adjustment(models.Model):
    """An application: this goal, from this version, to these lines, from this day, because of that.

    Where it stands is in its events (asked → approved | refused | withdrawn | expired); what was said in its voices.
    """

    goal = models.ForeignKey("goals.Goal", on_delete=models.PROTECT, related_name="adjustments")
    version = models.ForeignKey("goals.GoalVersion", on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(MarketEvent, null=True, on_delete=models.PROTECT, related_name="adjustments")
    reason = models.CharField(_("为什么"), max_length=1000)
    floor = models.BigIntegerField(null=True)
    target = models.BigIntegerField()
    stretch = models.BigIntegerField(null=True)
    challenge = models.BigIntegerField(null=True)
    valid_from = models.DateField(_("从哪天起"))
    # what the data showed when it was asked: before and after the event, customers concerned, effect on others
    evidence = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    # when the effect is compared with what was foreseen
    check_on = models.DateField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.goal_id} → {self.target}"


class AdjustmentVoice(models.Model):
    """What one member of the group said of an application: yes or no, and why. The analyst's is the assessment."""

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="voices")
    seat = models.CharField(max_length=10)  # director | hrbp | analyst
    yes = models.BooleanField()
    sentence = models.CharField(max_length=1000)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=120)
    # who was stood in for, where a delegate spoke
    stands_for_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment", "seat"], name="goals_voice_once"),
            models.UniqueConstraint(fields=["adjustment", "by_id"], name="goals_voice_one_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.seat}"


class AdjustmentEvent(models.Model):
    """What happened to an application. The end comes once."""

    class Kind(models.TextChoices):
        """asked → (escalated) → approved | refused | withdrawn | expired → checked."""

        ASKED = "asked", _("已申请")
        ESCALATED = "escalated", _("已升级")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")
        EXPIRED = "expired", _("已过期")
        CHECKED = "checked", _("已回看")

    adjustment = models.ForeignKey(Adjustment, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # approved, refused, withdrawn and expired exclude each other
    ends = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    reason = models.CharField(max_length=1000, blank=True, default="")
    figures = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["adjustment"], condition=Q(ends=True), name="goals_adjustment_one_end"),
            models.UniqueConstraint(
                fields=["adjustment", "kind"], condition=~Q(kind="escalated"), name="goals_adjustment_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment_id} {self.kind}"


class Delegate(models.Model):
    """Who decides in somebody's place from when to when; a lone director needs one for the own goals."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="delegates")
    delegate = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    reason = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="goals_delegate_order"),
            models.CheckConstraint(condition=~Q(person=F("delegate")), name="goals_delegate_other"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.delegate_id}"
