"""The chart of one goal: what was done so far, what should have been, and every version's target from its day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from pacesetter import assembly
from pacesetter.goals.facts import line_of
from pacesetter.goals.reads import GoalView
from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up
from pacesetter.metrics.attainment import total_of
from pacesetter.metrics.course import Point
from pacesetter.metrics.keeping import left_of
from pacesetter.metrics.standing import BP
from pacesetter.web import show

from ..insights.wording import small
from .reading import Reader

DAYS, WEEKS = 45, 200


def steps(start: date, end: date, settings: periods.Settings) -> list[date]:
    """Ends of days, weeks or months, as many as a chart can show."""
    length = (end - start).days
    kind = "day" if length <= DAYS else "week" if length <= WEEKS else "month"
    return [min(period.end, end) for period in periods.between(start, end, kind, settings)]


def chart(reader: Reader, view: GoalView) -> dict[str, Any] | None:
    """The spec of the chart; None where nothing was published, or the reader does not see what was done."""
    goal = view.goal
    if not reader.sees(goal):
        return None
    marks = steps(goal.start, goal.end, reader.settings)
    if goal.start < reader.until < goal.end:
        marks = sorted({*marks, reader.until})
    points = assembly.course(view, marks, today=reader.until, reach=reader.viewer, calendars=reader.calendars([goal]))
    if not points:
        return None
    metric = reader.metric(goal.metric)
    rate = metric.unit == "ratio"

    def number(value: Any) -> Any:
        if value is None:
            return None
        whole_value = round_half_up(value)
        return [whole_value, BP] if rate else whole_value

    series = [
        {
            "name": str(_("实际")),
            "values": [None if small(metric, point.done) else _actual(point, rate) for point in points],
        },
        {"name": pgettext("chart", "应完成"), "role": "pace", "values": [number(point.expected) for point in points]},
        *_targets(reader, view, points, number),
    ]
    last = goal.end - timedelta(days=1)
    return {
        "kind": "line",
        "title": str(_("累计")) if not rate else str(_("走势")),
        "sentence": _sentence(reader, view, points),
        "unit": {"minor": "minor", "count": "count", "days": "days", "ratio": "ratio"}[metric.unit],
        "currency": reader.company.currency,
        "labels": [_label(point.until - timedelta(days=1), goal.start, last) for point in points],
        "series": series,
    }


def _label(day: date, start: date, last: date) -> str:
    return f"{day.year}-{day.month}" if start.year != last.year else f"{day.month}/{day.day}"


def _actual(point: Point, rate: bool) -> Any:
    if point.done is None:
        return None
    top, bottom = point.done.top, point.done.bottom
    if bottom is None:
        return top
    if rate:
        return [top, bottom] if bottom else None
    return round_half_up(Fraction(top, bottom)) if bottom else None


def _targets(reader: Reader, view: GoalView, points: Sequence[Point], number: Any) -> list[dict[str, Any]]:
    """One line per version that was in force: the first from the beginning, the others from their day on."""
    goal = view.goal
    book = reader.calendars([goal])

    def days(kind: str, owner: int | None, start: date, end: date) -> int:
        return book.of(kind, owner, start).count(start, end)

    def shown(point: Point) -> date:
        """The first day after the point; where the page stands today, today counts."""
        return point.until + timedelta(days=point.until == reader.until)

    held = [v for v in view.versions if v.stood.was_published]
    found = []
    for place, version in enumerate(held):
        newest = place == len(held) - 1
        since = goal.start if not place else version.row.valid_from
        line = line_of(view, points[0].line.metric, version) or points[0].line
        whole = total_of(line, goal.start, goal.end, days)
        value = left_of(line, goal.start, goal.end, whole, reader.until, book).value
        name = pgettext("value", "目标") if newest else str(_("第 %(n)s 版目标") % {"n": version.row.number})
        found.append({
            "name": name, "role": "target" if newest else "rest",
            "values": [number(value) if since < shown(point) else None for point in points],
        })  # fmt: skip
    return found


def _sentence(reader: Reader, view: GoalView, points: Sequence[Point]) -> str:
    done = [point for point in points if point.done is not None]
    name = reader.name(view.goal)
    if not done:
        return _("%(goal)s 还没有开始。") % {"goal": name}
    put = reader.put(reader.metric(view.goal.metric))
    point = done[-1]
    value = _actual(point, put.metric.unit == "ratio")
    actual = show.percent(*value) if isinstance(value, list) else put.exact(value)
    if isinstance(value, list) and small(put.metric, point.done):
        # says how many they are, and nothing else
        actual = put.writer.short(put.metric, point.done)
    told = _("%(goal)s 到 %(day)s 实际 %(actual)s，应完成 %(expected)s。")
    if view.goal.per:
        told = _("%(goal)s 到 %(day)s 累计实际 %(actual)s，累计应完成 %(expected)s。")
    return told % {
        "goal": name, "day": show.day(point.until - timedelta(days=1)), "actual": actual,
        "expected": put.exact(point.expected),
    }  # fmt: skip
