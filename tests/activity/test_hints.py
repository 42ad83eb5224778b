"""Follow-up hints: each with the day on which it begins, its off switch, and their order."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.activity.rules.hints import DealFacts, Hint, Setting, deal_hints, settings_of, stuck_after

TODAY = date(2026, 3, 16)
USUAL = settings_of()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


# a deal that needs nothing
CALM = DealFacts(
    "proposal",
    stage_since=ago(3),
    opened_on=ago(20),
    last_on=ago(2),
    next_on=TODAY,
    contacts=2,
    decision_maker_met=True,
)


def test_a_deal_that_is_looked_after_gets_no_hint():
    assert deal_hints(CALM, USUAL, TODAY) == []


@pytest.mark.parametrize(
    ("change", "before", "hint"),
    [
        ({"next_on": ago(1)}, {"next_on": TODAY}, Hint("next_overdue", 1)),
        ({"last_on": ago(10)}, {"last_on": ago(9)}, Hint("no_activity", 10)),
        ({"proposal_on": ago(5)}, {"proposal_on": ago(4)}, Hint("proposal_unanswered", 5)),
        ({"usual_days": 4, "usual_n": 12, "stage_since": ago(7)}, {"usual_days": 4, "stage_since": ago(6)},
         Hint("stuck", 7, 4, 12)),
        ({"usual_days": 10, "usual_n": 30, "stage_since": ago(15)}, {"usual_days": 10, "stage_since": ago(14)},
         Hint("stuck", 15, 10, 30)),
        ({"decision_maker_met": False}, {"decision_maker_met": False, "opened_on": ago(13)},
         Hint("no_decision_maker", 20)),
        ({"contacts": 1}, {"contacts": 1, "opened_on": ago(13)}, Hint("single_contact", 20)),
        ({"next_on": None}, {"next_on": None, "opened_on": ago(6)}, Hint("no_next_step", 20)),
    ],
)  # fmt: skip
def test_each_hint_begins_on_its_day_and_can_be_switched_off(
    change: dict[str, Any], before: dict[str, Any], hint: Hint
):
    assert deal_hints(replace(CALM, **change), USUAL, TODAY) == [hint]
    assert deal_hints(replace(CALM, **before), USUAL, TODAY) == []
    off = {**USUAL, hint.key: Setting(0, active=False)}
    assert deal_hints(replace(CALM, **change), off, TODAY) == []


def test_an_answer_after_the_proposal_ends_the_waiting():
    waiting = replace(CALM, proposal_on=ago(8), answered_on=ago(8))
    assert [hint.key for hint in deal_hints(waiting, USUAL, TODAY)] == ["proposal_unanswered"]
    assert deal_hints(replace(waiting, answered_on=ago(7)), USUAL, TODAY) == []


def test_a_new_deal_without_any_record_is_quiet_since_it_was_opened():
    assert deal_hints(replace(CALM, last_on=None, opened_on=ago(20)), USUAL, TODAY) == [Hint("no_activity", 20)]


def test_what_is_unknown_gives_no_hint():
    bare = DealFacts("prospect", contacts=0)
    assert deal_hints(bare, USUAL, TODAY) == []


def test_the_weightiest_stands_first():
    bad = replace(CALM, next_on=ago(4), last_on=ago(30), contacts=1, decision_maker_met=False, proposal_on=ago(9))
    told = [hint.key for hint in deal_hints(bad, USUAL, TODAY)]
    assert told == ["next_overdue", "proposal_unanswered", "no_activity", "no_decision_maker", "single_contact"]


def test_settings_of_a_company_beat_the_defaults():
    mine = settings_of([("no_activity", True, 30), ("stuck", False, 0), ("nonsense", True, 1)])
    assert (mine["no_activity"], mine["stuck"].active, "nonsense" in mine) == (Setting(30), False, False)


@pytest.mark.parametrize(("usual", "days"), [(0, 7), (4, 7), (5, 8), (10, 15), (57, 86)])
def test_stuck_is_half_as_long_again_rounded_up(usual: int, days: int):
    assert stuck_after(usual) == days
