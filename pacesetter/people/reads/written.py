"""What every request asks for, by a text of SQL that is written once: composing it anew takes longer than asking."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
# names in double quotes are read alike by both databases
_ROLES: Final = (
    'SELECT "role" FROM "people_rolegrant" WHERE "person_id" = %s AND "valid_from" <= %s AND "valid_to" > %s'
)


@cache
def _text(model: type[Model], column: str) -> str:
    meta = model._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    return f'SELECT {columns} FROM "{meta.db_table}" WHERE "{column}" = %s'


def row(model: type[M], column: str, value: int | str) -> M | None:
    """The row whose unique column holds this value, if there is one."""
    return next(iter(model._default_manager.raw(_text(model, column), [value])), None)


def roles_of(person_id: int, on: date) -> frozenset[str]:
    """Roles and capabilities a person holds on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [person_id, on, on])
        return frozenset(role for (role,) in cursor.fetchall())
