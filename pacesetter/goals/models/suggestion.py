"""What the nightly calculation would set an action goal to, and what became of it. Rows are written once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .goal import Goal


class GoalSuggestion(models.Model):
    """Another number for an action goal, with the chain it comes from. A goal has at most one a day."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="suggestions")
    day = models.DateField()
    # the number in force when it was made, and the one suggested
    now = models.BigIntegerField()
    value = models.BigIntegerField()
    figures = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "day"], name="goals_suggestion_once"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="goals_suggestion_value"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.day} {self.value}"


class SuggestionAnswer(models.Model):
    """Somebody took a suggestion or kept the number. There is one answer."""

    class Kind(models.TextChoices):
        """What was said."""

        TAKEN = "taken", _("已采纳")
        KEPT = "kept", _("保持不变")

    suggestion = models.OneToOneField(GoalSuggestion, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    at = models.DateTimeField()
    by_id = models.BigIntegerField()
    by_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.kind}"
