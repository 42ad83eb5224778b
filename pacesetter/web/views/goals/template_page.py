"""The strategic growth engine as a template: its goals of one period at once, empty or with what was before."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pacesetter import assembly
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.acts.drafting import Key, identity_of
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import GoalView
from pacesetter.lib.money import round_half_up
from pacesetter.lib.refusal import OutOfReach, Refusal
from pacesetter.metrics.catalogue import Metric
from pacesetter.people.models import Team
from pacesetter.people.rights import Scope
from pacesetter.web import door

from ...forms.goals import plain, typed_number
from .copy_page import sources
from .engine import ENGINE
from .tree_page import Asked, period_words

TEMPLATE = "goals/template.html"


class Sheet:
    """Whose engine it is, what stands already, and what was done in the periods before."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.reader = asked, asked.reader
        self.teams = self._teams()
        self.team = self._team()
        self.metrics: list[Metric] = [self.reader.metric(key) for key in ENGINE]
        self.before = sources(asked.period, self.reader.settings)
        self.past = self._past()
        self.there = self._there()

    @property
    def company(self) -> bool:
        """Whether this reader sets the company's goals."""
        return self.reader.viewer.scope("goals", "write") == Scope.ALL

    def _teams(self) -> dict[int, str]:
        viewer = self.reader.viewer
        if self.company:
            return {}
        rows = Team.objects.filter(pk__in=viewer.led, closed_on=None).order_by("name")
        return {team.pk: team.name for team in rows}

    def _team(self) -> int | None:
        if self.company:
            return None
        given = self.asked.request.POST.get("team") or self.asked.request.GET.get("team", "")
        if given:
            if not (given.isascii() and given.isdigit() and len(given) < 12 and int(given) in self.teams):
                raise Http404
            return int(given)
        if not self.teams:
            raise Http404
        return next(iter(self.teams))

    @property
    def owner(self) -> str:
        """Whose goals they are."""
        return str(self.reader.company.name) if self.team is None else self.teams[self.team]

    def _past(self) -> dict[tuple[str, str], int | None]:
        """(metric, label of a period) → what was done in it; empty where this reader may not see it."""
        reader, within = self.reader, () if self.team is None else (self.team,)
        asked = {}
        for metric in self.metrics:
            for period in self.before:
                if period.start >= reader.today:
                    continue
                try:
                    asked[metric.key, period.label] = assembly.question(
                        metric.key, period.start, period.end, today=reader.today, reach=reader.viewer, within=within
                    )
                except OutOfReach:
                    continue
        cells = assembly.totals(list(asked.values()))
        return {
            key: None if cell.value is None or not cell.n else round_half_up(Fraction(cell.value))
            for key, cell in zip(asked, cells, strict=True)
        }

    def _there(self) -> dict[str, GoalView]:
        period = self.asked.period
        rows = Goal.objects.filter(metric__in=ENGINE, start=period.start, end=period.end, person=None, team=self.team)
        held = {identity_of(view.goal): view for view in reads.book(rows)}
        wanted = {metric.key: identity(self._draft(metric, 1, 0)) for metric in self.metrics}
        return {key: held[name] for key, name in wanted.items() if name in held}

    def drafts(self, values: dict[str, int]) -> list[Draft]:
        """The goals of the engine: a team's serve the same goal of whoever is above, the others the amount here."""
        top = self.metrics[0]
        stands = self.there.get(top.key)
        amount: int | Key | None = stands.pk if stands is not None and stands.shown is not None else None
        if top.key in values:
            amount = identity(self._draft(top, values[top.key], 0))
        made = []
        for metric in self.metrics:
            if metric.key in values:
                view = self.there.get(metric.key)
                draft = self._draft(metric, values[metric.key], view.newest if view else 0)
                made.append(replace(draft, above=self._over(metric) or (amount if metric is not top else None)))
        return made

    def _over(self, metric: Metric) -> int | None:
        """The goal of this metric that is set for the teams above, or for the company."""
        if self.team is None:
            return None
        period, today = self.asked.period, self.reader.today
        return reads.goal_over(self.team, metric.key, period.start, period.end, today)

    def _draft(self, metric: Metric, value: int, seen: int) -> Draft:
        kind = "company" if self.team is None else "team"
        return Draft(metric.key, kind, self.asked.period, value, team=self.team, seen=seen)


def _rows(sheet: Sheet, typed: dict[str, str], faults: dict[str, str], fill: str) -> list[dict[str, Any]]:
    reader, rows = sheet.reader, []
    for metric in sheet.metrics:
        put, view = reader.put(metric), sheet.there.get(metric.key)
        value = sheet.past.get((metric.key, fill))
        usual = plain(value, metric, put.writer.currency) if value else ""
        stands = view is not None and view.shown is not None
        rows.append({
            "key": metric.key, "name": sheet.asked.name(metric.key), "stands": stands,
            "target": put.exact(view.shown.row.target) if view and view.shown else "",
            "url": reverse("goal", args=[view.pk]) if stands and view else "",
            "typed": typed.get(metric.key, usual), "fault": faults.get(metric.key, ""),
            "past": [put.exact(sheet.past.get((metric.key, one.label))) for one in sheet.before],
        })  # fmt: skip
    return rows


def _typed(request: HttpRequest, sheet: Sheet) -> tuple[dict[str, str], dict[str, str], list[Draft], list[Metric]]:
    """What was typed, what cannot be read, the drafts of the rest, and metrics that have a goal already."""
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    values: dict[str, int] = {}
    left_out = []
    for metric in sheet.metrics:
        word = request.POST.get(f"value-{metric.key}", "").strip()[:40]
        if not word:
            continue
        typed[metric.key] = word
        view = sheet.there.get(metric.key)
        if view is not None and view.shown is not None:
            left_out.append(metric)
            continue
        try:
            value = typed_number(word, metric, sheet.reader.figures.writer.currency)
        except ValidationError as error:
            faults[metric.key] = str(error.message)
            continue
        if value is not None:
            values[metric.key] = value
    return typed, faults, sheet.drafts(values), left_out


@door.acts_once
def template(request: HttpRequest) -> HttpResponse:
    """The engine's goals of a period: one box each, what was before beside it; sent, they are drafts together."""
    asked = Asked(request)
    if not asked.may_set:
        raise Http404
    sheet = Sheet(asked)
    fill = request.GET.get("fill", "")
    query = urlencode({"metric": asked.metric.key, "period": asked.period.label})
    context = {
        "owner": sheet.owner, "teams": sheet.teams if len(sheet.teams) > 1 else {}, "team": sheet.team,
        "period_name": period_words(asked.period), "period": asked.period, "back_url": asked.address(), "query": query,
        "before": [{"label": one.label, "name": period_words(one)} for one in sheet.before],
        "metric": asked.metric, "key": door.form_key(request),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, TEMPLATE, {**context, "rows": _rows(sheet, {}, {}, fill)})
    typed, faults, drafts, left_out = _typed(request, sheet)
    context["rows"] = _rows(sheet, typed, faults, "")
    if faults:
        return door.refused(request, TEMPLATE, context)
    try:
        if not drafts:
            raise Refusal(_("这些指标都已经有目标了。") if left_out else _("至少写一个目标。"), code="empty")
        entry = acts.draft_goals(drafts, origin="template", by=door.actor(request), at=door.at(request),
                                 reason=_("用增长引擎模板"))  # fmt: skip
    except Refusal as refusal:
        return door.refused(request, TEMPLATE, context, refusal)
    said = _("已存为 %(n)s 个草稿。") % {"n": len(drafts)}
    if left_out:
        names = "、".join(asked.name(metric.key) for metric in left_out)
        said += _("已经有目标的没有动：%(names)s。") % {"names": names}
    messages.success(request, said, extra_tags=reverse("goals_spread_undo", args=[entry.pk]))
    return redirect(asked.address(metric=drafts[0].metric))
