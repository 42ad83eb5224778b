"""Where a person's move below meets what they hold above: one hand-over, one transaction, asked for by the door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts as activity
from pacesetter.activity.models import PlanItem, PlanState
from pacesetter.lib.refusal import Refusal
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline import rules
from pacesetter.pipeline.models import Customer, Deal, Lead


@dataclass(frozen=True)
class Holds:
    """How much somebody holds that a hand-over moves."""

    customers: int
    deals: int
    leads: int
    plans: int

    @property
    def anything(self) -> bool:
        """Whether there is something to hand over."""
        return bool(self.customers or self.deals or self.leads or self.plans)


def holds(person: Person) -> Holds:
    """What the person holds now."""
    return Holds(
        Customer.objects.filter(owner=person, merged_into=None).count(),
        Deal.objects.filter(owner=person, stage__in=rules.OPEN_STAGES).count(),
        Lead.objects.filter(owner=person).exclude(stage__in=("won", "lost")).count(),
        PlanItem.objects.filter(person=person, state=PlanState.OPEN).count(),
    )


def hand_over(
    person: Person,
    *,
    choices: dict[str, str],
    successor: Person | None,
    manager: Person | None,
    reason: str,
    on: date,
    by: Person,
    at: datetime,
) -> None:
    """Carry out the chosen rule for customers, deals and leads: successor, manager, pool (leads), stay.

    What was planned for them goes the same way.
    """
    by_target: dict[int | None, tuple[Person | None, list[str]]] = {}
    for what, choice in choices.items():
        if choice == "stay":
            continue
        target = {"successor": successor, "manager": manager, "pool": None}[choice]
        if choice != "pool" and target is None:
            raise Refusal(_("没有可以接手的人，请选一位接手人。"), code="required", field=what)
        by_target.setdefault(target.pk if target else None, (target, []))[1].append(what)
    for target, what_list in by_target.values():
        pipeline.transfer_ownership(
            from_person=person, to_person=target, what=tuple(what_list), on=on, reason=reason, by=by, at=at
        )
    takers = {what: target for target, what_list in by_target.values() for what in what_list}
    activity.hand_over_plans(from_person=person, to=takers, reason=reason, by=by, at=at)


def refreeze(person: Person, stretches: Iterable[tuple[date, date]], *, by: Person, at: datetime) -> int:
    """Freeze the person's facts of open periods anew in every room; how many rows changed."""
    changed = 0
    for start, end in stretches:
        for room in (pipeline, activity):
            changed += room.refreeze(person_id=person.pk, start=start, end=end, by=by, at=at)
    return changed
