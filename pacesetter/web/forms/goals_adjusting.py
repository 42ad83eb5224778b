"""What the pages of goal adjustment ask for: new lines in the metric's unit, a voice, a market event, a delegate."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.goals.models import MarketEvent
from pacesetter.pipeline.models import Product

from .fields import Day, PersonChoice
from .money import Money


class BasisPoints(forms.CharField):
    """A rate like `25` or `25.5 %` → basis points; None when left empty."""

    def prepare_value(self, value: Any) -> Any:
        """Basis points as text for the box."""
        if not isinstance(value, int):
            return value
        whole, rest = divmod(value, 100)
        return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")

    def to_python(self, value: Any) -> Any:
        """Basis points of what was typed."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip().rstrip("%").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,5})(?:\.(\d{1,2}))?", text, re.ASCII)
        if found is None:
            raise forms.ValidationError(_("写成 25 或 25.5 这样的百分数。"), code="shape")
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)

    def validate(self, value: Any) -> None:
        """0 is a rate; only nothing at all is missing."""
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """An integer has no length."""


def line_field(unit: str, label: Any, *, required: bool) -> forms.Field:
    """A box for a value in a metric's unit."""
    if unit == "minor":
        return Money(label=label, required=required)
    if unit == "ratio":
        return BasisPoints(label=label, required=required, help_text=_("百分数，例如 25"))
    box = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, required=required, min_value=0, max_value=10**15, widget=box)


class EventChoice(forms.ModelChoiceField):
    """One of the register's events, with its day."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.on:%Y-%m-%d} {obj.get_kind_display()} · {obj.title}"


class AdjustForm(forms.Form):
    """The event, the new lines, from which day, and why. `version` is the one in force that was looked at."""

    event = EventChoice(label=_("市场事件"), queryset=MarketEvent.objects.none(), empty_label="—")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, unit: str, lines: Mapping[str, int | None], names: Mapping[str, str],
        events: Any, first: date, version: int,
    ) -> None:  # fmt: skip
        super().__init__(data, initial={**lines, "valid_from": first, "version": version})
        self.fields["event"].queryset = events  # type: ignore[attr-defined]
        for key in names:
            self.fields[key] = line_field(unit, names[key], required=key == "target")
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        self.fields["reason"] = forms.CharField(label=_("为什么"), max_length=1000,
                                                widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


class VoiceForm(forms.Form):
    """Which seat speaks, in whose place, and the sentence."""

    place = forms.ChoiceField(label=_("以哪一席"))
    sentence = forms.CharField(label=_("一句话说明"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, places: Sequence[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["place"].widget = forms.HiddenInput()
            self.fields["place"].initial = places[0][0]


class EventForm(forms.Form):
    """An event of the register. `version` is the line of the journal the form was opened with."""

    kind = forms.ChoiceField(label=_("类型"), choices=MarketEvent.Kind.choices)
    title = forms.CharField(label=_("标题"), max_length=120)
    on = Day(label=_("发生日期"))
    until = Day(label=_("影响到哪天"), required=False)
    customer_region = forms.CharField(label=_("客户区域"), max_length=80, required=False)
    industry = forms.CharField(label=_("行业"), max_length=80, required=False)
    product = forms.ModelChoiceField(label=_("产品"), queryset=Product.objects.none(), required=False, empty_label="—")
    text = forms.CharField(label=_("说明"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, products: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["product"].queryset = products  # type: ignore[attr-defined]


class DelegateForm(forms.Form):
    """Who speaks in one's place, from when to when."""

    delegate = PersonChoice(label=_("代理人"))
    start = Day(label=_("从哪天起"))
    last = Day(label=_("到哪天（含）"))
    reason = forms.CharField(label=_("原因"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, people: Any, on: date) -> None:
        super().__init__(data, initial={"start": on})
        self.fields["delegate"].offer(people, on)  # type: ignore[attr-defined]
