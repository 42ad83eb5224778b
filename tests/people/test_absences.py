"""Absences: recorded once, never over one another, read by few, taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts
from pacesetter.people.models import Absence
from pacesetter.people.reads.absences import absences_of
from tests.world import AT, TODAY, World

FROM, TO = date(2026, 3, 2), date(2026, 3, 6)


def away(world: World, start: date = FROM, end: date = TO, **more) -> Absence:
    asked = {"person": world.veteran, "kind": "sick", "by": world.hrbp, **more}
    return acts.record_absence(start=start, end=end, at=AT, **asked)


def code(world: World, *args, **more) -> str:
    lines = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        away(world, *args, **more)
    assert Entry.objects.count() == lines
    assert str(refusal.value)
    return refusal.value.code


def test_an_absence_is_one_row_and_one_line_with_who_wrote_it(world: World) -> None:
    row = away(world)
    line = Entry.objects.latest("pk")
    assert (row.start, row.end, row.last) == (FROM, TO, date(2026, 3, 5))
    assert (line.act, line.about_id, line.by_id) == ("record_absence", world.veteran.pk, world.hrbp.pk)
    assert line.after["kind"] == "sick"


def test_what_cannot_be_is_refused(world: World) -> None:
    away(world)
    assert code(world, date(2026, 3, 5), date(2026, 3, 9)) == "overlap"
    assert code(world, TO, TO) == "order"
    assert code(world, kind="holiday") == "kind"
    assert code(world, date(2026, 4, 1), date(2029, 4, 1)) == "length"
    assert code(world, person=world.left) == "left"
    # the next day, and another person on the same days, are free
    away(world, TO, date(2026, 3, 9))
    away(world, person=world.grower)


def test_nobody_records_or_takes_back_the_own_days(world: World) -> None:
    days = {"kind": "leave", "start": date(2026, 3, 2), "end": date(2026, 3, 4), "at": AT}
    with pytest.raises(Refusal) as refused:
        acts.record_absence(person=world.hrbp, by=world.hrbp, **days)
    assert refused.value.code == "own"
    row = acts.record_absence(person=world.hrbp, by=world.admin, **days)
    with pytest.raises(Refusal) as refused:
        acts.withdraw_absence(absence=row, by=world.hrbp, at=AT)
    assert refused.value.code == "own"
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_a_closed_period_takes_no_absence_and_gives_none_back(world: World) -> None:
    row = away(world, date(2026, 2, 26), date(2026, 3, 3))
    acts.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=world.admin, at=AT)
    assert code(world, date(2026, 2, 2), date(2026, 2, 4)) == "closed_period"
    with pytest.raises(Refusal) as refusal:
        acts.withdraw_absence(absence=row, by=world.hrbp, at=AT)
    assert refusal.value.code == "closed_period"


def test_withdrawn_days_are_free_again_and_the_row_stays(world: World) -> None:
    row = away(world)
    acts.withdraw_absence(absence=row, reason="记错人", by=world.admin, at=AT)
    assert list(absences_of(world.veteran)) == []
    assert Absence.objects.get().withdrawn_by == world.admin
    assert Entry.objects.latest("pk").reason == "记错人"
    with pytest.raises(Refusal):
        acts.withdraw_absence(absence=row, by=world.admin, at=AT)
    away(world)


def test_the_database_itself_keeps_two_absences_apart(world: World) -> None:
    row = away(world)

    def put(start: date, end: date, **more) -> Absence:
        with transaction.atomic():
            return Absence.objects.create(
                person=world.veteran, kind="leave", start=start, end=end, recorded_at=AT, **more
            )

    with pytest.raises(IntegrityError):
        put(date(2026, 3, 5), date(2026, 3, 7))
    put(FROM, TO, withdrawn_at=AT)
    later = put(TO, date(2026, 3, 7))
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.filter(pk=later.pk).update(start=date(2026, 3, 4))
    with pytest.raises(IntegrityError):
        put(TO + timedelta(days=9), TO)
    assert row.pk != later.pk


# --- the person's page ---
def page(who, about) -> str:
    client = Client()
    client.force_login(who)
    return client.get(f"/manage/people/{about.pk}/").content.decode()


def test_personnel_the_leader_and_oneself_read_an_absence_the_analyst_does_not(world: World) -> None:
    away(world)
    for who in (world.hrbp, world.admin, world.director, world.leader, world.veteran):
        assert "病假" in page(who, world.veteran), who.name
    seen = page(world.analyst, world.veteran)
    assert world.veteran.name in seen
    assert "病假" not in seen
    assert "缺勤" not in seen.split('id="main"')[-1]


def test_hr_records_on_the_page_and_takes_back(world: World) -> None:
    client = Client()
    client.force_login(world.hrbp)
    address = f"/manage/people/{world.veteran.pk}/absent/"
    asked = {"kind": "training", "start": "2026-03-17", "last": "2026-03-18"}
    assert client.post(address, {**asked, "key": "a"}).status_code == 302
    row = Absence.objects.get()
    assert (row.kind, row.start, row.end) == ("training", TODAY + timedelta(days=1), date(2026, 3, 19))
    again = client.post(address, {**asked, "key": "b"})
    assert again.status_code == 422
    assert "已经记过缺勤" in again.content.decode()
    assert client.post(f"/manage/people/absences/{row.pk}/withdraw/", {"key": "c"}).status_code == 302
    row.refresh_from_db()
    assert row.withdrawn_at is not None


@pytest.mark.parametrize("role", ["rep", "manager", "director", "analyst"])
def test_nobody_else_writes_absences(world: World, role: str) -> None:
    row = away(world)
    client = Client()
    client.force_login(world.by_role(role))
    asked = {"kind": "sick", "start": "2026-03-17", "last": "2026-03-18", "key": "x"}
    assert client.post(f"/manage/people/{world.veteran.pk}/absent/", asked).status_code == 404
    assert client.post(f"/manage/people/absences/{row.pk}/withdraw/", {"key": "y"}).status_code == 404
    assert Absence.objects.filter(withdrawn_at=None).count() == 1
