"""What an observation, a report and its answer ask for; the questions and sections are those of the record's day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from pacesetter.pipeline.models import Customer, Deal
from pacesetter.web import show

from .fields import Day, PersonChoice
from .pipeline import Chosen, Sheet

SCORE = "score_"
SECTION = "section_"


class ObservationForm(forms.Form):
    """The short scorecard: one choice of 1 to 5 a question, none where it could not be seen, and two sentences."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    did_well = forms.CharField(
        label=_("做得好的"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    to_try = forms.CharField(
        label=_("下次试试"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, questions: Sequence[Mapping[str, Any]], english: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made: dict[str, forms.Field] = {}
        for question in questions:
            made[SCORE + question["key"]] = forms.TypedChoiceField(
                label=show.tongue(question["en" if english else "zh"]), required=False, coerce=int, empty_value=None,
                choices=[("", "—"), *[(n, _marked(n, question, english)) for n in range(1, 6)]],
            )  # fmt: skip
            # an option holds no marks of its own
            if english and any(show.borrowed(*pair) for pair in question["anchors"].values()):
                made[SCORE + question["key"]].widget.attrs["lang"] = "zh-Hans"
        self.fields = {**made, **self.fields}

    @property
    def scores(self) -> dict[str, int]:
        """Question → score, those left open left out."""
        return {
            name.removeprefix(SCORE): value
            for name, value in self.cleaned_data.items()
            if name.startswith(SCORE) and value is not None
        }


def _marked(score: int, question: Mapping[str, Any], english: bool) -> str:
    """A score with what it looks like, where the scorecard says so."""
    anchor = question["anchors"].get(str(score))
    return f"{score} · {anchor[1 if english else 0]}" if anchor else str(score)


class ReportForm(Sheet):
    """The sections of the template, and who reads it."""

    reader = PersonChoice(label=_("给谁看"), help_text=_("他会在今日看到，读过和回复后你会知道。"))

    def __init__(self, *args: Any, sections: Sequence[Mapping[str, Any]], english: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made: dict[str, forms.Field] = {}
        for part in sections:
            made[SECTION + part["key"]] = forms.CharField(
                label=show.tongue(part["en" if english else "zh"]), required=bool(part.get("required")),
                max_length=4_000, widget=forms.Textarea(attrs={"rows": 3}),
            )  # fmt: skip
        self.fields = {**made, **self.fields}

    @property
    def answers(self) -> dict[str, str]:
        """Section → text."""
        return {
            name.removeprefix(SECTION): value for name, value in self.cleaned_data.items() if name.startswith(SECTION)
        }

    def fault(self, field: str) -> str:
        """The form's field for a refusal that names a section."""
        return SECTION + field if SECTION + field in self.fields else field


class NewReportForm(ReportForm):
    """A report whose record is made with it."""

    customer = Chosen(Customer, label=_("客户"), required=False)
    deal = Chosen(Deal, label=_("商机"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["customer", "deal"])

    def clean(self) -> dict[str, Any]:
        """A report is about somebody."""
        values = super().clean() or {}
        if not values.get("customer") and not values.get("deal") and not self.errors:
            self.add_error("customer", forms.ValidationError(gettext_now("请选择客户、商机或线索。"), code="required"))
        return values


class ReplyForm(forms.Form):
    """What the reader answers."""

    reply = forms.CharField(label=_("回复"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class FileForm(forms.Form):
    """One file for a record."""

    kind = forms.ChoiceField(
        label=_("是什么"), choices=[("photo", _("照片")), ("document", _("文件")), ("voice", _("语音"))]
    )
    file = forms.FileField(label=_("选择文件"), max_length=200)


class ConsentForm(Sheet):
    """Who agreed to be recorded, how, when."""

    who = forms.CharField(label=_("谁同意的"), max_length=80)
    how = forms.ChoiceField(
        label=_("怎样同意的"), choices=[("spoken", _("口头")), ("written", _("书面")), ("message", _("消息"))]
    )
    given_on = Day(label=_("哪天同意的"))


class RecordingForm(forms.Form):
    """What an upload announces."""

    name = forms.CharField(max_length=200)
    size = forms.IntegerField(min_value=0)
    sha256 = forms.CharField(max_length=64)
    consent = forms.IntegerField(min_value=1)
