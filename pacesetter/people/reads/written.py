"""What every request asks for, by a text of SQL that is written once: composing it anew takes longer than asking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import Col

from ..models import Company, WorkCalendar

M = TypeVar("M", bound=Model)
# names in double quotes are read alike by both databases
_ROLES: Final = (
    'SELECT "role" FROM "people_rolegrant" WHERE "person_id" = %s AND "valid_from" <= %s AND "valid_to" > %s'
)
# a change of the seat made by hand, the newest of them, beats tenure; a seat without a region has its team's
_SEAT: Final = (
    'SELECT p."hire_on", m."team_id", m."manager_id", m."region_id", t."region_id" AS "team_region", ('
    'SELECT o."stage" FROM "people_stageoverride" o WHERE o."person_id" = p."id" AND o."valid_from" <= %s'
    ' AND o."valid_to" > %s ORDER BY o."id" DESC LIMIT 1) AS "given" FROM "people_person" p'
    ' LEFT JOIN "people_membership" m ON m."person_id" = p."id" AND m."primary" AND m."valid_from" <= %s'
    ' AND m."valid_to" > %s LEFT JOIN "people_team" t ON t."id" = m."team_id" WHERE p."id" = %s'
    ' ORDER BY m."id" DESC LIMIT 1'
)
Seat = tuple[date | None, str | None, int | None, int | None, int | None, int | None]


@cache
def _text(model: type[Model], column: str) -> str:
    meta = model._meta
    columns = ", ".join(f'"{field.column}"' for field in meta.concrete_fields)
    return f'SELECT {columns} FROM "{meta.db_table}" WHERE "{column}" = %s'


@cache
def _told(model: type[Model], vendor: str) -> tuple[list[str], list[tuple[int, Col]]]:
    """The names of the model's columns, and those that a driver gives otherwise than the model holds them."""
    fields = model._meta.concrete_fields
    columns = list(enumerate(field.get_col(model._meta.db_table) for field in fields))
    return [field.attname for field in fields], [(place, one) for place, one in columns if _converters(one)]


def _converters(column: Col) -> list[Any]:
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]


def _made(model: type[M], told: Sequence[Any]) -> M:
    """The object of a row as a cursor gives it; `Model.objects.raw` finds out anew what is known here."""
    names, otherwise = _told(model, connection.vendor)
    values = list(told)
    for place, column in otherwise:
        for convert in _converters(column):
            values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, names, values)


def _first(sql: str, params: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        found: tuple[Any, ...] | None = cursor.fetchone()
        return found


def row(model: type[M], column: str, value: int | str) -> M | None:
    """The row whose unique column holds this value, if there is one."""
    found = _first(_text(model, column), [value])
    return None if found is None else _made(model, found)


@cache
def _company_text() -> str:
    own = [f'c."{field.column}"' for field in Company._meta.concrete_fields]
    its = [f'k."{field.column}"' for field in WorkCalendar._meta.concrete_fields]
    return (
        f'SELECT {", ".join(own + its)} FROM "{Company._meta.db_table}" c '
        f'LEFT JOIN "{WorkCalendar._meta.db_table}" k ON k."id" = c."calendar_id"'
    )


def company() -> Company | None:
    """The company with its calendar, if it is set up; there is one row at most."""
    values = _first(_company_text())
    if values is None:
        return None
    own = len(Company._meta.concrete_fields)
    found = _made(Company, values[:own])
    if found.calendar_id is not None:
        found.calendar = _made(WorkCalendar, values[own:])
    return found


def roles_of(person_id: int, on: date) -> frozenset[str]:
    """Roles and capabilities a person holds on a day."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLES, [person_id, on, on])
        return frozenset(role for (role,) in cursor.fetchall())


def seat(person_id: int, on: date) -> Seat | None:
    """Of a person on a day: hired on, growth stage by hand, team, manager, region of the seat, region of the team."""
    found = _first(_SEAT, [on, on, on, on, person_id])
    if found is None:
        return None
    hired, team, manager, region, team_region, given = found
    return None if hired is None else told_day(hired), given, team, manager, region, team_region


def told_day(value: date | str) -> date:
    """A day as a cursor gives it: SQLite keeps texts."""
    return date.fromisoformat(value) if isinstance(value, str) else value
