"""A small world whose calculation back from the amount can be done by hand.

90 days up to 2026-03-15, all of 孙浩 (so that the team's rates are the own ones and nothing is drawn anywhere):

    4 deals won of 50,000.00 each, one of them on 2026-03-05; 12 lost         order value 50,000.00, win rate 4/16
    20 leads, 10 of them reached intent                                        lead conversion 10/20
    all 16 deals entered intent, 8 proposals                                   0.5 proposals per prospect
    40 effective visits                                                        2 visits per lead

Goal of March 300,000.00, so 250,000.00 are left on 12 working days (16 to 31 March):
5 deals, 20 prospects, 40 leads, 80 visits = 6.67 a day → 7; 10 proposals = 4.17 a week → 5.
"""

from __future__ import annotations

from datetime import date, timedelta

from pacesetter.activity.acts import bulk as doing
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.acts.bulk import DealRow, LeadRow, StepRow
from tests.world import AT, TODAY, World, put_in_force

MARCH = periods.parse("2026-03")
EACH = 50_000_00


def worked(world: World, who: Person | None = None, *, wins: int = 4, losses: int = 12,
           each: int = EACH) -> None:  # fmt: skip
    """What the docstring tells, for 孙浩 or somebody else."""
    who = who or world.veteran
    people.ensure_calendar(first=date(2025, 1, 1), last=date(2027, 1, 1), by=None, at=AT)
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="计算器") as batch:
        customers = list(batch.customers([
            bulk.CustomerRow(f"{who.name}客户{n}", owner_id=who.pk, created_on=date(2025, 12, 1)) for n in range(40)
        ]))  # fmt: skip
        deals = []
        for n in range(wins + losses):
            won = n < wins
            closed = date(2026, 3, 5) if n == 0 else date(2026, 1, 20) + timedelta(days=n)
            opened = date(2026, 1, 5)
            deals.append(DealRow(
                f"{who.name}单{n}", stage="won" if won else "lost", customer_id=customers[n], owner_id=who.pk,
                opened_on=opened, closed_on=closed, amount_minor=each, loss_reason="" if won else "price",
                steps=[StepRow("prospect", "opened", opened), StepRow("intent", "moved", opened + timedelta(days=3)),
                       StepRow("won" if won else "lost", "won" if won else "lost", closed)],
            ))  # fmt: skip
        bulk.prepare(deals)
        batch.deals(deals)
        batch.leads([
            LeadRow(f"{who.name}线索{n}", date(2026, 1, 6), owner_id=who.pk, stage="intent" if n < 10 else "new",
                    valid_on=date(2026, 1, 7) if n < 10 else None, intent_on=date(2026, 1, 9) if n < 10 else None)
            for n in range(20)
        ])  # fmt: skip
        rows = [
            doing.ActivityRow(who.pk, "visit", date(2026, 1, 8) + timedelta(days=n % 30), customer_id=customers[n],
                              contact_name="王总", result="有意向", next_step="报价",
                              next_on=date(2026, 3, 1))
            for n in range(40)
        ]  # fmt: skip
        rows += [
            doing.ActivityRow(who.pk, "proposal", date(2026, 2, 2 + n), customer_id=customers[n]) for n in range(8)
        ]
        doing.take_activities(batch, rows)


def aimed(world: World, who: Person | None = None, target: int = 300_000_00) -> Goal:
    """The amount of March to reach, in force."""
    who = who or world.veteran
    draft = Draft("won_amount", "person", MARCH, target, person=who.pk)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get(person=who, metric="won_amount", start=MARCH.start, end=MARCH.end)
    put_in_force([goal.pk])
    return goal
