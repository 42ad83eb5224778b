"""Goals as rows of the goals table: what is in force, else what is drafted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pacesetter.goals import reads
from pacesetter.goals.models import Goal, OwnerKind
from pacesetter.goals.rules import LINES
from pacesetter.people.models import OPEN_END, Team

from .columns import COLUMNS

if TYPE_CHECKING:
    from .exporting import Exporter

CHUNK = 500
Row = dict[str, str]
KNOWN = frozenset(column.name for column in COLUMNS["goals"])
_SCOPE = ("customer_region", "industry", "product_id", "customer_kind")


def goals(out: Exporter) -> Iterator[Row]:
    """Every goal that stands, oldest first; one whose versions were all withdrawn is left out."""
    names = team_names()
    metrics = reads.metrics_for_goals()
    ids = list(Goal.objects.order_by("pk").values_list("pk", flat=True))
    above: dict[int, Goal] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Goal.objects.filter(pk__in=ids[start : start + CHUNK]).select_related("team", "product").order_by("pk")
        book = reads.book(rows)
        parents = {pk for view in book if (version := standing(view)) and (pk := version.row.parent_id)}
        for goal in Goal.objects.filter(pk__in=parents - above.keys()).select_related("team", "product"):
            above[goal.pk] = goal
        for view in book:
            version = standing(view)
            if version is not None and view.goal.metric in metrics:
                yield _row(out, names, metrics, view, version, above)


def team_names() -> dict[str, int]:
    """name → how many teams bear it."""
    names: dict[str, int] = {}
    for name in Team.objects.values_list("name", flat=True):
        names[name] = names.get(name, 0) + 1
    return names


def standing(view: reads.GoalView) -> reads.VersionView | None:
    """What an export tells: the version in force, else the draft."""
    return view.in_force or view.draft


def count() -> int:
    """How many rows `goals` gives."""
    metrics = reads.metrics_for_goals()
    return sum(1 for view in reads.book(Goal.objects.filter(metric__in=metrics)) if standing(view))


def _row(
    out: Exporter, names: dict[str, int], metrics: dict[str, Any], view: reads.GoalView, version: reads.VersionView,
    above: dict[int, Goal],
) -> Row:  # fmt: skip
    goal, row = view.goal, version.row
    unit = metrics[goal.metric].unit
    parent = above.get(row.parent_id) if row.parent_id else None
    extra = (row.basis_figures or {}).get("columns", {})
    return {
        "metric": goal.metric,
        "basis": goal.basis,
        "owner": "公司" if goal.owner_kind == OwnerKind.COMPANY else "",
        "person": out.who(goal.person_id),
        "team": team_text(names, goal.team),
        "period": goal.label,
        **{name: out.measure(unit, getattr(row, name)) for name in LINES},
        "weight": str(row.weight),
        "customer_region": goal.customer_region,
        "industry": goal.industry,
        "product": out.name("products", goal.product),
        "customer_kind": goal.customer_kind,
        "per": goal.per or "period",
        "above": _above(out, names, goal, parent),
        "buffer": out.measure(unit, row.buffer) if row.buffer else "",
        "parts": ";".join(f"{part.label}={out.measure(unit, part.target)}" for part in version.parts),
        "valid_from": row.valid_from.isoformat() if row.valid_from != goal.start else "",
        "status": "draft" if version is not view.in_force else "published",
        "note": row.note,
        **{name: str(value) for name, value in extra.items() if name not in KNOWN},
    }


def team_text(names: dict[str, int], team: Team | None) -> str:
    """How a file refers to a team: its code, else its name where only one bears it, else its path."""
    if team is None:
        return ""
    if team.code or names.get(team.name, 0) <= 1:
        return team.code or team.name
    parts: list[str] = []
    place: Any = team
    while place is not None and len(parts) < 50:
        parts.append(place.name)
        seat = place.places.filter(valid_to=OPEN_END).select_related("parent").first()
        place = seat.parent if seat else None
    return "/".join(reversed(parts))


def _above(out: Exporter, names: dict[str, int], goal: Goal, parent: Goal | None) -> str:
    """`公司`, or with the period, metric and scope where these are other ones; `无` where there is none."""
    if parent is None:
        return "无"
    if parent.owner_kind == OwnerKind.COMPANY:
        owner = "公司"
    else:
        owner = f"团队:{team_text(names, parent.team)}" if parent.team else f"人员:{out.who(parent.person_id)}"
    same_scope = all(getattr(parent, name) == getattr(goal, name) for name in _SCOPE)
    if same_scope and (parent.metric, parent.start, parent.end) == (goal.metric, goal.start, goal.end):
        return owner
    scope = ",".join([parent.customer_region, parent.industry, out.name("products", parent.product),
                      parent.customer_kind])  # fmt: skip
    told = [owner, parent.label, parent.metric]
    return "@".join(told if same_scope else [*told, scope])
