"""The goals of an import: drafted in one act; put in force at once where who imports may publish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Key
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from ..faults import Fault
from ..plan import Plan
from ..rights import may_publish


def write(plan: Plan, ids: Any, *, by: Person | None, at: datetime) -> list[int]:
    """Draft and publish the staged goals; the journal lines in their order. Fills `ids.made["goals"]`.

    Where goals do not add up beyond the tolerance, all stay drafts and the plan warns with every place.
    """
    fresh = list(plan.staging.items("goals"))
    changed = list(plan.staging.items("update:goals"))
    ids.made["goals"] = []
    wanted = [(_real(draft, ids), publish) for draft, publish in fresh]
    wanted += [(_real(draft, ids), publish) for _pk, draft, publish in changed]
    if not wanted:
        return []
    drafts = [draft for draft, _publish in wanted]
    entry = acts.draft_goals(_standing(drafts), origin="import", by=by, at=at, history=True)
    goals = _goals_of(entry.row_changes.order_by("id").values_list("row_id", flat=True))
    ids.made["goals"] = goals[: len(fresh)]
    asked = [goal for goal, (_draft, publish) in zip(goals, wanted, strict=True) if publish]
    if not asked or not may_publish(by, people.business_day(at)):
        return [entry.pk]
    file = next((name for name, counts in plan.files.items() if counts.entity == "goals"), "")
    views = reads.heads(Goal.objects.filter(pk__in=asked))
    alone = [view.goal for view, _check in reads.unready(views.values(), people.business_day(at), history=True)]
    if alone:
        # a file says what was agreed: it holds, and whoever reads the report may hang it below a goal later
        said = {"n": len(alone), "goal": f"{alone[0].metric} {alone[0].label}"}
        plan.warnings.append(Fault(file, None, "", "", "goals_unready", said, "warning"))
    try:
        with transaction.atomic():
            return [entry.pk, acts.publish_goals(asked, by=by, at=at, history=True).pk]
    except acts.Unbalanced as refused:
        for goal, balance in refused.faults:
            params = {"goal": f"{goal.metric} {goal.label}", "difference": balance.difference}
            plan.warnings.append(Fault(file, None, "", "", "goals_as_drafts", params, "warning"))
        return [entry.pk]


def _goals_of(versions: Any) -> list[int]:
    """The goals of versions, in their order."""
    order = list(versions)
    found: dict[int, int] = {}
    for start in range(0, len(order), 900):
        part = GoalVersion.objects.filter(pk__in=order[start : start + 900])
        found |= dict(part.values_list("pk", "goal_id"))
    return [found[pk] for pk in order]


def _real(draft: Draft, ids: Any) -> Draft:
    """With the ids that this import gave."""
    above = draft.above
    if isinstance(above, tuple):
        key = list(above)
        key[3], key[4], key[10] = ids.of("teams", key[3]), ids.of("people", key[4]), ids.of("products", key[10])
        above = tuple(key)
    return replace(
        draft, team=ids.of("teams", draft.team), person=ids.of("people", draft.person),
        product=ids.of("products", draft.product), above=above,
    )  # fmt: skip


def _standing(drafts: Sequence[Draft]) -> list[Draft]:
    """Goals above that do not come with this import by their id; left out where their own row was refused."""
    coming = {acts.identity(draft) for draft in drafts}
    asked: set[Key] = {draft.above for draft in drafts if isinstance(draft.above, tuple)} - coming
    if not asked:
        return list(drafts)
    rows = Goal.objects.filter(metric__in={key[0] for key in asked}, start__in={key[5] for key in asked})
    known = {acts.identity_of(goal): goal.pk for goal in rows}
    return [
        replace(draft, above=known.get(draft.above))
        if isinstance(draft.above, tuple) and draft.above not in coming else draft
        for draft in drafts
    ]  # fmt: skip
