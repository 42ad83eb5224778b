"""A rate on a handful of cases is told as so many of so many, on every page: it is not judged, drawn or ranked.

孙浩 won his only deal of March; 陈晨 won 5 of 10. Both aim at a win rate of 60 %.
"""

from __future__ import annotations

import html
import json
import re
from datetime import date

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Adjustment, Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from tests.web.selling_goals import page
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")


@pytest.fixture
def company(world: World) -> World:
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="ledger") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        ended = [(world.veteran, "won"), *((world.grower, "won" if n < 5 else "lost") for n in range(10))]
        rows = [
            bulk.DealRow(f"D{n}", stage, customer_id=customer, owner_id=who.pk, amount_minor=100_00,
                         opened_on=date(2026, 3, 2), closed_on=date(2026, 3, 4),
                         loss_reason="price" if stage == "lost" else "")
            for n, (who, stage) in enumerate(ended)
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    acts.draft_goals(
        [Draft("win_rate", "person", MARCH, 6_000, person=who.pk) for who in (world.veteran, world.grower)],
        origin="hand", by=world.director, at=AT,
    )  # fmt: skip
    put_in_force(Goal.objects.values_list("pk", flat=True))
    return world


def words(reader: Person, path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page(reader, path))).split())


def asked(company: World, who: Person) -> Adjustment:
    return acts.request_adjustment(
        goal=Goal.objects.get(person=who).pk, event=acts.add_event(
            kind="competitor", title="竞品降价", on=date(2026, 3, 9), by=company.leader, at=AT).pk,
        reason="三家客户改签", target=5_000, valid_from=TODAY, by=who, at=AT,
    )  # fmt: skip


def test_too_few_cases_have_no_place_in_the_team(company: World) -> None:
    row = asked(company, company.veteran)
    told = words(company.director, f"/goals/adjustments/{row.pk}/")
    assert "达成率（到昨天） — —" in told
    assert "同队按达成率的名次 — —" in told


def test_nobody_is_behind_a_rate_of_too_few_cases(company: World) -> None:
    row = asked(company, company.grower)
    told = words(company.director, f"/goals/adjustments/{row.pk}/")
    assert "达成率（到昨天） 83.3% 100.0%" in told
    assert "同队按达成率的名次 第 1／共 2 第 1／共 2" in told


@pytest.mark.parametrize(("dues", "told", "drawn"), [(9, "¥300/¥900", False), (10, "30.0%", True)])
def test_the_chart_draws_a_rate_of_amounts_where_the_texttells_it(
    company: World, dues: int, told: str, drawn: bool
) -> None:
    """Instalments of 100.00, three of them paid: each is a case, however much money it is."""
    with bulk.promote(by=company.admin, at=AT, on=TODAY, label="dues") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("晨星电子", owner_id=company.veteran.pk)])
        (deal,) = batch.deals([
            bulk.DealRow("D", "won", customer_id=customer, owner_id=company.veteran.pk, amount_minor=100_00 * dues,
                         opened_on=date(2026, 1, 5), closed_on=date(2026, 1, 6))
        ])  # fmt: skip
        made = batch.instalments([
            bulk.InstalmentRow(number=f"I{n}", customer_id=customer, deal_id=deal, due_on=date(2026, 3, 3),
                               amount_minor=100_00, person_id=company.veteran.pk)
            for n in range(dues)
        ])  # fmt: skip
        (receipt,) = batch.receipts([
            bulk.ReceiptRow(number="R", customer_id=customer, on=date(2026, 3, 3), amount_minor=300_00,
                            person_id=company.veteran.pk)
        ])  # fmt: skip
        batch.allocations([
            bulk.AllocationRow(receipt_id=receipt, instalment_id=one, on=date(2026, 3, 3), amount_minor=100_00,
                               person_id=company.veteran.pk)
            for one in list(made)[:3]
        ])  # fmt: skip
    draft = Draft("collection_rate", "person", MARCH, 8_000, person=company.veteran.pk, basis="instalment")
    acts.draft_goals([draft], origin="hand", by=company.director, at=AT)
    goal = Goal.objects.get(metric="collection_rate")
    put_in_force([goal.pk])
    text = page(company.director, f"/goals/{goal.pk}/")
    head, chart = text.split('class="figures"')[1].split('class="chart')
    assert ("样本太少" in head) is not drawn
    assert f"实际 {told}，" in chart
    (actual, *_rest) = json.loads(html.unescape(re.search(r'data-chart="([^"]*)"', text)[1]))["series"]
    assert (actual["values"][2], any(actual["values"])) == ([300_00, 100_00 * dues] if drawn else None, drawn)
