"""What the goal pages ask for: values in the metric's own unit, scopes, and the company's choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.goals.reads import DEFAULT_LINES
from pacesetter.goals.rules import LINES, pasted
from pacesetter.lib import money
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people
from pacesetter.web import show

from .fields import Day

WRONG: dict[str, Any] = {
    "not_a_number": _("写成数字，如 500000、50万 或 25%。"),
    "separator": _("千分位写错了：1,234,567。"),
    "exponent": _("不要用科学计数法。"),
    "excel_error": _("这是表格里的错误值。"),
    "negative": _("不能小于 0。"),
    "too_many_decimals": _("小数位太多。"),
    "too_large": _("数太大，检查单位。"),
    "percent_unclear": _("比率写上百分号：25%。"),
}


def plain(value: int, metric: Metric, currency: str) -> str:
    """A value as somebody would type it."""
    if metric.unit == "minor":
        text = money.major_text(value, currency)
        return text.rstrip("0").rstrip(".") if "." in text else text
    if metric.unit == "ratio":
        return f"{value // 100}.{value % 100:02d}".rstrip("0").rstrip(".") + "%"
    return str(value)


def typed_number(text: str, metric: Metric, currency: str) -> int | None:
    """The integer of what was typed, None when empty; a ValidationError that says what to do where it is no number."""
    try:
        return pasted.number(text, metric.unit, currency=currency)
    except ValueError as error:
        raise forms.ValidationError(WRONG.get(str(error), WRONG["not_a_number"]), code=str(error)) from error


class Value(forms.CharField):
    """A number in the metric's unit: 50万, 1,250,000, 25%, 12. None when left empty."""

    def __init__(self, metric: Metric, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)
        self.metric = metric

    def prepare_value(self, value: Any) -> Any:
        """The stored integer as text for the box."""
        return plain(value, self.metric, people.company().currency) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """The integer of what was typed."""
        return typed_number(str(value or ""), self.metric, people.company().currency)

    def validate(self, value: Any) -> None:
        """0 is a number; only nothing at all is missing."""
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The length was of the text; an integer has none."""


class CommitForm(forms.Form):
    """What the owner holds for possible, and why."""

    def __init__(self, data: Any = None, *, metric: Metric) -> None:
        super().__init__(data)
        self.fields["value"] = Value(metric, label=_("承诺值"))
        self.fields["comment"] = forms.CharField(
            label=_("凭什么是这个数"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
        )


KINDS: dict[str, Any] = {
    "history": _("历史业绩"),
    "ability": _("能力（成单率、单均额）"),
    "resources": _("资源（客户、线索）"),
    "potential": _("潜力（进行中商机）"),
    "headcount": _("人头"),
    "equal": _("平均"),
}
UNITS = {"minor": (1, 100, 1_000, 10_000), "count": (1, 10, 100), "days": (1,), "ratio": (1,)}


class CopyForm(forms.Form):
    """From which period goals are copied, and how much more or less they are."""

    def __init__(self, data: Any = None, *, sources: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["source"] = forms.ChoiceField(label=_("从哪一期复制"), choices=sources)
        self.fields["percent"] = forms.IntegerField(
            label=_("比那一期多（%）"), min_value=-90, max_value=300, initial=0,
            help_text=_("10 是多一成，-5 是少半成；动作目标照抄。"),
        )  # fmt: skip


class SpreadForm(forms.Form):
    """How a goal is spread to teams, people and months."""

    def __init__(self, data: Any = None, *, metric: Metric, currency: str, own_months: bool) -> None:
        super().__init__(data)
        for key, label in KINDS.items():
            self.fields[f"by_{key}"] = forms.IntegerField(
                label=label, min_value=0, max_value=100, required=False, initial=100 if key == "history" else None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": 100}),
            )  # fmt: skip
        months = [("days", _("按各月工作日")), ("history", _("按往年各月占比")), ("equal", _("每月一样"))]
        if own_months:
            months.insert(0, ("own", _("按这个目标已分好的月份")))
        self.fields["months_by"] = forms.ChoiceField(label=_("一年里怎么分到各月"), choices=months)
        self.fields["unit"] = forms.TypedChoiceField(
            label=_("取整到"), coerce=int, choices=[(n, f"{n:,}") for n in UNITS[metric.unit]],
        )  # fmt: skip
        self.fields["buffer_top"] = forms.IntegerField(
            label=_("公司给团队多分（%）"), min_value=0, max_value=50, required=False, initial=0,
        )  # fmt: skip
        self.fields["buffer_team"] = forms.IntegerField(
            label=_("团队给个人多分（%）"), min_value=0, max_value=50, required=False, initial=0,
        )  # fmt: skip
        presence, ramp = _("按在岗天数折算（调动、入职）"), _("新人按爬坡系数折算")
        self.fields["presence"] = forms.BooleanField(label=presence, required=False, initial=True)
        self.fields["ramp"] = forms.BooleanField(label=ramp, required=False, initial=True)
        self.fields["every_level"] = forms.BooleanField(label=_("大区也单独成一级"), required=False)
        self.fields["equal_teams"] = forms.BooleanField(label=_("团队之间平均分"), required=False)
        self.fields["paste"] = forms.CharField(
            label=_("从 Excel 粘贴"), required=False, max_length=200_000, strip=False,
            help_text=_("一行一个人或团队：姓名、目标；或姓名和各月。表头可以写单位，如“目标（万元）”。"),
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        )  # fmt: skip
        self.metric, self.currency = metric, currency

    def percents(self) -> dict[str, int]:
        """kind → percent."""
        return {key: self.cleaned_data.get(f"by_{key}") or 0 for key in KINDS}

    def kind_fields(self) -> list[Any]:
        """The boxes of the weights."""
        return [self[f"by_{key}"] for key in KINDS]

    def clean(self) -> dict[str, Any]:
        """The percents are the whole."""
        found = super().clean() or self.cleaned_data
        if not self.errors and sum(self.percents().values()) != 100:
            self.add_error("by_history", _("各项权重加起来要等于 100%。"))
        return found


class SettingsForm(forms.Form):
    """The company's choices for goals from a day on."""

    def __init__(self, data: Any = None, *, on: Any, standing: Any, metrics: list[tuple[str, str]]) -> None:
        named = {key: (zh, en) for key, zh, en in standing.lines}
        usual = {key: (zh, en) for key, zh, en in DEFAULT_LINES}
        start = {
            "valid_from": on, "tolerance": standing.tolerance, "challenge_over": standing.challenge_over,
            "challenge_top": standing.challenge_top, "decide_days": standing.decide_days,
            "pace_basis": standing.pace_basis, "whole_metrics": list(standing.whole_metrics),
            "seen": standing.valid_from.isoformat() if standing.valid_from else "",
        }  # fmt: skip
        for key in LINES:
            zh, en = named.get(key, usual[key])
            start |= {f"{key}_on": key in named, f"{key}_zh": zh, f"{key}_en": en}
        super().__init__(data, initial=start)
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        for key in LINES:
            if key != "target":
                used = _("用“%(name)s”这条线") % {"name": start[f"{key}_zh" if show.chinese() else f"{key}_en"]}
                self.fields[f"{key}_on"] = forms.BooleanField(label=used, required=False)
            self.fields[f"{key}_zh"] = forms.CharField(label=_("中文名称"), max_length=12, required=False)
            self.fields[f"{key}_en"] = forms.CharField(label=_("英文名称"), max_length=24, required=False)
        for name, label, most in (
            ("tolerance", _("发布容差（本级目标的万分之几）"), 10_000),
            ("challenge_over", _("挑战线高于目标（%）"), 200),
            ("challenge_top", _("适用于前（%）"), 100),
            ("decide_days", _("申请几个工作日内决定"), 60),
        ):
            self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=most)
        self.fields["pace_basis"] = forms.ChoiceField(
            label=_("应完成按什么算"),
            choices=[("days", _("按工作日")), ("curve", _("按自己的历史节奏（至少 4 个可比期间）"))],
        )
        self.fields["whole_metrics"] = forms.MultipleChoiceField(
            label=_("不因缺勤和晚入职折算的指标"), choices=metrics, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["seen"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def line_rows(self) -> list[dict[str, Any]]:
        """Each line with its boxes."""
        return [{"key": key, "on": self[f"{key}_on"] if key != "target" else None,
                 "zh": self[f"{key}_zh"], "en": self[f"{key}_en"]} for key in LINES]  # fmt: skip

    def lines(self) -> list[tuple[str, str, str]]:
        """The lines in use with their names."""
        asked = self.cleaned_data
        return [(key, asked[f"{key}_zh"].strip(), asked[f"{key}_en"].strip()) for key in LINES
                if key == "target" or asked.get(f"{key}_on")]  # fmt: skip
