"""What is read by a text of SQL written once is what the model reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.people import acts, reads
from pacesetter.people.models import Company, DeviceSession, Person, RoleGrant, WorkCalendar
from tests.world import AT, TODAY, World


def columns(row: Model | None) -> dict[str, Any]:
    assert row is not None
    return {field.attname: (type(getattr(row, field.attname)), getattr(row, field.attname))
            for field in row._meta.concrete_fields}  # fmt: skip


def test_the_company_comes_with_its_calendar_in_one_question(world: World) -> None:
    acts.change_company(history_complete_from=date(2024, 5, 1), align_spring_festival=True, by=None, at=AT)
    with CaptureQueriesContext(connection) as seen:
        found = reads.company_or_none()
        assert found is not None
        calendar = found.calendar
    assert len(seen) == 1
    kept = Company.objects.select_related("calendar").get()
    assert columns(found) == columns(kept)
    assert columns(calendar) == columns(kept.calendar)
    assert found.__dict__.keys() == kept.__dict__.keys()


@pytest.mark.django_db
def test_there_is_none_before_the_first_set_up() -> None:
    assert reads.company_or_none() is None


def test_a_company_without_a_calendar_has_none(world: World) -> None:
    Company.objects.update(calendar=None)
    found = reads.company_or_none()
    assert found is not None
    assert found.calendar is None


def test_rows_are_those_of_the_model(world: World) -> None:
    client = Client()
    client.force_login(world.leader)
    client.get("/me/")
    device = DeviceSession.objects.get()
    assert columns(reads.row(DeviceSession, "session_key", device.session_key)) == columns(device)
    left = Person.objects.get(pk=world.left.pk)
    assert columns(reads.row(Person, "id", left.pk)) == columns(left)
    assert reads.row(Person, "id", 10**9) is None


def test_roles_are_those_of_the_day(world: World) -> None:
    everybody = Person.objects.values_list("pk", flat=True)
    for day in (TODAY, date(2018, 5, 6), date(2031, 1, 1)):
        for pk in everybody:
            held = RoleGrant.objects.filter(reads.valid(day), person_id=pk)
            assert reads.roles_of(pk, day) == set(held.values_list("role", flat=True))
    assert reads.roles_of(world.director.pk, TODAY) == {"director"}


def test_tables_read_together_are_those_of_the_model(world: World) -> None:
    """Whole rows, their days as days, and only those that are asked for."""
    grants, companies = reads.together((RoleGrant, '"person_id" = %s', [world.leader.pk]), (WorkCalendar, "", []))
    of = RoleGrant.objects.filter(person=world.leader)
    assert sorted(map(by_id, grants)) == sorted(map(by_id, of)) != []
    assert sorted(map(by_id, companies)) == sorted(map(by_id, WorkCalendar.objects.all())) != []


def by_id(row: Model) -> tuple[int, str]:
    return row.pk, repr(columns(row))


def test_json_is_not_read_together(world: World) -> None:
    with pytest.raises(TypeError, match="Person holds JSON"):
        reads.together((Person, "", []))


def test_a_seat_is_that_of_the_book(world: World) -> None:
    """Everybody, on days before, at and after moves, and where a stage was set by hand."""
    acts.override_stage(person=world.grower, stage="mature", on=TODAY, reason="试", by=None, at=AT)
    book, days = reads.SeatBook(), [date(2020, 1, 1), date(2026, 1, 15), date(2026, 2, 28), date(2026, 3, 1), TODAY]
    people = list(Person.objects.values_list("pk", flat=True))
    told = {(pk, day): reads.seat_at(pk, day) for pk in people for day in days}
    assert told == {(pk, day): book.at(pk, day) for pk in people for day in days}
    assert len(set(told.values())) > len(people)
