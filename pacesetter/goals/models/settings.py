"""The company's choices for goals, each version from a day on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GoalSettings(models.Model):
    """How goals are set and judged from a day on."""

    valid_from = models.DateField(_("从哪天起"), unique=True)
    # how far Σ of the goals below may part from value + buffer and still be published, in basis points of the value
    tolerance = models.PositiveIntegerField(_("容差（万分之）"), default=0)
    # 1–4 lines by name, from the lowest: [["floor", "保底", "Floor"], …]; `target` is always among them
    lines = models.JSONField(default=list)
    # the challenge line is so much above the target for so many of the best, in percent
    challenge_over = models.PositiveSmallIntegerField(_("挑战线高于目标（%）"), default=10)
    challenge_top = models.PositiveSmallIntegerField(_("适用于前（%）"), default=20)
    # metrics whose goals are not prorated for absence and late joining
    whole_metrics = models.JSONField(default=list)
    # working days until an application must be decided
    decide_days = models.PositiveSmallIntegerField(_("申请几个工作日内决定"), default=3)
    pace_basis = models.CharField(_("节奏"), max_length=8, default="days")  # days | curve
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.valid_from}"
