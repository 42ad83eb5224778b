"""The pool: protection at its boundaries, claims and their refusals, what a new rule leaves alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.activity import acts as activity
from pacesetter.activity.acts.bulk import ActivityRow, take_activities
from pacesetter.journal.models import Entry, RowChange
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Lead, PoolRule
from tests.world import AT, TODAY, World

TERMS = rules.PoolTerms(date(2026, 1, 1))


def later(days: int) -> Any:
    return AT + timedelta(days=days)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def rule(world: World) -> PoolRule:
    return acts.set_pool_rule(valid_from=TODAY, by=world.director, at=AT)


def pooled(name: str = "公海线索") -> Lead:
    return acts.add_lead(name=name, owner=None, by=None, at=AT)


def dates(lead: Lead) -> tuple[date | None, date | None]:
    lead.refresh_from_db()
    return lead.protected_until, lead.protect_max_on


# --- rules ------------------------------------------------------------------------------------------------------------
def test_protection_begins_with_the_claim_and_knows_its_limit():
    assert rules.protection(TERMS, TODAY) == rules.Protection(TODAY, day(14), day(45))
    assert rules.protection(None, TODAY) == rules.Protection(TODAY)
    assert rules.protection(rules.PoolTerms(TODAY, protect_days=0), TODAY).until is None


@pytest.mark.parametrize(("on", "until"), [(0, 14), (7, 14), (8, 15), (37, 44), (38, 45), (39, 45), (60, 45)])
def test_an_action_moves_the_end_forward_never_back_never_beyond_the_limit(on: int, until: int):
    assert rules.extended(day(14), day(45), day(on), 7) == day(until)


def test_the_last_day_is_still_protected():
    assert not rules.lapsed(day(14), day(14))
    assert rules.lapsed(day(14), day(15))
    assert not rules.lapsed(None, day(500))


def test_a_rule_that_was_off_warns_before_it_takes():
    off = rules.PoolTerms(date(2026, 1, 1), protect_days=0)
    on = rules.PoolTerms(TODAY)
    assert rules.starts_taking(on, TERMS) == date.min
    assert rules.starts_taking(on, off) == rules.starts_taking(on, None) == day(4)
    assert rules.starts_taking(off, on) is None
    assert rules.starts_taking(None, None) is None


def test_why_a_lead_was_taken():
    spell = rules.Protection(day(0), day(14), day(45))
    assert rules.why_taken(spell, None, 7) == {"kind": "quiet", "until": day(14).isoformat(), "days": 14}
    # a touch of the owner before counts for nothing, one of this spell counts from its day
    assert rules.why_taken(spell, day(-3), 7)["days"] == 14
    assert rules.why_taken(spell, day(7), 7)["days"] == 7
    full = rules.Protection(day(0), day(45), day(45))
    assert rules.why_taken(full, day(40), 7) == {"kind": "limit", "until": day(45).isoformat(), "days": 45}
    assert rules.why_taken(full, day(37), 7)["kind"] == "quiet"
    assert rules.why_taken(full, day(38), 7)["kind"] == "limit"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"max_days": 13}, "max_days"), ({"warn_days": 15}, "warn_days"), ({"extend_days": -1}, "extend_days"),
        ({"protect_days": 3651}, "protect_days"),
    ],
)  # fmt: skip
def test_a_version_that_makes_no_sense_is_refused(world: World, terms: dict[str, int], field: str):
    with pytest.raises(Refusal) as refused:
        acts.set_pool_rule(valid_from=TODAY, by=world.director, at=AT, **terms)
    assert refused.value.field == field
    assert PoolRule.objects.count() == 0


# --- versions ---------------------------------------------------------------------------------------------------------
def test_versions_are_kept_and_one_that_has_begun_is_not_rewritten(world: World, rule: PoolRule):
    acts.set_pool_rule(valid_from=TODAY, protect_days=10, by=world.director, at=AT)
    line = Entry.objects.filter(act="set_pool_rule").order_by("-id")[0]
    assert (line.before["protect_days"], line.after["protect_days"]) == (14, 10)
    assert PoolRule.objects.get().protect_days == 10
    with pytest.raises(Refusal) as refused:
        acts.set_pool_rule(valid_from=TODAY, protect_days=20, by=world.director, at=later(1))
    assert refused.value.field == "valid_from"
    with pytest.raises(Refusal):
        acts.set_pool_rule(valid_from=day(-1), by=world.director, at=AT)
    acts.set_pool_rule(valid_from=day(5), protect_days=20, by=world.director, at=AT)
    terms = [reads.pool_terms(day(n)) for n in (-1, 0, 4, 5)]
    assert [t and t.protect_days for t in terms] == [None, 10, 10, 20]


def test_no_rule_means_no_end(world: World):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    assert (lead.claimed_on, *dates(lead)) == (TODAY, None, None)


def test_a_new_rule_or_switching_it_off_wipes_no_date(world: World, rule: PoolRule):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    assert dates(lead) == (day(14), day(45))
    acts.set_pool_rule(valid_from=day(1), protect_days=2, warn_days=1, extend_days=1, max_days=3, by=None, at=AT)
    acts.set_pool_rule(valid_from=day(3), protect_days=0, by=None, at=AT)
    assert dates(lead) == (day(14), day(45))
    # an action under the new version moves by its days, still up to the limit of the day of the claim
    acts.touch_lead(lead.pk, day(2))
    acts.touch_lead(lead.pk, day(9))
    assert dates(lead) == (day(14), day(45))
    acts.set_pool_rule(valid_from=day(10), extend_days=60, by=None, at=AT)
    acts.touch_lead(lead.pk, day(10))
    assert dates(lead) == (day(45), day(45))
    fresh = acts.claim_lead(pooled("第二条"), by=world.veteran, at=later(1))
    assert dates(fresh) == (day(3), day(4))


# --- every way to get a lead brings protection ------------------------------------------------------------------------
def test_assigned_handed_over_and_own_leads_are_protected(world: World, rule: PoolRule):
    own = acts.add_lead(name="自己的", owner=world.veteran, by=None, at=AT)
    given = acts.assign_lead(pooled(), owner=world.grower, by=world.leader, at=later(2))
    acts.transfer_ownership(from_person=world.veteran, to_person=world.grower, by=None, at=later(3), what=("leads",))
    assert (dates(own), dates(given)) == ((day(17), day(48)), (day(16), day(47)))
    acts.assign_lead(given, owner=world.grower, by=world.leader, at=later(9))
    assert dates(given) == (day(16), day(47))


def test_bulk_assignment_brings_protection_too(world: World, rule: PoolRule):
    lead = pooled()
    with bulk.promote(by=None, at=later(1), on=day(1), label="x") as batch:
        made = batch.leads([
            bulk.LeadRow("有主", TODAY, owner_id=world.grower.pk), bulk.LeadRow("无主", TODAY, in_pool=True)
        ])  # fmt: skip
        batch.update("lead", [(lead.pk, {"owner_id": world.veteran.pk})])
    rows = [Lead.objects.get(pk=pk) for pk in (*made, lead.pk)]
    assert [dates(row) for row in rows] == [(day(15), day(46)), (None, None), (day(15), day(46))]
    assert not rows[2].in_pool
    kept = RowChange.objects.get(row_id=lead.pk, before__isnull=False)
    assert (kept.before["owner_id"], kept.after["protected_until"]) == (None, day(15).isoformat())


# --- actions ----------------------------------------------------------------------------------------------------------
def test_what_is_logged_and_every_step_make_it_longer(world: World, rule: PoolRule):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    activity.log_activity(kind="call", lead=lead, person=world.veteran, by=world.veteran, at=later(10))
    assert dates(lead) == (day(17), day(45))
    assert lead.last_touch_on == day(10)
    # entered later for an earlier day: nothing moves back
    activity.log_activity(kind="call", lead=lead, person=world.veteran, by=world.veteran, at=later(11), on=day(9))
    assert (dates(lead), lead.last_touch_on) == ((day(17), day(45)), day(10))
    acts.move_lead(lead, stage="valid", by=world.veteran, at=later(12))
    assert dates(lead) == (day(19), day(45))
    with bulk.promote(by=None, at=later(44), on=day(44), label="x") as batch:
        take_activities(batch, [ActivityRow(world.veteran.pk, "call", day(n), lead_id=lead.pk) for n in (44, 13)])
    assert (dates(lead), lead.last_touch_on) == ((day(45), day(45)), day(44))


def test_touching_what_has_gone_back_protects_nobody(world: World, rule: PoolRule):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    acts.release_lead(lead, reason="不在区域", by=world.veteran, at=AT)
    acts.touch_lead(lead.pk, day(1))
    assert dates(lead) == (None, None)
    assert lead.last_touch_on == day(1)


def test_a_closed_lead_opened_again_has_a_time_of_its_own(world: World, rule: PoolRule):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    lead = acts.move_lead(lead, stage="lost", loss_reason="timing", by=world.veteran, at=later(1))
    acts.move_lead(lead, stage="new", by=world.veteran, at=later(80))
    assert dates(lead) == (day(94), day(125))


# --- claiming ---------------------------------------------------------------------------------------------------------
def test_who_released_it_waits_and_is_told_until_when(world: World, rule: PoolRule):
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    acts.release_lead(lead, reason="不在区域", by=world.veteran, at=AT)
    lead.refresh_from_db()
    assert (lead.freed_from, lead.freed_because) == (world.veteran, {"kind": "released", "reason": "不在区域"})
    lines = Entry.objects.count()
    with pytest.raises(Refusal) as refused:
        acts.claim_lead(lead, by=world.veteran, at=AT + timedelta(hours=24, seconds=-1))
    assert refused.value.code == "cooldown"
    assert "2026-03-17 09:00" in str(refused.value)
    assert Entry.objects.count() == lines
    assert acts.claim_lead(lead, by=world.veteran, at=AT + timedelta(hours=24)).owner == world.veteran


def test_others_may_claim_at_once(world: World, rule: PoolRule):
    """The control of the waiting time."""
    lead = acts.claim_lead(pooled(), by=world.veteran, at=AT)
    acts.release_lead(lead, reason="不在区域", by=world.veteran, at=AT)
    assert acts.claim_lead(lead, by=world.grower, at=AT).owner == world.grower


def test_nobody_holds_more_than_the_limit(world: World):
    acts.set_pool_rule(valid_from=TODAY, hold_limit=2, by=None, at=AT)
    held = [acts.claim_lead(pooled(f"线索{n}"), by=world.veteran, at=AT) for n in range(2)]
    third = pooled("第三条")
    with pytest.raises(Refusal) as refused:
        acts.claim_lead(third, by=world.veteran, at=AT)
    assert (refused.value.code, "2 条" in str(refused.value)) == ("hold_limit", True)
    with pytest.raises(Refusal) as refused:
        acts.assign_lead(third, owner=world.veteran, by=world.leader, at=AT)
    assert refused.value.field == "owner"
    acts.move_lead(held[0], stage="lost", loss_reason="timing", by=world.veteran, at=AT)
    assert acts.claim_lead(third, by=world.veteran, at=AT).owner == world.veteran


def test_a_leavers_leads_in_the_pool_say_whose_they_were(world: World, rule: PoolRule):
    lead = acts.add_lead(name="交接", owner=world.veteran, by=None, at=AT)
    acts.transfer_ownership(
        from_person=world.veteran, to_person=None, what=("leads",), reason="离职", by=None, at=later(1)
    )
    people.leave(person=world.veteran, on=day(1), by=world.admin, at=later(1))
    lead.refresh_from_db()
    assert (lead.in_pool, lead.freed_from, lead.freed_because["kind"]) == (True, world.veteran, "released")
    assert dates(lead) == (None, None)
