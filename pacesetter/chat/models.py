"""Runs of the organisation sync: what was fetched, what would change, what was done."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The way of a run. Only `applied` has written a record of ours."""

    WAITING = "waiting", _("等待读取")
    FETCHING = "fetching", _("读取中")
    READY = "ready", _("已试算")
    FAILED = "failed", _("读取失败")
    OUTDATED = "outdated", _("已过时")
    APPLIED = "applied", _("已应用")


class SyncRun(models.Model):
    """One look at a chat system's organisation. The people in `snapshot` are kept until it is applied or outdated."""

    name = models.CharField(max_length=20)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    nightly = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    beat_at = models.DateTimeField(null=True)
    snapshot = models.JSONField(default=dict)
    # what would change, as steps; conflicts and kept differences as notes
    steps = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True, default="")
    fault = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["name", "state"], name="chat_run_state")]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d}"
