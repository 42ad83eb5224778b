"""Playing the story: everything through acts, as a person or an import would do it.

`play(story, at=…)` fills an empty, migrated installation; people, teams and the last days by single acts, the months
before by one bulk act with its one journal line.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pacesetter.activity import acts as activity
from pacesetter.activity.acts.bulk import ActivityRow, take_activities
from pacesetter.people import acts as people
from pacesetter.people.models import Region
from pacesetter.people.reads import company_once
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.rules import Credit

from . import aiming, beside, daily, recent
from .played import ZONE, Played
from .story import vocabulary
from .story.days import months_back
from .story.plan import ActivityPlan, DealPlan, Story


def play(story: Story, *, at: datetime) -> Played:
    """Everything. `at` = now; the company must not exist yet."""
    played = Played()
    with company_once():
        settle(story, played, at=at)
        history(story, played, at=at)
        daily.play(story, played, at=at)
        beside.play(story, played, at=at)
        recent.play(story, played, at=at)
        aiming.play(story, played, at=at)
    return played


# --- who ----------------------------------------------------------------------------------------------------------
def settle(story: Story, played: Played, *, at: datetime) -> None:
    """The company, its teams, people, roles, visit rules and words of its own."""
    people.create_company(
        name=vocabulary.COMPANY, zone=ZONE, history_complete_from=months_back(story.start, 14), by=None, at=at
    )
    people.change_company(wizard_done=True, by=None, at=at)
    for number, one in enumerate(story.people, start=1):
        played.people[one.key] = people.add_person(
            name=one.name, employee_no=f"QY{number:03d}", mobile=f"199000{number:05d}", hire_on=one.hire, by=None, at=at
        )
    regions: dict[str, Region] = {}
    for plan in story.teams:
        if plan.region and plan.region not in regions:
            regions[plan.region] = people.add_region(name=plan.region, by=None, at=at)
        played.teams[plan.key] = people.add_team(
            name=plan.name, parent=played.teams[plan.parent] if plan.parent else None,
            region=regions[plan.region] if plan.region else None,
            leader=played.people[plan.leader] if plan.leader else None, by=None, at=at,
        )  # fmt: skip
    for one in story.people:
        person = played.people[one.key]
        people.join_team(person=person, team=played.teams[one.team], on=one.hire, title=one.title, by=None, at=at)
        people.grant_role(person=person, role=one.role, on=one.hire, by=None, at=at)
        if one.moves:
            on, to = one.moves
            people.transfer(
                person=person, team=played.teams[to], on=on, title=one.title, reason=vocabulary.MOVING,
                by=played.people["zhou"], at=at,
            )  # fmt: skip
    hr = played.people["lin"]
    people.grant_role(person=played.people["e12"], role="mentor", on=story.start, by=hr, at=at)
    people.override_stage(
        person=played.people["e14"], stage="growth", on=months_back(story.today, 2),
        reason="带过大项目，提前转入成长期", by=hr, at=at,
    )  # fmt: skip
    director = played.people["zhou"]
    activity.set_visit_rule(valid_from=months_back(story.start, 14), entry_hours=96, by=director, at=at)
    activity.set_visit_rule(
        valid_from=months_back(story.today, 2), back_days=2, min_minutes=10, duplicate_days=1,
        reason="补录太多，超过两天的由主管确认", by=director, at=at,
    )  # fmt: skip
    beside.scorecard(story, played)
    pipeline.set_pool_rule(
        valid_from=months_back(story.start, 14), protect_days=20, extend_days=10, max_days=60, by=director, at=at
    )
    pipeline.set_pool_rule(
        valid_from=months_back(story.today, 2), reason="线索多、跟进慢，缩短保护期", by=director, at=at
    )
    pipeline.set_tier_rule(
        valid_from=months_back(story.today, 3), by=director, at=at, **vocabulary.TIER_LINES,
    )  # fmt: skip
    activity.make_company_metric(
        key="joint_visits_held", zh="陪同拜访次数", en="Joint visits held", kind="joint_visit", by=director, at=at
    )


# --- the months before --------------------------------------------------------------------------------------------
def history(story: Story, played: Played, *, at: datetime) -> None:
    """Products, customers, leads, deals, money and activities in one bulk act."""
    ids = {key: person.pk for key, person in played.people.items()}
    with bulk.promote(
        by=played.people["he"], at=at, on=story.today, label="旧系统历史数据", act="take_history", reason="上线迁移"
    ) as batch:
        products = batch.products([
            bulk.ProductRow(one.name, one.code, one.category, one.price, one.cost) for one in vocabulary.PRODUCTS
        ])  # fmt: skip
        product_ids = {one.code: pk for one, pk in zip(vocabulary.PRODUCTS, products, strict=True)}
        made = batch.customers([
            bulk.CustomerRow(one.name, f"C{one.key + 1:04d}", one.industry, one.region, one.size, one.tier,
                             ids[one.owner], None, one.source, created_on=one.since)
            for one in story.customers
        ])  # fmt: skip
        played.customers = dict(enumerate(made))
        whose = [(one.key, contact) for one in story.customers for contact in one.contacts]
        contacts = batch.contacts([
            bulk.ContactRow(made[key], contact.name, contact.title, contact.decision_role, contact.mobile)
            for key, contact in whose
        ])  # fmt: skip
        played.contacts = {(key, contact.name): pk for (key, contact), pk in zip(whose, contacts, strict=True)}
        leads = batch.leads([
            bulk.LeadRow(
                one.name, one.created, f"L{one.key + 1:05d}", one.contact, one.mobile, one.source, one.industry,
                one.region, ids[one.owner] if one.owner else None, ids[one.taker] if one.taker else None,
                one.owner is None, one.stage, one.valid, one.intent, one.proposal, one.won, one.lost, one.touched,
                one.reason, None if one.customer is None else made[one.customer],
            )
            for one in story.leads
        ])  # fmt: skip
        played.leads = dict(enumerate(leads))
        deals = batch.deals([_deal_row(deal, played, ids, product_ids) for deal in story.deals])
        played.deals = dict(enumerate(deals))
        _money(story, played, batch, ids)
        first = daily.since(story)
        before = [one for one in story.activities if one.at.date() < first]
        take_activities(batch, [_activity_row(one, played, ids) for one in before])


def _deal_row(deal: DealPlan, played: Played, ids: dict[str, int], products: dict[str, int]) -> bulk.DealRow:
    won = deal.stage == "won"
    return bulk.DealRow(
        name=deal.name, stage=deal.stage, code=f"D{deal.key + 1:05d}", customer_id=played.customers[deal.customer],
        lead_id=None if deal.lead is None else played.leads[deal.lead], owner_id=ids[deal.owner], source=deal.source,
        tax_basis="included", contract_no=f"QY-HT-{deal.closed:%Y%m}-{deal.key + 1:04d}" if won else "",
        opened_on=deal.opened, expected_on=deal.expected, signed_on=deal.closed if won else None, closed_on=deal.closed,
        loss_reason=deal.reason, competitor=deal.competitor, next_step=deal.next_step, next_on=deal.next_on,
        lines=[bulk.LineRow(line.amount, products[line.product], "", line.pieces * 1000, line.price, line.discount,
                            line.cost) for line in deal.lines],
        credits=[Credit(ids[who], share, overlay, primary) for who, share, overlay, primary in deal.credits],
        steps=[bulk.StepRow(*step) for step in deal.steps],
    )  # fmt: skip


def _money(story: Story, played: Played, batch: bulk.Batch, ids: dict[str, int]) -> None:
    """Invoices of what was won, planned payments, and the money that came for them."""
    won = [deal for deal in story.deals if deal.stage == "won" and deal.closed is not None]
    batch.invoices([
        bulk.InvoiceRow(played.customers[deal.customer], min(deal.closed + timedelta(days=5), story.today), deal.amount,
                        f"FP{deal.key + 1:06d}", played.deals[deal.key], ids[deal.owner])
        for deal in won if deal.closed is not None
    ])  # fmt: skip
    rows = [(number, one, story.deals[one.deal]) for number, one in enumerate(story.instalments, start=1)]
    made = batch.instalments([
        bulk.InstalmentRow(played.customers[deal.customer], one.due, one.amount, f"YS{number:05d}",
                           played.deals[deal.key], None, ids[deal.owner])
        for number, one, deal in rows
    ])  # fmt: skip
    paid = [(pk, *row) for pk, row in zip(made, rows, strict=True) if row[1].paid is not None]
    receipts = batch.receipts([
        bulk.ReceiptRow(played.customers[deal.customer], one.paid, one.part, f"HK{number:05d}", ids[deal.owner],
                        "银行转账")
        for _pk, number, one, deal in paid if one.paid is not None
    ])  # fmt: skip
    batch.allocations([
        bulk.AllocationRow(receipt, pk, one.paid, one.part, ids[deal.owner])
        for receipt, (pk, _number, one, deal) in zip(receipts, paid, strict=True)
        if one.allocated and one.paid is not None
    ])  # fmt: skip


def _activity_row(one: ActivityPlan, played: Played, ids: dict[str, int]) -> ActivityRow:
    zone = ZoneInfo(ZONE)
    contact = None if one.customer is None else played.contacts.get((one.customer, one.contact))
    return ActivityRow(
        ids[one.person], one.kind, one.at.date(), one.at.replace(tzinfo=zone),
        customer_id=None if one.customer is None else played.customers[one.customer], contact_id=contact,
        contact_name=one.contact, deal_id=None if one.deal is None else played.deals[one.deal],
        lead_id=None if one.lead is None else played.leads[one.lead],
        companion_id=ids[one.companion] if one.companion else None, result=one.result, next_step=one.next_step,
        next_on=one.next_on, minutes=one.minutes, note=one.note, entered_at=one.entered.replace(tzinfo=zone),
    )  # fmt: skip
