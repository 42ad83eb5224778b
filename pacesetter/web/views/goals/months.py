"""The cascade by month: the months of each goal in columns, rolled to quarters and the whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter.goals.models import Goal, Layer
from pacesetter.goals.reads import GoalView, VersionView
from pacesetter.goals.reads.book import sums
from pacesetter.lib import periods
from pacesetter.web import show

from .reading import LAYERS, Reader
from .tree import Tree
from .values import Figure, Put

MOST = 24


@dataclass(frozen=True)
class Column:
    """A month, a quarter after its months, or the whole."""

    label: str
    kind: str
    start: date
    end: date


@dataclass
class Line:
    """One owner's months."""

    owner: str
    scope: str
    layer: str
    layer_name: Any
    depth: int
    url: str
    draft: bool
    cells: list[Figure]


@dataclass
class Grid:
    """The columns and the lines."""

    columns: list[Column]
    lines: list[Line]


def columns_of(period: periods.Period, settings: periods.Settings) -> list[Column]:
    """Months of a period, each quarter behind its own, and the whole at the end."""
    months = list(periods.between(period.start, period.end, "month", settings))
    if len(months) > MOST:
        return []
    found: list[Column] = []
    for month in months:
        name = f"{month.start.month} 月" if show.chinese() else show.MONTHS[month.start.month - 1]
        found.append(Column(name, "month", month.start, month.end))
        quarter = periods.period_of(month.start, "quarter", settings)
        inside = quarter.start >= period.start and quarter.end <= period.end
        if month.end == quarter.end and inside and len(months) > 3:
            found.append(Column(f"Q{(quarter.start.month - 1) // 3 + 1}", "quarter", quarter.start, quarter.end))
    return [*found, Column(_("合计"), "whole", period.start, period.end)]


def grid(reader: Reader, tree: Tree) -> Grid:
    """A line per owner and scope that has a goal in the period, whichever grain it was set in."""
    period, metric, put = tree.period, tree.metric, tree.put
    columns = columns_of(period, reader.settings)
    depth = {view.pk: d for view, d in tree.shown(set(), everything=True)}
    inside = [v for v in tree.book if v.shown and v.goal.metric == metric.key and v.goal.start >= period.start
              and v.goal.end <= period.end]  # fmt: skip
    reader.load_names(v.goal for v in inside)
    owners: dict[tuple[Any, ...], list[GoalView]] = {}
    for view in inside:
        owners.setdefault(_whose(view.goal), []).append(view)

    def order(views: list[GoalView]) -> tuple[Any, ...]:
        first = min(views, key=lambda v: (v.goal.start, -(v.goal.end - v.goal.start).days))
        place = list(depth).index(first.pk) if first.pk in depth else len(depth)
        return place, LAYERS.index(first.goal.layer), reader.owner(first.goal), first.pk

    lines = []
    for views in sorted(owners.values(), key=order):
        first = max(views, key=lambda v: (v.goal.end - v.goal.start).days)
        values = _values(views, columns, metric.adds_up(first.goal.basis) and not first.goal.per)
        lines.append(Line(
            reader.owner(first.goal), reader.scope(first.goal), first.goal.layer, Layer(first.goal.layer).label,
            depth.get(first.pk, LAYERS.index(first.goal.layer)), reverse("goal", args=[first.pk]),
            any(v.draft is not None for v in views), [_cell(put, value) for value in values],
        ))  # fmt: skip
    return Grid(columns, lines)


def _whose(goal: Goal) -> tuple[Any, ...]:
    return (goal.owner_kind, goal.team_id, goal.person_id, *sums(goal))


def _cell(put: Put, value: int | None) -> Figure:
    return Figure(put.short(value), put.exact(value))


def _values(views: list[GoalView], columns: list[Column], additive: bool) -> list[int | None]:
    """Per column: the goal or part of exactly that time, else what its months add up to."""
    exact: dict[tuple[date, date], int] = {}
    for view in sorted(views, key=lambda v: (v.goal.end - v.goal.start).days):
        version: VersionView | None = view.shown
        if version is None:
            continue
        for part in version.parts:
            exact.setdefault((part.start, part.end), part.target)
    for view in views:
        if view.shown is not None:
            exact[view.goal.start, view.goal.end] = view.shown.row.target
    found: list[int | None] = []
    for column in columns:
        value = exact.get((column.start, column.end))
        if value is None and additive and column.kind != "month":
            kind = "month" if column.kind == "quarter" else "quarter"
            value = _sum(exact, column, "month", columns)
            if value is None and kind == "quarter":
                value = _sum(exact, column, "quarter", columns)
        found.append(value)
    return found


def _sum(exact: dict[tuple[date, date], int], column: Column, kind: str, columns: list[Column]) -> int | None:
    """Σ of what is set in the smaller columns; None where none of them has a value."""
    held = [exact.get((c.start, c.end)) for c in columns
            if c.kind == kind and c.start >= column.start and c.end <= column.end]  # fmt: skip
    known = [value for value in held if value is not None]
    return sum(known) if known else None
