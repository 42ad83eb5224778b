"""目标设置: names of the lines, tolerance, challenge rule, what pace goes by, which metrics are never prorated."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import acts, reads
from pacesetter.goals.models import GoalSettings
from pacesetter.people.rights import Scope
from pacesetter.web import door, show

from ...forms.goals import SettingsForm
from ..sheet import sheet
from .reading import Reader


@door.acts_once
def goal_settings(request: HttpRequest) -> HttpResponse:
    """What is in force, and the next version of it."""
    reader = Reader(request)
    if reader.viewer.scope("goals", "write") < Scope.ALL:
        raise Http404
    today = door.today(request)
    newest = GoalSettings.objects.order_by("-valid_from").first()
    standing = reads.chosen(newest.valid_from if newest else today)
    zh = show.chinese()
    metrics = [(key, metric.zh if zh else metric.en) for key, metric in sorted(reads.metrics_for_goals().items())]
    form = SettingsForm(request.POST or None, on=today, standing=standing, metrics=metrics)

    def run(asked: dict[str, Any]) -> str:
        try:
            seen = date.fromisoformat(asked["seen"]) if asked["seen"] else None
        except ValueError:
            seen = None
        acts.set_goal_settings(
            valid_from=asked["valid_from"], tolerance=asked["tolerance"], lines=form.lines(),
            challenge_over=asked["challenge_over"], challenge_top=asked["challenge_top"],
            whole_metrics=asked["whole_metrics"], decide_days=asked["decide_days"], pace_basis=asked["pace_basis"],
            by=door.actor(request), at=door.at(request), seen=seen, check_seen=True,
        )  # fmt: skip
        return reverse("goals_settings")

    history = GoalSettings.objects.order_by("-valid_from")
    return sheet(request, form, run, template="goals/settings.html", said=_("已保存。之前的目标按当时的设置判断。"),
                 standing=reads.chosen(today), history=history)  # fmt: skip
