"""What stands beside a record: observations of joint visits, needs reports, files and the consent to record."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .activity import Activity


class Scorecard(models.Model):
    """The short scorecard of a joint visit, from a day on: 3 to 6 questions, each with anchors for 1, 3 and 5."""

    valid_from = models.DateField(unique=True)
    # [{"key", "zh", "en", "anchors": {"1": [zh, en], "3": …, "5": …}}]
    questions = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.valid_from}"


class Observation(models.Model):
    """What the manager or mentor saw on a joint visit: a record equal to a recording. One per visit and observer."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="observations")
    observer = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    scorecard = models.ForeignKey(Scorecard, null=True, on_delete=models.PROTECT, related_name="+")
    scores = models.JSONField(default=dict)  # question key → 1..5; a question that could not be seen is left out
    did_well = models.CharField(_("做得好的"), max_length=300, blank=True, default="")
    to_try = models.CharField(_("下次试试"), max_length=300, blank=True, default="")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "observer"], name="activity_observation_once")]

    def __str__(self) -> str:
        return f"{self.activity} · {self.observer.name}"


class ReportTemplate(models.Model):
    """The company's template of needs-analysis reports, from a day on."""

    valid_from = models.DateField(unique=True)
    # [{"key", "zh", "en", "required": bool}]
    sections = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.valid_from}"


class NeedsReport(models.Model):
    """A needs-analysis report 需求分析报告: the sections of its template, for a reader who is named and answers."""

    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, related_name="report")
    template = models.ForeignKey(ReportTemplate, null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    reader = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    # when its author has seen the answer
    seen_at = models.DateTimeField(null=True)
    reply = models.CharField(_("回复"), max_length=500, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["reader", "read_at"], name="activity_report_reader")]

    def __str__(self) -> str:
        return f"{self.activity} → {self.reader.name}"


class Consent(models.Model):
    """That somebody at the customer agreed to a recording: who, when, how. Withdrawn consent ends the recordings."""

    customer = models.ForeignKey("pipeline.Customer", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("pipeline.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(_("谁同意的"), max_length=80)
    how = models.CharField(_("怎样同意的"), max_length=10)  # spoken | written | message
    given_on = models.DateField()
    noted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.who


class FileState(models.TextChoices):
    """A file is whole or still coming; it ends by being removed or by its day."""

    COMING = "coming", _("上传中")
    WHOLE = "whole", _("已收到")
    REMOVED = "removed", _("已删除")
    EXPIRED = "expired", _("已到期删除")


class Attachment(models.Model):
    """A file of a record, kept outside the web root under a random name."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="files")
    uuid = models.UUIDField(unique=True)
    kind = models.CharField(max_length=10)  # photo | voice | document | recording
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=80, blank=True, default="")
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    state = models.CharField(max_length=8, choices=FileState.choices, default=FileState.COMING)
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="files")
    by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    keep_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    # its last day by the company's period of today, put there by reads
    until: date | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="recording") | Q(consent__isnull=False), name="activity_recording_consent"
            ),
            models.CheckConstraint(
                condition=Q(received__gte=0) & Q(received__lte=F("size")), name="activity_file_received"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where its bytes lie."""
        media: Path = settings.MEDIA_ROOT
        return media / "evidence" / self.uuid.hex[:2] / self.uuid.hex
