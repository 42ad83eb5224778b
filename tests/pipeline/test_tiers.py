"""Tiers: the rule at its boundaries, by hand and back, the figures, and who is due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import OuterRef, Subquery

from pacesetter import assembly
from pacesetter.activity import acts as activity
from pacesetter.activity.models import Activity
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.pipeline import acts, reads, rules
from pacesetter.pipeline.models import Customer, TierRule
from tests.world import AT, TODAY, World

TERMS = rules.TierTerms(
    date(2026, 1, 1),
    {"A": rules.Line(1_000, 2_000, 14), "B": rules.Line(500, None, 30), "C": rules.Line(None, 100, 0)},
)
RHYTHM = {"A": 14, "B": 30, "C": 0}


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


@pytest.mark.parametrize(
    ("won", "still", "tier", "side"),
    [
        (1_000, 0, "A", "won"), (999, 0, "B", "won"), (0, 2_000, "A", "open"), (0, 1_999, "C", "open"),
        (500, 100, "B", "won"), (499, 100, "C", "open"), (499, 99, "", ""), (-5, 0, "", ""),
    ],
)  # fmt: skip
def test_the_best_tier_of_which_one_side_is_reached(won: int, still: int, tier: str, side: str):
    verdict = rules.tier_of(rules.Figures(won, still), TERMS)
    assert (verdict.tier, verdict.side) == (tier, side)


@pytest.mark.parametrize(
    ("tier", "ago", "due"),
    [("A", 0, 14), ("A", 13, 1), ("A", 14, 0), ("A", 15, -1), ("B", 30, 0), ("C", 500, None), ("", 500, None)],
)
def test_when_the_rhythm_wants_a_visit(tier: str, ago: int, due: int | None):
    assert rules.due_in(tier, TODAY - timedelta(days=ago), RHYTHM, TODAY) == due


def test_nobody_has_been_there_yet_is_due_today():
    assert rules.due_in("A", None, RHYTHM, TODAY) == 0
    assert rules.due_in("C", None, RHYTHM, TODAY) is None


def test_twelve_months_end_today():
    assert rules.since(TODAY) == date(2025, 3, 17)
    assert rules.since(date(2028, 2, 29)) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("parts", "code", "field"),
    [
        ({}, "empty", "a_won_minor"),
        ({"a_won_minor": 0}, "positive", "a_won_minor"),
        ({"a_won_minor": 10, "b_won_minor": 10}, "order", "b_won_minor"),
        ({"a_open_minor": 10, "c_open_minor": 11}, "order", "c_open_minor"),
        ({"a_won_minor": 10, "c_days": 3651}, "range", "c_days"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(world: World, parts: dict[str, int], code: str, field: str):
    with pytest.raises(Refusal) as refused:
        acts.set_tier_rule(valid_from=TODAY, by=world.director, at=AT, **parts)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert TierRule.objects.count() == 0


def test_won_is_the_won_amount_of_the_catalogue(world: World, customer: Customer):
    """The same bookings as the metric, refunds and shares included, over the same days."""
    deal = acts.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=900, by=None, at=AT,
                          on=date(2025, 3, 1))  # fmt: skip
    deal = acts.win_deal(deal, on=date(2025, 3, 17), by=None, at=AT)
    acts.set_credits(deal, credits=[
        rules.Credit(world.veteran.pk, 600_000, False, True), rules.Credit(world.grower.pk, 400_000),
        rules.Credit(world.leader.pk, 100_000, True),
    ], reason="协作", by=None, at=AT)  # fmt: skip
    acts.refund_deal(deal, amount_minor=50, kind="refund", reason="少发", by=None, at=AT)
    early = acts.open_deal(name="零期", owner=world.veteran, customer=customer, amount_minor=7_000, by=None, at=AT,
                           on=date(2025, 3, 1))  # fmt: skip
    acts.win_deal(early, on=date(2025, 3, 16), by=None, at=AT)
    acts.open_deal(name="二期", owner=world.veteran, customer=customer, amount_minor=30, by=None, at=AT)
    figures = reads.tier_figures(TODAY)[customer.pk]
    assert figures == rules.Figures(850, 30)
    assert reads.tier_figures(TODAY, customer.pk) == {customer.pk: figures}
    question = assembly.question(
        "won_amount", rules.since(TODAY), TODAY + timedelta(days=1), today=TODAY, reach=world.reach(world.director)
    )
    assert assembly.total(question).top == figures.won_minor


def test_the_preview_counts_what_would_be_without_changing_anything(world: World, customer: Customer):
    acts.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=2_000, by=None, at=AT)
    fixed = acts.add_customer(name="手定", owner=world.veteran, tier="B", by=None, at=AT)
    acts.add_customer(name="都不够", owner=None, by=None, at=AT)
    assert fixed.tier_fixed
    found = reads.preview(TERMS, TODAY)
    assert (found.tiers, found.fixed, found.changed) == ({"A": 1, "B": 1, "C": 0, "": 1}, 1, 1)
    customer.refresh_from_db()
    assert customer.tier == ""


def test_by_hand_with_a_reason_and_back_to_the_rule(world: World, customer: Customer):
    acts.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=2_000, by=None, at=AT)
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=2_000, by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        acts.fix_tier(customer, tier="C", reason=" ", by=world.veteran, at=AT)
    assert refused.value.field == "reason"
    row = acts.fix_tier(customer, tier="C", reason="关停在即", by=world.veteran, at=AT)
    assert (row.tier, row.tier_fixed, row.tier_reason) == ("C", True, "关停在即")
    assert acts.follow_tier_rule(at=AT) == 0
    row = acts.free_tier(row, by=world.veteran, at=AT)
    assert (row.tier, row.tier_fixed, row.tier_because["side"]) == ("A", False, "open")
    with pytest.raises(Refusal):
        acts.free_tier(row, by=world.veteran, at=AT)
    assert list(Entry.objects.filter(act__in=("fix_tier", "free_tier")).values_list("act", flat=True)) == [
        "free_tier", "fix_tier",
    ]  # fmt: skip


def test_a_tier_chosen_among_the_fields_is_by_hand_too(world: World, customer: Customer):
    acts.set_tier_rule(valid_from=TODAY, a_open_minor=2_000, by=None, at=AT)
    row = acts.change_customer(customer, industry="制造", tier="", by=world.veteran, at=AT)
    assert not row.tier_fixed
    row = acts.change_customer(customer, tier="B", by=world.veteran, at=AT)
    assert row.tier_fixed
    assert acts.follow_tier_rule(at=AT) == 0


def test_who_is_due_by_days_late_with_the_parts_of_the_sentence(world: World):
    acts.set_tier_rule(valid_from=date(2026, 1, 1), a_won_minor=10, b_days=30, c_days=0, by=None, at=AT)
    names = {"迟三天": ("A", 17), "今天": ("A", 14), "明天": ("A", 13), "B 迟": ("B", 40), "没节奏": ("C", 400)}
    made = {}
    for name, (tier, ago) in names.items():
        made[name] = acts.add_customer(name=name, owner=world.veteran, tier=tier, by=None, at=AT,
                                       on=date(2025, 1, 1))  # fmt: skip
        activity.log_activity(kind="call", customer=made[name], person=world.veteran, by=None, at=AT,
                              on=TODAY - timedelta(days=ago))  # fmt: skip
    new = acts.add_customer(name="没去过", owner=world.veteran, tier="A", by=None, at=AT,
                            on=TODAY - timedelta(days=16))  # fmt: skip
    acts.add_customer(name="别人的", owner=world.rep2, tier="A", by=None, at=AT, on=date(2025, 1, 1))
    last: dict[int, Any] = {made[name].pk: TODAY - timedelta(days=ago) for name, (_tier, ago) in names.items()}
    found = reads.due_customers([world.veteran.pk], TODAY, last, terms=reads.tier_terms(TODAY))
    assert [(due.customer.name, due.tier, due.late_days) for due in found] == [
        ("B 迟", "B", 10), ("迟三天", "A", 3), ("没去过", "A", 2), ("今天", "A", 0),
    ]  # fmt: skip
    assert (found[2].customer, found[2].last_on, found[2].due_on, found[2].rhythm_days) == (
        new, None, TODAY - timedelta(days=2), 14,
    )  # fmt: skip
    asked = Activity.objects.filter(customer=OuterRef("pk"), withdrawn_at=None).order_by("-on").values("on")[:1]
    assert reads.due_customers([world.veteran.pk], TODAY, Subquery(asked), terms=reads.tier_terms(TODAY)) == found
    assert len(reads.due_customers([world.veteran.pk], TODAY, last, ahead=1, terms=reads.tier_terms(TODAY))) == 5
    assert len(reads.due_customers([world.veteran.pk], TODAY, last, limit=2, terms=reads.tier_terms(TODAY))) == 2
    assert (
        reads.due_customers([world.veteran.pk], date(2025, 12, 31), last, terms=reads.tier_terms(date(2025, 12, 31)))
        == []
    )
