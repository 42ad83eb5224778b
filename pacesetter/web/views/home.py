"""The first page of each role: what is useful now, small and honest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from pacesetter import assembly
from pacesetter.chat import reads as chat
from pacesetter.journal.models import Entry
from pacesetter.lib.money import round_half_up
from pacesetter.lib.refusal import OutOfReach
from pacesetter.metrics import engine
from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import Cell, Question
from pacesetter.people import reads
from pacesetter.people.models import Company
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import reads as pipeline
from pacesetter.pipeline import rules
from pacesetter.pipeline.models import Deal

from .. import door
from ..places import connected, exists, navigation
from ..words import act_word
from .day import observation
from .day.today import today
from .goals import late
from .insights import asked, links, questions
from .insights.asked import Window
from .insights.figures import Figures
from .insights.scope import ALL
from .insights.wording import Writer
from .outlook import outlook
from .pipeline import needs

# what a director steers by, and everybody else
STEERED = ("won_amount", "collection_rate", "new_amount_share", "lead_conversion_rate", "amount_per_customer")
FIGURES = ("won_amount", "deals_won", "win_rate", "effective_visits", "collected_amount", "leads_created")
SHOWN = 5
LIST = 8
SENSITIVE = (
    "grant_role", "place_people", "revoke_role", "leave", "view_as", "merge_people", "close_period", "reset",
    "make_token", "change_company", "correct_membership",
)  # fmt: skip


@dataclass
class Figure:
    """One number of the month so far."""

    name: tuple[str, str]
    unit: str
    cell: Cell
    why: str
    change: str

    @property
    def minor(self) -> int | None:
        """Money as it is shown: the amount, or the average to the nearest unit."""
        value = self.cell.value
        return None if value is None else round_half_up(value)

    @property
    def pair(self) -> tuple[int, int | None]:
        """Top and bottom, as rates are shown."""
        return self.cell.top, self.cell.bottom


def _figures(company: Company, reach: Reach, at: Window) -> list[Figure]:
    found: list[Figure] = []
    write, figures = Writer(company.currency), Figures(reach, reach.on)
    spans = ((at.start, at.end), (at.before_start, at.before_end))
    asked_for: dict[str, list[Question]] = {}
    for key in STEERED if reach.role == "director" else FIGURES:
        metric = METRICS[key]
        # one page is about one part of the company: what is seen less far than the rest stands elsewhere
        if assembly.scope_of(metric, reach) < max(reach.scope_of_persons(), Scope.OWN):
            continue
        try:
            asked_for[key] = [assembly.question(key, *span, today=reach.on, reach=reach) for span in spans]
        except OutOfReach:
            continue
        if len(asked_for) == SHOWN:
            break
    figures.expect(question for pair in asked_for.values() for question in pair)
    for key, pair in asked_for.items():
        metric = METRICS[key]
        now, before = (engine.total(figures.store, question) for question in pair)
        why = links.why_url(key, at, ALL) if exists(f"/why/{key}/") or exists(f"/why/{key}") else ""
        found.append(Figure(metric.name, metric.unit, now, why, write.change(metric, now, before)))
    return found


def _deals(reach: Reach) -> QuerySet[Deal]:
    """Open deals in reach, the next step soonest first."""
    rows = reach.rows(Deal.objects.filter(stage__in=rules.OPEN_STAGES), "deals")
    return rows.select_related("customer", "owner").order_by(F("next_on").asc(nulls_last=True), "-amount_minor", "id")


def _overdue(reach: Reach) -> QuerySet[Any]:
    """Planned payments in reach that should have come, the oldest first."""
    rows = reach.rows(pipeline.instalments(), "money", on="due_on", owner="person_id", team="team_id")
    return rows.filter(due_on__lt=reach.on, left_minor__gt=0).order_by("due_on", "id")


def home(request: HttpRequest) -> HttpResponse:
    """今日: numbers of the month in reach, the next steps due, and for admins what is broken."""
    reach, on = door.viewer(request), door.today(request)
    if reach.role == "rep":
        return today(request)
    context: dict[str, Any] = {"reach": reach, "today": on, "who": reach.person}
    if reach.may("metrics"):
        company = door.company(request) or reads.company()
        # the month so far, and the same days of the month before
        settings = reads.period_settings(company)
        kind = "month" if settings.performance_start_day == 1 else "performance_month"
        context["at"] = asked.window({}, today=on, settings=settings, default=kind)
        context["figures"] = _figures(company, reach, context["at"])
        context["outlook"] = outlook(reach, on, company)
    if reach.may("deals", "write"):
        deals = _deals(reach)
        context["deals"] = deals[:LIST]
        soon = Q(next_on__gte=on, next_on__lte=on + timedelta(days=7))
        context |= deals.order_by().aggregate(
            deal_count=Count("pk"), overdue=Count("pk", filter=Q(next_on__lt=on)), due=Count("pk", filter=soon)
        )
        context["own_only"] = reach.scope("deals") < Scope.ALL and not reach.led
        context["needing"] = needs.needing(reach, deals.order_by(), on)[: needs.SHOWN]
    if reach.may("money"):
        # how many there are, and what they come to, stands beside each of those that are shown
        over = models.Window
        owed = _overdue(reach).annotate(count_of_all=over(Count("pk")), sum_of_all=over(Sum("left_minor")))
        context["late"] = list(owed[:LIST])
        first = context["late"][0] if context["late"] else None
        context["late_count"] = first.count_of_all if first else 0
        context["late_minor"] = int(first.sum_of_all) if first else 0
    if reach.may_part("people", "person", "write"):
        tally: dict[str, int] = {}
        rows = reads.roster(reach.people(), on, door.at(request))
        for row in rows:
            for warning in row.warnings:
                tally[warning] = tally.get(warning, 0) + 1
        context["warnings"] = [(key, reads.WARNINGS[key], n) for key, n in tally.items()]
        context["waiting"] = sum(row.state == "new" for row in rows)
        context["people_count"] = sum(row.state != "left" for row in rows)
        context["organisation"] = chat.news().first() if connected() else None
    if reach.role == "admin" and reach.may("journal"):
        lines = Entry.objects.filter(act__in=SENSITIVE).order_by("-id")[:20]
        context["acts"] = [(line, act_word(line.act)) for line in lines]
    context |= questions.news(request, reach) | observation.waiting(request) | late.of_first_page(request)
    for name in ("board", "deals", "deal_new", "collections"):
        try:
            context[f"{name}_url"] = reverse(name)
        except NoReverseMatch:
            context[f"{name}_url"] = ""
    return render(request, "home/home.html", context)


def manage(request: HttpRequest) -> HttpResponse:
    """The first page of 管理 that this reader has."""
    for place in navigation(door.viewer(request).roles, request.path):
        if place["key"] == "manage" and place["url"] != "/manage/":
            return redirect(place["url"])
    return redirect("rights")
