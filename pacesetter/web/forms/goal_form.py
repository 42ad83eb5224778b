"""The form of one goal: its sentence (who, when, which number, from where to where, of what), lines and conditions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.goals.models import MarketEvent, Per
from pacesetter.goals.rules import LINES
from pacesetter.metrics.catalogue import Metric
from pacesetter.pipeline.models import Product
from pacesetter.pipeline.models.words import CustomerKind

from .fields import Day
from .goals import Value

NARROWS = ("customer_region", "industry", "product", "customer_kind")


def _offering(name: str) -> forms.TextInput:
    """A box that offers what customers carry, and takes another word too."""
    return forms.TextInput(attrs={"list": f"known-{name}", "autocomplete": "off"})


class GoalForm(forms.Form):
    """`choices`: owners, metrics, periods, goals above: (value, label). `fixed`: who and what stay as they are."""

    def __init__(
        self, data: Any = None, *, metric: Metric, choices: dict[str, list[tuple[Any, Any]]], dims: frozenset[str],
        initial: dict[str, Any], fixed: bool, names: dict[str, str],
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        self.metric, self.fixed = metric, fixed
        if not fixed:
            self.fields["owner"] = forms.ChoiceField(label=_("谁"), choices=choices["owner"])
            self.fields["metric"] = forms.ChoiceField(label=_("指标"), choices=choices["metric"])
            self.fields["period"] = forms.ChoiceField(label=_("期间"), choices=choices["period"])
            self.fields["per"] = forms.ChoiceField(label=_("这个数是"), choices=Per.choices, required=False)
            self._scope(dims)
        self.fields["baseline"] = Value(metric, label=_("基线"), required=False)
        for key in LINES:
            if key == "target" or key in names or initial.get(key) is not None:
                self.fields[key] = Value(metric, label=names.get(key, key), required=key == "target")
        self.fields["weight"] = forms.IntegerField(label=_("权重（%）"), min_value=0, max_value=100)
        self.fields["parent"] = forms.ChoiceField(
            label=_("支撑哪个目标"), choices=[("", "—"), *choices["parent"]], required=False
        )
        self.fields["buffer"] = Value(metric, label=_("给下级多分的缓冲"), required=False)
        self.fields["elastic"] = forms.MultipleChoiceField(
            label=_("发生什么可以申请调整"), choices=MarketEvent.Kind.choices, required=False,
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
        paces = [("days", _("按工作日")), ("curve", _("按自己的历史节奏（至少 4 个可比期间）"))]
        self.fields["pace_basis"] = forms.ChoiceField(label=_("应完成按什么算"), choices=paces)
        if fixed:
            self.fields["valid_from"] = Day(label=_("这一版从哪天起"), required=False)
        self.fields["note"] = forms.CharField(
            label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        self.fields["version"] = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def _scope(self, dims: frozenset[str]) -> None:
        """Only what the metric's records carry."""
        if "customer_region" in dims:
            self.fields["customer_region"] = forms.CharField(
                label=_("客户区域"), max_length=80, required=False, widget=_offering("customer_region")
            )
        if "industry" in dims:
            self.fields["industry"] = forms.CharField(
                label=_("行业"), max_length=80, required=False, widget=_offering("industry")
            )
        if "product_id" in dims:
            self.fields["product"] = forms.ModelChoiceField(
                label=_("产品"), queryset=Product.objects.order_by("name"), required=False, empty_label="—"
            )
        if "customer_kind" in dims:
            self.fields["customer_kind"] = forms.ChoiceField(
                label=_("新客或复购"), choices=[("", "—"), *CustomerKind.choices], required=False
            )

    def scope_fields(self) -> list[Any]:
        """The boxes that narrow it."""
        return [self[name] for name in NARROWS if name in self.fields]

    def line_fields(self) -> list[Any]:
        """The further lines beside the target."""
        return [self[key] for key in LINES if key != "target" and key in self.fields]
