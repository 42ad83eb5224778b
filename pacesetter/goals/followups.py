"""What follows by itself: goals end by the clock, late applications are told further up, those of goals that are over
expire, and what was approved is compared with what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pacesetter.people import reads as people

from . import acts, reads
from .acts.ending import Actual
from .models import Adjustment
from .rules import suggesting
from .rules.actions import Plan

BATCH = 200


def applications(*, now: datetime) -> int:
    """Expire and escalate what is due; how many. Each is an act of its own. Safe to repeat and to kill."""
    if people.company_or_none() is None:
        return 0
    today = people.business_day(now)
    rows = reads.open_adjustments()
    over = list(rows.filter(goal__end__lte=today).values_list("pk", flat=True))
    count = sum(acts.expire_adjustment(adjustment=pk, at=now) is not None for pk in over)
    late = list(rows.filter(due_on__lt=today, goal__end__gt=today).values_list("pk", flat=True))
    return count + sum(acts.escalate_adjustment(adjustment=pk, at=now) is not None for pk in late)


@dataclass(frozen=True)
class Happened:
    """The metric of an approved application until a day, in the metric's unit, and what the old and the new line asked
    for until then."""

    actual: int | None
    before: int
    after: int
    n: int


def looked_back(figures: Callable[[Adjustment, date], Happened | None], *, now: datetime) -> int:
    """Compare approved applications with what happened once their day has come; how many. Safe to repeat and to kill.

    `figures` answers for an application and the day up to which (not including it); None leaves it for a later run.
    """
    if people.company_or_none() is None:
        return 0
    today, count = people.business_day(now), 0
    for row in reads.unchecked(today):
        found = figures(row, min(today, row.goal.end))
        if found is not None:
            count += acts.check_adjustment(adjustment=row.pk, actual=found.actual, before=found.before,
                                           after=found.after, n=found.n, at=now) is not None  # fmt: skip
    return count


def ends(measure: Callable[[Sequence[reads.GoalView]], Mapping[int, Actual | None]], *, now: datetime) -> int:
    """Freeze how goals ended whose time is over; how many. Safe to repeat and to kill.

    `measure` gives the metric's figures of each goal's whole time (None: unknown). Facts of a period that is not closed
    may still come: a goal ends with the closing of its period, and at the latest 30 days after its last day.
    """
    if people.company_or_none() is None:
        return 0
    today, count = people.business_day(now), 0
    while True:
        over = list(reads.over(today, people.closed_until())[:BATCH])
        if not over:
            return count
        book = reads.book(over)
        running = [view for view in book if view.in_force is not None]
        told: dict[int, Actual | None] = dict.fromkeys((view.pk for view in book), None)
        told.update(measure(running))
        ended = acts.end_goals(told, at=now)
        if not ended:
            return count
        count += ended


def suggestions(
    calculated: Callable[[Sequence[int], date], Mapping[int, Plan]], won: Callable[[int, date, date], int], *,
    now: datetime,
) -> int:  # fmt: skip
    """Calculate every derived action goal again and suggest where it would be another number; how many.

    Changes no goal. At most one suggestion a goal and day; a number that was declined is not suggested again until it
    changes. `won` gives a person's amount from a day up to another (not including it). Safe to repeat and to kill.
    """
    if people.company_or_none() is None:
        return 0
    today = people.business_day(now)
    views = reads.derived_goals(today)
    last = reads.last_of(view.pk for view in views)
    due = [view for view in views if view.pk not in last or last[view.pk].day < today]
    by_person = calculated(sorted({view.goal.person_id for view in due if view.goal.person_id}), today) if due else {}
    found = []
    for view in due:
        plan = by_person.get(view.goal.person_id or 0)
        if plan is None or view.in_force is None:
            continue
        figures, target = view.in_force.row.basis_figures, view.in_force.row.target
        amount = suggesting.amount_left(figures, plan, won, today)
        if amount is None:
            continue
        value, told = suggesting.again(figures, plan, amount, view.goal.metric, view.goal.per)
        before = last.get(view.pk)
        silent = before is not None and before.now == target and before.value == value
        if value is not None and value != target and not silent:
            found.append(acts.Suggested(view.pk, target, value, told))
    return acts.suggest(found, at=now) if found else 0
