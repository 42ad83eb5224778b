"""What the pages of the pool's rule and of the tier rule ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.pipeline.models import PoolRule, Tier, TierRule
from pacesetter.pipeline.rules import TIERS, PoolTerms, TierTerms

from .fields import Day
from .money import Money

POOL = ("protect_days", "extend_days", "max_days", "warn_days", "cooldown_hours", "hold_limit")
HELP: dict[str, Any] = {
    "protect_days": _("填 0 表示不自动收回。"),
    "extend_days": _("从跟进那天算起；原来更晚的日期保留。"),
    "max_days": _("从领取那天算起，再跟进也不延长。"),
    "hold_limit": _("只数进行中的线索；填 0 表示不限。"),
}


def _days(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=3650, help_text=help_text)


class PoolRuleForm(forms.Form):
    """A version of the pool's rule."""

    def __init__(self, data: Any = None, *, on: date, standing: PoolRule | None) -> None:
        usual = standing or PoolRule()
        start = {"valid_from": on, **{name: getattr(usual, name) for name in POOL}}
        super().__init__(data, initial=start)
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        for name in POOL:
            field = PoolRule._meta.get_field(name)
            self.fields[name] = _days(field.verbose_name, HELP.get(name, ""))  # type: ignore[union-attr]
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=500, required=False)

    def terms(self) -> PoolTerms | None:
        """The version as it stands in the boxes; None while it cannot be read."""
        if not self.is_bound:
            return PoolTerms(**{name: self.initial[name] for name in ("valid_from", *POOL)})
        asked = self.cleaned_data if self.is_valid() else {}
        return PoolTerms(**{name: asked[name] for name in ("valid_from", *POOL)}) if asked else None


class TierRuleForm(forms.Form):
    """A version of the tier rule: three rows of two thresholds and a rhythm."""

    def __init__(self, data: Any = None, *, on: date, standing: TierRule | None) -> None:
        usual = standing or TierRule()
        names = [f"{tier.lower()}_{part}" for tier in TIERS for part in ("won_minor", "open_minor", "days")]
        start = {"valid_from": on, **{name: getattr(usual, name) for name in names}}
        super().__init__(data, initial=start)
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        for tier in TIERS:
            low, said = tier.lower(), {"tier": tier}
            self.fields[f"{low}_won_minor"] = Money(label=_("%(tier)s 级：近 12 个月成交额达到") % said, required=False)
            self.fields[f"{low}_open_minor"] = Money(label=_("或进行中商机达到") % said, required=False)
            self.fields[f"{low}_days"] = _days(_("几天拜访一次（0 不提醒）"))
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=500, required=False)

    def tier_rows(self) -> list[list[Any]]:
        """The boxes of each tier, to draw them side by side."""
        return [[self[f"{tier.lower()}_{part}"] for part in ("won_minor", "open_minor", "days")] for tier in TIERS]

    def terms(self) -> TierTerms | None:
        """The version as it stands in the boxes; None while it cannot be read."""
        if not self.is_bound:
            asked = dict(self.initial)
        else:
            asked = dict(self.cleaned_data) if self.is_valid() else {}
        asked.pop("reason", None)
        return TierRule(**asked).terms() if asked else None


class TierForm(forms.Form):
    """A tier by hand with its reason, or back to the rule."""

    tier = forms.ChoiceField(
        label=_("分层"), choices=[("rule", _("按规则")), *[c for c in Tier.choices if c[0]], ("none", _("未分层"))]
    )
    reason = forms.CharField(label=_("原因"), max_length=200, required=False, help_text=_("手工指定时要写原因。"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
