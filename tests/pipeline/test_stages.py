"""What a stage asks for: the table at its edges, and the acts that refuse what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Deal, StageChange
from pacesetter.pipeline.rules import OPEN_STAGES, stages
from tests.world import AT, TODAY, World

TOMORROW = TODAY + timedelta(days=1)
STEP = {"next_step": "报价", "next_on": TOMORROW}


@pytest.mark.parametrize(
    ("stage", "target", "told", "lacks"),
    [
        ("prospect", "intent", {}, []),
        ("intent", "proposal", {}, ["amount_minor", "next_step", "next_on"]),
        ("intent", "proposal", {"amount_minor": 0, **STEP}, []),
        ("intent", "proposal", {"amount_minor": 5, **STEP, "next_on": TODAY}, []),
        ("intent", "proposal", {"amount_minor": 5, **STEP, "next_on": TODAY - timedelta(days=1)}, ["next_on"]),
        ("intent", "proposal", {"amount_minor": 5, "next_step": "  ", "next_on": TOMORROW}, ["next_step"]),
        ("proposal", "negotiation", {"amount_minor": 5}, ["expected_on"]),
        ("proposal", "negotiation", {"amount_minor": 5, "expected_on": TODAY}, []),
        ("proposal", "negotiation", {"amount_minor": 5, "expected_on": date(2026, 3, 15)}, ["expected_on"]),
        ("negotiation", "won", {}, ["amount_minor"]),
        ("prospect", "won", {"amount_minor": 1}, []),
        ("intent", "lost", {}, ["loss_reason"]),
        ("intent", "lost", {"loss_reason": "price"}, []),
        ("intent", "lost", {"loss_reason": "competitor"}, ["competitor"]),
        ("intent", "lost", {"loss_reason": "competitor", "competitor": "宏图"}, []),
        ("proposal", "intent", {}, ["reason"]),
        ("proposal", "intent", {"reason": "预算没批"}, []),
        ("negotiation", "proposal", {"amount_minor": 5, **STEP}, ["reason"]),
    ],
)
def test_a_stage_asks_for_what_it_needs(stage: str, target: str, told: dict[str, Any], lacks: list[str]):
    assert stages.missing(stage, target, told, TODAY) == lacks


def test_only_an_earlier_open_stage_is_back():
    back = {(a, b) for a in (*OPEN_STAGES, "won") for b in (*OPEN_STAGES, "lost") if stages.backwards(a, b)}
    assert back == {(b, a) for n, a in enumerate(OPEN_STAGES) for b in OPEN_STAGES[n + 1 :]}


def test_a_sheet_shows_everything_it_needs():
    for target, needs in stages.NEEDS.items():
        assert set(needs) <= set(stages.asked("prospect", target))
    assert stages.asked("proposal", "intent")[-1] == "reason"


@pytest.fixture
def deal(world: World) -> Deal:
    customer = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.open_deal(name="一期", owner=world.veteran, customer=customer, on=date(2026, 2, 2), by=None, at=AT)


def refused(deal: Deal, act: Any = acts.move_deal, **told: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act(deal, by=None, at=AT, **told)
    return caught.value


def test_moving_refuses_what_is_missing_and_names_the_field(world: World, deal: Deal):
    before = Entry.objects.count()
    said = refused(deal, stage="proposal")
    assert (said.code, said.field) == ("required", "amount_minor")
    assert all(word in str(said) for word in ("金额", "下一步", "下一步日期"))
    assert refused(deal, stage="proposal", amount_minor=5_000, next_step="报价").field == "next_on"
    assert refused(deal, stage="negotiation", amount_minor=5_000).field == "expected_on"
    assert (Entry.objects.count(), StageChange.objects.filter(deal=deal).count()) == (before, 1)
    moved = acts.move_deal(deal, stage="proposal", amount_minor=5_000, by=None, at=AT, **STEP)
    assert (moved.stage, moved.amount_minor, moved.next_on) == ("proposal", 5_000, TOMORROW)
    # what stands on the deal counts as said
    moved = acts.move_deal(moved, stage="negotiation", expected_on=TOMORROW, by=None, at=AT)
    assert (moved.stage, moved.next_step) == ("negotiation", "报价")


def test_going_back_needs_a_reason_which_the_journal_keeps(world: World, deal: Deal):
    moved = acts.move_deal(deal, stage="intent", by=None, at=AT)
    assert refused(moved, stage="prospect").field == "reason"
    back = acts.move_deal(moved, stage="prospect", reason="换了负责人", by=world.veteran, at=AT)
    assert back.stage == "prospect"
    assert Entry.objects.filter(act="move_deal", object_id=str(deal.pk)).first().reason == "换了负责人"


def test_losing_to_a_competitor_asks_which(world: World, deal: Deal):
    assert refused(deal, acts.lose_deal, loss_reason="competitor").field == "competitor"
    assert acts.lose_deal(deal, loss_reason="competitor", competitor="宏图", by=None, at=AT).competitor == "宏图"


def test_a_file_may_lack_what_a_person_is_asked_for(world: World, deal: Deal):
    assert acts.move_deal(deal, stage="negotiation", asks=False, by=None, at=AT).stage == "negotiation"


def test_the_same_step_twice_is_one_step(world: World, deal: Deal):
    acts.move_deal(deal, stage="intent", by=None, at=AT)
    assert refused(deal, stage="intent").code == "stage"
    acts.win_deal(deal, amount_minor=5, by=None, at=AT)
    assert refused(deal, acts.win_deal, amount_minor=5).code == "stage"
    assert [s.outcome for s in StageChange.objects.filter(deal=deal).order_by("id")] == ["opened", "moved", "won"]


@pytest.mark.parametrize(
    ("act", "told", "shown"),
    [
        (acts.move_deal, {"stage": "intent", "amount_minor": 900}, ("amount_minor", 700, 900)),
        (acts.win_deal, {"amount_minor": 900}, ("amount_minor", 700, 900)),
        (acts.lose_deal, {"loss_reason": "price", "competitor": "宏图"}, ("competitor", "远大", "宏图")),
    ],
)
def test_a_step_on_an_old_card_shows_both_values(
    world: World, deal: Deal, act: Any, told: dict[str, Any], shown: tuple[Any, ...]
):
    acts.change_deal(deal, amount_minor=700, competitor="远大", by=world.leader, at=AT)
    with pytest.raises(Conflict) as caught:
        act(deal, version=1, by=world.veteran, at=AT, **told)
    assert shown in caught.value.both
    assert caught.value.now == 2
    act(deal, version=2, by=world.veteran, at=AT, **told)


def test_a_won_deal_is_cancelled_from_the_card_that_shows_it(world: World, deal: Deal):
    won = acts.win_deal(deal, amount_minor=5_000, by=None, at=AT)
    with pytest.raises(Conflict):
        acts.cancel_deal(won, reason="客户停产", version=won.version - 1, by=None, at=AT)
    assert acts.cancel_deal(won, reason="客户停产", version=won.version, by=None, at=AT).stage == "cancelled"
