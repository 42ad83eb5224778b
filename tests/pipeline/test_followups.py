"""What follows by itself: killed, repeated and raced, a lead goes back once and a tier changes once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from pacesetter.activity import acts as activity
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry, RowChange
from pacesetter.pipeline import acts, followups, reads
from pacesetter.pipeline.models import Customer, Lead, OwnerChange
from tests.world import AT, TODAY, World


def later(days: int) -> Any:
    return AT + timedelta(days=days)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def ruled(world: World) -> World:
    """A company whose pool rule has been in force for long."""
    acts.set_pool_rule(valid_from=date(2026, 1, 1), by=world.director, at=AT)
    acts.set_pool_rule(valid_from=date(2026, 2, 1), by=world.director, at=AT)
    return world


def claimed(world: World, name: str = "东方电气") -> Lead:
    return acts.claim_lead(acts.add_lead(name=name, owner=None, by=None, at=AT), by=world.veteran, at=AT)


def test_a_lead_goes_back_the_day_after_its_last_day_with_the_reason(ruled: World):
    lead = claimed(ruled)
    assert followups.pool(now=later(14)) == 0
    assert followups.pool(now=later(15)) == 1
    lead.refresh_from_db()
    assert (lead.owner, lead.in_pool, lead.protected_until, lead.protect_max_on) == (None, True, None, None)
    assert (lead.freed_from, lead.freed_because) == (
        ruled.veteran, {"kind": "quiet", "until": "2026-03-30", "days": 14},
    )  # fmt: skip
    line = Entry.objects.get(act="reclaim_lead")
    assert (line.reason, line.about_id, line.by_id) == (
        "保护期到 3 月 30 日，14 天内没有跟进", ruled.veteran.pk, None,
    )  # fmt: skip
    handed = OwnerChange.objects.filter(object_id=lead.pk).latest("id")
    assert (handed.from_person, handed.to_person, handed.reason) == (ruled.veteran, None, line.reason)
    assert list(reads.taken_from(ruled.veteran.pk, later(15))) == [lead]
    assert list(reads.taken_from(ruled.grower.pk, later(15))) == []


def test_who_worked_to_the_limit_is_told_so(ruled: World):
    lead = claimed(ruled)
    for n in (10, 20, 30, 40, 44):
        activity.log_activity(kind="call", lead=lead, person=ruled.veteran, by=ruled.veteran, at=later(n))
        assert followups.pool(now=later(n)) == 0
    assert followups.pool(now=later(45)) == 0
    assert followups.pool(now=later(46)) == 1
    assert Entry.objects.get(act="reclaim_lead").reason == (
        "保护期到 4 月 30 日，领取后最长 45 天，没有成为客户或商机"
    )  # fmt: skip


def test_repeated_it_does_nothing_more(ruled: World):
    claimed(ruled)
    assert followups.pool(now=later(15)) == 1
    lines, version = Entry.objects.count(), Lead.objects.get().version
    assert followups.pool(now=later(15)) == followups.pool(now=later(60)) == 0
    assert (Entry.objects.count(), Lead.objects.get().version) == (lines, version)


def test_killed_in_between_it_goes_on_where_it_was(ruled: World, monkeypatch: pytest.MonkeyPatch):
    for n in range(3):
        claimed(ruled, f"线索{n}")
    real, count = acts.reclaim_lead, 0

    def dies(pk: int, *, at: Any) -> bool:
        nonlocal count
        count += 1
        if count == 2:
            raise KeyboardInterrupt
        return real(pk, at=at)

    monkeypatch.setattr(acts, "reclaim_lead", dies)
    with pytest.raises(KeyboardInterrupt):
        followups.pool(now=later(15))
    assert Lead.objects.filter(in_pool=True).count() == Entry.objects.filter(act="reclaim_lead").count() == 1
    monkeypatch.setattr(acts, "reclaim_lead", real)
    assert followups.pool(now=later(15)) == 2
    assert Entry.objects.filter(act="reclaim_lead").count() == 3
    assert broken_lines() == []


def test_the_history_and_the_taking_live_or_die_together(ruled: World, monkeypatch: pytest.MonkeyPatch):
    lead = claimed(ruled)

    def broken(*_args: Any, **_more: Any) -> Any:
        raise RuntimeError("no journal")

    monkeypatch.setattr("pacesetter.pipeline.acts.pool.record", broken)
    with pytest.raises(RuntimeError):
        acts.reclaim_lead(lead.pk, at=later(15))
    lead.refresh_from_db()
    assert (lead.owner, lead.in_pool) == (ruled.veteran, False)


def interrupted(lead: Lead, world: World, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Take the lead, and log a call in the moment between looking and writing."""
    update, done = QuerySet.update, False

    def between(rows: Any, **values: Any) -> int:
        nonlocal done
        if "freed_because" in values and not done:
            done = True
            activity.log_activity(kind="call", lead=lead, person=world.veteran, by=world.veteran, at=later(15))
        return update(rows, **values)

    monkeypatch.setattr(QuerySet, "update", between)
    taken = acts.reclaim_lead(lead.pk, at=later(15))
    assert done
    return taken


def test_who_logs_something_at_the_same_moment_keeps_the_lead(ruled: World, monkeypatch: pytest.MonkeyPatch):
    lead = claimed(ruled)
    assert not interrupted(lead, ruled, monkeypatch)
    lead.refresh_from_db()
    assert (lead.owner, lead.protected_until) == (ruled.veteran, day(22))
    assert not Entry.objects.filter(act="reclaim_lead").exists()


def test_without_the_condition_the_lead_is_lost(ruled: World, monkeypatch: pytest.MonkeyPatch):
    """The control: the very same moment, with the row taken without asking again."""
    lead = claimed(ruled)
    monkeypatch.setattr("pacesetter.pipeline.reads.lapsed_leads", lambda today: Lead.objects.all())
    assert interrupted(lead, ruled, monkeypatch)
    lead.refresh_from_db()
    assert lead.owner is None


def test_won_lost_converted_and_leads_with_an_open_deal_stay(ruled: World):
    won, lost, became, dealt = (claimed(ruled, name) for name in ("成单", "关闭", "客户", "商机"))
    customer = acts.add_customer(name="海川", owner=ruled.veteran, lead=became, by=None, at=AT)
    deal = acts.open_deal(name="一期", owner=ruled.veteran, customer=customer, lead=dealt, by=None, at=AT)
    acts.move_lead(won, stage="won", by=None, at=AT)
    acts.move_lead(lost, stage="lost", loss_reason="timing", by=None, at=AT)
    assert followups.pool(now=later(100)) == 0
    # the control: once its deal is lost nothing keeps it
    acts.lose_deal(deal, loss_reason="price", by=None, at=later(50))
    assert followups.pool(now=later(100)) == 1
    dealt.refresh_from_db()
    assert dealt.in_pool


def test_a_first_rule_gives_everybody_a_whole_protection(world: World):
    old = acts.add_lead(name="从前的", owner=world.veteran, by=None, at=AT)
    far = acts.add_lead(name="答应过的", owner=world.veteran, by=None, at=AT)
    Lead.objects.filter(pk=far.pk).update(protected_until=day(80))
    assert followups.pool(now=later(60)) == 0
    acts.set_pool_rule(valid_from=day(60), by=None, at=later(50))
    assert followups.pool(now=later(59)) == 0
    assert followups.pool(now=later(60)) == 2
    for row, until, limit in ((old, 74, 105), (far, 80, 105)):
        row.refresh_from_db()
        assert (row.owner, row.protected_until, row.protect_max_on) == (world.veteran, day(until), day(limit))
    line = Entry.objects.get(act="protect_leads")
    assert RowChange.objects.filter(entry=line).count() == line.rows == 2
    assert followups.pool(now=later(60)) == 0
    assert followups.pool(now=later(75)) == 1


def test_while_the_rule_is_off_nothing_is_taken_and_on_again_it_warns_first(ruled: World):
    lead = claimed(ruled)
    acts.set_pool_rule(valid_from=day(5), protect_days=0, by=None, at=AT)
    assert followups.pool(now=later(40)) == 0
    acts.set_pool_rule(valid_from=day(50), by=None, at=later(40))
    lead.refresh_from_db()
    assert lead.protected_until == day(14)
    assert [followups.pool(now=later(n)) for n in (50, 53, 54)] == [0, 0, 1]


# --- tiers ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def customer(world: World) -> Customer:
    row = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    acts.open_deal(name="一期", owner=world.veteran, customer=row, amount_minor=500, by=None, at=AT)
    return row


def test_tiers_follow_the_rule_once_with_each_before_and_after(world: World, customer: Customer):
    other = acts.add_customer(name="远大", owner=world.veteran, by=None, at=AT)
    assert followups.tiers(now=AT) == 0
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=500, by=world.director, at=AT)
    assert followups.tiers(now=AT) == 1
    customer.refresh_from_db()
    other.refresh_from_db()
    assert (customer.tier, other.tier, customer.tier_on) == ("A", "", TODAY)
    assert customer.tier_because["side"] == "open"
    line = Entry.objects.get(act="follow_tier_rule")
    row = RowChange.objects.get(entry=line)
    assert (line.rows, row.row_id, row.before["tier"], row.after["tier"]) == (1, customer.pk, "", "A")
    lines = Entry.objects.count()
    assert followups.tiers(now=later(1)) == 0
    assert Entry.objects.count() == lines


def test_killed_before_its_journal_line_no_tier_has_changed(
    world: World, customer: Customer, monkeypatch: pytest.MonkeyPatch
):
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=500, by=None, at=AT)

    def dies(*_args: Any, **_more: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pacesetter.pipeline.acts.tier.record", dies)
        with pytest.raises(KeyboardInterrupt):
            followups.tiers(now=AT)
    customer.refresh_from_db()
    assert customer.tier == ""
    assert followups.tiers(now=AT) == 1


def test_a_tier_set_by_hand_at_the_same_moment_stays(world: World, customer: Customer, monkeypatch: pytest.MonkeyPatch):
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=500, by=None, at=AT)
    real = reads.tier_terms

    def by_hand_meanwhile(on: date) -> Any:
        acts.fix_tier(Customer.objects.get(pk=customer.pk), tier="C", reason="关停在即", by=world.veteran, at=AT)
        return real(on)

    monkeypatch.setattr(reads, "tier_terms", by_hand_meanwhile)
    assert acts.follow_tier_rule(at=AT) == 0
    customer.refresh_from_db()
    assert (customer.tier, customer.tier_fixed) == ("C", True)
