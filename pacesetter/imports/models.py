"""Batches of imported files: where each stands, what it did, what was wrong; and mappings saved for the next file."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnExisting(models.TextChoices):
    """What happens to a record that is already here."""

    SKIP = "skip", _("跳过")
    FILL = "fill", _("只补空白")
    OVERWRITE = "overwrite", _("用文件覆盖")


class State(models.TextChoices):
    """The way of a batch. Everything before `promoting` has written no record."""

    UPLOADED = "uploaded", _("已上传")
    CHECKING = "checking", _("预检中")
    CHECKED = "checked", _("已预检")
    QUEUED = "queued", _("等待导入")
    PROMOTING = "promoting", _("导入中")
    DONE = "done", _("已导入")
    REFUSED = "refused", _("有错，未导入")
    CANCELLED = "cancelled", _("已取消")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("中断")


# a worker holds the batch in these states, and its heartbeat goes on
HELD = (State.CHECKING, State.PROMOTING)


class SavedMapping(models.Model):
    """A mapping made on the page and kept under a name: for the next file of the same system."""

    name = models.CharField(_("名称"), max_length=80, unique=True)
    entity = models.CharField(_("数据类型"), max_length=20)
    # header as it stands in the file → canonical column
    columns = models.JSONField(default=dict)
    # date pattern, unit, value maps, how rows make deals; "more" holds the parts for further kinds of files
    options = models.JSONField(default=dict)
    created_by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What was decided, for each kind of file."""
        own = {name: value for name, value in self.options.items() if name != "more"}
        return [{**own, "entity": self.entity, "columns": self.columns}, *self.options.get("more", [])]


class Batch(models.Model):
    """One import: its files, choices, progress and result. The files lie in `HOME/imports/<uuid>/`."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    preset = models.CharField(_("预设"), max_length=80, blank=True, default="")
    # file name → {"entity", "columns", "options"} where the page mapped it; empty when the preset knows the file
    mapping = models.JSONField(default=dict)
    take_good = models.BooleanField(_("只导入正确的行"), default=False)
    on_existing = models.CharField(_("已有的记录"), max_length=10, choices=OnExisting.choices, default=OnExisting.FILL)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.UPLOADED)
    phase = models.CharField(max_length=20, blank=True, default="")
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    rows_per_second = models.IntegerField(default=0)
    # the counts per file, as the CLI contract names them
    files = models.JSONField(default=list)
    # totals in minor units for the page: {"amount_minor", "before_minor", "month"}
    totals = models.JSONField(default=dict)
    # journal entries that hold this batch's rows, in the order they were written
    entries = models.JSONField(default=list)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("时间"))
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # who works on it; a worker that lost its claim must not write
    claim = models.CharField(max_length=40, blank=True, default="")
    cancel_asked = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state"], name="imports_batch_state")]

    def __str__(self) -> str:
        return f"{self.preset} {self.created_at:%Y-%m-%d %H:%M}"


class BatchFault(models.Model):
    """One thing wrong with a file, row or value of a batch; the sentence is made in the reader's language."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="faults")
    file = models.CharField(max_length=200)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=200, blank=True, default="")
    value = models.CharField(max_length=200, blank=True, default="")
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    level = models.CharField(max_length=10, default="error")
    rows = models.IntegerField(default=1)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "level"], name="imports_fault_level")]

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.code}"
