"""How a metric is spread across people, and what changed in its definition meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from pacesetter.activity.models import VisitRule
from pacesetter.lib.money import round_half_up
from pacesetter.metrics.catalogue import Metric
from pacesetter.people.models import OPEN_START
from pacesetter.people.rights import Scope
from pacesetter.web import show

from .asked import Window
from .board import Number, name_of
from .figures import Figures
from .links import why_url
from .scope import Where, reach_of_metrics
from .wording import small, sortable

LEAST = 3
VISITS = ("effective_visits", "customers_visited")


@dataclass(frozen=True)
class Spread:
    """Lowest, middle and highest of `n` people; `dots` on a line from 0 to 1000, one per person."""

    n: int
    lowest: Number
    middle: Number
    highest: Number
    dots: list[int]


def spread(figures: Figures, metric: Metric, basis: str, at: Window, where: Where) -> Spread | None:
    """The spread across people, for whoever sees several; rates on small samples do not count."""
    if reach_of_metrics(figures.viewer) < Scope.TEAM or where.person is not None or where.nobody:
        return None
    if "person" not in figures.dims(metric, basis):
        return None
    cells = figures.now(metric.key, ("person",), at, where, basis).values()
    held = [c for c in cells if c.key[0] is not None and sortable(c) is not None and not small(metric, c)]
    if len(held) < LEAST:
        return None
    ordered = sorted(held, key=lambda c: (sortable(c) or Fraction(0), c.key))
    low, high = (sortable(ordered[place]) or Fraction(0) for place in (0, -1))
    width = high - low or Fraction(1)
    dots = [round_half_up(((sortable(c) or Fraction(0)) - low) / width * 1000) for c in ordered]
    middle = ordered[(len(ordered) - 1) // 2]

    def number(place: int) -> Number:
        cell = ordered[place]
        inner = where.narrowed("person", cell.key[0])
        write = figures.writer
        return Number(write.short(metric, cell), write.exact(metric, cell), why_url(metric.key, at, inner, basis),
                      name_of(metric), sortable(cell), cell)  # fmt: skip

    return Spread(len(ordered), number(0), number(ordered.index(middle)), number(-1), dots)


def definition_changes(metric: Metric, first: date, last: date) -> list[str]:
    """What changed in the definition within the days a chart shows."""
    if metric.key not in VISITS:
        return []
    changes = VisitRule.objects.filter(valid_from__gt=max(first, OPEN_START), valid_from__lte=last)
    days = changes.order_by("valid_from").values_list("valid_from", flat=True)
    return [_("有效拜访规则自 %(day)s 改过") % {"day": show.day(day)} for day in days]
