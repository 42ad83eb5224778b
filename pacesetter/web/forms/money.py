"""Amounts and percentages as people write them, kept as integers: no exponent, no foreign digits, no rounding."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from pacesetter.lib import money
from pacesetter.web import show

_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


class Money(forms.CharField):
    """An amount in major units (`12,480.50`) → integer minor units; None when left empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Minor units as text for the box."""
        return money.major_text(value, show.currency_now()) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Minor units of what was typed."""
        currency = show.currency_now()
        text = money.unsigned(str(value or ""), currency)
        if not text:
            return None
        if not text.isascii():
            raise forms.ValidationError(_wrong("shape", currency), code="shape")
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        try:
            return money.parse(text, currency)
        except money.MoneyError as error:
            raise forms.ValidationError(_wrong(error.code, currency), code=error.code) from error

    def validate(self, value: Any) -> None:
        """0 is an amount; only nothing at all is missing."""
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The length was of the text; an integer has none."""


def _wrong(code: str, currency: str) -> Any:
    """What is wrong with an amount, with an example in the company's currency."""
    places = money.exponent(currency)
    if code == "range":
        return _("金额太大。")
    if code == "decimals" and not places:
        return _("%(currency)s 的金额没有小数。") % {"currency": currency}
    if code == "decimals":
        return _("%(currency)s 的金额最多写 %(places)s 位小数。") % {"currency": currency, "places": places}
    return _("金额写成 %(example)s 这样的数字。") % {
        "example": money.major_text(1_248_050 * 10**places // 100, currency)
    }


class Percent(forms.CharField):
    """A share like `33.3333` → millionths of the whole."""

    def to_python(self, value: Any) -> Any:
        """Millionths; None when left empty."""
        text = unicodedata.normalize("NFKC", str(value or "")).strip().rstrip("%").strip()
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,4}))?", text, re.ASCII)
        if found is None:
            raise forms.ValidationError(_("份额写成 60 或 33.3333 这样的百分数。"), code="shape")
        return int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0") or 0)

    def run_validators(self, value: Any) -> None:
        """An integer has no length."""
