"""Bulk promotion says exactly what single acts would, in one line of the journal, and can be taken back."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pacesetter.activity.acts.bulk import UNDO, ActivityRow, take_activities
from pacesetter.activity.models import Activity
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people_acts
from pacesetter.people import reads as people_reads
from pacesetter.pipeline import acts
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.acts.bulk_undo import undo
from pacesetter.pipeline.models import Booking, Customer, Deal, Lead, StageChange
from pacesetter.pipeline.rules import Credit
from tests.world import AT, TODAY, World

OPENED, SIGNED = date(2026, 1, 20), date(2026, 2, 10)


def batch(world: World):
    return bulk.promote(by=world.analyst, at=AT, on=TODAY, label="商机.csv")


def deal_row(world: World, **more) -> bulk.DealRow:
    values = {
        "name": "一期", "stage": "won", "owner_id": world.mover.pk, "opened_on": OPENED, "closed_on": SIGNED,
        "amount_minor": 999, "source": "展会",
        "credits": [Credit(world.mover.pk, 500_000, False, True), Credit(world.grower.pk, 500_000)],
    }  # fmt: skip
    return bulk.DealRow(**{**values, **more})


def shape(deal: Deal) -> tuple:
    bookings = deal.bookings.order_by("person_id", "amount_minor").values_list(
        "person_id", "team_id", "region_id", "growth_stage", "on", "kind", "customer_kind", "amount_minor", "primary",
        "product_id", "source",
    )  # fmt: skip
    steps = deal.stage_changes.order_by("id").values_list(
        "stage", "from_stage", "outcome", "on", "days_in_previous", "team_id", "valid"
    )
    shares = deal.credits.order_by("person_id").values_list("person_id", "share_ppm", "primary")
    fields = (deal.stage, deal.amount_minor, deal.customer_kind, deal.closed_on, deal.stage_since)
    return list(bookings), list(steps), list(shares), fields


def test_a_bulk_deal_equals_one_made_by_acts(world: World):
    pump = acts.add_product(name="水泵", by=None, at=AT)
    one = acts.add_customer(name="甲", owner=world.mover, by=None, at=AT)
    lines = [(pump.pk, 600), (None, 401)]
    single = acts.open_deal(
        name="一期", owner=world.mover, customer=one, on=OPENED, source="展会", by=None, at=AT,
        lines=[acts.Line(product=pump, amount_minor=600), acts.Line(name="x", amount_minor=401)],
        credits=deal_row(world).credits,
    )  # fmt: skip
    single = acts.win_deal(single, on=SIGNED, by=None, at=AT)
    with batch(world) as taken:
        (two,) = taken.customers([bulk.CustomerRow(name="乙", owner_id=world.mover.pk)])
        row = deal_row(world, customer_id=two, amount_minor=None,
                       lines=[bulk.LineRow(amount, product) for product, amount in lines])  # fmt: skip
        (pk,) = taken.deals([row])
    assert shape(Deal.objects.get(pk=pk)) == shape(single)
    assert Entry.objects.filter(act="import_batch").count() == 1
    assert RowChange.objects.filter(entry=taken.entry).count() == 2
    assert taken.entry is not None
    assert (taken.entry.rows, taken.entry.after) == (2, {"created_customer": 1, "created_deal": 1})


def test_new_and_repurchase_do_not_depend_on_the_order_of_the_rows(world: World):
    with batch(world) as taken:
        (pk,) = taken.customers([bulk.CustomerRow(name="甲")])
        rows = [deal_row(world, customer_id=pk, closed_on=on) for on in (date(2026, 3, 1), SIGNED, date(2026, 2, 20))]
        ids = taken.deals(rows)
    kinds = {deal.pk: deal.customer_kind for deal in Deal.objects.all()}
    assert [kinds[i] for i in ids] == ["repurchase", "new", "repurchase"]
    # an older win arrives with a later file
    with batch(world) as taken:
        taken.deals([deal_row(world, customer_id=pk, opened_on=None, closed_on=date(2026, 1, 2))])
    assert Deal.objects.get(pk=ids[1]).customer_kind == "repurchase"
    assert set(Booking.objects.filter(deal_id=ids[1]).values_list("customer_kind", flat=True)) == {"repurchase"}


@pytest.mark.parametrize("told", [True, False])
def test_new_and_repurchase_do_not_depend_on_the_parts_of_a_batch(world: World, told: bool):
    """A stored win, a later one in the first part, the earliest of all in the second: only that one is new."""
    with batch(world) as taken:
        (pk,) = taken.customers([bulk.CustomerRow(name="甲")])
        (stored,) = taken.deals([deal_row(world, customer_id=pk, closed_on=date(2026, 2, 20))])
    first = date(2026, 1, 25)
    with batch(world) as taken:
        if told:
            taken.expect_wins({pk: first})
        ids = [
            *taken.deals([deal_row(world, customer_id=pk, closed_on=SIGNED)]),
            *taken.deals([deal_row(world, customer_id=pk, closed_on=first)]),
            *taken.deals([deal_row(world, customer_id=pk, closed_on=date(2026, 2, 1))]),
        ]
    kinds = {deal.pk: deal.customer_kind for deal in Deal.objects.all()}
    assert [kinds[i] for i in (stored, *ids)] == ["repurchase", "repurchase", "new", "repurchase"]
    booked = set(Booking.objects.values_list("deal_id", "customer_kind"))
    assert booked == set(kinds.items())


def test_a_draft_made_before_the_lock_is_written_like_its_row(world: World):
    pump = acts.add_product(name="水泵", by=None, at=AT)

    def row() -> bulk.DealRow:
        lines = [bulk.LineRow(600, pump.pk), bulk.LineRow(401, None, "x")]
        return deal_row(world, name='一期 "A"', amount_minor=None, lines=lines, extra={"备注": "x"}, next_on=TODAY)

    drafter = bulk.Drafter(bulk.SeatTuples(people_reads.SeatBook()), TODAY)
    plain = row()
    bulk.prepare([plain])
    with batch(world) as taken:
        made = [*taken.deals([row()]), *taken.deals([drafter.draft(plain)])]
    one, two = (Deal.objects.get(pk=pk) for pk in made)
    assert shape(one) == shape(two)
    for deal in (one, two):
        assert (deal.extra, deal.next_on, deal.opened_on) == ({"备注": "x"}, TODAY, OPENED)
    said = list(RowChange.objects.filter(entry=taken.entry).order_by("row_id").values_list("row_id", "after"))
    kept = {"name": '一期 "A"', "stage": "won", "owner_id": world.mover.pk, "amount_minor": 1001}
    assert said == [(pk, kept) for pk in made]


def test_a_closed_period_keeps_what_it_said(world: World):
    with batch(world) as taken:
        (pk,) = taken.customers([bulk.CustomerRow(name="甲")])
        (old,) = taken.deals([deal_row(world, customer_id=pk, closed_on=SIGNED)])
    people_acts.close_period(start=date(2026, 2, 1), end=date(2026, 3, 1), by=None, at=AT)
    with batch(world) as taken:
        taken.deals([deal_row(world, customer_id=pk, opened_on=None, closed_on=date(2026, 1, 2))])
    assert Deal.objects.get(pk=old).customer_kind == "new"

    def late() -> None:
        # a batch fails together with the transaction around it: here the test's own
        with transaction.atomic(), batch(world) as taken:
            taken.customers([bulk.CustomerRow(name="乙")])
            taken.deals([deal_row(world, customer_id=pk)])

    with pytest.raises(Refusal) as refused:
        late()
    assert refused.value.code == "closed_period"
    assert not Customer.objects.filter(name="乙").exists()


def test_a_batch_sets_no_savepoint(world: World):
    """SQLite would copy pages for it with every statement, and an import of many rows take three times as long."""
    with CaptureQueriesContext(connection) as asked, batch(world) as taken:
        (pk,) = taken.customers([bulk.CustomerRow(name="丙")])
        taken.deals([deal_row(world, customer_id=pk)])
    assert len(asked) > 3
    assert [query["sql"] for query in asked if "SAVEPOINT" in query["sql"].upper()] == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lines": [bulk.LineRow(5)]}, "lines_sum"),
        ({"credits": [Credit(1, 999_999, False, True)]}, "share_sum"),
        ({"amount_minor": None}, "won_incomplete"),
        ({"closed_on": None}, "won_incomplete"),
    ],
)
def test_rows_that_cannot_be_booked_are_refused_before_the_lock(world: World, more: dict, code: str):
    with pytest.raises(Refusal) as refused:
        bulk.prepare([deal_row(world, **more)])
    assert refused.value.code == code


def test_deals_without_owner_customer_or_amount_are_taken(world: World):
    with batch(world) as taken:
        ids = taken.deals([
            bulk.DealRow(name="没有负责人", stage="won", amount_minor=5, closed_on=SIGNED),
            bulk.DealRow(name="只有名字"),
        ])  # fmt: skip
    assert Booking.objects.get(deal_id=ids[0]).person_id is None
    assert StageChange.objects.get(deal_id=ids[1]).on is None


def test_refunds_book_negative_over_credits(world: World):
    with batch(world) as taken:
        (pk,) = taken.deals([deal_row(world)])
        taken.reversals([bulk.ReversalRow(pk, "return", date(2026, 3, 3), 501, code="RT-1")])
    back = Booking.objects.filter(kind="return").order_by("person_id")
    assert sum(b.amount_minor for b in back) == -501
    assert {b.on for b in back} == {date(2026, 3, 3)}


def test_what_is_there_already_is_found_by_its_key(world: World):
    with batch(world) as taken:
        ids = taken.leads([bulk.LeadRow(f"线索{n}", SIGNED, code=f"L{n}", owner_id=world.rep2.pk) for n in range(3)])
    assert bulk.existing("lead", "code", ["L2", "L0", "L9", "", None]) == {"L0": ids[0], "L2": ids[2]}
    assert Lead.objects.get(code="L1").team_id == world.east2.pk


def test_skipped_steps_of_an_imported_lead_are_reached(world: World):
    with batch(world) as taken:
        taken.leads([bulk.LeadRow("a", SIGNED, stage="intent", intent_on=date(2026, 2, 12))])
    assert Lead.objects.get().valid_on == date(2026, 2, 12)


def test_an_update_keeps_before_and_after(world: World):
    customer = acts.add_customer(name="甲", owner=None, by=None, at=AT)
    with batch(world) as taken:
        assert taken.update("customer", [(customer.pk, {"industry": "制造", "name": "甲"})]) == 1
    change = RowChange.objects.get(entry=taken.entry)
    assert (change.before, change.after) == ({"industry": "", "version": 1}, {"industry": "制造", "version": 2})


def test_a_batch_is_taken_back_except_what_changed_since(world: World):
    known = acts.add_customer(name="老客户", owner=None, by=None, at=AT)
    with batch(world) as taken:
        customers = taken.customers([bulk.CustomerRow(name=f"客户{n}") for n in range(3)])
        deals = taken.deals([deal_row(world, customer_id=pk) for pk in customers])
        taken.reversals([bulk.ReversalRow(deals[0], "refund", date(2026, 3, 3), 5)])
        take_activities(taken, [ActivityRow(world.grower.pk, "call", SIGNED, customer_id=customers[0])])
        taken.update("customer", [(known.pk, {"industry": "制造"})])
    acts.change_deal(Deal.objects.get(pk=deals[1]), note="动过", by=world.leader, at=AT)
    acts.add_contact(Customer.objects.get(pk=customers[2]), name="王总", by=world.leader, at=AT)
    assert taken.entry is not None
    undone = undo(taken.entry.pk, by=world.analyst, at=AT, on=TODAY, also=UNDO)
    kept = {(entity, pk) for entity, pk, _label, _why in undone.kept}
    assert kept == {("deal", deals[1]), ("customer", customers[1]), ("customer", customers[2])}
    assert undone.removed == {"activity": 1, "reversal": 1, "deal": 2, "customer": 1}
    assert undone.restored == {"customer": 1}
    known.refresh_from_db()
    assert known.industry == ""
    assert Activity.objects.count() == 0
    assert set(Booking.objects.values_list("deal_id", flat=True)) == {deals[1]}
    with pytest.raises(Refusal):
        undo(taken.entry.pk, by=world.analyst, at=AT, on=TODAY, also=UNDO)


def test_activities_in_bulk_are_judged_whatever_the_order(world: World):
    customer = acts.add_customer(name="甲", owner=None, by=None, at=AT)
    lead = acts.add_lead(name="线索", owner=world.rep2, on=OPENED, by=None, at=AT)
    from pacesetter.activity import acts as activity_acts

    activity_acts.set_visit_rule(valid_from=date(2026, 2, 1), duplicate_days=3, by=None, at=AT)
    good = {"customer_id": customer.pk, "contact_name": "王总", "result": "有意向", "next_step": "报价",
            "next_on": date(2026, 3, 20)}  # fmt: skip
    with batch(world) as taken:
        ids = take_activities(taken, [
            ActivityRow(world.grower.pk, "visit", date(2026, 2, 12), **good),
            ActivityRow(world.grower.pk, "visit", date(2026, 2, 10), **good),
            ActivityRow(world.grower.pk, "call", date(2026, 2, 11), lead_id=lead.pk),
        ])  # fmt: skip
    rows = Activity.objects.in_bulk(ids)
    assert [rows[i].state for i in ids] == ["not_effective", "valid", ""]
    assert rows[ids[0]].failed == ["duplicate"]
    assert rows[ids[2]].effective is None
    lead.refresh_from_db()
    assert lead.last_touch_on == date(2026, 2, 11)
