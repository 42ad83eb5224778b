"""Who speaks about an application, who decides it, and what it changes."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import AdjustmentVoice, GoalVersion
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from tests.world import AT, TODAY, World

from .applying import DAY, FROM, Q2, ask, at, state, view, voice


def test_three_speak_and_the_new_lines_are_in_force_and_locked(world: World, goals, asked):
    voice(asked, "analyst", world.analyst)
    voice(asked, "hrbp", world.hrbp, yes=False)
    voice(asked, "director", world.director)
    now = view(goals["own"])
    assert [v.status for v in now.versions] == ["superseded", "locked"]
    new = now.in_force.row
    assert (new.number, new.origin, new.adjustment_id, new.valid_from) == (2, "adjustment", asked.pk, FROM)
    assert now.in_force.lines == {"floor": 70_00, "target": 90_00, "stretch": 99_00, "challenge": None}
    assert new.parent_id == goals["team"].pk
    assert [p.target for p in now.in_force.parts] == [30_00, 25_71, 34_29], "April is over when it begins"
    assert now.on(FROM - DAY).row.number == 1, "until its day the old line holds"
    assert now.on(FROM).row.number == 2
    assert now.versions[0].row.target == 100_00
    assert state(asked) == "approved"


def test_a_sum_that_parts_does_not_hold_it_up_and_is_written_down(world: World, goals, asked):
    voice(asked, "analyst", world.analyst)
    voice(asked, "director", world.director)
    figures = reads.adjustment(asked.pk).end.figures
    assert figures["above"] == {"goal": goals["team"].pk, "value": 100_00, "buffer": 0, "before": 0, "after": -10_00}
    assert (figures["before"], figures["target"], figures["version"]) == (100_00, 90_00, 2)


def test_the_sum_below_a_teams_goal_is_written_down_too(world: World, goals, event):
    made = ask(goals, event, world.leader, goal=goals["team"].pk, floor=None, stretch=None)
    voice(made, "analyst", world.analyst)
    voice(made, "director", world.director)
    figures = reads.adjustment(made.pk).end.figures
    assert (figures["above"]["after"], figures["below"]["after"]) == (-10_00, 10_00)
    assert view(goals["team"]).status == "published", "it was not locked, and is not now"


def test_a_no_ends_it_and_changes_nothing(world: World, goals, asked):
    voice(asked, "analyst", world.analyst)
    voice(asked, "director", world.director, yes=False)
    assert state(asked) == "refused"
    assert [v.row.number for v in view(goals["own"]).versions] == [1]


def test_the_director_waits_for_the_analyst_and_not_for_the_hrbp(world: World, asked):
    voice(asked, "hrbp", world.hrbp)
    with pytest.raises(Refusal) as refused:
        voice(asked, "director", world.director)
    assert refused.value.code == "assessment"
    voice(asked, "analyst", world.analyst, yes=False)
    voice(asked, "director", world.director)
    assert state(asked) == "approved", "the director decides"


@pytest.mark.parametrize("who", ["veteran", "grower", "leader", "marketing", "finance", "admin", "stranger"])
@pytest.mark.parametrize("seat", ["director", "hrbp", "analyst", "owner"])
def test_only_the_three_speak(world: World, asked, who: str, seat: str):
    with pytest.raises(Refusal) as refused:
        voice(asked, seat, getattr(world, who))
    assert refused.value.code in ("role", "out_of_reach")
    assert not AdjustmentVoice.objects.exists()


@pytest.mark.parametrize("sentence", ["", " \n", "长" * 1001])
def test_a_voice_gives_its_reason(world: World, asked, sentence: str):
    with pytest.raises(Refusal) as refused:
        acts.give_voice(adjustment=asked.pk, seat="hrbp", yes=True, sentence=sentence, by=world.hrbp, at=AT)
    assert refused.value.field == "sentence"


def test_a_seat_speaks_once(world: World, asked):
    voice(asked, "analyst", world.analyst)
    for by, code in ((world.analyst, "twice"), (second(world, "analyst"), "taken")):
        with pytest.raises(Refusal) as refused:
            voice(asked, "analyst", by, yes=False)
        assert refused.value.code == code


def second(world: World, *roles: str, who: Person | None = None) -> Person:
    person = who or people.add_person(name="第二人", by=None, at=AT)
    for role in roles:
        people.grant_role(person=person, role=role, by=None, at=AT)
    return person


def test_one_person_sits_in_one_seat(world: World, asked):
    both = second(world, "analyst", "director")
    voice(asked, "analyst", both)
    with pytest.raises(Refusal) as refused:
        voice(asked, "director", both)
    assert refused.value.code == "twice"
    voice(asked, "director", world.director)


def test_a_second_role_does_not_let_anybody_decide_their_own(world: World, asked):
    second(world, "director", "analyst", "hrbp", who=world.veteran)
    for seat in ("analyst", "hrbp", "director"):
        with pytest.raises(Refusal) as refused:
            voice(asked, seat, world.veteran)
        assert refused.value.code == "self"


def test_a_role_that_ended_speaks_no_more(world: World, asked):
    people.revoke_role(person=world.analyst, role="analyst", on=TODAY, by=None, at=AT)
    with pytest.raises(Refusal):
        voice(asked, "analyst", world.analyst)


def test_a_lone_director_names_a_delegate_for_the_own_goal(world: World, of_the_director):
    with pytest.raises(Refusal) as refused:
        voice(of_the_director, "director", world.director)
    assert refused.value.code == "self"
    acts.name_delegate(delegate=world.leader.pk, start=TODAY, end=TODAY + DAY, by=world.director, at=AT)
    assert voice(of_the_director, "director", world.leader).stands_for_id == world.director.pk
    assert state(of_the_director) == "approved"


def test_a_delegate_speaks_only_while_named(world: World, of_the_director):
    row = acts.name_delegate(delegate=world.leader.pk, start=TODAY + DAY, end=TODAY + 3 * DAY, by=world.director,
                             at=AT)  # fmt: skip
    for day in (TODAY, TODAY + 3 * DAY):
        with pytest.raises(Refusal):
            voice(of_the_director, "director", world.leader, at=at(day))
    acts.end_delegate(delegate=row.pk, by=world.director, at=at(TODAY + DAY))
    with pytest.raises(Refusal):
        voice(of_the_director, "director", world.leader, at=at(TODAY + 2 * DAY))
    acts.name_delegate(delegate=world.leader2.pk, start=TODAY + DAY, end=TODAY + 3 * DAY, by=world.director,
                       at=at(TODAY + DAY))  # fmt: skip
    voice(of_the_director, "director", world.leader2, at=at(TODAY + 2 * DAY), stands_for=world.director.pk)


def test_a_delegate_does_not_decide_their_own(world: World, goals, event):
    made = ask(goals, event, world.leader, goal=goals["team"].pk, floor=None, stretch=None)
    voice(made, "analyst", world.analyst)
    acts.name_delegate(delegate=world.leader.pk, start=TODAY, end=TODAY + DAY, by=world.director, at=AT)
    with pytest.raises(Refusal) as refused:
        voice(made, "director", world.leader)
    assert refused.value.code == "self"
    with pytest.raises(Refusal) as refused:
        voice(made, "director", world.director, stands_for=world.leader.pk)
    assert refused.value.code == "role", "nobody named the director"


def test_the_owner_is_silent_also_when_another_asked_before(world: World, goals, event):
    made = ask(goals, event, world.leader, goal=goals["team"].pk, floor=None, stretch=None)
    people.change_team(team=world.east1, leader=world.analyst, by=None, at=AT)
    with pytest.raises(Refusal) as refused:
        voice(made, "analyst", world.analyst)
    assert refused.value.code == "self"


def test_after_the_end_nobody_speaks_withdraws_or_decides(world: World, asked):
    voice(asked, "analyst", world.analyst)
    voice(asked, "director", world.director)
    for again in (
        lambda: voice(asked, "director", world.director),
        lambda: voice(asked, "hrbp", world.hrbp),
        lambda: acts.withdraw_adjustment(adjustment=asked.pk, by=world.veteran, at=AT),
    ):
        with pytest.raises(Refusal) as refused:
            again()
        assert refused.value.code == "decided"
    assert GoalVersion.objects.filter(adjustment=asked).count() == 1


def test_a_goal_that_changed_meanwhile_is_applied_for_anew(world: World, goals, event):
    made = ask(goals, event, world.leader, goal=goals["team"].pk, floor=None, stretch=None)
    acts.set_goal_settings(
        valid_from=TODAY, tolerance=10_000, lines=reads.DEFAULT_LINES, challenge_over=10, challenge_top=20,
        whole_metrics=(), decide_days=3, pace_basis="days", by=None, at=AT,
    )  # fmt: skip
    acts.draft_goals([Draft("won_amount", "team", Q2, 95_00, team=world.east1.pk, above=goals["company"].pk)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    acts.publish_goals([goals["team"].pk], by=world.director, at=AT)
    voice(made, "analyst", world.analyst)
    with pytest.raises(Refusal) as refused:
        voice(made, "director", world.director)
    assert refused.value.code == "changed"
    voice(made, "director", world.director, yes=False)


def test_an_approval_after_the_end_of_the_goal_is_refused(world: World, goals, asked):
    voice(asked, "analyst", world.analyst)
    with pytest.raises(Refusal) as refused:
        voice(asked, "director", world.director, at=at(date(2026, 7, 1)))
    assert refused.value.code == "over"
    assert not AdjustmentVoice.objects.filter(seat="director").exists(), "nothing of it was written"


def test_only_the_asker_withdraws(world: World, asked):
    for who in (world.director, world.leader, world.grower):
        with pytest.raises(OutOfReach):
            acts.withdraw_adjustment(adjustment=asked.pk, by=who, at=AT)
    acts.withdraw_adjustment(adjustment=asked.pk, by=world.veteran, at=AT, reason="客户回来了")
    assert state(asked) == "withdrawn"


def test_an_open_draft_gives_way(world: World, goals, event):
    acts.draft_goals([Draft("won_amount", "team", Q2, 95_00, team=world.east1.pk, above=goals["company"].pk)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    made = ask(goals, event, world.leader, goal=goals["team"].pk, floor=None, stretch=None)
    voice(made, "analyst", world.analyst)
    voice(made, "director", world.director)
    assert [v.status for v in view(goals["team"]).versions] == ["superseded", "withdrawn", "published"]
