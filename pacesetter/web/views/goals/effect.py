"""What saying yes would do, before anybody says it: sums above and below, attainment, the place in the team, pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.models import Goal, OwnerKind
from pacesetter.goals.reads import Around, Book, GoalView
from pacesetter.people import reads as people
from pacesetter.people.models import Membership, TeamPlace

from ... import show
from .units import Units, whose


@dataclass(frozen=True)
class Line:
    """One consequence: what, before, after, and a word about it."""

    what: str
    before: str
    after: str
    note: str = ""


def _difference(units: Units, value: int) -> str:
    if value == 0:
        return gettext("正好")
    words = gettext("多 %(n)s") if value > 0 else gettext("少 %(n)s")
    return words % {"n": units.plain(abs(value))}


def _sum_line(around: Around, units: Units, company: str, *, above: bool) -> Line:
    name = whose(around.goal, company)
    what = gettext("%(goal)s：下级合计与目标加缓冲") % {"goal": name}
    note = gettext("上级目标") if above else gettext("下级目标不随着变")
    return Line(what, _difference(units, around.before.difference), _difference(units, around.after.difference), note)


def _share(value: Fraction | None) -> str:
    return show.MISSING if value is None else show.percent(value.numerator, value.denominator)


def peers_of(goal: Goal, today: date) -> QuerySet[Goal]:
    """Goals of the same number and time whose owners stand beside this one: the team's people, or sibling teams."""
    rows = Goal.objects.filter(
        metric=goal.metric, basis=goal.basis, owner_kind=goal.owner_kind, start=goal.start, end=goal.end, per=goal.per,
        customer_region=goal.customer_region, industry=goal.industry, product=goal.product,
        customer_kind=goal.customer_kind,
    )  # fmt: skip
    here = people.valid(today)
    if goal.owner_kind == OwnerKind.PERSON:
        team = Membership.objects.filter(here, primary=True, person=goal.person).values("team_id")
        return rows.filter(
            person__in=Membership.objects.filter(here, primary=True, team_id__in=team).values("person_id")
        )
    if goal.owner_kind == OwnerKind.TEAM:
        above = TeamPlace.objects.filter(here, team=goal.team).values("parent_id")
        return rows.filter(team__in=TeamPlace.objects.filter(here, parent_id__in=above).values("team_id"))
    return rows.filter(pk=goal.pk)


def book_around(goal: Goal, above: int | None, today: date) -> tuple[Book, frozenset[int]]:
    """Everything the consequences need, read at once; and which of it stands beside the goal."""
    beside = frozenset(peers_of(goal, today).values_list("pk", flat=True)) | {goal.pk}
    rows = reads.near(goal, above) | Goal.objects.filter(pk__in=beside).select_related("team", "person", "product")
    return reads.book(rows.distinct()), beside


def _attained(cell_value: Fraction | None, target: int, better: str) -> Fraction | None:
    if cell_value is None or not target:
        return None
    if better == "down":
        return Fraction(target) / cell_value if cell_value else None
    return Fraction(cell_value) / target


def _place(values: dict[int, Fraction | None], mine: int) -> str:
    own = values.get(mine)
    if own is None or len(values) < 2:
        return show.MISSING
    ahead = sum(1 for pk, value in values.items() if pk != mine and value is not None and value > own)
    return gettext("第 %(place)s／共 %(n)s") % {"place": ahead + 1, "n": len(values)}


def effects(
    view: GoalView, target: int, units: Units, *, held: Book, beside: frozenset[int], today: date, company: str,
    better: str,
) -> list[Line]:  # fmt: skip
    """The consequences in the order a decider weighs them."""
    goal = view.goal
    lines = []
    above, below = reads.around(view, target, held)
    if above is not None:
        lines.append(_sum_line(above, units, company, above=True))
    if below is not None:
        lines.append(_sum_line(below, units, company, above=False))
    running = [held[pk] for pk in sorted(beside) if pk in held and held[pk].in_force is not None]
    found: dict[int, Any] = assembly.standing(running, until=today, reach=None) if running else {}
    actual = {pk: one.pace.actual for pk, one in found.items()}
    now = view.in_force.row.target if view.in_force else 0
    not_yet = gettext("期间还没有开始") if today <= goal.start else ""
    lines.append(Line(gettext("达成率（到昨天）"), _share(_attained(actual.get(view.pk), now, better)),
                      _share(_attained(actual.get(view.pk), target, better)), not_yet))  # fmt: skip
    targets = {one.pk: one.in_force.row.target for one in running if one.in_force is not None}
    places = {pk: _attained(actual[pk], targets[pk], better) for pk in found}
    then = {**places, view.pk: _attained(actual.get(view.pk), target, better)} if view.pk in places else places
    lines.append(Line(gettext("同队按达成率的名次"), _place(places, view.pk), _place(then, view.pk), not_yet))
    lines.append(Line(gettext("提成"), show.MISSING, show.MISSING, gettext("还没有激励方案，未计算")))
    return lines
