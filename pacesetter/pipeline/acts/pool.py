"""The pool 公海: versions of its rule, protection that actions make longer, and leads that go back by themselves.

Dates stand on the lead. They are set when somebody gets it (claim, assignment, hand-over, import, a lead of one's own)
by the rule of that day, and moved by actions alone: a new version of the rule, or one that switches it off, changes no
date of a lead that has one. Leads held since before the first rule get theirs on its first day (`protect_unprotected`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import DateField, F, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, record_rows
from pacesetter.lib.refusal import Refusal
from pacesetter.people import reads as people
from pacesetter.people.models import Person

from .. import reads, rules
from ..models import Lead, OwnerChange, PoolRule
from .bulk_find import chunks

TERMS = ("protect_days", "extend_days", "max_days", "warn_days", "cooldown_hours", "hold_limit")
WRONG: dict[str, Any] = {
    "range": _("请填 0 到 3650 之间的整数。"),
    "limit": _("最长保护天数不能比领取后的保护天数短。"),
    "warn": _("提醒天数不能比保护天数长。"),
}
NOBODY = {"claimed_on": None, "protected_until": None, "protect_max_on": None}


# --- the rule ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_pool_rule(
    *, valid_from: date, by: Person | None, at: datetime, reason: str = "", **terms: int
) -> PoolRule:  # fmt: skip
    """A version of the rule from a day on. Dates that leads have already stay; one that has not begun is replaced."""
    if set(terms) - set(TERMS):
        raise TypeError(f"no such term: {sorted(set(terms) - set(TERMS))}")
    asked = rules.PoolTerms(valid_from, **terms)
    code, field = rules.check_pool(asked)
    if code:
        raise Refusal(WRONG[code], code=code, field=field)
    rule = new_version(PoolRule, valid_from, today=people.business_day(at))
    before = {} if rule.pk is None else {name: getattr(rule, name) for name in TERMS}
    for name in TERMS:
        setattr(rule, name, getattr(asked, name))
    rule.save()
    record("set_pool_rule", by=by, at=at, entity="poolrule", object_id=rule.pk, label=str(valid_from), reason=reason,
           before=before, after={name: getattr(rule, name) for name in TERMS})  # fmt: skip
    return rule


def new_version(model: Any, valid_from: date, *, today: date) -> Any:
    """A version to be filled: a new row, or the stored one of that day as long as no day has passed under it."""
    standing = model.objects.select_for_update().filter(valid_from=valid_from).first()
    if standing is not None and valid_from >= today:
        return standing
    if standing is not None or (valid_from <= today and model.objects.filter(valid_from__gt=valid_from).exists()):
        raise Refusal(
            _("这一天之后已经有生效的版本，新版本要从更晚的日期开始。"), code="order", field="valid_from"
        )  # fmt: skip
    return model(valid_from=valid_from)


# --- protection -------------------------------------------------------------------------------------------------------
def protected(on: date) -> dict[str, Any]:
    """The columns of a lead that somebody gets on that day."""
    return rules.protection(reads.pool_terms(on), on).columns()


def longer(lead: Lead, on: date) -> dict[str, Any]:
    """The columns of a locked lead on which something was done that day."""
    terms = reads.pool_terms(on)
    if terms is None or not terms.on or lead.protected_until is None or lead.protect_max_on is None:
        return {}
    return {"protected_until": rules.extended(lead.protected_until, lead.protect_max_on, on, terms.extend_days)}


def refuse_full(owner: Person, *, on: date, mine: bool) -> None:
    """Nobody holds more leads than the rule allows. The person's row is held: two claims at once count each other."""
    terms = reads.pool_terms(on)
    if terms is None or not terms.hold_limit:
        return
    Person.objects.select_for_update().get(pk=owner.pk)
    count = reads.held_count(owner.pk)
    if count < terms.hold_limit:
        return
    said = {"name": owner.name, "count": count, "limit": terms.hold_limit}
    if mine:
        raise Refusal(
            _("你手上有 %(count)s 条进行中的线索，上限是 %(limit)s 条。先推进、关闭或退回一条再领取。") % said,
            code="hold_limit",
        )
    raise Refusal(
        _("%(name)s 手上有 %(count)s 条进行中的线索，上限是 %(limit)s 条。请换一位同事。") % said,
        code="hold_limit", field="owner",
    )  # fmt: skip


def refuse_cooling(lead: Lead, *, by: Person, at: datetime) -> None:
    """Whoever lost or released a lead leaves it to others for some hours."""
    until = reads.cooling_until(lead, by.pk, reads.pool_terms(people.business_day(at)), at)
    if until is not None:
        there = until.astimezone(ZoneInfo(people.company().zone))
        raise Refusal(
            _("这条线索刚从你这里回到公海，先让给同事。%(day)s %(time)s 之后你可以再领取。")
            % {"day": there.date(), "time": f"{there:%H:%M}"},
            code="cooldown",
        )


def touch_lead(lead_id: int, on: date) -> None:
    """Something was done on a lead that day: its last touch follows, and its owner's protection grows up to the limit.

    Part of the act that did it, without a journal line of its own. Conditional updates: of two at once, the later day
    stands, and a lead that has gone back to the pool meanwhile stays there.
    """
    row = Lead.objects.filter(pk=lead_id)
    row.filter(Q(last_touch_on=None) | Q(last_touch_on__lt=on)).update(last_touch_on=on)
    terms = reads.pool_terms(on)
    if terms is not None and terms.on:
        _extend(row, on + timedelta(days=terms.extend_days))


def lead_dates(lead_id: int) -> dict[str, date | None]:
    """The dates of a lead that actions move."""
    touched, until = Lead.objects.values_list("last_touch_on", "protected_until").get(pk=lead_id)
    return {"last_touch_on": touched, "protected_until": until}


def untouch_lead(
    lead_id: int, *, made: Mapping[str, str], stood: Mapping[str, str | None], days: Sequence[date]
) -> None:
    """An action was taken back: each date that still is what it made (`made`) falls to what stood before it
    (`stood`), or to what the actions that remain (`days`) make of that. Part of the act that takes it back.
    """
    lead = Lead.objects.select_for_update().get(pk=lead_id)
    changed: dict[str, date | None] = {}
    for name, value in made.items():
        if (standing := getattr(lead, name)) is None or standing.isoformat() != value:
            continue
        before = stood[name]
        changed[name] = None if before is None else date.fromisoformat(before)
    if "last_touch_on" in changed:
        changed["last_touch_on"] = max((on for on in (changed["last_touch_on"], *days) if on), default=None)
    if (until := changed.get("protected_until")) is not None and lead.protect_max_on is not None:
        for on in days:
            terms = reads.pool_terms(on)
            if terms is not None and terms.on and on >= (lead.claimed_on or on):
                until = rules.extended(until, lead.protect_max_on, on, terms.extend_days)
        changed["protected_until"] = until
    if changed:
        Lead.objects.filter(pk=lead_id).update(**changed)


def _extend(rows: Any, to: date) -> int:
    """Move the protection of held leads to a day, never back and never beyond the limit."""
    later = Greatest(F("protected_until"), Value(to, output_field=DateField()))
    grows = reads.held(rows).filter(protect_max_on__isnull=False, protected_until__lt=to)
    count: int = grows.update(protected_until=Least(F("protect_max_on"), later))
    return count


def touch_leads(newest: Mapping[int, date]) -> None:
    """The same for many: lead → the newest day something was done on it."""
    if not newest:
        return
    versions = [rule.terms() for rule in reads.pool_rules()]
    by_day: dict[date, list[int]] = {}
    for pk, on in newest.items():
        by_day.setdefault(on, []).append(pk)
    for on, ids in by_day.items():
        terms = next((one for one in versions if one.valid_from <= on), None)
        for part in chunks(ids):
            rows = Lead.objects.filter(pk__in=part)
            rows.filter(Q(last_touch_on=None) | Q(last_touch_on__lt=on)).update(last_touch_on=on)
            if terms is not None and terms.on:
                _extend(rows, on + timedelta(days=terms.extend_days))


@transaction.atomic
def protect_unprotected(*, at: datetime) -> int:
    """Leads held since before there was a rule get a whole protection from today on; how many. Safe to repeat."""
    today = people.business_day(at)
    given = protected(today)
    if given["protect_max_on"] is None:
        return 0
    changes = []
    alike: dict[date, list[int]] = {}
    for row in reads.unprotected_leads().select_for_update().values("pk", *NOBODY):
        pk = row.pop("pk")
        # an end that was promised before and lies further away is kept
        until = max(given["protected_until"], row["protected_until"] or given["protected_until"])
        alike.setdefault(until, []).append(pk)
        changes.append((pk, row, _until(given, until)))
    for until, ids in alike.items():
        for part in chunks(ids):
            Lead.objects.filter(pk__in=part).update(**_until(given, until))
    if changes:
        entry = record("protect_leads", by=None, at=at, entity="lead", label=str(today), rows=len(changes),
                       after=given)  # fmt: skip
        record_rows(entry, "lead", changes)
    return len(changes)


def _until(given: dict[str, Any], until: date) -> dict[str, Any]:
    return {**given, "protected_until": until, "protect_max_on": max(until, given["protect_max_on"])}


# --- back to the pool -------------------------------------------------------------------------------------------------
def freed(lead: Lead, because: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """The columns of a lead that goes back, with whom it leaves and why."""
    return {**NOBODY, "freed_at": at, "freed_from_id": lead.owner_id, "freed_because": because}


def told(because: Mapping[str, Any]) -> str:
    """Why the rule took a lead, as the journal keeps it; pages say it in the reader's language."""
    until, days = date.fromisoformat(because["until"]), because["days"]
    end = f"保护期到 {until.month} 月 {until.day} 日"
    if because["kind"] == "limit":
        return f"{end}，领取后最长 {days} 天，没有成为客户或商机"
    return f"{end}，{days} 天内没有跟进"


@transaction.atomic
def reclaim_lead(lead_id: int, *, at: datetime) -> bool:
    """Take a lead back whose protection is over; False when it may stay after all. Safe to repeat and to kill.

    Whoever logs something at the same moment wins: the row is taken only while its protection is still over.
    """
    today = people.business_day(at)
    start = reads.takes_from(today)
    if start is None or today < start:
        return False
    lead = Lead.objects.select_related("owner").get(pk=lead_id)
    terms = reads.pool_terms(today) or rules.PoolTerms(today)
    spell = rules.Protection(lead.claimed_on or lead.created_on, lead.protected_until, lead.protect_max_on)
    because = rules.why_taken(spell, lead.last_touch_on, terms.extend_days)
    values = {**freed(lead, because, at=at), "owner": None, "in_pool": True}
    still = reads.lapsed_leads(today).order_by().filter(pk=lead_id, owner_id=lead.owner_id)
    if not still.update(**values, version=F("version") + 1):
        return False
    reason = told(because)
    OwnerChange.objects.create(entity="lead", object_id=lead.pk, from_person=lead.owner, to_person=None, on=today,
                               at=at, by=None, reason=reason)  # fmt: skip
    record("reclaim_lead", by=None, at=at, entity="lead", object_id=lead.pk, label=lead.name, reason=reason,
           about_id=lead.owner_id,
           before={"owner_id": lead.owner_id, **{name: getattr(lead, name) for name in NOBODY}},
           after={"owner_id": None, "in_pool": True, **because})  # fmt: skip
    return True


def with_protection(changes: Iterable[tuple[int, dict[str, Any]]], on: date) -> list[tuple[int, dict[str, Any]]]:
    """Changes of many leads: a new owner brings a new protection, however the owner was given."""
    given = protected(on)
    kept = list(changes)
    owners: dict[int, int | None] = {}
    for part in chunks([pk for pk, values in kept if values.get("owner_id") is not None]):
        owners |= dict(Lead.objects.filter(pk__in=part).values_list("pk", "owner_id"))
    return [
        (pk, {**values, "in_pool": False, **given} if pk in owners and owners[pk] != values["owner_id"] else values)
        for pk, values in kept
    ]  # fmt: skip


__all__ = [
    "freed",
    "lead_dates",
    "longer",
    "protect_unprotected",
    "protected",
    "reclaim_lead",
    "refuse_cooling",
    "refuse_full",
    "set_pool_rule",
    "touch_lead",
    "touch_leads",
    "untouch_lead",
    "with_protection",
]
