"""Action goals from a calculation: taken over by somebody, or suggested by night and answered by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.periods import Period
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads
from ..models import Goal, GoalSuggestion, SuggestionAnswer
from ..rules import copying
from .drafting import Draft, draft_goals, identity, identity_of
from .publishing import _locked, publish_goals

Kind = SuggestionAnswer.Kind


@dataclass(frozen=True)
class Suggested:
    """Another number for a goal: the one in force, the one suggested, and the chain it comes from."""

    goal: int
    now: int
    value: int
    figures: dict[str, Any] = field(default_factory=dict, hash=False)


@transaction.atomic
def adopt_actions(drafts: Sequence[Draft], *, by: Person, at: datetime) -> list[int]:
    """Set these action goals and put them in force at once; the ids of the goals."""
    draft_goals(drafts, origin="calculator", by=by, at=at)
    wanted = {identity(draft) for draft in drafts}
    persons = {draft.person for draft in drafts if draft.person is not None}
    starts = {draft.period.start for draft in drafts}
    rows = Goal.objects.filter(person_id__in=persons, start__in=starts).exclude(per="")
    goals = [goal.pk for goal in rows if identity_of(goal) in wanted]
    publish_goals(goals, by=by, at=at)
    return goals


@transaction.atomic
def suggest(rows: Iterable[Suggested], *, at: datetime) -> int:
    """Keep the suggestions of a night; how many. A goal that has one of today keeps it. Changes no goal."""
    day = people.business_day(at)
    asked = [
        GoalSuggestion(goal_id=row.goal, day=day, now=row.now, value=row.value, figures=row.figures, made_at=at)
        for row in rows
    ]
    before = GoalSuggestion.objects.filter(day=day).count()
    GoalSuggestion.objects.bulk_create(asked, ignore_conflicts=True)
    made = GoalSuggestion.objects.filter(day=day).count() - before
    if made:
        record("suggest_actions", by=None, at=at, entity="goal", after={"goals": made}, rows=made)
    return made


@transaction.atomic
def answer_suggestion(*, suggestion: int, take: bool, by: Person, at: datetime) -> SuggestionAnswer:
    """Take a suggestion, which makes and publishes a further version with another number, or keep the number.

    The same answer again gives the first one back. Refused when it was answered otherwise, the goal has another number
    by now, or its time is over.
    """
    row = GoalSuggestion.objects.select_related("goal").get(pk=suggestion)
    view = _locked([row.goal_id])[row.goal_id]
    kind = Kind.TAKEN if take else Kind.KEPT
    said = SuggestionAnswer.objects.filter(suggestion=row).first()
    if said is not None:
        if said.kind == kind:
            return said
        raise Refusal(_("%(who)s 已经答复过这条建议。") % {"who": said.by_name}, code="answered")
    if not reads.is_open(row, view, people.business_day(at)):
        raise Refusal(_("这条建议已经过期：目标已经变了或结束了。"), code="expired")
    if take and view.in_force is not None:
        old, goal = view.in_force.row, view.goal
        period = Period(goal.start, goal.end, goal.period_kind, goal.label)
        floor, stretch, challenge = copying.lines(
            (old.floor, old.stretch, old.challenge), row.value, copying.SAME,
            better=reads.metric_named(goal.metric, goal.basis).better,
        )  # fmt: skip
        draft = Draft(
            goal.metric, goal.owner_kind, period, row.value, person=goal.person_id, team=goal.team_id,
            basis=goal.basis, per=goal.per, above=old.parent_id, weight=old.weight, floor=floor, stretch=stretch,
            challenge=challenge, buffer=old.buffer, baseline=old.baseline, elastic=old.elastic,
            pace_basis=old.pace_basis, note=old.note, customer_region=goal.customer_region, industry=goal.industry,
            product=goal.product_id, customer_kind=goal.customer_kind, basis_figures=row.figures,
            valid_from=max(people.business_day(at), goal.start),
        )  # fmt: skip
        adopt_actions([draft], by=by, at=at)
    said = SuggestionAnswer.objects.create(suggestion=row, kind=kind, at=at, by_id=by.pk, by_name=by.name)
    record("answer_suggestion", by=by, at=at, entity="goal", object_id=row.goal_id, label=str(view.goal),
           about_id=view.goal.person_id, before={"target": row.now},
           after={"target": row.value if take else row.now, "answer": kind})  # fmt: skip
    return said
