"""Merging two records of one customer, and taking it back. Every moved row stands in the journal's row table."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people.models import Person

from ..models import Customer
from . import edit, kinds


def _pointing() -> list[tuple[type[models.Model], str]]:
    """(model, column) of everything that names a customer, in this room and in those above."""
    found = []
    for relation in Customer._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and relation.field.name != "merged_into":
            found.append((model, relation.field.attname))
    # bookings and others that hide the way back
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Customer:
                pair = (model, field.attname)
                if field.name != "merged_into" and pair not in found:
                    found.append(pair)
    return found


@transaction.atomic
def merge_customers(*, keep: Customer, drop: Customer, by: Person | None, at: datetime, reason: str = "") -> Entry:
    """Everything of `drop` moves to `keep`; `drop` stays as a pointer. Empty fields of `keep` are filled."""
    edit.refuse_outside("customers")
    keep, drop = edit.locked(keep), edit.locked(drop)
    if keep.pk == drop.pk:
        raise Refusal(_("请选两个不同的客户。"), code="same", field="drop")
    if keep.merged_into_id or drop.merged_into_id:
        raise Refusal(_("其中一个客户已经并入别的客户。"), code="merged", field="drop")
    if keep.parent_id == drop.pk:
        raise Refusal(_("要保留的客户挂在要合并的客户下面，请先改上级客户。"), code="loop", field="drop")
    moved: list[tuple[str, int, str]] = []
    for model, column in _pointing():
        ids = list(model._default_manager.filter(**{column: drop.pk}).values_list("pk", flat=True))
        model._default_manager.filter(pk__in=ids).update(**{column: keep.pk})
        moved += [(model._meta.label_lower, pk, column) for pk in ids]
    filled = {
        name: getattr(drop, name)
        for name in ("industry", "region", "size", "tier", "source", "phone", "address")
        if not getattr(keep, name) and getattr(drop, name)
    }
    before = {name: getattr(keep, name) for name in filled}
    for name, value in filled.items():
        setattr(keep, name, value)
    keep.version += 1
    keep.save()
    drop.merged_into = keep
    drop.version += 1
    drop.save()
    kinds.retell([keep.pk])
    entry = record("merge_customers", by=by, at=at, entity="customer", object_id=keep.pk,
                   label=f"{keep} ← {drop}", about_id=keep.owner_id, rows=len(moved) + 1, reason=reason,
                   before={"drop_id": drop.pk, "kept": before}, after={"kept": filled})  # fmt: skip
    groups: dict[str, list[tuple[int, str]]] = {}
    for label, pk, column in moved:
        groups.setdefault(label, []).append((pk, column))
    for label, rows in groups.items():
        record_rows(entry, label, ((pk, {column: drop.pk}, {column: keep.pk}) for pk, column in rows))
    return entry


@transaction.atomic
def undo_merge(*, entry: Entry, by: Person | None, at: datetime, reason: str = "") -> Customer:
    """Take a merge back; rows that moved on to another customer since stay there. Returns the customer restored."""
    edit.refuse_outside("customers")
    if entry.act != "merge_customers":
        raise Refusal(_("这不是一次客户合并。"), code="act")
    keep = edit.locked(Customer.objects.get(pk=entry.object_id))
    drop = edit.locked(Customer.objects.get(pk=entry.before["drop_id"]))
    if drop.merged_into_id != keep.pk:
        raise Refusal(_("这次合并已经撤销过了。"), code="undone")
    count = 0
    for change in entry.row_changes.order_by("id"):
        column = next(iter(change.after or {}))
        rows = apps.get_model(change.entity)._default_manager.filter(**{"pk": change.row_id, column: keep.pk})
        count += rows.update(**{column: drop.pk})
    for name, value in entry.after["kept"].items():
        if getattr(keep, name) == value:
            setattr(keep, name, entry.before["kept"][name])
    keep.version += 1
    keep.save()
    drop.merged_into = None
    drop.version += 1
    drop.save()
    kinds.retell([keep.pk, drop.pk])
    record("undo_merge", by=by, at=at, entity="customer", object_id=drop.pk, label=f"{drop} ⇐ {keep}", rows=count + 1,
           about_id=drop.owner_id, reason=reason, before={"entry_id": entry.pk})  # fmt: skip
    return drop
