"""What goals are measured with: the metric's own figures for each goal's owner, time and scope. Nothing is stored.

`Line` is one goal as the spine sees it. `actuals` asks the metric for many lines with few statements. `read` takes the
lines in force from the facts. Attainment and pace (`metrics/attainment.py`) are made of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from . import engine
from .catalogue.words import Metric
from .engine.binding import source
from .engine.question import EVERYTHING, Cell, Question, Reach, Store

BP = 10_000
# kind of owner → column of the goal
_ID = {"team": "team_id", "person": "person_id"}
# dim of a question → column of the goal
SCOPE = (
    ("customer_region", "customer_region"),
    ("industry", "industry"),
    ("product", "product_id"),
    ("customer_kind", "customer_kind"),
)


@dataclass(frozen=True)
class Line:
    """One goal. Values in the metric's unit, a ratio's in basis points of 1.

    `per`: "" the number is for the whole time, "day" or "week" for each working day or week in it. `only` narrows the
    records (dim → values). `parts`: (start, end, target) of months, which sum to the target.
    """

    goal: int
    metric: Metric
    owner_kind: str  # company | team | person
    owner: int | None
    label: str
    start: date
    end: date
    target: int
    basis: str = ""
    per: str = ""
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    parts: tuple[tuple[date, date, int], ...] = ()
    floor: int | None = None
    stretch: int | None = None
    challenge: int | None = None
    pace_basis: str = "days"
    # the days the number was made for, where it is not the whole time
    present: tuple[tuple[date, date], ...] = ()

    @property
    def ratio(self) -> bool:
        """Whether the number is a rate: it is never prorated, and rolls up from tops and bottoms."""
        return self.metric.unit == "ratio"


@dataclass(frozen=True)
class Ask:
    """The figures of one line over `[start, end)`, which is its time or a part of it."""

    line: Line
    start: date
    end: date


def _question(ask: Ask, reach: Reach, today: date | None, by: tuple[str, ...] = (), person: bool = True) -> Question:
    line = ask.line
    only, within = line.only, ()
    if line.owner_kind == "person" and person:
        only = (*only, ("person", (line.owner,)))
    elif line.owner_kind == "team" and line.owner is not None:
        within = (line.owner,)  # type: ignore[assignment]
    return Question(line.metric, ask.start, ask.end, by, line.basis, reach, within, only, today)


def _pace_dim(line: Line) -> tuple[str, ...]:
    return (line.per,) if line.per else ()


def _zero(line: Line) -> Cell:
    _, basis = line.metric.basis(line.basis)
    return Cell((), 0, 0 if basis.bottom or basis.spread else None, 0, line.metric.unit)


def _summed(line: Line, cells: Iterable[Cell]) -> Cell:
    """Days (or weeks) of a "per day" goal, added up: each day counts by itself, also what is distinct within it."""
    held = list(cells)
    if not held:
        return _zero(line)
    bottoms = [cell.bottom for cell in held]
    bottom = None if any(b is None for b in bottoms) else sum(b for b in bottoms if b is not None)
    return Cell((), sum(c.top for c in held), bottom, sum(c.n for c in held), held[0].unit)


def actuals(store: Store, asks: Sequence[Ask], *, reach: Reach = EVERYTHING, today: date | None = None) -> list[Cell]:
    """The cell of each ask, in order. People of one metric, time and scope are read together."""
    found: dict[int, Cell] = {}
    groups: dict[tuple[Any, ...], list[int]] = {}
    single: list[int] = []
    for place, ask in enumerate(asks):
        line = ask.line
        if line.owner_kind == "person":
            key = (line.metric.key, line.basis, ask.start, ask.end, line.only, line.per)
            groups.setdefault(key, []).append(place)
        else:
            single.append(place)
    for places in groups.values():
        if len(places) < 3:
            single += places
            continue
        ask = asks[places[0]]
        by = ("person", *_pace_dim(ask.line))
        owners = {asks[place].line.owner for place in places}
        question = _question(ask, reach, today, by, person=False)
        if len(owners) <= 64:
            question = question.at(only=(*question.only, ("person", tuple(sorted(o for o in owners if o is not None)))))
        cells: dict[Any, list[Cell]] = {}
        for cell in engine.ask(store, question):
            cells.setdefault(cell.key[0], []).append(cell)
        for place in places:
            found[place] = _summed(asks[place].line, cells.get(asks[place].line.owner, ()))
    plain = [place for place in single if not asks[place].line.per]
    questions = {place: _question(asks[place], reach, today) for place in plain}
    known = engine.gather(store, questions.values())

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        rows = known.get((sql, tuple(params)))
        return store.run(sql, params) if rows is None else rows

    held = replace(store, run=run)
    for place, question in questions.items():
        found[place] = engine.total(held, question)
    for place in single:
        if place not in found:
            line = asks[place].line
            cells_of = engine.ask(store, _question(asks[place], reach, today, _pace_dim(line)))
            found[place] = _summed(line, cells_of)
    return [found[place] for place in range(len(asks))]


def read(
    store: Store, metric: Metric, *, basis: str = "", owner_kind: str, start: date, end: date,
    on: date | None = None, reach: Reach = EVERYTHING, within: Sequence[int] = (),
    only: tuple[tuple[str, tuple[Any, ...]], ...] = (),
) -> list[Line]:  # fmt: skip
    """The goals of a metric that touch `[start, end)`, of one kind of owner and one scope (none = all).

    `on`: the day whose versions are in force (None: after the last of these days).
    People and teams outside the reach, or outside the subtrees `within`, are left out.
    """
    mark = store.mark
    # a goal lies in the time, or (a year in months) reaches over it and speaks through its months
    where = [f"g.metric = {mark}", f"g.basis = {mark}", f"g.owner_kind = {mark}", f"g.start_on < {mark}",
             f"g.end_on > {mark}"]  # fmt: skip
    values: list[Any] = [metric.key, basis, owner_kind, store.day(end), store.day(start)]
    given = dict(only)
    for dim, column in SCOPE:
        if dim in given:
            where.append(f"g.{column} = {mark}")
            values.append(given[dim][0])
        else:
            where.append(f"g.{column} IS NULL")
    if within:
        where.append(_inside(store, within, values))
    if not reach.everything:
        mine = []
        if reach.persons:
            mine.append(f"g.person_id IN ({', '.join([mark] * len(reach.persons))})")
            values += reach.persons
        if reach.teams:
            mine.append(_inside(store, reach.teams, values))
        where.append(f"({' OR '.join(mine) or '1 = 0'})")
    return _lines(store, where, values, {metric.key: metric}.get, on or end)


def held(
    store: Store, find: Callable[[str], Metric | None], *, on: date, owners: Mapping[str, Sequence[int]]
) -> list[Line]:
    """Every goal in force whose time holds a day, of these owners: kind → ids ("company" → ()).

    `find` gives the metric of a key; goals of a metric that is gone are left out.
    """
    mark = store.mark
    whose: list[str] = []
    values: list[Any] = [store.day(on), store.day(on)]
    for kind, ids in owners.items():
        if kind == "company":
            whose.append("g.owner_kind = 'company'")
        elif ids:
            whose.append(f"(g.owner_kind = '{kind}' AND g.{_ID[kind]} IN ({', '.join([mark] * len(ids))}))")
            values += ids
    if not whose:
        return []
    where = [f"g.start_on <= {mark}", f"g.end_on > {mark}", f"({' OR '.join(whose)})"]
    return _lines(store, where, values, find, on)


def _lines(
    store: Store, where: Sequence[str], values: Sequence[Any], find: Callable[[str], Metric | None], on: date
) -> list[Line]:
    mark = store.mark
    sql = (
        "SELECT g.id, g.metric, g.basis, g.owner_kind, g.person_id, g.team_id, g.label, g.start_on, g.end_on, g.target,"
        " g.per, g.floor, g.stretch, g.challenge, g.pace_basis, g.customer_region, g.industry, g.product_id,"
        " g.customer_kind, g.present, p.start_on, p.end_on, p.target"
        f" FROM ({source(store, 'goal')}) AS g LEFT JOIN ({source(store, 'goal_part')}) AS p"
        " ON p.version_id = g.version_id"
        # before its time a goal goes by the version of its first day
        f" WHERE {' AND '.join(where)} AND (g.since IS NULL OR g.since <= {mark} OR g.since <= g.start_on)"
        f" AND (g.until IS NULL OR (g.until > {mark} AND g.until > g.start_on)) ORDER BY g.start_on, g.id, p.start_on"
    )
    found: dict[int, Line] = {}
    for row in store.run(sql, [*values, store.day(on), store.day(on)]):
        (goal, key, basis, owner_kind, person, team, label, first, last, target, per, floor, stretch, challenge,
         pace_basis, *scope, present) = row[:20]  # fmt: skip
        part = () if row[20] is None else ((_day(row[20]), _day(row[21]), row[22]),)
        if goal in found:
            found[goal] = replace(found[goal], parts=(*found[goal].parts, *part))
        elif (metric := find(key)) is not None:
            only = tuple((dim, (value,)) for (dim, _column), value in zip(SCOPE, scope, strict=True) if value)
            found[goal] = Line(
                goal, metric, owner_kind, person if owner_kind == "person" else team, label, _day(first),
                _day(last), target, basis, per or "", only, part, floor, stretch, challenge, pace_basis,
                ranges(json.loads(present or "[]")),
            )  # fmt: skip
    return list(found.values())


def ranges(stored: Iterable[Sequence[str]]) -> tuple[tuple[date, date], ...]:
    """Stretches of days as they are kept with a goal."""
    return tuple((date.fromisoformat(start), date.fromisoformat(end)) for start, end in stored)


def _inside(store: Store, teams: Sequence[int], values: list[Any]) -> str:
    """The goal's team, or the person's on the goal's last day, lies below one of these teams."""
    marks = ", ".join([store.mark] * len(teams))
    values += [*teams, *teams]
    closure, member = source(store, "team_closure"), source(store, "membership")
    on = "c.valid_from < g.end_on AND g.end_on <= c.valid_to"
    return (
        f"(EXISTS (SELECT 1 FROM ({closure}) AS c WHERE c.descendant_id = g.team_id"
        f" AND c.ancestor_id IN ({marks}) AND {on})"
        f" OR EXISTS (SELECT 1 FROM ({member}) AS m JOIN ({closure}) AS c ON c.descendant_id = m.team_id"
        f" WHERE m.person_id = g.person_id AND m.valid_from < g.end_on AND g.end_on <= m.valid_to"
        f" AND c.ancestor_id IN ({marks}) AND {on}))"
    )


def _day(value: Any) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
