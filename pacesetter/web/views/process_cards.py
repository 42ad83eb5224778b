"""管理 → 规则: the scorecard of joint visits and the template of needs reports, versions by date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.activity import acts, reads
from pacesetter.journal import reads as journal

from .. import door, show
from ..forms.process_cards import ScorecardForm, TemplateForm
from .process import journal_lines, may_set
from .sheet import sheet

PAGE = "company/process_cards.html"


def _history(rows: Iterable[Any], entity: str, name: str, today: date) -> list[dict[str, Any]]:
    """Every version with its days, its words, who set it; the one of today is marked."""
    place, lines = "zh" if show.chinese() else "en", journal_lines(entity)
    told, until, now = [], None, False
    for row in rows:
        held = row.valid_from <= today and not now
        now = now or held
        parts = [part[place] + (" *" if part.get("required") else "") for part in getattr(row, name)]
        told.append({"from": row.valid_from, "until": until, "now": held, "pk": row.pk,
                     "says": parts, "line": lines.get(str(row.pk))})  # fmt: skip
        until = row.valid_from
    return told


@door.acts_once
def process_scorecard(request: HttpRequest) -> HttpResponse:
    """The questions of joint visits: what holds today, every version, and the next one."""
    makes, on = may_set(request), door.today(request)
    rows = list(reads.scorecards())
    form = ScorecardForm(request.POST or None, on=on, parts=reads.questions_of(rows[0] if rows else None),
                         version=journal.newest("scorecard"))  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        acts.set_scorecard(questions=asked.pop("parts"), by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_scorecard")

    place = "zh" if show.chinese() else "en"
    now = [{"name": one[place], "says": [f"{score} · {pair[0 if place == 'zh' else 1]}"
                                         for score, pair in one["anchors"].items()]}
           for one in reads.questions_of(reads.scorecard_on(on))]  # fmt: skip
    return sheet(request, form, run, template=PAGE, makes=makes, tab="scorecard", today=on, now=now,
                 history=_history(rows, "scorecard", "questions", on), said=_("已保存。已写的观察保持原来的题目。"),
                 title=_("陪访观察表"), sub=_("同行的人按它打分。每次拜访用它当天的版本，新版本不改以前的观察。"),
                 first=_("第一个版本之前的拜访用内置的题目。"), unit=_("题"))  # fmt: skip


@door.acts_once
def process_report(request: HttpRequest) -> HttpResponse:
    """The sections of needs reports: what holds today, every version, and the next one."""
    makes, on = may_set(request), door.today(request)
    rows = list(reads.report_templates())
    form = TemplateForm(request.POST or None, on=on, parts=reads.sections_of(rows[0] if rows else None),
                        version=journal.newest("reporttemplate"))  # fmt: skip

    def run(asked: dict[str, Any]) -> str:
        acts.set_report_template(sections=asked.pop("parts"), by=door.actor(request), at=door.at(request), **asked)
        return reverse("process_report")

    place = "zh" if show.chinese() else "en"
    now = [{"name": one[place], "says": [_("必须写")] if one.get("required") else []}
           for one in reads.sections_of(reads.template_on(on))]  # fmt: skip
    return sheet(request, form, run, template=PAGE, makes=makes, tab="report", today=on, now=now,
                 history=_history(rows, "reporttemplate", "sections", on), said=_("已保存。已写的报告保持原来的各节。"),
                 title=_("需求分析报告模板"), sub=_("报告要写哪几节。每份报告用记录当天的版本，新版本不改以前的报告。"),
                 first=_("第一个版本之前的报告用内置的各节。"), unit=_("节"))  # fmt: skip
