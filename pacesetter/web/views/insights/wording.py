"""How a cell of the catalogue reads: short, exact, and honest about small samples; and the names behind ids."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.activity.models import ActivityKind
from pacesetter.lib import money as coins
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.schema import TIME_DIMS
from pacesetter.people.models import GrowthStage
from pacesetter.pipeline.models.words import CustomerKind, DealStage, LeadStage
from pacesetter.web import show

from .asked import period_name

STAGES = {**dict(LeadStage.choices), **dict(DealStage.choices)}


class Writer:
    """Numbers in the company's currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.exponent = coins.exponent(currency)

    def money(self, minor: int | None) -> str:
        return show.money(minor, currency=self.currency)

    def money_short(self, minor: int | None) -> str:
        return show.money_short(minor, currency=self.currency)

    def part(self, metric: Metric, number: int | None, *, exact: bool = True) -> str:
        """A top or a bottom of a metric by itself."""
        if number is None:
            return show.MISSING
        if in_money(metric):
            return self.money(number) if exact else self.money_short(number)
        return show.count(number)

    def short(self, metric: Metric, cell: Any) -> str:
        """For a table: ¥8.64万, 23.7%, 3/7 where the sample is small, — where there is nothing."""
        if cell is None:
            return show.MISSING
        if metric.unit == "ratio":
            return self._rate(metric, cell.top, cell.bottom, cell.n)
        value = whole(cell)
        if value is None:
            return show.MISSING
        if metric.unit == "minor":
            return self.money_short(value)
        if metric.unit == "days":
            return _("%(n)s 天") % {"n": decimal(cell)}
        return show.count(value)

    def exact(self, metric: Metric, cell: Any) -> str:
        """For tooltips, copies and the drawer: the whole number."""
        if cell is None:
            return show.MISSING
        if metric.unit == "minor" and whole(cell) is not None:
            return self.money(whole(cell))
        if metric.unit == "ratio" and cell.bottom and metric.key != "customer_mix":
            parts = f"{self.part(metric, cell.top)} ÷ {self.part(metric, cell.bottom)}"
            if small(metric, cell):
                return _("%(parts)s，样本太少") % {"parts": parts}
            return f"{parts} = {show.percent(cell.top, cell.bottom)}"
        return self.short(metric, cell)

    def _rate(self, metric: Metric, top: int, bottom: int | None, n: int) -> str:
        if not bottom:
            return show.MISSING
        if metric.few(n):
            if metric.key == "customer_mix":
                return show.MISSING
            if in_money(metric):
                return f"{self.money_short(top)}/{self.money_short(bottom)}"
            return f"{top}/{bottom}"
        return show.percent(top, bottom)

    def change(self, metric: Metric, now: Any, before: Any) -> str:
        """Against the period before: +12.4 % for amounts and counts, +3.2 points for rates; empty without a base."""
        if now is None or before is None:
            return ""
        if metric.unit == "ratio":
            if small(metric, now) or small(metric, before) or not now.bottom or not before.bottom:
                return ""
            gap = show.rate_difference((now.top, now.bottom), (before.top, before.bottom))
            return "" if gap.startswith("0.0") else gap
        a, b = whole(now), whole(before)
        if a is None or not b or a == b:
            return ""
        if metric.unit == "count" and abs(b) < show.SMALL:
            # +900 % of one visit says less than nine more
            return f"{'+' if a > b else show.MINUS}{show.count(abs(a - b))}"
        return show.change(a, b)


def in_money(metric: Metric) -> bool:
    """Whether tops and bottoms are amounts (true for some rates, too)."""
    return metric.unit == "minor" or metric.key in ("collection_rate", "new_amount_share", "customer_mix")


def small(metric: Metric, cell: Any) -> bool:
    """Whether the sample is too small to show a rate."""
    return cell is not None and metric.few(cell.n)


def whole(cell: Any) -> int | None:
    """The value of a cell in whole units (an average of amounts is rounded half up to the minor unit)."""
    value = cell.value
    if value is None:
        return None
    return coins.round_half_up(value) if isinstance(value, Fraction) else int(value)


def decimal(cell: Any) -> str:
    """A value with one decimal where it has one: 12, 12.5."""
    value = cell.value
    if value is None:
        return show.MISSING
    fraction = Fraction(value)
    return show.count((Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(Decimal("0.1")))


def sortable(cell: Any) -> Fraction | None:
    """What a table sorts by."""
    return None if cell is None or cell.value is None else Fraction(cell.value)


class Names:
    """The words behind the keys of a metric, loaded once per dim."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Any], str] = {}

    def load(self, dim: str, values: Iterable[Any]) -> None:
        """Names of many keys in one query."""
        ids = {value for value in values if value is not None and (dim, value) not in self.known}
        if not ids:
            return
        if dim in assembly.LABELS:
            for value, name in assembly.labels(dim, [int(i) for i in ids]).items():
                self.known[dim, value] = name or str(value)
        elif dim == "activity_kind":
            for kind in ActivityKind.objects.filter(key__in=ids):
                self.known[dim, kind.key] = kind.zh if show.chinese() else kind.en

    def of(self, dim: str, value: Any) -> str:
        """The name of one key in the reader's language."""
        if value is None or value == "":
            return str(_("未指定"))
        if (dim, value) not in self.known and (dim in assembly.LABELS or dim == "activity_kind"):
            self.load(dim, [value])
        if (dim, value) in self.known:
            return self.known[dim, value]
        if dim == "growth_stage":
            return str(dict(GrowthStage.choices).get(value, value))
        if dim == "customer_kind":
            return str(dict(CustomerKind.choices).get(value, value))
        if dim == "stage":
            return str(STAGES.get(value, value))
        if dim == "ageing":
            return str(_("%(days)s 天") % {"days": str(value).replace("-", "–")})
        if dim in TIME_DIMS:
            return time_name(dim, str(value))
        return str(value)


def time_name(dim: str, label: str) -> str:
    """A short label of a time axis: 3月, 3/9, 2026 Q1."""
    try:
        period = periods.parse(label)
    except periods.PeriodError:
        return label
    if dim in ("week", "day"):
        return f"{period.start.month}/{period.start.day}"
    if dim == "quarter":
        return label.replace("Q", " Q")
    return label


__all__ = ["Names", "Writer", "decimal", "in_money", "period_name", "small", "sortable", "whole"]
