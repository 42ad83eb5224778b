"""What stands beside a record: observations of joint visits and needs reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.activity.models import Activity, NeedsReport
from pacesetter.people.models import Person
from tests.matrix.policy import EVERY, OWN, Row, everybody
from tests.matrix.rows.pipeline import BEFORE, FROZEN, SELLERS, customer_of, seat
from tests.world import AT, World

# the person themself, the heads above their team on that day, the director; an analyst counts but reads no words
NEAR = FROZEN
# a reader who is named (路人 here) reads what is addressed to them, whoever wrote it
MINE = dict.fromkeys(("rep", "manager", "director"), OWN)


def visit(world: World, who: Person) -> Mapping[str, Any]:
    row = Activity.objects.create(kind="visit", on=BEFORE, customer=customer_of(who), entered_at=AT, **seat(who))
    return {"pk": row.pk}


def analysed(who: Person) -> Activity:
    return Activity.objects.create(kind="needs_report", on=BEFORE, customer=customer_of(who), entered_at=AT,
                                   **seat(who))  # fmt: skip


def to_write(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": analysed(who).pk}


def report(world: World, who: Person) -> Mapping[str, Any]:
    row = NeedsReport.objects.create(activity=analysed(who), reader=world.stranger, sent_at=AT)
    return {"pk": row.pk}


ROWS = {
    "observations": Row(everybody()),
    "observation": Row({**NEAR, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin", "stranger"), OWN)},
                       visit),
    "report_edit": Row(MINE, to_write),
    "reports": Row(everybody()),
    "report_new": Row(SELLERS),
    "report": Row({**NEAR, **dict.fromkeys(("hrbp", "analyst", "marketing", "finance", "admin"), OWN),
                   "stranger": EVERY}, report),
}  # fmt: skip
