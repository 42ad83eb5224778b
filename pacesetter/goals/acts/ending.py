"""The end of goals by the clock: the outcome is frozen beside the version that was in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from pacesetter.journal.acts import record, record_rows
from pacesetter.people import reads as people

from .. import reads, rules
from ..models import GoalEvent, GoalOutcome
from .holding import alive
from .publishing import _locked
from .saying import _say

# top, bottom (None: top is the value), cases; None where the number is unknown. Of a goal for each day or week the
# bottom is the working days of its time.
# A fourth figure is what is left of a goal whose owner was not there all the time, as a share of it.
Actual = tuple[int, int | None, int] | tuple[int, int | None, int, Fraction]


@transaction.atomic
def end_goals(actuals: Mapping[int, Actual | None], *, at: datetime) -> int:
    """Freeze how these goals ended; drafts that were never published expire. How many. Safe to repeat.

    Only goals whose time is over are touched. `actuals` goal → the metric's figures of its whole period.
    """
    today = people.business_day(at)
    ended: list[tuple[GoalOutcome, int]] = []
    gone: list[int] = []
    for pk, view in _locked(actuals).items():
        if view.ended or view.goal.end > today:
            continue
        version = view.in_force
        if view.draft is not None:
            gone.append(view.draft.row.pk)
        if version is None:
            continue
        actual = actuals[pk]
        verdict = "expired" if actual is None else _verdict(view, version, actual)
        top, bottom, cases = actual[:3] if actual else (None, None, 0)
        row = alive(view, version, by=None, at=at)
        ended.append((GoalOutcome(goal=view.goal, version=row, verdict=verdict, top=top, bottom=bottom,
                                  cases=cases, at=at), row.pk))  # fmt: skip
    _say(gone, GoalEvent.Kind.WITHDRAWN, by=None, at=at, reason="period over")
    for verdict in ("achieved", "missed", "expired"):
        _say([pk for outcome, pk in ended if outcome.verdict == verdict], verdict, by=None, at=at)
    GoalOutcome.objects.bulk_create(outcome for outcome, _ in ended)
    if ended or gone:
        entry = record("end_goals", by=None, at=at, entity="goal", after={"goals": len(ended)}, rows=len(ended))
        for outcome, pk in ended:
            said = {"verdict": outcome.verdict, "top": outcome.top, "bottom": outcome.bottom}
            record_rows(entry, "goals.goalversion", [(pk, {}, said)])
    return len(ended) + len(gone)


def _verdict(view: reads.GoalView, version: reads.VersionView, actual: Actual) -> str:
    metric = reads.metric_named(view.goal.metric, view.goal.basis)
    share = actual[3] if len(actual) > 3 else Fraction(1)
    return rules.verdict(
        # nothing is asked of somebody who was there on none of its days
        (actual[0], actual[1]) if share else None,
        version.row.target * share,
        ratio=metric.unit == "ratio",
        better=metric.better,
        per=view.goal.per,
    )
