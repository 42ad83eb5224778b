"""Setting up the company, its work calendars and its closed periods."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import Ready, record, write_rows
from pacesetter.lib import calendars, money, periods
from pacesetter.lib.refusal import Refusal

from .. import reads
from ..models import CalendarDay, ClosedPeriod, Company, EntityMaster, Person, WorkCalendar
from .spells import changes

YEARS_BACK, YEARS_AHEAD = 12, 2
LABELS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year", "performance_month")
# Settings that a number depends on only through the calendar's labels.
_LABELLED = {"fiscal_start_month", "performance_start_day"}
CHANGEABLE = frozenset({
    "name", "zone", "fiscal_start_month", "performance_start_day", "history_complete_from", "newcomer_months",
    "growth_months", "ramp_newcomer", "ramp_growth", "align_spring_festival", "direction_colours", "calendar",
    "wizard_done", "currency", "recording_days",
})  # fmt: skip


def _check(values: dict[str, Any]) -> None:
    if "name" in values and not str(values["name"]).strip():
        raise Refusal(_("写上公司名称。"), code="required", field="name")
    if "currency" in values:
        try:
            money.exponent(values["currency"])
        except (KeyError, ValueError) as error:
            raise Refusal(
                _("不认识币种 %(code)s，请用 CNY 这样的三位代码。") % {"code": values["currency"]},
                code="currency",
                field="currency",
            ) from error
    if "zone" in values:
        try:
            ZoneInfo(values["zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Refusal(
                _("不认识时区 %(zone)s，请用 Asia/Shanghai 这样的名称。") % {"zone": values["zone"]},
                code="zone",
                field="zone",
            ) from error
    if not 1 <= values.get("fiscal_start_month", 1) <= 12:
        raise Refusal(_("财年起始月是 1 到 12。"), code="range", field="fiscal_start_month")
    if not 1 <= values.get("performance_start_day", 1) <= 28:
        raise Refusal(_("绩效月起始日是 1 到 28。"), code="range", field="performance_start_day")
    if not 7 <= values.get("recording_days", 7) <= 1095:
        raise Refusal(_("拜访录音保留 7 到 1095 天。"), code="range", field="recording_days")


@transaction.atomic
def create_company(
    *,
    name: str,
    currency: str = "CNY",
    zone: str = "Asia/Shanghai",
    fiscal_start_month: int = 1,
    performance_start_day: int = 1,
    pattern: str = "five_day",
    history_complete_from: date | None = None,
    by: Person | None,
    at: datetime,
) -> Company:
    """The company of this installation with its first work calendar (12 years back to 2 ahead)."""
    if Company.objects.select_for_update().exists():
        raise Refusal(_("公司已经设置过了。"), code="exists")
    values = {
        "name": name.strip(),
        "currency": currency,
        "zone": zone,
        "fiscal_start_month": fiscal_start_month,
        "performance_start_day": performance_start_day,
        "history_complete_from": history_complete_from,
    }
    _check(values)
    calendar = _new_calendar(str(_("公司日历")), pattern, "CN")
    company = Company.objects.create(id=1, calendar=calendar, **values)
    reads.forget_company()
    year = at.astimezone(ZoneInfo(zone)).year
    _fill(calendar, company, range(year - YEARS_BACK, year + YEARS_AHEAD + 1))
    record("create_company", by=by, at=at, entity="company", object_id=1, label=name, after=values)
    return company


@transaction.atomic
def change_company(*, by: Person | None, at: datetime, reason: str = "", **values: Any) -> Company:
    """Change settings. A new fiscal year or performance month relabels every calendar day."""
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise Refusal(_("这项设置不能改。"), code="unknown_field", field=sorted(unknown)[0])
    _check(values)
    company = Company.objects.select_for_update().get(pk=reads.company().pk)
    if values.get("newcomer_months", company.newcomer_months) >= values.get("growth_months", company.growth_months):
        raise Refusal(_("新人期要短于成长期。"), code="order", field="growth_months")
    before, after = changes(company, values)
    if not after:
        return company
    company.save()
    reads.forget_company()
    if _LABELLED & set(after):
        for calendar in WorkCalendar.objects.all():
            _fill(calendar, company, _years_of(calendar))
    record("change_company", by=by, at=at, entity="company", object_id=1, label=company.name,
           before=before, after=after, reason=reason)  # fmt: skip
    return company


# --- calendars -------------------------------------------------------------------------------------------------------
def _new_calendar(name: str, pattern: str, country: str) -> WorkCalendar:
    if pattern not in calendars.PATTERNS:
        raise Refusal(_("工作制请选双休、单休或大小周。"), code="pattern", field="pattern")
    if not name.strip():
        raise Refusal(_("写上日历名称。"), code="required", field="name")
    if WorkCalendar.objects.filter(name=name.strip()).exists():
        raise Refusal(_("已经有叫“%(name)s”的日历。") % {"name": name}, code="exists", field="name")
    return WorkCalendar.objects.create(name=name.strip(), pattern=pattern, country=country)


def _years_of(calendar: WorkCalendar) -> range:
    days = CalendarDay.objects.filter(calendar=calendar).order_by("day")
    first, last = days.first(), days.last()
    return range(0) if first is None or last is None else range(first.day.year, last.day.year + 1)


@lru_cache(maxsize=256)
def _year(
    year: int, pattern: str, country: str, settings: periods.Settings
) -> tuple[tuple[date, tuple[str, ...], tuple[object, ...]], ...]:
    """Every day of a year with its labels and the columns to write; the same for every calendar of the kind."""
    built = calendars.build(date(year, 1, 1), date(year + 1, 1, 1), pattern=pattern, country=country)
    rows = []
    for day, work in built.items():
        labels = periods.labels(day, settings)
        # the source names the day that was swapped; a calendar cell has no room for it
        name = "调休" if work.name.startswith("休息日") else work.name
        words = tuple(labels[key] for key in LABELS)
        rows.append((day, words, (day.isoformat(), work.weight, name, work.provisional, False, *words)))
    return tuple(rows)


def _fill(calendar: WorkCalendar, company: Company, years: range) -> None:
    """Write the days of these years anew; days set by hand keep their weight and name, with fresh labels."""
    settings = reads.period_settings(company)
    by_hand = {row.day: row for row in CalendarDay.objects.filter(calendar=calendar, overridden=True)}
    if not years:
        return
    CalendarDay.objects.filter(
        calendar=calendar, overridden=False, day__gte=date(years[0], 1, 1), day__lt=date(years[-1] + 1, 1, 1)
    ).delete()
    fresh = []
    for year in years:
        for day, labels, columns in _year(year, calendar.pattern, calendar.country, settings):
            kept = by_hand.get(day)
            if kept is None:
                fresh.append((calendar.pk, *columns))
                continue
            for key, label in zip(LABELS, labels, strict=True):
                setattr(kept, key, label)
            kept.save(update_fields=list(LABELS))
    names = ("calendar_id", "day", "weight", "name", "provisional", "overridden", *LABELS)
    write_rows(CalendarDay, names, Ready(fresh))


@transaction.atomic
def add_calendar(
    *, name: str, pattern: str = "five_day", country: str = "CN", by: Person | None, at: datetime
) -> WorkCalendar:
    """A further work calendar (单休, 大小周) that a team may use, over the same years as the company's."""
    company = reads.company()
    calendar = _new_calendar(name, pattern, country)
    year = reads.business_day(at).year
    years = _years_of(company.calendar) if company.calendar else range(year - YEARS_BACK, year + YEARS_AHEAD + 1)
    _fill(calendar, company, years)
    record("add_calendar", by=by, at=at, entity="calendar", object_id=calendar.pk, label=calendar.name,
           after={"pattern": pattern, "country": country})  # fmt: skip
    return calendar


@transaction.atomic
def build_calendar(
    *, calendar: WorkCalendar, first: int, last: int, by: Person | None, at: datetime, pattern: str = ""
) -> WorkCalendar:
    """Build the years `first` to `last` (both included) anew, e.g. after the official notice of a year came out.

    Another `pattern` changes the calendar's rule and all its years. Days set by hand stay.
    """
    if not 1900 <= first <= last <= 2200:
        raise Refusal(_("年份不对。"), code="range", field="first")
    years = range(first, last + 1)
    if pattern and pattern != calendar.pattern:
        if pattern not in calendars.PATTERNS:
            raise Refusal(_("工作制请选双休、单休或大小周。"), code="pattern", field="pattern")
        calendar.pattern = pattern
        calendar.save(update_fields=["pattern"])
        held = _years_of(calendar)
        if held:
            years = range(min(held[0], first), max(held[-1], last) + 1)
    _fill(calendar, reads.company(), years)
    record("build_calendar", by=by, at=at, entity="calendar", object_id=calendar.pk, label=calendar.name,
           after={"first": years[0], "last": years[-1], "pattern": calendar.pattern})  # fmt: skip
    return calendar


@transaction.atomic
def ensure_calendar(*, first: date, last: date, by: Person | None, at: datetime) -> range:
    """Make every calendar reach the days `first` to `last`; returns the years that were missing (imports call it)."""
    company = reads.company()
    missing = range(0)
    for calendar in WorkCalendar.objects.all():
        held = _years_of(calendar)
        low = min(first.year, held[0]) if held else first.year
        high = max(last.year, held[-1]) if held else last.year
        if not 1900 <= low <= high <= 2200:
            raise Refusal(_("日期超出日历范围（1900–2200 年）。"), code="range")
        for years in (range(low, held[0]), range(held[-1] + 1, high + 1)) if held else (range(low, high + 1),):
            if years:
                _fill(calendar, company, years)
                missing = range(low, high + 1)
    if missing:
        record("build_calendar", by=by, at=at, entity="calendar", label=company.name,
               after={"first": missing[0], "last": missing[-1]})  # fmt: skip
    return missing


@transaction.atomic
def set_calendar_day(
    *, calendar: WorkCalendar, day: date, weight: int, name: str = "", reason: str = "", by: Person | None, at: datetime
) -> CalendarDay:
    """Make a day a working day (1) or a day off (0), whatever the rule says. Not inside a closed period."""
    if weight not in (0, 1):
        raise Refusal(_("请选上班或休息。"), code="range", field="weight")
    reads.refuse_closed(day, field="day")
    ensure_calendar(first=day, last=day, by=by, at=at)
    row = CalendarDay.objects.select_for_update().get(calendar=calendar, day=day)
    before, after = changes(row, {"weight": weight, "name": name.strip()[:60], "overridden": True})
    if after:
        row.save()
        record("set_calendar_day", by=by, at=at, entity="calendar", object_id=calendar.pk, reason=reason,
               label=f"{calendar.name} {day}", before=before, after=after)  # fmt: skip
    return row


# --- closing ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def close_period(*, start: date, end: date, by: Person | None, at: datetime, reason: str = "") -> ClosedPeriod:
    """Close `[start, end)` for ever: nothing dated inside is written any more."""
    if start >= end:
        raise Refusal(_("开始日期要早于结束日期。"), code="order", field="start")
    if end > reads.business_day(at):
        raise Refusal(_("还没过完的期间不能结账。"), code="future", field="end")
    Company.objects.select_for_update().get(pk=reads.company().pk)
    other = ClosedPeriod.objects.filter(start__lt=end, end__gt=start).first()
    if other is not None:
        raise Refusal(
            _("%(start)s 至 %(end)s（不含）已经结账，期间不能重叠。") % {"start": other.start, "end": other.end},
            code="closed_period",
            field="start",
        )
    closed = ClosedPeriod.objects.create(start=start, end=end, closed_at=at, closed_by=by)
    record("close_period", by=by, at=at, entity="period", object_id=closed.pk, label=str(closed),
           after={"start": start, "end": end}, reason=reason)  # fmt: skip
    return closed


@transaction.atomic
def set_master(*, entity: str, source: str, by: Person | None, at: datetime) -> None:
    """Say where an entity is written: here (`source` empty) or in an outside system (then it is read-only here)."""
    before = EntityMaster.objects.filter(entity=entity).first()
    was = before.source if before else ""
    if was == source:
        return
    if source:
        EntityMaster.objects.update_or_create(entity=entity, defaults={"source": source})
    else:
        EntityMaster.objects.filter(entity=entity).delete()
    record("set_master", by=by, at=at, entity="master", object_id=entity, label=entity,
           before={"source": was}, after={"source": source})  # fmt: skip
