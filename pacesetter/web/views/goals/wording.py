"""Words that the pages of goal adjustment share: seats, states, the clock, who may speak from where."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import reads, rules
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import AdjustmentView
from pacesetter.people.models import Person
from pacesetter.people.reach import Reach

from ... import door
from .units import Units, named, scope_words, whose

SEATS = {"director": _("销售总监"), "hrbp": _("HRBP"), "analyst": _("数据分析师")}
STATES: dict[str, tuple[str, Any]] = {
    "asked": ("watch", _("等待决定")),
    "escalated": ("bad", _("已升级")),
    "approved": ("good", _("已同意")),
    "checked": ("good", _("已回看")),
    "refused": ("neutral", _("未同意")),
    "withdrawn": ("neutral", _("已撤回")),
    "expired": ("neutral", _("已过期")),
}
SILENT = {
    "self": _("这是你自己的目标或申请，不能由你表态。"),
    "twice": _("你已经表过态。"),
    "assessment": _("数据分析师还没有评估，总监先不能决定。"),
}
VERDICTS = {
    "needless": _("原来的线也达到了。"),
    "held": _("达到了新的线。"),
    "short": _("新的线也没有达到。"),
    "unknown": _("没有数据可比。"),
}


def concerned(reach: Reach) -> bool:
    """Whether applications are anything to this reader: somebody with goals, one who judges them, or a delegate."""
    full = reach.may("goals") and reach.parts("goals") is None
    return full or bool(reads.seats(reach)) or reads.visible_adjustments(reach).exists()


def units_of(request: HttpRequest, goal: Goal) -> Units:
    company = door.company(request)
    return Units(reads.metric_named(goal.metric, goal.basis), company.currency if company else "CNY", per=goal.per)


def company_name(request: HttpRequest) -> str:
    company = door.company(request)
    return company.name if company else ""


def title_of(goal: Goal, units: Units, company: str) -> str:
    parts = [whose(goal, company), goal.label, scope_words(goal), named(units.metric)]
    return " · ".join(part for part in parts if part)


def clock_words(view: AdjustmentView, reach: Reach) -> str:
    """还剩 2 个工作日, or by how many it is late."""
    if view.end is not None:
        return ""
    left = reads.days_left(view.row.goal, reach.on, view.row.due_on)
    if left > 0:
        return gettext("还剩 %(n)s 个工作日") % {"n": left}
    return gettext("今天到期") if left == 0 else gettext("超期 %(n)s 个工作日") % {"n": -left}


def places(view: AdjustmentView, reach: Reach) -> tuple[list[tuple[str, str]], list[str]]:
    """The places this reader may speak from (`seat:person` or `seat:`), and why not where they may not."""
    held = reads.seats(reach)
    may, why = [], []
    names = dict(
        Person.objects.filter(pk__in=[p for ways in held.values() for p in ways if p]).values_list("pk", "name")
    )
    for seat, ways in held.items():
        silent = rules.silenced(view.matter, seat, reach.person_id, held)
        if not silent:
            may += [
                (
                    f"{seat}:{one or ''}",
                    str(SEATS[seat]) + (gettext("（代 %(name)s）") % {"name": names[one]} if one else ""),
                )
                for one in ways
            ]
        elif silent in SILENT:
            why.append(str(SILENT[silent]))
    return may, list(dict.fromkeys(why))
