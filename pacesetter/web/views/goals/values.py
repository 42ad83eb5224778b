"""How values of goals read: in the metric's own unit, short and exact, and distances in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from pacesetter.lib.money import round_half_up
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.standing import BP
from pacesetter.web import show

from ..insights.wording import Writer

Value = int | Fraction | None


@dataclass(frozen=True)
class Figure:
    """One number of a page; `why` is the address that explains it, empty where there is none."""

    text: str
    exact: str = ""
    why: str = ""
    label: str = ""
    small: bool = False


@dataclass(frozen=True)
class Put:
    """Writes values of one metric: minor units, counts, days, and basis points of 1 for a rate."""

    metric: Metric
    writer: Writer

    def short(self, value: Value) -> str:
        """For tables: ¥8.64万, 23.7%, 12."""
        if value is None:
            return show.MISSING
        if self.metric.unit == "minor":
            return self.writer.money_short(round_half_up(value))
        return self._plain(value)

    def exact(self, value: Value) -> str:
        """The whole number."""
        if value is None:
            return show.MISSING
        if self.metric.unit == "minor":
            return self.writer.money(round_half_up(value))
        return self._plain(value)

    def _plain(self, value: int | Fraction) -> str:
        if self.metric.unit == "ratio":
            return show.percent(round_half_up(value), BP)
        tenths = round_half_up(Fraction(value) * 10)
        if not tenths and value:
            # a little is not nothing
            return "<0.1" if value > 0 else f">{show.MINUS}0.1"
        text = show.count(tenths // 10) if tenths % 10 == 0 else f"{show.count(abs(tenths) // 10)}.{abs(tenths) % 10}"
        text = show.MINUS + text if tenths < 0 and tenths % 10 else text
        return _("%(n)s 天") % {"n": text} if self.metric.unit == "days" else text

    def distance(self, value: Value) -> str:
        """How far apart, without a sign; rates in points."""
        if value is None:
            return show.MISSING
        apart = abs(Fraction(value))
        if self.metric.unit == "ratio":
            return show.rate_difference((round_half_up(apart), BP), (0, BP)).lstrip("+")
        return self.short(apart)

    def gap(self, actual: Value, target: int | Fraction) -> str:
        """差 ¥3.2万, 超 ¥1.1万; where less is better: 余 (still allowed), 超 (over)."""
        if actual is None:
            return show.MISSING
        over = actual - target
        if not over:
            return str(_("持平"))
        words = {"n": self.distance(over)}
        if over > 0:
            return _("超 %(n)s") % words
        return (_("余 %(n)s") if self.metric.better == "down" else _("差 %(n)s")) % words

    def figure(self, value: Value, label: Any = "", why: str = "") -> Figure:
        """A number that opens to its why."""
        return Figure(self.short(value), self.exact(value), why, str(label))


def percent(share: Fraction | None) -> str:
    """An attainment: 120.0%, never capped."""
    return show.MISSING if share is None else show.percent(share.numerator, share.denominator)
