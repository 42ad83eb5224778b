"""Observations of joint visits: who writes, who reads, once per observer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Activity, Observation
from pacesetter.activity.rules import evidence as rules
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import acts as people_acts
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World

CARD = [
    {"key": key, "zh": f"题{key}", "en": f"Question {key}", "anchors": {n: ["低", "low"] for n in ("1", "3", "5")}}
    for key in ("a", "b", "c")
]


@pytest.fixture
def visit(world: World) -> Activity:
    """The veteran's visit, with the newcomer along."""
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.log_activity(person=world.veteran, kind="joint_visit", customer=customer, companion=world.newcomer,
                             by=world.veteran, at=AT)  # fmt: skip


def observe(visit: Activity, by: Any, **more: Any) -> Observation:
    return acts.observe_visit(visit, by=by, at=AT, **{"scores": {"purpose": 4}, "to_try": "先问后讲", **more})


def code(run: Any) -> str:
    with pytest.raises(Refusal) as refused:
        run()
    return refused.value.code


def test_the_companion_and_a_manager_write_and_the_journal_keeps_no_words(world: World, visit: Activity):
    observe(visit, world.newcomer)
    observe(visit, world.leader)
    observe(visit, world.director)
    assert visit.observations.count() == 3
    lines = Entry.objects.filter(act="observe_visit")
    assert {line.about_id for line in lines} == {world.veteran.pk}
    assert not any("先问后讲" in str(line.after) + str(line.before) + line.label for line in lines)


def test_nobody_else_writes_and_nobody_about_themselves(world: World, visit: Activity):
    assert code(lambda: observe(visit, world.veteran)) == "own"
    for other in (world.grower, world.leader2, world.rep2, world.analyst, world.hrbp, world.admin):
        assert code(lambda other=other: observe(visit, other)) == "companion"
    assert not Observation.objects.exists()


def test_one_per_visit_and_observer_the_same_words_write_nothing(world: World, visit: Activity):
    first = observe(visit, world.newcomer)
    again = observe(visit, world.newcomer)
    assert (again.pk, again.version, Entry.objects.filter(act="observe_visit").count()) == (first.pk, 1, 1)
    changed = observe(visit, world.newcomer, scores={"purpose": 5}, version=1)
    assert (changed.pk, changed.version, changed.scores) == (first.pk, 2, {"purpose": 5})
    with pytest.raises(Conflict):
        observe(visit, world.newcomer, scores={"purpose": 1}, version=1)


def test_what_is_no_observation_is_refused(world: World, visit: Activity):
    assert code(lambda: observe(visit, world.newcomer, scores={}, to_try=" ")) == "required"
    assert code(lambda: observe(visit, world.newcomer, scores={"purpose": 6})) == "score"
    assert code(lambda: observe(visit, world.newcomer, scores={"charm": 3})) == "score"
    call = acts.log_activity(person=world.veteran, kind="call", customer=visit.customer, by=world.veteran, at=AT)
    assert code(lambda: observe(call, world.leader)) == "kind"
    acts.withdraw_activity(visit, reason="记错", by=world.veteran, at=AT)
    assert code(lambda: observe(visit, world.newcomer)) == "withdrawn"


def test_a_companion_is_somebody_else_who_is_still_here(world: World, visit: Activity):
    assert code(lambda: acts.change_activity(visit, companion=world.veteran, by=world.veteran, at=AT)) == "own"
    assert code(lambda: acts.change_activity(visit, companion=world.left, by=world.veteran, at=AT)) == "owner_left"


def test_who_reads_is_who_was_seen_who_saw_and_who_answers_for_them(world: World, visit: Activity):
    observe(visit, world.newcomer)
    observe(visit, world.leader, to_try="客户的预算没问到")

    def seen(person: Any) -> set[str]:
        return {row.observer.name for row in reads.observations(world.reach(person), visit)}

    both = {"李想", "王敏"}
    assert [seen(p) for p in (world.veteran, world.leader, world.director)] == [both] * 3
    assert seen(world.newcomer) == {"李想"}
    for other in (world.grower, world.leader2, world.rep2, world.analyst, world.hrbp, world.admin, world.finance):
        assert seen(other) == set()
        assert not reads.observable(world.reach(other)).filter(pk=visit.pk).exists()


def test_a_manager_reads_by_the_team_of_the_visits_day(world: World):
    customer = pipeline.add_customer(name="东海电子", owner=world.mover, by=None, at=AT)
    visit = acts.log_activity(person=world.mover, kind="visit", customer=customer, on=TODAY, by=None, at=AT)
    observe(visit, world.leader2)
    assert reads.observations(world.reach(world.leader2), visit).count() == 1
    assert reads.observations(world.reach(world.leader), visit).count() == 0


def test_what_waits_for_the_companion_goes_once_it_is_written(world: World, visit: Activity):
    assert list(reads.to_observe(world.newcomer.pk, TODAY)) == [visit]
    assert list(reads.to_observe(world.newcomer.pk, TODAY + timedelta(days=rules.REMIND_DAYS))) == []
    assert list(reads.to_observe(world.leader.pk, TODAY)) == []
    observe(visit, world.newcomer)
    assert list(reads.to_observe(world.newcomer.pk, TODAY)) == []


def test_who_can_be_named_is_near_mentors_included(world: World):
    people_acts.grant_role(person=world.south_rep, role="mentor", by=None, at=AT)
    found = {person.name for person in reads.colleagues(world.veteran, TODAY)}
    assert found == {"王敏", "周岚", "李想", "陈晨", "何敏"}


def test_a_new_scorecard_holds_from_its_day_and_what_was_written_keeps_its_own(world: World, visit: Activity):
    first = observe(visit, world.newcomer)
    tomorrow = TODAY + timedelta(days=1)
    card = acts.set_scorecard(valid_from=tomorrow, questions=CARD, by=world.director, at=AT)
    assert (reads.scorecard_on(TODAY), reads.scorecard_on(tomorrow)) == (None, card)
    later = acts.log_activity(person=world.veteran, kind="visit", customer=visit.customer, companion=world.newcomer,
                              on=tomorrow, by=world.veteran, at=AT + timedelta(days=1))  # fmt: skip
    assert code(lambda: observe(later, world.newcomer)) == "score"
    assert observe(later, world.newcomer, scores={"a": 3}).scorecard == card
    assert observe(visit, world.newcomer, scores={"purpose": 2}).scorecard == first.scorecard is None


@pytest.mark.parametrize(
    "questions", [CARD[:2], CARD * 2, [*CARD[:2], {**CARD[2], "en": ""}], [*CARD[:2], {**CARD[2], "anchors": {}}]]
)
def test_a_scorecard_that_is_not_whole_is_refused(world: World, questions: Any):
    with pytest.raises(Refusal):
        acts.set_scorecard(valid_from=TODAY, questions=questions, by=None, at=AT)


def test_a_version_begins_today_or_later_on_a_day_of_its_own(world: World):
    acts.set_scorecard(valid_from=TODAY, questions=CARD, by=None, at=AT)
    assert code(lambda: acts.set_scorecard(valid_from=TODAY, questions=CARD, by=None, at=AT)) == "exists"
    yesterday = TODAY - timedelta(days=1)
    assert code(lambda: acts.set_scorecard(valid_from=yesterday, questions=CARD, by=None, at=AT)) == "past"


def test_the_built_in_scorecard_and_template_are_whole():
    assert rules.card_faults(rules.SCORECARD) == []
    assert rules.template_faults(rules.REPORT) == []
