"""The cascade by month: target, actual and attainment of each goal in columns, rolled to quarters and the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.goals.facts import line_of, whose_of
from pacesetter.goals.models import Goal, Layer
from pacesetter.goals.reads import GoalView, VersionView
from pacesetter.goals.reads.book import sums
from pacesetter.lib import periods
from pacesetter.metrics import tiling
from pacesetter.metrics.attainment import Piece
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.columns import Column as Span
from pacesetter.metrics.columns import by_columns
from pacesetter.metrics.engine import EVERYTHING
from pacesetter.metrics.engine import Cell as Counted
from pacesetter.metrics.keeping import attained, left_of_all
from pacesetter.metrics.standing import BP
from pacesetter.metrics.standing import Line as Spine
from pacesetter.web import show

from ..insights.wording import small
from .reading import CUSTOM, LAYERS, Reader, counting, per_word
from .tree import Tree
from .values import Figure, Put, percent

MOST = 24
PERFORMANCE = "performance_month"


@dataclass(frozen=True)
class Column:
    """A month, a quarter after its months, or the whole."""

    label: str
    kind: str
    period: periods.Period

    @property
    def start(self) -> date:
        """Its first day."""
        return self.period.start

    @property
    def end(self) -> date:
        """The day after its last one."""
        return self.period.end


@dataclass(frozen=True)
class Cell:
    """One column of one owner: what is wanted, what was done, and how much of it that is.

    `left`: what is left of the target where the owner is not there all the time; attainment is of that.
    """

    target: Figure
    actual: Figure | None
    attainment: str
    left: str = ""


@dataclass(frozen=True)
class Target:
    """What a column wants as it is planned; the goal in force, or the months of it, that count, and what is left."""

    value: int | None = None
    held: int | None = None
    lines: tuple[Spine, ...] = ()
    left: int | Fraction = 0


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
    cells: list[Cell]


@dataclass
class Grid:
    """The columns and the lines."""

    columns: list[Column]
    lines: list[Line]


def columns_of(period: periods.Period, settings: periods.Settings, *, kind: str = "month") -> list[Column]:
    """Months of a period, each quarter behind its own, and the whole at the end; or the performance months that end in
    it."""
    if period.kind == PERFORMANCE:
        return [Column(_("合计"), "whole", period)]
    months = list(periods.between(period.start, period.end, kind, settings))
    if len(months) > MOST:
        return []
    if kind == PERFORMANCE:
        ended = [month for month in months if month.end <= period.end]
        found = [Column(_performance(month), "month", month) for month in ended]
        if not ended:
            return []
        whole = periods.Period(min(period.start, ended[0].start), period.end, CUSTOM, period.label)
        return [*found, Column(_("合计"), "whole", whole)]
    found = []
    for month in months:
        name = f"{month.start.month} 月" if show.chinese() else show.MONTHS[month.start.month - 1]
        found.append(Column(name, "month", month))
        quarter = periods.period_of(month.start, "quarter", settings)
        inside = quarter.start >= period.start and quarter.end <= period.end
        if month.end == quarter.end and inside and len(months) > 3:
            found.append(Column(f"Q{(quarter.start.month - 1) // 3 + 1}", "quarter", quarter))
    return [*found, Column(_("合计"), "whole", period)]


def _performance(month: periods.Period) -> str:
    """4 业绩月: named by the month in which it ends."""
    number = int(month.label[-2:])
    return f"{number} 业绩月" if show.chinese() else f"PM {show.MONTHS[number - 1]}"


def _kind(views: Iterable[GoalView]) -> str:
    """The months these goals are set by: performance months where no goal has a natural one."""
    kinds = {view.goal.period_kind for view in views}
    natural = "month" in kinds or any(view.shown and view.shown.parts for view in views)
    return PERFORMANCE if PERFORMANCE in kinds and not natural else "month"


def grid(reader: Reader, tree: Tree) -> Grid:
    """A line per owner and scope that has a goal in the period, whichever grain it was set in."""
    period, metric, put = tree.period, tree.metric, tree.put
    held = [v for v in tree.book if v.shown and v.goal.metric == metric.key and v.goal.end <= period.end]
    columns = columns_of(period, reader.settings, kind=_kind(held))
    since = min((column.start for column in columns), default=period.start)
    depth = {view.pk: d for view, d in tree.shown(set(), everything=True)}
    inside = [v for v in held if v.goal.start >= since]
    reader.load_names(v.goal for v in inside)
    if inside:
        # one book of days for all of them
        reader.calendars(v.goal for v in inside)
    owners: dict[tuple[Any, ...], list[GoalView]] = {}
    for view in inside:
        owners.setdefault(_whose(view.goal), []).append(view)

    def order(views: list[GoalView]) -> tuple[Any, ...]:
        first = min(views, key=lambda v: (v.goal.start, -(v.goal.end - v.goal.start).days))
        place = list(depth).index(first.pk) if first.pk in depth else len(depth)
        return place, LAYERS.index(first.goal.layer), reader.owner(first.goal), first.pk

    firsts = [max(views, key=lambda v: (v.goal.end - v.goal.start).days) for views in owners.values()]
    done = _done(reader, metric, firsts, columns)
    lines = []
    for views in sorted(owners.values(), key=order):
        first = max(views, key=lambda v: (v.goal.end - v.goal.start).days)
        additive, counted = metric.adds_up(first.goal.basis) and not first.goal.per, [counting(v) for v in views]
        wanted, counts = (_taken(some, columns, period, additive) for some in (views, counted))
        targets = [replace(_target(reader, metric, counted, tiles), value=tiling.total(shown) if shown else None)
                   for shown, tiles in zip(wanted, counts, strict=True)]  # fmt: skip
        lines.append(Line(
            reader.owner(first.goal), reader.scope(first.goal), first.goal.layer,
            " ".join(str(word) for word in (Layer(first.goal.layer).label, per_word(first.goal)) if word),
            depth.get(first.pk, LAYERS.index(first.goal.layer)), reverse("goal", args=[first.pk]),
            any(v.draft is not None for v in views),
            [_cell(reader, put, first.goal, column, target, cell)
             for column, target, cell in zip(columns, targets, done.get(first.pk, [None] * len(columns)), strict=True)],
        ))  # fmt: skip
    return Grid(columns, lines)


def _whose(goal: Goal) -> tuple[Any, ...]:
    return (goal.owner_kind, goal.team_id, goal.person_id, *sums(goal))


def _done(
    reader: Reader, metric: Metric, views: list[GoalView], columns: list[Column]
) -> dict[int, list[Counted | None]]:  # fmt: skip
    """goal → what its owner came to in each column; goals "per day" are measured on their own pages."""
    plain = [view for view in views if not view.goal.per]
    if not plain or not columns:
        return {}
    # of those above the reader only the percentage is shown: theirs counts as a whole
    whose = [
        whose_of(view, assembly.limits(metric, reader.viewer, (view.goal.owner_kind,))
                 if reader.sees(view.goal) else EVERYTHING)
        for view in plain
    ]  # fmt: skip
    spans = [Span(c.start, c.end, c.period.kind if c.kind != "whole" else "", c.period.label) for c in columns]
    cells = by_columns(assembly.store(), metric, whose, spans, until=reader.until)
    return {view.pk: row for view, row in zip(plain, cells, strict=True)}


def _cell(
    reader: Reader, put: Put, goal: Goal, column: Column, target: Target, done: Counted | None
) -> Cell:  # fmt: skip
    wanted = Figure(put.short(target.value), put.exact(target.value))
    left = put.short(target.left) if target.held is not None and target.left != target.held else ""
    value = None if done is None else done.value
    if done is None or value is None:
        return Cell(wanted, None, "", left)
    exact = Fraction(value) * (BP if put.metric.unit == "ratio" else 1)
    name = f"{reader.owner(goal)} {put.metric.zh if show.chinese() else put.metric.en} {column.label}"
    sees, why = reader.sees(goal), reader.why(goal, column.period)
    if put.metric.unit == "ratio" and small(put.metric, done):
        # a rate on a handful of cases says how many they are, and nothing else
        told = Figure(put.writer.short(put.metric, done), put.writer.exact(put.metric, done), why, name, True)
        return Cell(wanted, told if sees else None, "", left)
    actual = put.figure(exact, name, why) if sees else None
    share = attained(target.lines[0], target.left, done) if target.lines else None
    return Cell(wanted, actual, percent(share) if share is not None else "", left)


def _taken(
    views: list[GoalView], columns: list[Column], period: periods.Period, additive: bool
) -> list[list[tiling.Tile]]:
    """Per column: the goal or part of exactly that time, else what lies in it and adds up (somebody who moved within a
    month has a part of it in each team)."""
    tiles = []
    for view in views:
        version: VersionView | None = view.shown
        if version is not None:
            tiles.append(tiling.Tile(view.pk, view.goal.start, view.goal.end, version.row.target))
            tiles += [tiling.Tile(view.pk, part.start, part.end, part.target, False) for part in version.parts]
    found: list[list[tiling.Tile]] = []
    for column in columns:
        spans = [(column.start, column.end), *([(period.start, period.end)] if column.kind == "whole" else [])]
        exact = sorted((tile for tile in tiles if (tile.start, tile.end) in spans), key=lambda tile: not tile.whole)
        found.append(exact[:1] or (tiling.cover(tiles, column.start, column.end) if additive else []))
    return found


def _target(reader: Reader, metric: Metric, views: list[GoalView], taken: list[tiling.Tile]) -> Target:
    """What the goals and months of a column want together, and what is left of it, as the page stands."""
    if not taken:
        return Target()
    value, held = tiling.total(taken), {view.pk: view for view in views}
    lines = tuple(line for tile in taken if (line := line_of(held[tile.goal], metric, held[tile.goal].shown)))
    if any(line.per for line in lines):
        return Target(value, value, lines, value)
    pieces = [Piece(line, tile.start, tile.end, tile.target) for line, tile in zip(lines, taken, strict=True)]
    calendars = reader.calendars(view.goal for view in views)
    return Target(value, value, lines, left_of_all(pieces, reader.until, calendars))
