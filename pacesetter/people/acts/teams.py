"""Regions and the team tree: founding, moving from a day on, closing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pacesetter.journal.acts import record, write_rows
from pacesetter.lib.refusal import Refusal

from .. import reads, rules
from ..models import Membership, Person, Region, Team, TeamClosure, TeamPlace, WorkCalendar
from .spells import changes, give_way


@transaction.atomic
def add_region(*, name: str, by: Person | None, at: datetime) -> Region:
    """A sales region; the one that already has this name is returned."""
    if not name.strip():
        raise Refusal(_("写上区域名称。"), code="required", field="name")
    region, created = Region.objects.get_or_create(name=name.strip())
    if created:
        record("add_region", by=by, at=at, entity="region", object_id=region.pk, label=region.name)
    return region


def rebuild_closure() -> None:
    """Write the (ancestor, descendant) pairs anew from the dated places. Part of an act, never one by itself."""
    teams = list(Team.objects.values_list("pk", flat=True))
    places = [
        rules.Place(*row) for row in TeamPlace.objects.values_list("team_id", "parent_id", "valid_from", "valid_to")
    ]
    try:
        rows = rules.closure(teams, places)
    except rules.Loop as loop:
        names = dict(Team.objects.filter(pk__in=loop.path).values_list("pk", "name"))
        raise Refusal(
            _("这样会绕成一圈：%(path)s。请换一个上级团队。") % {"path": " → ".join(names[pk] for pk in loop.path)},
            code="loop",
            field="parent",
        ) from loop
    TeamClosure.objects.all().delete()
    write_rows(
        TeamClosure,
        ("ancestor_id", "descendant_id", "valid_from", "valid_to", "depth"),
        ((row.ancestor, row.descendant, row.start, row.end, row.depth) for row in rows),
    )


@transaction.atomic
def add_team(
    *,
    name: str,
    parent: Team | None = None,
    code: str | None = None,
    region: Region | None = None,
    leader: Person | None = None,
    calendar: WorkCalendar | None = None,
    on: date = rules.OPEN_START,
    by: Person | None,
    at: datetime,
) -> Team:
    """A new team under `parent` (None = top) from `on`, by default as if it had always been there."""
    if not name.strip():
        raise Refusal(_("写上团队名称。"), code="required", field="name")
    code = (code or "").strip() or None
    if code and Team.objects.filter(code=code).exists():
        raise Refusal(_("团队编号 %(code)s 已经用过。") % {"code": code}, code="exists", field="code")
    team = Team.objects.create(
        name=name.strip(), code=code, region=region, leader=leader, calendar=calendar
    )  # a sibling of the same name is allowed: the code tells them apart
    if parent is not None:
        TeamPlace.objects.create(team=team, parent=parent, valid_from=on)
    rebuild_closure()
    record("add_team", by=by, at=at, entity="team", object_id=team.pk, label=team.name,
           after={"parent_id": parent.pk if parent else None, "code": code, "from": on,
                  "leader_id": leader.pk if leader else None})  # fmt: skip
    return team


@transaction.atomic
def change_team(*, team: Team, by: Person | None, at: datetime, reason: str = "", **values: Any) -> Team:
    """Change name, code, region, leader or calendar of a team."""
    unknown = set(values) - {"name", "code", "region", "leader", "calendar"}
    if unknown:
        raise Refusal(_("这项设置不能改。"), code="unknown_field", field=sorted(unknown)[0])
    if "name" in values and not values["name"].strip():
        raise Refusal(_("写上团队名称。"), code="required", field="name")
    if "code" in values:
        values["code"] = (values["code"] or "").strip() or None
        if values["code"] and Team.objects.filter(code=values["code"]).exclude(pk=team.pk).exists():
            raise Refusal(_("团队编号 %(code)s 已经用过。") % {"code": values["code"]}, code="exists", field="code")
    team = Team.objects.select_for_update().get(pk=team.pk)
    before, after = changes(team, values)
    if after:
        team.save()
        record("change_team", by=by, at=at, entity="team", object_id=team.pk, label=team.name,
               before=before, after=after, reason=reason)  # fmt: skip
    return team


@transaction.atomic
def move_team(
    *, team: Team, parent: Team | None, on: date, reason: str = "", by: Person | None, at: datetime
) -> TeamPlace:
    """Hang a team under another parent from `on`; what was before stays true for the days before."""
    reads.refuse_closed(on, field="on")
    if parent is not None and parent.pk == team.pk:
        raise Refusal(_("团队不能归到自己下面。"), code="loop", field="parent")
    touched = give_way(TeamPlace.objects.filter(team=team), on, rules.OPEN_END)
    place = TeamPlace.objects.create(team=team, parent=parent, valid_from=on)
    rebuild_closure()
    record("move_team", by=by, at=at, entity="team", object_id=team.pk, label=team.name, reason=reason,
           before={"places": touched}, after={"parent_id": parent.pk if parent else None, "from": on})  # fmt: skip
    return place


@transaction.atomic
def close_team(*, team: Team, on: date, reason: str = "", by: Person | None, at: datetime) -> Team:
    """End a team on a day. Its members and sub-teams must have moved before."""
    reads.refuse_closed(on, field="on")
    members = Membership.objects.filter(team=team, valid_to__gt=on).count()
    below = TeamPlace.objects.filter(parent=team, valid_to__gt=on, team__closed_on=None).count()
    if members or below:
        raise Refusal(
            _("还有 %(members)s 位成员和 %(below)s 个下级团队。先把他们调走，再停用。")
            % {"members": members, "below": below},
            code="not_empty",
            field="on",
        )
    team = Team.objects.select_for_update().get(pk=team.pk)
    before, after = changes(team, {"closed_on": on})
    if after:
        team.save(update_fields=["closed_on"])
        record("close_team", by=by, at=at, entity="team", object_id=team.pk, label=team.name,
               before=before, after=after, reason=reason)  # fmt: skip
    return team
