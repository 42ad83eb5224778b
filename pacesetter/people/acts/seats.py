"""Who belongs where from which day: joining, transfer, leaving, correction, stage by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import (
    ApiToken,
    ClosedPeriod,
    DeviceSession,
    GrowthStage,
    Membership,
    Person,
    Region,
    RoleGrant,
    StageOverride,
    Team,
    TeamClosure,
)
from .persons import at_work
from .spells import check_order, give_way, said

# The line manager is whoever heads the team (or the nearest team above that somebody else heads).
LEADER: Final = "leader"
_DAY = timedelta(days=1)


def _manager(person: Person, team: Team, manager: Person | str | None) -> Person | None:
    if isinstance(manager, Person):
        if manager.pk == person.pk:
            raise Refusal(_("直属上级不能是本人。"), code="own_manager", field="manager")
        return manager
    if manager is None:
        return None
    above = (
        TeamClosure.objects.filter(descendant=team, valid_to=rules.OPEN_END, ancestor__leader__isnull=False)
        .exclude(ancestor__leader=person)
        .select_related("ancestor__leader")
        .order_by("depth")
        .first()
    )
    return above.ancestor.leader if above else None


def _sit(
    person: Person, team: Team, manager: Person | str | None, region: Region | None, title: str, primary: bool,
    start: date, end: date,
) -> tuple[Membership, list[dict[str, Any]]]:  # fmt: skip
    """Cut what the person held in `[start, end)` and put the new membership there."""
    check_order(start, end)
    Person.objects.select_for_update().get(pk=person.pk)
    if team.closed_on is not None and team.closed_on <= start:
        raise Refusal(_("%(team)s 已停用。") % {"team": team.name}, code="closed_team", field="team")
    held = Membership.objects.filter(person=person)
    touched = give_way(held.filter(primary=True) if primary else held.filter(primary=False, team=team), start, end)
    if primary:
        # the same team cannot be held twice from the same day
        touched += give_way(held.filter(primary=False, team=team), start, end)
    row = Membership.objects.create(
        person=person,
        team=team,
        manager=_manager(person, team, manager),
        region=region,
        title=title.strip(),
        primary=primary,
        valid_from=start,
        valid_to=end,
    )
    return row, touched


@transaction.atomic
def join_team(
    *,
    person: Person,
    team: Team,
    on: date = rules.OPEN_START,
    until: date = rules.OPEN_END,
    manager: Person | str | None = LEADER,
    region: Region | None = None,
    title: str = "",
    primary: bool = True,
    by: Person | None,
    at: datetime,
) -> Membership:
    """Put a person into a team for `[on, until)`, by default for ever; `primary=False` = 兼岗 beside the primary team.

    A primary membership ends the one before it. Not for re-writing the past under recorded facts: `correct_membership`.
    """
    if on != rules.OPEN_START:
        at_work(person, on)
    row, touched = _sit(person, team, manager, region, title, primary, on, until)
    record("join_team", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"memberships": touched}, after=said(row))  # fmt: skip
    return row


@transaction.atomic
def transfer(
    *,
    person: Person,
    team: Team,
    on: date,
    manager: Person | str | None = LEADER,
    region: Region | None = None,
    title: str = "",
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> Membership:
    """Move a person's primary seat from `on`; the past keeps its team.

    What the person owns is handed over by the room above, in the same transaction at the door. Dated back, facts
    between `on` and today are re-frozen by the door as after `correct_membership`.
    """
    reads.refuse_closed(on, field="on")
    at_work(person, on)
    row, touched = _sit(person, team, manager, region, title, True, on, rules.OPEN_END)
    record("transfer", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"memberships": touched}, after=said(row), reason=reason)  # fmt: skip
    return row


@transaction.atomic
def end_further(
    *, person: Person, team: Team, on: date, reason: str = "", by: Person | None, at: datetime
) -> None:  # fmt: skip
    """From `on`, a person no longer belongs to a team beside the primary one (兼岗)."""
    reads.refuse_closed(on, field="on")
    touched = give_way(Membership.objects.filter(person=person, team=team, primary=False), on, rules.OPEN_END)
    if not touched:
        raise Refusal(
            _("%(name)s 在%(team)s没有兼岗。") % {"name": person.name, "team": team.name}, code="gone", field="team"
        )
    record("end_further", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"memberships": touched}, after={"team_id": team.pk, "until": on}, reason=reason)  # fmt: skip


@dataclass(frozen=True)
class Correction:
    """A corrected membership, and the open stretches in which facts of the person must be frozen anew."""

    membership: Membership
    person_id: int
    refreeze: tuple[tuple[date, date], ...]


@transaction.atomic
def correct_membership(
    *,
    person: Person,
    team: Team,
    start: date,
    end: date = rules.OPEN_END,
    manager: Person | str | None = LEADER,
    region: Region | None = None,
    title: str = "",
    reason: str,
    by: Person | None,
    at: datetime,
) -> Correction:
    """Say that a person really sat elsewhere during `[start, end)`. Closed periods keep their numbers.

    This room knows no facts: the door passes `refreeze` on to the rooms above, in the same transaction.
    """
    if not reason.strip():
        raise Refusal(_("写明更正的原因。"), code="required", field="reason")
    row, touched = _sit(person, team, manager, region, title, True, start, end)
    stretches = open_stretches(start, end)
    record("correct_membership", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk, before={"memberships": touched},
           after={**said(row), "refreeze": [list(s) for s in stretches]}, reason=reason)  # fmt: skip
    return Correction(row, person.pk, tuple(stretches))


def open_stretches(start: date, end: date) -> list[tuple[date, date]]:
    """What of `[start, end)` lies outside closed periods."""
    return rules.open_stretches(start, end, ClosedPeriod.objects.values_list("start", "end"))


@transaction.atomic
def override_stage(
    *,
    person: Person,
    stage: str,
    on: date,
    until: date = rules.OPEN_END,
    reason: str,
    by: Person | None,
    at: datetime,
) -> StageOverride | None:
    """Set a growth stage by hand for `[on, until)`; an empty `stage` gives it back to tenure (returns None)."""
    if stage and stage not in GrowthStage.values:
        raise Refusal(_("没有这个成长阶段。"), code="stage", field="stage")
    if not reason.strip():
        raise Refusal(_("写明调整成长阶段的原因。"), code="required", field="reason")
    check_order(on, until)
    reads.refuse_closed(on, field="on")
    touched = give_way(StageOverride.objects.filter(person=person), on, until)
    row = None
    if stage:
        row = StageOverride.objects.create(person=person, stage=stage, reason=reason, valid_from=on, valid_to=until)
    record("override_stage", by=by, at=at, entity="person", object_id=person.pk, label=person.name,
           about_id=person.pk, before={"overrides": touched},
           after={"stage": stage, "from": on, "until": until}, reason=reason)  # fmt: skip
    return row


@transaction.atomic
def leave(
    *,
    person: Person,
    on: date,
    successor: Person | None = None,
    reason: str = "",
    by: Person | None,
    at: datetime,
) -> Person:
    """A person's last day is `on`. Seats and roles end the day after; from the act's day on, access ends at once.

    Teams they head and people they manage pass to `successor` (without one, to whoever heads the team above).
    Customers, deals and next steps are handed over by the room above, in the same transaction at the door.
    """
    reads.refuse_closed(on, field="on")
    person = Person.objects.select_for_update().get(pk=person.pk)
    at_work(person, on)
    if successor is not None and (successor.pk == person.pk or not successor.is_active):
        raise Refusal(_("接手人要是另一位在职的同事。"), code="successor", field="successor")
    if person.hire_on is not None and on < person.hire_on:
        raise Refusal(_("离职日期早于入职日期。"), code="order", field="on")
    after = on + _DAY
    touched = give_way(Membership.objects.filter(person=person), after, rules.OPEN_END)
    give_way(RoleGrant.objects.filter(person=person), after, rules.OPEN_END)
    led = list(Team.objects.filter(leader=person).values_list("pk", flat=True))
    Team.objects.filter(pk__in=led).update(leader=successor)
    reports = _new_manager(person, successor, after)
    person.left_on = on
    if on <= reads.business_day(at):
        person.access_ended = True
        ApiToken.objects.filter(person=person, revoked_at=None).update(revoked_at=at)
        DeviceSession.objects.filter(person=person, ended_at=None).update(ended_at=at)
    person.access_version += 1
    person.save(update_fields=["left_on", "access_ended", "access_version"])
    record("leave", by=by, at=at, entity="person", object_id=person.pk, label=person.name, about_id=person.pk,
           before={"memberships": touched, "led_teams": led},
           after={"left_on": on, "successor_id": successor.pk if successor else None, "reports": reports},
           reason=reason)  # fmt: skip
    return person


def _new_manager(person: Person, successor: Person | None, on: date) -> list[int]:
    """From `on`, whoever is managed by `person` is managed by somebody else; returns their ids."""
    moved = []
    for old in Membership.objects.filter(manager=person, valid_to__gt=on).select_related("person", "team", "region"):
        start, end = max(old.valid_from, on), old.valid_to
        heir: Person | str | None = LEADER if successor is None or successor.pk == old.person_id else successor
        _sit(old.person, old.team, heir, old.region, old.title, old.primary, start, end)
        moved.append(old.person_id)
    return moved
