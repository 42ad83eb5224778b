"""Forms of the insights pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pacesetter.activity.models import ActivityKind, CompanyMetric
from pacesetter.people.models.question import LONGEST
from pacesetter.web import show


class AnswerForm(forms.Form):
    """The answer to a question. The act checks it."""

    answer = forms.CharField(
        label=_("回答"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2 * LONGEST}),
        help_text=_("以后能看到这个数的人也会看到这条回答。"),
    )


class CompanyMetricForm(forms.ModelForm):  # type: ignore[type-arg]
    """A count the company makes: a kind of activity, perhaps one result, only effective ones, once per customer."""

    kind = forms.ChoiceField(label=_("活动类型"))

    class Meta:
        model = CompanyMetric
        fields = ("zh", "en", "key", "kind", "result", "effective_only", "distinct_customers")
        labels = {"key": _("英文标识")}
        help_texts = {
            "key": _("小写字母、数字和下划线，保存后不能改。例如 demo_visits"),
            "result": _("只数这种结果的活动；留空不限"),
            "distinct_customers": _("同一客户在一个期间里只数一次"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ActivityKind.objects.filter(active=True).order_by("-builtin", "id")
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.key, kind.zh if show.chinese() else kind.en) for kind in kinds
        ]

    def _post_clean(self) -> None:
        """The act checks and writes the record; the form only reads what was typed."""
