"""Asks the spine for one page: within the reader's reach, each query at most once.

Several metrics share their parts (wins count in deals won and in the win rate); a page keeps what it has already read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from pacesetter import assembly
from pacesetter.goals.reads.catalogue import ever
from pacesetter.lib import periods
from pacesetter.metrics import engine, funnel
from pacesetter.metrics.catalogue import METRICS, Metric
from pacesetter.metrics.engine.compiling import dims_for
from pacesetter.metrics.engine.question import EVERYTHING, Cell, Question, Reach
from pacesetter.people import reads as people
from pacesetter.people.models import Company
from pacesetter.people.reach import Reach as Viewer

from .asked import Window
from .scope import ALL, Where, dims_for_reader, readable
from .wording import Names, Writer

Cells = dict[tuple[Any, ...], Cell]


class Figures:
    """The numbers of one page for one reader on one day."""

    def __init__(self, viewer: Viewer, today: date) -> None:
        self.viewer = viewer
        self.today = today
        self._rows: dict[Any, list[tuple[Any, ...]]] = {}
        self.names = Names()

    @cached_property
    def company(self) -> Company:
        return people.company()

    @cached_property
    def settings(self) -> periods.Settings:
        return people.period_settings(self.company)

    @cached_property
    def writer(self) -> Writer:
        return Writer(self.company.currency)

    @cached_property
    def store(self) -> engine.Store:
        spine = assembly.store()
        run = spine.run

        def once(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
            key = (sql, tuple(params))
            if key not in self._rows:
                self._rows[key] = list(run(sql, params))
            return self._rows[key]

        return replace(spine, run=once)

    def reach(self, metric: Metric, by: Iterable[str], where: Where) -> Reach:
        """What the reader may count of a metric, asked by these dims of this part."""
        dims = {*by, *(dim for dim, _values in where.filters)}
        return assembly.limits(metric, self.viewer, {*dims, "person"} if where.team or "team" in dims else dims)

    @cached_property
    def seats(self) -> people.SeatBook:
        """Everybody's seat of any day."""
        return people.SeatBook()

    def seat(self, person_id: int | None, on: date) -> people.SeatAt:
        """One person's seat of a day, from the book where it lies open already."""
        return self.seats.at(person_id, on) if "seats" in self.__dict__ else people.seat_at(person_id, on)

    @cached_property
    def catalogue(self) -> Mapping[str, Metric]:
        """Every metric of this company that the reader may see."""
        return {key: metric for key, metric in assembly.catalogue().items() if readable(self.viewer, metric)}

    def has(self, key: str) -> bool:
        """Whether the reader may see a metric of the product itself."""
        return key in METRICS and readable(self.viewer, METRICS[key])

    def has_page(self, key: str) -> bool:
        """Whether the reader may open the page of a metric; those of the funnel have none of their own."""
        return self.has(key) if key in METRICS else key not in funnel.METRICS and key in self.catalogue

    @property
    def has_funnel(self) -> bool:
        """Whether there is a funnel for this reader."""
        return any(readable(self.viewer, funnel.METRICS[f"funnel_{one}_{one}"]) for one in funnel.STEPS)

    def metric(self, key: str) -> Metric:
        """A metric of the catalogue or of the funnel, or one that was retired (goals on it explain themselves). Raises
        KeyError where the reader may not see it."""
        found = METRICS.get(key) or funnel.METRICS.get(key)
        if found is None:
            found = self.catalogue.get(key) or ever(key)
        if found is None or not readable(self.viewer, found):
            raise KeyError(key)
        return found

    def question(self, key: str, by: Iterable[str], start: date, end: date, where: Where, basis: str = "",
                 wide: bool = False) -> Question:  # fmt: skip
        """A question of this page; `wide` asks beyond the reader's own reach (the public board only)."""
        metric, dims = self.metric(key), tuple(by)
        return Question(
            metric=metric,
            start=start,
            end=end,
            by=dims,
            basis=basis,
            reach=EVERYTHING if wide else self.reach(metric, dims, where),
            within=where.within,
            only=where.filters,
            today=self.today,
        )

    def ask(self, key: str, by: Iterable[str], start: date, end: date, where: Where = ALL, basis: str = "",
            *, wide: bool = False) -> Cells:  # fmt: skip
        """key of the dims → cell."""
        question = self.question(key, by, start, end, where, basis, wide)
        self.expect([question])
        return {cell.key: cell for cell in engine.ask(self.store, question)}

    def total(self, key: str, start: date, end: date, where: Where = ALL, basis: str = "") -> Cell:
        """The one number without dims; zeros where there are no facts."""
        question = self.question(key, (), start, end, where, basis)
        self.expect([question])
        return engine.total(self.store, question)

    def expect(self, questions: Iterable[Question]) -> None:
        """Read these questions in one statement for each choice of dims; asking for them afterwards costs nothing."""
        self._rows.update(engine.gather(self.store, questions, self._rows))

    def now(self, key: str, by: Iterable[str], at: Window, where: Where = ALL, basis: str = "") -> Cells:
        return self.ask(key, by, at.start, at.end, where, basis)

    def before(self, key: str, by: Iterable[str], at: Window, where: Where = ALL, basis: str = "") -> Cells:
        return self.ask(key, by, at.before_start, at.before_end, where, basis)

    def dims(self, metric: Metric, basis: str = "") -> list[str]:
        """The dims the reader may split a metric by."""
        return dims_for_reader(self.viewer, dims_for(metric, basis))


def folded(metric: Metric, cells: Iterable[Cell]) -> Cell:
    """Σ tops over Σ bottoms of an additive metric (an average of averages would be wrong)."""
    top, bottom, n, rate = 0, 0, 0, False
    for cell in cells:
        top += cell.top
        n += cell.n
        if cell.bottom is not None:
            rate = True
            bottom += cell.bottom
    return Cell((), top, bottom if rate else None, n, metric.unit)
