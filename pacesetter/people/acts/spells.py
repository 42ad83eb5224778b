"""Making a dated row fit among older ones: the shared part of moves, memberships, overrides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from pacesetter.lib.refusal import Refusal

from .. import rules


def check_order(start: date, end: date, *, field: str = "on") -> None:
    """Refuse a stretch that ends before it begins."""
    if start >= end:
        raise Refusal(_("开始日期要早于结束日期。"), code="order", field=field)


def give_way(rows: QuerySet[Any], start: date, end: date) -> list[dict[str, Any]]:
    """Cut the rows so that nothing holds in `[start, end)`; returns how the touched rows stood before."""
    old: dict[int, Any] = {row.pk: row for row in rows.select_for_update().order_by("valid_from")}
    cut = rules.make_room([(key, row.valid_from, row.valid_to) for key, row in old.items()], start, end)
    touched = [said(old[key]) for key in sorted({*cut.drop, *cut.end, *cut.begin})]
    for key in cut.drop:
        old[key].delete()
    for key, day in cut.end.items():
        old[key].valid_to = day
        old[key].save(update_fields=["valid_to"])
    for key, day in cut.begin.items():
        old[key].valid_from = day
        old[key].save(update_fields=["valid_from"])
    for key, day in cut.split.items():
        row = old[key]
        copy = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key})
        copy.valid_from, copy.valid_to = day, next(item for item in touched if item["id"] == key)["valid_to"]
        copy.save(force_insert=True)
    return touched


def said(row: Model) -> dict[str, Any]:
    """All columns of a row, for the journal."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def changes(row: Model, new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of the fields that differ; sets the new values on the row without saving it."""
    before, after = {}, {}
    for name, value in new.items():
        field = row._meta.get_field(name)
        column = getattr(field, "attname", name)
        stored = value.pk if isinstance(value, Model) else value
        if getattr(row, column) != stored:
            before[column], after[column] = getattr(row, column), stored
            setattr(row, name, value)
    return before, after
