"""Who did what, before → after. Append-only: triggers refuse UPDATE and DELETE on both databases.

The journal lies under every room, so it names people and objects by id and text, never by foreign key.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the journal: one user act. `digest` chains each line to the one before it."""

    at = models.DateTimeField(_("时间"))
    by_id = models.BigIntegerField(_("操作人"), null=True, db_index=True)
    by_name = models.CharField(max_length=120, blank=True, default="")
    act = models.CharField(_("动作"), max_length=60, db_index=True)
    entity = models.CharField(_("对象"), max_length=40)
    object_id = models.CharField(max_length=64, blank=True, default="")
    label = models.CharField(max_length=200, blank=True, default="")
    # people this line concerns (owner, moved person …): they may read it beside its author
    about_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(_("原因"), max_length=500, blank=True, default="")
    request_id = models.CharField(max_length=40, blank=True, default="")
    rows = models.IntegerField(default=1)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["entity", "object_id"], name="journal_entry_object"),
            models.Index(fields=["at"], name="journal_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by_name} {self.act} {self.label}"


class RowChange(models.Model):
    """One row that a bulk act created or changed: what an undo needs. `before` is empty for a created row."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="row_changes")
    entity = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["entity", "row_id"], name="journal_row_object")]

    def __str__(self) -> str:
        return f"{self.entity} {self.row_id}"


class ChainHead(models.Model):
    """The newest digest; locked by the writer so that two lines never share a predecessor."""

    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.digest[:12]


class Answer(models.Model):
    """What a form's key was answered with, so that a double tap, a retry and two tabs act once."""

    by_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField(blank=True, default="")
    location = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by_id", "key"], name="journal_answer_once")]

    def __str__(self) -> str:
        return f"{self.by_id}:{self.key}"
