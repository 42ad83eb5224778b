"""The course of one goal: what was done up to each of several days beside what should have been by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pacesetter.lib import periods

from . import engine, standing
from .attainment import total_of
from .engine.question import EVERYTHING, Cell, Question, Reach, Store
from .keeping import Calendars, counter, curve_before, paced
from .standing import Ask, Line

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Point:
    """A day of the course: `until` is the first day that does not count. Done is None while it lies ahead."""

    until: date
    line: Line
    done: Cell | None
    expected: Fraction | None


def course(
    store: Store, versions: Sequence[tuple[date, Line]], steps: Sequence[date], *, today: date, calendars: Calendars,
    reach: Reach = EVERYTHING, settings: periods.Settings = periods.DEFAULT,
) -> list[Point]:  # fmt: skip
    """One point per step. `versions`: (from which day, goal) of what was in force, oldest first; the first holds
    from the beginning. Facts before `today` count.
    """
    newest = versions[-1][1]
    done = _done(store, newest, [s for s in steps if s <= today], reach, today)
    curved = next((line for _since, line in versions if line.pace_basis == "curve"), None)
    curve = None
    if curved is not None:
        calendar = calendars.of(curved.owner_kind, curved.owner, curved.start)
        curve = curve_before(store, curved, calendar, reach, settings)
    found = []
    for step in steps:
        # where the page stands today, the goal of today holds
        line = in_force(versions, step + DAY if step == today else step)
        value = total_of(line, line.start, line.end, counter(calendars))
        cell = done.get(step)
        pace = paced(line, line.start, line.end, value, (cell.top, cell.bottom) if cell else (0, None), step, calendars,
                     curve if line.pace_basis == "curve" else None)  # fmt: skip
        found.append(Point(step, line, cell, pace.expected))
    return found


def in_force(versions: Sequence[tuple[date, Line]], step: date) -> Line:
    """The goal of the last day before the step; at its very beginning that of its first day."""
    last = max(step - DAY, versions[0][1].start)
    come = [line for since, line in versions if since <= last]
    return come[-1] if come else versions[0][1]


def _done(store: Store, line: Line, steps: Sequence[date], reach: Reach, today: date) -> dict[date, Cell]:
    """Step → what was done from the goal's first day on. Days add up where the metric does.

    Where they do not, or the value is a stand taken at the end, each step is asked.
    """
    if not steps:
        return {}
    stand = line.metric.basis(line.basis)[1].moving
    if stand or not (line.metric.additive or line.per == "day"):
        asks = [Ask(line, line.start, min(step, line.end)) for step in steps]
        cells = standing.actuals(store, asks, reach=reach, today=today)
        return dict(zip(steps, cells, strict=True))
    whose = (("person", (line.owner,)),) if line.owner_kind == "person" else ()
    within = (line.owner,) if line.owner_kind == "team" and line.owner is not None else ()
    asked = Question(line.metric, line.start, min(steps[-1], line.end), ("day",), line.basis, reach, within,
                     (*line.only, *whose), today)  # fmt: skip
    days = engine.ask(store, asked)
    rate = bool(line.metric.basis(line.basis)[1].bottom)
    found: dict[date, Cell] = {}
    for step in steps:
        counted = [cell for cell in days if cell.key[0] < step.isoformat()]
        bottom = sum(cell.bottom or 0 for cell in counted) if rate else None
        top, n = sum(cell.top for cell in counted), sum(cell.n for cell in counted)
        found[step] = Cell((), top, bottom, n, line.metric.unit)
    return found
