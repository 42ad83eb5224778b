"""A last day set ahead closes the door by itself, once."""

from __future__ import annotations

from datetime import timedelta

from pacesetter.journal.models import Entry
from pacesetter.people import acts, followups
from pacesetter.people.models import ApiToken
from tests.world import AT, TODAY, World


def test_access_ends_the_day_after_the_last_day(world: World) -> None:
    acts.make_token(person=world.veteran, name="BI", by=world.veteran, at=AT)
    acts.leave(person=world.veteran, on=TODAY + timedelta(days=3), by=world.admin, at=AT)
    world.veteran.refresh_from_db()
    assert world.veteran.is_active
    assert followups.departures(now=AT + timedelta(days=3)) == 0
    assert followups.departures(now=AT + timedelta(days=4)) == 1
    lines = Entry.objects.count()
    assert followups.departures(now=AT + timedelta(days=4)) == 0
    assert Entry.objects.count() == lines
    world.veteran.refresh_from_db()
    assert not world.veteran.is_active
    assert not ApiToken.objects.filter(person=world.veteran, revoked_at=None).exists()
