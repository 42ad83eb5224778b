"""Questions about the company and its people: whose seat on which day, which period is closed, who belongs where."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from pacesetter.lib import periods
from pacesetter.lib.refusal import Refusal

from . import rules
from .models import (
    CalendarDay,
    ClosedPeriod,
    Company,
    Membership,
    Person,
    RoleGrant,
    StageOverride,
    Team,
    TeamClosure,
    TeamPlace,
)


def company_or_none() -> Company | None:
    """The company, or None before the first set-up."""
    return Company.objects.select_related("calendar").first()


def company() -> Company:
    """The company of this installation. Refused before the first set-up."""
    found = company_or_none()
    if found is None:
        raise Refusal(_("还没有设置公司。请先完成首次设置。"), code="no_company")
    return found


def period_settings(of: Company) -> periods.Settings:
    """The company's choices for fiscal years and performance months."""
    return periods.Settings(of.fiscal_start_month, of.performance_start_day)


def business_day(at: datetime) -> date:
    """The company's day of an instant (the installation's zone before the first set-up)."""
    first = company_or_none()
    return at.astimezone(ZoneInfo(first.zone) if first else get_default_timezone()).date()


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
    """Everybody's seats of all days, loaded once with three queries; `at` is then a lookup (for bulk writes).

    `people` limits it to some persons. A book is a snapshot: make a new one after a membership changes.
    """

    def __init__(self, people: Iterable[int] | None = None) -> None:
        first = company_or_none()
        limits = rules.Thresholds() if first is None else thresholds(first)
        wanted = None if people is None else list(people)
        self._days: dict[int, list[date]] = {}
        self._seats: dict[int, list[SeatAt]] = {}
        members = Membership.objects.filter(primary=True)
        overrides = StageOverride.objects.order_by("id")
        persons = Person.objects.all()
        if wanted is not None:
            members = members.filter(person_id__in=wanted)
            overrides = overrides.filter(person_id__in=wanted)
            persons = persons.filter(pk__in=wanted)
        spells: dict[int, list[tuple[date, date, int, int | None, int | None]]] = {}
        for person_id, start, end, team_id, manager_id, region_id, team_region in members.values_list(
            "person_id", "valid_from", "valid_to", "team_id", "manager_id", "region_id", "team__region_id"
        ):
            spells.setdefault(person_id, []).append((start, end, team_id, manager_id, region_id or team_region))
        set_by_hand: dict[int, list[tuple[date, date, str]]] = {}
        for person_id, start, end, stage in overrides.values_list("person_id", "valid_from", "valid_to", "stage"):
            set_by_hand.setdefault(person_id, []).append((start, end, stage))
        for person_id, hire_on in persons.values_list("pk", "hire_on"):
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
    """The seat of one person on one day (see SeatBook for many)."""
    return SeatAt() if person_id is None else SeatBook([person_id]).at(person_id, on)


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
    found = closed_period(on)
    if found is not None:
        raise Refusal(
            _("%(on)s 在已关账的期间（%(start)s 至 %(end)s，不含）内，不能再改。请记到下一个未关账的日期，并写明原因。")
            % {"on": on, "start": found.start, "end": found.end},
            code="closed_period",
            field=field,
        )


def closed_until() -> date | None:
    """The first day that no closed period covers any more; None when nothing is closed."""
    last = ClosedPeriod.objects.order_by("-end").first()
    return None if last is None else last.end


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


# --- teams and their members -----------------------------------------------------------------------------------------
def valid(on: date) -> Q:
    """The filter of rows that hold on a day."""
    return Q(valid_from__lte=on, valid_to__gt=on)


def subtree(team_ids: Iterable[int], on: date) -> frozenset[int]:
    """The teams and everything that hangs below them on a day."""
    roots = list(team_ids)
    if not roots:
        return frozenset()
    rows = TeamClosure.objects.filter(valid(on), ancestor_id__in=roots)
    return frozenset(rows.values_list("descendant_id", flat=True))


def led_by(person_id: int) -> list[int]:
    """The teams a person heads."""
    return list(Team.objects.filter(leader_id=person_id, closed_on=None).order_by("id").values_list("pk", flat=True))


def people_of(team_ids: Iterable[int], on: date, *, primary: bool = True) -> QuerySet[Person]:
    """The members of these very teams on a day (primary team only, unless told otherwise), by name."""
    rows = Membership.objects.filter(valid(on), team_id__in=list(team_ids))
    if primary:
        rows = rows.filter(primary=True)
    return Person.objects.filter(pk__in=rows.values("person_id"), merged_into=None).order_by("name", "id")


def roles_of(person_id: int, on: date) -> frozenset[str]:
    """Roles and capabilities a person holds on a day."""
    return frozenset(RoleGrant.objects.filter(valid(on), person_id=person_id).values_list("role", flat=True))


@dataclass(frozen=True)
class Branch:
    """A team in the tree, in the order it is drawn."""

    team: Team
    depth: int
    parent_id: int | None
    members: int


def tree(on: date, *, only: frozenset[int] | None = None) -> list[Branch]:
    """The team tree of a day, parents before children, by name; `only` keeps these teams (lifted to the top)."""
    parents = {
        place.team_id: place.parent_id
        for place in TeamPlace.objects.filter(valid(on))
        if only is None or place.parent_id in only
    }
    teams = Team.objects.select_related("region", "leader", "calendar").filter(Q(closed_on=None) | Q(closed_on__gt=on))
    if only is not None:
        teams = teams.filter(pk__in=only)
    heads: dict[int, int] = {}
    for team_id in Membership.objects.filter(valid(on), primary=True).values_list("team_id", flat=True):
        heads[team_id] = heads.get(team_id, 0) + 1
    known = {team.pk: team for team in teams}
    below: dict[int | None, list[Team]] = {}
    for team in sorted(known.values(), key=lambda team: (team.name, team.pk)):
        parent = parents.get(team.pk)
        below.setdefault(parent if parent in known else None, []).append(team)
    drawn: list[Branch] = []

    def draw(parent: int | None, depth: int) -> None:
        for team in below.get(parent, ()):
            drawn.append(Branch(team, depth, parent, heads.get(team.pk, 0)))
            draw(team.pk, depth + 1)

    draw(None, 0)
    return drawn


def homonyms() -> frozenset[str]:
    """Names that more than one active person bears: pages show the team beside them."""
    names: dict[str, int] = {}
    for name in Person.objects.filter(merged_into=None, access_ended=False).values_list("name", flat=True):
        names[name] = names.get(name, 0) + 1
    return frozenset(name for name, times in names.items() if times > 1)


def same_person(*, employee_no: str | None, mobile: str | None, name: str = "") -> list[Person]:
    """The records a row of a file may mean: by employee number first, then mobile, then name. Several = ambiguous."""
    live = Person.objects.filter(merged_into=None)
    if employee_no:
        return list(live.filter(employee_no=employee_no))
    if mobile:
        return list(live.filter(mobile=mobile))
    return list(live.filter(name=name)[:10]) if name else []
