"""The first page: what is overdue in reach, oldest first, and figures against the same days of the month before."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def page_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return str(client.get("/").content.decode())


def owed(world: World, name: str, owner: Person, due_on: date, amount: int) -> None:
    customer = acts.add_customer(name=name, owner=owner, by=None, at=AT)
    acts.plan_instalment(customer=customer, due_on=due_on, amount_minor=amount, by=None, at=AT)


def test_finance_begins_with_what_is_overdue_the_oldest_first(world: World):
    """Due on 10 and 2 March: overdue on the 16th. Due on the 16th and later: not. 100 + 250 = 350."""
    owed(world, "海川机械", world.veteran, date(2026, 3, 10), 10_000)
    owed(world, "远山电子", world.south_rep, date(2026, 3, 2), 25_000)
    owed(world, "今天到期", world.veteran, date(2026, 3, 16), 70_000)
    page = page_of(world.finance)
    assert "2 笔应收已经逾期，共 ¥350" in page
    assert 0 < page.index("远山电子") < page.index("海川机械")
    assert "今天到期" not in page


def test_a_rep_sees_only_what_their_own_customers_owe(world: World):
    owed(world, "海川机械", world.veteran, date(2026, 3, 10), 10_000)
    owed(world, "远山电子", world.south_rep, date(2026, 3, 2), 25_000)
    page = page_of(world.veteran)
    assert "海川机械" in page
    assert "远山电子" not in page


def test_figures_name_the_days_they_are_compared_with(world: World):
    """The 16th of March stands against the first 16 days of February."""
    assert "本月至今，对比 2026-02-01 – 2026-02-16" in page_of(world.leader)
