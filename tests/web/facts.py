"""Months of work for the cast: leads, deals with shared credit, refunds, visits, instalments and receipts, seeded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from pacesetter.activity.acts import bulk as doing
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline import rules
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.acts.bulk import DealRow, LeadRow, LineRow, StepRow
from tests.world import AT, TODAY, World

SOURCES = ("展会", "官网", "转介绍", "电话", "")
INDUSTRIES = ("装备制造", "医药", "物流", "食品", "")
PRODUCTS = ("测试平台 标准版", "测试平台 企业版", "年度服务", "培训")
NAMES = (
    "海川",
    "宏达",
    "明远",
    "金石",
    "北辰",
    "华新",
    "东方",
    "天域",
    "锦程",
    "博远",
    "云帆",
    "嘉禾",
    "启明",
    "瑞丰",
    "中联",
)
KINDS = ("机械", "医药", "物流", "食品", "科技", "电气", "材料")


def more_people(world: World, count: int) -> list[Person]:
    """Further sellers of the three teams (for boards of a real size)."""
    teams = (world.east1, world.east2, world.south1)
    made = []
    for place in range(count):
        hire_on = date(2022, 1, 3) + timedelta(days=31 * (place % 48))
        person = people.add_person(
            name=f"销售{place + 1:02d}", employee_no=f"F{place + 1:03d}", mobile=f"1390000{place:04d}", hire_on=hire_on,
            by=None, at=AT,
        )  # fmt: skip
        people.grant_role(person=person, role="rep", on=hire_on, by=None, at=AT)
        people.join_team(person=person, team=teams[place % 3], on=hire_on, by=None, at=AT)
        made.append(person)
    return made


def busy(world: World, *, months: int = 9, sellers: Sequence[Person] = (), today: date = TODAY, seed: int = 7) -> None:
    """Uneven work of `months` months up to `today`; every seller differs in diligence and luck."""
    dice = random.Random(seed)
    people.ensure_calendar(first=date(today.year - 3, 1, 1), last=date(today.year + 1, 1, 1), by=None, at=AT)
    team = list(sellers) or [world.newcomer, world.grower, world.veteran, world.rep2, world.mover, world.south_rep]
    first = periods.add_months(today.replace(day=1), 1 - months)
    with bulk.promote(by=world.admin, at=AT, on=today, label="测试数据") as batch:
        products = batch.products([bulk.ProductRow(name, code=f"P{i}") for i, name in enumerate(PRODUCTS)])
        customers: dict[int, list[int]] = {}
        for person in team:
            rows = [
                bulk.CustomerRow(
                    f"{dice.choice(NAMES)}{dice.choice(KINDS)}{person.pk}-{i}", industry=dice.choice(INDUSTRIES),
                    region=dice.choice(("江苏", "上海", "广东", "")), owner_id=person.pk, created_on=first,
                )
                for i in range(12)
            ]  # fmt: skip
            customers[person.pk] = list(batch.customers(rows))
        leads, deals, acts = [], [], []
        for person in team:
            skill, zeal = dice.randint(12, 45), dice.randint(2, 9)
            for step in range(months):
                start = max(periods.add_months(first, step), person.hire_on or first)
                if start > today:
                    continue
                _month(
                    dice, person, team, customers[person.pk], start, today, skill, zeal, products, leads, deals, acts
                )
        bulk.prepare(deals)
        ids = list(batch.deals(deals))
        batch.leads(leads)
        doing.take_activities(batch, acts)
        won = [(pk, row) for pk, row in zip(ids, deals, strict=True) if row.stage == "won"]
        _money(dice, batch, won, today)
        for pk, row in won[:: max(len(won) // 4, 1)]:
            back = (row.amount_minor or 0) // 5
            on = min(today, (row.closed_on or today) + timedelta(days=20))
            batch.reversals([bulk.ReversalRow(deal_id=pk, kind="refund", on=on, amount_minor=back)])


def _month(dice, person, team, customers, start, today, skill, zeal, products, leads, deals, acts):  # type: ignore[no-untyped-def]
    """One month of one person."""
    days = [start + timedelta(days=i) for i in range(28) if start + timedelta(days=i) <= today]
    for place in range(zeal + 4):
        on = dice.choice(days)
        valid = on + timedelta(days=dice.randint(0, 4)) if dice.randint(0, 99) < 80 else None
        intent = valid + timedelta(days=dice.randint(1, 12)) if valid and dice.randint(0, 99) < skill + 20 else None
        sent = intent + timedelta(days=dice.randint(2, 15)) if intent and dice.randint(0, 99) < 60 else None
        won = sent + timedelta(days=dice.randint(3, 25)) if sent and dice.randint(0, 99) < skill else None
        reached = [day if day and day <= today else None for day in (valid, intent, sent, won)]
        lost = on + timedelta(days=30) if not reached[3] and dice.randint(0, 2) else None
        lost = lost if lost and lost <= today else None
        stage = (
            "won" if reached[3] else "lost" if lost else "intent" if reached[1] else "valid" if reached[0] else "new"
        )
        leads.append(
            LeadRow(
                f"{dice.choice(NAMES)}{place}", on, source=dice.choice(SOURCES), industry=dice.choice(INDUSTRIES),
                owner_id=person.pk, stage=stage, valid_on=reached[0], intent_on=reached[1], proposal_on=reached[2],
                won_on=reached[3], lost_on=lost,
            )
        )  # fmt: skip
    for _place in range(zeal // 2 + 2):
        on = dice.choice(days)
        closed = on + timedelta(days=dice.randint(10, 50))
        lines = [
            LineRow(dice.randint(8_000, 180_000) * 100 + dice.randint(0, 99), dice.choice(list(products)))
            for _line in range(dice.randint(1, 2))
        ]
        stage = "intent"
        if closed <= today:
            stage = "won" if dice.randint(0, 99) < skill + 10 else "lost"
        other = dice.choice(team)
        credits = ()
        if stage == "won" and other.pk != person.pk and not dice.randint(0, 3):
            credits = (rules.Credit(person.pk, 666_667, primary=True), rules.Credit(other.pk, 333_333))
        middle = on + (min(closed, today) - on) / 2
        steps = [StepRow("prospect", "opened", on), StepRow("intent", "moved", middle)]
        if closed <= today:
            steps.append(StepRow(stage, stage, closed))
        deals.append(
            DealRow(
                f"{dice.choice(NAMES)}项目", stage=stage, customer_id=dice.choice(customers), owner_id=person.pk,
                source=dice.choice(SOURCES), opened_on=on, closed_on=closed if closed <= today else None, lines=lines,
                credits=credits, steps=steps, loss_reason="price" if stage == "lost" else "",
            )
        )  # fmt: skip
    for _place in range(zeal * 2):
        on = dice.choice(days)
        met = dice.randint(0, 3) > 0
        acts.append(
            doing.ActivityRow(
                person.pk, dice.choice(("visit", "visit", "call", "proposal")), on, customer_id=dice.choice(customers),
                contact_name="王总" if met else "", result="有意向" if met else "", next_step="报价" if met else "",
                next_on=on + timedelta(days=7) if met else None, minutes=40,
            )
        )  # fmt: skip


def _money(dice, batch, won, today):  # type: ignore[no-untyped-def]
    """Two instalments per won deal; most are paid, some late, some not at all."""
    plans, owners = [], []
    for pk, row in won:
        half = row.amount_minor // 2
        for part, due in (
            (half, row.closed_on + timedelta(days=15)),
            (row.amount_minor - half, row.closed_on + timedelta(days=60)),
        ):
            plans.append(bulk.InstalmentRow(row.customer_id, due, part, deal_id=pk, person_id=row.owner_id))
            owners.append(row.owner_id)
    ids = list(batch.instalments(plans))
    receipts, for_plan = [], []
    for plan_id, plan in zip(ids, plans, strict=True):
        on = plan.due_on + timedelta(days=dice.randint(-5, 30))
        if on <= today and dice.randint(0, 99) < 75:
            receipts.append(bulk.ReceiptRow(plan.customer_id, on, plan.amount_minor, person_id=plan.person_id))
            for_plan.append((plan_id, plan))
    received = list(batch.receipts(receipts))
    batch.allocations(
        [
            bulk.AllocationRow(rid, pid, receipt.on, plan.amount_minor, person_id=plan.person_id)
            for rid, receipt, (pid, plan) in zip(received, receipts, for_plan, strict=True)
        ]
    )
