"""Rows of several small tables in one query: what a company set, or what stands in the way of an act."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import JSONObject


def together(*wanted: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset (of tables of their own, in no order), side by side in one statement."""
    found: dict[str, list[Any]] = {rows.model._meta.label: [] for rows in wanted}
    models = {rows.model._meta.label: rows.model for rows in wanted}
    first, *others = (_as_text(rows) for rows in wanted)
    for label, told in first.union(*others, all=True):
        fields = models[label]._meta.concrete_fields
        values = {field.attname: field.to_python(told[field.attname]) for field in fields}
        found[label].append(models[label].from_db(None, list(values), list(values.values())))
    return list(found.values())


def _as_text(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Rows of any table with the same two columns: which table, and the row."""
    whole = JSONObject(**{field.attname: F(field.attname) for field in rows.model._meta.concrete_fields})
    return rows.order_by().annotate(table=Value(rows.model._meta.label), told=whole).values_list("table", "told")
