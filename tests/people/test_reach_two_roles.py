"""Two roles beside each other: each opens its own parts as far as it reaches, and none takes from the other."""

from __future__ import annotations

import pytest

from pacesetter import assembly
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.metrics.engine import EVERYTHING
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach, reach_of
from pacesetter.people.rights import Scope
from tests.world import AT, TODAY, World, put_in_force

AMOUNT, VISITS, LEADS = (assembly.metric(key) for key in ("won_amount", "visits", "leads_created"))


def both(person: Person, *roles: str) -> Reach:
    for role in roles:
        people.grant_role(person=person, role=role, by=None, at=AT, reason="兼任")
    return reach_of(person, TODAY)


@pytest.mark.parametrize(
    ("more", "amounts", "visits", "leads", "by_person"),
    [
        ((), Scope.OWN, Scope.OWN, Scope.OWN, Scope.OWN),
        (("marketing",), Scope.OWN, Scope.OWN, Scope.ALL, Scope.OWN),
        (("finance",), Scope.ALL, Scope.OWN, Scope.OWN, Scope.OWN),
        (("hrbp",), Scope.OWN, Scope.ALL, Scope.ALL, Scope.ALL),
        (("admin",), Scope.OWN, Scope.OWN, Scope.OWN, Scope.OWN),
        (("analyst", "hrbp", "marketing"), Scope.ALL, Scope.ALL, Scope.ALL, Scope.ALL),
    ],
)
def test_a_second_role_adds_its_own_parts_and_nothing_crosswise(
    world: World, more: tuple[str, ...], amounts: Scope, visits: Scope, leads: Scope, by_person: Scope
) -> None:
    reach = both(world.veteran, *more)
    assert assembly.scope_of(AMOUNT, reach, ("person",)) == amounts
    assert assembly.scope_of(VISITS, reach) == visits
    assert assembly.scope_of(LEADS, reach) == leads
    assert assembly.scope_of(LEADS, reach, ("person",)) == by_person
    assert (assembly.limits(AMOUNT, reach) == EVERYTHING) is (amounts == Scope.ALL)


def test_a_manager_who_is_also_hrbp_keeps_the_teams_amounts_and_no_others(world: World) -> None:
    reach = both(world.leader, "hrbp")
    assert assembly.limits(AMOUNT, reach).teams == (world.east1.pk,)
    assert assembly.limits(VISITS, reach) == EVERYTHING


def test_goals_of_colleagues_stay_out_of_a_reps_reach_who_also_does_marketing(world: World) -> None:
    q2 = periods.parse("2026Q2")
    acts.draft_goals(
        [Draft(key, "person", q2, 5, person=who.pk) for key in ("won_amount", "leads_created")
         for who in (world.veteran, world.rep2)], origin="hand", by=None, at=AT,
    )  # fmt: skip
    put_in_force(Goal.objects.values_list("pk", flat=True))
    reach = both(world.veteran, "marketing")
    seen = {(goal.metric, goal.person_id) for goal in reads.visible(reach)}
    assert seen == {("won_amount", world.veteran.pk), ("leads_created", world.veteran.pk),
                    ("leads_created", world.rep2.pk)}  # fmt: skip
    of = {(goal.metric, goal.person_id): reads.sees_figures(reach, goal, assembly.metric(goal.metric))
          for goal in Goal.objects.all()}  # fmt: skip
    assert of == {("won_amount", world.veteran.pk): True, ("won_amount", world.rep2.pk): False,
                  ("leads_created", world.veteran.pk): True, ("leads_created", world.rep2.pk): False}  # fmt: skip
    assert not reach.sees_person(world.rep2.pk)
    assert not reach.sees_person(world.rep2.pk, "goals")


def test_the_leader_who_is_also_analyst_reads_why_the_own_people_are_away_and_nobody_else(world: World) -> None:
    """An analyst reads everybody without it."""
    reach = both(world.leader, "analyst")
    assert {who.name: reach.reads_absences(who) for who in (world.leader, world.veteran, world.rep2)} == {
        world.leader.name: True, world.veteran.name: True, world.rep2.name: False,
    }  # fmt: skip
    assert both(world.leader2, "analyst", "hrbp").reads_absences(world.veteran)
    assert not both(world.grower, "analyst").reads_absences(world.veteran)


@pytest.mark.parametrize("more", [(), ("rep",), ("manager",)])
def test_whoever_imported_drafts_sees_them_in_every_further_role(world: World, more: tuple[str, ...]) -> None:
    reach = both(world.analyst, *more)
    acts.draft_goals([Draft("won_amount", "person", periods.parse("2026Q2"), 5, person=world.veteran.pk)],
                     origin="import", by=world.analyst, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    assert goal.pk in reads.seen(reach, [goal])
    assert reads.seen_rows(reach).filter(pk=goal.pk).exists()
    # another's is not seen
    other = both(world.grower, "analyst")
    assert goal.pk not in reads.seen(other, [goal])
    assert not reads.seen_rows(other).filter(pk=goal.pk).exists()
