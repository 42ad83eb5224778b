"""Why something is suggested, in words with its own figures; and the rule behind each hint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pacesetter.activity.reads import Todo
from pacesetter.activity.rules.hints import DEFAULTS, Hint
from pacesetter.pipeline.models import DealStage

from ... import show

# hint → its name and its rule, in the order of the day
RULES: dict[str, tuple[Any, Any]] = {
    "overdue_money": (
        gettext_lazy("逾期未回款"), gettext_lazy("应收到期日过了 {days} 天还没有收齐。金额大的排在前面。"),
    ),
    "next_overdue": (gettext_lazy("下一步过期"), gettext_lazy("约好的下一步过了 {days} 天还没有记。")),
    "lead_expiring": (gettext_lazy("线索快到期"), gettext_lazy("保护期还剩不到 {days} 天，到期会回到公海。")),
    "proposal_unanswered": (
        gettext_lazy("方案没有回音"), gettext_lazy("提交方案 {days} 天后，还没有一条有结果的往来。"),
    ),
    "no_activity": (gettext_lazy("很久没联系"), gettext_lazy("{days} 天没有任何往来记录，从最近一次或立项那天算起。")),
    "visit_due": (gettext_lazy("该回访了"), gettext_lazy("超过这一层客户的回访间隔 {days} 天。")),
    "stuck": (
        gettext_lazy("停在一个阶段"),
        gettext_lazy("在当前阶段的天数达到赢单商机中位天数的 1.5 倍，并且至少 7 天。"),
    ),
    "no_decision_maker": (
        gettext_lazy("没见到决策人"), gettext_lazy("立项 {days} 天后，还没有和标为决策人的联系人往来过。"),
    ),
    "single_contact": (gettext_lazy("只有一位联系人"), gettext_lazy("立项 {days} 天后，客户那边只有一位联系人。")),
    "no_next_step": (gettext_lazy("没有下一步"), gettext_lazy("立项 {days} 天后，没有排下一步。")),
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """A hint's rule as a reader sees it: name, sentence with the company's days, weight."""

    key: str
    name: str
    says: str
    days: int
    weight: int
    active: bool = True


def rule_words(key: str, days: int) -> tuple[str, str]:
    """(name, sentence) of a hint at the company's number of days."""
    name, says = RULES[key]
    if key == "visit_due" and not days:
        says = _("过了这一层客户的回访间隔。")
    return str(name), str(says).format(days=days)


def sentence(hint: Hint, *, stage: str = "", amount_minor: int | None = None) -> str:
    """One hint with its figures: 「方案已提交 5 天，还没有回音」."""
    days = hint.days or 0
    if hint.key == "overdue_money":
        return _("%(amount)s 逾期 %(days)s 天") % {"amount": show.money_short(amount_minor), "days": days}
    if hint.key == "stuck":
        word = dict(DealStage.choices).get(stage, stage)  # type: ignore[call-overload]
        return _("在「%(stage)s」停了 %(days)s 天，赢单的中位数是 %(usual)s 天") % {
            "stage": word, "days": days, "usual": hint.against,
        }  # fmt: skip
    told = {
        "next_overdue": _("约好的下一步过了 %(days)s 天"),
        "proposal_unanswered": _("方案已提交 %(days)s 天，还没有回音"),
        "no_activity": _("%(days)s 天没有联系"),
        "no_decision_maker": _("立项 %(days)s 天，还没见到决策人"),
        "single_contact": _("立项 %(days)s 天，只有一位联系人"),
        "no_next_step": _("立项 %(days)s 天，没有排下一步"),
        "lead_expiring": _("保护期还剩 %(days)s 天"),
        "visit_due": _("过了回访间隔 %(days)s 天"),
    }
    return told[hint.key] % {"days": days}


def why(todo: Todo) -> str:
    """Why a suggestion stands on the list."""
    if todo.hint is None:
        return ""
    stage = todo.deal.stage if todo.deal is not None else ""
    return sentence(todo.hint, stage=stage, amount_minor=todo.amount_minor)


def ordered() -> list[str]:
    """The hints by weight, as the day is sorted."""
    return sorted(DEFAULTS, key=lambda key: -DEFAULTS[key][1])
