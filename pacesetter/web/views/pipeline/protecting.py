"""How long a lead is somebody's, who may take it, and why it went back: in words, for its card and the lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from pacesetter.people import reads as people
from pacesetter.pipeline import reads
from pacesetter.pipeline.models import Lead

from ... import show

CLOSED = ("won", "lost")


@dataclass(frozen=True)
class Left:
    """What is left of a protection; `soon` = within the days of warning, `notes` = what else to know."""

    text: Any
    limit: Any = ""
    soon: bool = False
    notes: tuple[Any, ...] = ()


def because(lead: Lead) -> Any:
    """Why a lead came back to the pool; '' for one that always was there."""
    why = lead.freed_because if isinstance(lead.freed_because, dict) else {}
    if why.get("kind") in ("quiet", "limit"):
        said = {"day": show.day(date.fromisoformat(why["until"])), "n": why["days"]}
        if why["kind"] == "limit":
            return _("保护期到 %(day)s，领取后最长 %(n)s 天，没有成为客户或商机") % said
        return _("保护期到 %(day)s，%(n)s 天内没有跟进") % said
    if why.get("kind") == "released":
        return _("退回：%(reason)s") % {"reason": why["reason"]} if why.get("reason") else _("已退回")
    return ""


def short(lead: Lead, today: date) -> Any:
    """What is left, for a list."""
    until = lead.protected_until
    if lead.in_pool or lead.stage in CLOSED or until is None or lead.protect_max_on is None:
        return ""
    left = (until - today).days
    return _("还剩 %(n)s 天") % {"n": left} if left > 0 else _("今天到期") if left == 0 else _("已到期")


def left(lead: Lead, today: date) -> Left | None:
    """What is left, for its card; None for a lead that is nobody's or has ended."""
    if lead.in_pool or lead.owner_id is None or lead.stage in CLOSED:
        return None
    terms = reads.pool_terms(today)
    until, limit = lead.protected_until, lead.protect_max_on
    if until is None or limit is None:
        return Left(_("还没有公海规则，不会自动收回。") if terms is None else _("没有保护期，不会自动收回。"))
    if not reads.takeable(Lead.objects.filter(pk=lead.pk)).exists():
        return Left(_("已转为客户或有进行中的商机，不会收回。"))
    days, start = (until - today).days, reads.takes_from(today)
    notes: list[Any] = []
    if terms is None or not terms.on:
        notes.append(_("公海规则现在不自动收回，日期保留。"))
    elif start is not None and start > today:
        notes.append(_("公海规则刚生效，%(day)s 起才收回。") % {"day": show.day(start)})
    if terms is not None and terms.on and until < limit:
        notes.append(_("跟进一次，至少再保护 %(n)s 天。") % {"n": terms.extend_days})
    text: Any
    if days > 0:
        text = _("保护期还剩 %(n)s 天，到 %(day)s") % {"n": days, "day": show.day(until)}
    elif days == 0:
        text = _("保护期今天到期，明天回到公海")
    else:
        text = _("保护期 %(day)s 已到，下次检查时回到公海") % {"day": show.day(until)}
    soon = days <= (terms.warn_days if terms is not None else 0)
    return Left(text, _("最长到 %(day)s") % {"day": show.day(limit)}, soon, tuple(notes))


def cooling(lead: Lead, person_id: int, now: datetime) -> Any:
    """Until when this reader leaves a lead of the pool to others, in words; '' = may claim."""
    zone = ZoneInfo(people.company().zone)
    until = reads.cooling_until(lead, person_id, reads.pool_terms(now.astimezone(zone).date()), now)
    if until is None:
        return ""
    there = until.astimezone(zone)
    return _("这条线索刚从你这里回到公海，%(day)s %(time)s 之后你可以再领取。") % {
        "day": show.day(there.date()), "time": f"{there:%H:%M}",
    }  # fmt: skip


def full(person_id: int, today: date) -> Any:
    """Why this reader may claim nothing more, in words; '' = may."""
    terms = reads.pool_terms(today)
    if terms is None or not terms.hold_limit:
        return ""
    count = reads.held_count(person_id)
    said = {"count": count, "limit": terms.hold_limit}
    return "" if count < terms.hold_limit else _("你手上有 %(count)s 条进行中的线索，上限是 %(limit)s 条。") % said


def taken(person_id: int, now: datetime, limit: int = 5) -> list[tuple[Lead, Any]]:
    """What the rule took from this reader lately, each with its reason."""
    return [(lead, because(lead)) for lead in reads.taken_from(person_id, now)[:limit]]


def ending(rows: Any, today: date) -> int:
    """How many of these go back within the days of warning."""
    terms = reads.pool_terms(today)
    return reads.ending_soon(rows, today, terms.warn_days).count() if terms is not None and terms.on else 0
