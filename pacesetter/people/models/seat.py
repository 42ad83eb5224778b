"""The seat a fact was made from: who, in which team, under whom, where, at which growth stage — frozen that day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GrowthStage(models.TextChoices):
    """新人期 0–3 months, 成长期 3–12, 成熟期 12 and more; unknown without a hire date."""

    NEWCOMER = "newcomer", _("新人期")
    GROWTH = "growth", _("成长期")
    MATURE = "mature", _("成熟期")
    UNKNOWN = "unknown", _("阶段未知")


class Seat(models.Model):
    """Columns of every fact, frozen on its business date; only `correct_membership` re-freezes open periods.

    No index of their own: bulk writes pay for each, and what needs one (a person's open list) names it in its model.
    """

    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey("people.Team", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    region = models.ForeignKey("people.Region", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    growth_stage = models.CharField(max_length=10, choices=GrowthStage.choices, default=GrowthStage.UNKNOWN)

    class Meta:
        abstract = True
