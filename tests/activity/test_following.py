"""A withdrawn record gives a lead its protection and last touch back, where nothing else has changed them since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.activity import acts
from pacesetter.activity.models import Activity
from pacesetter.journal.acts import broken_lines
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Deal, Lead
from tests.world import AT, TODAY, World


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def lead(world: World) -> Lead:
    """Claimed today: protected for 14 days, 7 more from every action, 45 at most."""
    pipeline.set_pool_rule(valid_from=TODAY, protect_days=14, extend_days=7, max_days=45, by=None, at=AT)
    made = pipeline.add_lead(name="东方电气", owner=None, by=None, at=AT)
    return pipeline.claim_lead(made, by=world.veteran, at=AT)


def call(world: World, lead: Lead, days: int, **more: Any) -> Activity:
    at = AT + timedelta(days=days)
    values = {"person": world.veteran, "by": world.veteran, "at": at, "kind": "call", **more}
    return acts.log_activity(lead=lead, **values)


def withdraw(world: World, row: Activity, days: int) -> None:
    acts.withdraw_activity(row, by=world.veteran, at=AT + timedelta(days=days))


def dates(lead: Lead) -> tuple[date | None, date | None]:
    lead.refresh_from_db()
    return lead.last_touch_on, lead.protected_until


def test_the_only_record_leaves_the_lead_as_it_was(world: World, lead: Lead):
    row = call(world, lead, 10)
    assert dates(lead) == (day(10), day(17))
    withdraw(world, row, 10)
    assert dates(lead) == (None, day(14))
    assert broken_lines() == []


def test_an_earlier_record_keeps_what_it_did(world: World, lead: Lead):
    call(world, lead, 9)
    withdraw(world, call(world, lead, 12), 12)
    assert dates(lead) == (day(9), day(16))


def test_a_later_record_keeps_what_it_did(world: World, lead: Lead):
    row = call(world, lead, 10)
    call(world, lead, 12)
    withdraw(world, row, 12)
    assert dates(lead) == (day(12), day(19))


def test_a_record_told_later_of_an_earlier_day_counts_when_the_first_goes(world: World, lead: Lead):
    row = call(world, lead, 12)
    call(world, lead, 12, on=day(11), kind="online")
    withdraw(world, row, 12)
    assert dates(lead) == (day(11), day(18))


def test_both_withdrawn_in_either_order_leave_nothing(world: World, lead: Lead):
    first, second = call(world, lead, 9), call(world, lead, 12)
    withdraw(world, first, 12)
    assert dates(lead) == (day(12), day(19))
    withdraw(world, second, 12)
    assert dates(lead) == (None, day(14))


def test_what_moved_the_lead_since_stays(world: World, lead: Lead):
    row = call(world, lead, 10)
    pipeline.move_lead(lead, stage="valid", by=world.veteran, at=AT + timedelta(days=10))
    withdraw(world, row, 10)
    assert dates(lead) == (day(10), day(17))


def test_who_got_the_lead_since_keeps_a_whole_protection(world: World, lead: Lead):
    """The new owner's protection ends on the very day the record had made of the old one's."""
    row = call(world, lead, 10, on=day(10))
    assert dates(lead)[1] == day(17)
    pipeline.assign_lead(lead, owner=world.grower, by=None, at=AT + timedelta(days=3))
    assert dates(lead)[1] == day(17)
    withdraw(world, row, 10)
    assert dates(lead) == (day(10), day(17))


def test_the_longest_protection_is_not_passed(world: World, lead: Lead):
    for days in (10, 16, 22, 28, 34, 40):
        call(world, lead, days)
    assert dates(lead) == (day(40), day(45))
    withdraw(world, Activity.objects.latest("id"), 40)
    assert dates(lead) == (day(34), day(41))


def test_a_record_without_a_lead_touches_none(world: World, lead: Lead):
    call(world, lead, 10)
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    other = acts.log_activity(person=world.veteran, by=world.veteran, at=AT, kind="call", customer=customer)
    withdraw(world, other, 1)
    assert dates(lead) == (day(10), day(17))


def test_a_step_that_a_colleague_changed_meanwhile_is_what_stood_before(world: World) -> None:
    """The deal was read with 报价; before the log came 演示, and that is what a withdrawal gives back."""
    deal = pipeline.open_deal(name="产线", owner=world.veteran, on=TODAY, by=None, at=AT)
    deal = pipeline.change_deal(deal, next_step="报价", next_on=TODAY, by=None, at=AT)
    read = Deal.objects.get(pk=deal.pk)
    pipeline.change_deal(deal, next_step="演示", next_on=TODAY + timedelta(days=1), by=None, at=AT)
    row = acts.log_activity(kind="call", person=world.veteran, deal=read, next_step="签约", by=None, at=AT,
                            next_on=TODAY + timedelta(days=5))  # fmt: skip
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_on) == ("签约", TODAY + timedelta(days=5))
    acts.withdraw_activity(row, by=world.veteran, at=AT)
    deal.refresh_from_db()
    assert (deal.next_step, deal.next_on) == ("演示", TODAY + timedelta(days=1))
