"""Deals through their acts: what a win books, how late changes are corrected, what is refused.

The facts: 海川机械 is 孙浩's. A deal of ¥1,000.00 (lines 600.00 + 400.00) is signed on 2026-03-10.
"""

from datetime import date

import pytest

from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import acts as people_acts
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Booking, Customer, Deal, OwnerChange, StageChange
from pacesetter.pipeline.rules import WHOLE, Credit
from tests.world import AT, TODAY, World

SIGNED = date(2026, 3, 10)


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, by=world.veteran, at=AT)


def deal_of(world: World, customer: Customer, **more) -> Deal:
    pump = acts.add_product(name=f"水泵{Deal.objects.count()}", by=None, at=AT)
    lines = [acts.Line(product=pump, amount_minor=60_000), acts.Line(name="安装", amount_minor=40_000)]
    values = {"owner": world.veteran, "customer": customer, "lines": lines, "on": date(2026, 2, 2), **more}
    return acts.open_deal(name="水泵一期", by=world.veteran, at=AT, **values)


def booked(deal: Deal, **where) -> int:
    return sum(Booking.objects.filter(deal=deal, overlay=False, **where).values_list("amount_minor", flat=True))


def test_a_deal_starts_with_lines_credits_and_its_first_step(world: World, customer: Customer):
    deal = deal_of(world, customer)
    assert deal.amount_minor == 100_000
    assert [(c.person_id, c.share_ppm, c.primary) for c in deal.credits.all()] == [(world.veteran.pk, WHOLE, True)]
    step = deal.stage_changes.get()
    assert (step.outcome, step.on, step.team_id) == ("opened", date(2026, 2, 2), world.east1.pk)
    assert Entry.objects.filter(act="open_deal", object_id=str(deal.pk), about_id=world.veteran.pk).count() == 1


def test_a_win_books_every_line_on_the_signing_day_with_the_seat_of_that_day(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    assert (deal.stage, deal.closed_on, deal.customer_kind) == ("won", SIGNED, "new")
    rows = Booking.objects.filter(deal=deal)
    assert {(b.on, b.person_id, b.team_id, b.region_id, b.growth_stage, b.customer_kind) for b in rows} == {
        (SIGNED, world.veteran.pk, world.east1.pk, world.east.pk, "mature", "new")
    }
    assert sorted(b.amount_minor for b in rows) == [40_000, 60_000]
    won = deal.stage_changes.get(outcome="won")
    assert won.days_in_previous == 36
    assert broken_lines() == []


def test_shared_credit_with_an_overlay_is_booked_per_person(world: World, customer: Customer):
    deal = deal_of(world, customer)
    shares = [Credit(world.veteran.pk, 666_667, False, True), Credit(world.grower.pk, 333_333),
              Credit(world.leader.pk, 100_000, True)]  # fmt: skip
    acts.set_credits(deal, credits=shares, by=world.leader, at=AT)
    deal = acts.win_deal(deal, by=world.veteran, at=AT, on=SIGNED)
    assert booked(deal, person=world.veteran) == 66_667
    assert booked(deal, person=world.grower) == 33_333
    assert sum(Booking.objects.filter(deal=deal, overlay=True).values_list("amount_minor", flat=True)) == 10_000


def test_shares_that_are_not_whole_are_refused_and_nothing_is_kept(world: World, customer: Customer):
    deal = deal_of(world, customer)
    before = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        acts.set_credits(deal, credits=[Credit(world.veteran.pk, 900_000, False, True)], by=None, at=AT)
    assert refused.value.code == "share_sum"
    assert deal.credits.get().share_ppm == WHOLE
    assert Entry.objects.count() == before


def test_a_late_change_of_a_won_deal_is_a_correction_of_today(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    with pytest.raises(Refusal) as refused:
        acts.change_deal(deal, lines=[acts.Line(name="全部", amount_minor=90_000)], by=world.leader, at=AT)
    assert refused.value.field == "reason"
    acts.change_deal(
        deal, lines=[acts.Line(name="全部", amount_minor=90_000)], reason="合同变更", by=world.leader, at=AT
    )
    assert booked(deal, on=SIGNED) == 100_000
    assert booked(deal, on=TODAY, kind="correction") == -10_000


def test_a_late_change_of_owner_moves_the_money_today(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    deal = acts.change_deal(deal, owner=world.rep2, reason="登记错人", by=world.director, at=AT)
    assert booked(deal, person=world.veteran) == 0
    assert booked(deal, person=world.rep2, on=TODAY) == 100_000
    assert OwnerChange.objects.get(entity="deal", object_id=deal.pk).to_person == world.rep2


def test_credits_after_the_win_post_only_the_difference(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    shares = [Credit(world.veteran.pk, 500_000, False, True), Credit(world.grower.pk, 500_000)]
    acts.set_credits(deal, credits=shares, reason="补登协作", by=world.leader, at=AT)
    acts.set_credits(deal, credits=shares, reason="再点一次", by=world.leader, at=AT)
    assert booked(deal) == 100_000
    assert booked(deal, person=world.grower) == 50_000
    assert Booking.objects.filter(deal=deal, kind="correction").count() == 4


def test_a_closed_period_takes_no_win_and_says_what_to_do(world: World, customer: Customer):
    deal = deal_of(world, customer)
    people_acts.close_period(start=date(2026, 1, 1), end=date(2026, 3, 12), by=world.director, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.win_deal(deal, by=world.veteran, at=AT, on=SIGNED)
    assert refused.value.code == "closed_period"
    assert "原因" in str(refused.value)
    assert Booking.objects.count() == 0


def test_a_refund_counts_on_its_own_day_and_never_exceeds_the_deal(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    line = deal.lines.get(name="安装")
    acts.refund_deal(deal, amount_minor=15_000, line=line, kind="return", reason="少装一台", by=world.leader, at=AT,
                     on=date(2026, 3, 14))  # fmt: skip
    back = Booking.objects.get(deal=deal, kind="return")
    assert (back.on, back.amount_minor, back.product_id) == (date(2026, 3, 14), -15_000, None)
    for amount, where in ((25_001, line), (85_001, None)):
        with pytest.raises(Refusal) as refused:
            acts.refund_deal(deal, amount_minor=amount, line=where, reason="再退", by=None, at=AT)
        assert refused.value.code == "too_much"
    acts.refund_deal(deal, amount_minor=85_000, reason="全退", by=None, at=AT)
    assert booked(deal) == 0


def test_cancelling_a_won_deal_reverses_what_is_left_today(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    acts.refund_deal(deal, amount_minor=30_000, reason="折让", by=None, at=AT)
    deal.refresh_from_db()
    deal = acts.cancel_deal(deal, reason="客户停产", by=world.leader, at=AT)
    assert deal.stage == "cancelled"
    assert booked(deal, kind="cancel", on=TODAY) == -70_000
    assert booked(deal) == 0
    assert StageChange.objects.get(deal=deal, outcome="won").valid


def test_reopening_a_win_undoes_it_on_its_own_day(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=world.veteran, at=AT, on=SIGNED)
    deal = acts.reopen_deal(deal, reason="点错了", by=world.veteran, at=AT)
    assert (deal.stage, deal.closed_on) == ("negotiation", None)
    assert not StageChange.objects.get(deal=deal, outcome="won").valid
    assert booked(deal, on=SIGNED) == 0
    deal = acts.win_deal(deal, by=world.veteran, at=AT, on=TODAY)
    assert booked(deal) == 100_000
    assert booked(deal, on=TODAY) == 100_000


def test_losing_needs_one_of_the_reasons(world: World, customer: Customer):
    deal = deal_of(world, customer)
    with pytest.raises(Refusal) as refused:
        acts.lose_deal(deal, loss_reason="", by=world.veteran, at=AT)
    assert refused.value.field == "loss_reason"
    deal = acts.lose_deal(deal, loss_reason="price", competitor="宏图", by=world.veteran, at=AT)
    assert (deal.stage, deal.competitor, deal.closed_on) == ("lost", "宏图", TODAY)
    with pytest.raises(Refusal):
        acts.win_deal(deal, by=world.veteran, at=AT)


def test_an_earlier_win_entered_later_makes_the_other_a_repurchase(world: World, customer: Customer):
    later = acts.win_deal(deal_of(world, customer), by=None, at=AT, on=SIGNED)
    assert later.customer_kind == "new"
    acts.win_deal(deal_of(world, customer), by=None, at=AT, on=date(2026, 3, 5))
    later.refresh_from_db()
    assert later.customer_kind == "repurchase"
    assert set(Booking.objects.filter(deal=later).values_list("customer_kind", flat=True)) == {"repurchase"}


def test_a_second_writer_sees_both_values(world: World, customer: Customer):
    deal = deal_of(world, customer)
    acts.change_deal(deal, competitor="宏图", version=1, by=world.leader, at=AT)
    with pytest.raises(Conflict) as refused:
        acts.change_deal(deal, competitor="远大", version=1, by=world.veteran, at=AT)
    assert refused.value.both == (("competitor", "宏图", "远大"),)
    assert refused.value.who == "王敏"


def test_a_deal_cannot_go_back_in_time(world: World, customer: Customer):
    deal = deal_of(world, customer)
    for on, code in ((date(2026, 2, 1), "order"), (date(2026, 3, 17), "future")):
        with pytest.raises(Refusal) as refused:
            acts.win_deal(deal, by=None, at=AT, on=on)
        assert refused.value.code == code


def test_somebody_who_left_owns_nothing_new(world: World, customer: Customer):
    with pytest.raises(Refusal) as refused:
        deal_of(world, customer, owner=world.left)
    assert refused.value.code == "owner_left"


def test_entities_mastered_outside_are_read_only(world: World, customer: Customer):
    deal = deal_of(world, customer)
    people_acts.set_master(entity="deals", source="纷享销客", by=world.admin, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.change_deal(deal, note="x", by=world.veteran, at=AT)
    assert refused.value.code == "mastered_outside"


def test_handing_over_takes_open_work_and_leaves_the_past(world: World, customer: Customer):
    won = acts.win_deal(deal_of(world, customer), by=None, at=AT, on=SIGNED)
    still = deal_of(world, customer)
    lead = acts.add_lead(name="新线索", owner=world.veteran, by=None, at=AT)
    entry = acts.transfer_ownership(from_person=world.veteran, to_person=world.grower, by=world.leader, at=AT,
                                    reason="转岗")  # fmt: skip
    for row in (customer, won, still, lead):
        row.refresh_from_db()
    assert (customer.owner, still.owner, lead.owner) == (world.grower,) * 3
    assert won.owner == world.veteran
    assert still.credits.get().person == world.grower
    assert booked(won, person=world.veteran) == 100_000
    assert entry.rows == 3
    assert entry.row_changes.count() == 3


def test_a_corrected_membership_freezes_open_periods_anew(world: World, customer: Customer):
    deal = acts.win_deal(deal_of(world, customer), by=None, at=AT, on=SIGNED)
    Booking.objects.filter(deal=deal).update(team=world.east2)
    count = acts.refreeze(person_id=world.veteran.pk, start=date(2026, 1, 1), end=date(2027, 1, 1), by=None, at=AT)
    assert count == 2
    assert set(Booking.objects.filter(deal=deal).values_list("team_id", flat=True)) == {world.east1.pk}
