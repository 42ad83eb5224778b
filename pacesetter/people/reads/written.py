"""What every request asks for, by a text of SQL that is written once: composing it anew takes longer than asking."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final, TypeVar

from django.db import connection
from django.db.models import Model

from ..models import Company, WorkCalendar

M = TypeVar("M", bound=Model)
_CALENDAR: Final = "its_calendar_"
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


@cache
def _company_text() -> str:
    own = [f'c."{field.column}"' for field in Company._meta.concrete_fields]
    its = [f'k."{field.column}" AS "{_CALENDAR}{field.attname}"' for field in WorkCalendar._meta.concrete_fields]
    return (
        f'SELECT {", ".join(own + its)} FROM "{Company._meta.db_table}" c '
        f'LEFT JOIN "{WorkCalendar._meta.db_table}" k ON k."id" = c."calendar_id"'
    )


def company() -> Company | None:
    """The company with its calendar, if it is set up; there is one row at most."""
    found = next(iter(Company.objects.raw(_company_text())), None)
    if found is not None:
        names = [field.attname for field in WorkCalendar._meta.concrete_fields]
        values = [found.__dict__.pop(f"{_CALENDAR}{name}") for name in names]
        if found.calendar_id is not None:
            found.calendar = WorkCalendar.from_db(found._state.db, names, values)
    return found


def roles_of(person_id: int, on: date) -> frozenset[str]:
    """Roles and capabilities a person holds on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [person_id, on, on])
        return frozenset(role for (role,) in cursor.fetchall())
