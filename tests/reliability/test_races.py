"""Two at once: one form sent twice, one key for two things, two editors, two hands on one lead.

Each guard has its control: with the guard left out, the very same race goes wrong.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .company import WRITERS, Company, Visitor

CUSTOMERS = "from pacesetter.pipeline.models import Customer, Lead\nfrom pacesetter.people.models import Person"
MANY = 8


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run them all at the same moment; returns what each gave."""
    gate, found = threading.Barrier(len(acts)), [None] * len(acts)

    def go(place: int) -> None:
        gate.wait()
        found[place] = acts[place]()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def served(company: Company) -> Iterator[Callable[..., list[Visitor]]]:
    """`served(guard)` starts the server, perhaps without a guard, and signs two people in."""

    def start(guard: str = "") -> list[Visitor]:
        company.serve(guard)
        return [company.visitor(login) for login in WRITERS[:2]]

    yield start
    company.kill()


def count(company: Company, name: str) -> int:
    return int(company.value(f"Customer.objects.filter(name={name!r}).count()", CUSTOMERS))


def test_a_form_sent_many_times_at_once_acts_once(company: Company, served):
    visitor, _other = served()
    for _attempt in range(3):
        name, key = f"双击{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
        answers = at_once(*[lambda n=name, k=key: visitor.add_customer(n, k)] * MANY)
        assert {status for status, _where in answers} == {302}
        assert len({where for _status, where in answers}) == 1
        assert count(company, name) == 1


def test_without_the_key_the_same_form_acts_many_times(company: Company, served):
    """The control."""
    visitor, _other = served("answer_once")
    name, key = f"双击{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    at_once(*[lambda: visitor.add_customer(name, key)] * MANY)
    assert count(company, name) > 1


def test_the_same_key_for_something_else_is_refused(company: Company, served):
    visitor, other = served()
    first, second, key = f"甲{uuid.uuid4().hex[:8]}", f"乙{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    assert visitor.add_customer(first, key)[0] == 302
    assert visitor.add_customer(second, key)[0] == 422
    assert (count(company, first), count(company, second)) == (1, 0)
    # keys are a person's own
    assert other.add_customer(second, key)[0] == 302


def edit_at_once(company: Company, visitors: list[Visitor]) -> tuple[list[int], str, int]:
    """Two people change one customer they both opened: statuses, the industry that stands, the version."""
    name = f"同改{uuid.uuid4().hex[:8]}"
    _status, where = visitors[1].add_customer(name)
    pk = int(where.rstrip("/").rsplit("/", 1)[-1])

    def save(visitor: Visitor, industry: str) -> Callable[[], int]:
        values = {"name": name, "industry": industry, "version": 1}
        return lambda: visitor.post(f"/customers/{pk}/edit/", values, uuid.uuid4().hex)[0]

    statuses = at_once(save(visitors[0], "制造"), save(visitors[1], "食品"))
    industry, version = company.value(
        f"list(Customer.objects.values_list('industry', 'version').get(pk={pk}))", CUSTOMERS
    )
    return sorted(statuses), industry, version


def test_of_two_editors_the_second_is_told(company: Company, served):
    visitors = served()
    for _attempt in range(3):
        statuses, _industry, version = edit_at_once(company, visitors)
        assert (statuses, version) == ([302, 422], 2)


def test_without_the_version_the_second_editor_overwrites_the_first(company: Company, served):
    """The control: both are told it worked, one change is gone."""
    statuses, _industry, version = edit_at_once(company, served("version"))
    assert (statuses, version) == ([302, 302], 3)


def numbers_at_once(company: Company) -> tuple[list[int], int]:
    """Two windows of the director set one number of the day, both opened before: statuses, lines of the journal."""
    windows = [company.visitor("E001") for _window in range(2)]
    using = "from pacesetter.journal import reads\nfrom pacesetter.journal.models import Entry"
    values = {"metric": "effective_visits", "per": "day", "valid_from": "2026-04-01"}
    # a number of that day stands already: both change it, none makes it (the database would refuse the second of two)
    newest = company.value("reads.newest('norm')", using)
    windows[0].post("/manage/process/norms/", {**values, "count": 199, "version": newest}, uuid.uuid4().hex)
    seen = company.value("reads.newest('norm')", using)
    values["version"] = seen
    # never a number that stands already: the same one again is no conflict
    first = 2 * (seen % 90)

    def save(visitor: Visitor, count: int) -> Callable[[], int]:
        sent = {**values, "count": count}
        return lambda: visitor.post("/manage/process/norms/", sent, uuid.uuid4().hex)[0]

    statuses = at_once(save(windows[0], first), save(windows[1], first + 1))
    return sorted(statuses), company.value(f"Entry.objects.filter(entity='norm', pk__gt={seen}).count()", using)


def test_of_two_at_one_setting_the_second_is_told(company: Company, served):
    served()
    for _attempt in range(3):
        assert numbers_at_once(company) == ([302, 422], 1)


def test_without_looking_the_second_setting_overwrites_the_first(company: Company, served):
    """The control."""
    served("setting")
    assert numbers_at_once(company) == ([302, 302], 2)


def test_a_lead_of_the_pool_goes_to_one_of_two(company: Company, served):
    visitors = served()
    for number in range(3):
        pk = company.value(
            f"acts.add_lead(name='公海{number}', owner=None, by=None, at=AT).pk",
            "from pacesetter.pipeline import acts\nfrom tests.world import AT",
        )
        answers = at_once(
            *[lambda v=v, pk=pk: v.post(f"/leads/{pk}/claim/", {}, uuid.uuid4().hex)[0] for v in visitors]  # type: ignore[misc]
        )
        assert sorted(answers)[0] == 302
        assert sorted(answers)[1] in (404, 422)
