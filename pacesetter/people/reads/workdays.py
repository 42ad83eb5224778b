"""Working days of whoever a goal belongs to: the team's own calendar, else the company's. Loaded once, then counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast

from pacesetter.lib import calendars

from ..models import CalendarDay, Company, Membership, Team, TeamClosure, WorkCalendar
from .seats import company_or_none

Day = tuple[date, int, bool]
DAY = timedelta(days=1)


class Workdays:
    """The days of one calendar with their weights; what lies outside of what was loaded is loaded when asked for.

    Where the calendar itself does not reach, its week says which days are worked, and such days are provisional.
    """

    def __init__(self, calendar: int | None, name: str, start: date, end: date, known: list[Day] | None = None) -> None:
        """`known`: its days of `[start, end)`, where they were read along."""
        self.calendar, self.name = calendar, name
        self._from, self._to = start, end
        self._load(known)

    def _load(self, known: list[Day] | None = None) -> None:
        rows = known
        if rows is None:
            found = CalendarDay.objects.filter(calendar_id=self.calendar, day__gte=self._from, day__lt=self._to)
            rows = list(found.order_by("day").values_list("day", "weight", "provisional"))
        rows = self._reaching(rows)
        self._days = [day for day, _, _ in rows]
        self._weights = [weight for _, weight, _ in rows]
        self._before = list(accumulate(self._weights, initial=0))
        self._provisional = {day.year for day, _, provisional in rows if provisional}

    def _reaching(self, rows: list[Day]) -> list[Day]:
        """The rows, with days by the week before the first and after the last where the calendar ends earlier."""
        first, after = (rows[0][0], rows[-1][0] + DAY) if rows else (self._to, self._to)
        if first <= self._from and after >= self._to:
            return rows
        held = WorkCalendar.objects.filter(pk=self.calendar or 0)
        told = held.values_list("pattern", flat=True).first()

        def by_week(start: date, end: date) -> list[Day]:
            built = calendars.build(start, end, pattern=told or "five_day", country="")
            return [(day, one.weight, True) for day, one in built.items()]

        return [*by_week(self._from, first), *rows, *by_week(after, self._to)]

    def _reach(self, start: date, end: date) -> None:
        if start < self._from or end > self._to:
            self._from, self._to = min(start, self._from), max(end, self._to)
            self._load()

    def count(self, start: date, end: date) -> int:
        """Σ of weights of `[start, end)`."""
        self._reach(start, end)
        return self._before[bisect_left(self._days, end)] - self._before[bisect_left(self._days, start)]

    def between(self, start: date, end: date) -> tuple[tuple[date, int], ...]:
        """The days of `[start, end)` with their weights."""
        self._reach(start, end)
        first, last = bisect_left(self._days, start), bisect_left(self._days, end)
        return tuple(zip(self._days[first:last], self._weights[first:last], strict=True))

    def is_provisional(self, start: date, end: date) -> bool:
        """Whether some day of `[start, end)` lies in a year whose holidays are not announced yet."""
        self._reach(start, end)
        return any(year in self._provisional for year in range(start.year, end.year + 1) if date(year, 1, 1) < end)


def _nothing(field: models.Field[Any, Any]) -> Cast:
    """A column that the other side of a union has."""
    return Cast(Value(None), field)


class WorkdayBook:
    """Which calendar each team and person works by on a day: at most two statements, whoever is asked for afterwards.

    The days of `[start, end)` of every calendar in use come with the teams that have one of their own; who stands
    under such a team follows where there is one. `of` is the company, where known.
    """

    def __init__(self, start: date, end: date, of: Company | None = None) -> None:
        self._start, self._end = start, end
        first = of or company_or_none()
        self._company = None if first is None else first.calendar_id
        self._names = {} if first is None or first.calendar is None else {first.calendar_id: first.calendar.name}
        self._own: dict[int, int] = {}
        self._known: dict[int | None, list[Day]] = {self._company: []}
        self._teams: dict[int, list[tuple[date, date, int, int]]] = {}
        self._seats: dict[int, list[tuple[date, date, int]]] = {}
        self._held: dict[int | None, Workdays] = {}
        self._begin()
        if self._own:
            self._place()

    def _begin(self) -> None:
        """team → calendar of its own; the days of these and of the company's."""
        number = models.BigIntegerField
        own = Team.objects.exclude(calendar=None).order_by()
        used = Q(calendar_id=self._company) | Q(calendar_id__in=own.values("calendar_id"))
        days = CalendarDay.objects.filter(used, day__gte=self._start, day__lt=self._end).order_by()
        days = days.annotate(of=_nothing(number()), named=_nothing(models.TextField()))
        teams = own.annotate(
            on=_nothing(models.DateField()), weighs=_nothing(models.SmallIntegerField()),
            open=_nothing(models.BooleanField()), named=Cast("calendar__name", models.TextField()),
        )  # fmt: skip
        rows = days.values_list("day", "weight", "provisional", "calendar_id", "of", "named").union(
            teams.values_list("on", "weighs", "open", "calendar_id", "pk", "named"), all=True
        )
        for day, weight, provisional, calendar, team, name in rows:
            if team is None:
                self._known.setdefault(calendar, []).append((day, weight, provisional))
            else:
                self._own[team], self._names[calendar] = calendar, name

    def _place(self) -> None:
        """Which teams stand under one with a calendar of its own, and who sits where in these days."""
        closure = TeamClosure.objects.filter(ancestor_id__in=self._own).order_by()
        seats = Membership.objects.filter(primary=True, valid_from__lt=self._end, valid_to__gt=self._start).order_by()
        rows = closure.values_list("descendant_id", "ancestor_id", "depth", "valid_from", "valid_to").union(
            seats.annotate(none=_nothing(models.IntegerField())).values_list(
                "person_id", "team_id", "none", "valid_from", "valid_to"
            ),
            all=True,
        )
        for below, above, depth, since, until in rows:
            if depth is None:
                self._seats.setdefault(below, []).append((since, until, above))
            else:
                self._teams.setdefault(below, []).append((since, until, depth, self._own[above]))

    def of(self, owner_kind: str, owner: int | None, on: date) -> Workdays:
        """The calendar of a company, team or person on a day."""
        team = owner if owner_kind == "team" else None
        if owner_kind == "person" and owner is not None:
            team = next((t for since, until, t in self._seats.get(owner, ()) if since <= on < until), None)
        calendar = self._company
        if team is not None:
            found = [(depth, own) for since, until, depth, own in self._teams.get(team, ()) if since <= on < until]
            if found:
                calendar = min(found)[1]
        return self._load(calendar)

    def _load(self, calendar: int | None) -> Workdays:
        if calendar not in self._held:
            known = sorted(self._known.get(calendar, ()))
            name = self._names.get(calendar, "")
            self._held[calendar] = Workdays(calendar, name, self._start, self._end, known)
        return self._held[calendar]


def present(person: int, start: date, end: date) -> Mapping[int, tuple[date, date]]:
    """Team → the days of `[start, end)` on which the person stood in it (the primary seat)."""
    found: dict[int, tuple[date, date]] = {}
    for since, until, team in Membership.objects.filter(
        person_id=person, primary=True, valid_from__lt=end, valid_to__gt=start
    ).values_list("valid_from", "valid_to", "team_id"):
        first, last = max(since, start), min(until, end)
        had = found.get(team)
        found[team] = (min(had[0], first), max(had[1], last)) if had else (first, last)
    return found
