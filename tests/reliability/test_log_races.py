"""Two logs at once: one sheet from two connections, one plan from two tabs, one customer from two tabs.

Each guard has its control: with the guard left out, the very same race goes wrong.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .company import WRITERS, Company, Visitor
from .test_races import at_once

MODELS = """from pacesetter.activity import acts
from pacesetter.activity.models import Activity, PlanItem
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY"""
MANY = 8


@pytest.fixture
def served(company: Company) -> Iterator[Callable[..., Visitor]]:
    """`served(guards)` starts the server, perhaps without some guards, and signs one person in."""

    def start(guard: str = "") -> Visitor:
        company.serve(guard)
        return company.visitor(WRITERS[1])

    yield start
    company.kill()


def customer(company: Company, plan: bool = False) -> tuple[int, int]:
    """A customer of the person signed in, and a plan for today (0 = none): their ids."""
    name = f"同记{uuid.uuid4().hex[:8]}"
    me = f"Person.objects.get(employee_no={WRITERS[1]!r})"
    made = f"pipeline.add_customer(name={name!r}, owner={me}, by=None, at=AT).pk"
    pk = int(company.value(made, MODELS))
    if not plan:
        return pk, 0
    about = f"person={me}, on=TODAY, customer=Customer.objects.get(pk={pk}), by=None, at=AT"
    return pk, int(company.value(f"acts.plan_item({about}).pk", MODELS))


def count(company: Company, pk: int) -> int:
    return int(company.value(f"Activity.objects.filter(customer={pk}).count()", MODELS))


def told(answers: list[Any]) -> Counter[str]:
    """What each was answered: "logged", or the code of its refusal."""
    return Counter("logged" if status == 200 else str(said.get("code", status)) for status, said in answers)


# --- the key ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("left_out", ["", "answer_once", "sheet_key"])
def test_one_sheet_from_many_connections_is_one_record(company: Company, served, left_out: str):
    """Two guards, the answer book of the door and the key on the record itself: each alone is enough."""
    visitor = served(left_out)
    for _attempt in range(3):
        (pk, _plan), key = customer(company), uuid.uuid4().hex
        answers = at_once(*[lambda k=key, c=pk: visitor.log_visit(k, customer=c, twin="add")] * MANY)
        assert told(answers) == {"logged": MANY}, answers
        assert len({said["id"] for _status, said in answers}) == 1
        assert count(company, pk) == 1


def test_without_any_key_one_sheet_is_many_records(company: Company, served):
    """The control."""
    visitor = served("answer_once+sheet_key")
    (pk, _plan), key = customer(company), uuid.uuid4().hex
    at_once(*[lambda: visitor.log_visit(key, customer=pk, twin="add")] * MANY)
    assert count(company, pk) == MANY


# --- the plan --------------------------------------------------------------------------------------------------------
def plan_from_tabs(company: Company, visitor: Visitor) -> tuple[Counter[str], int]:
    """One plan logged from two tabs at once, each with a sheet of its own: answers, and records."""
    pk, plan = customer(company, plan=True)
    answers = at_once(*[lambda: visitor.log_visit(uuid.uuid4().hex, plan=plan, twin="add")] * 2)
    return told(answers), count(company, pk)


def test_one_plan_from_two_tabs_is_one_record(company: Company, served):
    visitor = served()
    for _attempt in range(3):
        assert plan_from_tabs(company, visitor) == ({"logged": 1, "planned_done": 1}, 1)


def test_without_its_guard_one_plan_is_done_twice(company: Company, served):
    """The control."""
    assert plan_from_tabs(company, served("plan")) == ({"logged": 2}, 2)


# --- the question about a second log ---------------------------------------------------------------------------------
def from_tabs(company: Company, visitor: Visitor) -> tuple[Counter[str], int]:
    """One customer logged from many tabs at once: answers, and records."""
    pk, _plan = customer(company)
    answers = at_once(*[lambda: visitor.log_visit(uuid.uuid4().hex, customer=pk)] * MANY)
    return told(answers), count(company, pk)


def test_of_many_tabs_at_once_one_logs_and_the_others_are_asked(company: Company, served):
    visitor = served()
    for _attempt in range(3):
        assert from_tabs(company, visitor) == ({"logged": 1, "twin": MANY - 1}, 1)


def test_without_the_question_every_tab_logs(company: Company, served):
    """The control."""
    assert from_tabs(company, served("twin")) == ({"logged": MANY}, MANY)


def test_without_turns_two_tabs_do_not_see_each_other(company: Company, served):
    """The control on PostgreSQL; SQLite has one writer at a time and needs no turns."""
    visitor = served("turns")
    records = [from_tabs(company, visitor)[1] for _attempt in range(6)]
    assert max(records) > 1 if company.home.database else max(records) == 1
