"""What the reverse-funnel calculator counts: wins, cases, leads, proposals and visits of persons and teams.

Every figure is a metric of the catalogue. `SQUARES` is the one beside it: how far amounts of deals scatter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import engine
from .catalogue import METRICS
from .catalogue.result import AMOUNT
from .catalogue.words import Basis, Folded, Metric, Spread
from .engine.question import EVERYTHING, Cell, Question, Reach, Store

DEALS, WIN, LEADS = ("average_order_value", ""), ("win_rate", "closed"), ("lead_conversion_rate", "cohort")
PROPOSALS, REPORTS = ("proposals", ""), ("needs_reports", "")
INTENTS, VISITS = ("proposal_rate", ""), ("effective_visits", "")
ASKED = (DEALS, WIN, LEADS, PROPOSALS, REPORTS, INTENTS, VISITS)


def squares(rows: list[tuple[Any, ...]]) -> Folded:
    """Σ of the squared amount of each deal, with how many deals there were."""
    amounts = [int(amount) for deal, amount in rows if deal is not None and amount]
    return sum(amount * amount for amount in amounts), None, len(amounts)


SQUARES = Metric(
    "deal_squares",
    "每单金额的平方和",
    "Sum of squared deal amounts",
    "result",
    "count",
    {
        "": Basis(
            spread=Spread("booking", ("deal_id",), squares, ("每单金额", "amount by deal"), weigh="amount_minor",
                          where=AMOUNT.where),
            top_words=("每单金额的平方和", "sum of squared deal amounts"),
        )
    },
    ("每单金额的平方和，用来估计单均额可能差多少。", "Squared deal amounts, added up: how far an average may be off."),
    better="none",
    additive=False,
    family="amounts",
)  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """The figures of one owner by (metric, basis), and how the amounts of the deals scatter."""

    cells: Mapping[tuple[str, str], Cell]
    squares: int

    def of(self, what: tuple[str, str]) -> tuple[int, int]:
        """(top, bottom) of a metric, never below 0; what has no bottom counts its cases."""
        cell = self.cells.get(what)
        if cell is None:
            return 0, 0
        bottom = cell.n if cell.bottom is None else cell.bottom
        return max(cell.top, 0), max(bottom, 0)


def _questions(start: date, end: date, today: date, **more: Any) -> list[Question]:
    wanted = [(METRICS[key], basis) for key, basis in ASKED]
    return [
        Question(metric, start, end, basis=basis, today=today, **more) for metric, basis in [*wanted, (SQUARES, "")]
    ]


def of_persons(
    store: Store, persons: Sequence[int], start: date, end: date, *, today: date, reach: Reach = EVERYTHING
) -> dict[int, Counted]:
    """Everybody of `persons`, also who has no facts, in `[start, end)` and within the reach."""
    only = (("person", tuple(sorted(set(persons)))),) if len(set(persons)) <= 64 else ()
    questions = list(_questions(start, end, today, by=("person",), reach=reach, only=only))
    held = engine.remembering(store, engine.gather(store, questions))
    by_key = {question.metric.key: {cell.key[0]: cell for cell in engine.ask(held, question)} for question in questions}
    return {
        person: _counted({key: cells[person] for key, cells in by_key.items() if person in cells})
        for person in set(persons)
    }


def of_team(store: Store, team: int, start: date, end: date, *, today: date) -> Counted:
    """One team with everything below it."""
    questions = _questions(start, end, today, within=(team,))
    held = engine.remembering(store, engine.gather(store, questions))
    return _counted({question.metric.key: engine.total(held, question) for question in questions})


def _counted(cells: Mapping[str, Cell]) -> Counted:
    of_squares = cells.get(SQUARES.key)
    found = {(key, basis): cells[key] for key, basis in ASKED if key in cells}
    return Counted(found, of_squares.top if of_squares else 0)
