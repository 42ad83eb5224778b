"""反推计算器: from the amount still to win to visits a day and back, how it was calculated, and taking it over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.rules.calculator import Link
from pacesetter.goals.rules.rates import LEVEL
from pacesetter.lib.periods import Period
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.web import door, show

from ..insights import asked as windows
from ..insights import links
from ..insights.scope import Where
from .calculator import AMOUNT, Sheet, page_url, sellers, sheet, whose
from .calculator_words import Wording, action_words, between, rate_name, step_name, tenths, written
from .values import Figure

# what the chain swaps in place after a slider moved
LIVE = ("deals", "intents", "leads", "visits", "proposals")


def context_of(request: HttpRequest, found: Sheet) -> dict[str, Any]:
    """What the page says."""
    words, plan = Wording(found), found.plan
    time = Period(plan.month_start, plan.month_end, plan.month_kind, plan.month)
    month = windows.of_period(time, today=found.today, settings=people.period_settings(found.company))
    why = links.why_url(AMOUNT, month, Where(person=found.person.pk))
    writer = found.writer
    parts = ["#calc-amount", "#calc-forward", "#calc-adopt", "#calc-more"]
    parts += [f"#calc-step-{key}" for key in LIVE] + [f"#calc-rate-{key}" for key in LIVE]
    return {
        "calc": found,
        "plan": plan,
        "person": found.person,
        "own": found.own,
        "people": sellers(found.viewer),
        "month": month.name,
        "target": writer.money_short(plan.target) if plan.target is not None else "",
        "target_exact": writer.money(plan.target) if plan.target is not None else "",
        "goal_url": reverse("goal", args=[plan.goal]) if plan.goal else "",
        "won": Figure(writer.money_short(plan.won), writer.money(plan.won), why, _("已成交")),
        "left": words.figure(writer.money_short(found.amount), writer.money(found.amount), "amount", _("还要成交"))
        if found.amount is not None else None,
        "currency": writer.currency,
        "steps": words.steps(),
        "sentence": words.sentence(),
        "forward": words.forward(),
        "offers": words.offers(),
        "any_new": any(action.new for action in found.actions),
        "swap": ",".join(parts),
        "reset_url": reverse("goal_calculator") + ("" if found.own else f"?person={found.person.pk}"),
        "key": door.form_key(request),
    }  # fmt: skip


@require_safe
def calculator(request: HttpRequest) -> HttpResponse:
    """The calculator of the reader, or of somebody within reach."""
    person = whose(request, request.GET)
    if person is None:
        return render(request, "goals/calculator_whose.html", {"people": sellers(door.viewer(request))})
    found = sheet(request, request.GET, person)
    context = context_of(request, found)
    return render(request, "goals/calculator.html", context, status=422 if found.fault else 200)


def _amount_lines(found: Sheet) -> list[str]:
    plan, money = found.plan, found.writer.money
    if found.by_hand or plan.target is None:
        return [_("还要成交 = 填写的金额"), f"= {money(found.amount)}"]
    return [
        _("还要成交 = 本月目标 − 本月已成交") if plan.month_kind == "month" else _("还要成交 = 期间目标 − 期间已成交"),
        f"= {money(plan.target)} − {money(plan.won)} = {money(found.amount)}",
    ]


def _link_lines(found: Sheet, link: Link) -> list[str]:
    """成交数 = 还要成交 ÷ 单均额 = ¥250,000.00 ÷ ¥5万 = 5."""
    paper, kind = found.plan.paper, link.used.kind if link.used else "mean"
    of = _("还要成交") if link.step.of == "amount" else step_name(link.step.of, paper)
    name, rate = step_name(link.step.key, paper), rate_name(link.step.by, paper)
    sign = "÷" if link.step.how == "divide" else "×"
    if link.needed is None or found.amount is None:
        return [f"{name} = {of} {sign} {rate}"]
    before = (found.writer.money(found.amount) if link.step.of == "amount"
              else tenths(_expected(found, link.step.of)))  # fmt: skip
    value = written(found, link.step.by, link.rate, kind)
    lines = [f"{name} = {of} {sign} {rate}", f"= {before} {sign} {value} = {tenths(link.needed.expected)}"]
    if link.per_day is not None and link.step.key == "visits":
        lines.append(_("日均 = %(n)s ÷ 剩余 %(days)s 个工作日 = %(a_day)s") % {
            "n": tenths(link.needed.expected), "days": found.plan.days, "a_day": tenths(link.per_day.expected),
        })  # fmt: skip
    if apart := between(link.needed):
        lines.append(_("多半在 %(between)s 之间") % {"between": apart})
    return lines


def _expected(found: Sheet, key: str) -> Any:
    needed = found.chain.link(key).needed
    return needed.expected if needed is not None else 0


def _rate_row(found: Sheet, link: Link) -> dict[str, str]:
    used, key = link.used, link.step.by
    name = rate_name(key, found.plan.paper)
    if used is None or used.value is None:
        return {"name": name, "own": show.MISSING, "team": show.MISSING, "prior": "", "used": show.MISSING}

    def seen(one: Any) -> str:
        if not one.bottom:
            return show.MISSING
        top = found.writer.money(one.top) if key == "average_order_value" else show.count(one.top)
        return f"{top} ÷ {show.count(one.bottom)}"

    low, high = (written(found, key, value, used.kind) for value in (used.low, used.high))
    return {
        "name": name, "own": seen(used.own), "team": seen(used.team), "prior": show.count(used.prior),
        "used": written(found, key, used.value, used.kind), "between": f"{low}–{high}",
        "slid": written(found, key, found.slid[key], used.kind) if key in found.slid else "",
    }  # fmt: skip


@require_safe
def calculator_why(request: HttpRequest) -> HttpResponse:
    """How a number of the calculator came about; inside the drawer only the body."""
    person = whose(request, request.GET)
    step = request.GET.get("step", "")
    if person is None or step not in ("amount", "forward", *LIVE):
        raise Http404
    found = sheet(request, request.GET, person)
    wording = Wording(found)
    if step == "amount":
        name, value = _("还要成交"), found.writer.money(found.amount)
        formula = _amount_lines(found)
    elif step == "forward":
        name, forward = _("预计做到"), wording.forward()
        value = forward["amount"].exact if forward else show.MISSING
        formula = [_("把同一条链反过来算：每天的拜访 × 剩余工作日，再逐步乘除各个率。")]
        if forward and found.visits:
            formula.append(f"{tenths(found.visits.value)} × {found.plan.days} = "
                           f"{tenths(found.visits.value * found.plan.days)} → {forward['amount'].exact}")  # fmt: skip
    else:
        link = found.chain.link(step)
        name = step_name(step, found.plan.paper)
        value = tenths(link.needed.expected) if link.needed and found.amount is not None else show.MISSING
        formula = _link_lines(found, link)
    context = {
        "calc": found, "name": name, "value": value, "formula": formula, "back_url": page_url(found),
        "rates": [_rate_row(found, link) for link in found.links],
        "chain": [line for link in found.links for line in _link_lines(found, link)[:2]],
        "level": f"{LEVEL}%", "first": found.plan.start, "last": wording.window.last, "days": found.plan.days,
        "taken_at": door.at(request),
    }  # fmt: skip
    htmx = bool(getattr(request, "htmx", False))
    return render(request, "goals/_calculator_why.html" if htmx else "goals/calculator_why.html", context)


@door.acts_once
def calculator_adopt(request: HttpRequest) -> HttpResponse:
    """The actions of a calculation become this month's action goals, in force at once."""
    asked = request.POST if request.method == "POST" else request.GET
    person = whose(request, asked)
    if person is None:
        raise Http404
    found = sheet(request, asked, person)
    if not found.may_adopt:
        raise Http404
    if request.method != "POST":
        return redirect(page_url(found))
    wanted = [action for action in found.actions if action.new]
    if not wanted:
        raise Refusal(_("没有要改的动作目标：已经是这些数，或者还算不出来。"), code="nothing")
    plan = found.plan
    month = Period(plan.month_start, plan.month_end, plan.month_kind, plan.month)
    figures = found.kept()
    drafts = [
        Draft(action.metric, "person", month, action.goal.count, person=person.pk, per=action.goal.per,
              above=plan.goal, valid_from=found.today, basis_figures=figures)
        for action in wanted
    ]  # fmt: skip
    acts.adopt_actions(drafts, by=door.actor(request), at=door.at(request))
    told = _("、").join(action_words(action) for action in wanted)
    messages.success(request, _("已采纳：%(what)s。") % {"what": told})
    return redirect("my_day" if found.own and door.viewer(request).may("activities", "write") else page_url(found))
