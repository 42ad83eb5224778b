"""What the data says about an application: the weeks around the event, whose customers it touches, both lines."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from pacesetter import assembly
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import AdjustmentView, VersionView
from pacesetter.lib import money as coins
from pacesetter.lib import periods
from pacesetter.metrics.catalogue import Metric
from pacesetter.pipeline.models import Customer

from ... import show
from .units import BP, Units

NAMED = 20


def _side(evidence: dict[str, Any], after: bool) -> tuple[int, int | None, int, int]:
    weeks = [week for week in evidence["weeks"] if week["after"] == after]
    bottoms = [week["bottom"] for week in weeks if week["bottom"] is not None]
    return sum(w["top"] for w in weeks), sum(bottoms) if bottoms else None, sum(w["n"] for w in weeks), len(weeks)


def _share(part: int, whole: int) -> list[int] | None:
    """A share for whoever sees no amounts: in basis points, for the page's source carries what its chart draws."""
    return [coins.round_half_up(Fraction(part * BP, whole)), BP] if whole else None


class Shown:
    """Kept evidence as one reader sees it; `masked` turns amounts into shares of the time before."""

    def __init__(self, evidence: dict[str, Any], metric: Metric, units: Units, *, masked: bool) -> None:
        self.kept, self.metric, self.units, self.masked = evidence, metric, units, masked
        self.before, self.after = _side(evidence, False), _side(evidence, True)

    @property
    def ratio(self) -> bool:
        return self.metric.unit == "ratio" or bool(self.before[1])

    def _value(self, week: dict[str, Any]) -> Any:
        if self.ratio:
            return [week["top"], week["bottom"]] if week["bottom"] else None
        if self.masked:
            return _share(week["top"] * self.before[3], self.before[0])
        return week["top"]

    def _mean(self, side: tuple[int, int | None, int, int]) -> Any:
        top, bottom, _n, weeks = side
        if self.ratio:
            return [top, bottom] if bottom else None
        if self.masked:
            return _share(top * self.before[3], self.before[0] * weeks)
        if not weeks:
            return None
        return coins.round_half_up(Fraction(top, weeks)) if self.metric.unit == "minor" else Decimal(top) / weeks

    def _said(self, side: tuple[int, int | None, int, int]) -> str:
        value = self._mean(side)
        if value is None:
            return show.MISSING
        if isinstance(value, list):
            return show.rate(value[0], value[1], side[2] if self.ratio else None) if self.ratio else (
                show.percent(value[0], value[1]))  # fmt: skip
        if isinstance(value, Decimal):
            return show.count(value.quantize(Decimal("0.1")))
        return self.units.plain(value)

    @property
    def sentence(self) -> str:
        """What the weeks say, with how many records stand behind it."""
        words = {"before": self._said(self.before), "after": self._said(self.after), "weeks": self.before[3],
                 "later": self.after[3], "n": self.before[2], "m": self.after[2]}  # fmt: skip
        if not self.after[3]:
            return gettext("事件前 %(weeks)s 周每周平均 %(before)s（n=%(n)s）；事件之后还没有数据。") % words
        if self.ratio:
            return (
                gettext("事件前 %(weeks)s 周 %(before)s（n=%(n)s），之后 %(later)s 周 %(after)s（n=%(m)s）。") % words
            )
        return (
            gettext("事件前 %(weeks)s 周每周平均 %(before)s（n=%(n)s），之后 %(later)s 周平均 %(after)s（n=%(m)s）。")
            % words
        )

    def spec(self, title: str, currency: str) -> dict[str, Any]:
        """The chart: weeks before the event and after it, each beside its mean."""
        weeks = self.kept["weeks"]
        means = {late: float(mean) if isinstance(mean, Decimal) else mean
                 for late, mean in ((False, self._mean(self.before)), (True, self._mean(self.after)))}  # fmt: skip
        unit = "ratio" if self.ratio or self.masked else self.metric.unit
        return {
            "kind": "line", "title": title, "sentence": self.sentence, "unit": unit, "currency": currency,
            "labels": [week["label"] for week in weeks],
            "series": [
                {"name": gettext("每周"), "values": [self._value(week) for week in weeks]},
                {"name": gettext("事件前平均"), "role": "pace",
                 "values": [None if week["after"] else means[False] for week in weeks]},
                {"name": gettext("事件后平均"), "role": "target",
                 "values": [means[True] if week["after"] else None for week in weeks]},
            ],
        }  # fmt: skip


def both_lines(
    goal: Goal, metric: Metric, old: VersionView, new: int, valid_from: date, today: date, currency: str, *,
    masked: bool,
) -> dict[str, Any] | None:  # fmt: skip
    """The goal's whole time: what was done, the line that held, and the one applied for from its first day on."""
    grain = {"day": "day", "week": "week"}.get(goal.per, "week")
    spans = list(periods.between(goal.start, goal.end, grain))[:60]
    summed = metric.adds_up(goal.basis) and not goal.per
    until = min(goal.end, today + timedelta(days=1))
    known = assembly.counted(goal, grain, goal.start, until, today) if today >= goal.start else {}
    done: list[Any] = []
    total = 0
    for span in spans:
        top, bottom, _n = known.get(span.label, (0, None, 0))
        total += top
        if span.start > today:
            done.append(None)
        elif metric.unit == "ratio":
            done.append([top, bottom] if bottom else None)
        else:
            done.append(total if summed else top)
    scale = old.row.target

    def line(value: int, start: date | None, span: periods.Period) -> Any:
        if start is not None and span.end <= start:
            return None
        return [value, BP] if metric.unit == "ratio" else [value, scale] if masked else value

    if masked and metric.unit != "ratio":
        done = [None if value is None else _share(value, scale) for value in done]
    return {
        "kind": "line", "title": gettext("原来的线和新的线"), "currency": currency,
        "unit": "ratio" if masked else metric.unit, "labels": [span.label for span in spans],
        "sentence": gettext("新的线从 %(day)s 起。") % {"day": show.day(valid_from)},
        "series": [
            {"name": gettext("累计完成") if summed else gettext("完成"), "values": done},
            {"name": gettext("原来的线"), "role": "pace", "values": [line(scale, None, one) for one in spans]},
            {"name": gettext("新的线"), "role": "target", "values": [line(new, valid_from, one) for one in spans]},
        ],
    }  # fmt: skip


def customers_for(view: AdjustmentView, readable: QuerySet[Customer]) -> tuple[list[Customer], int]:
    """The customers an application names that this reader may open, and how many more there are."""
    ids = view.row.evidence.get("ids", [])
    shown = list(readable.filter(pk__in=ids).order_by("name", "id")[:NAMED])
    return shown, int(view.row.evidence.get("customers", 0)) - len(shown)
