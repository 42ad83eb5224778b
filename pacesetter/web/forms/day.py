"""What the log sheet and the day list send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .fields import Clock, Day
from .money import Money

# a phone's clock may be a little ahead; a record older than this was not made just now
LONGEST_SECONDS = 3600


class LogForm(forms.Form):
    """One log. Ids are looked up in reach by the view; nothing but the kind is required here."""

    kind = forms.CharField(max_length=40)
    customer = forms.IntegerField(required=False, min_value=1)
    customer_name = forms.CharField(max_length=200, required=False)
    contact = forms.IntegerField(required=False, min_value=1)
    contact_name = forms.CharField(max_length=80, required=False)
    deal = forms.IntegerField(required=False, min_value=1)
    lead = forms.IntegerField(required=False, min_value=1)
    plan = forms.IntegerField(required=False, min_value=1)
    companion = forms.IntegerField(required=False, min_value=1)
    result = forms.CharField(max_length=40, required=False)
    next_step = forms.CharField(max_length=200, required=False)
    next_on = Day(required=False)
    next_time = Clock(required=False)
    on = Day(required=False)
    minutes = forms.IntegerField(required=False, min_value=0, max_value=1440)
    amount_minor = Money(required=False)
    note = forms.CharField(required=False, max_length=4000)
    twin = forms.ChoiceField(choices=[("ask", ""), ("add", ""), ("merge", "")], required=False)
    ask_manager = forms.BooleanField(required=False)
    seconds = forms.IntegerField(required=False, min_value=0)
    made_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"])
    channel = forms.ChoiceField(choices=[("sheet", ""), ("text", "")], required=False)
    lat = forms.IntegerField(required=False, min_value=-90_000_000, max_value=90_000_000)
    lon = forms.IntegerField(required=False, min_value=-180_000_000, max_value=180_000_000)
    metres = forms.IntegerField(required=False, min_value=0, max_value=1_000_000)

    def clean_seconds(self) -> int | None:
        """A sheet left open over lunch says nothing about how long a log takes."""
        seconds = self.cleaned_data["seconds"]
        return None if seconds is None or seconds > LONGEST_SECONDS else int(seconds)

    def clean(self) -> dict[str, Any]:
        """Somebody or something must have been followed up."""
        values = super().clean() or {}
        if not any(values.get(name) for name in ("customer", "customer_name", "deal", "lead", "plan")):
            self.add_error("customer", forms.ValidationError(_("先选一个客户。"), code="required"))
        return values


class HereForm(forms.Form):
    """Where somebody stands, in millionths of a degree."""

    lat = forms.IntegerField(min_value=-90_000_000, max_value=90_000_000)
    lon = forms.IntegerField(min_value=-180_000_000, max_value=180_000_000)


class PlanForm(forms.Form):
    """Something to do on a day."""

    on = Day()
    kind = forms.CharField(max_length=40, required=False)
    purpose = forms.CharField(max_length=200, required=False)
    customer = forms.IntegerField(required=False, min_value=1)
    deal = forms.IntegerField(required=False, min_value=1)
    lead = forms.IntegerField(required=False, min_value=1)


class MoveForm(forms.Form):
    """To which day."""

    on = Day(label=_("改到"))


class DropForm(forms.Form):
    """Why it will not be done."""

    reason = forms.CharField(label=_("原因"), max_length=200)
