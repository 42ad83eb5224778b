"""An application to change a goal: who asks for what, what the clock does, what the database keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pacesetter.goals import acts, followups, reads
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Adjustment, Goal, GoalEvent
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Conflict, OutOfReach, Refusal
from pacesetter.people import acts as people
from pacesetter.worker import chores
from tests.world import AT, TODAY, World, put_in_force

from .applying import DAY, FROM, MONTHS, Q2, ask, at, state, voice


# --- asking ----------------------------------------------------------------------------------------------------------
def test_an_application_stands_with_its_evidence_and_its_last_day(world: World, goals, event):
    made = ask(goals, event, world.veteran, evidence={"n": 3})
    assert (made.version.number, made.evidence) == (1, {"n": 3})
    assert made.due_on == date(2026, 3, 19), "three working days after Monday"
    assert made.check_on == FROM + 30 * DAY
    assert state(made) == "asked"
    assert Entry.objects.get(act="request_adjustment").before["target"] == 100_00


def test_the_head_asks_for_the_team_and_the_director_for_the_company(world: World, goals, event):
    more = {"floor": None, "stretch": None}
    ask(goals, event, world.leader, goal=goals["team"].pk, **more)
    ask(goals, event, world.director, goal=goals["company"].pk, **more)
    assert Adjustment.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "goal"),
    [("grower", "own"), ("leader", "own"), ("director", "own"), ("veteran", "team"), ("leader2", "team"),
     ("leader", "company"), ("hrbp", "own"), ("analyst", "own"), ("marketing", "own"), ("stranger", "own")],
)  # fmt: skip
def test_nobody_asks_for_another(world: World, goals, event, who: str, goal: str):
    with pytest.raises(OutOfReach):
        ask(goals, event, getattr(world, who), goal=goals[goal].pk)
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"target": 0, "floor": None}, "value", "target"),
        ({"floor": 95_00}, "lines", "target"),
        ({"target": 100_00, "floor": 80_00, "stretch": 110_00}, "same", "target"),
        ({"reason": "  "}, "required", "reason"),
        ({"reason": "长" * 1001}, "too_long", "reason"),
        ({"event": 987_654}, "event", "event"),
        ({"valid_from": date(2026, 3, 31)}, "valid_from", "valid_from"),
        ({"valid_from": date(2026, 7, 1)}, "valid_from", "valid_from"),
        ({"at": at(date(2026, 7, 1))}, "over", ""),
    ],
)
def test_what_cannot_be_asked_is_refused(world: World, goals, event, change: dict, code: str, field: str):
    with pytest.raises(Refusal) as refused:
        ask(goals, event, world.veteran, **change)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Adjustment.objects.exists()


@pytest.mark.parametrize("day", [date(2026, 4, 1), date(2026, 6, 30)])
def test_the_first_and_the_last_day_of_the_goal_are_inside_it(world: World, goals, event, day: date):
    assert ask(goals, event, world.veteran, valid_from=day).valid_from == day


def test_a_reason_of_the_longest_length_is_taken(world: World, goals, event):
    assert len(ask(goals, event, world.veteran, reason="长" * 1000).reason) == 1000


def test_on_its_last_day_a_goal_can_still_be_asked_about(world: World, goals, event):
    made = ask(goals, event, world.veteran, at=at(date(2026, 6, 30)))
    assert made.check_on == date(2026, 7, 1), "looked at again when it is over"


def test_a_second_application_waits_for_the_first(world: World, goals, event, asked):
    with pytest.raises(Refusal) as refused:
        ask(goals, event, world.veteran, target=85_00)
    assert refused.value.code == "open"
    acts.withdraw_adjustment(adjustment=asked.pk, by=world.veteran, at=AT)
    ask(goals, event, world.veteran, target=85_00)


def test_lines_that_are_not_named_stay_as_the_newest_version_has_them(world: World, event):
    """Whoever asked looked at another version: what they did not name is taken from the one held by the act."""
    for number, floor in enumerate((70_00, 60_00)):
        mine = Draft("won_amount", "person", Q2, 100_00, person=world.veteran.pk, floor=floor, stretch=110_00)
        acts.draft_goals([replace(mine, seen=number)], origin="hand", by=world.director, at=AT)
        put_in_force([Goal.objects.get().pk])
    goal = Goal.objects.get().pk
    form = {"goal": goal, "event": event.pk, "reason": "缺货", "valid_from": FROM, "by": world.veteran, "at": AT}
    with pytest.raises(Conflict) as refused:
        acts.request_adjustment(target=90_00, seen=1, **form)
    assert refused.value.now == 2
    made = acts.request_adjustment(target=90_00, stretch=None, seen=2, **form)
    assert (made.floor, made.target, made.stretch, made.challenge) == (60_00, 90_00, None, None)
    with pytest.raises(TypeError):
        acts.request_adjustment(goals=90_00, **form)


def test_a_draft_is_changed_and_not_applied_for(world: World, event):
    acts.draft_goals([Draft("won_amount", "person", Q2, 1, person=world.veteran.pk)], origin="hand",
                     by=world.director, at=AT)  # fmt: skip
    with pytest.raises(Refusal) as refused:
        ask({"own": Goal.objects.get()}, event, world.veteran)
    assert refused.value.code == "not_in_force"


def test_the_elastic_clause_names_the_events_that_count(world: World, goals, event):
    acts.draft_goals([Draft("deals_won", "person", Q2, 9, person=world.veteran.pk, elastic=["policy"])],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    clause = Goal.objects.get(metric="deals_won")
    put_in_force([clause.pk])
    lines = {"goal": clause.pk, "target": 8, "floor": None, "stretch": None}
    with pytest.raises(Refusal) as refused:
        ask(goals, event, world.veteran, **lines)
    assert refused.value.code == "elastic"
    law = acts.add_event(kind="policy", title="新规", on=TODAY, by=world.analyst, at=AT)
    ask(goals, law, world.veteran, **lines)


def test_a_retired_event_carries_no_new_application(world: World, goals, event):
    acts.retire_event(event=event.pk, by=world.leader, at=AT)
    with pytest.raises(Refusal) as refused:
        ask(goals, event, world.veteran)
    assert refused.value.code == "event"


def test_a_change_does_not_reach_back_into_a_closed_period(world: World, goals, event):
    later = at(date(2026, 5, 6))
    people.close_period(start=date(2026, 4, 1), end=date(2026, 5, 1), by=None, at=later)
    with pytest.raises(Refusal) as refused:
        ask(goals, event, world.veteran, valid_from=date(2026, 4, 30), at=later)
    assert refused.value.code == "closed_period"
    ask(goals, event, world.veteran, valid_from=date(2026, 5, 1), at=later)


# --- the clock -------------------------------------------------------------------------------------------------------
def test_what_is_late_is_told_further_up_once_and_never_approved(world: World, goals, asked):
    assert followups.applications(now=at(asked.due_on)) == 0, "its last day is in time"
    assert followups.applications(now=at(asked.due_on + DAY)) == 1
    assert followups.applications(now=at(asked.due_on + 9 * DAY)) == 0
    event = reads.adjustment(asked.pk).event("escalated")
    assert [one["name"] for one in event.figures["told"]] == ["周岚", "林静", "何睿"]
    lies = event.figures["lies"]
    assert (lies["seat"], [one["name"] for one in lies["with"]]) == ("analyst", ["何睿"])
    assert lies["since"] == asked.due_on.isoformat()
    assert state(asked) == "escalated"
    voice(asked, "analyst", world.analyst, at=at(asked.due_on + 10 * DAY))
    voice(asked, "director", world.director, at=at(asked.due_on + 10 * DAY))


def test_those_whose_own_it_is_are_not_told_but_their_delegates_are(world: World, of_the_director):
    late = of_the_director.due_on + DAY
    acts.name_delegate(delegate=world.leader2.pk, start=TODAY, end=TODAY + 30 * DAY, by=world.director, at=AT)
    followups.applications(now=at(late))
    names = [one["name"] for one in reads.adjustment(of_the_director.pk).event("escalated").figures["told"]]
    assert names == ["赵磊", "林静", "何睿"]


def test_an_application_expires_with_its_goal(world: World, goals, asked):
    over = at(date(2026, 7, 1))
    assert followups.applications(now=at(date(2026, 6, 30))) == 1  # late, but open
    assert followups.applications(now=over) == 1
    assert followups.applications(now=over) == 0
    assert state(asked) == "expired"
    assert not GoalEvent.objects.filter(version__adjustment=asked).exists()


def test_what_was_approved_is_looked_at_again_once(world: World, goals, asked):
    voice(asked, "analyst", world.analyst)
    voice(asked, "director", world.director)
    asked_for = []

    def figures(row: Adjustment, until: date) -> followups.Happened | None:
        asked_for.append((row.pk, until))
        return followups.Happened(actual=50_00, before=67_00, after=48_00, n=4) if until > asked.check_on else None

    assert followups.looked_back(figures, now=at(asked.check_on - DAY)) == 0
    assert asked_for == []
    assert followups.looked_back(figures, now=at(asked.check_on)) == 0, "no figures yet"
    assert followups.looked_back(figures, now=at(asked.check_on + DAY)) == 1
    assert followups.looked_back(figures, now=at(asked.check_on + DAY)) == 0
    told = reads.adjustment(asked.pk).event("checked").figures
    assert (told["verdict"], told["actual"], told["n"], told["until"]) == ("held", 50_00, 4, "2026-06-01")


def test_what_was_not_approved_is_never_looked_at(world: World, asked):
    assert acts.check_adjustment(adjustment=asked.pk, actual=1, before=1, after=1, n=1, at=at(date(2026, 9, 1))) is None


def test_the_worker_looks_after_applications():
    assert chores.applications in [chore.run for chore in chores.CHORES]


# --- the database ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE goals_adjustment SET target = 1",
        "UPDATE goals_adjustment SET evidence = '{\"n\": 9}'",
        "UPDATE goals_adjustment SET due_on = '2027-01-01'",
        "DELETE FROM goals_adjustment",
        "UPDATE goals_adjustmentvoice SET yes = NOT yes",
        "DELETE FROM goals_adjustmentvoice",
        "UPDATE goals_adjustmentevent SET kind = 'approved'",
        "DELETE FROM goals_adjustmentevent",
    ],
)
def test_the_database_itself_keeps_what_was_asked_and_said(world: World, asked, sql: str):
    voice(asked, "analyst", world.analyst)
    with pytest.raises(DatabaseError, match="never overwritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_merge_of_two_records_takes_the_application_along(world: World, goals, event):
    twin = people.add_person(name="孙浩", by=None, at=AT)
    people.grant_role(person=twin, role="manager", by=None, at=AT)
    acts.draft_goals([Draft("deals_won", "person", Q2, 9, person=twin.pk)], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get(metric="deals_won")
    put_in_force([goal.pk])
    made = ask({"own": goal}, event, twin, target=8, floor=None, stretch=None)
    people.merge_people(keep=world.veteran, drop=twin, reason="同一个人", by=None, at=AT)
    made.refresh_from_db()
    assert made.asked_by_id == world.veteran.pk
    acts.withdraw_adjustment(adjustment=made.pk, by=world.veteran, at=AT)


def test_months_of_the_own_goal_are_not_added_to_what_others_hold(world: World) -> None:
    """A team's quarter with months of its own and two persons below: another target changes nothing below it."""
    quarter = Draft("deals_won", "team", Q2, 30, team=world.east1.pk)
    rows = [quarter]
    rows += [Draft("deals_won", "team", month, 10, team=world.east1.pk, above=identity(quarter)) for month in MONTHS]
    rows += [Draft("deals_won", "person", Q2, 15, person=who.pk, above=identity(quarter))
             for who in (world.veteran, world.grower)]  # fmt: skip
    acts.draft_goals(rows, origin="hand", by=None, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    goal = Goal.objects.get(team=world.east1, label=Q2.label)
    _above, below = reads.around(reads.heads([goal])[goal.pk], 36)
    assert below is not None
    assert (below.before.below, below.after.below) == (30, 30)
    assert (below.before.difference, below.after.difference) == (0, -6)
