"""The calculation in words and figures: each step with its rate, both ways in a sentence, the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pacesetter import assembly
from pacesetter.goals.rules.actions import Action
from pacesetter.goals.rules.calculator import DIVIDE, Link, Range
from pacesetter.goals.rules.rates import Used
from pacesetter.lib.money import round_half_up
from pacesetter.people.rights import Scope
from pacesetter.web import show

from ..insights import asked as windows
from ..insights import links
from ..insights.scope import Where
from .calculator import AMOUNT, Sheet
from .sliders import Slider
from .values import Figure

STEPS: Mapping[str, Any] = {
    "deals": gettext_lazy("成交数"),
    "intents": gettext_lazy("意向数"),
    "leads": pgettext_lazy("calculator", "有效线索"),
    "visits": gettext_lazy("有效拜访"),
}
RATES: Mapping[str, Any] = {
    "average_order_value": gettext_lazy("单均额"),
    "win_rate": gettext_lazy("成单率"),
    "lead_conversion_rate": gettext_lazy("线索转化率"),
    "visits_per_lead": gettext_lazy("每条线索的有效拜访"),
    "visits_per_intent": gettext_lazy("每个意向的有效拜访"),
}
# rate → (metric of the top, basis), (metric of the bottom, basis); one alone where the metric is the rate
SOURCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "average_order_value": (("average_order_value", ""),),
    "win_rate": (("win_rate", "closed"),),
    "lead_conversion_rate": (("lead_conversion_rate", "cohort"),),
    "visits_per_lead": (("effective_visits", ""), ("leads_created", "")),
    "visits_per_intent": (("effective_visits", ""), ("proposal_rate", "")),
    "proposals_per_intent": (("proposals", ""), ("proposal_rate", "")),
}
PAPER: Mapping[str, Any] = {
    "proposals": pgettext_lazy("calculator", "方案"), "needs_reports": pgettext_lazy("calculator", "需求分析报告"),
}  # fmt: skip
PAPER_RATE: Mapping[str, Any] = {
    "proposals": gettext_lazy("每个意向的方案"),
    "needs_reports": gettext_lazy("每个意向的需求分析报告"),
}
ACTIONS: Mapping[tuple[str, str], Any] = {
    ("visits", "day"): gettext_lazy("每日有效拜访 %(n)s 家"),
    ("visits", "week"): gettext_lazy("每周有效拜访 %(n)s 家"),
    ("proposals", "day"): gettext_lazy("每日 %(n)s 份方案"),
    ("proposals", "week"): gettext_lazy("每周 %(n)s 份方案"),
    ("needs_reports", "day"): gettext_lazy("每日 %(n)s 份需求分析报告"),
    ("needs_reports", "week"): gettext_lazy("每周 %(n)s 份需求分析报告"),
}
MISSING: Mapping[str, Any] = {
    "no_data": gettext_lazy("最近 90 天没有这一步的数据，先不算。"),
    "zero": gettext_lazy("最近 90 天这个率是 0，算不下去。"),
    "before": gettext_lazy("前一步没有数据。"),
}


@dataclass(frozen=True)
class Rate:
    """A rate as a card shows it: own and team figures with what they open, the one used, and its control."""

    key: str
    name: str
    sign: str
    own: list[tuple[str, Figure]]
    team: str
    team_why: str
    used: str
    between: str
    slid: str
    slider: Slider | None
    suffix: str


@dataclass(frozen=True)
class Step:
    """One card of the chain."""

    key: str
    name: str
    rate: Rate
    needed: Figure | None
    between: str
    a_day: str
    missing: str


def step_name(key: str, paper: str) -> str:
    """成交数, 意向数 …; what is handed in by its own name."""
    return str(STEPS[key] if key in STEPS else PAPER[paper])


def rate_name(key: str, paper: str) -> str:
    """成单率 …"""
    return str(RATES[key] if key in RATES else PAPER_RATE[paper])


def tenths(value: Fraction | int) -> str:
    """3.4, 12."""
    whole = round_half_up(Fraction(value) * 10)
    return show.count(whole // 10) if whole % 10 == 0 else f"{show.count(whole // 10)}.{whole % 10}"


def written(sheet: Any, key: str, value: Fraction | None, kind: str) -> str:
    """A rate: ¥8.64万, 23.7%, 2.1."""
    if value is None:
        return show.MISSING
    if key == "average_order_value":
        return str(sheet.writer.money_short(round_half_up(value)))
    if kind == "share":
        return show.percent(value.numerator, value.denominator)
    return tenths(value)


def between(found: Range | None) -> str:
    """2.6–4.4; 至少 2.6 where there is no upper end; empty where it cannot be off."""
    if found is None or found.least == found.most:
        return ""
    if found.most is None:
        return _("至少 %(low)s") % {"low": tenths(found.least)}
    return f"{tenths(found.least)}–{tenths(found.most)}"


def a_day_words(found: Range | None) -> str:
    """日均 2.6–4.4 次，按期望 3.4 次."""
    if found is None:
        return ""
    if not (apart := between(found)):
        return _("日均 %(n)s 次") % {"n": tenths(found.expected)}
    return _("日均 %(between)s 次，按期望 %(n)s 次") % {"between": apart, "n": tenths(found.expected)}


def action_words(action: Action, count: int | None = None) -> str:
    """每日有效拜访 3 家."""
    key = "visits" if action.step == "visits" else action.metric
    return str(ACTIONS[key, action.goal.per] % {"n": show.count(count or action.goal.count)})


class Wording:
    """Writes one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        plan = sheet.plan
        self.window = windows.custom(plan.start, plan.end, sheet.today)
        self.mine = Where(person=sheet.person.pk)
        scope = assembly.scope_of(assembly.metric(AMOUNT), sheet.viewer, ("person",))
        in_reach = scope == Scope.ALL or (scope > Scope.NONE and plan.team in sheet.viewer.team_ids)
        self.team = Where(team=plan.team) if plan.team and in_reach else None

    def _sources(self, key: str) -> tuple[tuple[str, str], ...]:
        if key == "proposals_per_intent":
            return ((self.sheet.plan.paper, ""), SOURCES[key][1])
        return SOURCES[key]

    def _why(self, source: tuple[str, str], where: Where) -> str:
        return links.why_url(source[0], self.window, where, source[1])

    def _explained(self, step: str) -> str:
        return f"{reverse('goal_calculator_why')}?{self.sheet.query(step=step)}"

    def figure(self, text: str, exact: str, step: str, label: str) -> Figure:
        """A calculated number: it opens to how it was calculated."""
        return Figure(text, exact, self._explained(step), label)

    def own(self, key: str, used: Used) -> list[tuple[str, Figure]]:
        """The own figures of 90 days: 4/16 = 25.0%; 40 ÷ 20 = 2."""
        seen, name, sources = used.own, rate_name(key, self.sheet.plan.paper), self._sources(key)
        if not seen.bottom:
            return []
        if key == "average_order_value":
            text = written(self.sheet, key, seen.rate, used.kind)
            exact = self.sheet.writer.money(round_half_up(seen.rate or 0))
            why = self._why(sources[0], self.mine)
            return [
                ("", Figure(text, exact, why, name)),
                (_("（%(n)s 单）") % {"n": show.count(seen.bottom)}, Figure("")),
            ]
        if len(sources) == 1:
            why = self._why(sources[0], self.mine)
            found = [("", Figure(f"{show.count(seen.top)}/{show.count(seen.bottom)}", "", why, name))]
        else:
            parts = [assembly.metric(metric).zh if show.chinese() else assembly.metric(metric).en
                     for metric, _basis in sources]  # fmt: skip
            found = [
                ("", Figure(show.count(seen.top), show.count(seen.top), self._why(sources[0], self.mine), parts[0])),
                (" ÷ ", Figure(show.count(seen.bottom), show.count(seen.bottom), self._why(sources[1], self.mine),
                               parts[1])),
            ]  # fmt: skip
        if seen.bottom >= show.SMALL:
            found.append((" = " + written(self.sheet, key, seen.rate, used.kind), Figure("")))
        return found

    def rate(self, link: Link) -> Rate:
        """The card of a link's rate."""
        key, used = link.step.by, link.used
        control = self.sheet.sliders.get(key)
        name, sign = rate_name(key, self.sheet.plan.paper), "÷" if link.step.how == DIVIDE else "×"
        suffix = "%" if used is not None and used.kind == "share" else ""
        if used is None or used.value is None:
            return Rate(key, name, sign, [], "", "", "", "", "", None, suffix)
        sources = self._sources(key)
        team = written(self.sheet, key, used.team.rate, used.kind)
        low, high = (written(self.sheet, key, value, used.kind) for value in (used.low, used.high))
        slid = written(self.sheet, key, self.sheet.slid[key], used.kind) if key in self.sheet.slid else ""
        return Rate(
            key, name, sign, self.own(key, used), f"{team} (n={show.count(used.team.bottom)})",
            self._why(sources[0], self.team) if self.team and len(sources) == 1 else "",
            written(self.sheet, key, used.value, used.kind), f"{low}–{high}" if used.low != used.high else "", slid,
            control, suffix,
        )  # fmt: skip

    def step(self, link: Link) -> Step:
        """One card."""
        name = step_name(link.step.key, self.sheet.plan.paper)
        needed, told = link.needed if self.sheet.amount is not None else None, ""
        if link.missing and not (link.missing == "before" and self.sheet.amount is None):
            told = str(MISSING[link.missing])
        found = None
        if needed is not None:
            text = tenths(needed.expected)
            found = self.figure(text, f"{name} {text}", link.step.key, name)
        a_day = ""
        if link.step.key == "visits":
            a_day = a_day_words(self.sheet.a_day("visits"))
        elif link.step.key == "proposals" and (per_day := self.sheet.a_day("proposals")):
            a_day = _("每周 %(n)s 份") % {"n": tenths(per_day.expected * self.sheet.plan.week_days)}
        return Step(link.step.key, name, self.rate(link), found, between(needed), a_day, told)

    def steps(self) -> list[Step]:
        """The chain."""
        return [self.step(link) for link in self.sheet.links]

    def sentence(self) -> str:
        """按你现在的转化率需日均 3.4 次，若提到 26% 则 2.6 次."""
        sheet = self.sheet
        if sheet.amount == 0:
            if sheet.plan.month_kind != "month":
                return _("这个期间的成交额目标已经达成，剩下的都是多做的。")
            return _("本月的成交额目标已经达成，剩下的都是多做的。")
        now = sheet.a_day("visits", sheet.plain_chain)
        if now is None:
            return ""
        words = {"who": sheet.person.name, "n": tenths(now.expected)}
        base = _("按你现在的转化率需日均 %(n)s 次") if sheet.own else _("按%(who)s现在的转化率需日均 %(n)s 次")
        told = base % words
        tried = dict(sheet.slid) if sheet.slid else dict([sheet.lever] if sheet.lever else [])
        then = sheet.plan.chain(sheet.amount or 0, tried).link("visits").per_day if tried else None
        if then is None:
            return told + _("。")
        names = _("、").join(
            _("%(rate)s到 %(value)s")
            % {"rate": rate_name(key, sheet.plan.paper),
               "value": written(sheet, key, value, sheet.plan.rates[key].kind)}
            for key, value in tried.items() if key in sheet.plan.rates
        )  # fmt: skip
        return told + _("，若%(rates)s则 %(n)s 次。") % {"rates": names, "n": tenths(then.expected)}

    def forward(self) -> dict[str, Any] | None:
        """What the chosen visits a day bring, against what is still to be won."""
        sheet = self.sheet
        control = sheet.visits
        if control is None or sheet.amount is None:
            return None
        found = sheet.plan.outcome(control.value, sheet.slid).amount
        if found is None:
            return None
        money = sheet.writer.money_short
        expected = round_half_up(found.expected)
        low = money(round_half_up(found.least))
        high = money(round_half_up(found.most)) if found.most is not None else show.MISSING
        short = sheet.amount - expected
        gap = _("够了，多 %(n)s") % {"n": money(-short)} if short <= 0 else _("还差 %(n)s") % {"n": money(short)}
        raise_to = ""
        if short > 0 and (solved := sheet.solved("win_rate")) is not None and solved.rate is not None:
            raise_to = (
                _("只靠提高成单率不够。") if solved.why == "above_all"
                else _("要让每天 %(visits)s 次就够，成单率要到 %(rate)s。")
                % {"visits": tenths(control.value), "rate": written(sheet, "win_rate", solved.rate, "share")}
            )  # fmt: skip
        name = _("预计做到")
        return {
            "slider": control, "visits": tenths(control.value), "between": f"{low}–{high}", "gap": gap,
            "enough": short <= 0, "raise_to": raise_to,
            "amount": self.figure(money(expected), sheet.writer.money(expected), "forward", name),
        }  # fmt: skip

    def offers(self) -> list[dict[str, Any]]:
        """The action goals, beside the number in force."""
        told = []
        for action in self.sheet.actions:
            same = action.held is not None and action.held.per == action.goal.per
            told.append({
                "text": action_words(action), "new": action.new,
                "now": show.count(action.held.target) if action.held and same and action.new else "",
            })  # fmt: skip
        return told
