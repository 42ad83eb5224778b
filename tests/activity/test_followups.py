"""What the clock ends: plans nobody did, and places at the tap. Killed, repeated and raced, each ends once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from pacesetter.activity import acts, followups, reads
from pacesetter.activity.acts import places
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry
from pacesetter.pipeline import acts as pipeline
from pacesetter.worker import chores
from tests.world import AT, TODAY, World

NEAR = acts.Place(31_230_416, 121_473_701, 20)


def later(days: int) -> Any:
    return AT + timedelta(days=days)


@pytest.fixture
def plans(world: World) -> list[PlanItem]:
    """Three plans: of today, of tomorrow, of the day after."""
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    me = world.veteran
    return [acts.plan_item(person=me, on=TODAY + timedelta(days=n), customer=customer, by=me, at=AT) for n in range(3)]


def states() -> list[str]:
    return list(PlanItem.objects.order_by("id").values_list("state", flat=True))


def test_a_plan_expires_two_weeks_after_its_day_and_only_once(plans: list[PlanItem]):
    assert followups.plans(now=later(13)) == 0
    assert followups.plans(now=later(14)) == 1
    assert states() == ["expired", "open", "open"]
    line = Entry.objects.get(act="expire_plan")
    assert (line.by_id, line.about_id, line.object_id) == (None, plans[0].person_id, str(plans[0].pk))
    assert followups.plans(now=later(14)) == 0
    assert Entry.objects.filter(act="expire_plan").count() == 1
    assert followups.plans(now=later(40)) == 2


def test_killed_in_between_it_goes_on_where_it_was(plans: list[PlanItem], monkeypatch: pytest.MonkeyPatch):
    real, count = acts.expire_plan, 0

    def dies(item: PlanItem, *, at: Any) -> Any:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt
        return real(item, at=at)

    with monkeypatch.context() as patched:
        patched.setattr(acts, "expire_plan", dies)
        with pytest.raises(KeyboardInterrupt):
            followups.plans(now=later(40))
    assert states() == ["expired", "open", "open"]
    assert followups.plans(now=later(40)) == 2
    assert Entry.objects.filter(act="expire_plan").count() == 3
    assert broken_lines() == []


def moved_meanwhile(plans: list[PlanItem], monkeypatch: pytest.MonkeyPatch) -> str:
    """The first plan is moved to tomorrow in the moment between looking and ending; its state afterwards."""
    real = reads.plans_over

    def looked(today: Any) -> list[PlanItem]:
        found = list(real(today))
        PlanItem.objects.filter(pk=plans[0].pk).update(on=TODAY + timedelta(days=15))
        return found

    monkeypatch.setattr(reads, "plans_over", looked)
    followups.plans(now=later(14))
    return states()[0]


def test_a_plan_moved_at_the_same_moment_stays_open(plans: list[PlanItem], monkeypatch: pytest.MonkeyPatch):
    assert moved_meanwhile(plans, monkeypatch) == "open"


def test_without_looking_again_the_moved_plan_expires(plans: list[PlanItem], monkeypatch: pytest.MonkeyPatch):
    """The control."""
    monkeypatch.setattr("pacesetter.activity.rules.plans_end", lambda today: today + timedelta(days=900))
    monkeypatch.setattr("pacesetter.activity.reads.day.plans_end", lambda today: today - timedelta(days=14))
    assert moved_meanwhile(plans, monkeypatch) == "expired"


# --- places ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def placed(world: World) -> list[Activity]:
    """Three visits with a place, on three days, by a rule that asks for one."""
    acts.set_visit_rule(valid_from=TODAY, place=True, by=None, at=AT)
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    values = {"contact_name": "王总", "result": "有意向", "next_step": "送方案", "next_on": TODAY + timedelta(days=9)}
    me = world.veteran
    return [
        acts.log_activity(person=me, by=me, kind="visit", customer=customer, place=NEAR, at=later(n), **values)
        for n in range(3)
    ]


def known() -> int:
    return Activity.objects.exclude(place_lat=None, place_lon=None, place_metres=None).count()


def test_a_place_goes_after_thirty_days_and_what_it_proved_stays(world: World, placed: list[Activity]):
    Activity.objects.filter(pk=placed[0].pk).update(on_site=True)
    assert followups.places(now=later(30)) == 0
    assert followups.places(now=later(30) + timedelta(seconds=1)) == 1
    row = Activity.objects.get(pk=placed[0].pk)
    assert (row.place_lat, row.place_lon, row.place_metres, row.on_site, row.state) == (None, None, None, True, "valid")
    line = Entry.objects.get(act="forget_places")
    assert (line.rows, line.object_id, line.label, line.about_id, line.before, line.after) == (1, "", "", None, {}, {})
    assert followups.places(now=later(30) + timedelta(seconds=1)) == 0
    assert Entry.objects.filter(act="forget_places").count() == 1


def test_a_visit_judged_again_after_its_place_went_keeps_its_verdict(world: World, placed: list[Activity]):
    followups.places(now=later(60))
    row = acts.change_activity(placed[0], note="补充", by=world.veteran, at=later(60))
    assert (row.place_lat, row.state) == (None, "valid")
    # the control: one that never had a place was not verified, and is not now
    never = acts.log_activity(
        person=world.veteran, by=world.veteran, kind="visit", customer=row.customer, contact_name="王总",
        result="有意向", next_step="送方案", next_on=TODAY + timedelta(days=90), at=later(60),
    )  # fmt: skip
    assert acts.change_activity(never, note="x", by=world.veteran, at=later(60)).failed == ["place"]


def test_many_places_go_in_batches_each_with_its_line(placed: list[Activity], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(places, "BATCH", 2)
    assert followups.places(now=later(60)) == 3
    assert list(Entry.objects.filter(act="forget_places").order_by("id").values_list("rows", flat=True)) == [2, 1]


def test_killed_before_its_line_no_place_has_gone(placed: list[Activity], monkeypatch: pytest.MonkeyPatch):
    def dies(*_args: Any, **_more: Any) -> Any:
        raise KeyboardInterrupt

    updated: list[int] = []
    update = QuerySet.update

    def counting(rows: Any, **values: Any) -> int:
        updated.append(update(rows, **values))
        return updated[-1]

    with monkeypatch.context() as patched:
        patched.setattr("pacesetter.activity.acts.places.record", dies)
        patched.setattr(QuerySet, "update", counting)
        with pytest.raises(KeyboardInterrupt):
            followups.places(now=later(60))
    assert updated == [3]
    assert known() == 3
    assert followups.places(now=later(60)) == 3
    assert known() == 0


def test_the_worker_does_both():
    assert {chores.plans, chores.places} <= {chore.run for chore in chores.CHORES}
