"""Rows of several small tables in one query: what a company set, or what stands in the way of an act.

Every log of a visit asks for them, so their SQL is written once: composing it anew takes ten times longer than asking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model

# a table, which of its rows (SQL with %s, or "" for all), and the values that stand there
Wanted = tuple[type[Model], str, Sequence[Any]]


def together(*wanted: Wanted) -> list[list[Any]]:
    """The rows of each table, in no order, side by side in one statement. Raises TypeError for one with JSON in it."""
    found: list[list[Any]] = [[] for _ in wanted]
    with connection.cursor() as cursor:
        text = _text(tuple((model, which) for model, which, _ in wanted), connection.vendor)
        cursor.execute(text, [value for _, _, values in wanted for value in values])
        for place, told in cursor.fetchall():
            model, row = wanted[place][0], json.loads(told)
            values = {field.attname: field.to_python(row[field.attname]) for field in model._meta.concrete_fields}
            found[place].append(model.from_db(None, list(values), list(values.values())))
    return found


@cache
def _text(wanted: tuple[tuple[type[Model], str], ...], vendor: str) -> str:
    """Rows of any table with the same two columns: which of the tables, and the row."""
    pack = "CAST(JSONB_BUILD_OBJECT({}) AS text)" if vendor == "postgresql" else "JSON_OBJECT({})"
    parts = []
    for place, (model, which) in enumerate(wanted):
        meta = model._meta
        if any(isinstance(field, JSONField) for field in meta.concrete_fields):
            # packed once more, JSON comes back as a text from SQLite
            raise TypeError(f"{meta.label} holds JSON")
        whole = pack.format(", ".join(f"'{field.attname}', \"{field.column}\"" for field in meta.concrete_fields))
        parts.append(f'SELECT {place}, {whole} FROM "{meta.db_table}"{f" WHERE {which}" if which else ""}')
    return " UNION ALL ".join(parts)
