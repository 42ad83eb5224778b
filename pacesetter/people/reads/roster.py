"""The people page: everybody with seat, stage, roles, sign-in state and what is wrong, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from .. import rules
from ..models import Invitation, Membership, Person, RoleGrant, Team, TeamPlace
from ..rights import ROLES
from .seats import SeatBook
from .teams import valid

WARNINGS: Final[dict[str, Any]] = {
    "no_team": _("没有团队"),
    "no_manager": _("没有直属上级"),
    "manager_loop": _("上级关系绕成一圈"),
    "two_primary": _("同时有两个主团队"),
    "no_stage": _("成长阶段未知"),
    "no_hire_date": _("没有入职日期"),
    "no_role": _("没有角色"),
    "leads_nothing": _("是主管，但没有带团队"),
    "no_manager_role": _("带团队，但没有主管角色"),
    "no_identity": _("没有手机号、工号和邮箱"),
}
STATES: Final[dict[str, Any]] = {
    "in": _("已开通"),
    "invited": _("已邀请"),
    "new": _("未邀请"),
    "left": _("已离职"),
}
_HEADS = frozenset({"manager", "director"})


@dataclass
class Row:
    """One person as the page shows them."""

    person: Person
    team: Team | None = None
    manager: Person | None = None
    stage: str = "unknown"
    roles: list[str] = field(default_factory=list)
    further: list[Team] = field(default_factory=list)
    state: str = "new"
    warnings: list[str] = field(default_factory=list)

    @property
    def role_names(self) -> list[Any]:
        """The names of the roles, the widest first."""
        held = sorted((ROLES[role] for role in self.roles if role in ROLES), key=lambda role: -role.rank)
        return [role.name for role in held]


def roster(people: QuerySet[Person], on: date, now: datetime) -> list[Row]:
    """A Row for each person of the queryset, in its order."""
    persons = list(people)
    ids = [person.pk for person in persons]
    seats: dict[int, list[Membership]] = {}
    for seat in Membership.objects.filter(valid(on), person_id__in=ids).select_related("team", "manager"):
        seats.setdefault(seat.person_id, []).append(seat)
    roles: dict[int, list[str]] = {}
    for person_id, role in RoleGrant.objects.filter(valid(on), person_id__in=ids).values_list("person_id", "role"):
        roles.setdefault(person_id, []).append(role)
    open_links = set(
        Invitation.objects.filter(used_at=None, expires_at__gt=now, person_id__in=ids).values_list(
            "person_id", flat=True
        )
    )
    managers: dict[int, int | None] = dict(
        Membership.objects.filter(valid(on), primary=True).order_by("id").values_list("person_id", "manager_id")
    )
    under = set(TeamPlace.objects.filter(valid(on), parent__isnull=False).values_list("team_id", flat=True))
    led: dict[int, list[int]] = {}
    for team_id, leader_id in Team.objects.filter(closed_on=None).values_list("pk", "leader_id"):
        if leader_id is not None:
            led.setdefault(leader_id, []).append(team_id)
    book = SeatBook(ids)
    rows = []
    for person in persons:
        held = seats.get(person.pk, [])
        main = next((seat for seat in held if seat.primary), None)
        row = Row(
            person,
            team=main.team if main else None,
            manager=main.manager if main else None,
            stage=book.at(person.pk, on).growth_stage,
            roles=sorted(roles.get(person.pk, [])),
            further=[seat.team for seat in held if not seat.primary],
            state=_state(person, on, open_links),
        )
        heads_root = any(team_id not in under for team_id in led.get(person.pk, ()))
        if row.state != "left":
            row.warnings = list(_wrong(row, held, managers, led, heads_root))
        rows.append(row)
    return rows


def _state(person: Person, on: date, open_links: set[int]) -> str:
    if person.access_ended or rules.gone(person.left_on, on):
        return "left"
    if person.has_usable_password():
        return "in"
    return "invited" if person.pk in open_links else "new"


def _wrong(
    row: Row,
    held: list[Membership],
    managers: dict[int, int | None],
    led: dict[int, list[int]],
    heads_root: bool,
) -> Iterable[str]:
    person = row.person
    if row.team is None:
        yield "no_team"
    elif row.manager is None and not heads_root:
        yield "no_manager"
    if rules.manager_loop(managers, person.pk):
        yield "manager_loop"
    if sum(seat.primary for seat in held) > 1:
        yield "two_primary"
    if person.hire_on is None:
        yield "no_hire_date"
    elif row.stage == "unknown":
        yield "no_stage"
    if not set(row.roles) & set(ROLES):
        yield "no_role"
    if "manager" in row.roles and person.pk not in led:
        yield "leads_nothing"
    if person.pk in led and not _HEADS & set(row.roles):
        yield "no_manager_role"
    if not (person.employee_no or person.mobile or person.email):
        yield "no_identity"
