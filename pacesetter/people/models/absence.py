"""Days on which somebody is not there though they belong to a team."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Absence(models.Model):
    """Somebody is away during `[start, end)`. A row is never changed; taken back, it stays and says so.

    Two that stand never share a day of one person: the database refuses it (`people/apps.py`).
    """

    class Kind(models.TextChoices):
        """Why, in the words of a personnel file."""

        LEAVE = "leave", _("休假")
        SICK = "sick", _("病假")
        PARENTAL = "parental", _("产假、陪产假和育儿假")
        TRAINING = "training", _("脱产培训")
        OTHER = "other", _("其他")

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    start = models.DateField(_("开始"))
    end = models.DateField(_("结束（不含）"))
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-start", "-id"]
        indexes = [models.Index(fields=["start", "end"], name="people_absence_when")]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="people_absence_order"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None), name="people_absence_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.start} – {self.end}"

    @property
    def last(self) -> date:
        """The last day away."""
        return self.end - timedelta(days=1)
