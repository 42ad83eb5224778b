"""What is asked, of whom, and what comes back: `Reach`, `Question`, `Cell`, `Store`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ..catalogue.words import Folded, Metric, number
from ..schema import FactTable

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Reach:
    """Whose records count: all, or those of `persons` and of the teams below `teams` on the record's own day."""

    everything: bool = False
    persons: tuple[int, ...] = ()
    teams: tuple[int, ...] = ()


EVERYTHING = Reach(everything=True)


@dataclass(frozen=True)
class Question:
    """A metric asked by dims over `[start, end)`, within a reach.

    `within`: only the subtrees of these teams. `only`: dim → the values that count (None = those without a value).
    `today` caps the instant at which a stand is taken: nothing is overdue because a month is not over yet.
    """

    metric: Metric
    start: date
    end: date
    by: tuple[str, ...] = ()
    basis: str = ""
    reach: Reach = EVERYTHING
    within: tuple[int, ...] = ()
    only: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    today: date | None = None

    @property
    def stand(self) -> date:
        """The day before which a stand is taken: the end, or tomorrow while the asked time is not over."""
        if self.today is None:
            return self.end
        return max(min(self.end, self.today + timedelta(days=1)), self.start)

    @property
    def morning(self) -> date:
        """The morning on which lateness is judged: the one after the asked time, today's while that is not over."""
        return self.end if self.today is None else min(self.end, self.today)

    def at(self, **changes: Any) -> Question:
        """The same question with something else asked."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Cell:
    """One number: raw key values in the order asked, top, bottom (None: top is the value), n cases, unit."""

    key: Key
    top: int
    bottom: int | None
    n: int
    unit: str

    @property
    def value(self) -> Fraction | int | None:
        """top ÷ bottom exactly, None over zero."""
        return number(self.top, self.bottom)


class UnknownDim(ValueError):
    """A metric was asked by something its facts do not carry."""

    def __init__(self, metric: str, asked: str, has: Sequence[str]) -> None:
        self.metric, self.asked, self.has = metric, asked, list(has)
        super().__init__(f"{metric} cannot be asked by {asked!r}; it has: {', '.join(has)}")


@dataclass(frozen=True)
class Store:
    """Where facts live: the dialect, the rooms' projections, and `run(sql, params) -> rows` of any DB-API cursor.

    `paramstyle`: qmark (plain sqlite3) or format (psycopg, Django). `plans`: calculations of their own by name.
    """

    dialect: str
    facts: Mapping[str, FactTable] = field(hash=False)
    run: Callable[[str, Sequence[Any]], list[tuple[Any, ...]]] = field(hash=False)
    paramstyle: str = "qmark"
    plans: Mapping[str, Callable[[Store, Question], dict[Key, Folded]]] = field(default_factory=dict, hash=False)

    @property
    def mark(self) -> str:
        """The placeholder of the driver."""
        return "%s" if self.paramstyle == "format" else "?"

    def day(self, day: date) -> date | str:
        """A date as the driver binds it."""
        return day.isoformat() if self.dialect == "sqlite" else day
