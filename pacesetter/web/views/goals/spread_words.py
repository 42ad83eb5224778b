"""What the spread tool says: why a share is what it is, and why a spread cannot add up."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules.spread import SpreadError
from pacesetter.goals.rules.weights import Weight, WeightError
from pacesetter.web import show

from ...forms.goals import KINDS
from .reading import Reader
from .spread_plan import TOP, Line, Plan, months_of
from .values import Put

PASTE_FAULTS: dict[str, Any] = {
    "unknown_name": gettext_lazy("没有这个人或团队，用工号再试"),
    "ambiguous": gettext_lazy("有重名，写工号"),
    "twice": gettext_lazy("同一个人写了两行"),
    "no_name": gettext_lazy("这一行没有姓名"),
    "columns": gettext_lazy("列数和表头不一样"),
    "total_differs": gettext_lazy("合计和各行相加不一致"),
    "too_many_rows": gettext_lazy("行太多，分几次粘贴"),
    "other_time": gettext_lazy("这一列的时间不在目标的期间里"),
    "month_twice": gettext_lazy("同一个月有两列"),
    "extra_column": gettext_lazy("多出来的一列：只收各月，或一列目标值"),
    "columns_unnamed": gettext_lazy("有几列数而没有表头，写上是哪个月"),
}


def why_of(line: Line, put: Put) -> str:
    """Where a share comes from, in one line."""
    why = line.share.why
    if why.how == "fixed":
        return str(_("手工设定"))
    told = []
    weight = why.weight
    if weight is not None:
        told += _weighed(weight, put)
    rest = why.percent_of_rest
    if rest is not None:
        told.append(_("占可分的 %(share)s") % {"share": show.percent(rest.numerator, rest.denominator * 100)})
    if line.seat is not None and why.profile:
        mean = sum(why.profile, Fraction(0)) / len(why.profile)
        if mean != 1:
            share = show.percent(mean.numerator, mean.denominator) if mean else "0%"
            told.append(_("在岗与爬坡折算 %(share)s") % {"share": share})
    if why.own_by_hand:
        told.append(_("其中手工设定的月份 %(value)s") % {"value": put.short(why.own_by_hand)})
    return _("；").join(told)


def _weighed(weight: Weight, put: Put) -> list[str]:
    told: list[str] = []
    held = dict(weight.figures)
    if weight.kind == "blend":
        return [f"{KINDS[part.kind]} {percent}%" for percent, part in weight.parts]
    if weight.kind == "history":
        words = {"value": put.short(held.get("value")), "there": held.get("days_there"), "days": held.get("days")}
        told.append(_("前 12 个月 %(value)s，在岗 %(there)s/%(days)s 天") % words)
    elif weight.kind == "ability":
        rates = [f"{held[f'top_{n}']}/{held[f'bottom_{n}']}" for n in (1, 2) if f"top_{n}" in held]
        told.append(_("成单率 %(rate)s，已按样本向团队靠拢") % {"rate": rates[0] if rates else show.MISSING})
    elif weight.kind == "resources":
        words = {"accounts": held.get("accounts", 0), "leads": held.get("leads", 0)}
        told.append(_("客户 %(accounts)s，线索 %(leads)s") % words)
    elif weight.kind == "potential":
        told.append(_("进行中商机 %(value)s") % {"value": put.writer.money_short(int(held.get("potential", 0)))})
    elif weight.kind == "children":
        told.append(_("下面 %(n)s 个之和") % {"n": held.get("children")})
    notes = {"newcomer": _("没有历史，取平均"), "part_history": _("历史不满 12 个月，缺的按平均补"),
             "nobody_has_figures": _("都没有数，平均分"), "no_cases": _("自己没有样本，取团队")}  # fmt: skip
    return told + [notes[note] for note in weight.notes if note in notes]


def season_words(plan: Plan) -> str:
    """How the whole falls on the months."""
    if plan.season is None:
        return str(_("各月按这个目标已分好的数"))
    return {
        "history": _("各月按往年 %(n)s 年的平均占比") % {"n": plan.season.years},
        "working_days": _("各月按工作日"),
        "equal": _("每月一样"),
    }[plan.season.basis]


def refusal_of(reader: Reader, view: GoalView, error: SpreadError | WeightError, put: Put) -> str:
    """A spread that cannot add up, in words with the next step."""
    if isinstance(error, WeightError):
        return str(_("这些权重分不出来：%(why)s。换一种，或给它更多数据。") % {"why": error.code})
    where, key = _("本级"), str(error.node)
    if key == TOP:
        where = reader.owner(view.goal)
    elif key.startswith("t") and key[1:].isdigit():
        where = reader.names.of("team", int(key[1:]))
    elif key.startswith("p") and "t" in key:
        where = reader.names.of("person", int(key[1:].split("t")[0]))
    months = [month.label for month in months_of(view, reader.settings)]
    month = months[error.month] if error.month is not None and error.month < len(months) else ""
    words = {"where": f"{where} {month}".strip(), "n": put.exact(error.by)}
    return {
        "too_much": _("%(where)s：手工设定的数比可分的多 %(n)s。改小，或加缓冲。"),
        "over_total": _("%(where)s：手工设定的各月加起来比合计多 %(n)s。改小几个月，或把合计改大。"),
        "month_left": _("%(where)s：各人手工设定的数加起来比这个月少 %(n)s。改大一个，或放开一个。"),
        "left_over": _("%(where)s：还有 %(n)s 没有人可分。放开一个手工设定的数，或加人。"),
        "nobody": _("%(where)s：这个月没有人在岗，%(n)s 分不下去。"),
        "months": _("%(where)s：各月手工数和合计差 %(n)s。"),
        "negative": _("%(where)s：分下去会小于 0（%(n)s）。"),
    }.get(error.code, _("%(where)s：这样分不下去。")) % words
