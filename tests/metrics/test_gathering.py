"""Totals read together are the totals read one by one, in one statement, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import Question, Reach, gather, total

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
    assert len(ran) == 1
    asked: list[str] = []

    def held(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        found = known.get((sql, tuple(params)))
        if found is None:
            asked.append(sql)
            return ledger.store.run(sql, params)
        return found

    assert [total(replace(ledger.store, run=held), question) for question in questions] == alone
    # a median is folded in Python and stays a statement of its own, one for each of its two windows
    assert len(asked) == 2
    assert any(cell.top for cell in alone)


def test_one_question_alone_is_left_alone(ledger: Ledger) -> None:
    assert gather(ledger.store, [Question(METRICS["won_amount"], FIRST, LAST)]) == {}
