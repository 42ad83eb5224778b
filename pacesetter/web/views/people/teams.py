"""The team tree: founding, renaming, moving from a day on, closing."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.people import acts, reads
from pacesetter.people.models import Membership, Team, TeamPlace
from pacesetter.people.rights import Scope

from ... import door
from ...forms import people as forms
from ..sheet import sheet
from .listing import at_work, may, need


def _only(request: HttpRequest) -> frozenset[int] | None:
    """The teams in reach: None = all."""
    reach = door.need(request, "people")
    scope = reach.scope("people")
    if scope == Scope.ALL:
        return None
    own = Membership.objects.filter(reads.valid(reach.on), person=reach.person).values_list("team_id", flat=True)
    return reach.team_ids if scope == Scope.TEAM and reach.team_ids else frozenset(own)


def teams(request: HttpRequest) -> HttpResponse:
    """The tree with heads, regions, calendars."""
    only = _only(request)
    return render(
        request,
        "people/teams.html",
        {
            "tree": reads.tree(door.today(request), only=only),
            "may_write": may(door.viewer(request), "team"),
            "closed": Team.objects.exclude(closed_on=None).order_by("-closed_on") if only is None else [],
        },
    )


def _team(request: HttpRequest, pk: int) -> Team:
    need(request, "team")
    team = Team.objects.select_related("region", "leader", "calendar").filter(pk=pk).first()
    if team is None:
        raise Http404
    return team


def _region(form: forms.TeamForm, request: HttpRequest) -> Any:
    name = form.region_or_none()
    return acts.add_region(name=name, by=door.actor(request), at=door.at(request)) if name else None


_BACK: dict[str, Any] = {"crumb": _("团队"), "template": "people/form.html"}


@door.acts_once
def new_team(request: HttpRequest) -> HttpResponse:
    """A team under a parent."""
    need(request, "team")
    form = forms.NewTeam(request.POST or None, on=door.today(request), people=at_work())

    def run(asked: dict[str, Any]) -> str:
        acts.add_team(
            name=asked["name"],
            code=asked["code"],
            parent=asked["parent"],
            leader=asked["leader"],
            region=_region(form, request),
            calendar=asked["calendar"],
            by=door.actor(request),
            at=door.at(request),
        )
        return reverse("teams")

    return sheet(request, form, run, title=_("新建团队"), said=_("已新建。"), crumb_url=reverse("teams"), **_BACK)


@door.acts_once
def edit_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, head, region, calendar."""
    team = _team(request, pk)
    initial = {
        "name": team.name,
        "code": team.code,
        "leader": team.leader_id,
        "region": team.region.name if team.region else "",
        "calendar": team.calendar_id,
    }
    form = forms.TeamForm(request.POST or None, on=door.today(request), people=at_work(), initial=initial)

    def run(asked: dict[str, Any]) -> str:
        acts.change_team(
            team=team,
            name=asked["name"],
            code=asked["code"],
            leader=asked["leader"],
            region=_region(form, request),
            calendar=asked["calendar"],
            by=door.actor(request),
            at=door.at(request),
        )
        return reverse("teams")

    return sheet(
        request, form, run, title=team.name, said=_("已保存。"), crumb_url=reverse("teams"), team=team,
        places=TeamPlace.objects.filter(team=team).select_related("parent").order_by("-valid_from"),
        **{**_BACK, "template": "people/team.html"},
    )  # fmt: skip


@door.acts_once
def move_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Another parent from a day on."""
    team = _team(request, pk)
    form = forms.PlaceTeam(request.POST or None, on=door.today(request), without=team)

    def run(asked: dict[str, Any]) -> str:
        acts.move_team(
            team=team,
            parent=asked["parent"],
            on=asked["on"],
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
        )
        return reverse("teams")

    return sheet(
        request, form, run, title=_("移动团队：%(name)s") % {"name": team.name}, submit=_("移动"), said=_("已移动。"),
        sub=_("这一天之前的汇总仍按原来的上级。"), crumb_url=reverse("teams"), **_BACK,
    )  # fmt: skip


@door.acts_once
def close_team(request: HttpRequest, pk: int) -> HttpResponse:
    """A team ends on a day."""
    team = _team(request, pk)
    form = forms.CloseTeam(request.POST or None, on=door.today(request))

    def run(asked: dict[str, Any]) -> str:
        acts.close_team(team=team, on=asked["on"], reason=asked["reason"], by=door.actor(request), at=door.at(request))
        return reverse("teams")

    return sheet(
        request, form, run, title=_("停用团队：%(name)s") % {"name": team.name}, submit=_("停用"), said=_("已停用。"),
        sub=_("历史记录和汇总不变。"), crumb_url=reverse("teams"), **_BACK,
    )  # fmt: skip
