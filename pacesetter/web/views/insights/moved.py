"""What moved a number since the period before: the three parts that moved it most, the rest, and that they add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import Cell
from pacesetter.metrics.schema import DIMS
from pacesetter.web import show

from .asked import Window
from .figures import Figures
from .formula import said
from .links import why_url
from .scope import Where
from .wording import small

SPLITS = ("person", "product", "source", "industry", "customer_region", "team", "growth_stage", "activity_kind")
TOP = 3
# A number that none of the first dims can split is hardly split by the others.
TRIED = 3


@dataclass(frozen=True)
class Part:
    """One contributor: now, before, and the difference."""

    name: str
    text: str
    before: str
    difference: str
    why: str


@dataclass
class Moved:
    """The parts in words: `split` names the dim, `rest` what all others add up to."""

    split: str = ""
    parts: list[Part] = field(default_factory=list)
    rest: str = ""


def movers(figures: Figures, metric: Metric, basis: str, at: Window, where: Where) -> Moved:
    """The parts with the largest difference to the period before; of rates those with the most cases."""
    fixed = {dim for dim, _values in where.only} | ({"person"} if where.person is not None or where.nobody else set())
    dims = [dim for dim in SPLITS if dim in figures.dims(metric, basis) and dim not in fixed][:TRIED]
    for dim in dims:
        spans = ((at.start, at.end), (at.before_start, at.before_end))
        figures.expect(figures.question(metric.key, (dim,), *span, where, basis) for span in spans)
        now = figures.now(metric.key, (dim,), at, where, basis)
        if not now:
            continue
        before = figures.before(metric.key, (dim,), at, where, basis)
        if len(now.keys() | before.keys()) >= 2:
            return _told(figures, metric, basis, at, where, dim, now, before)
    return Moved()


def _told(figures: Figures, metric: Metric, basis: str, at: Window, where: Where, dim: str,
          now: dict[Any, Cell], before: dict[Any, Cell]) -> Moved:  # fmt: skip
    write = figures.writer
    sums = metric.additive and metric.unit in ("minor", "count") and all(c.bottom is None for c in now.values())
    gaps = {key: _top(now.get(key)) - _top(before.get(key)) for key in now.keys() | before.keys()}
    weight = gaps if sums else {key: c.bottom or c.n or c.top for key, c in now.items()}
    ordered = sorted(weight, key=lambda key: (-abs(weight[key]), -_top(now.get(key)), str(key)))
    first, others = ordered[:TOP], ordered[TOP:]
    figures.names.load(dim, [key[0] for key in first])
    parts = []
    for key in first:
        cell, prior = now.get(key), before.get(key)
        nothing = Cell(key, 0, None, 0, metric.unit) if sums else None
        parts.append(
            Part(
                figures.names.of(dim, key[0]),
                write.short(metric, cell or nothing),
                write.short(metric, prior or nothing),
                signed(figures, metric, gaps[key]) if sums else _points(figures, metric, cell, prior),
                why_url(metric.key, at, where.narrowed(dim, key[0]), basis),
            )
        )
    if not sums:
        return Moved(said(DIMS[dim]), parts, _("另有 %(n)s 项") % {"n": len(others)} if others else "")
    told = _("合计 %(total)s") % {"total": signed(figures, metric, sum(gaps.values()))}
    if others:
        told = _("其余 %(n)s 项 %(rest)s，合计 %(total)s") % {
            "n": len(others),
            "rest": signed(figures, metric, sum(gaps[key] for key in others)),
            "total": signed(figures, metric, sum(gaps.values())),
        }
    return Moved(said(DIMS[dim]), parts, told)


def _points(figures: Figures, metric: Metric, cell: Cell | None, prior: Cell | None) -> str:
    """The difference of two rates in points, where both have cases enough."""
    if cell is None or prior is None or small(metric, cell) or small(metric, prior):
        return ""
    return figures.writer.change(metric, cell, prior)


def _top(cell: Cell | None) -> int:
    return cell.top if cell is not None else 0


def signed(figures: Figures, metric: Metric, number: int) -> str:
    """+¥1.20万, −3, 0."""
    body = figures.writer.part(metric, abs(number), exact=False)
    return body if not number else ("+" if number > 0 else show.MINUS) + body
