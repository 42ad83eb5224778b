"""The sheet of a deal's next stage: only what that stage needs, chips before boxes."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.pipeline.models import Deal, LossReason
from pacesetter.pipeline.rules import stages

from .fields import Day
from .money import Money
from .pipeline import Sheet

# text kept, text shown
STEPS = [
    ("送方案", _("送方案")), ("报价", _("报价")), ("再次拜访", _("再次拜访")), ("电话确认", _("电话确认")),
    ("签合同", _("签合同")),
]  # fmt: skip
CHIP = "chip_"


def month_end(on: date, ahead: int = 0) -> date:
    """The last day of the month, some months ahead."""
    year, month = divmod(on.year * 12 + on.month - 1 + ahead, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def soon(on: date) -> list[tuple[str, Any]]:
    """Days a next step is usually set for, as in the log sheet."""
    days = [(on + timedelta(days=1), _("明天")), (on + timedelta(days=3), _("3 天后")),
            (on + timedelta(days=7 - on.weekday()), _("下周一"))]  # fmt: skip
    return [(day.isoformat(), word) for day, word in days]


def later(on: date) -> list[tuple[str, Any]]:
    """Days a deal is usually expected for."""
    days = [(month_end(on), _("本月底")), (month_end(on, 1), _("下月底")), (month_end(on, 2), _("再下月底"))]
    return [(day.isoformat(), word) for day, word in days]


def just(on: date) -> list[tuple[str, Any]]:
    """Days something was signed."""
    return [(on.isoformat(), _("今天")), ((on - timedelta(days=1)).isoformat(), _("昨天"))]


class StageForm(Sheet):
    """What `target` asks of this deal. A chip that was tapped says what its box would say."""

    def __init__(self, *args: Any, deal: Deal, target: str, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.deal, self.target, self.today = deal, target, on
        # with lines the amount is their sum: it is shown, not asked
        self.lined = deal.lines.exists()
        for name in stages.asked(deal.stage, target):
            if name == "amount_minor" and self.lined and deal.amount_minor is not None:
                continue
            self.fields[name] = self._box(name)
        self.fields["on"] = Day(label=_("签约日期") if target == "won" else _("日期"), initial=on)
        for name, offered in self.chips().items():
            self.fields[CHIP + name] = forms.ChoiceField(choices=offered, required=False)

    def _box(self, name: str) -> forms.Field:
        standing = getattr(self.deal, name, None)
        if name in ("next_on", "expected_on"):
            label = _("下一步日期") if name == "next_on" else _("预计成交日期")
            return Day(label=label, required=False, initial=standing if standing and standing >= self.today else None)
        if name == "next_step":
            stale = self.deal.next_on is None or self.deal.next_on < self.today
            return forms.CharField(label=_("下一步"), max_length=200, required=False, initial="" if stale else standing)
        if name == "amount_minor":
            return Money(label=_("成交金额") if self.target == "won" else _("金额"), required=False, initial=standing)
        if name == "loss_reason":
            return forms.ChoiceField(label=_("输单原因"), choices=LossReason.choices, required=False)
        if name == "competitor":
            return forms.CharField(label=_("竞品"), max_length=120, required=False, initial=standing)
        if name == "contract_no":
            return forms.CharField(label=_("合同编号"), max_length=80, required=False, initial=standing)
        if name == "reason":
            return forms.CharField(label=_("退回的原因"), max_length=500, required=False)
        return forms.CharField(label=_("学到了什么"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def chips(self) -> dict[str, list[tuple[str, Any]]]:
        """Box → what may be tapped instead of writing."""
        offered = {"next_step": STEPS, "next_on": soon(self.today), "expected_on": later(self.today),
                   "on": just(self.today)}  # fmt: skip
        return {name: list(chips) for name, chips in offered.items()
                if name in self.fields and (name != "on" or self.target == "won")}  # fmt: skip

    def parts(self) -> list[dict[str, Any]]:
        """The boxes in their order with their chips and whether they must be filled in."""
        needed = set(stages.missing(self.deal.stage, self.target, {}, self.today))
        found = []
        for name in (*stages.asked(self.deal.stage, self.target), "on"):
            if name not in self.fields or (name == "on" and self.target != "won"):
                continue
            chip = CHIP + name
            now = str(self[name].value() or "")
            chips = [(value, word, now == value) for value, word in self.chips().get(name, [])]
            if name == "loss_reason":
                chips = [(value, word, now == value) for value, word in LossReason.choices]
            found.append({"name": name, "field": self[name], "chips": chips, "chip_name": chip,
                          "needed": name in needed or name == "on"})  # fmt: skip
        return found

    def clean(self) -> dict[str, Any]:
        """Chips over boxes; a next step has its day; what the stage needs is there."""
        told = super().clean() or {}
        for name in self.chips():
            chosen = told.pop(CHIP + name, "")
            if chosen:
                told[name] = date.fromisoformat(chosen) if name in ("next_on", "expected_on", "on") else chosen
                self.errors.pop(name, None)
        if told.get("next_step") and told.get("next_on") is None and "next_on" not in self.errors:
            self.add_error("next_on", _("下一步定在哪一天？"))
        standing = {name: getattr(self.deal, name) for name in
                    ("amount_minor", "next_step", "next_on", "expected_on", "competitor")}  # fmt: skip
        said = {name: value for name, value in told.items() if value not in (None, "")}
        for name in stages.missing(self.deal.stage, self.target, {**standing, **said}, told.get("on") or self.today):
            if name in self.fields and name not in self.errors:
                self.add_error(name, MISSING[name])
        return told


MISSING: dict[str, Any] = {
    "amount_minor": _("填上金额。"),
    "next_step": _("下一步做什么？"),
    "next_on": _("下一步定在哪一天？"),
    "expected_on": _("预计哪天成交？"),
    "loss_reason": _("输单要选一个原因。"),
    "competitor": _("选了竞品，就写是哪一家。"),
    "reason": _("为什么退回？写一句。"),
}
