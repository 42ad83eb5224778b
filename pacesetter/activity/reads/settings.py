"""The company's settings of its process: versions of the visit rule, and what a new one would have done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from pacesetter.people import reads as people
from pacesetter.people.models import ClosedPeriod, EntityMaster
from pacesetter.pipeline.models import TierRule
from pacesetter.pipeline.rules import TierTerms

from .. import rules
from ..models import (
    Activity,
    ActivityKind,
    HintSetting,
    Norm,
    ReportTemplate,
    Scorecard,
    VisitRule,
    VisitState,
)
from ..rules import hints as hint_rules

LOOK_BACK = 30
# what a company's people do on a usual day, until it says otherwise or goals exist
DEFAULT_NORMS: Mapping[str, tuple[str, int]] = {
    "effective_visits": ("day", 3),
    "proposals": ("week", 2),
    "follow_ups": ("day", 6),
}


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


def norms(on: date) -> dict[str, tuple[str, int]]:
    """Metric → (per day or week, how much is usual) on a day."""
    return usual(Norm.objects.filter(valid_from__lte=on).order_by("valid_from", "id"))


def usual(rows: Iterable[Norm]) -> dict[str, tuple[str, int]]:
    """What is usual after these norms, the oldest first."""
    found = dict(DEFAULT_NORMS)
    for row in rows:
        found[row.metric] = (row.per, row.count)
    return {metric: told for metric, told in found.items() if told[1] > 0}


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


@dataclass(frozen=True)
class Terms:
    """Everything a company set that a day is drawn by, as it stands on a day."""

    kinds: Sequence[ActivityKind]
    hints: Mapping[str, hint_rules.Setting]
    norms: Mapping[str, tuple[str, int]]
    visits: VisitRule | None
    tiers: TierTerms | None


def terms_of_day(on: date) -> Terms:
    """The kinds of activity, the hints, the norms, the rules of visits and of tiers. One query instead of five."""
    begun = '"valid_from" <= %s'
    kinds, hints, norms, visits, tiers = people.together(
        (ActivityKind, "", []), (HintSetting, "", []), (Norm, begun, [on]), (VisitRule, begun, [on]),
        (TierRule, begun, [on]),
    )  # fmt: skip
    tier_rule = _in_force(tiers)
    return Terms(
        sorted(kinds, key=lambda kind: (not kind.builtin, kind.pk)),
        hint_rules.settings_of((row.key, row.active, row.days) for row in hints),
        usual(sorted(norms, key=lambda norm: (norm.valid_from, norm.pk))),
        _in_force(visits),
        None if tier_rule is None else tier_rule.terms(),
    )


def _in_force(versions: Sequence[Any]) -> Any:
    return max(versions, key=lambda version: version.valid_from, default=None)


@dataclass(frozen=True)
class Standing:
    """What stands on a day for a record of a kind: the kind, the rule that judges it, and what is in the way."""

    kind: ActivityKind | None
    rule: VisitRule | None
    closed: ClosedPeriod | None
    master: EntityMaster | None


def standing(kind: str, on: date) -> Standing:
    """Everything an act must know before it writes a record. One query."""
    kinds, versions, closed, masters = people.together(
        (ActivityKind, '"key" = %s', [kind]), (VisitRule, '"valid_from" <= %s', [on]),
        (ClosedPeriod, '"start" <= %s AND "end" > %s', [on, on]),
        (EntityMaster, '"entity" = %s AND "source" <> %s', ["activities", ""]),
    )  # fmt: skip
    return Standing(*(next(iter(rows), None) for rows in (kinds, [_in_force(versions)], closed, masters)))
