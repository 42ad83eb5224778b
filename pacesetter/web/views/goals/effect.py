"""What saying yes would do, before anybody says it: what should be done by now and a day, sums above and below,
attainment, the place in the team, pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from pacesetter import assembly
from pacesetter.goals import reads
from pacesetter.goals.models import Adjustment, Goal, OwnerKind
from pacesetter.goals.reads import Around, Book, GoalView
from pacesetter.metrics.keeping import Standing
from pacesetter.people import reads as people
from pacesetter.people.models import Company, Membership, TeamPlace
from pacesetter.people.reach import Reach

from ... import show
from .reading import Reader
from .tree import reason_word
from .units import Units, whose
from .values import Figure, Put, percent


@dataclass(frozen=True)
class Line:
    """One consequence: what, before, after, and a word about it. `url`: where `what` leads; statuses as chips."""

    what: str
    before: Figure
    after: Figure
    note: str = ""
    url: str = ""
    was: str = ""
    becomes: str = ""


NOTHING = Figure(show.MISSING)


def opens(reach: Reach, *goals: int | None) -> frozenset[int]:
    """Which of these goals the reader may open: an application is also seen by delegates, who may not."""
    asked = {goal for goal in goals if goal}
    return frozenset(reads.visible(reach).filter(pk__in=asked).values_list("pk", flat=True))


def _difference(units: Units, value: int) -> Figure:
    if value == 0:
        return Figure(gettext("正好"))
    words = gettext("多 %(n)s") if value > 0 else gettext("少 %(n)s")
    return Figure(words % {"n": units.plain(abs(value))})


def _sum_line(around: Around, units: Units, company: str, opened: frozenset[int], *, above: bool) -> Line:
    goal = around.goal
    what = gettext("%(goal)s：下级合计与目标加缓冲") % {"goal": whose(goal, company)}
    note = gettext("上级目标") if above else gettext("下级目标不随着变")
    url = reverse("goal", args=[goal.pk]) if goal.pk in opened else ""
    if not around.after.known:
        return Line(what, NOTHING, NOTHING, gettext("比率不相加，分母还没有计划"), url)
    return Line(what, _difference(units, around.before.difference), _difference(units, around.after.difference), note,
                url)  # fmt: skip


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


def _place(found: dict[int, Standing], mine: int, better: str) -> Figure:
    """The place among the goals beside it; those without a case, or with too few to be judged, come last."""
    values = {pk: None if one.few else one.attainment for pk, one in found.items()}
    own = values.get(mine)
    if own is None or len(values) < 2:
        return NOTHING
    before = (lambda a, b: a < b) if better == "down" else (lambda a, b: a > b)
    ahead = sum(1 for pk, value in values.items() if pk != mine and value is not None and before(value, own))
    return Figure(gettext("第 %(place)s／共 %(n)s") % {"place": ahead + 1, "n": len(values)})


def _exact(put: Put, value: Fraction | None, label: str, why: str) -> Figure:
    return NOTHING if value is None else Figure(put.exact(value), put.exact(value), why, label)


def _a_day(put: Put, stood: Standing, why: str, label: str, *, masked: bool) -> Figure:
    """What each working day left asks for; as a share of the goal for whoever sees no amounts done."""
    value, target = stood.pace.required_per_day, stood.pace.target
    if value is None:
        return NOTHING
    if masked:
        return Figure(percent(Fraction(value) / target) if target else show.MISSING, why=why, label=label)
    return _exact(put, value, label, why)


def paces(
    put: Put, now: Standing, then: Standing, why: tuple[str, str], *, masked: bool, later: str = ""
) -> list[Line]:  # fmt: skip
    """What should be done by now, and what each day left asks for, under the old and the new line.

    `later`: from which day the new line holds, where that is still to come.
    """
    what, daily = gettext("应完成（到昨天）"), gettext("日均需完成")
    lines = [Line(
        what, _exact(put, now.expected, what, why[0]), _exact(put, then.expected, what, why[1]),
        " · ".join(part for part in (reason_word(then.pace.reason), later) if part), was=now.status,
        becomes=then.status,
    )]  # fmt: skip
    left = gettext("剩 %(n)s 个工作日") % {"n": now.pace.days_left}
    share = gettext("占目标") if masked else ""
    lines.append(Line(
        daily, _a_day(put, now, why[0], daily, masked=masked), _a_day(put, then, why[1], daily, masked=masked),
        " · ".join(part for part in (left, share) if part),
    ))  # fmt: skip
    return lines


def standing_of(
    held: Book, beside: frozenset[int], row: Adjustment, *, today: date, company: Company
) -> tuple[dict[int, Standing], dict[int, Standing]]:
    """Where the goal and those beside it stand, and where they would stand after a yes: one count of the facts."""
    running = [held[pk] for pk in sorted(beside) if pk in held and held[pk].in_force is not None]
    if not running:
        return {}, {}
    days = reads.Days(min(one.goal.start for one in running), max(one.goal.end for one in running), company)
    now = assembly.standing(running, until=today, reach=None, company=company, calendars=days)
    view = held[row.goal_id]
    version = reads.foreseen(view, row)
    if version is None or view.pk not in now:
        return now, now
    return now, now | {view.pk: assembly.foreseen(view, version, now[view.pk], until=today, calendars=days)}


def effects(
    request: HttpRequest, view: GoalView, row: Adjustment, units: Units, *, held: Book, beside: frozenset[int],
    reach: Reach, company: Company, opened: frozenset[int],
) -> list[Line]:  # fmt: skip
    """The consequences in the order a decider weighs them."""
    goal, today, metric = view.goal, reach.on, units.metric
    now, then = standing_of(held, beside, row, today=today, company=company)
    masked = reads.hides_amounts(reach, goal, metric)
    not_yet = gettext("期间还没有开始") if today <= goal.start else ""
    why = actual = ""
    if view.pk in opened:
        why = reverse("goal_expected", args=[view.pk])
        actual = Reader(request).why(goal)
    lines = []
    if view.pk in now and not not_yet:
        both = (why, f"{why}?application={row.pk}" if why else "")
        later = gettext("新的线从 %(day)s 起。") % {"day": show.day(row.valid_from)} if row.valid_from > today else ""
        lines += paces(Put(metric, units.writer), now[view.pk], then[view.pk], both, masked=masked, later=later)
    above, below = reads.around(view, row.target, held)
    if above is not None:
        lines.append(_sum_line(above, units, company.name, opened, above=True))
    if below is not None:
        lines.append(_sum_line(below, units, company.name, opened, above=False))
    what = gettext("达成率（到昨天）")
    was, becomes = (
        Figure(
            percent(None if not_yet or view.pk not in one or one[view.pk].few else one[view.pk].attainment),
            why=actual,
            label=what,
        )
        for one in (now, then)
    )
    lines.append(Line(what, was, becomes, not_yet))
    was, becomes = (NOTHING if not_yet else _place(one, view.pk, metric.better) for one in (now, then))
    lines.append(Line(gettext("同队按达成率的名次"), was, becomes, not_yet))
    lines.append(Line(gettext("提成"), NOTHING, NOTHING, gettext("还没有激励方案，未计算")))
    return lines
