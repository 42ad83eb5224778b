"""What a spread weighs people by: who is where and when, and the figures of each from the catalogue and the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, Sum

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.models import OwnerKind
from pacesetter.goals.reads import GoalView
from pacesetter.goals.rules import presence, season, weights
from pacesetter.goals.rules.rates import Seen
from pacesetter.goals.rules.weights import Weight
from pacesetter.lib import periods
from pacesetter.metrics.engine.question import UnknownDim
from pacesetter.people import reads as people
from pacesetter.people.models import Membership, Person, RoleGrant
from pacesetter.people.rules import gone as has_gone
from pacesetter.pipeline.models import Customer, Deal, Lead
from pacesetter.pipeline.rules import OPEN_STAGES

from .reading import Reader

PAST_YEARS = 3
RATES = ("win_rate", "average_order_value")


@dataclass(frozen=True)
class Seat:
    """Somebody in one team from a day up to another, within the period that is spread."""

    person: int
    name: str
    hire_on: date | None
    team: int
    start: date
    end: date


def seats(reader: Reader, view: GoalView, teams: Iterable[int]) -> list[Seat]:
    """Everybody who sells in these teams at some time of the goal's period, and whose goals the reader may set."""
    goal, viewer = view.goal, reader.viewer
    rows = Membership.objects.filter(
        primary=True, team_id__in=list(teams), valid_from__lt=goal.end, valid_to__gt=goal.start,
        person__merged_into=None, person__in=RoleGrant.objects.filter(role="rep").values("person_id"),
    ).select_related("person").order_by("person__name", "person_id", "valid_from")  # fmt: skip
    everybody = viewer.scope("goals", "write") > 3
    closed = people.closed_until()
    found: dict[tuple[int, int], Seat] = {}
    for row in rows:
        person: Person = row.person
        gone = has_gone(person.left_on, reader.today)
        # what lies in a closed period takes no goal any more
        gone = gone or (closed is not None and row.valid_to <= closed)
        if gone or not (everybody or person.pk in viewer.people_ids):
            continue
        start, end = max(row.valid_from, goal.start), min(row.valid_to, goal.end)
        had = found.get((person.pk, row.team_id))
        if had is not None:
            start, end = min(had.start, start), max(had.end, end)
        found[person.pk, row.team_id] = Seat(person.pk, person.name, person.hire_on, row.team_id, start, end)
    return list(found.values())


def today_only(held: Sequence[Seat], view: GoalView, today: date) -> list[Seat]:
    """One seat each, the one of today (or of the first day), for the whole period: presence is left aside."""
    day = min(max(today, view.goal.start), view.goal.end)
    chosen: dict[int, Seat] = {}
    for seat in held:
        if seat.person not in chosen or seat.start <= day < seat.end:
            chosen[seat.person] = seat
    return [
        Seat(s.person, s.name, s.hire_on, s.team, view.goal.start, view.goal.end) for s in chosen.values()
    ]  # fmt: skip


class Figures:
    """The figures of one spread, each read when it is first needed."""

    def __init__(self, reader: Reader, view: GoalView, months: Sequence[periods.Period], held: Sequence[Seat]) -> None:
        self.reader, self.view, self.months, self.seats = reader, view, months, held
        goal = view.goal
        first = min(goal.start, reader.today.replace(day=1))
        self.base = (periods.add_months(first, -12), first)
        start = min(self.base[0], goal.start)
        self.calendars = reads.Days(start, goal.end, reader.company)
        self.people = {seat.person: seat for seat in held}

    # --- months ------------------------------------------------------------------------------------------------------
    def working_days(self) -> list[int]:
        """The working days of each month by the owner's calendar."""
        goal = self.view.goal
        calendar = self.calendars.of(goal.owner_kind, goal.team_id, goal.start)
        return [calendar.count(month.start, month.end) for month in self.months]

    def season(self, basis: str) -> season.Season:
        """How the value falls on the months."""
        days = self.working_days()
        if basis == "equal":
            return season.equal(len(self.months))
        if basis == "history":
            return season.by_history(self._past(), days)
        return season.by_working_days(days)

    def _past(self) -> list[list[int]]:
        """The same months of the years before, oldest first."""
        goal = self.view.goal
        spans = [(_back(goal.start, n), _back(goal.end, n)) for n in range(PAST_YEARS, 0, -1)]
        cells = self._asked(goal.metric, spans[0][0], spans[-1][1], ("month",))
        by_month = {key[0]: top for key, (top, _bottom, _n) in cells.items()}
        return [[by_month.get(_back(month.start, n).strftime("%Y-%m"), 0) for month in self.months]
                for n in range(PAST_YEARS, 0, -1)]  # fmt: skip

    def profile(self, seat: Seat, *, ramp: bool) -> tuple[Fraction, ...]:
        """Presence × ramp per month."""
        goal = self.view.goal
        calendar = self.calendars.of("team", seat.team, goal.start)
        weight = dict(calendar.between(goal.start, goal.end))
        company = self.reader.company
        limits = people.thresholds(company)
        steps = ((limits.newcomer_months, company.ramp_newcomer), (limits.growth_months, company.ramp_growth))
        stays = (
            presence.ramp(seat.start, seat.end, seat.hire_on, steps)
            if ramp else (presence.Stay(seat.start, seat.end),)
        )  # fmt: skip
        columns = [(month.start, month.end) for month in self.months]
        return presence.factors(presence.parts(columns, weight, stays, self._absent(seat)))

    def _absent(self, seat: Seat) -> tuple[tuple[date, date], ...]:
        """When somebody is away of the days in this team; not asked for a metric the company does not prorate."""
        found = self.calendars.presence.away(seat.person, seat.start, seat.end)
        return () if found and self.view.goal.metric in self.calendars.whole(self.reader.today) else found

    def made_for(self, seat: Seat) -> tuple[tuple[date, date], ...]:
        """The days a share is worked out for, so that none of the others is prorated again."""
        if self.view.goal.metric in self.calendars.whole(self.reader.today):
            return ((seat.start, seat.end),)
        return self.calendars.presence.there(seat.person, seat.start, seat.end)

    # --- weights -----------------------------------------------------------------------------------------------------
    def weigh(self, percents: Mapping[str, int]) -> dict[int, Weight]:
        """person → weight, by the kinds chosen and their percent. Raises `weights.WeightError`."""
        chosen = [(percent, kind) for kind, percent in percents.items() if percent]
        if len(chosen) == 1 and chosen[0][0] == 100:
            return self._weight(chosen[0][1])
        return weights.blend([(percent, self._weight(kind)) for percent, kind in chosen])

    def _weight(self, kind: str) -> dict[int, Weight]:
        who = list(self.people)
        if kind == "history":
            return weights.history(self._history())
        if kind == "ability":
            return weights.ability(self._rates())
        if kind == "resources":
            return weights.resources(self._resources())
        if kind == "potential":
            return weights.potential(self._potential())
        if kind == "headcount":
            return weights.headcount(dict.fromkeys(who, 1))
        return weights.equal(who)

    def _asked(
        self, key: str, start: date, end: date, by: tuple[str, ...]
    ) -> dict[tuple[Any, ...], tuple[int, int | None, int]]:
        """The goal's metric (or another) of its owner and scope by dims."""
        goal = self.view.goal
        within = (goal.team_id,) if goal.owner_kind == OwnerKind.TEAM and goal.team_id else ()
        only: list[tuple[str, tuple[Any, ...]]] = []
        if key == goal.metric:
            given = (("customer_region", goal.customer_region), ("industry", goal.industry),
                     ("product", goal.product_id), ("customer_kind", goal.customer_kind))  # fmt: skip
            only = [(dim, (value,)) for dim, value in given if value]
        try:
            question = assembly.question(key, start, end, today=self.reader.today, reach=self.reader.viewer, by=by,
                                         within=within, only=only)  # fmt: skip
            return {row.cell.key: (row.cell.top, row.cell.bottom, row.cell.n) for row in assembly.answer(question)}
        except UnknownDim:
            return {}

    def _history(self) -> dict[int, weights.History]:
        start, end = self.base
        cells = self._asked(self.view.goal.metric, start, end, ("person",))
        calendar = self.calendars.of("company", None, start)
        days = calendar.count(start, end)
        there = dict.fromkeys(self.people, 0)
        rows = Membership.objects.filter(primary=True, person_id__in=list(self.people), valid_from__lt=end,
                                         valid_to__gt=start)  # fmt: skip
        for person, since, until in rows.values_list("person_id", "valid_from", "valid_to"):
            hired = self.people[person].hire_on or since
            there[person] += calendar.count(max(since, start, min(hired, end)), min(until, end))
        return {
            person: weights.History(cells.get((person,), (0, None, 0))[0], min(there[person], days), days)
            for person in self.people
        }

    def _rates(self) -> dict[int, list[Seen]]:
        found: dict[int, list[Seen]] = {person: [] for person in self.people}
        for key in RATES:
            cells = self._asked(key, *self.base, ("person",))
            for person, rates in found.items():
                top, bottom, _n = cells.get((person,), (0, 0, 0))
                rates.append(Seen(max(top, 0), bottom or 0))
        return found

    def _resources(self) -> dict[int, dict[str, int]]:
        who = list(self.people)
        accounts = dict(Customer.objects.filter(owner_id__in=who).values_list("owner_id").annotate(n=Count("pk")))
        leads = dict(Lead.objects.filter(owner_id__in=who, created_on__gte=self.base[0]).values_list("owner_id")
                     .annotate(n=Count("pk")))  # fmt: skip
        return {person: {"accounts": accounts.get(person, 0), "leads": leads.get(person, 0)} for person in who}

    def _potential(self) -> dict[int, int]:
        who = list(self.people)
        rows = Deal.objects.filter(owner_id__in=who, stage__in=OPEN_STAGES)
        open_amount = dict(rows.values_list("owner_id").annotate(n=Sum("amount_minor")))
        return {person: max(open_amount.get(person) or 0, 0) for person in who}


def _back(day: date, years: int) -> date:
    return periods.add_months(day, -12 * years)
