"""Goal adjustment: applications, the register of market events, delegates.

A rep has the own application; a manager those of the team's people; the three seats have all. Nobody asks for another.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.goals.models import Adjustment, Goal, GoalEvent, GoalVersion, MarketEvent
from pacesetter.people.models import Person
from tests.matrix.policy import EVERY, OWN, TEAM, Row, to
from tests.world import AT, TODAY, World

# whoever has goals and judges none
ASKERS = {"rep": OWN, "manager": OWN, "director": OWN, "hrbp": OWN, "analyst": OWN}
CONCERNED = to("rep", "manager", "director", "hrbp", "analyst")
KEEPERS = to("manager", "director", "analyst", "marketing")


def event() -> MarketEvent:
    return MarketEvent.objects.get_or_create(kind="policy", title="新规", on=TODAY, made_at=AT)[0]


def goal(world: World, who: Person) -> Mapping[str, Any]:
    """A goal of somebody's in force."""
    made = Goal.objects.filter(person=who).first()
    if made is None:
        made = Goal.objects.create(metric="won_amount", layer="individual", owner_kind="person", person=who,
                                   period_kind="quarter", label="2026Q2", start=TODAY.replace(month=4, day=1),
                                   end=TODAY.replace(month=7, day=1), made_at=AT)  # fmt: skip
        version = GoalVersion.objects.create(goal=made, number=1, target=100_00, valid_from=made.start, origin="hand",
                                             at=AT)  # fmt: skip
        for kind in ("drafted", "published"):
            GoalEvent.objects.create(version=version, kind=kind, at=AT)
    return {"pk": made.pk}


def application(world: World, who: Person) -> Mapping[str, Any]:
    """An application of somebody's about the own goal."""
    pk = goal(world, who)["pk"]
    made = Adjustment.objects.filter(goal_id=pk).first() or Adjustment.objects.create(
        goal_id=pk, version=GoalVersion.objects.get(goal_id=pk), event=event(), reason="新规", target=90_00,
        valid_from=TODAY.replace(month=4, day=1), asked_at=AT, asked_by=who, due_on=TODAY, check_on=TODAY,
    )  # fmt: skip
    return {"pk": made.pk}


def entry(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": MarketEvent.objects.get_or_create(kind="other", title=who.name, on=TODAY, made_at=AT)[0].pk}


ROWS = {
    "adjustments": Row(CONCERNED),
    "adjustment": Row({"rep": OWN, "manager": TEAM, "marketing": OWN, "finance": OWN, "admin": OWN, "stranger": OWN,
                       **to("director", "hrbp", "analyst", relations=EVERY)}, application),
    "goal_adjust": Row(ASKERS, goal),
    "market_events": Row(to("rep", "manager", "director", "hrbp", "analyst", "marketing")),
    "market_event_new": Row(KEEPERS),
    "market_event_edit": Row(KEEPERS, entry),
    "delegates": Row(to("director", "hrbp", "analyst")),
}  # fmt: skip
