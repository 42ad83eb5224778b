"""Goals: who reads which, who sets them. Whose figures stand on the pages is proved in tests/web/test_goal_pages.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalSuggestion
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.people.models import Membership, Person
from tests.matrix.policy import OWN, TEAM, Row, to
from tests.world import AT, World, put_in_force

Q2 = periods.parse("2026Q2")
READERS = to("rep", "manager", "director", "hrbp", "analyst", "marketing")
# a rep reads the own goals, a manager the team's; who left is in no team any more
ONE = {**to("rep", relations=OWN), **to("manager", relations=TEAM), **to("director", "hrbp", "analyst")}


def a_goal(world: World, who: Person) -> Mapping[str, Any]:
    """A published goal of this person."""
    found = Goal.objects.filter(person=who).first()
    if found is None:
        acts.draft_goals([Draft("deals_won", "person", Q2, 6, person=who.pk)], origin="hand", by=world.director, at=AT)
        found = Goal.objects.get(person=who)
        put_in_force([found.pk])
    return {"pk": found.pk}


def a_suggestion(world: World, who: Person) -> Mapping[str, Any]:
    """A suggestion for an action goal of this person."""
    found = GoalSuggestion.objects.filter(goal__person=who).first()
    if found is None:
        draft = Draft("customers_visited", "person", Q2, 3, person=who.pk, per="day", basis_figures={"days": 90})
        (goal,) = acts.adopt_actions([draft], by=world.director, at=AT)
        acts.suggest([acts.Suggested(goal, 3, 4)], at=AT)
        found = GoalSuggestion.objects.get(goal=goal)
    return {"pk": found.pk}


def a_spread(world: World, who: Person) -> Mapping[str, Any]:
    """A batch of drafts that the director made."""
    drafts = [Draft("deals_won", "team", Q2, 30, team=team.pk) for team in (world.east1, world.east2)]
    entry = Entry.objects.filter(act="draft_goals", rows=2).first()
    return {"pk": (entry or acts.draft_goals(drafts, origin="spread", by=world.director, at=AT)).pk}


def a_person(world: World, who: Person) -> Mapping[str, Any]:
    """Somebody with a published goal."""
    a_goal(world, who)
    return {"pk": who.pk}


def a_team(world: World, who: Person) -> Mapping[str, Any]:
    """The team of today (or the last one) of somebody, with a published goal."""
    seat = Membership.objects.filter(person=who, primary=True).order_by("-valid_from").first()
    team = seat.team_id if seat else world.hq.pk
    if not Goal.objects.filter(team=team).exists():
        acts.draft_goals([Draft("deals_won", "team", Q2, 60, team=team)], origin="hand", by=world.director, at=AT)
        put_in_force([Goal.objects.get(team=team).pk])
    return {"pk": team}


ROWS = {
    "goals": Row(READERS),
    "goal": Row(ONE, a_goal),
    "goal_rows": Row(ONE, a_goal, query="?metric=deals_won&period=2026Q2"),
    "goal_expected": Row(ONE, a_goal),
    # a rep sets action goals only; the director publishes; whoever owns a goal answers for it
    "goal_submit": Row({**to("manager", relations=TEAM), **to("director")}, a_goal),
    "goal_withdraw": Row({**to("manager", relations=TEAM), **to("director")}, a_goal),
    "goal_return": Row(to("director"), a_goal),
    "goal_publish": Row(to("director"), a_goal),
    "goal_lock": Row(to("director"), a_goal),
    "goal_sign": Row(to("rep", "manager", "director", "hrbp", "analyst", relations=OWN), a_goal),
    "goal_commit": Row(to("rep", "manager", "director", "hrbp", "analyst", relations=OWN), a_goal),
    "goals_publish": Row(to("manager", "director")),
    # the calculator shows persons' amounts: no marketing, no HRBP; who does not sell picks somebody in reach first
    "goal_calculator": Row(to("rep", "manager", "director", "analyst")),
    "goal_calculator_why": Row(to("rep", "manager"), query="?step=visits"),
    "goal_calculator_adopt": Row(to("rep", "manager")),
    "goal_suggestion": Row(
        {**to("rep", relations=OWN), **to("manager", relations=TEAM), **to("director")}, a_suggestion
    ),
    "goal_new": Row(to("rep", "manager", "director")),
    "goal_check": Row(to("rep", "manager", "director")),
    "goal_edit": Row({**to("manager", relations=TEAM), **to("director")}, a_goal),
    "goals_settings": Row(to("director")),
    "goal_letter_person": Row(ONE, a_person),
    # whoever left had their last seat in the reader's own team
    "goal_letter_team": Row(
        {**to("rep", "manager", relations=TEAM | {"left"}), **to("director", "hrbp", "analyst")}, a_team
    ),
    "goals_copy": Row(to("manager", "director")),
    "goals_template": Row(to("manager", "director")),
    "goals_spread": Row(to("manager", "director")),
    "goals_spread_undo": Row(to("director"), a_spread),
}
