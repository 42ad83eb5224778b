"""目标责任书: everything somebody (or a team) answers for in a period, on one A4 sheet with boxes to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pacesetter.goals import reads
from pacesetter.goals.models import Goal, MarketEvent
from pacesetter.goals.reads import GoalView
from pacesetter.people import reads as people
from pacesetter.people.models import Person, Team
from pacesetter.web import door, show

from ..insights.asked import period_name
from .goal_page import lines_of
from .reading import Reader, per_word


@dataclass(frozen=True)
class Clause:
    """One goal of the letter."""

    url: str
    metric: str
    meaning: str
    scope: str
    per: str
    period: str
    lines: list[tuple[str, str]]
    weight: int
    serves: str
    months: list[tuple[str, str]]
    elastic: list[Any]
    number: int
    signed: Any
    locked: bool


def _clause(reader: Reader, view: GoalView, names: dict[str, str]) -> Clause:
    goal, version = view.goal, view.latest
    assert version is not None
    metric = reader.metric(goal.metric)
    put = reader.put(metric)
    kinds = dict(MarketEvent.Kind.choices)
    parent = reader.above.get(version.row.parent_id)
    return Clause(
        reverse("goal", args=[goal.pk]), metric.zh if show.chinese() else metric.en,
        metric.meaning[0] if show.chinese() else metric.meaning[1], reader.scope(goal), per_word(goal),
        reader.period(goal), lines_of(version, put, names), version.row.weight, reader.name(parent) if parent else "",
        [(reader.month(part.label, part.start), put.exact(part.target)) for part in version.parts],
        [kinds.get(key, key) for key in version.row.elastic], version.row.number, version.accepted, view.locked,
    )  # fmt: skip


def _span(reader: Reader, goals: list[Goal]) -> tuple[str, str, date, date]:
    """(label, kind, start, end) of the period asked for, else the longest one that holds today, else the newest."""
    spans = {(g.label, g.period_kind, g.start, g.end) for g in goals}
    label = reader.request.GET.get("period", "")
    if label:
        chosen = [span for span in spans if span[0] == label]
        if not chosen:
            raise Http404
        return chosen[0]
    now = [span for span in spans if span[2] <= reader.today < span[3]]
    return max(now, key=lambda s: s[3] - s[2]) if now else max(spans, key=lambda s: s[2])


@require_safe
def letter(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The letter of a person or a team; 404 where no goal of theirs is in reach."""
    reader = Reader(request)
    goals = list(reader.visible.filter(**{f"{kind}_id": pk}))
    book = reader.book(goals)
    held = [view for view in book if view.latest is not None]
    if not held:
        raise Http404
    label, period_kind, start, end = _span(reader, [view.goal for view in held])
    inside = [v for v in held if start <= v.goal.start and v.goal.end <= end
              and (v.goal.start, v.goal.end) == (start, end)]  # fmt: skip
    parents = [v.latest.row.parent_id for v in inside if v.latest is not None and v.latest.row.parent_id]
    reader.above = {g.pk: g for g in reader.visible.filter(pk__in=parents)}
    reader.load_names([*goals, *(g for g in reader.above.values())])
    names = reads.lines_named(reader.today, "zh" if show.chinese() else "en")
    clauses = [_clause(reader, view, names) for view in inside]
    team, manager = _place(kind, pk, min(max(reader.today, start), end - timedelta(days=1)))
    return render(request, "goals/letter.html", {
        "owner": reader.owner(goals[0]), "kind": kind, "team": team, "manager": manager, "company": reader.company,
        "period": period_name(period_kind, label, start, end - timedelta(days=1)), "clauses": clauses,
        "total": sum(clause.weight for clause in clauses), "taken_at": door.at(request),
        "signed": [c.signed for c in clauses if c.signed], "back_url": f"{reverse('goals')}?period={label}",
    })  # fmt: skip


def _place(kind: str, pk: int, on: date) -> tuple[str, str]:
    """The team and the head or manager of whoever the letter is for."""
    if kind == "team":
        team = Team.objects.select_related("leader").get(pk=pk)
        return team.name, team.leader.name if team.leader else ""
    seat = people.seat_at(pk, on)
    ids = [one for one in (seat.manager_id,) if one is not None]
    manager = Person.objects.filter(pk__in=ids).first()
    team_name = Team.objects.filter(pk=seat.team_id).values_list("name", flat=True).first() if seat.team_id else ""
    return team_name or str(_("未归属")), manager.name if manager else ""
