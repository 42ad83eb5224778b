"""应完成 explained: the formula with this goal's own figures, the calendar or curve it went by, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.reads import GoalView
from pacesetter.lib import periods
from pacesetter.lib.calendars import count
from pacesetter.lib.money import round_half_up
from pacesetter.metrics.keeping import Standing
from pacesetter.metrics.pace import Pace
from pacesetter.web import door, show

from .prorated import words as prorated_words
from .reading import Reader
from .tree import reason_word
from .values import Put, percent


@dataclass(frozen=True)
class Month:
    """One month of the goal: its working days, how many have passed, its own value where it has one, and what is
    usually done by its end where a curve is used."""

    name: str
    days: int
    passed: int
    value: str
    usual: str = ""


def _decimal(value: Fraction) -> str:
    tenths = round_half_up(value * 10)
    return show.count(tenths // 10) if tenths % 10 == 0 else f"{show.count(tenths // 10)}.{tenths % 10}"


def formula(put: Put, stand: Standing) -> list[str]:
    """Line by line, in words and in figures."""
    pace = stand.pace
    words = {"target": put.exact(pace.target), "passed": _decimal(pace.passed), "whole": _decimal(pace.whole),
             "value": put.exact(pace.expected)}  # fmt: skip
    if pace.basis == "level":
        return [
            _("应完成 = 目标"),
            _("比率、均值和存量每天都应当在目标上，不按天数折算。"),
            f"= {put.exact(pace.target)}",
        ]
    if pace.basis == "curve":
        words["passed"] = percent(pace.passed)
        return [_("应完成 = 目标 × 到今天通常已完成的比例"), "= {target} × {passed} = {value}".format(**words)]
    if pace.basis == "months":
        return [
            _("应完成 = 每个月的目标 × 当月已过工作日 ÷ 当月工作日，再相加"),
            "= {value}".format(**words),
        ]
    if stand.line.per:
        words = {"target": put.exact(stand.target), "days": show.count(pace.days_passed), "sum": words["value"]}
        if stand.line.per == "week":
            return [
                _("应完成 = 每周的目标；五个工作日算一周"),
                _("到今天 %(days)s 个工作日，合计 %(target)s × %(days)s ÷ 5 = %(sum)s") % words,
            ]
        return [
            _("应完成 = 每个工作日的目标"),
            _("到今天 %(days)s 个工作日，合计 %(target)s × %(days)s = %(sum)s") % words,
        ]
    head = _("应完成 = 目标 × 已过工作日 ÷ 全部工作日")
    return [head, "= {target} × {passed} ÷ {whole} = {value}".format(**words)]


def basis_words(pace: Pace) -> str:
    """按工作日, 按历史节奏 …"""
    told = {
        "working_days": _("按工作日"),
        "months": _("按各月目标和工作日"),
        "curve": _("按历史节奏，%(n)s 个可比期间的平均") % {"n": pace.periods},
        "level": _("每天都应当在目标上"),
    }[pace.basis]
    if pace.note == "too_few_periods":
        told += _("；选了历史节奏，可比期间只有 %(n)s 个，不足 4 个") % {"n": pace.periods}
    return told


def months(reader: Reader, view: GoalView, stand: Standing, put: Put) -> list[Month]:
    """The goal's working days month by month."""
    goal = view.goal
    # the days by which the pace goes: whoever is not there has none
    there = stand.pace.prorated
    weight = there.weight if there else {}
    cut = min(max(reader.until, goal.start), goal.end)
    parts = {(start, end): value for start, end, value in stand.line.parts}
    found, gone, whole = [], 0, stand.pace.days_passed + stand.pace.days_left
    curve = stand.curve if stand.pace.basis == "curve" and reader.sees(goal) and whole else None
    for month in periods.between(goal.start, goal.end, "month", reader.settings):
        start, end = max(month.start, goal.start), min(month.end, goal.end)
        value, days = parts.get((start, end)), count(weight, start, end)
        gone += days
        passed = count(weight, start, min(max(cut, start), end))
        found.append(Month(reader.month(month.label, month.start), days, passed,
                           put.exact(value) if value is not None else "",
                           percent(curve.at(Fraction(gone, whole))) if curve else ""))  # fmt: skip
    return found


def usual(reader: Reader, view: GoalView, stand: Standing) -> tuple[list[tuple[str, str]], str]:
    """What each comparable period had done by this part of its working days, oldest first, and their mean."""
    days = stand.pace.days_passed + stand.pace.days_left
    if stand.pace.basis != "curve" or stand.curve is None or not days or not reader.sees(view.goal):
        return [], ""
    part = Fraction(stand.pace.days_passed, days)
    told = [(label, percent(share)) for label, share in reversed(stand.curve.each_at(part))]
    return told, percent(stand.curve.at(part))


def explain(reader: Reader, view: GoalView, stand: Standing) -> dict[str, Any]:
    """Everything the drawer says."""
    put, pace, sees = reader.put(stand.line.metric), stand.pace, reader.sees(view.goal)
    told = [
        (_("状态"), _("实际 ÷ 应完成：105% 起超前，95% 起正常，85% 起关注，再低是落后")),
        (_("日历"), stand.calendar or _("公司日历")),
    ]
    if sees and pace.score is not None and not stand.few:
        told.insert(0, (_("实际 ÷ 应完成"), f"{put.exact(stand.actual)} ÷ {put.exact(stand.expected)}"))
    if sees and stand.line.per and stand.actual is not None:
        words = {"done": put.exact(pace.actual), "days": pace.days_passed, "each": put.exact(stand.actual)}
        told.insert(0, (_("实际"), (_("合计 %(done)s ÷ %(days)s 个工作日 = %(each)s") if stand.line.per == "day" else
                                    _("合计 %(done)s ÷ %(days)s 个工作日 × 5 = %(each)s")) % words))  # fmt: skip
        told.insert(1, (_("怎样算达成"), _("整个期间的平均达到目标就算达成，个别日子可以少")))
    if sees and pace.required_per_day is not None:
        told.append((
            _("日均需完成"),
            _("（目标 − 实际）÷ 剩余 %(days)s 个工作日 = %(value)s")
            % {"days": pace.days_left, "value": put.exact(pace.required_per_day)},
        ))  # fmt: skip
    return {
        "name": reader.name(view.goal),
        "back_url": reverse("goal", args=[view.pk]),
        "value": put.short(stand.expected),
        "exact": put.exact(stand.expected),
        "formula": [line for line in (prorated_words(put, stand), *formula(put, stand)) if line],
        "basis": basis_words(pace),
        "provisional": stand.provisional,
        "months": months(reader, view, stand, put),
        "days_passed": pace.days_passed,
        "days_left": pace.days_left,
        "days": pace.days_passed + pace.days_left,
        "has_parts": bool(stand.line.parts),
        "usual": usual(reader, view, stand),
        "status": stand.status,
        "reason": reason_word(pace.reason) or (_("样本太少") if stand.few else ""),
        "told": told,
        "last": min(reader.until, view.goal.end) - timedelta(days=1),
        "taken_at": door.at(reader.request),
    }


def _applied(reader: Reader, view: GoalView, stand: Standing, asked: str) -> Standing:
    """The same under the line that an open application asks for; 404 where there is none for this reader."""
    rows = reads.visible_adjustments(reader.viewer).filter(pk__in=reads.open_adjustments().values("pk"))
    row = rows.filter(pk=int(asked), goal=view.pk).first() if asked.isdecimal() and len(asked) < 18 else None
    version = reads.foreseen(view.planned(), row) if row is not None else None
    if version is None:
        raise Http404
    return assembly.foreseen(view, version, stand, until=reader.until, calendars=reader.calendars([view.goal]))


@require_safe
def expected(request: HttpRequest, pk: int) -> HttpResponse:
    """How much should have been done by the end of yesterday, and why; inside the drawer only the body."""
    reader = Reader(request)
    view = reader.one(pk)
    stand = reader.standing([view], drafts=True).get(pk)
    if stand is None:
        raise Http404
    applied = "application" in request.GET
    if applied:
        stand = _applied(reader, view, stand, request.GET["application"])
    htmx = bool(getattr(request, "htmx", False))
    context = explain(reader, view, stand) | {"applied": applied}
    return render(request, "goals/_expected.html" if htmx else "goals/expected.html", context)
