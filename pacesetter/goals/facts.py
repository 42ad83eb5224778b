"""What the spine may know of goals: every version with the days on which it is in force, and its months."""

from __future__ import annotations

from typing import Any

from pacesetter.metrics import schema
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.columns import Whose
from pacesetter.metrics.engine.question import Reach
from pacesetter.metrics.standing import Line, ranges

from . import reads
from .models import Goal

# Published and not taken back.
_STANDS = (
    "EXISTS (SELECT 1 FROM goals_goalevent AS e WHERE e.version_id = {v}.id AND e.kind = 'published')"
    " AND NOT EXISTS (SELECT 1 FROM goals_goalevent AS e WHERE e.version_id = {v}.id AND e.kind = 'withdrawn')"
)
# A version is the one to reach from its own day on (the first from the beginning) until the day of a newer one.
_SINCE = (
    "CASE WHEN EXISTS (SELECT 1 FROM goals_goalversion AS o WHERE o.goal_id = v.goal_id AND o.number < v.number"
    f" AND {_STANDS.format(v='o')}) THEN v.valid_from ELSE NULL END"
)
_UNTIL = (
    "(SELECT MIN(n.valid_from) FROM goals_goalversion AS n WHERE n.goal_id = v.goal_id AND n.number > v.number"
    f" AND {_STANDS.format(v='n')})"
)

GOAL = schema.GOAL.filled_by(
    "SELECT g.id AS id, v.id AS version_id, g.metric AS metric, g.basis AS basis, g.layer AS layer,"
    " g.owner_kind AS owner_kind, g.team_id AS team_id, g.person_id AS person_id, g.period_kind AS period_kind,"
    " g.label AS label, g.start AS start_on, g.\"end\" AS end_on, NULLIF(g.per, '') AS per, v.floor AS floor,"
    " v.target AS target, v.stretch AS stretch, v.challenge AS challenge,"
    " NULLIF(g.customer_region, '') AS customer_region, NULLIF(g.industry, '') AS industry,"
    " g.product_id AS product_id, NULLIF(g.customer_kind, '') AS customer_kind, v.pace_basis AS pace_basis,"
    f" NULLIF(CAST(v.present AS TEXT), '[]') AS present, {_SINCE} AS since, {_UNTIL} AS until"
    f" FROM goals_goal AS g JOIN goals_goalversion AS v ON v.goal_id = g.id WHERE {_STANDS.format(v='v')}"
)

GOAL_PART = schema.GOAL_PART.filled_by(
    'SELECT v.goal_id AS goal_id, v.id AS version_id, p.start AS start_on, p."end" AS end_on, p.target AS target'
    f" FROM goals_goalpart AS p JOIN goals_goalversion AS v ON v.id = p.version_id WHERE {_STANDS.format(v='v')}"
)

FACTS = (GOAL, GOAL_PART)


def line_of(view: reads.GoalView, metric: Metric, version: reads.VersionView | None = None) -> Line | None:
    """A goal as the spine measures it, by the version in force (or another); None where there is none."""
    chosen = version or view.in_force
    if chosen is None:
        return None
    goal, row, (owner, only) = view.goal, chosen.row, _whose(view.goal)
    return Line(
        goal.pk, metric, goal.owner_kind, owner, goal.label, goal.start, goal.end, row.target, goal.basis, goal.per,
        only, tuple((part.start, part.end, part.target) for part in chosen.parts), row.floor, row.stretch,
        row.challenge, row.pace_basis, ranges(row.present),
    )  # fmt: skip


def whose_of(view: reads.GoalView, reach: Reach) -> Whose:
    """Whose figures a goal counts, whatever its time."""
    owner, only = _whose(view.goal)
    return Whose(view.goal.owner_kind, owner, view.goal.basis, only, reach)


def _whose(goal: Goal) -> tuple[int | None, tuple[tuple[str, tuple[Any, ...]], ...]]:
    """The person or team, and the scope as the spine narrows by it."""
    scope = (("customer_region", goal.customer_region), ("industry", goal.industry), ("product", goal.product_id),
             ("customer_kind", goal.customer_kind))  # fmt: skip
    owner = goal.person_id if goal.owner_kind == "person" else goal.team_id
    return owner, tuple((dim, (value,)) for dim, value in scope if value)
