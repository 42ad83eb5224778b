"""The company, whose seat on which day, which period is closed, how many working days."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from django.db.models import FilteredRelation, Q, Sum
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal

from .. import rules
from ..models import (
    CalendarDay,
    ClosedPeriod,
    Company,
    Person,
    StageOverride,
    TeamClosure,
)
from . import written

# What this request has read already; None where nobody said that once is enough.
_held: ContextVar[dict[str, Company | None] | None] = ContextVar("company_of_this_request", default=None)


@contextmanager
def company_once() -> Iterator[None]:
    """While this lasts the company is read at most once: pages and acts ask for its zone and its limits many times."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def forget_company() -> None:
    """For the acts that change the company: whoever asks next reads it anew."""
    held = _held.get()
    if held is not None:
        held.clear()


def company_or_none() -> Company | None:
    """The company, or None before the first set-up."""
    held = _held.get()
    if held is not None and "company" in held:
        return held["company"]
    found = written.company()
    if held is not None:
        held["company"] = found
    return found


def company() -> Company:
    """The company of this installation. Refused before the first set-up."""
    found = company_or_none()
    if found is None:
        raise Refusal(_("还没有设置公司。请先完成首次设置。"), code="no_company")
    return found


def period_settings(of: Company) -> periods.Settings:
    """The company's choices for fiscal years and performance months."""
    return periods.Settings(of.fiscal_start_month, of.performance_start_day)


def zone() -> tzinfo:
    """The company's zone (the installation's before the first set-up)."""
    first = company_or_none()
    return ZoneInfo(first.zone) if first else get_default_timezone()


def business_day(at: datetime) -> date:
    """The company's day of an instant."""
    return at.astimezone(zone()).date()


def thresholds(of: Company) -> rules.Thresholds:
    """The company's months of tenure for each growth stage."""
    return rules.Thresholds(of.newcomer_months, of.growth_months)


# --- seats -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SeatAt:
    """Who, in which team, under whom, in which region, at which growth stage, on one day."""

    person_id: int | None = None
    team_id: int | None = None
    manager_id: int | None = None
    region_id: int | None = None
    growth_stage: str = "unknown"

    def columns(self) -> dict[str, int | str | None]:
        """For `Model(**seat.columns())` of any model that carries a Seat."""
        return {
            "person_id": self.person_id,
            "team_id": self.team_id,
            "manager_id": self.manager_id,
            "region_id": self.region_id,
            "growth_stage": self.growth_stage,
        }


class SeatBook:
    """Everybody's seats of all days, loaded once with two queries; `at` is then a lookup (for bulk writes).

    `people` limits it to some persons. A book is a snapshot: make a new one after a membership changes.
    """

    def __init__(self, people: Iterable[int] | None = None) -> None:
        first = company_or_none()
        limits = rules.Thresholds() if first is None else thresholds(first)
        wanted = None if people is None else list(people)
        self._days: dict[int, list[date]] = {}
        self._seats: dict[int, list[SeatAt]] = {}
        # one query for who somebody is and where: most pages that need a seat need little else
        seats = FilteredRelation("memberships", condition=Q(memberships__primary=True))
        persons = Person.objects.annotate(seat=seats).order_by("pk", "seat__pk")
        overrides = StageOverride.objects.order_by("id")
        if wanted is not None:
            overrides = overrides.filter(person_id__in=wanted)
            persons = persons.filter(pk__in=wanted)
        hired: dict[int, date | None] = {}
        spells: dict[int, list[tuple[date, date, int, int | None, int | None]]] = {}
        columns = ("valid_from", "valid_to", "team_id", "manager_id", "region_id", "team__region_id")
        for person_id, hire_on, start, end, team_id, manager_id, region_id, team_region in persons.values_list(
            "pk", "hire_on", *(f"seat__{column}" for column in columns)
        ):
            hired[person_id] = hire_on
            if team_id is not None:
                spells.setdefault(person_id, []).append((start, end, team_id, manager_id, region_id or team_region))
        set_by_hand: dict[int, list[tuple[date, date, str]]] = {}
        for person_id, start, end, stage in overrides.values_list("person_id", "valid_from", "valid_to", "stage"):
            set_by_hand.setdefault(person_id, []).append((start, end, stage))
        for person_id, hire_on in hired.items():
            self._lay_out(person_id, hire_on, spells.get(person_id, []), set_by_hand.get(person_id, []), limits)

    def _lay_out(
        self,
        person_id: int,
        hire_on: date | None,
        spells: list[tuple[date, date, int, int | None, int | None]],
        by_hand: list[tuple[date, date, str]],
        limits: rules.Thresholds,
    ) -> None:
        """One seat per stretch between the days on which anything about the person changes."""
        days = {rules.OPEN_START}
        if hire_on is not None:
            days.update((hire_on, *rules.stage_limits(hire_on, limits)))
        for spell in spells:
            days.update(spell[:2])
        for hand in by_hand:
            days.update(hand[:2])
        ordered = sorted(days)
        seats = []
        for day in ordered:
            team_id = manager_id = region_id = None
            for start, end, in_team, under, where in spells:
                if start <= day < end:
                    team_id, manager_id, region_id = in_team, under, where
            stage = rules.growth_stage(hire_on, day, limits)
            for start, end, given in by_hand:
                if start <= day < end:
                    stage = given
            seats.append(SeatAt(person_id, team_id, manager_id, region_id, stage))
        self._days[person_id], self._seats[person_id] = ordered, seats

    def at(self, person_id: int | None, on: date | None) -> SeatAt:
        """The seat on a day; nobody, or no day, is an empty seat."""
        if person_id is None:
            return SeatAt()
        days = self._days.get(person_id)
        if days is None or on is None:
            return SeatAt(person_id)
        return self._seats[person_id][max(bisect_right(days, on) - 1, 0)]


def seat_at(person_id: int | None, on: date | None) -> SeatAt:
    """The seat of one person on one day (see SeatBook for many). One query."""
    if person_id is None or on is None:
        return SeatAt(person_id)
    found = written.seat(person_id, on)
    if found is None:
        return SeatAt(person_id)
    hire_on, given, team_id, manager_id, region_id, team_region = found
    first = company_or_none()
    stage = given or rules.growth_stage(hire_on, on, rules.Thresholds() if first is None else thresholds(first))
    return SeatAt(person_id, team_id, manager_id, region_id or team_region, stage)


def stages_on(people: Sequence[int], on: date) -> dict[int, str]:
    """The growth stage of each person on a day."""
    book = SeatBook(people)
    return {person_id: book.at(person_id, on).growth_stage for person_id in people}


# --- closed periods and working days ---------------------------------------------------------------------------------
def closed_period(on: date | None) -> ClosedPeriod | None:
    """The closed period that holds the day, if any."""
    return None if on is None else ClosedPeriod.objects.filter(start__lte=on, end__gt=on).first()


def refuse_closed(on: date | None, *, field: str = "") -> None:
    """Raise Refusal (code `closed_period`) when the day lies in a closed period."""
    refuse_held(closed_period(on), on, field=field)


def refuse_held(closed: ClosedPeriod | None, on: date | None, *, field: str = "") -> None:
    """The same where the closed period of the day, if any, has been read already."""
    if closed is not None:
        raise Refusal(
            _("%(on)s 在已结账的期间（%(start)s 至 %(end)s，不含）内，不能再改。请记到下一个未结账的日期，并写明原因。")
            % {"on": on, "start": closed.start, "end": closed.end},
            code="closed_period",
            field=field,
        )


def closed_until() -> date | None:
    """The first day that no closed period covers any more; None when nothing is closed."""
    last = ClosedPeriod.objects.order_by("-end").first()
    return None if last is None else last.end


def manager_of(person_id: int, on: date) -> Person | None:
    """The line manager on a day: the one of the primary membership, else the head of its team."""
    found = seat_at(person_id, on).manager_id
    return Person.objects.filter(pk=found).first() if found is not None and found != person_id else None


def working_days(calendar_id: int, start: date, end: date) -> int:
    """The sum of working-day weights of `[start, end)` in a calendar."""
    rows = CalendarDay.objects.filter(calendar_id=calendar_id, day__gte=start, day__lt=end)
    return rows.aggregate(total=Sum("weight"))["total"] or 0


def calendar_of(team_id: int | None) -> int | None:
    """The work calendar of a team (its own, else that of the nearest team above), else the company's."""
    if team_id is not None:
        own = (
            TeamClosure.objects.filter(descendant_id=team_id, valid_to=rules.OPEN_END, ancestor__calendar__isnull=False)
            .order_by("depth")
            .values_list("ancestor__calendar_id", flat=True)
            .first()
        )
        if own is not None:
            return own
    return company().calendar_id
