"""A question about one number, and its answer, kept with that number."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

LONGEST = 500


class Question(models.Model):
    """What somebody wants to know about one number: a metric of a scope in a period.

    The number is named by words, not by keys into the rooms: `metric` and `basis` of the catalogue, `scope` and
    `period` as the address of its Why page carries them ("" = the whole company). `shown_*` is what it was when asked.
    """

    metric = models.CharField(max_length=80)
    basis = models.CharField(max_length=40, blank=True, default="")
    scope = models.CharField(max_length=400, blank=True, default="")
    period = models.CharField(max_length=40)
    shown_top = models.BigIntegerField()
    shown_bottom = models.BigIntegerField(null=True)
    shown_n = models.BigIntegerField()
    text = models.CharField(_("问题"), max_length=LONGEST)
    asked_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="questions")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("回答"), max_length=2 * LONGEST, blank=True, default="")
    answered_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # when the asker said to have read how it ended
    noted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [
            models.Index(fields=["metric", "period", "scope"], name="people_question_number"),
            models.Index(fields=["asked_by", "asked_at"], name="people_question_asker"),
            models.Index(fields=["answered_at", "asked_at"], name="people_question_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="people_question_asks"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="people_question_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(withdrawn_at=None), name="people_question_one_end"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
