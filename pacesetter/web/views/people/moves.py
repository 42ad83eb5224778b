"""Transfer, correction and leaving: the seat changes below, what the person holds is handed over above, at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pacesetter.goals import acts as goal_acts
from pacesetter.goals import reads as goals
from pacesetter.people import acts, reads
from pacesetter.people.models import Person
from pacesetter.people.rules import OPEN_END

from ... import door, handover
from ...forms import people as forms
from ..goals.wording import company_name, title_of, units_of
from ..sheet import sheet
from .card import _back, the_person
from .listing import at_work


@door.acts_once
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another team from a day on; dated back, open facts since then follow."""
    who, on = the_person(request, pk, "membership"), door.today(request)
    form = forms.Move(request.POST or None, on=on, people=at_work().exclude(pk=who.pk))

    def run(asked: dict[str, Any]) -> str:
        common: dict[str, Any] = {
            "person": who,
            "team": asked["team"],
            "manager": asked["manager"] or acts.LEADER,
            "title": asked["title"],
            "by": door.actor(request),
            "at": door.at(request),
        }
        if asked["further"]:
            acts.join_team(on=asked["on"], primary=False, **common)
        else:
            acts.transfer(on=asked["on"], reason=asked["reason"], **common)
            if asked["on"] <= on:
                handover.refreeze(who, [(asked["on"], OPEN_END)], by=door.actor(request), at=door.at(request))
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("调动"), submit=_("调动"), said=_("已调动。"), **_back(who),
        sub=_("他的客户和商机跟着他走。要交给别人，请用客户列表里的批量转交。"),
    )  # fmt: skip


@door.acts_once
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The past was recorded wrongly; open periods are counted anew."""
    who, on = the_person(request, pk, "membership"), door.today(request)
    form = forms.Correct(request.POST or None, on=on, people=at_work().exclude(pk=who.pk))
    closed = reads.closed_until()

    def run(asked: dict[str, Any]) -> str:
        done = acts.correct_membership(
            person=who,
            team=asked["team"],
            start=asked["start"],
            end=asked["end"] or OPEN_END,
            manager=asked["manager"] or acts.LEADER,
            reason=asked["reason"],
            by=door.actor(request),
            at=door.at(request),
        )
        handover.refreeze(who, done.refreeze, by=door.actor(request), at=door.at(request))
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("更正归属"), submit=_("更正"), said=_("已更正，未结账期间的数字已按新归属计算。"),
        sub=_("只改没有结账的期间。%(closed)s") % {"closed": _closed_words(closed)}, **_back(who),
    )  # fmt: skip


def _closed_words(closed: date | None) -> Any:
    return _("%(day)s 之前已结账，保持原样。") % {"day": closed} if closed else ""


def _goals_kept(request: HttpRequest, running: list[goals.GoalView]) -> list[tuple[str, str, str]]:
    """(title, target, address) of those the reader sees."""
    reach, company = door.viewer(request), company_name(request)
    own = [view.pk for view in running]
    seen = set(goals.visible(reach).filter(pk__in=own).values_list("pk", flat=True)) if running else set()
    told = []
    for view in running:
        if view.pk in seen and view.in_force is not None:
            units = units_of(request, view.goal)
            told.append((title_of(view.goal, units, company), units.say(view.in_force.row.target, short=True),
                         reverse("goal", args=[view.pk])))  # fmt: skip
    return told


@door.acts_once
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day, and a rule for everything the person holds."""
    who, on = the_person(request, pk, "membership"), door.today(request)
    running, reach = goals.running_of(who.pk, on), door.viewer(request)
    form = forms.Leave(
        request.POST or None, on=on, people=at_work().exclude(pk=who.pk), has_goals=bool(running),
        sets_goals=all(goals.may_publish(reach, view.goal) for view in running),
    )  # fmt: skip
    seat = reads.seat_at(who.pk, on)
    manager = Person.objects.filter(pk=seat.manager_id).first() if seat.manager_id else None

    def run(asked: dict[str, Any]) -> str:
        by, at = door.actor(request), door.at(request)
        handover.hand_over(
            who,
            choices={name: asked[name] for name in ("customers", "deals", "leads")},
            successor=asked["successor"],
            manager=manager,
            reason=asked["reason"],
            on=min(asked["on"], on),
            by=by,
            at=at,
        )
        released = goals.released_by(running, asked.get("goals", ""), asked["on"])
        if released:
            goal_acts.withdraw_goals(released, whole=True, reason=asked["reason"], by=by, at=at)
        acts.leave(person=who, on=asked["on"], successor=asked["successor"], reason=asked["reason"], by=by, at=at)
        return reverse("person", args=[who.pk])

    return sheet(
        request, form, run, title=_("离职与交接"), submit=_("办理离职"), said=_("已办理，交接完成。"),
        template="people/leave.html", holds=handover.holds(who), manager=manager, kept=len(running),
        kept_goals=_goals_kept(request, running), **_back(who),
    )  # fmt: skip
