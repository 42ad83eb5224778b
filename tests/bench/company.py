"""The company that is measured: fifty sellers in five teams, and the tables that are there already."""

from __future__ import annotations

import random
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

TODAY = date(2026, 11, 16)
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
SELLERS, TEAMS, MONTHS = 50, 5, 24


def say(*words: object) -> None:
    print(*words, file=sys.stderr, flush=True)


def people() -> list[Any]:
    """Fifty sellers in five teams of one company, and a director over them."""
    from pacesetter.people import acts

    acts.create_company(name="测速公司", by=None, at=AT)
    since = date(2023, 1, 2)
    top = acts.add_person(name="总监", employee_no="B000", by=None, at=AT)
    acts.grant_role(person=top, role="director", by=None, at=AT)
    root = acts.add_team(name="总部", leader=top, by=None, at=AT)
    acts.join_team(person=top, team=root, by=None, at=AT)
    sellers = []
    for t in range(TEAMS):
        region = acts.add_region(name=f"区域{t % 2}", by=None, at=AT)
        team = acts.add_team(name=f"队{t}", parent=root, region=region, by=None, at=AT)
        for n in range(SELLERS // TEAMS):
            number = t * 100 + n + 1
            person = acts.add_person(name=f"销售{number}", employee_no=f"B{number:03d}", hire_on=since, by=None, at=AT)
            acts.grant_role(person=person, role="rep", by=None, at=AT)
            acts.join_team(person=person, team=team, on=since, by=None, at=AT)
            sellers.append(person)
    return [top, *sellers]


def workday(dice: random.Random) -> date:
    """Some day of the last 24 months."""
    return TODAY - timedelta(days=dice.randrange(1, MONTHS * 30))


def rows_of(
    dice: random.Random, sellers: list[Any], customers: range, products: range, first: int, count: int
) -> list[Any]:
    """Deals as the bulk act takes them: two lines, one or two credits, history."""
    from pacesetter.pipeline.acts import bulk
    from pacesetter.pipeline.rules import Credit

    made = []
    for n in range(first, first + count):
        owner, won, closed = dice.choice(sellers), n % 3 == 0, workday(dice)
        mate = dice.choice(sellers)
        amounts = (dice.randrange(100_00, 90_000_00), dice.randrange(100_00, 9_000_00))
        shared = won and n % 10 == 0 and mate is not owner
        credits = [Credit(owner.pk, 700_000, False, True), Credit(mate.pk, 300_000, False, False)] if shared else []
        made.append(
            bulk.DealRow(
                name=f"商机{n}", code=f"T{n:08d}", stage="won" if won else "lost" if n % 3 == 1 else "proposal",
                customer_id=dice.choice(customers), owner_id=owner.pk, opened_on=closed - timedelta(days=40),
                closed_on=closed if n % 3 < 2 else None, loss_reason="price" if n % 3 == 1 else "", credits=credits,
                lines=[bulk.LineRow(amount, dice.choice(products)) for amount in amounts],
            )
        )  # fmt: skip
    return made


def fill(sellers: list[Any], deals: int) -> None:
    """Customers, products and the table that is there already."""
    from pacesetter.pipeline.acts import bulk

    dice, began = random.Random(1), time.perf_counter()
    with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
        products = batch.products([bulk.ProductRow(f"产品{n}", f"P{n:03d}") for n in range(20)])
        customers = batch.customers([
            bulk.CustomerRow(f"客户{n}", f"C{n:05d}", owner_id=sellers[n % len(sellers)].pk,
                             created_on=TODAY - timedelta(days=900)) for n in range(5_000)
        ])  # fmt: skip
    for first in range(0, deals, 50_000):
        count = min(50_000, deals - first)
        with bulk.promote(by=None, at=AT, on=TODAY, label="bench") as batch:
            batch.deals(rows_of(dice, sellers, customers, products, first, count))
        say(f"  {first + count:,} deals there after {time.perf_counter() - began:.0f} s")
