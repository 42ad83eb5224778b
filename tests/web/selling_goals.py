"""Goals of the cast and what was sold beside them, for the tests of the goal pages.

2026-02-10  孙浩 wins    50,000.00
2026-03-05  孙浩 wins   100,000.00
2026-03-10  吴迪 wins    30,000.00
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.test import Client

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from tests.world import AT, TODAY, World

Q1 = periods.parse("2026Q1")
MONTHS = [periods.parse(f"2026-{month:02d}") for month in (1, 2, 3)]


def as_reader(reader: Person) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def page(reader: Person, path: str, **headers: str) -> str:
    response = as_reader(reader).get(path, headers=headers or None)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def send(reader: Person, path: str, **data: Any) -> Any:
    return as_reader(reader).post(path, {"key": uuid.uuid4().hex, **data})


def sold(world: World) -> World:
    """The wins of this file's docstring, in the world of the tests."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="sales") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        rows = [
            bulk.DealRow(name, "won", customer_id=customer, owner_id=owner, amount_minor=amount,
                         opened_on=date(2026, 1, 5), closed_on=closed)
            for name, owner, amount, closed in (
                ("A", world.veteran.pk, 5_000_000, date(2026, 2, 10)),
                ("B", world.veteran.pk, 10_000_000, date(2026, 3, 5)),
                ("C", world.rep2.pk, 3_000_000, date(2026, 3, 10)),
            )
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    return world


def amount(kind: str, target: int, **more: Any) -> Draft:
    return Draft("won_amount", kind, Q1, target, **more)


def cascade(world: World, *, publish: bool = True) -> dict[str, Goal]:
    """Company 300,000 → 一队 180,000 + 二队 140,000 (buffer 20,000) → 孙浩 100,000 + 陈晨 80,000 → 每日 3 家."""
    top = amount("company", 30_000_000, buffer=2_000_000)
    one = amount("team", 18_000_000, team=world.east1.pk, above=identity(top))
    two = amount("team", 14_000_000, team=world.east2.pk, above=identity(top))
    veteran = amount("person", 10_000_000, person=world.veteran.pk, above=identity(one), challenge=12_000_000,
                     parts=[Part(month, value) for month, value in zip(MONTHS, (2_000_000, 3_000_000, 5_000_000),
                                                                       strict=True)])  # fmt: skip
    grower = amount("person", 8_000_000, person=world.grower.pk, above=identity(one))
    daily = Draft("customers_visited", "person", Q1, 3, person=world.veteran.pk, per="day", above=identity(veteran))
    acts.draft_goals([top, one, two, veteran, grower, daily], origin="hand", by=world.director, at=AT)
    goals = {
        "company": Goal.objects.get(owner_kind="company"),
        "one": Goal.objects.get(team=world.east1),
        "two": Goal.objects.get(team=world.east2),
        "veteran": Goal.objects.get(person=world.veteran, per=""),
        "grower": Goal.objects.get(person=world.grower),
        "daily": Goal.objects.get(per="day"),
    }
    if publish:
        acts.publish_goals([g.pk for g in goals.values()], by=world.director, at=AT)
    return goals
