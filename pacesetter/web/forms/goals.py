"""What the goal pages ask for: values in the metric's own unit, scopes, and the company's choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.goals.rules import pasted
from pacesetter.lib import money
from pacesetter.metrics.catalogue import Metric
from pacesetter.people import reads as people

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
        try:
            return pasted.number(str(value or ""), self.metric.unit, currency=people.company().currency)
        except ValueError as error:
            raise forms.ValidationError(WRONG.get(str(error), WRONG["not_a_number"]), code=str(error)) from error

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
