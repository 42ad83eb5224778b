"""My day, the log sheet, plans, and what makes the pages installable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.activity.models import Activity, ActivityKind, PlanItem
from pacesetter.people.models import Person
from tests.matrix.policy import OWN, Row, everybody, to
from tests.matrix.rows.pipeline import SELLERS, customer_of
from tests.world import AT, TODAY, World

MINE = dict.fromkeys(("rep", "manager", "director"), OWN)


def plan(world: World, who: Person) -> Mapping[str, Any]:
    row = PlanItem.objects.create(person=who, on=TODAY, first_on=TODAY, customer=customer_of(who), created_at=AT)
    return {"pk": row.pk}


def record(world: World, who: Person) -> Mapping[str, Any]:
    row = Activity.objects.create(kind="call", on=TODAY, person=who, customer=customer_of(who), entered_at=AT)
    return {"pk": row.pk}


def hint(world: World, who: Person) -> Mapping[str, Any]:
    return {"key": "stuck"}


def kind(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": ActivityKind.objects.get(key="visit").pk}


RULES = to("admin", "director", "manager", "hrbp", "analyst")
MAKERS = to("admin", "director")

ROWS = {
    "process_rule": Row(RULES),
    "process_norms": Row(RULES),
    "process_scorecard": Row(RULES),
    "process_report": Row(RULES),
    "process_hints": Row(RULES),
    "process_hint": Row(MAKERS, hint),
    "process_kinds": Row(RULES),
    "process_kind_new": Row(MAKERS),
    "process_kind": Row(MAKERS, kind),
    "my_day": Row(everybody()),
    "hint": Row(to("rep", "manager", "director", "analyst"), hint),
    "log": Row(SELLERS),
    "log_find": Row(SELLERS),
    "log_known": Row(SELLERS),
    "log_near": Row(SELLERS),
    "log_say": Row(SELLERS),
    "log_token": Row(everybody()),
    "log_undo": Row(MINE, record),
    "plan_new": Row(SELLERS),
    "plan_move": Row(MINE, plan),
    "plan_drop": Row(MINE, plan),
    "plan_undo": Row(MINE, plan),
    "manifest": Row(everybody(),
                    anonymous="open"),
    "service_worker": Row(
        everybody(),
        anonymous="open",
    ),
    "offline": Row(everybody(),
                   anonymous="open"),
}  # fmt: skip
