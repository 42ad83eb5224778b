"""What the pages of the scorecard and of the report template ask for: rows of words, empty ones left out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.rules.evidence import ANCHORS, MOST_QUESTIONS, MOST_SECTIONS

from .. import show
from .fields import Day

# empty rows offered below the standing ones
SPARE = 2


class Version(forms.Form):
    """A new version from a day on, made from the standing one. `version`: what was seen when it was opened."""

    rows: int

    def __init__(self, data: Any = None, *, on: date, parts: Sequence[Mapping[str, Any]], version: int) -> None:
        start = {"valid_from": on, "version": version}
        for place, part in enumerate(parts):
            start |= {f"{name}_{place}": value for name, value in self.flat(part).items()}
        super().__init__(data, initial=start)
        self.known = {str(part["key"]) for part in parts}
        self.fields["valid_from"] = Day(label=_("从哪天起"))
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, required=False)
        for place in range(self.rows):
            self.fields[f"key_{place}"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
            for name, field in self.asked(place).items():
                self.fields[f"{name}_{place}"] = field
                own = start.get(f"{name.replace('en', 'zh', 1)}_{place}") if name.startswith("en") else None
                if own and not start[f"{name}_{place}"]:
                    field.widget.attrs |= {"placeholder": own, "lang": "zh-Hans"}
                    field.help_text = _("还没有英文，英文页面显示中文。")
        self.fields["reason"] = forms.CharField(label=_("为什么改"), max_length=500, required=False)

    @staticmethod
    def flat(part: Mapping[str, Any]) -> dict[str, Any]:
        """A stored part as the values of its boxes."""
        raise NotImplementedError

    @staticmethod
    def asked(place: int) -> dict[str, forms.Field]:
        """The boxes of a row."""
        raise NotImplementedError

    def part(self, place: int) -> dict[str, Any] | None:
        """A row as it is stored; None when it is empty. What lacks gets its fault."""
        raise NotImplementedError

    def shown(self) -> list[tuple[int, list[forms.BoundField]]]:
        """The rows that hold something and a few empty ones, each with its boxes."""
        held = [place for place in range(self.rows) if self[f"zh_{place}"].value() or self[f"key_{place}"].value()]
        last = min(self.rows, (max(held) + 1 if held else 0) + SPARE)
        return [(place + 1, [self[f"{name}_{place}"] for name in ("key", *self.asked(place))])
                for place in range(last)]  # fmt: skip

    def said(self, name: str, place: int) -> str:
        """What stands in a box."""
        return str(self.cleaned_data.get(f"{name}_{place}") or "").strip()

    def key(self, place: int) -> str:
        """A row keeps the key it had; a new one gets its own."""
        told = self.said("key", place)
        return told if told in self.known else f"q{uuid.uuid4().hex[:8]}"

    def must(self, name: str, place: int) -> None:
        """A box that has to be filled, because its row is."""
        if not self.said(name, place) and f"{name}_{place}" not in self.errors:
            self.add_error(f"{name}_{place}", forms.ValidationError(gettext_now("这一行要填完整。"), code="required"))

    def clean(self) -> dict[str, Any]:
        """The rows as they are stored, under `parts`."""
        values = super().clean() or {}
        found = [part for part in map(self.part, range(self.rows)) if part is not None]
        return {**{name: values.get(name) for name in ("valid_from", "version", "reason")}, "parts": found}


def _english(zh: str, en: str) -> str:
    """The English somebody wrote; empty where the Chinese stands in for it."""
    return "" if show.borrowed(zh, en) else en


def _words(label: Any, most: int = 60, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, **kwargs)


class ScorecardForm(Version):
    """Up to six questions with what 1, 3 and 5 look like; English left empty reads as the Chinese."""

    rows = MOST_QUESTIONS

    @staticmethod
    def flat(part: Mapping[str, Any]) -> dict[str, Any]:
        told = {"key": part["key"], "zh": part["zh"], "en": _english(part["zh"], part["en"])}
        for score in ANCHORS:
            zh, en = part["anchors"][score]
            told |= {f"zh{score}": zh, f"en{score}": _english(zh, en)}
        return told

    @staticmethod
    def asked(place: int) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {"zh": _words(_("题目")), "en": _words(_("题目（英文，空着用中文）"))}
        for score in ANCHORS:
            made[f"zh{score}"] = _words(_("%(n)s 分是什么样") % {"n": score}, 200)
            made[f"en{score}"] = _words(_("%(n)s 分是什么样（英文）") % {"n": score}, 200)
        return made

    def part(self, place: int) -> dict[str, Any] | None:
        if not any(self.said(name, place) for name in self.asked(place)):
            return None
        for name in ("zh", *(f"zh{score}" for score in ANCHORS)):
            self.must(name, place)
        zh, anchors = self.said("zh", place), {}
        for score in ANCHORS:
            looks = self.said(f"zh{score}", place)
            anchors[score] = [looks, self.said(f"en{score}", place) or looks]
        return {"key": self.key(place), "zh": zh, "en": self.said("en", place) or zh, "anchors": anchors}


class TemplateForm(Version):
    """Up to twelve sections, each to be written or not; English left empty reads as the Chinese."""

    rows = MOST_SECTIONS

    @staticmethod
    def flat(part: Mapping[str, Any]) -> dict[str, Any]:
        return {"key": part["key"], "zh": part["zh"], "en": _english(part["zh"], part["en"]),
                "required": bool(part.get("required"))}  # fmt: skip

    @staticmethod
    def asked(place: int) -> dict[str, forms.Field]:
        return {"zh": _words(_("这一节写什么")), "en": _words(_("英文（空着用中文）")),
                "required": forms.BooleanField(label=_("必须写"), required=False)}  # fmt: skip

    def part(self, place: int) -> dict[str, Any] | None:
        zh, en = self.said("zh", place), self.said("en", place)
        if not zh and not en:
            return None
        self.must("zh", place)
        return {"key": self.key(place), "zh": zh, "en": en or zh,
                "required": bool(self.cleaned_data.get(f"required_{place}"))}  # fmt: skip
