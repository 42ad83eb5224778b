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
ME = f"me = Person.objects.get(employee_no={WRITERS[1]!r})"
MANY = 8


@pytest.fixture
def served(company: Company) -> Iterator[Callable[..., Visitor]]:
    """`served(guards)` starts the server, perhaps without some guards, and signs one person in."""

    def start(guard: str = "") -> Visitor:
        company.serve(guard)
        return company.visitor(WRITERS[1])

    yield start
    company.kill()


def customers(company: Company, many: int) -> list[int]:
    """New customers of the person signed in: their ids."""
    names = [f"同记{uuid.uuid4().hex[:8]}" for _one in range(many)]
    found: list[int] = company.value(
        f"[pipeline.add_customer(name=name, owner=me, by=None, at=AT).pk for name in {names!r}]", f"{MODELS}\n{ME}"
    )
    return found


def plans(company: Company, many: int) -> list[tuple[int, int]]:
    """The same with a plan of today for each: the ids of both."""
    pks = customers(company, many)
    about = "person=me, on=TODAY, customer=Customer.objects.get(pk=pk), by=None, at=AT"
    made = company.value(f"[acts.plan_item({about}).pk for pk in {pks!r}]", f"{MODELS}\n{ME}")
    return list(zip(pks, made, strict=True))


def counts(company: Company, pks: list[int]) -> list[int]:
    """How many records of each customer are there."""
    found: list[int] = company.value(f"[Activity.objects.filter(customer=pk).count() for pk in {pks!r}]", MODELS)
    return found


def told(answers: list[Any]) -> Counter[str]:
    """What each was answered: "logged", or the code of its refusal."""
    return Counter("logged" if status == 200 else str(said.get("code", status)) for status, said in answers)


# --- the key ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("left_out", ["", "answer_once", "sheet_key"])
def test_one_sheet_from_many_connections_is_one_record(company: Company, served, left_out: str):
    """Two guards, the answer book of the door and the key on the record itself: each alone is enough."""
    visitor, pks = served(left_out), customers(company, 3)
    for pk in pks:
        key = uuid.uuid4().hex
        answers = at_once(*[lambda k=key, c=pk: visitor.log_visit(k, customer=c, twin="add")] * MANY)
        assert told(answers) == {"logged": MANY}, answers
        assert len({said["id"] for _status, said in answers}) == 1
    assert counts(company, pks) == [1, 1, 1]


def test_without_any_key_one_sheet_is_many_records(company: Company, served):
    """The control."""
    visitor, (pk,) = served("answer_once+sheet_key"), customers(company, 1)
    key = uuid.uuid4().hex
    at_once(*[lambda: visitor.log_visit(key, customer=pk, twin="add")] * MANY)
    assert counts(company, [pk]) == [MANY]


# --- the plan --------------------------------------------------------------------------------------------------------
def plans_from_tabs(company: Company, visitor: Visitor, many: int = 1) -> list[tuple[Counter[str], int]]:
    """Plans, each logged from two tabs at once, each with a sheet of its own: answers, and records."""
    made, answers = plans(company, many), []
    for _pk, plan in made:
        answers.append(told(at_once(*[lambda p=plan: visitor.log_visit(uuid.uuid4().hex, plan=p, twin="add")] * 2)))
    return list(zip(answers, counts(company, [pk for pk, _plan in made]), strict=True))


def test_one_plan_from_two_tabs_is_one_record(company: Company, served):
    assert plans_from_tabs(company, served(), 3) == [({"logged": 1, "planned_done": 1}, 1)] * 3


def test_without_its_guard_one_plan_is_done_twice(company: Company, served):
    """The control."""
    assert plans_from_tabs(company, served("plan")) == [({"logged": 2}, 2)]


# --- the question about a second log ---------------------------------------------------------------------------------
def from_tabs(company: Company, visitor: Visitor, many: int = 1) -> list[tuple[Counter[str], int]]:
    """Customers, each logged from many tabs at once: answers, and records."""
    pks = customers(company, many)
    answers = [told(at_once(*[lambda c=pk: visitor.log_visit(uuid.uuid4().hex, customer=c)] * MANY)) for pk in pks]
    return list(zip(answers, counts(company, pks), strict=True))


def test_of_many_tabs_at_once_one_logs_and_the_others_are_asked(company: Company, served):
    assert from_tabs(company, served(), 3) == [({"logged": 1, "twin": MANY - 1}, 1)] * 3


def test_without_the_question_every_tab_logs(company: Company, served):
    """The control."""
    assert from_tabs(company, served("twin")) == [({"logged": MANY}, MANY)]


def test_without_turns_two_tabs_do_not_see_each_other(company: Company, served):
    """The control on PostgreSQL; SQLite has one writer at a time and needs no turns."""
    records = [count for _told, count in from_tabs(company, served("turns"), 6)]
    assert max(records) > 1 if company.home.database else max(records) == 1
