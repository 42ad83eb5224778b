"""Lists, timeline, duplicates, and the records behind an amount.

The facts: 海川机械 (孙浩) has one deal of ¥100.00 shared 60/40 with 陈晨, won on 2026-03-10, ¥5.00 refunded on 03-12.
"""

from datetime import date

import pytest
from django.db.models import Sum

from pacesetter.activity import acts as activity_acts
from pacesetter.activity import reads as activity_reads
from pacesetter.pipeline import acts, reads
from pacesetter.pipeline.models import Booking, CreditShare, Customer, Deal
from pacesetter.pipeline.rules import Credit
from tests.world import AT, TODAY, World

START, END = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def deal(world: World) -> Deal:
    customer = acts.add_customer(name="海川机械", owner=world.veteran, phone="138-0000-1111", by=None, at=AT)
    made = acts.open_deal(
        name="一期", owner=world.veteran, customer=customer, amount_minor=10_000, on=date(2026, 2, 1), by=None, at=AT,
        credits=[Credit(world.veteran.pk, 600_000, False, True), Credit(world.grower.pk, 400_000)],
    )  # fmt: skip
    made = acts.win_deal(made, on=date(2026, 3, 10), by=None, at=AT)
    acts.refund_deal(made, amount_minor=500, on=date(2026, 3, 12), reason="折让", by=None, at=AT)
    made.refresh_from_db()
    return made


def booked() -> int:
    rows = Booking.objects.filter(on__gte=START, on__lt=END, overlay=False)
    return rows.aggregate(total=Sum("amount_minor"))["total"] or 0


def told(**more) -> int:
    return sum(row.amount_minor for row in reads.credited_amounts(START, END, **more))


def test_the_records_add_up_to_the_number(world: World, deal: Deal):
    assert told() == booked() == 9_500
    assert told(person_ids=[world.grower.pk]) == 3_800


def test_a_lost_credit_row_is_seen(world: World, deal: Deal):
    CreditShare.objects.filter(deal=deal, person=world.grower).delete()
    assert told() != booked()


def test_late_corrections_count_on_their_own_day(world: World, deal: Deal):
    acts.change_deal(deal, amount_minor=12_000, reason="补充协议", by=None, at=AT)
    assert told() == booked() == 11_500
    before = reads.credited_amounts(START, date(2026, 3, 11))
    assert sum(row.amount_minor for row in before) == 10_000


def test_a_win_taken_back_and_won_again_counts_once(world: World):
    made = acts.open_deal(name="二期", owner=world.rep2, amount_minor=700, on=date(2026, 3, 1), by=None, at=AT)
    made = acts.win_deal(made, on=date(2026, 3, 10), by=None, at=AT)
    made = acts.reopen_deal(made, reason="点错了", by=None, at=AT)
    assert told() == booked() == 0
    acts.win_deal(made, on=TODAY, by=None, at=AT)
    assert told() == booked() == 700


def test_collection_is_capped_per_instalment_and_knows_what_is_overdue(world: World, deal: Deal):
    customer = deal.customer
    assert customer is not None
    one = acts.plan_instalment(
        customer=customer, deal=deal, due_on=date(2026, 3, 1), amount_minor=4_000, by=None, at=AT
    )
    acts.plan_instalment(customer=customer, deal=deal, due_on=date(2026, 5, 1), amount_minor=6_000, by=None, at=AT)
    money = acts.record_receipt(customer=customer, on=date(2026, 3, 9), amount_minor=9_000, by=None, at=AT)
    acts.allocate_receipt(money, parts=[(one, 1_500)], by=world.finance, at=AT)
    state = reads.collections([deal.pk], TODAY)[deal.pk]
    assert (state.ratio, state.settled, state.instalments, state.overdue_minor) == ((1_500, 10_000), 0, 2, 2_500)
    assert [row.free_minor for row in reads.unallocated(customer.pk)] == [7_500]
    assert reads.ageing_totals(reads.instalments(), TODAY)["0-30"] == 2_500


def test_duplicates_are_found_by_name_and_by_phone(world: World, deal: Deal):
    acts.add_customer(name="海川 机械（有限公司）", owner=None, by=None, at=AT)
    acts.add_customer(name="远大集团", owner=None, phone="+86 138 0000 1111", by=None, at=AT)
    acts.add_customer(name="别家", owner=None, phone="021", by=None, at=AT)
    groups = reads.duplicates(Customer.objects.filter(merged_into=None))
    assert [(group.why, len(group.rows)) for group in groups] == [("name", 2), ("phone", 2)]


def test_one_timeline_newest_first_in_pages_of_twenty(world: World, deal: Deal):
    for day in range(1, 26):
        activity_acts.log_activity(person=world.veteran, kind="call", customer=deal.customer, on=date(2026, 2, day),
                                   by=None, at=AT)  # fmt: skip
    first, more = activity_reads.timeline(customer=deal.customer)
    last, rest = activity_reads.timeline(customer=deal.customer, page=2)
    assert [m.what for m in first[:3]] == ["reversal", "step", "activity"]
    assert (len(first), more, len(last), rest) == (20, True, 8, False)
    assert [m.on for m in first + last] == sorted((m.on for m in first + last), reverse=True)
    seen, _more = activity_reads.timeline(customer=deal.customer, keep=world.reach(world.rep2).rows)
    assert seen == []


def test_shares_of_a_deal_come_to_its_amount(world: World, deal: Deal):
    told = [(share.percent, share.amount_minor) for share in reads.shares(deal)]
    assert told == [("60%", 6_000), ("40%", 4_000)]
