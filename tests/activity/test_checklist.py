"""Every condition of a visit's own rule, met, failed or unknown; what was counted stays counted by its version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from pacesetter import assembly
from pacesetter.activity import acts
from pacesetter.activity.models import Activity
from pacesetter.activity.rules import Rule
from pacesetter.activity.rules.checklist import checklist
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World

RULE = Rule(date(2026, 1, 1), min_minutes=15, place=True, entry_hours=24, duplicate_days=3)
ALL = ("contact", "result", "next_step", "minutes", "place", "entry_window", "backdated", "duplicate")
DAYS = [date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 15), TODAY]


def told(rule: Rule, *failed: str, **known: Any) -> dict[str, bool | None]:
    return {one.name: one.met for one in checklist(rule, failed, **known)}


def test_only_what_the_version_asks_is_listed_in_its_order():
    assert told(Rule(date.min)) == dict.fromkeys(("contact", "result", "next_step", "backdated"), True)
    assert told(Rule(date.min, contact=False, back_days=None)) == {"result": True, "next_step": True}
    assert tuple(told(RULE)) == ALL
    assert set(told(RULE).values()) == {True}


@pytest.mark.parametrize("name", ["contact", "result", "next_step", "entry_window", "duplicate"])
def test_what_failed_is_not_met_and_the_rest_is(name: str):
    assert told(RULE, name) == {**dict.fromkeys(ALL, True), name: False}


def test_what_nobody_told_is_unknown_and_not_failed():
    assert told(RULE, "minutes")["minutes"] is None
    assert told(RULE, "minutes", minutes=10)["minutes"] is False
    assert told(RULE, "place", "backdated")["place"] is None
    assert told(RULE, "photo")["photo"] is None
    assert told(RULE, "place", "backdated")["backdated"] is None
    assert told(RULE, "backdated", "entry_window")["entry_window"] is None
    assert told(RULE, entry_known=False)["entry_window"] is None
    assert told(RULE, "entry_window", entry_known=False)["entry_window"] is False


def test_a_failure_is_listed_even_if_the_version_does_not_ask():
    assert told(Rule(date.min, contact=False), "contact")["contact"] is False


def logged(world: World, on: date, minutes: int | None) -> Activity:
    customer = pipeline.add_customer(name=f"{on}-{minutes}", owner=world.veteran, by=None, at=AT)
    at = datetime.combine(on, datetime.min.time(), AT.tzinfo) + timedelta(hours=4)
    return acts.log_activity(
        person=world.veteran, kind="visit", on=on, customer=customer, contact_name="王总", result="有意向",
        next_step="送方案", next_on=on + timedelta(days=2), minutes=minutes, by=world.veteran, at=at,
    )  # fmt: skip


def by_day() -> dict[str, int]:
    asked = assembly.question(
        "effective_visits", DAYS[0], TODAY + timedelta(days=1), today=TODAY, reach=None, by=("day",)
    )
    return {str(row.labels[0]): row.cell.top for row in assembly.answer(asked)}


@pytest.mark.django_db
@pytest.mark.usefixtures("on_the_day")
def test_fifteen_minutes_from_a_day_on_change_no_count_before_it(world: World):
    """Two visits a day, one of 20 minutes and one of 10. From 15 March on the shorter one does not count."""
    acts.set_visit_rule(valid_from=date(2026, 1, 1), by=world.director, at=AT)
    early = [logged(world, on, minutes) for on in DAYS[:2] for minutes in (20, 10)]
    before = by_day()
    acts.set_visit_rule(valid_from=DAYS[2], min_minutes=15, by=world.director, at=AT)
    late = [logged(world, on, minutes) for on in DAYS[2:] for minutes in (20, 10)]
    after = by_day()
    assert before == {"2026-03-13": 2, "2026-03-14": 2}
    assert after == {**before, "2026-03-15": 1, "2026-03-16": 1}
    assert {row.rule.valid_from for row in early if row.rule} == {date(2026, 1, 1)}
    assert {row.rule.valid_from for row in late if row.rule} == {DAYS[2]}
    changed = acts.change_activity(early[1], note="补一句", by=world.veteran, at=AT)
    assert (changed.effective, changed.rule_id) == (True, early[1].rule_id), "its own day's version judges it anew"
    assert by_day() == after
