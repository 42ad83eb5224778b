"""Working days of whoever a goal belongs to: the team's own calendar, else the company's. Loaded once, then counted."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import accumulate

from django.db import connection

from pacesetter.lib import calendars

from ..models import CalendarDay, Company, Membership, WorkCalendar
from .seats import company_or_none
from .written import told_day

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


# Teams with a calendar of their own, and what comes of them; written once, for composing it takes longer than asking.
_OWN = 'SELECT "id" FROM "people_team" WHERE "calendar_id" IS NOT NULL'
_UNDER = f'"people_teamclosure" WHERE "ancestor_id" IN ({_OWN})'
_SEATS = '"people_membership" WHERE "primary" AND "valid_from" < %s AND "valid_to" > %s'
_ALL = f"""
    SELECT 0, "day", CAST(NULL AS date), "weight", "provisional", "calendar_id", CAST(NULL AS bigint),
        CAST(NULL AS text)
    FROM "people_calendarday" WHERE "day" >= %s AND "day" < %s AND ("calendar_id" = %s
        OR "calendar_id" IN (SELECT "calendar_id" FROM "people_team" WHERE "calendar_id" IS NOT NULL))
    UNION ALL SELECT 1, CAST(NULL AS date), CAST(NULL AS date), CAST(NULL AS smallint), CAST(NULL AS boolean),
        k."id", t."id", k."name"
    FROM "people_team" t JOIN "people_workcalendar" k ON k."id" = t."calendar_id"
    UNION ALL SELECT 2, "valid_from", "valid_to", "depth", CAST(NULL AS boolean), "descendant_id", "ancestor_id",
        CAST(NULL AS text)
    FROM {_UNDER}
    UNION ALL SELECT 3, "valid_from", "valid_to", CAST(NULL AS smallint), CAST(NULL AS boolean), "person_id", "team_id",
        CAST(NULL AS text)
    FROM {_SEATS} AND "person_id" IN
        (SELECT "person_id" FROM {_SEATS} AND "team_id" IN (SELECT "descendant_id" FROM {_UNDER}))"""


class WorkdayBook:
    """Which calendar each team and person works by on a day: one statement, whoever is asked for afterwards.

    The days of `[start, end)` of every calendar in use come with the teams that have one of their own, with the teams
    under these and with who sits there and where else. `of` is the company, where known.
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

    def _begin(self) -> None:
        """The days of the company's calendar and of every calendar of a team's own; which teams have one, which stand
        under these, and who sits there."""
        stands: list[tuple[int, date, date, int, int]] = []
        spell = [self._end, self._start]
        with connection.cursor() as cursor:
            # everything of whoever sits in one of these at some time: before and after it another calendar applies
            cursor.execute(_ALL, [self._start, self._end, self._company, *spell, *spell])
            rows = cursor.fetchall()
        for kind, since, until, weight, provisional, first, second, name in rows:
            if kind == 0:
                self._known.setdefault(first, []).append((told_day(since), weight, bool(provisional)))
            elif kind == 1:
                self._own[second], self._names[first] = first, name
            elif kind == 2:
                stands.append((first, told_day(since), told_day(until), weight, second))
            else:
                self._seats.setdefault(first, []).append((told_day(since), told_day(until), second))
        for below, since, until, depth, above in stands:
            self._teams.setdefault(below, []).append((since, until, depth, self._own[above]))
        for held in self._seats.values():
            held.sort()

    def of(self, owner_kind: str, owner: int | None, on: date) -> Workdays:
        """The calendar of a company, team or person on a day; of somebody who joins later that of the first team."""
        team = owner if owner_kind == "team" else None
        if owner_kind == "person" and owner is not None:
            held = self._seats.get(owner, ())
            seat = next((one for one in held if on < one[1]), held[-1] if held else None)
            if seat is not None:
                team, on = seat[2], min(max(on, seat[0]), seat[1] - DAY)
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
