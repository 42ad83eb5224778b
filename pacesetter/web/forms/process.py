"""What the pages of the process rules ask for: the visit rule, usual numbers, hints, kinds of activity."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.acts.words import HINT_MOST, NORM_MOST
from pacesetter.activity.models import ActivityKind, VisitRule
from pacesetter.activity.rules import Rule
from pacesetter.activity.rules.effort import SECONDS

from .fields import Day

TERMS = ("contact", "result", "next_step", "min_minutes", "entry_hours", "duplicate_days", "place", "back_days")
ASKS = ("needs_place", "needs_photo", "needs_note")
HELP: dict[str, Any] = {
    "min_minutes": _("填 0 表示不要求。"),
    "entry_hours": _("从拜访结束算起；填 0 表示不限。"),
    "duplicate_days": _("填 0 表示同一客户每次都计。"),
    "back_days": _("更早的要主管确认才计。"),
}


class VisitRuleForm(forms.Form):
    """A version of the effective-visit rule."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, on: date, standing: VisitRule | None, version: int) -> None:
        usual = standing or VisitRule()
        start = {"valid_from": on, "version": version, **{name: getattr(usual, name) for name in TERMS}}
        super().__init__(data, initial=start)
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        for name in TERMS:
            field: Any = VisitRule._meta.get_field(name)
            if isinstance(getattr(usual, name), bool):
                self.fields[name] = forms.BooleanField(label=field.verbose_name, required=False)
            else:
                self.fields[name] = forms.IntegerField(
                    label=field.verbose_name, min_value=0, max_value=1440, help_text=HELP.get(name, "")
                )
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=500, required=False)

    def rule(self) -> Rule | None:
        """The version as it stands in the boxes; None while it cannot be read."""
        asked = self.initial if not self.is_bound else self.cleaned_data if self.is_valid() else None
        return None if asked is None else Rule(**{name: asked[name] for name in ("valid_from", *TERMS)})


class NormForm(forms.Form):
    """How much of a metric is usual, from a day on."""

    metric = forms.ChoiceField(label=_("指标"))
    per = forms.ChoiceField(label=_("周期"), choices=[("day", _("每个工作日")), ("week", _("每周"))])
    count = forms.IntegerField(label=_("数量"), min_value=0, max_value=NORM_MOST, help_text=_("填 0 就不显示这个环。"))
    valid_from = Day(label=_("从哪天起"))
    reason = forms.CharField(label=_("为什么改"), max_length=500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, on: date, version: int, metrics: list[tuple[str, str]]) -> None:
        super().__init__(data, initial={"valid_from": on, "version": version})
        self.fields["metric"].choices = metrics  # type: ignore[attr-defined]


class Seen(forms.Form):
    """A form that carries what stood in it when it was opened, so that a colleague's change is not overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)

    def keep(self, names: tuple[str, ...]) -> None:
        """Remember the standing values of these fields."""
        self.fields["seen"].initial = json.dumps({name: self.initial[name] for name in names}, ensure_ascii=False)

    def clean_seen(self) -> dict[str, Any]:
        """What the writer saw; anything else is taken as nothing seen."""
        try:
            told = json.loads(self.cleaned_data["seen"] or "{}")
        except ValueError:
            return {}
        return {name: told[name] for name in self.fields if name in told} if isinstance(told, dict) else {}


class HintForm(Seen):
    """Whether a hint is given, and from how many days on."""

    active = forms.BooleanField(label=_("启用"), required=False)
    days = forms.IntegerField(label=_("天数"), min_value=0, max_value=HINT_MOST)

    def __init__(self, data: Any = None, *, days: int, active: bool) -> None:
        super().__init__(data, initial={"days": days, "active": active})
        self.keep(("days", "active"))


class KindForm(Seen):
    """What a kind is called and what it asks for."""

    code = forms.CharField(label=_("代号"), max_length=39, help_text=_("小写字母开头，之后不能改。例如 stock_count。"))
    zh = forms.CharField(label=_("中文名称"), max_length=60)
    en = forms.CharField(label=_("英文名称"), max_length=60)
    is_visit = forms.BooleanField(label=_("按有效拜访规则判断"), required=False)
    needs_place = forms.BooleanField(label=_("要求定位"), required=False)
    needs_photo = forms.BooleanField(label=_("要求照片"), required=False)
    needs_note = forms.BooleanField(label=_("要求备注"), required=False)
    active = forms.BooleanField(label=_("启用"), required=False)

    def __init__(self, data: Any = None, *, kind: ActivityKind | None = None) -> None:
        names = ("zh", "en", *ASKS, "active")
        super().__init__(data, initial={name: getattr(kind or ActivityKind(), name) for name in names})
        for name in ASKS:
            seconds = SECONDS[name.removeprefix("needs_")]
            self.fields[name].help_text = _("每次大约多 %(n)s 秒。") % {"n": seconds}
            self.fields[name].widget.attrs["data-seconds"] = str(seconds)
        if kind is None:
            for name in ("seen", "active"):
                del self.fields[name]
            return
        for name in ("code", "is_visit", *(("active",) if kind.builtin else ())):
            del self.fields[name]
        self.keep(tuple(name for name in names if name in self.fields))
