"""The spread tool: choose, see every person with the figures behind each share, set some by hand, save all at once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter.goals import acts, reads
from pacesetter.goals.models import OwnerKind
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules import pasted
from pacesetter.goals.rules.spread import SpreadError
from pacesetter.goals.rules.weights import Weight, WeightError
from pacesetter.journal.models import Entry
from pacesetter.lib.money import exponent
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people.models import Person
from pacesetter.people.rights import Scope
from pacesetter.web import door, show

from ...forms.goals import KINDS, WRONG, SpreadForm
from .reading import Reader
from .spread_plan import TOP, Choice, Line, Plan, fault
from .values import Put

TEMPLATE = "goals/spread.html"
PASTE_FAULTS: dict[str, Any] = {
    "unknown_name": gettext_lazy("没有这个人或团队，用工号再试"),
    "ambiguous": gettext_lazy("有重名，写工号"),
    "twice": gettext_lazy("同一个人写了两行"),
    "no_name": gettext_lazy("这一行没有姓名"),
    "columns": gettext_lazy("列数和表头不一样"),
    "total_differs": gettext_lazy("合计和各行相加不一致"),
    "too_many_rows": gettext_lazy("行太多，分几次粘贴"),
}


def _source(reader: Reader) -> GoalView:
    """The goal that is spread: of the company or of a team, in reach to be set."""
    word = reader.request.GET.get("from", "")
    if not word.isascii() or not word.isdigit() or len(word) > 12:
        raise Http404
    view = reader.one(int(word))
    sets = reader.viewer.scope("goals", "write") >= Scope.TEAM and reads.writable(reader.viewer, view.goal)
    if not sets or view.shown is None or view.goal.owner_kind == OwnerKind.PERSON:
        raise Http404
    return view


def _spreads(reader: Reader, view: GoalView) -> str:
    """Why this goal cannot be spread; empty where it can."""
    metric = reader.metric(view.goal.metric)
    basis = metric.basis(view.goal.basis)[1]
    if view.goal.per or not metric.additive or basis.bottom or basis.spread or basis.moving or basis.plan:
        return str(_("只有能相加的整期目标才能分解；比率、均值和每日目标给每个人单独设。"))
    if view.ended or view.goal.end <= reader.today:
        return str(_("这个期间已经结束，不能再分解。"))
    return ""


def _by_hand(request: HttpRequest, put: Put) -> tuple[dict[str, int], dict[str, str]]:
    """Values set by hand by key, and what cannot be read."""
    values, faults = {}, {}
    for name, word in request.POST.items():
        if not name.startswith("fix-") or not str(word).strip():
            continue
        try:
            value = pasted.number(str(word), put.metric.unit, currency=put.writer.currency)
        except ValueError as error:
            faults[name[4:]] = str(WRONG.get(str(error), WRONG["not_a_number"]))
            continue
        if value is not None:
            values[name[4:]] = value
    return values, faults


def _pasted(text: str, plan: Plan, put: Put) -> tuple[dict[str, int], dict[str, dict[int, int]], list[dict[str, Any]]]:
    """What a table from a spreadsheet says: totals and months by key, and the rows nobody can read."""
    table = pasted.read(text, measure=put.metric.unit, currency=put.writer.currency)
    lines = plan.lines()
    who = [line.seat.person for line in lines if line.seat is not None]
    numbers = dict(Person.objects.filter(pk__in=who).values_list("pk", "employee_no"))
    named = []
    for line in lines:
        more = [line.seat.name, numbers.get(line.seat.person) or ""] if line.seat is not None else []
        named.append((line.key, [line.name, *more]))
    found = pasted.match(table.lines, named)
    totals: dict[str, int] = {}
    months: dict[str, dict[int, int]] = {}
    for key, row in found.lines:
        held = {place: value for place, value in enumerate(row.values) if value is not None}
        if len(row.values) == len(plan.months) > 1:
            months[key] = held
        elif held:
            totals[key] = next(iter(held.values()))
    faults = [
        {"row": one.row, "column": one.column, "value": one.value,
         "says": WRONG.get(one.code) or PASTE_FAULTS.get(one.code, one.code)}
        for one in (*table.faults, *found.faults)
    ]  # fmt: skip
    return totals, months, faults


def _choice(form: SpreadForm, put: Put, fixed: Mapping[str, int]) -> Choice:
    asked = form.cleaned_data
    unit = asked["unit"] * (10 ** exponent(put.writer.currency) if put.metric.unit == "minor" else 1)
    return Choice(
        form.percents(), asked["months_by"], asked["ramp"], asked["presence"], asked["every_level"],
        asked["equal_teams"], asked["buffer_top"] or 0, asked["buffer_team"] or 0, unit, dict(fixed),
    )  # fmt: skip


def _why(line: Line, put: Put) -> str:
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


def _context(reader: Reader, view: GoalView, form: SpreadForm, plan: Plan | None, **more: Any) -> dict[str, Any]:
    put = reader.put(reader.metric(view.goal.metric))
    rows: list[dict[str, Any]] = []
    if plan is not None:
        typed = more.get("typed", {})
        for line in plan.lines():
            fixed = line.key in plan.choice.fixed
            rows.append({
                "key": line.key, "depth": line.depth, "name": line.name, "team": line.team,
                "value": put.exact(line.share.value), "months": [put.short(v) for v in line.share.months],
                "exact": [put.exact(v) for v in line.share.months], "fixed": fixed,
                "typed": typed.get(line.key, more.get("plain", str)(plan.choice.fixed[line.key]) if fixed else ""),
                "fault": more.get("hand_faults", {}).get(line.key, ""), "why": _why(line, put),
                "before": put.exact(line.before.shown.row.target) if line.before and line.before.shown else "",
                "locked": bool(line.before and line.before.locked),
                "buffer": put.exact(line.share.buffer) if line.share.buffer else "", "rungs": range(line.depth),
                "seen": line.before.newest if line.before else 0,
            })  # fmt: skip
    goal = view.goal
    return {
        "form": form, "rows": rows, "plan": plan, "name": reader.name(goal), "view": view,
        "target": put.exact(view.shown.row.target) if view.shown else "",
        "buffer": put.exact(plan.share.buffer) if plan and plan.share.buffer else "",
        "below": put.exact(sum(child.value for child in plan.share.children)) if plan else "",
        "months": [month.label for month in plan.months] if plan else [],
        "top_months": [put.short(value) for value in plan.share.months] if plan else [],
        "season": _season_words(plan) if plan else "",
        "seen": view.newest, "key": door.form_key(reader.request), "back_url": reverse("goal", args=[goal.pk]),
        "recent": _recent(reader), "cannot": _spreads(reader, view), **more,
    }  # fmt: skip


def _season_words(plan: Plan) -> str:
    if plan.season is None:
        return str(_("各月按这个目标已分好的数"))
    return {
        "history": _("各月按往年 %(n)s 年的平均占比") % {"n": plan.season.years},
        "working_days": _("各月按工作日"),
        "equal": _("每月一样"),
    }[plan.season.basis]


def _recent(reader: Reader) -> list[dict[str, Any]]:
    """The last spreads, which can be taken back together."""
    rows = Entry.objects.filter(act="draft_goals", rows__gt=1).order_by("-id")
    if reader.viewer.scope("goals", "write") < Scope.ALL:
        rows = rows.filter(by_id=reader.viewer.person_id)
    undone = set(Entry.objects.filter(act="undo_drafts").values_list("after__entry", flat=True))
    return [{"pk": row.pk, "at": row.at, "who": row.by_name, "n": row.rows, "label": row.label}
            for row in rows[:8] if row.pk not in undone][:5]  # fmt: skip


def spread_goal(request: HttpRequest) -> HttpResponseBase:
    """A preview writes nothing and may be asked again and again with one key; saving happens once."""
    return _save(request) if "save" in request.POST else _spread(request)


@door.acts_once
def _save(request: HttpRequest) -> HttpResponse:
    return _spread(request)


def _spread(request: HttpRequest) -> HttpResponse:
    """Choose, preview, save; without a goal, which ones can be spread."""
    reader = Reader(request)
    if "from" not in request.GET:
        return _pick(reader)
    view = _source(reader)
    metric = reader.metric(view.goal.metric)
    put = reader.put(metric)
    own = bool(view.shown and len(view.shown.parts) > 1)
    form = SpreadForm(request.POST or None, metric=metric, currency=put.writer.currency, own_months=own)
    cannot = _spreads(reader, view)
    if request.method != "POST" or cannot:
        return render(request, TEMPLATE, _context(reader, view, form, None))
    if not form.is_valid():
        return door.refused(request, TEMPLATE, _context(reader, view, form, None))
    fixed, hand_faults = _by_hand(request, put)
    try:
        plan, paste_faults = _plan(reader, view, form, put, fixed, first="previewed" not in request.POST)
    except (SpreadError, WeightError) as error:
        form.add_error(None, _said(reader, view, error, put))
        return door.refused(request, TEMPLATE, _context(reader, view, form, None))
    context = _context(reader, view, form, plan, hand_faults=hand_faults, paste_faults=paste_faults, plain=_typed(put))
    if hand_faults or paste_faults or "save" not in request.POST:
        status = 422 if hand_faults or paste_faults else 200
        return render(request, TEMPLATE, context, status=status)
    try:
        drafts = plan.drafts(_seen(request))
        # the time somebody spent in a team before a transfer may be over, though the goal is not
        entry = acts.draft_goals(drafts, origin="spread", by=door.actor(request), at=door.at(request), history=True)
    except Conflict as refusal:
        return door.refused(request, TEMPLATE, {**context, "conflict": True}, refusal, form)
    except Refusal as refusal:
        return door.refused(request, TEMPLATE, context, refusal, form)
    undo = reverse("goals_spread_undo", args=[entry.pk])
    messages.success(request, _("已存为 %(n)s 个草稿。") % {"n": entry.rows}, extra_tags=undo)
    return redirect(f"{reverse('goals')}?metric={view.goal.metric}&period={view.goal.label}&open=all")


def _pick(reader: Reader) -> HttpResponse:
    """The goals of the company and of teams that the reader sets and that are not over."""
    if reader.viewer.scope("goals", "write") < Scope.TEAM:
        raise Http404
    rows = reader.visible.filter(end__gt=reader.today, per="").exclude(owner_kind=OwnerKind.PERSON)
    goals = [goal for goal in rows.order_by("start", "metric", "pk")[:200] if reads.writable(reader.viewer, goal)]
    reader.load_names(goals)
    found = [{"url": f"{reverse('goals_spread')}?from={g.pk}", "name": reader.name(g)} for g in goals]
    return render(reader.request, "goals/spread_pick.html", {"goals": found})


def _typed(put: Put) -> Any:
    from ...forms.goals import plain

    return lambda value: plain(value, put.metric, put.writer.currency)


def _plan(
    reader: Reader, view: GoalView, form: SpreadForm, put: Put, fixed: dict[str, int], *, first: bool
) -> tuple[Plan, list[dict[str, Any]]]:
    """The plan with what was typed, pasted, or set by hand before (the first time only: later what is emptied goes)."""
    choice = _choice(form, put, fixed)
    plan = Plan(reader, view, choice)
    text = form.cleaned_data["paste"]
    faults: list[dict[str, Any]] = []
    if text.strip():
        totals, months, faults = _pasted(text, plan, put)
        choice.fixed = {**fixed, **totals, **{key: sum(held.values()) for key, held in months.items()}}
        choice.fixed_months = months
        plan = Plan(reader, view, choice)
    elif first and (kept := plan.keep()):
        choice.fixed = {**kept, **fixed}
        plan = Plan(reader, view, choice)
    return plan, faults


def _seen(request: HttpRequest) -> dict[str, int]:
    """key → the newest version that was looked at in the preview."""
    found = {}
    for name, word in request.POST.items():
        if name.startswith("seen-") and str(word).isascii() and str(word).isdigit() and len(str(word)) < 9:
            found[name[5:]] = int(str(word))
    return found


def _said(reader: Reader, view: GoalView, error: SpreadError | WeightError, put: Put) -> str:
    if isinstance(error, WeightError):
        return str(_("这些权重分不出来：%(why)s。换一种，或给它更多数据。") % {"why": error.code})
    goal = view.goal
    names = {TOP: reader.owner(goal)}
    keys = str(error.node)
    if keys.startswith("t") and keys[1:].isdigit():
        names[keys] = reader.names.of("team", int(keys[1:]))
    elif keys.startswith("p") and "t" in keys:
        names[keys] = reader.names.of("person", int(keys[1:].split("t")[0]))
    return fault(error, names, put, [])


@door.acts_once
def spread_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole spread back while nothing followed."""
    viewer = door.need(request, "goals", "write")
    rows = Entry.objects.filter(pk=pk, act="draft_goals")
    if viewer.scope("goals", "write") < Scope.ALL:
        rows = rows.filter(by_id=viewer.person_id)
    entry = rows.first()
    if entry is None:
        raise Http404
    if request.method != "POST":
        return redirect("goals")
    count = acts.undo_drafts(entry=entry, by=door.actor(request), at=door.at(request))
    messages.success(request, _("已整体撤销 %(n)s 个草稿，之前的草稿回来了。") % {"n": count})
    return redirect("goals")
