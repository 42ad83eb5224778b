"""Plans: from a log's next step to the record that does it, once."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from pacesetter.activity import acts
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.activity.reads import my_day
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people.reach import reach_of
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY, World

SOON = TODAY + timedelta(days=2)


@pytest.fixture
def customer(world: World) -> Customer:
    return pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


def visit(world: World, customer: Customer, **more: Any) -> Activity:
    values = {"contact_name": "王总", "result": "有意向", "next_step": "送方案", "next_on": SOON}
    values = {"person": world.veteran, "by": world.veteran, "at": AT, "kind": "visit", **values, **more}
    return acts.log_activity(customer=customer, **values)


def plan(world: World, about: Customer, **more: Any) -> PlanItem:
    values = {"person": world.veteran, "by": world.veteran, "at": AT, "on": TODAY, "customer": about, **more}
    return acts.plan_item(**values)


def test_the_next_step_of_a_log_is_a_plan_of_the_kind_its_words_say(world: World, customer: Customer):
    row = visit(world, customer)
    item = PlanItem.objects.get(origin=row)
    assert (item.on, item.kind, item.purpose, item.state) == (SOON, "proposal", "送方案", "open")


def test_changing_the_next_step_changes_the_plan_and_clearing_it_drops_the_plan(world: World, customer: Customer):
    row = visit(world, customer)
    acts.change_activity(row, next_step="电话确认", next_on=SOON + timedelta(days=1), by=world.veteran, at=AT)
    item = PlanItem.objects.get(origin=row)
    assert (item.kind, item.on) == ("call", SOON + timedelta(days=1))
    acts.change_activity(row, next_step="", next_on=None, by=world.veteran, at=AT)
    item.refresh_from_db()
    assert item.state == "dropped"


def test_a_next_step_with_its_time_is_a_timed_line_of_its_day(world: World, customer: Customer):
    other = pipeline.add_customer(name="青禾食品", owner=world.veteran, by=None, at=AT)
    plan(world, other, on=SOON)
    row = visit(world, customer, next_time=time(14, 30))
    assert PlanItem.objects.get(origin=row).time == time(14, 30)
    due = my_day(reach_of(world.veteran, SOON), SOON).due
    assert [(todo.customer, todo.time) for todo in due] == [(customer, time(14, 30)), (other, None)]
    acts.change_activity(row, next_time=time(9), by=world.veteran, at=AT)
    assert PlanItem.objects.get(origin=row).time == time(9)
    acts.change_activity(row, next_on=None, by=world.veteran, at=AT)
    row.refresh_from_db()
    assert row.next_time is None


def test_a_time_needs_its_day(world: World, customer: Customer):
    with pytest.raises(Refusal) as refused:
        visit(world, customer, next_on=None, next_time=time(14, 30))
    assert (refused.value.field, Activity.objects.count()) == ("next_on", 0)


def test_a_merged_log_brings_its_time(world: World, customer: Customer):
    first = visit(world, customer, next_step="", next_on=None)
    visit(world, customer, twin="merge", next_time=time(16))
    assert PlanItem.objects.get(origin=first).time == time(16)


def test_a_plan_is_done_by_exactly_one_record(world: World, customer: Customer):
    item = plan(world, customer)
    row = visit(world, customer, plan=item)
    item.refresh_from_db()
    assert (item.state, item.done_by) == ("done", row)
    with pytest.raises(Refusal) as refused:
        visit(world, customer, plan=item)
    assert refused.value.code == "planned_done"
    assert Activity.objects.count() == 1


def test_an_unplanned_log_does_the_earliest_plan_that_is_due_for_the_customer(world: World, customer: Customer):
    later = plan(world, customer, on=SOON)
    due = plan(world, customer)
    row = visit(world, customer)
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.done_by, later.state) == (row, "open")


def test_somebody_elses_plan_is_not_done_by_me(world: World, customer: Customer):
    item = plan(world, customer, person=world.grower, by=world.grower)
    with pytest.raises(Refusal) as refused:
        visit(world, customer, plan=item)
    assert refused.value.code == "own"
    visit(world, customer)
    item.refresh_from_db()
    assert item.state == "open"


def test_a_withdrawn_log_opens_its_plan_again_and_takes_its_next_step_back(world: World, customer: Customer):
    deal = pipeline.open_deal(name="一期", customer=customer, owner=world.veteran, by=None, at=AT)
    pipeline.change_deal(deal, next_step="打电话", next_on=TODAY, by=None, at=AT)
    item = plan(world, customer)
    row = visit(world, customer, plan=item, deal=deal)
    deal.refresh_from_db()
    assert deal.next_step == "送方案"
    acts.withdraw_activity(row, by=world.veteran, at=AT)
    item.refresh_from_db()
    deal.refresh_from_db()
    assert (item.state, item.done_by_id) == ("open", None)
    assert (deal.next_step, deal.next_on) == ("打电话", TODAY)
    assert not PlanItem.objects.filter(origin=row, state="open").exists()


def test_planning_the_same_twice_gives_the_item_that_is_there(world: World, customer: Customer):
    assert plan(world, customer) == plan(world, customer)
    assert Entry.objects.filter(act="plan_item").count() == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"on": TODAY - timedelta(days=1)}, "past"),
        ({"on": TODAY + timedelta(days=401)}, "far"),
        ({"customer": None}, "required"),
        ({"kind": "dance"}, "choice"),
    ],
)
def test_a_plan_is_refused_with_its_reason(world: World, customer: Customer, more: dict[str, Any], code: str):
    with pytest.raises(Refusal) as refused:
        plan(world, customer, **more)
    assert refused.value.code == code


def test_a_plan_moves_drops_and_expires_and_then_stays_ended(world: World, customer: Customer):
    item = acts.move_plan(plan(world, customer), on=SOON, by=world.veteran, at=AT)
    assert (item.on, item.first_on) == (SOON, TODAY)
    with pytest.raises(Refusal):
        acts.drop_plan(item, reason=" ", by=world.veteran, at=AT)
    item = acts.drop_plan(item, reason="客户出差", by=world.veteran, at=AT)
    assert (item.state, item.reason) == ("dropped", "客户出差")
    with pytest.raises(Refusal) as refused:
        acts.move_plan(item, on=SOON, by=world.veteran, at=AT)
    assert refused.value.code == "ended"
    assert acts.expire_plan(item, at=AT) is None
    other = plan(world, customer)
    assert acts.expire_plan(other, at=AT + timedelta(days=13)) is None
    gone = acts.expire_plan(other, at=AT + timedelta(days=14))
    assert gone is not None
    assert gone.state == "expired"


def test_a_plan_handed_over_is_not_there_twice(world: World, customer: Customer):
    mine, theirs = plan(world, customer), plan(world, customer, person=world.rep2)
    ended = plan(world, customer, on=SOON)
    acts.drop_plan(ended, reason="不去了", by=world.veteran, at=AT)
    more = plan(world, customer, on=SOON + timedelta(days=1))
    to = {"customers": world.rep2}
    handed = {"from_person": world.veteran, "to": to, "reason": "离职", "by": world.hrbp, "at": AT}
    assert acts.hand_over_plans(**handed) == 2
    state = dict(PlanItem.objects.values_list("pk", "state"))
    assert (state[mine.pk], state[theirs.pk], state[ended.pk], state[more.pk]) == ("dropped", "open", "dropped", "open")
    assert set(PlanItem.objects.filter(person=world.rep2, state="open")) == {theirs, more}
    entry = Entry.objects.get(act="hand_plan")
    assert (entry.object_id, entry.after) == (str(more.pk), {"person_id": world.rep2.pk})
    assert acts.hand_over_plans(**handed) == 0


def test_what_was_just_done_to_a_plan_is_taken_back(world: World, customer: Customer):
    soon = AT + timedelta(minutes=5)

    def undo(item: PlanItem, at: datetime = soon) -> PlanItem:
        return acts.undo_plan(item, version=item.version, by=world.veteran, at=at)

    made = undo(plan(world, customer))
    assert made.state == "dropped"
    overdue = plan(world, customer, on=TODAY, at=AT)
    PlanItem.objects.filter(pk=overdue.pk).update(on=TODAY - timedelta(days=2))
    moved = acts.move_plan(overdue, on=SOON, by=world.veteran, at=AT)
    assert undo(moved).on == TODAY - timedelta(days=2), "back among what is overdue, where it came from"
    dropped = acts.drop_plan(overdue, reason="客户出差", by=world.veteran, at=AT)
    back = undo(dropped)
    assert (back.state, back.ended_at, back.reason) == ("open", None, "")
    assert Entry.objects.filter(act="undo_plan").count() == 3


def test_an_undo_comes_in_time_and_only_while_nothing_followed(world: World, customer: Customer):
    item = acts.move_plan(plan(world, customer), on=SOON, by=world.veteran, at=AT)
    left = item.version
    for version, at, code in (
        (left - 1, AT, "changed"), (left, AT + timedelta(minutes=16), "too_late"), (left + 1, AT, "changed"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            acts.undo_plan(item, version=version, by=world.veteran, at=at)
        assert refused.value.code == code
    visit(world, customer, plan=item)
    with pytest.raises(Refusal) as refused:
        acts.undo_plan(item, version=left, by=world.veteran, at=AT)
    assert refused.value.code == "changed", "it has been done"
    other = acts.move_plan(plan(world, customer, kind="call"), on=SOON, by=world.veteran, at=AT)
    undone = acts.undo_plan(other, version=other.version, by=world.veteran, at=AT)
    assert undone.on == TODAY
    with pytest.raises(Refusal) as refused:
        acts.undo_plan(undone, version=undone.version, by=world.veteran, at=AT)
    assert refused.value.code == "changed", "an undo is not undone"


# --- one tap, one record ---------------------------------------------------------------------------------------------
def test_the_same_sheet_sent_again_gives_the_record_that_is_there(world: World, customer: Customer):
    key = uuid4()
    first = visit(world, customer, key=key)
    assert visit(world, customer, key=key, at=AT + timedelta(days=40)) == first
    assert Activity.objects.count() == 1
    with pytest.raises(Refusal) as refused:
        visit(world, customer, key=key, person=world.grower, by=world.grower)
    assert refused.value.code == "key_reused"


def test_a_second_log_within_two_hours_asks_merges_or_is_marked(world: World, customer: Customer):
    first = visit(world, customer, note="看了车间")
    with pytest.raises(Refusal) as refused:
        visit(world, customer, twin="ask", at=AT + timedelta(hours=2))
    assert (refused.value.code, refused.value.field) == ("twin", str(first.pk))
    assert "09:00" in str(refused.value)
    merged = visit(world, customer, twin="merge", at=AT + timedelta(hours=1), result="需方案", note="要两套")
    assert merged == first
    assert (merged.result, merged.note) == ("需方案", "看了车间\n要两套")
    added = visit(world, customer, at=AT + timedelta(hours=1))
    assert added.twin is not None
    later = visit(world, customer, twin="ask", at=AT + timedelta(hours=3, seconds=1))
    assert later.twin is None


def test_nobody_logs_for_somebody_else(world: World, customer: Customer):
    with pytest.raises(Refusal) as refused:
        visit(world, customer, by=world.leader)
    assert refused.value.code == "own"
    assert "陪访" in str(refused.value)


def test_a_day_too_far_back_waits_for_the_manager(world: World, customer: Customer):
    assert visit(world, customer, on=TODAY - timedelta(days=3)).state == "valid"
    with pytest.raises(Refusal) as refused:
        visit(world, customer, on=TODAY - timedelta(days=4))
    assert refused.value.code == "backdated"
    assert world.leader.name in str(refused.value)
    row = visit(world, customer, on=TODAY - timedelta(days=4), asks_confirmation=True)
    assert (row.state, row.failed, row.effective) == ("unverified", ["backdated"], False)
    row = acts.confirm_visit(row, reason="当天我也在", by=world.leader, at=AT)
    assert (row.state, row.effective) == ("confirmed", True)


def test_beyond_the_entry_window_too_it_waits_and_counts_once_confirmed(world: World, customer: Customer):
    on = TODAY - timedelta(days=5)
    acts.set_visit_rule(valid_from=date(2026, 3, 1), entry_hours=24, by=world.director, at=AT)
    row = visit(world, customer, on=on, asks_confirmation=True)
    assert (row.state, row.effective, row.entered_late) == ("unverified", False, True)
    soon = visit(world, customer, on=TODAY - timedelta(days=3))
    assert (soon.state, soon.failed) == ("not_effective", ["entry_window"]), "late without waiting for anybody"
    row = acts.confirm_visit(row, reason="当天我也在", by=world.leader, at=AT)
    assert (row.state, row.effective) == ("confirmed", True)


def test_how_it_was_entered_is_told(world: World, customer: Customer):
    """09:00 in Shanghai is one in the morning UTC: a call of 07:30 was told 90 minutes later."""
    row = visit(world, customer, kind="call", happened_at=AT - timedelta(minutes=90), seconds=12)
    assert (row.delay_minutes, row.entered_hour, row.burst, row.seconds) == (90, 9, False, 12)
    row = visit(world, customer, kind="online", on=TODAY - timedelta(days=1))
    assert row.delay_minutes == 9 * 60


def test_three_records_within_a_quarter_of_an_hour_of_the_evening_are_a_burst(world: World, customer: Customer):
    evening = AT.replace(hour=12, minute=0)  # 20:00 in Shanghai
    rows = [visit(world, customer, at=evening + timedelta(minutes=n), kind="call") for n in (0, 7, 14)]
    late = visit(world, customer, at=evening + timedelta(minutes=40), kind="call")
    told = [Activity.objects.get(pk=row.pk).burst for row in (*rows, late)]
    assert told == [True, True, True, False]
    day = [visit(world, customer, at=AT + timedelta(minutes=n), kind="other") for n in (0, 1, 2)]
    assert not any(Activity.objects.get(pk=row.pk).burst for row in day)


# --- settings --------------------------------------------------------------------------------------------------------
def test_a_norm_begins_today_at_the_earliest(world: World):
    norm = acts.set_norm(metric="effective_visits", per="day", count=4, valid_from=TODAY, by=world.director, at=AT)
    again = acts.set_norm(metric="effective_visits", per="day", count=5, valid_from=TODAY, by=world.director, at=AT)
    assert (again.pk, again.count) == (norm.pk, 5)
    for more, code in (
        ({"valid_from": date(2026, 3, 15)}, "past"),
        ({"per": "year"}, "choice"),
        ({"count": 201}, "range"),
    ):
        values = {"metric": "proposals", "per": "week", "count": 1, "valid_from": TODAY, **more}
        with pytest.raises(Refusal) as refused:
            acts.set_norm(by=None, at=AT, **values)
        assert refused.value.code == code


def test_a_hint_is_tuned_once_and_refused_when_unknown(world: World):
    row = acts.set_hint(key="stuck", days=9, active=True, by=world.director, at=AT)
    assert acts.set_hint(key="stuck", days=9, active=False, by=world.director, at=AT).pk == row.pk
    for more, code in (({"key": "mood"}, "choice"), ({"days": 366}, "range")):
        with pytest.raises(Refusal) as refused:
            acts.set_hint(**{"key": "stuck", "days": 1, "active": True, "by": None, "at": AT, **more})
        assert refused.value.code == code
