"""Where rooms and spine meet: which facts are plugged in, which metrics exist, who may ask them, how keys read.

Doors ask numbers through this page only:

    question = assembly.question("won_amount", start, end, by=("person",), reach=reach, today=day)
    for row in assembly.answer(question): row.labels, row.cell.value, row.cell.n
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connections
from django.db.utils import DEFAULT_DB_ALIAS

from pacesetter.activity import facts as activity_facts
from pacesetter.goals import facts as goals_facts
from pacesetter.goals.followups import Happened
from pacesetter.goals.models import Adjustment, Goal, MarketEvent, OwnerKind
from pacesetter.goals.reads import Days, GoalView, VersionView, book, plans, touched
from pacesetter.goals.reads.catalogue import SCOPE, ever
from pacesetter.goals.rules.actions import Plan
from pacesetter.lib import periods
from pacesetter.lib.money import round_half_up
from pacesetter.lib.refusal import OutOfReach
from pacesetter.metrics import attainment as attaining
from pacesetter.metrics import capacity, engine, funnel, keeping
from pacesetter.metrics import course as coursing
from pacesetter.metrics.catalogue import METRICS, Metric, with_company_metrics
from pacesetter.metrics.catalogue.words import Folded
from pacesetter.metrics.engine import Cell, Question, Store
from pacesetter.metrics.standing import Line, held
from pacesetter.people import facts as people_facts
from pacesetter.people import reads as people
from pacesetter.people.models import Company
from pacesetter.people.reach import Reach
from pacesetter.people.rights import Scope
from pacesetter.pipeline import facts as pipeline_facts

# an application's evidence: weeks before its event, and at most so many after it
WEEK = timedelta(days=7)
BEFORE, AFTER = 8, 8

FACTS = {
    table.name: table
    for table in (*people_facts.FACTS, *pipeline_facts.FACTS, *activity_facts.FACTS, *goals_facts.FACTS)
}

LABELS: Mapping[str, Callable[[Iterable[int]], dict[int, str]]] = {
    "person": people_facts.person_labels,
    "manager": people_facts.person_labels,
    "team": people_facts.team_labels,
    "region": people_facts.region_labels,
    "product": pipeline_facts.product_labels,
}


class UnknownMetric(LookupError):
    """No metric has this key."""

    def __init__(self, key: str, has: Iterable[str]) -> None:
        self.key = key
        super().__init__(f"no metric {key!r}; there are: {', '.join(sorted(has))}")


def store(using: str = DEFAULT_DB_ALIAS) -> Store:
    """This installation's facts, on the database Django is connected to."""
    connection = connections[using]

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, list(params))
            return list(cursor.fetchall())

    dialect = "postgres" if connection.vendor == "postgresql" else "sqlite"
    return Store(dialect, FACTS, run, "format", {"capacity": _capacity})


def _capacity(where: Store, question: Question) -> dict[tuple[Any, ...], Folded]:
    return capacity.plan(people_facts.stage_starts(), people_facts.ramp_factors())(where, question)


def catalogue() -> dict[str, Metric]:
    """Every metric a page lists, by key: the product's and the company's own."""
    return {m.key: m for m in (*METRICS.values(), *with_company_metrics(activity_facts.company_metrics()).values())}


def metric(key: str) -> Metric:
    """The metric of a key, the funnel's and one that was retired included. Raises `UnknownMetric`."""
    found = METRICS.get(key) or funnel.METRICS.get(key) or ever(key)
    if found is None:
        raise UnknownMetric(key, catalogue())
    return found


PERSONS = frozenset({"person", "manager"})


def scope_of(asked: Metric, reach: Reach, by: Iterable[str] = ()) -> Scope:
    """How far a reader sees a metric asked by these dims: each role with its own families, prices and reach."""
    return reach.scope_of_family(asked.family, money=asked.shows_money, persons=bool(PERSONS & set(by)))


def may_ask(asked: Metric, reach: Reach, by: Iterable[str] = ()) -> bool:
    """Whether a reader sees this metric at all: families of metrics, hidden prices, leads by source only."""
    return scope_of(asked, reach, by) > Scope.NONE


def limits(asked: Metric, reach: Reach | None, by: Iterable[str] = ()) -> engine.Reach:
    """A reader's rights on a metric as the engine puts them on facts; None = the installation itself."""
    scope = Scope.ALL if reach is None else scope_of(asked, reach, by)
    if scope == Scope.ALL or reach is None:
        return engine.EVERYTHING
    persons = (reach.person_id,) if scope > Scope.NONE else ()
    return engine.Reach(persons=persons, teams=tuple(reach.led) if scope == Scope.TEAM else ())


def question(
    key: str,
    start: date,
    end: date,
    *,
    today: date,
    reach: Reach | None,
    by: Sequence[str] = (),
    basis: str = "",
    within: Sequence[int] = (),
    only: Sequence[tuple[str, tuple[Any, ...]]] = (),
) -> Question:
    """A metric asked by a reader over `[start, end)`. `reach` None = the installation itself (command line).

    Raises `UnknownMetric`, and `OutOfReach` where the reader may not see the metric.
    """
    asked = metric(key)
    if reach is not None and not may_ask(asked, reach, by):
        raise OutOfReach
    where = limits(asked, reach, by)
    return Question(asked, start, end, tuple(by), basis, where, tuple(within), tuple(only), today)


@dataclass(frozen=True)
class Row:
    """A cell with the words its key reads as (None where the record has no such value)."""

    labels: tuple[str | None, ...]
    cell: Cell


def answer(asked: Question) -> list[Row]:
    """The rows of a question, labelled. Raises `engine.UnknownDim` and `UnknownBasis`."""
    return _labelled(asked.by, engine.ask(store(), asked))


def total(asked: Question) -> Cell:
    """The one number of a question, zeros where there are no facts."""
    return engine.total(store(), asked)


def totals(asked: Sequence[Question]) -> list[Cell]:
    """The one number of each question, read in one statement where their facts allow it."""
    spine = store()
    held = engine.remembering(spine, engine.gather(spine, [question.at(by=()) for question in asked]))
    return [engine.total(held, question) for question in asked]


def aimed(
    of: str,
    start: date,
    end: date,
    *,
    reach: Reach | None,
    by: Sequence[str] = (),
    basis: str = "",
    within: Sequence[int] = (),
    today: date | None = None,
) -> attaining.Asked:
    """The goals of a metric in `[start, end)` asked by a reader; `reach` None = the installation itself.

    Raises `UnknownMetric`, `engine.UnknownDim`, and `OutOfReach` where the reader may not see the metric.
    """
    asked = metric(of)
    if reach is not None and not may_ask(asked, reach, by):
        raise OutOfReach
    where = limits(asked, reach, by)
    settings = people.period_settings(people.company())
    return attaining.Asked(asked, start, end, tuple(by), basis, where, tuple(within), settings=settings, today=today)


def attainment(asked: attaining.Asked) -> list[Row]:
    """A row for every goal in the window, also without facts: top = the metric, bottom = the goal."""
    calendars = Days(asked.start, asked.end)

    def workdays(owner_kind: str, owner: int | None, start: date, end: date) -> int:
        return calendars.of(owner_kind, owner, start).count(start, end)

    on = min(asked.on or asked.today or asked.end, asked.end)

    def left(piece: attaining.Piece) -> Fraction | int:
        return keeping.left_of(piece.line, piece.start, piece.end, piece.target, on, calendars).value

    return _labelled(asked.by, attaining.attainment(store(), asked, workdays, left))


def paces(asked: attaining.Asked, *, until: date) -> list[tuple[Row, keeping.PaceRow]]:
    """Attainment's rows as they stand when every day before `until` counts: bottom = expected to date."""
    calendars = Days(asked.start, asked.end)
    asked = replace(asked, on=asked.on or until - timedelta(days=1))
    found = keeping.paces(store(), asked, until=until, calendars=calendars)
    rows = _labelled(asked.by, [row.cell for row in found])
    return list(zip(rows, found, strict=True))


def _found(key: str) -> Metric | None:
    """The metric of a key; the company's own are looked up only for a key the product has not."""
    return METRICS.get(key) or catalogue().get(key)


def aims(owners: Mapping[str, Sequence[int]], on: date) -> list[Line]:
    """Every goal in force whose time holds a day, of these owners: kind → ids ("company" → ())."""
    return held(store(), _found, on=on, owners=owners)


def pace_of(
    lines: Sequence[Line],
    key: str,
    start: date,
    end: date,
    *,
    until: date,
    company: Company,
    reach: Reach | None = None,
    counted: date | None = None,
) -> dict[tuple[str, int | None], keeping.PaceRow]:
    """(kind, owner) → where a metric stands in `[start, end)` against these goals; without a goal there: left out.

    `counted`: facts count up to this day, though nothing is expected after `until` (a morning page on its own day).
    """
    chosen = [line for line in lines if line.metric.key == key and not line.only and not line.per]
    if not chosen:
        return {}
    of = metric(key)
    where = limits(of, reach, (line.owner_kind for line in chosen))
    asked = attaining.Asked(of, start, end, reach=where, settings=people.period_settings(company), today=until)
    calendars = Days(start, end, company)
    found = keeping.paces(store(), asked, until=until, calendars=calendars, lines=chosen, counted=counted)
    return {row.owner: row for row in found}


def calculations(persons: Sequence[int], on: date, *, reach: Reach | None, company: Company) -> dict[int, Plan]:
    """person → what a calculation back from the month's amount starts from. Own figures within the reader's reach."""
    where = limits(metric("won_amount"), reach, ("person",))
    return plans(store(), _found, persons, on=on, company=company, reach=where)


def pace_in(
    key: str,
    start: date,
    end: date,
    *,
    until: date,
    company: Company,
    reach: Reach,
    counted: date | None = None,
    within: Sequence[int] = (),
    owner: str = "person",
) -> dict[tuple[str, int | None], keeping.PaceRow]:
    """(kind, owner) → where a metric stands in `[start, end)` against every goal there that the reader may see."""
    asked = attaining.Asked(
        metric(key), start, end, (owner,), reach=limits(metric(key), reach, (owner,)), within=tuple(within),
        settings=people.period_settings(company), today=until,
    )  # fmt: skip
    calendars = Days(start, end, company)
    found = keeping.paces(store(), asked, until=until, calendars=calendars, counted=counted)
    return {row.owner: row for row in found}


def standing(
    goals: Iterable[GoalView], *, until: date, reach: Reach | None, drafts: bool = False,
    beyond: Iterable[GoalView] = (), company: Company | None = None, calendars: Days | None = None,
) -> dict[int, keeping.Standing]:  # fmt: skip
    """goal id → where it stands when every day before `until` counts; goals that hold nothing yet are left out.

    The metric counts only what the reader may see (`reach` None = all of it); `drafts` measures what is being planned.
    `beyond`: further goals, whose metric counts everything (those above the reader, shown as a percentage).
    `calendars`: a book of all their days, where a page has one open.
    """

    def lines_of(views: Iterable[GoalView]) -> list[Line]:
        chosen = ((view, view.on(until) or (view.shown if drafts else None)) for view in views)
        lines = (goals_facts.line_of(view, metric(view.goal.metric), version) for view, version in chosen if version)
        return [line for line in lines if line is not None]

    mine, others = lines_of(goals), lines_of(beyond)
    if not mine and not others:
        return {}
    first, last = min(line.start for line in (*mine, *others)), max(line.end for line in (*mine, *others))
    company = company or people.company()
    calendars, settings = calendars or Days(first, last, company), people.period_settings(company)
    found: dict[int, keeping.Standing] = {}
    alike: dict[engine.Reach, list[Line]] = {}
    for line in mine:
        alike.setdefault(limits(line.metric, reach, (line.owner_kind,)), []).append(line)
    if others:
        alike.setdefault(engine.EVERYTHING, []).extend(others)
    for where, lines in alike.items():
        found |= keeping.stand(store(), lines, until=until, calendars=calendars, reach=where, settings=settings)
    return found


def foreseen(
    view: GoalView, version: VersionView, stood: keeping.Standing, *, until: date, calendars: Days
) -> keeping.Standing:
    """Where a goal would stand under another version: the same facts, the same calendar."""
    line = goals_facts.line_of(view, stood.line.metric, version)
    return stood if line is None else keeping.aimed_at(stood, line, until=until, calendars=calendars)


def course(
    view: GoalView, steps: Sequence[date], *, today: date, reach: Reach | None, calendars: Days
) -> list[coursing.Point]:
    """A goal day by day: what was done before each step beside what its version of that day asked for by then.

    `calendars`: a book of its days.
    """
    versions = []
    for version in view.versions:
        line = goals_facts.line_of(view, metric(view.goal.metric), version) if version.stood.was_published else None
        if line is not None:
            versions.append((version.row.valid_from, line))
    if not versions:
        return []
    return coursing.course(
        store(), versions, steps, today=today, calendars=calendars,
        reach=limits(metric(view.goal.metric), reach, (view.goal.owner_kind,)),
        settings=people.period_settings(people.company()),
    )  # fmt: skip


def _labelled(by: Sequence[str], cells: Sequence[Cell]) -> list[Row]:
    columns = [labels(dim, {cell.key[place] for cell in cells}) for place, dim in enumerate(by)]
    return [Row(tuple(column[v] for column, v in zip(columns, cell.key, strict=True)), cell) for cell in cells]


def became_of(row: Adjustment, until: date) -> Happened | None:
    """What an approved application's metric came to before a day, beside what the old and the new line asked for."""
    view = book([row.goal])[row.goal_id]
    new = next((v for v in view.versions if v.row.adjustment_id == row.pk), None)
    old = next((v for v in view.versions if v.row.pk == row.version_id), None)
    if new is None or old is None:
        return None
    measured = metric(row.goal.metric)
    lines = [goals_facts.line_of(view, measured, version) for version in (old, new)]
    calendars = Days(row.goal.start, row.goal.end)
    before, after = (
        keeping.stand(store(), [line], until=until, calendars=calendars)[line.goal] for line in lines if line
    )
    value = after.pace.actual
    return Happened(None if value is None else round_half_up(value), round_half_up(before.pace.expected or 0),
                    round_half_up(after.pace.expected or 0), after.cell.n)  # fmt: skip


def counted(goal: Goal, grain: str, start: date, end: date, today: date) -> dict[str, tuple[int, int | None, int]]:
    """label of a week (day, month) → top, bottom, n of what the goal counts, in `[start, end)`."""
    only = [(dim, (getattr(goal, name),)) for name, dim in SCOPE.items() if getattr(goal, name)]
    if goal.owner_kind == OwnerKind.PERSON:
        only.append(("person", (goal.person_id,)))
    within = (goal.team_id,) if goal.owner_kind == OwnerKind.TEAM and goal.team_id is not None else ()
    asked = question(
        goal.metric, start, end, today=today, reach=None, by=(grain,), basis=goal.basis, within=within, only=only
    )
    return {str(row.cell.key[0]): (row.cell.top, row.cell.bottom, row.cell.n) for row in answer(asked)}


def evidence(goal: Goal, event: MarketEvent, today: date) -> dict[str, Any]:
    """The evidence as it is kept with an application: weeks before and after the event, sums, customers touched."""
    middle = periods.period_of(event.on, "week").start
    # a week that is not over would look like a fall
    this = periods.period_of(today, "week").start
    start, end = middle - BEFORE * WEEK, max(min(middle + AFTER * WEEK, this), middle)
    found = counted(goal, "week", start, end, today)
    weeks = [
        {"label": week.label, "start": week.start.isoformat(), "after": week.start >= middle,
         **dict(zip(("top", "bottom", "n"), found.get(week.label, (0, None, 0)), strict=True))}
        for week in periods.between(start, end, "week")
    ]  # fmt: skip
    customers = list(touched(goal, event, today).values_list("pk", flat=True))
    return {"on": event.on.isoformat(), "drawn_on": today.isoformat(), "weeks": weeks, "customers": len(customers),
            "ids": customers[:200]}  # fmt: skip


def labels(dim: str, values: Iterable[Any]) -> dict[Any, str | None]:
    """Raw key value → the word it reads as; each value its own word, also where names repeat."""
    wanted = set(values)
    named = LABELS[dim]([v for v in wanted if v is not None]) if dim in LABELS else {}
    return {v: None if v is None else named.get(v, str(v)) for v in wanted}
