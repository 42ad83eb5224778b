"""The live side panel of the goal form: SMART + CR over the goal as it is typed, each with its sentence and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.models import MarketEvent
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules import smart
from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up
from pacesetter.lib.nearest import nearest
from pacesetter.lib.refusal import Refusal
from pacesetter.metrics.attainment import on_average
from pacesetter.metrics.catalogue import Metric
from pacesetter.metrics.engine.question import Cell, UnknownDim
from pacesetter.metrics.pace import worth
from pacesetter.metrics.standing import BP
from pacesetter.people import reads as people
from pacesetter.people import rules as people_rules
from pacesetter.people.models import Person
from pacesetter.web import show
from pacesetter.web.forms.goals import plain

from .reading import Reader
from .values import Put

VERDICTS = {"passed": ("good", "✓"), "warned": ("watch", "◐"), "failed": ("bad", "●")}


@dataclass(frozen=True)
class Shown:
    """One check as it stands in the panel."""

    key: str
    letter: str
    name: Any
    tone: str
    sign: str
    word: str
    says: str
    more: str
    fix: str  # field whose box the button leads to
    fix_value: str  # what the button writes there


@dataclass(frozen=True)
class Typed:
    """The goal as somebody typed it so far."""

    metric: Metric
    owner_kind: str
    owner: int | None
    period: periods.Period | None
    target: int | None
    challenge: int | None
    scope: tuple[str, ...]
    only: tuple[tuple[str, tuple[Any, ...]], ...]
    elastic: tuple[str, ...]
    parent: Any
    per: str = ""


def _value(metric: Metric, cell: Cell) -> int | None:
    value = cell.value
    if value is None:
        return None
    return round_half_up(Fraction(value) * (BP if metric.unit == "ratio" else 1))


def _past(reader: Reader, period: periods.Period, count: int) -> list[periods.Period]:
    found: list[periods.Period] = []
    last = period
    while last.end > reader.today:
        last = periods.previous(last, reader.settings)
    for _step in range(count):
        found.insert(0, last)
        last = periods.previous(last, reader.settings)
    return found


def _history(reader: Reader, typed: Typed) -> tuple[list[smart.Number], list[smart.Number], bool | None]:
    """(own values of the last comparable periods, those of the peers in the last one, whether among the best).

    Of a number for each day or week they are what was done for each day or week.
    """
    period = typed.period
    if period is None or period.kind not in periods.KINDS:
        return [], [], None
    past = _past(reader, period, smart.LOOK_BACK)
    only, within = list(typed.only), ()
    if typed.owner_kind == "person":
        only.append(("person", (typed.owner,)))
    elif typed.owner_kind == "team" and typed.owner is not None:
        within = (typed.owner,)  # type: ignore[assignment]
    key = typed.metric.key
    if typed.per:
        return _each(reader, typed, past, only, within)
    questions = [
        assembly.question(key, p.start, p.end, today=reader.today, reach=reader.viewer, within=within, only=only)
        for p in past
    ]
    cells = assembly.totals(questions)
    own: list[smart.Number] = [value for cell in cells if cell.n and (value := _value(typed.metric, cell)) is not None]
    if typed.owner_kind != "person":
        return own, [], None
    try:
        asked = assembly.question(key, past[-1].start, past[-1].end, today=reader.today, reach=reader.viewer,
                                  by=("person",), only=list(typed.only))  # fmt: skip
        rows = [row.cell for row in assembly.answer(asked)]
    except UnknownDim:
        return own, [], None
    peers = {cell.key[0]: value for cell in rows if (value := _value(typed.metric, cell)) is not None}
    return own, list(peers.values()), _in_top(reader, typed, past[-1])


def _each(
    reader: Reader, typed: Typed, past: Sequence[periods.Period], only: Sequence[tuple[str, tuple[Any, ...]]],
    within: tuple[int, ...],
) -> tuple[list[smart.Number], list[smart.Number], bool | None]:  # fmt: skip
    """The same for a number of each day or week: each is counted by itself, and the working days divide."""
    key, last = typed.metric.key, past[-1]
    calendars = people.WorkdayBook(past[0].start, last.end, reader.company)

    def done(period: periods.Period, by: tuple[str, ...], asked: Sequence[tuple[str, tuple[Any, ...]]]) -> list[Cell]:
        rows = assembly.answer(assembly.question(
            key, period.start, period.end, today=reader.today, reach=reader.viewer, by=(*by, typed.per),
            within=within if not by else (), only=asked,
        ))  # fmt: skip
        return [row.cell for row in rows]

    def average(period: periods.Period, kind: str, owner: int | None, top: int) -> Fraction | None:
        days = calendars.of(kind, owner, period.start).count(period.start, period.end)
        return on_average(top, typed.per, days)

    own: list[smart.Number] = []
    for period in past:
        cells = done(period, (), only)
        mean = average(period, typed.owner_kind, typed.owner, sum(cell.top for cell in cells))
        if cells and mean is not None:
            own.append(mean)
    if typed.owner_kind != "person":
        return own, [], None
    peers: dict[Any, int] = {}
    try:
        for cell in done(last, ("person",), typed.only):
            peers[cell.key[0]] = peers.get(cell.key[0], 0) + cell.top
    except UnknownDim:
        return own, [], None
    means = [average(last, "person", person, top) for person, top in peers.items()]
    return own, [mean for mean in means if mean is not None], _in_top(reader, typed, last)


def _in_top(reader: Reader, typed: Typed, last: periods.Period) -> bool | None:
    """Whether the owner was among the best fifth by attainment of the last period; None without goals there."""
    try:
        asked = assembly.aimed(typed.metric.key, last.start, last.end, reach=reader.viewer, by=("person",),
                               today=reader.today)  # fmt: skip
        rows = assembly.attainment(asked)
    except UnknownDim:
        return None
    better = typed.metric.better
    held = {row.cell.key[0]: worth(Fraction(row.cell.value), better) for row in rows if row.cell.value is not None}
    if not held:
        return None
    return typed.owner in smart.best_of(held, reads.chosen(reader.today).challenge_top)


def _ramp(reader: Reader, typed: Typed) -> int:
    if typed.owner_kind != "person" or typed.owner is None:
        return 100
    person = Person.objects.filter(pk=typed.owner).first()
    day = typed.period.start if typed.period else reader.today
    stage = people_rules.growth_stage(person.hire_on, max(day, reader.today), people.thresholds(reader.company)) if (
        person) else ""  # fmt: skip
    return {"newcomer": reader.company.ramp_newcomer, "growth": reader.company.ramp_growth}.get(stage, 100)


def check(reader: Reader, typed: Typed) -> list[Shown]:
    """All seven, in order."""
    own, peers, top = _history(reader, typed) if typed.target is not None else ([], [], None)
    chosen = reads.chosen(reader.today)
    parent = None
    if typed.parent is not None and typed.parent.shown is not None:
        above = typed.parent.goal
        same = above.metric == typed.metric.key and above.per == typed.per
        parent = smart.Parent(typed.parent.shown.row.target, same, above.start, above.end)
    aim = smart.Aim(
        typed.target, better=typed.metric.better, scope=typed.scope, whole=not typed.scope, parent=parent,
        top=typed.owner_kind == "company", start=typed.period.start if typed.period else None,
        end=typed.period.end if typed.period else None, challenge=typed.challenge, in_top=top, elastic=typed.elastic,
        history=own, peers=peers, ramp_percent=_ramp(reader, typed),
    )  # fmt: skip
    company = smart.Company(chosen.challenge_over, chosen.challenge_top, frozenset(MarketEvent.Kind.values))
    put = reader.put(typed.metric)
    found = [_shown(one, put) for one in smart.check(aim, reader.today, company)]
    unknown = strangers(typed)
    if unknown:
        (tone, sign), (_says, field, near) = VERDICTS["warned"], unknown[0]
        says = " ".join(words for words, _field, _near in unknown)
        found[0] = replace(found[0], tone=tone, sign=sign, word=_("提醒"), says=says, fix=field, fix_value=near)
    return found


def strangers(typed: Typed) -> list[tuple[str, str, str]]:
    """Regions and industries that no customer carries: what is said, the box, and the closest one that is known."""
    found = []
    for field, (value, *_more) in typed.only:
        if field not in reads.WORDED or value is None:
            continue
        known = reads.scope_words(field)
        if value in known:
            continue
        near = nearest(str(value), known) or ""
        words = {"value": value, "near": near}
        says = (
            _("还没有客户写着“%(value)s”。是不是“%(near)s”？")
            if near
            else _("还没有客户写着“%(value)s”，看看有没有写错。")
        )
        found.append((says % words, field, near))
    return found


NAMES: dict[str, Any] = {
    "scope": gettext_lazy("具体"),
    "metric": gettext_lazy("可衡量"),
    "achievable": gettext_lazy("够得着"),
    "relevant": gettext_lazy("相关"),
    "time": gettext_lazy("有期限"),
    "challenge": gettext_lazy("挑战"),
    "elastic": gettext_lazy("弹性"),
}
FIX = {
    "name_scope": "customer_region", "pick_metric": "metric", "set_number": "target", "take_suggestion": "target",
    "link_parent": "parent", "see_parent": "parent", "pick_period": "period", "set_challenge": "challenge",
    "pick_events": "elastic_0", "see_distribution": "target",
}  # fmt: skip


def unready(reader: Reader, views: Iterable[GoalView]) -> list[tuple[GoalView, str]]:
    """Drafts that may not be published yet, with what the check says."""
    found = reads.unready(views, reader.today)
    return [(view, sentence(one, reader.put(reader.metric(view.goal.metric)))[0]) for view, one in found]


def refuse_unready(reader: Reader, views: Iterable[GoalView]) -> None:
    """Raise a refusal that names them."""
    found = unready(reader, views)
    if found:
        told = _("；").join(f"{reader.name(view.goal)}（{says}）" for view, says in found[:10])
        words = {"n": len(found), "list": told}
        raise Refusal(_("有 %(n)s 个目标的检查没过，不能发布：%(list)s") % words, code="smart")


def _shown(one: smart.Check, put: Put) -> Shown:
    tone, sign = VERDICTS[one.verdict]
    figures = one.figures
    value: Any = figures.get("suggestion") if one.fix == "take_suggestion" else (
        figures.get("needed") if one.fix == "set_challenge" else None)  # fmt: skip
    word = {"passed": _("通过"), "warned": _("提醒"), "failed": _("未通过")}[one.verdict]
    says, more = sentence(one, put)
    return Shown(one.key, one.letter, NAMES[one.key], tone, sign, word, says, more, FIX.get(one.fix, ""),
                 plain(value, put.metric, put.writer.currency) if isinstance(value, int) else "")  # fmt: skip


def sentence(one: smart.Check, put: Put) -> tuple[str, str]:
    """What a check says, and the distribution behind it."""
    f: Mapping[str, Any] = one.figures
    code = one.code
    share = f.get("share")
    kinds = dict(MarketEvent.Kind.choices)
    words: dict[str, Any] = {
        "needed": put.exact(f["needed"]) if isinstance(f.get("needed"), int) else "",
        "share": show.percent(share.numerator, share.denominator) if isinstance(share, Fraction) else "",
        "over": f.get("over", ""), "top": f.get("top", ""),
        "end": show.day(f["end"]) if isinstance(f.get("end"), date) else "",
        "scope": "、".join(f.get("scope") or ()) if code == "named" else "",
        "kinds": "、".join(str(kinds.get(k, k)) for k in f.get("kinds") or ()),
    }  # fmt: skip
    told = {
        "named": _("范围：%(scope)s"),
        "whole": _("没有缩小范围：算全部客户"),
        "scope_missing": _("写明范围"),
        "measurable": _("指标在目录里，有数"),
        "metric_missing": _("还没有选指标"),
        "metric_unknown": _("目录里没有这个指标"),
        "metric_retired": _("这个指标已停用"),
        "number_missing": _("还没有写目标值"),
        "no_number": _("写了目标值才能比较"),
        "contributes": _("占上级目标的 %(share)s"),
        "linked": _("已连到上级目标"),
        "top_goal": _("公司目标，不需要上级"),
        "parent_missing": _("还没有说明支撑哪个上级目标"),
        "parent_other_time": _("上级目标的期间不包含它"),
        "more_than_parent": _("比上级目标还大：%(share)s"),
        "period_set": _("有明确的期间"),
        "period_missing": _("还没有选期间"),
        "period_order": _("期间的先后不对"),
        "period_over": _("这个期间已经结束"),
        "challenge_set": _("挑战线至少高 %(over)s%%，已设") % words if code == "challenge_set" else "",
        "challenge_not_needed": _("不在前列，不要求挑战线"),
        "top_unknown": _("还没有已结束的期间，不知道谁在前列"),
        "challenge_missing": _("在前 %(top)s%%，挑战线要到 %(needed)s") % words if code == "challenge_missing" else "",
        "challenge_low": _("挑战线偏低，要到 %(needed)s"),
        "challenge_easier": _("挑战线比目标还容易"),
        "elastic_set": _("可申请调整：%(kinds)s"),
        "elastic_missing": _("没有约定发生什么可以调整"),
        "elastic_unknown": _("有不认识的情形：%(kinds)s"),
    }
    if one.key == "achievable" and code != "no_number":
        return _reach(one, put)
    text = str(told.get(code, code))
    return (text if code in ("challenge_set", "challenge_missing") else text % words), ""


def _reach(one: smart.Check, put: Put) -> tuple[str, str]:
    f: Mapping[str, Any] = one.figures
    over = f.get("over_best")
    words: dict[str, Any] = {
        "n": f.get("periods"), "best": put.short(f.get("best")), "target": put.short(f.get("value")),
        "peers": f.get("peers"), "reached": f.get("peers_reached"), "median": put.short(f.get("median")),
        "suggestion": put.exact(f.get("suggestion")), "ramp": f.get("ramp_percent"),
    }  # fmt: skip
    words["over"] = show.MISSING
    if isinstance(over, Fraction):
        words["over"] = show.percent(over.numerator, over.denominator, plus=True)
    behind = _("同类人 %(reached)s/%(peers)s 达到过") % words if f.get("peers") else ""
    if one.code == "no_history":
        if f.get("suggestion") is None:
            return str(_("没有历史，也没有同类人可比")), ""
        return str(_("没有历史，按同类中位数的 %(ramp)s%% 建议 %(suggestion)s") % words), behind
    if one.code == "too_few_periods":
        return str(_("历史只有 %(n)s 期，最好 %(best)s") % words), behind
    says = {
        "far": _("过去 %(n)s 期最好 %(best)s，目标 %(target)s = %(over)s，够不着的可能大"),
        "below_usual": _("过去 %(n)s 期中位数 %(median)s，目标 %(target)s 比平常还低"),
        "in_reach": _("过去 %(n)s 期最好 %(best)s，目标 %(target)s = %(over)s"),
    }[one.code] % words
    return str(says), behind
