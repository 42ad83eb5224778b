"""The company's rules for the pool and for customer tiers, each version from a day on."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .. import rules


class PoolRule(models.Model):
    """How long a lead is somebody's, from a day on. Dates already given to leads stay as they are."""

    valid_from = models.DateField(_("从哪天起"), unique=True)
    protect_days = models.PositiveSmallIntegerField(_("领取后保护几天"), default=14)
    extend_days = models.PositiveSmallIntegerField(_("每次跟进后至少再保护几天"), default=7)
    max_days = models.PositiveSmallIntegerField(_("最长保护几天"), default=45)
    warn_days = models.PositiveSmallIntegerField(_("到期前几天提醒"), default=3)
    cooldown_hours = models.PositiveSmallIntegerField(_("失去后几小时内不能再领"), default=24)
    hold_limit = models.PositiveSmallIntegerField(_("每人最多持有几条"), default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(protect_days=0) | Q(max_days__gte=F("protect_days")), name="pipeline_poolrule_limit"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    def terms(self) -> rules.PoolTerms:
        """As the rules take it."""
        return rules.PoolTerms(self.valid_from, self.protect_days, self.extend_days, self.max_days, self.warn_days,
                               self.cooldown_hours, self.hold_limit)  # fmt: skip


class TierRule(models.Model):
    """What makes an A, B or C customer and how often each is visited, from a day on. Empty = does not count."""

    valid_from = models.DateField(_("从哪天起"), unique=True)
    a_won_minor = models.BigIntegerField(null=True)
    a_open_minor = models.BigIntegerField(null=True)
    a_days = models.PositiveSmallIntegerField(default=14)
    b_won_minor = models.BigIntegerField(null=True)
    b_open_minor = models.BigIntegerField(null=True)
    b_days = models.PositiveSmallIntegerField(default=30)
    c_won_minor = models.BigIntegerField(null=True)
    c_open_minor = models.BigIntegerField(null=True)
    c_days = models.PositiveSmallIntegerField(default=60)

    def __str__(self) -> str:
        return f"{self.valid_from}"

    def terms(self) -> rules.TierTerms:
        """As the rules take it."""
        return rules.TierTerms(self.valid_from, {
            tier: rules.Line(*(getattr(self, f"{tier.lower()}_{part}") for part in ("won_minor", "open_minor", "days")))
            for tier in rules.TIERS
        })  # fmt: skip
