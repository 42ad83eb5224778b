"""My day with goals: the month against what it should be, rings by own action goals."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as organisation
from pacesetter.people import reads
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World, put_in_force


def client_of(person: Person) -> Client:
    """Signed in, with what the first page of a session costs behind it."""
    client = Client()
    client.force_login(person, backend="pacesetter.web.signin.PersonBackend")
    return client


pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")


def aim(world: World, *rows: Draft) -> None:
    acts.draft_goals(rows, origin="hand", by=None, at=AT)
    drafted = Goal.objects.exclude(versions__events__kind="published")
    put_in_force(list(drafted.values_list("pk", flat=True)))


def test_the_month_says_what_is_missing_and_what_a_day_asks_for(world: World):
    """10,000 of March, 4,000 signed: 6,000 over the working days from the 16th on."""
    aim(world, Draft("won_amount", "person", MARCH, 10_000_00, person=world.veteran.pk))
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="单", customer=customer, owner=world.veteran, amount_minor=4_000_00,
                              on=date(2026, 3, 2), by=None, at=AT)  # fmt: skip
    pipeline.win_deal(deal, on=TODAY, by=None, at=AT)
    left = reads.working_days(world.company.calendar_id, TODAY, MARCH.end)
    page = client_of(world.veteran).get("/today/").content.decode()
    assert "差 ¥6,000" in page
    assert f"剩 {left} 个工作日" in page
    assert 'class="bullet' in page


def test_without_a_goal_there_is_the_number_alone(world: World):
    page = client_of(world.veteran).get("/today/").content.decode()
    assert "本月成交额" in page
    assert "日均需完成" not in page


def test_an_own_action_goal_fills_the_ring_in_place_of_the_usual_number(world: World):
    aim(world, Draft("customers_visited", "person", MARCH, 2, person=world.veteran.pk, per="day"))
    page = client_of(world.veteran).get("/today/").content.decode()
    assert 'data-ring="customers_visited"' in page
    assert 'data-ring="effective_visits"' not in page, "the same visits need one ring"
    assert 'data-ring="follow_ups"' in page
    other = client_of(world.grower).get("/today/").content.decode()
    assert 'data-ring="effective_visits"' in other


def test_goals_cost_my_day_few_queries(world: World):
    client = client_of(world.veteran)
    client.get("/today/")
    with CaptureQueriesContext(connection) as bare:
        client.get("/today/")
    aim(world, Draft("won_amount", "person", MARCH, 10_000_00, person=world.veteran.pk),
        Draft("customers_visited", "person", MARCH, 2, person=world.veteran.pk, per="day"))  # fmt: skip
    with CaptureQueriesContext(connection) as seen:
        client.get("/today/")
    assert len(seen) <= 25
    assert len(seen) - len(bare) <= 5


def signed(world: World, amount: int, on: date) -> None:
    customer = pipeline.add_customer(name=f"海川机械 {on}", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="单", customer=customer, owner=world.veteran, amount_minor=amount,
                              on=date(2026, 1, 5), by=None, at=AT)  # fmt: skip
    pipeline.win_deal(deal, on=on, by=None, at=AT)


def test_a_goal_of_the_performance_month_is_what_my_day_and_the_calculator_go_by(world: World):
    """From 26 February to 25 March: 500 and 4,000 of 10,000; what was won on the 25th lies before."""
    organisation.change_company(performance_start_day=26, by=None, at=AT)
    march = periods.parse("PM2026-03", reads.period_settings(reads.company()))
    aim(world, Draft("won_amount", "person", march, 10_000_00, person=world.veteran.pk))
    for amount, on in ((9_000_00, date(2026, 2, 25)), (500_00, date(2026, 2, 26)), (4_000_00, TODAY)):
        signed(world, amount, on)
    client = client_of(world.veteran)
    html = client.get("/today/").content.decode()
    assert "2026-03 业绩月成交额" in html
    assert "差 ¥5,500" in html
    left = reads.working_days(world.company.calendar_id, TODAY, march.end)
    assert f"剩 {left} 个工作日" in html
    html = client.get("/goals/calculator/").content.decode()
    assert 'title="¥10,000.00"' in html
    assert "2026-03 业绩月 的目标" in html.replace("\n", "")
    assert 'title="¥5,500.00"' in html
    aim(world, Draft("won_amount", "person", MARCH, 6_000_00, person=world.veteran.pk))
    html = client.get("/today/").content.decode()
    assert "本月成交额" in html, "the natural month goes before"
    assert "差 ¥2,000" in html


def test_a_goal_of_the_quarter_alone_is_what_my_day_and_the_calculator_go_by(world: World):
    aim(world, Draft("won_amount", "person", periods.parse("2026Q1"), 10_000_00, person=world.veteran.pk))
    signed(world, 3_000_00, date(2026, 1, 20))
    client = client_of(world.veteran)
    client.get("/today/")
    with CaptureQueriesContext(connection) as seen:
        html = client.get("/today/").content.decode()
    assert len(seen) <= 25
    assert "2026 年第 1 季度成交额" in html
    assert "差 ¥7,000" in html
    client.get("/goals/calculator/")
    with CaptureQueriesContext(connection) as seen:
        html = client.get("/goals/calculator/").content.decode()
    assert len(seen) <= 25
    assert 'title="¥7,000.00"' in html
    assert "还没有成交额目标" not in html
