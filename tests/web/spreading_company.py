"""A company of five teams and thirty people whose year is spread, for the tests of the spread tool."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client

from pacesetter.goals import acts, reads, rules
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person, Team
from pacesetter.pipeline.acts import bulk
from tests.world import AT, TODAY, World

YEAR = periods.parse("2026")
AMOUNT = 12_345_678_900
Company = tuple[World, list[Team], list[Person]]


def client(reader: Person) -> Client:
    found = Client()
    found.force_login(reader)
    return found


def company_of(world: World) -> Company:
    """Five teams and thirty people: one came in February on 50 %, one moved in the middle of a month."""
    people.ensure_calendar(first=date(2023, 1, 1), last=date(2028, 1, 1), by=None, at=AT)
    for member in (world.newcomer, world.grower, world.veteran, world.rep2, world.mover, world.south_rep):
        people.leave(person=member, on=date(2026, 3, 13), reason="测试", by=None, at=AT)
    teams = [people.add_team(name=f"销售{n}队", parent=world.hq, by=None, at=AT) for n in range(1, 6)]
    made = []
    for place in range(30):
        hire_on = date(2026, 2, 2) if place == 29 else date(2021, 3, 1)
        name, number = f"销售{place:02d}", f"S{place:03d}"
        person = people.add_person(name=name, employee_no=number, hire_on=hire_on, by=None, at=AT)
        people.grant_role(person=person, role="rep", on=hire_on, by=None, at=AT)
        people.join_team(person=person, team=teams[place % 5], on=hire_on, by=None, at=AT)
        made.append(person)
    people.transfer(person=made[0], team=teams[1], on=date(2026, 3, 10), reason="充实二队", by=None, at=AT)
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="past") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=made[1].pk)])
        rows = [
            bulk.DealRow(f"D{place}", "won", customer_id=customer, owner_id=person.pk,
                         amount_minor=1_000_000 + 137_211 * place, opened_on=date(2025, 3, 3),
                         closed_on=date(2025, 4 + place % 8, 7))
            for place, person in enumerate(made[:25])
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    return world, teams, made


@pytest.fixture
def company(spreading: Company) -> Company:
    """The company of `company_of`; a test file that imports it has it."""
    return spreading


def company_goal(world: World) -> Goal:
    acts.draft_goals([Draft("won_amount", "company", YEAR, AMOUNT)], origin="hand", by=world.director, at=AT)
    return Goal.objects.get(owner_kind="company")


CHOICES: dict[str, Any] = {
    "by_history": "60", "by_equal": "40", "months_by": "days", "unit": "1000", "buffer_top": "8", "buffer_team": "5",
    "presence": "on", "ramp": "on",
}  # fmt: skip


def send(reader: Person, goal: Goal, **more: Any) -> Any:
    return client(reader).post(f"/goals/spread/?from={goal.pk}", {"key": uuid.uuid4().hex, **CHOICES, **more})


def shown(response: Any) -> dict[str, str]:
    """The hidden and hand-set boxes of a preview, as they are sent again."""
    html = response.content.decode()
    found = {"key": re.findall(r'name="key" value="(\w+)"', html)[0]}
    found |= dict(re.findall(r'name="(seen-[\w]+)" value="(\d+)"', html))
    return found | {
        name: value for name, value in re.findall(r'name="((?:fix|cell)-[\w-]+)" value="([^"]*)"', html) if value
    }


def everything_adds_up() -> int:
    """Every node against its children, the whole and month by month; how many nodes have children."""
    book = reads.book(Goal.objects.all())
    balances = rules.balances(book.nodes())
    assert [b for b in balances.values() if b.difference] == []
    months: dict[int, dict[str, int]] = {}
    standing = [view for view in book if view.shown]
    for view in standing:
        parts = view.shown.parts
        assert sum(part.target for part in parts) == view.shown.row.target, view.goal
        held = months.setdefault(view.pk, {})
        for part in parts:
            held[part.label] = held.get(part.label, 0) + part.target
    for pk in balances:
        below: dict[str, int] = {}
        for view in standing:
            if book.parent_of(view) == pk:
                for label, value in months[view.pk].items():
                    below[label] = below.get(label, 0) + value
        extra = {label: below[label] - months[pk][label] for label in below}
        assert sum(extra.values()) == book[pk].shown.row.buffer
        assert min(extra.values()) >= 0
    return len(balances)
