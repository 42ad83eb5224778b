"""Who belongs where: teams, trees, members, roles of a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from .. import rules
from ..models import Membership, Person, RoleGrant, Team, TeamClosure, TeamPlace


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


def heads(person_id: int) -> list[tuple[int, int, date, date]]:
    """What hangs below the teams a person heads: (the team headed, a team below it or itself, from, to)."""
    rows = TeamClosure.objects.filter(ancestor__leader_id=person_id, ancestor__closed_on=None)
    return list(rows.values_list("ancestor_id", "descendant_id", "valid_from", "valid_to"))


def people_of(team_ids: Iterable[int], on: date, *, primary: bool = True) -> QuerySet[Person]:
    """The members of these very teams on a day (primary team only, unless told otherwise), by name."""
    rows = Membership.objects.filter(valid(on), team_id__in=list(team_ids))
    if primary:
        rows = rows.filter(primary=True)
    return Person.objects.filter(pk__in=rows.values("person_id"), merged_into=None).order_by("name", "id")


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


def people_of_regions() -> dict[str, tuple[str, ...]]:
    """Who looks after which sales region now: its managers, else everybody there; by number, else by name."""
    seats = Membership.objects.filter(primary=True, valid_to=rules.OPEN_END, person__left_on=None).exclude(region=None)
    leads = RoleGrant.objects.filter(valid_to=rules.OPEN_END, role__in=("manager", "director"))
    leaders = set(leads.values_list("person_id", flat=True))
    found: dict[str, list[tuple[int, str]]] = {}
    for region, pk, number, name in seats.order_by("person_id").values_list(
        "region__name", "person_id", "person__employee_no", "person__name"
    ):
        found.setdefault(region, []).append((pk, number or name))
    return {
        region: tuple(who for pk, who in people if pk in leaders) or tuple(who for _pk, who in people)
        for region, people in found.items()
    }
