"""Checking an import: every record against what is stored, nothing written.

plan = check(opened, choices, staging=Staging(path), zone=…, progress=…)
plan.files, plan.errors, plan.warnings, plan.staging
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from zoneinfo import ZoneInfo

from pacesetter.journal.models import Entry
from pacesetter.lib.periods import DEFAULT, Settings

from .. import faults
from ..faults import Fault
from ..plan import Plan
from ..staging import Staging
from ..tables import Record
from . import reasons
from .activities import Activities
from .base import Checker, Choices
from .collections import Collections
from .customers import Customers
from .deals import Deals
from .goals import Goals
from .leads import Leads
from .people import People
from .planner import Planner
from .products import Products
from .returns import Returns

faults.TEXTS.update(reasons.TEXTS)

PLANNERS: dict[str, type[Planner]] = {
    "people": People,
    "products": Products,
    "customers": Customers,
    "leads": Leads,
    "deals": Deals,
    "returns": Returns,
    "activities": Activities,
    "collections": Collections,
    "goals": Goals,
}
# journal entries of these objects cannot change what a plan rests on
UNRELATED = ("session", "token", "saved_mapping", "activity", "export")
BEAT = 500


def check(
    items: Iterable[Record | Fault],
    files: Iterable[tuple[str, str]],
    choices: Choices,
    *,
    staging: Staging,
    zone: str = "Asia/Shanghai",
    currency: str = "CNY",
    periods: Settings = DEFAULT,
    headers: Mapping[str, Mapping[str, str]] | None = None,
    progress: Callable[[Plan], None] | None = None,
) -> Plan:
    """Plan every record. `files` are (file, entity) in order; `progress` is called every few hundred rows."""
    plan = Plan(staging)
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first()
    plan.journal_head = newest or 0
    for file, entity in files:
        plan.file(file, entity)
    checker = Checker(plan, choices, headers or {}, zone=ZoneInfo(zone), currency=currency, periods=periods)
    planners: dict[str, Planner] = {}
    current = ""
    for place, item in enumerate(items):
        if isinstance(item, Fault):
            plan.take_fault(item)
        else:
            if item.entity != current:
                if current in planners:
                    planners[current].finish()
                current = item.entity
                if current not in planners:
                    planners[current] = PLANNERS[current](checker)
            planners[current].take(item)
        if progress is not None and place % BEAT == 0:
            progress(plan)
    if current in planners:
        planners[current].finish()
    checker.tell_tallies()
    plan.first_day, plan.last_day = checker.first_day, checker.last_day
    plan.timed()
    return plan


__all__ = ["PLANNERS", "Checker", "Choices", "check"]
