"""Logging, completing, confirming and withdrawing; the company's own words."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pacesetter.activity import acts
from pacesetter.activity.models import Activity, ActivityKind
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people_acts
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY, World


@pytest.fixture
def customer(world: World) -> Customer:
    return pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


def visit(world: World, customer: Customer, **more: Any) -> Activity:
    values = {"contact_name": "王总", "result": "有意向", "next_step": "送方案", "next_on": TODAY + timedelta(days=2)}
    values = {"person": world.veteran, "by": world.veteran, "at": AT, **values, **more}
    return acts.log_activity(kind="visit", customer=customer, **values)


def test_the_seven_kinds_are_there_after_migrate(world: World):
    assert ActivityKind.objects.filter(builtin=True).count() == 7


def test_a_good_visit_is_effective_and_keeps_its_seat(world: World, customer: Customer):
    row = visit(world, customer)
    assert (row.state, row.effective, row.on, row.team) == ("valid", True, TODAY, world.east1)
    assert Entry.objects.get(act="log_activity").about_id == world.veteran.pk


def test_a_visit_completed_later_is_judged_by_the_rule_of_its_own_day(world: World, customer: Customer):
    row = visit(world, customer, next_step="", next_on=None)
    assert (row.effective, row.failed) == (False, ["next_step"])
    tomorrow = AT + timedelta(days=1)
    acts.set_visit_rule(valid_from=TODAY + timedelta(days=1), min_minutes=30, by=world.director, at=AT)
    row = acts.change_activity(row, next_step="报价", next_on=TODAY + timedelta(days=3), by=world.veteran, at=tomorrow)
    assert (row.effective, row.failed) == (True, [])


def test_a_call_is_not_judged(world: World, customer: Customer):
    row = acts.log_activity(person=world.veteran, kind="call", customer=customer, by=world.veteran, at=AT)
    assert (row.state, row.effective) == ("", None)


def test_a_manager_confirms_but_nobody_their_own(world: World, customer: Customer):
    row = visit(world, customer, result="")
    with pytest.raises(Refusal) as refused:
        acts.confirm_visit(row, reason="我在场", by=world.veteran, at=AT)
    assert refused.value.code == "own"
    row = acts.confirm_visit(row, reason="我在场", by=world.leader, at=AT)
    assert (row.state, row.effective) == ("confirmed", True)
    row = acts.change_activity(row, note="补充", by=world.veteran, at=AT)
    assert row.state == "confirmed"
    with pytest.raises(Refusal):
        acts.confirm_visit(row, reason="再一次", by=world.leader, at=AT)


def test_a_withdrawn_record_is_final(world: World, customer: Customer):
    row = acts.withdraw_activity(visit(world, customer), reason="记错客户", by=world.veteran, at=AT)
    assert row.withdrawn_at == AT
    with pytest.raises(Refusal) as refused:
        acts.change_activity(row, note="x", by=world.veteran, at=AT)
    assert refused.value.code == "withdrawn"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "dance"}, "choice"),
        ({"on": TODAY + timedelta(days=1)}, "future"),
        ({"customer": None}, "required"),
        ({"on": date(2026, 2, 10)}, "closed_period"),
    ],
)
def test_what_cannot_be_logged(world: World, customer: Customer, more: dict, code: str):
    people_acts.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=None, at=AT)
    values = {"kind": "call", "customer": customer, "person": world.veteran, "by": world.veteran, "at": AT, **more}
    with pytest.raises(Refusal) as refused:
        acts.log_activity(**values)
    assert refused.value.code == code
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("closed", [False, True])
def test_a_record_in_a_closed_period_stays_as_it_is(world: World, customer: Customer, closed: bool):
    """Not changed, not withdrawn, not confirmed; while the period is open (the control) each of them works."""
    wrong = visit(world, customer, result="")
    merged = visit(world, customer, result="有意向")
    if closed:
        people_acts.close_period(start=TODAY, end=TODAY + timedelta(days=1), by=None, at=AT + timedelta(days=1))
    tries: list[Any] = [
        lambda: acts.change_activity(wrong, note="补充", by=world.veteran, at=AT),
        lambda: acts.confirm_visit(wrong, reason="我在场", by=world.leader, at=AT),
        lambda: acts.withdraw_activity(wrong, reason="记错", by=world.veteran, at=AT),
        lambda: visit(world, customer, twin="merge", note="再补", at=AT + timedelta(hours=1)),
    ]
    for act in tries:
        if not closed:
            act()
            continue
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "closed_period"
        assert "下一个未结账的日期" in str(refused.value)
    told = Activity.objects.values_list("note", "state", "withdrawn_at").get(pk=wrong.pk)
    assert told == (("", "not_effective", None) if closed else ("补充", "confirmed", AT))
    assert Activity.objects.get(pk=merged.pk).note == ("" if closed else "再补")


def test_a_contact_of_another_customer_is_refused(world: World, customer: Customer):
    other = pipeline.add_customer(name="远大", owner=world.veteran, by=None, at=AT)
    contact = pipeline.add_contact(other, name="李总", by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        visit(world, customer, contact=contact)
    assert refused.value.field == "contact"


def test_what_was_logged_moves_the_lead_and_the_deal_on(world: World, customer: Customer):
    lead = pipeline.add_lead(name="线索", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="一期", owner=world.veteran, customer=customer, by=None, at=AT)
    visit(world, customer, lead=lead, deal=deal)
    lead.refresh_from_db()
    deal.refresh_from_db()
    assert lead.last_touch_on == TODAY
    assert (deal.next_step, deal.next_on) == ("送方案", TODAY + timedelta(days=2))


def test_a_visit_known_by_its_instant_falls_on_the_companys_day(world: World, customer: Customer):
    late = datetime(2026, 3, 14, 17, 30, tzinfo=AT.tzinfo)  # already the 15th in Shanghai
    assert visit(world, customer, happened_at=late).on == date(2026, 3, 15)


def test_the_company_makes_kinds_and_metrics_of_its_own(world: World):
    acts.add_kind(key="demo", zh="演示", en="Demo", by=world.director, at=AT)
    metric = acts.make_company_metric(
        key="demos", zh="上门演示次数", en="Demos at the customer", kind="demo", by=world.director, at=AT
    )
    for key in ("demo", "Demo!", "1x"):
        with pytest.raises(Refusal):
            acts.add_kind(key=key, zh="演示", en="Demo", by=world.director, at=AT)
    with pytest.raises(Refusal):
        acts.make_company_metric(key="demos2", zh="x", en="x", kind="dance", by=None, at=AT)
    assert acts.retire_company_metric(metric, by=world.director, at=AT).retired_at == AT
    with pytest.raises(Refusal):
        acts.retire_company_metric(metric, by=world.director, at=AT)


def test_a_rule_does_not_start_before_one_that_is_in_force(world: World):
    acts.set_visit_rule(valid_from=date(2026, 3, 1), by=None, at=AT)
    for on in (date(2026, 3, 1), date(2026, 2, 1)):
        with pytest.raises(Refusal):
            acts.set_visit_rule(valid_from=on, by=None, at=AT)
