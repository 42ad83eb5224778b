"""Sales capacity: each seller's working days times the ramp factor of the growth stage, added up.

Stages change by tenure, which SQL cannot count alike everywhere, so the spells are read and the days counted here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any

from . import schema
from .catalogue.words import Folded, Span
from .engine import periods
from .engine.binding import rows_of, source
from .engine.compiling import Compiled, finished, table_of
from .engine.question import Key, Question, Store
from .schema import TIME_DIMS

StageStarts = Callable[[date | None], list[tuple[date, str]]]
COLUMNS = ("person_id", "team_id", "manager_id", "region_id", "valid_from", "valid_to", "hire_on", "left_on")
FOREVER = date(9999, 12, 31)


@lru_cache(maxsize=2)
def _spells(dialect: str) -> Compiled:
    table = table_of("membership", "fact")
    span = Span()
    chosen = table.filter((table.valid_from < span.end) & (table.valid_to > span.start) & (table.sells == 1))
    return finished(chosen.select(*COLUMNS), schema.MEMBERSHIP, [], dialect)


def plan(stage_starts: StageStarts, factors: Mapping[str, int]) -> Callable[[Store, Question], dict[Key, Folded]]:
    """The calculation for a company: when stages begin after a hire date, and the factor of each stage in percent."""

    def capacity(store: Store, question: Question) -> dict[Key, Folded]:
        """Key → (Σ percent × working days, 100, sellers)."""
        whole = question.at(today=None)
        spells = rows_of(store, whole, _spells(store.dialect))
        overrides = _overrides(store)
        days, worked = _working_days(store, question)
        spans = periods(store, whole)
        tops: dict[Key, int] = {}
        people: dict[Key, set[int]] = {}
        for person, team, manager, region, begin, end, hired, left in spells:
            last = min(end, left) if left else end
            seat = {"person": person, "team": team, "manager": manager, "region": region}
            stages = _stages(stage_starts(hired), overrides.get(person, []))
            for labels, span_start, span_end in spans:
                for stage, stage_start, stage_end in stages:
                    first = max(begin, hired or begin, span_start, stage_start)
                    until = min(last, span_end, stage_end)
                    if first >= until:
                        continue
                    count = worked[bisect_left(days, until)] - worked[bisect_left(days, first)]
                    times = iter(labels)
                    key = tuple(
                        next(times) if dim in TIME_DIMS else stage if dim == "growth_stage" else seat[dim]
                        for dim in question.by
                    )
                    tops[key] = tops.get(key, 0) + count * factors.get(stage, 100)
                    people.setdefault(key, set()).add(person)
        return {key: (top, 100, len(people[key])) for key, top in tops.items()}

    return capacity


def _stages(by_tenure: list[tuple[date, str]], by_hand: list[tuple[date, date, str]]) -> list[tuple[str, date, date]]:
    """(stage, start, end) spells without gaps, those set by hand first."""
    cuts = sorted({date.min, FOREVER, *(d for d, _ in by_tenure), *(d for a, b, _ in by_hand for d in (a, b))})
    spells = []
    for start, end in pairwise(cuts):
        stage = "unknown"
        for since, name in by_tenure:
            if since <= start:
                stage = name
        for since, until, name in by_hand:
            if since <= start < until:
                stage = name
        spells.append((stage, start, end))
    return spells


def _overrides(store: Store) -> dict[int, list[tuple[date, date, str]]]:
    sql = f"SELECT s.person_id, s.valid_from, s.valid_to, s.growth_stage FROM ({source(store, 'stage_override')}) AS s"
    found: dict[int, list[tuple[date, date, str]]] = {}
    for person, start, end, stage in store.run(sql, ()):
        found.setdefault(person, []).append((_date(start), _date(end), stage))
    return found


def _working_days(store: Store, question: Question) -> tuple[list[date], list[int]]:
    """The days of the calendar in the asked time, and how many working days lie before each (one more entry)."""
    sql = (
        f"SELECT d.day, d.weight FROM ({source(store, 'calendar_day')}) AS d"
        f" WHERE d.day >= {store.mark} AND d.day < {store.mark} ORDER BY d.day"
    )
    rows = store.run(sql, [store.day(question.start), store.day(question.end)])
    return [_date(day) for day, _ in rows], [0, *accumulate(int(weight) for _, weight in rows)]


def _date(value: Any) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
