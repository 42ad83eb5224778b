"""Customers, leads, products and money through their acts."""

from datetime import date

import pytest

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import acts as people_acts
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Customer, Deal, Instalment, Receipt
from tests.world import AT, TODAY, World


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, by=world.veteran, at=AT, phone="021-5555")


def test_a_customer_is_changed_with_before_and_after(world: World, customer: Customer):
    acts.change_customer(customer, industry="制造", version=1, by=world.veteran, at=AT)
    line = Entry.objects.get(act="change_customer")
    assert (line.before, line.after, line.by_name) == ({"industry": ""}, {"industry": "制造"}, "孙浩")
    acts.change_customer(customer, industry="制造", by=world.veteran, at=AT)
    assert Entry.objects.filter(act="change_customer").count() == 1
    with pytest.raises(Conflict):
        acts.change_customer(customer, industry="化工", version=1, by=world.leader, at=AT)


@pytest.mark.parametrize("name", ["", "   "])
def test_a_customer_needs_a_name(world: World, name: str):
    with pytest.raises(Refusal) as refused:
        acts.add_customer(name=name, owner=world.veteran, by=None, at=AT)
    assert refused.value.field == "name"
    assert Customer.objects.count() == 0


def test_a_customer_cannot_hang_below_itself(world: World, customer: Customer):
    child = acts.add_customer(name="海川二厂", owner=None, parent=customer, by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.change_customer(customer, parent=child, by=None, at=AT)
    assert refused.value.code == "loop"


def test_merging_moves_everything_and_can_be_taken_back(world: World, customer: Customer):
    twin = acts.add_customer(name="海川机械有限公司", owner=world.grower, industry="制造", by=None, at=AT)
    deal = acts.open_deal(name="一期", owner=world.grower, customer=twin, amount_minor=100, by=None, at=AT)
    deal = acts.win_deal(deal, by=None, at=AT)
    contact = acts.add_contact(twin, name="王总", by=None, at=AT)
    entry = acts.merge_customers(keep=customer, drop=twin, reason="同一家", by=world.leader, at=AT)
    for row in (deal, contact, customer, twin):
        row.refresh_from_db()
    assert (deal.customer, contact.customer, twin.merged_into) == (customer, customer, customer)
    assert customer.industry == "制造"
    assert deal.bookings.get().customer == customer
    with pytest.raises(Refusal):
        acts.add_contact(twin, name="李总", by=None, at=AT)
    acts.undo_merge(entry=entry, by=world.leader, at=AT)
    for row in (deal, contact, customer, twin):
        row.refresh_from_db()
    assert (deal.customer, contact.customer, twin.merged_into) == (twin, twin, None)
    assert customer.industry == ""
    assert deal.bookings.get().customer == twin
    with pytest.raises(Refusal) as refused:
        acts.undo_merge(entry=entry, by=world.leader, at=AT)
    assert refused.value.code == "undone"


def test_assigning_a_customer_leaves_a_trace(world: World, customer: Customer):
    acts.assign_customer(customer, owner=world.grower, reason="区域调整", by=world.leader, at=AT)
    customer.refresh_from_db()
    assert customer.owner == world.grower
    with pytest.raises(Refusal):
        acts.assign_customer(customer, owner=world.left, by=world.leader, at=AT)


def test_a_lead_steps_forward_with_first_days(world: World):
    lead = acts.add_lead(name="东方电气", owner=world.newcomer, on=date(2026, 3, 2), source="展会", by=None, at=AT)
    assert (lead.team_id, lead.growth_stage) == (world.east1.pk, "newcomer")
    lead = acts.move_lead(lead, stage="intent", on=date(2026, 3, 9), by=world.newcomer, at=AT)
    assert (lead.valid_on, lead.intent_on) == (date(2026, 3, 9), date(2026, 3, 9))
    with pytest.raises(Refusal) as refused:
        acts.move_lead(lead, stage="lost", by=world.newcomer, at=AT)
    assert refused.value.field == "loss_reason"
    lead = acts.move_lead(lead, stage="lost", loss_reason="timing", by=world.newcomer, at=AT)
    assert lead.lost_on == TODAY
    with pytest.raises(Refusal):
        acts.move_lead(lead, stage="intent", by=world.newcomer, at=AT)


def test_the_first_of_two_who_claim_gets_the_lead(world: World):
    lead = acts.add_lead(name="公海线索", owner=None, by=world.marketing, at=AT)
    assert (lead.in_pool, lead.person_id) == (True, None)
    lead = acts.claim_lead(lead, by=world.grower, at=AT)
    assert (lead.owner, lead.in_pool, lead.team_id) == (world.grower, False, world.east1.pk)
    with pytest.raises(Refusal) as refused:
        acts.claim_lead(lead, by=world.rep2, at=AT)
    assert refused.value.code == "claimed"
    with pytest.raises(Refusal):
        acts.release_lead(lead, reason="", by=world.grower, at=AT)
    lead = acts.release_lead(lead, reason="不在区域内", by=world.grower, at=AT)
    assert lead.in_pool
    lead = acts.assign_lead(lead, owner=world.rep2, by=world.leader2, at=AT)
    # the seat stays with who had it first
    assert (lead.owner, lead.person) == (world.rep2, world.grower)


def test_a_win_closes_the_lead_it_came_from(world: World, customer: Customer):
    lead = acts.add_lead(name="海川", owner=world.veteran, on=date(2026, 3, 1), by=None, at=AT)
    deal = acts.open_deal(
        name="一期", owner=world.veteran, customer=customer, lead=lead, amount_minor=1, by=None, at=AT
    )
    acts.win_deal(deal, by=None, at=AT)
    lead.refresh_from_db()
    assert (lead.stage, lead.won_on, lead.intent_on) == ("won", TODAY, TODAY)


def plan(customer: Customer, amount: int, due: date = TODAY) -> Instalment:
    return acts.plan_instalment(customer=customer, due_on=due, amount_minor=amount, by=None, at=AT)


def receipt_of(customer: Customer, amount: int) -> Receipt:
    return acts.record_receipt(customer=customer, on=TODAY, amount_minor=amount, by=None, at=AT)


def test_a_receipt_is_allocated_within_what_both_sides_have_left(world: World, customer: Customer):
    one, two = plan(customer, 6_000), plan(customer, 5_000)
    money = receipt_of(customer, 10_000)
    acts.allocate_receipt(money, parts=[(one, 6_000), (two, 3_000)], by=world.finance, at=AT)
    for part in ((one, 1), (two, 1_001)):
        with pytest.raises(Refusal) as refused:
            acts.allocate_receipt(money, parts=[part], by=world.finance, at=AT)
        assert refused.value.code == "too_much"
    assert {row.team_id for row in money.allocations.all()} == {world.east1.pk}
    acts.withdraw_allocation(money.allocations.get(instalment=one), reason="认错", by=world.finance, at=AT)
    assert money.allocations.count() == 1


def test_money_of_one_customer_does_not_pay_for_another(world: World, customer: Customer):
    other = acts.add_customer(name="远大", owner=world.rep2, by=None, at=AT)
    with pytest.raises(Refusal):
        acts.allocate_receipt(receipt_of(customer, 100), parts=[(plan(other, 100), 100)], by=None, at=AT)
    deal = acts.open_deal(name="x", owner=world.rep2, customer=other, by=None, at=AT)
    with pytest.raises(Refusal):
        acts.issue_invoice(customer=customer, deal=deal, on=TODAY, amount_minor=1, by=None, at=AT)


def test_a_paid_instalment_is_not_voided(world: World, customer: Customer):
    row = plan(customer, 100)
    acts.allocate_receipt(receipt_of(customer, 40), parts=[(row, 40)], by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.void_instalment(row, reason="错", by=None, at=AT)
    assert refused.value.code == "paid"
    assert acts.void_instalment(plan(customer, 5), reason="错", by=None, at=AT).voided_on == TODAY


@pytest.mark.parametrize("amount", [0, -1, 9_000_000_000_000_001])
def test_amounts_out_of_range_are_refused(world: World, customer: Customer, amount: int):
    with pytest.raises(Refusal) as refused:
        acts.record_receipt(customer=customer, on=TODAY, amount_minor=amount, by=None, at=AT)
    assert refused.value.code == "amount"


def test_money_of_a_closed_month_is_refused(world: World, customer: Customer):
    people_acts.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=world.director, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.record_receipt(customer=customer, on=date(2026, 2, 27), amount_minor=5, by=None, at=AT)
    assert refused.value.code == "closed_period"


def test_a_number_is_used_once(world: World, customer: Customer):
    acts.record_receipt(customer=customer, on=TODAY, amount_minor=5, number="R-1", by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.record_receipt(customer=customer, on=TODAY, amount_minor=5, number="R-1", by=None, at=AT)
    assert refused.value.code == "exists"
    acts.add_product(name="水泵", code="P1", by=None, at=AT)
    with pytest.raises(Refusal):
        acts.add_product(name="水泵", code="P1", by=None, at=AT)


def test_the_journal_line_and_the_act_live_or_die_together(world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(*_args, **_more):
        raise RuntimeError("no journal")

    monkeypatch.setattr("pacesetter.pipeline.acts.customer.record", broken)
    with pytest.raises(RuntimeError):
        acts.add_customer(name="不留下", owner=None, by=None, at=AT)
    assert not Customer.objects.filter(name="不留下").exists()
    assert Deal.objects.count() == 0
