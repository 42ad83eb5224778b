"""Goals: who reads which, who sets them. Whose figures stand on the pages is proved in tests/web/test_goal_pages.py."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalSuggestion
from pacesetter.lib import periods
from pacesetter.people.models import Person
from tests.matrix.policy import OWN, TEAM, Row, to
from tests.world import AT, World

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
        acts.publish_goals([found.pk], by=world.director, at=AT)
    return {"pk": found.pk}


def a_suggestion(world: World, who: Person) -> Mapping[str, Any]:
    """A suggestion for an action goal of this person."""
    found = GoalSuggestion.objects.filter(goal__person=who).first()
    if found is None:
        draft = Draft("customers_visited", "person", Q2, 3, person=who.pk, per="day")
        (goal,) = acts.adopt_actions([draft], by=world.director, at=AT)
        acts.suggest([acts.Suggested(goal, 3, 4)], at=AT)
        found = GoalSuggestion.objects.get(goal=goal)
    return {"pk": found.pk}


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
}
