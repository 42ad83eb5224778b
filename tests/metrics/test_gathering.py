"""Numbers read together are the numbers read one by one, in as few statements as their columns allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import Question, Reach, ask, gather, remembering, total

from .ledger import Ledger

FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)
KEYS = ("won_amount", "win_rate", "effective_visits", "collection_rate", "overdue_amount", "days_in_stage", "proposals")


def facts(ledger: Ledger) -> None:
    for n in range(1, 9):
        ledger.add("booking", happened_on=f"2026-0{n}-05", amount_minor=n * 100, person_id=n % 3, deal_id=n)
        ledger.add("deal_step", happened_on=f"2026-0{n}-06", deal_id=n, outcome=("won", "lost")[n % 2], person_id=n % 3,
                   previous_stage="intent", days_in_previous=n)  # fmt: skip
        ledger.add("activity", happened_on=f"2026-0{n}-07", person_id=n % 3, effective=n % 2, kind="proposal")
        ledger.add("instalment", id=n, due_on=f"2026-0{n}-08", amount_minor=n * 10, person_id=n % 3)
        ledger.add("allocation", instalment_id=n, happened_on=f"2026-0{n}-09", amount_minor=n * 5, person_id=n % 3)


@pytest.mark.parametrize("reach", [Reach(everything=True), Reach(persons=(1,))])
def test_together_is_the_same_as_one_by_one_and_costs_one_statement(ledger: Ledger, reach: Reach) -> None:
    facts(ledger)
    questions = [Question(METRICS[key], FIRST, LAST, reach=reach) for key in KEYS]
    questions += [replace(question, end=date(2026, 5, 1)) for question in questions]
    alone = [total(ledger.store, question) for question in questions]
    ran: list[str] = []

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        ran.append(sql)
        return ledger.store.run(sql, params)

    known = gather(replace(ledger.store, run=run), questions)
    # a median is folded in Python from columns of its own: its two windows are the other statement
    assert len(ran) == 2
    asked: list[str] = []

    def held(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        found = known.get((sql, tuple(params)))
        if found is None:
            asked.append(sql)
            return ledger.store.run(sql, params)
        return found

    assert [total(replace(ledger.store, run=held), question) for question in questions] == alone
    assert asked == []
    assert any(cell.top for cell in alone)


def test_one_question_alone_is_left_alone(ledger: Ledger) -> None:
    assert gather(ledger.store, [Question(METRICS["won_amount"], FIRST, LAST)]) == {}


def test_what_is_asked_by_the_same_dims_goes_together(ledger: Ledger) -> None:
    facts(ledger)
    ledger.calendar("2026-01-01", "2027-01-01")
    keys = ("won_amount", "win_rate", "effective_visits", "overdue_amount")
    questions = [Question(METRICS[key], FIRST, LAST, by=("person",)) for key in keys]
    questions += [replace(question, end=date(2026, 5, 1)) for question in questions]
    questions += [Question(METRICS["won_amount"], FIRST, LAST, by=("person", "month"))]
    alone = [ask(ledger.store, question) for question in questions]
    ran: list[str] = []

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        ran.append(sql)
        return ledger.store.run(sql, params)

    store = replace(ledger.store, run=run)
    known = gather(store, questions)
    assert len(ran) == 1
    # by person and month there is one question only: it is asked by itself, and the rest not again
    assert [ask(remembering(store, known), question) for question in questions] == alone
    assert len(ran) == 2
    assert gather(store, questions, known) == {}
    assert len(ran) == 2
    assert all(len(cells) > 1 for cells in alone)


def test_a_stand_by_month_is_read_in_one_go(ledger: Ledger) -> None:
    """Instalments of 10n due on the 8th of month n, half paid the day after: open at the end of each month 5, 15 …"""
    facts(ledger)
    ledger.calendar("2026-01-01", "2027-01-01")
    ran: list[str] = []

    def run(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        ran.append(sql)
        return ledger.store.run(sql, params)

    question = Question(METRICS["overdue_amount"], FIRST, date(2026, 5, 1), by=("month",))
    cells = ask(replace(ledger.store, run=run), question)
    assert [(cell.key, cell.top) for cell in cells] == [
        (("2026-01",), 5), (("2026-02",), 15), (("2026-03",), 30), (("2026-04",), 50),
    ]  # fmt: skip
    assert len(ran) == 2, "the calendar, and the four months together"
