"""The company's settings of its process: versions of the visit rule, and what a new one would have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from pacesetter.people import reads as people

from .. import rules
from ..models import Activity, ActivityKind, Norm, ReportTemplate, Scorecard, VisitRule, VisitState

LOOK_BACK = 30


@dataclass(frozen=True)
class RulePreview:
    """The visits of the last days: how many count now, how many of those would not, and how many more would."""

    days: int
    visits: int
    counted: int
    lost: int
    gained: int


def visit_rules() -> QuerySet[VisitRule]:
    """Every version, newest first."""
    return VisitRule.objects.order_by("-valid_from")


def scorecards() -> QuerySet[Scorecard]:
    """Every version of the scorecard, newest first."""
    return Scorecard.objects.order_by("-valid_from")


def report_templates() -> QuerySet[ReportTemplate]:
    """Every version of the report template, newest first."""
    return ReportTemplate.objects.order_by("-valid_from")


def norm_lines() -> QuerySet[Norm]:
    """Every norm ever set, newest first."""
    return Norm.objects.order_by("-valid_from", "metric")


def preview_rule(rule: rules.Rule, today: date, days: int = LOOK_BACK) -> RulePreview:
    """Judge the visits of the last days as if this version had been in force. What a manager confirmed stays."""
    zone = people.zone()
    kinds = list(ActivityKind.objects.filter(is_visit=True).values_list("key", flat=True))
    rows = Activity.objects.filter(
        kind__in=kinds, withdrawn_at=None, on__gt=today - timedelta(days=days), on__lte=today
    )
    counted = lost = gained = visits = 0
    seen: dict[tuple[int | None, int | None, str], list[date]] = {}
    for row in rows.order_by("on", "id").iterator():
        visits += 1
        key = (row.person_id, row.customer_id, row.kind)
        known = row.delay_minutes is not None
        entered = row.entered_at.astimezone(zone)
        earlier = seen.get(key, []) if row.customer_id is not None else []
        visit = rules.Visit(
            on=row.on, entered_at=entered, ended_at=row.at, contact=bool(row.contact_id or row.contact_name),
            result=row.result, next_step=row.next_step, next_on=row.next_on, minutes=row.minutes,
            other_days=tuple(earlier), placed=row.place_lat is not None or row.on_site is not None,
            backdated=known and rules.is_backdated(row.on, entered.date(), rule.back_days),
            photo="photo" not in row.failed,
        )  # fmt: skip
        verdict = rules.judge_visit(visit, rule if known else rules.without_window(rule))
        then = verdict.effective or row.state == VisitState.CONFIRMED
        if then:
            seen.setdefault(key, []).append(row.on)
        counted += bool(row.effective)
        lost += bool(row.effective) and not then
        gained += then and not row.effective
    return RulePreview(days, visits, counted, lost, gained)
