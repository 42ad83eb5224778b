"""The team board: one row per seller, every number open to its records, totals that equal the metric itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter.activity.models import Activity
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import Cell
from pacesetter.people.rights import Scope
from pacesetter.pipeline.models import Instalment, Lead
from pacesetter.web import show

from .asked import Window, spark_months, spark_weeks
from .board_goals import GAP, Aimed, aimed, together
from .figures import Figures, folded
from .links import why_url
from .reading import SEAT, Reading, sellers_of
from .scope import Where, by_source_only, reach_of_metrics
from .wording import small, sortable

COLUMNS = (
    "won_amount",
    "deals_won",
    "win_rate",
    "effective_visits",
    "customers_visited",
    "lead_conversion_rate",
    "collection_rate",
    "overdue_amount",
    "collected_amount",
)
# What only some readers need: the others would read it twice.
FINANCE_ONLY = ("collected_amount",)
KEPT_IN: dict[str, Any] = {
    "effective_visits": Activity,
    "customers_visited": Activity,
    "lead_conversion_rate": Lead,
    "collection_rate": Instalment,
    "overdue_amount": Instalment,
}
HRBP_ALSO = ("visits", "calls", "proposals")
GROUPS = {"": gettext_lazy("不分组"), "team": gettext_lazy("按团队"), "growth_stage": gettext_lazy("按阶段"),
          "region": gettext_lazy("按区域")}  # fmt: skip
STAGES = ("newcomer", "growth", "mature", "unknown")
LEAD_COLUMNS = ("leads_created", "lead_conversion_rate", "lead_freshness")


@dataclass
class Number:
    """One number of a table."""

    text: str
    exact: str
    why: str
    label: str
    sort: Fraction | None
    cell: Cell | None
    change: str = ""
    small: bool = False
    metric: str = ""


@dataclass
class Row:
    """One line: a person (or a source), its badge and its numbers in the order of the columns."""

    name: str
    under: str
    numbers: list[Number]
    person: int | None = None
    stage: str = ""
    ramp: int | None = None
    group: Any = None
    spark_weeks: list[int] = field(default_factory=list)
    spark_months: list[int] = field(default_factory=list)
    link: str = ""
    mine: bool = False
    aim: Aimed | None = None


@dataclass
class Group:
    """Rows under one heading with their subtotal."""

    name: str
    rows: list[Row]
    numbers: list[Number]


@dataclass
class Board:
    """What the page shows."""

    columns: list[Metric]
    groups: list[Group]
    totals: list[Number]
    people: int
    grouped: str
    sort: str
    descending: bool
    weeks: list[periods.Period]
    months: list[periods.Period]
    by_source: bool = False
    # Σ of those who have a goal; None where nobody has
    aim: Aimed | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for group in self.groups for row in group.rows]


def columns_for(figures: Figures) -> list[Metric]:
    """The columns a reader gets, in order."""
    if by_source_only(figures.viewer):
        return [figures.metric(key) for key in LEAD_COLUMNS if figures.has(key)]
    keys = list(COLUMNS)
    if not _for_finance(figures):
        keys = [key for key in keys if key not in FINANCE_ONLY]
    if not figures.has("won_amount"):
        keys += HRBP_ALSO
    return [figures.metric(key) for key in keys if figures.has(key)]


def _for_finance(figures: Figures) -> bool:
    return not figures.has("effective_visits")


def build(
    figures: Figures, at: Window, where: Where, *, group: str = "", sort: str = "", descending: bool = True
) -> Board:
    """The board of a window and scope."""
    columns = columns_for(figures)
    by_source = by_source_only(figures.viewer)
    axis = "source" if by_source else "person"
    group = "" if by_source or group not in GROUPS or reach_of_metrics(figures.viewer) == Scope.OWN else group
    by = (group, axis) if group else (axis,)
    weeks, months = spark_weeks(at.end), spark_months(at.end)
    read = Reading(figures, at, where, by, weeks, months)
    read.expect(columns)
    now = {metric.key: read.now(metric) for metric in columns}
    before = {metric.key: read.before(metric) for metric in columns if read.compares(metric.key)}
    keys = {key for cells in now.values() for key in cells}
    sellers = {} if by_source else sellers_of(figures, at, where)
    for person_id, seat in sellers.items():
        if not any(key[-1] == person_id for key in keys):
            keys.add((getattr(seat, SEAT[group]), person_id) if group else (person_id,))
    if not by_source:
        figures.names.load("person", [key[-1] for key in keys])
    if group:
        figures.names.load(group, [key[0] for key in keys])
    rows = []
    for key in keys:
        numbers = []
        for metric in columns:
            inner = where.narrowed(axis, key[-1])
            if group:
                inner = replace(inner, team=where.team, only=inner.narrowed(group, key[0]).only)
            prior = before.get(metric.key, {}).get(key[-1:]) if not group else None
            numbers.append(_number(figures, metric, now[metric.key].get(key), prior, at, inner))
        rows.append(_row(figures, key, group, numbers, sellers, by_source, at))
    if not by_source:
        for row in rows:
            row.spark_weeks, row.spark_months = read.weeks(row.person), read.months(row.person)
    goals = {} if by_source else aimed(figures, at, where)
    for row in rows:
        row.aim = goals.get(row.person) if row.person is not None else None
    totals, priors = _totals(figures, columns, now, before, at, where)
    unused = _unused(figures, columns, totals)
    if unused:
        columns = [metric for metric in columns if metric.key not in unused]
        for row in rows:
            row.numbers = [number for number in row.numbers if number.metric not in unused]
    grouped = _grouped(figures, rows, columns, now, group, at, where)
    chosen = sort if any(metric.key == sort for metric in columns) or sort in ("name", GAP) else ""
    # whoever is the furthest behind comes first, where there are goals
    chosen = chosen or (GAP if goals else columns[0].key)
    place = next((i for i, metric in enumerate(columns) if metric.key == chosen), None)
    for part in grouped:
        part.rows.sort(key=lambda row: _by_gap(row, descending) if chosen == GAP else _order(row, place, descending))
    return Board(
        columns,
        grouped,
        [_number(figures, metric, totals[metric.key], priors.get(metric.key), at, where) for metric in columns],
        len({row.person for row in rows if row.person is not None}),
        group,
        chosen,
        descending,
        weeks,
        months,
        by_source,
        together(row.aim for row in rows) if goals else None,
    )


def totals_of(figures: Figures, built: Board, rows: Sequence[Row], at: Window, where: Where) -> list[Number]:
    """The totals of some rows: sums where sums are the whole, asked again where they are not."""
    persons = tuple(sorted({row.person for row in rows if row.person is not None}))
    some = replace(where, only=(*where.only, ("person", persons)))
    found = []
    for place, metric in enumerate(built.columns):
        if metric.additive:
            cell = folded(metric, [c for row in rows if (c := row.numbers[place].cell) is not None])
        else:
            cell = figures.total(metric.key, at.start, at.end, some)
        found.append(_number(figures, metric, cell, None, at, where))
    return found


def _order(row: Row, place: int | None, descending: bool) -> tuple[Any, ...]:
    """Rows without the number stand last, whichever way it is sorted; ties by name."""
    if place is None:
        return (0, 0, row.name)
    value = row.numbers[place].sort
    if value is None:
        return (1, 0, row.name)
    return (0, -value if descending else value, row.name)


def _by_gap(row: Row, descending: bool) -> tuple[Any, ...]:
    """Expected to date − done; those without a goal last."""
    if row.aim is None:
        return (1, 0, row.name)
    return (0, -row.aim.behind if descending else row.aim.behind, row.name)


def _number(
    figures: Figures, metric: Metric, cell: Cell | None, prior: Cell | None, at: Window, where: Where
) -> Number:
    if cell is None and metric.unit in ("count", "minor") and metric.additive and not _beyond(figures, metric, where):
        basis = next(iter(metric.bases.values()))
        if not basis.bottom:
            cell = Cell((), 0, None, 0, metric.unit)  # nothing happened: that is 0, not unknown
    write = figures.writer
    return Number(
        write.short(metric, cell),
        write.exact(metric, cell),
        why_url(metric.key, at, where) if cell is not None else "",
        name_of(metric),
        sortable(cell),
        cell,
        write.change(metric, cell, prior),
        small(metric, cell),
        metric.key,
    )


def _beyond(figures: Figures, metric: Metric, where: Where) -> bool:
    """Whether this number of a person is not the reader's to see, on a board that another role makes wider."""
    viewer, person = figures.viewer, where.person
    if person is None or person == viewer.person_id or by_source_only(viewer):
        return False
    scope = reach_of_metrics(viewer, metric)
    return scope < reach_of_metrics(viewer) and not (scope == Scope.TEAM and person in viewer.people_ids)


def name_of(metric: Metric) -> str:
    """The metric's name in the reader's language."""
    return metric.zh if show.chinese() else metric.en


def _row(figures: Figures, key: tuple[Any, ...], group: str, numbers: list[Number], sellers: dict[int, Any],
         by_source: bool, at: Window) -> Row:  # fmt: skip
    who = key[-1]
    if by_source:
        return Row(figures.names.of("source", who), "", numbers, group=None)
    if who is None:
        return Row(_("未归属"), _("没有负责人的记录"), numbers, group=key[0] if group else None)
    seat = sellers.get(who)
    company = figures.company
    stage = seat.growth_stage if seat else ""
    ramp = {"newcomer": company.ramp_newcomer, "growth": company.ramp_growth, "mature": 100}.get(stage)
    team = figures.names.of("team", seat.team_id) if seat and seat.team_id else ""
    if seat is None:
        seat_then = figures.seats.at(who, at.last)
        stage = stage or seat_then.growth_stage
        team = figures.names.of("team", seat_then.team_id) if seat_then.team_id else _("已离职或已调出")
    return Row(
        figures.names.of("person", who),
        team,
        numbers,
        who,
        stage,
        ramp,
        key[0] if group else None,
        mine=who == figures.viewer.person_id,
    )


def _totals(figures: Figures, columns: Sequence[Metric], now: dict[str, Any], before: dict[str, Any], at: Window,
            where: Where) -> tuple[dict[str, Cell], dict[str, Cell]]:  # fmt: skip
    """The metric without the person: Σ where sums are the whole, asked again where they are not."""
    totals = {}
    for metric in columns:
        if metric.additive:
            totals[metric.key] = folded(metric, now[metric.key].values())
        else:
            totals[metric.key] = figures.total(metric.key, at.start, at.end, where)
    priors = {key: folded(figures.metric(key), cells.values()) for key, cells in before.items()}
    return totals, priors


def _unused(figures: Figures, columns: Sequence[Metric], totals: dict[str, Cell]) -> set[str]:
    """Columns about things the company does not keep at all (no visit, lead or instalment ever): they say nothing."""
    kept: dict[Any, bool] = {}
    found = set()
    for metric in columns:
        model = KEPT_IN.get(metric.key)
        cell = totals[metric.key]
        if model is None or cell.top or cell.n:
            continue
        if model not in kept:
            kept[model] = model.objects.exists()
        if not kept[model]:
            found.add(metric.key)
    return found if len(found) < len(columns) else set()


def _rank(value: Any) -> int:
    """Growth stages in the order people pass them; everything else by name."""
    return STAGES.index(value) if value in STAGES else 0


def _grouped(figures: Figures, rows: list[Row], columns: Sequence[Metric], now: dict[str, Any], group: str, at: Window,
             where: Where) -> list[Group]:  # fmt: skip
    if not group:
        return [Group("", rows, [])]
    again = {metric.key: figures.now(metric.key, (group,), at, where) for metric in columns if not metric.additive}
    found = []
    for value in sorted({row.group for row in rows}, key=lambda v: (v is None, _rank(v), figures.names.of(group, v))):
        inside = [row for row in rows if row.group == value]
        numbers = []
        for metric in columns:
            cell: Cell | None
            if metric.additive:
                cell = folded(metric, [c for key, c in now[metric.key].items() if key[0] == value])
            else:
                cell = again[metric.key].get((value,))
            numbers.append(_number(figures, metric, cell, None, at, where.narrowed(group, value)))
        found.append(Group(figures.names.of(group, value), inside, numbers))
    return found
