"""Why a number is what it is: value, meaning, formula with its figures, comparison, contributors, records, source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fractions import Fraction

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.activity.models import VisitRule
from pacesetter.imports.models import Batch, State
from pacesetter.lib import periods
from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import Cell
from pacesetter.metrics.schema import DIMS
from pacesetter.people.models import OPEN_START
from pacesetter.people.rights import Scope
from pacesetter.web import show

from .asked import Window
from .board import name_of
from .figures import Figures
from .formula import formula, parts, said
from .links import why_url
from .moved import Moved, movers
from .records import Evidence, evidence
from .scope import Where, reach_of_metrics
from .wording import in_money, small, sortable

FIRST = 20


@dataclass(frozen=True)
class Against:
    """One thing the number is compared with."""

    label: str
    text: str
    change: str
    why: str


@dataclass
class Why:
    """Everything the drawer says about one number, in its fixed order."""

    metric: Metric
    name: str
    value: str
    exact: str
    small: bool
    unit: str
    at: Window
    scope: str
    basis: str
    basis_name: str
    meaning: str
    formula: list[str]
    against: list[Against]
    moved: Moved
    evidence: Evidence | None
    check: str = ""
    adds_up: bool | None = None
    source: list[tuple[str, str]] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""


def explain(figures: Figures, metric: Metric, basis: str, at: Window, where: Where) -> Why:
    """The drawer of one number."""
    basis, _chosen = metric.basis(basis)
    write = figures.writer
    question = figures.question(metric.key, (), at.start, at.end, where, basis)
    used = engine.chosen_basis(figures.store, question)
    year_start, year_end = _year_before(at)
    spans = [(at.before_start, at.before_end), (year_start, year_end)]
    also = [figures.question(metric.key, (), *span, where, basis) for span in spans if span[0] < span[1]]
    figures.expect([question, *also, *parts(metric, used, question)])
    cell = engine.total(figures.store, question)
    found = evidence(figures, metric, basis, at.start, question.stand, where)
    moved = movers(figures, metric, basis, at, where)
    why = Why(
        metric,
        name_of(metric),
        write.short(metric, cell),
        write.exact(metric, cell),
        small(metric, cell),
        unit_of(figures, metric),
        at,
        scope_name(figures, where, metric),
        basis,
        basis_name(metric, basis),
        said(metric.meaning),
        formula(figures, metric, used, cell, question),
        _against(figures, metric, basis, at, where, cell),
        moved,
        found,
        source=_source(figures, metric, at),
        filters=[(_dim(dim), figures.names.of(dim, values[0])) for dim, values in where.only],
        page=reverse("metric_detail", args=[metric.key]) if figures.has_page(metric.key) else "",
    )
    if found is not None and not found.hidden:
        why.adds_up, why.check = checked(figures, metric, cell, found)
        why.evidence = replace(found, first=list(found.page(0, FIRST)))
    return why


def _dim(dim: str) -> str:
    return said(DIMS[dim])


def basis_name(metric: Metric, basis: str) -> str:
    """The basis in words; empty where a metric has only one."""
    words = metric.basis_words.get(basis)
    return said(words) if words else ""


def unit_of(figures: Figures, metric: Metric) -> str:
    """The unit in words."""
    return {
        "minor": figures.company.currency,
        "count": _("个"),
        "ratio": "%",
        "days": _("天"),
    }[metric.unit]


def scope_name(figures: Figures, where: Where, metric: Metric | None = None) -> str:
    """Whose number it is."""
    if where.nobody:
        return str(_("未归属"))
    if where.person is not None:
        return figures.names.of("person", where.person)
    if where.team is not None:
        return figures.names.of("team", where.team)
    scope = reach_of_metrics(figures.viewer) if metric is None else assembly.scope_of(metric, figures.viewer)
    if scope == Scope.ALL:
        return str(figures.company.name)
    if scope == Scope.TEAM:
        return str(_("我的团队"))
    return str(_("我"))


def _against(figures: Figures, metric: Metric, basis: str, at: Window, where: Where, cell: Cell) -> list[Against]:
    write = figures.writer
    found = []

    def add(label: str, other: Cell, why: str) -> None:
        if other.n or other.top:
            found.append(Against(label, write.short(metric, other), write.change(metric, cell, other), why))

    year_start, year_end = _year_before(at)
    before = figures.total(metric.key, at.before_start, at.before_end, where, basis)
    prior_key = f"{at.before_start.isoformat()}..{_last(at.before_end).isoformat()}" if at.running else at.before_key
    add(at.before_name, before, why_url(metric.key, replace(at, key=prior_key), where, basis))
    if year_start < at.before_start:
        key = f"{year_start.isoformat()}..{_last(year_end).isoformat()}"
        year = figures.total(metric.key, year_start, year_end, where, basis)
        add(_("去年同期"), year, why_url(metric.key, replace(at, key=key), where, basis))
    if where.person is not None and reach_of_metrics(figures.viewer) >= Scope.TEAM:
        found += _team(figures, metric, basis, at, where, cell)
    return found


def _year_before(at: Window) -> tuple[date, date]:
    """The same days a year ago; nothing where the calendar does not reach so far."""
    try:
        return periods.year_before(at.start), _next(periods.year_before(_last(at.end)))
    except (periods.PeriodError, ValueError):
        return at.start, at.start


def _last(end: date) -> date:
    return date.fromordinal(end.toordinal() - 1)


def _next(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _team(figures: Figures, metric: Metric, basis: str, at: Window, where: Where, cell: Cell) -> list[Against]:
    """The team's own value and its middle person, where the reader sees the team."""
    seat = figures.seat(where.person, at.last)
    scope = reach_of_metrics(figures.viewer)
    if seat.team_id is None or (scope == Scope.TEAM and seat.team_id not in figures.viewer.team_ids):
        return []
    around = replace(where, person=None, team=seat.team_id)
    if "person" not in figures.dims(metric, basis):
        return []
    cells = [c for c in figures.now(metric.key, ("person",), at, around, basis).values() if c.value is not None]
    name = figures.names.of("team", seat.team_id)
    found = []
    if metric.unit == "ratio" or metric.unit == "days":
        whole_team = figures.total(metric.key, at.start, at.end, around, basis)
        found.append(
            Against(
                name,
                figures.writer.short(metric, whole_team),
                figures.writer.change(metric, cell, whole_team),
                why_url(metric.key, at, around, basis),
            )
        )
    if metric.unit == "ratio":
        cells = [c for c in cells if not small(metric, c)]
    if len(cells) >= 3:
        ordered = sorted(cells, key=lambda c: sortable(c) or Fraction(0))
        middle = ordered[(len(ordered) - 1) // 2]
        found.append(
            Against(
                _("%(team)s中位数（%(n)s 人）") % {"team": name, "n": len(ordered)},
                figures.writer.short(metric, middle),
                figures.writer.change(metric, cell, middle),
                why_url(metric.key, at, around, basis),
            )
        )
    return found


def checked(figures: Figures, metric: Metric, cell: Cell, found: Evidence) -> tuple[bool | None, str]:
    """Whether the records add up to the number, in words."""
    if found.top is None and found.bottom is None:
        return None, ""
    write = figures.writer
    faults = []
    top_money = in_money(metric)
    bottom_money = top_money and metric.unit != "minor"
    for mine, theirs, money, word in (
        (cell.top, found.top, top_money, _("分子") if cell.bottom is not None else _("数值")),
        (cell.bottom, found.bottom, bottom_money, _("分母")),
    ):
        if mine is None or theirs is None or mine == theirs:
            continue
        put = write.money if money else show.count
        faults.append(
            _("%(word)s是 %(mine)s，记录合计 %(theirs)s，差 %(gap)s")
            % {"word": word, "mine": put(mine), "theirs": put(theirs), "gap": put(abs(mine - theirs))}
        )
    if faults:
        return False, _("记录和数字对不上：%(faults)s。请联系数据分析师核对。") % {"faults": _("；").join(faults)}
    told = []
    if found.top is not None:
        told.append(write.money(found.top) if top_money else show.count(found.top))
    if found.bottom is not None and cell.bottom is not None:
        told.append(write.money(found.bottom) if bottom_money else show.count(found.bottom))
    return True, _("%(n)s 条记录合计 %(sum)s，和数字一致。") % {"n": show.count(found.count), "sum": " / ".join(told)}


def _moment(at: datetime) -> str:
    """A day with its time, in the company's zone."""
    here = timezone.localtime(at)
    return f"{show.day(here.date())} {here:%H:%M}"


def _source(figures: Figures, metric: Metric, at: Window) -> list[tuple[str, str]]:
    """Where it comes from and who defines it."""
    batch = Batch.objects.filter(state=State.DONE).order_by("-created_at").first()
    told = [
        (
            _("来源"),
            _("系统内的记录；最近一次导入 %(on)s") % {"on": _moment(batch.finished_at or batch.created_at)}
            if batch
            else _("系统内的记录，没有导入过文件"),
        ),
        (_("负责人"), said(metric.owner)),
        (_("口径版本"), _("第 1 版，启用以来没有改过")),
    ]
    if metric.key in ("effective_visits", "customers_visited"):
        rule = VisitRule.objects.filter(valid_from__lte=at.last).order_by("-valid_from").first()
        if rule:
            words = [
                str(rule._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
                for name in ("contact", "result", "next_step")
                if getattr(rule, name)
            ]
            told.append((_("有效拜访规则"), _("、").join(words)))
            if rule.valid_from > OPEN_START:
                told.append((_("最近变更"), _("自 %(day)s 起") % {"day": show.day(rule.valid_from)}))
    return told
