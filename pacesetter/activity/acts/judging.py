"""Putting the verdict of the day's rule on a record, and the signals of how it was entered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from pacesetter.people import reads as people

from .. import rules
from ..models import Activity, ActivityKind, Attachment, FileState, VisitRule, VisitState


def rule_for(on: date) -> VisitRule | None:
    """The stored version in force on a day; None = the defaults."""
    return VisitRule.objects.filter(valid_from__lte=on).order_by("-valid_from").first()


def plain_rule(rule: VisitRule | None) -> rules.Rule:
    """A stored version as the rules take it."""
    if rule is None:
        return rules.Rule(date.min)
    return rules.Rule(rule.valid_from, rule.contact, rule.result, rule.next_step, rule.min_minutes, rule.entry_hours,
                      rule.duplicate_days, rule.place, rule.back_days)  # fmt: skip


def judge(row: Activity) -> None:
    """Put the verdict of the day's rule on a visit; other kinds are not judged."""
    judge_by(row, ActivityKind.objects.filter(key=row.kind).first(), rule_for)


def judge_by(row: Activity, kind: ActivityKind | None, rule_of: Callable[[date], VisitRule | None]) -> None:
    """The same by a kind and a rule that have been read already."""
    if kind is None or not kind.is_visit:
        row.state, row.effective, row.failed, row.rule = "", None, [], None
        return
    stored = rule_of(row.on)
    rule = plain_rule(stored)
    others: tuple[date, ...] = ()
    if rule.duplicate_days and row.customer_id is not None:
        near = Activity.objects.filter(
            person=row.person, customer_id=row.customer_id, effective=True, withdrawn_at=None, kind=row.kind,
            on__gt=row.on - timedelta(days=rule.duplicate_days), on__lte=row.on,
        ).exclude(pk=row.pk)  # fmt: skip
        others = tuple(near.values_list("on", flat=True))
    verdict = rules.judge_visit(
        rules.Visit(
            on=row.on, entered_at=row.entered_at.astimezone(people.zone()), ended_at=row.at,
            contact=bool(row.contact_id or row.contact_name), result=row.result, next_step=row.next_step,
            next_on=row.next_on, minutes=row.minutes, other_days=others,
            placed=_placed(row), backdated=row.backdated,
            photo=not kind.needs_photo or _has_photo(row),
        ),
        rule,
    )  # fmt: skip
    row.rule, row.state, row.failed = stored, verdict.state, list(verdict.failed)
    row.effective, row.entered_late = verdict.effective, verdict.late


def _placed(row: Activity) -> bool:
    """Whether a place was told. Places are taken away after 30 days: then the verdict that had it still says so."""
    if row.place_lat is not None or row.on_site is not None:
        return True
    return bool(row.state and row.rule is not None and row.rule.place and "place" not in row.failed)


def judged_again(activity: Activity) -> None:
    """The rule of its own day judges it anew, unless a manager has vouched for it."""
    if activity.state != VisitState.CONFIRMED:
        judge(activity)
        activity.save(update_fields=["state", "effective", "failed", "rule", "entered_late"])


def tell_entry(row: Activity) -> None:
    """How long after the fact it was entered, at which hour, and whether in a burst of the evening."""
    local = row.entered_at.astimezone(people.zone())
    row.delay_minutes = rules.delay_minutes(row.on, row.at, local, people.zone())
    row.entered_hour = local.hour
    if local.hour < rules.BURST_HOUR:
        return
    since = row.entered_at - timedelta(minutes=rules.BURST_MINUTES)
    evening = local.replace(hour=rules.BURST_HOUR, minute=0, second=0, microsecond=0)
    near = Activity.objects.filter(
        person=row.person, withdrawn_at=None, entered_at__gt=since, entered_at__gte=evening,
        entered_at__lte=row.entered_at, entered_hour__isnull=False,
    )  # fmt: skip
    if near.count() + 1 >= rules.BURST_COUNT:
        near.update(burst=True)
        row.burst = True


def _has_photo(row: Activity) -> bool:
    """Whether its photo is there; a record being made has none yet."""
    return (
        row.pk is not None and Attachment.objects.filter(activity=row.pk, kind="photo", state=FileState.WHOLE).exists()
    )
