"""Goals below the one that is spread which the new spread has no place for: shown, and withdrawn with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pacesetter.goals import reads
from pacesetter.goals.acts import identity
from pacesetter.goals.reads import GoalView
from pacesetter.goals.reads.book import sums
from pacesetter.lib.refusal import Conflict
from pacesetter.people.models import Person, Team
from pacesetter.people.rules import gone
from pacesetter.web import show

from .reading import CUSTOM, Reader
from .spread_plan import Plan
from .values import Put


@dataclass(frozen=True)
class Leftover:
    """One such goal: why it has no place, and why it stays nevertheless (empty: it goes)."""

    view: GoalView
    name: str
    why: str
    stays: str

    @property
    def published(self) -> bool:
        """Whether it holds now, so that its end needs a reason."""
        return self.view.in_force is not None


def leftovers(reader: Reader, plan: Plan) -> list[Leftover]:
    """Standing goals of the same number below this one, of whoever has left, moved away or gets nothing."""
    found = [view for view in _below(plan) if reads.writable(reader.viewer, view.goal)]
    people = Person.objects.in_bulk({v.goal.person_id for v in found if v.goal.person_id})
    teams = Team.objects.in_bulk({v.goal.team_id for v in found if v.goal.team_id})
    told = []
    for view in found:
        goal = view.goal
        person, team = people.get(goal.person_id or 0), teams.get(goal.team_id or 0)
        owner = person.name if person else team.name if team else str(reader.company.name)
        name = owner if goal.period_kind != CUSTOM else f"{owner} {reader.period(goal)}"
        told.append(Leftover(view, name, _why(plan, view, person), _stays(reader, view)))
    return sorted(told, key=lambda one: (one.view.goal.owner_kind != "team", one.name, one.view.pk))


def _below(plan: Plan) -> list[GoalView]:
    goal = plan.view.goal
    standing = {view.pk: view for view in plan.existing.values() if view.shown is not None}
    kept = {goal.pk} | {
        line.before.pk for line in plan.lines if line.before and (line.before.locked or line.before.ended)
    }
    for draft in plan.drafts({}):
        before = plan.existing.get(identity(draft))
        if before is not None:
            kept.add(before.pk)
    persons, teams = {seat.person for seat in plan.seats}, {line.team_id for line in plan.lines if line.team}

    def hangs_below(view: GoalView) -> bool:
        seen: set[int] = set()
        now: GoalView | None = view
        while now is not None and now.shown is not None and now.pk not in seen:
            seen.add(now.pk)
            above = now.shown.row.parent_id
            if above == goal.pk:
                return True
            now = standing.get(above) if above is not None else None
        return False

    def of_a_part(view: GoalView) -> bool:
        """A quarter or month of somebody who has a place: it belongs to the goal above it."""
        one = view.goal
        whole = (one.start, one.end) == (goal.start, goal.end) or one.period_kind == CUSTOM
        placed = one.person_id in persons or one.team_id in teams
        own = (one.owner_kind, one.team_id, one.person_id) == (goal.owner_kind, goal.team_id, goal.person_id)
        return own or (placed and not whole)

    return [
        view for pk, view in standing.items()
        if pk not in kept and not view.ended and sums(view.goal) == sums(goal) and not of_a_part(view)
        and hangs_below(view)
    ]  # fmt: skip


def _why(plan: Plan, view: GoalView, person: Person | None) -> str:
    goal = view.goal
    if person is None:
        return str(_("这个团队不在这次的分解里"))
    if person.left_on is not None and gone(person.left_on, plan.reader.today):
        return str(_("%(on)s 离职") % {"on": show.day(person.left_on)})
    if all(seat.person != goal.person_id for seat in plan.seats):
        return str(_("已不在这些团队"))
    return str(_("这次没有分到，或换成了按在岗时间分开的目标"))


def _stays(reader: Reader, view: GoalView) -> str:
    if view.locked:
        return str(_("已锁定，要走目标调整申请"))
    if view.in_force is not None and not reads.may_publish(reader.viewer, view.goal):
        return str(_("已发布，由销售总监撤回"))
    return ""


def chosen(request: HttpRequest, found: Sequence[Leftover], *, first: bool) -> dict[int, int]:
    """goal → the version looked at, of those that shall go: all at first, then those that are still ticked."""
    free = {one.view.pk: one.view.newest for one in found if not one.stays}
    if first:
        return free
    ticked = {}
    for word in request.POST.getlist("go"):
        pk, _colon, number = word.partition(":")
        if pk.isascii() and pk.isdigit() and number.isascii() and number.isdigit() and len(word) < 24:
            ticked[int(pk)] = int(number)
    return ticked


def refuse_changed(found: Sequence[Leftover], going: dict[int, int]) -> None:
    """Refuse where one that was ticked is not there to be withdrawn any more, or was changed."""
    free = {one.view.pk: one.view.newest for one in found if not one.stays}
    if any(free.get(pk) != number for pk, number in going.items()):
        raise Conflict(_("要收回的目标里有一个在你看过之后又改了。看过再保存。"))


def rows(found: Sequence[Leftover], going: dict[int, int], put: Put) -> list[dict[str, Any]]:
    """As the page shows them."""
    return [
        {
            "pk": one.view.pk, "name": one.name, "why": one.why, "stays": one.stays,
            "value": put.exact(one.view.shown.row.target) if one.view.shown else "",
            "state": _("已发布") if one.published else _("草稿"), "seen": one.view.newest,
            "goes": one.view.pk in going,
        }
        for one in found
    ]  # fmt: skip
