"""What a new version of the visit rule would have done, how long a log takes, and settings two people change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, ActivityKind, HintSetting
from pacesetter.activity.rules import Rule
from pacesetter.activity.rules.effort import BASE_SECONDS, SECONDS, estimated_seconds
from pacesetter.lib.refusal import Conflict
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def customer(world: World) -> Customer:
    return pipeline.add_customer(name="预览机械", owner=world.veteran, by=None, at=AT)


def visited(
    world: World, customer: Customer, days_ago: int, minutes: int | None = None, step: str = "送方案"
) -> Activity:
    on = TODAY - timedelta(days=days_ago)
    at = datetime.combine(on, datetime.min.time(), AT.tzinfo) + timedelta(hours=4)
    return acts.log_activity(
        person=world.veteran, kind="visit", on=on, customer=customer, contact_name="王总", result="有意向",
        next_step=step, next_on=on + timedelta(days=2) if step else None, minutes=minutes, by=world.veteran, at=at,
    )  # fmt: skip


def test_the_preview_counts_what_would_not_have_counted_and_what_would(world: World, customer: Customer):
    """Last 30 days: 20 minutes, 10 minutes, none told, one without next step; an older one and a call are left out."""
    visited(world, customer, 1, 20)
    visited(world, customer, 2, 10)
    confirmed = visited(world, customer, 3, None, step="")
    visited(world, customer, 4, 30, step="")
    visited(world, customer, 40, 10)
    acts.log_activity(person=world.veteran, kind="call", customer=customer, by=world.veteran, at=AT)
    found = reads.preview_rule(Rule(TODAY, min_minutes=15), TODAY)
    assert (found.visits, found.counted, found.lost, found.gained) == (4, 2, 1, 0)
    found = reads.preview_rule(Rule(TODAY, next_step=False), TODAY)
    assert (found.lost, found.gained) == (0, 2)
    acts.confirm_visit(confirmed, by=world.leader, at=AT, reason="同去")
    found = reads.preview_rule(Rule(TODAY, min_minutes=15), TODAY)
    assert (found.counted, found.lost) == (3, 1), "what a manager vouched for stays"
    found = reads.preview_rule(Rule(TODAY, duplicate_days=7), TODAY)
    assert found.lost == 2, "both come within a week of the confirmed one"
    assert Activity.objects.filter(effective=True).count() == 4, "nothing was changed by looking"


def test_an_import_is_not_late_in_the_preview(world: World, customer: Customer):
    row = visited(world, customer, 2, 20)
    rule = Rule(TODAY, entry_hours=1)
    Activity.objects.filter(pk=row.pk).update(entered_at=AT)
    assert reads.preview_rule(rule, TODAY).lost == 1
    Activity.objects.filter(pk=row.pk).update(delay_minutes=None)
    assert reads.preview_rule(rule, TODAY).lost == 0


def test_each_thing_asked_for_takes_its_seconds():
    assert estimated_seconds(()) == BASE_SECONDS
    for name, seconds in SECONDS.items():
        assert estimated_seconds((name,)) == BASE_SECONDS + seconds
    rule = Rule(date.min, min_minutes=15, place=True)
    assert estimated_seconds(("place",), rule) == BASE_SECONDS + SECONDS["place"] + SECONDS["minutes"]


def test_a_setting_a_colleague_changed_meanwhile_is_not_overwritten(world: World):
    acts.set_hint(key="stuck", days=3, active=True, by=world.director, at=AT)
    with pytest.raises(Conflict):
        acts.set_hint(key="stuck", days=9, active=True, by=world.admin, at=AT, seen={"days": 0, "active": True})
    assert HintSetting.objects.get(key="stuck").days == 3
    acts.set_hint(key="stuck", days=9, active=True, by=world.admin, at=AT, seen={"days": 3, "active": True})
    kind = ActivityKind.objects.get(key="visit")
    acts.change_kind(kind, needs_note=True, by=world.director, at=AT)
    with pytest.raises(Conflict):
        acts.change_kind(kind, needs_photo=True, needs_note=False, by=world.admin, at=AT, seen={"needs_note": False,
                         "needs_photo": False})  # fmt: skip
    kind.refresh_from_db()
    assert (kind.needs_note, kind.needs_photo) == (True, False)
