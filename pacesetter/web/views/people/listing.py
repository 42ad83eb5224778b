"""S30, people: who is in which team, under whom, with which role — and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.people import acts, reads
from pacesetter.people.models import GrowthStage, Person, Team
from pacesetter.people.reach import Reach
from pacesetter.people.rights import ROLES, Scope

from ... import door
from ...forms.people import NewPerson
from ..sheet import sheet

PAGE = 50


def may(reach: Reach, part: str) -> bool:
    """Whether the reader may write this part of people: person, membership, stage, role, team, company, access."""
    return reach.may_part("people", part, "write")


def need(request: HttpRequest, part: str) -> Reach:
    """The viewer if they may write this part; 404 otherwise."""
    from django.http import Http404

    reach = door.viewer(request)
    if not may(reach, part):
        raise Http404
    return reach


def at_work() -> Any:
    """Everybody who can be chosen in a form."""
    return Person.objects.filter(merged_into=None, access_ended=False).order_by("name", "id")


def _kept(rows: Iterable[reads.Row], asked: Any, below: frozenset[int] | None) -> list[reads.Row]:
    words = str(asked.get("q", "")).strip().lower()
    kept = []
    for row in rows:
        person = row.person
        text = " ".join(filter(None, (person.name, person.employee_no, person.mobile, person.email))).lower()
        if words and words not in text:
            continue
        if below is not None and (row.team is None or row.team.pk not in below):
            continue
        if asked.get("role") and asked["role"] not in row.roles:
            continue
        if asked.get("stage") and asked["stage"] != row.stage:
            continue
        if asked.get("state"):
            if row.state != asked["state"]:
                continue
        elif row.state == "left" and not words:
            continue
        if asked.get("warning") and asked["warning"] not in row.warnings:
            continue
        kept.append(row)
    return kept


def people(request: HttpRequest) -> HttpResponse:
    """The tree beside the table."""
    reach, on = door.need(request, "people"), door.today(request)
    asked = request.GET
    team_id = int(asked["team"]) if asked.get("team", "").isdigit() else None
    below = reads.subtree([team_id], on) if team_id else None
    scope = reach.scope("people")
    only = None if scope == Scope.ALL else reach.team_ids
    rows = reads.roster(reach.people(), on, door.at(request))
    tally: dict[str, int] = {}
    for row in rows:
        for warning in row.warnings:
            tally[warning] = tally.get(warning, 0) + 1
    kept = _kept(rows, asked, below)
    page = Paginator(kept, PAGE).get_page(asked.get("page"))
    return render(
        request,
        "people/people.html",
        {
            "page": page,
            "homonyms": reads.homonyms(),
            "tree": reads.tree(on, only=only),
            "team_id": team_id,
            "team": Team.objects.filter(pk=team_id).first() if team_id else None,
            "roles": [(role.key, role.name) for role in ROLES.values()],
            "stages": GrowthStage.choices,
            "states": reads.STATES.items(),
            "warnings": [(key, reads.WARNINGS[key], n) for key, n in tally.items()],
            "warning_words": reads.WARNINGS,
            "asked": asked,
            "may_add": may(reach, "person"),
            "total": sum(row.state != "left" for row in rows),
        },
    )


@door.acts_once
def new_person(request: HttpRequest) -> HttpResponse:
    """Add a person with seat and role in one go; then the invitation."""
    reach, on = need(request, "person"), door.today(request)
    form = NewPerson(request.POST or None, on=on, people=at_work())
    if not may(reach, "role"):
        del form.fields["role"]

    def run(asked: dict[str, Any]) -> str:
        by, at = door.actor(request), door.at(request)
        person = acts.add_person(
            name=asked["name"],
            employee_no=asked["employee_no"],
            mobile=asked["mobile"],
            email=asked["email"],
            hire_on=asked["hire_on"],
            by=by,
            at=at,
        )
        if asked["team"]:
            acts.join_team(
                person=person,
                team=asked["team"],
                on=asked["hire_on"] or on,
                manager=asked["manager"] or acts.LEADER,
                by=by,
                at=at,
            )
        if asked.get("role"):
            acts.grant_role(person=person, role=asked["role"], on=asked["hire_on"] or on, by=by, at=at)
        return reverse("person", args=[person.pk])

    return sheet(
        request, form, run, title=_("新增人员"), crumb=_("人员"), crumb_url=reverse("people"), submit=_("新增"),
        said=_("已新增。把邀请链接发给他，就能登录。"),
    )  # fmt: skip
