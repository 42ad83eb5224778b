"""The first page of whoever leads: will we make it, which team, which step."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as organisation
from pacesetter.people import reads
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")


def home(person: Person, language: str = "zh-hans") -> str:
    client = Client()
    client.force_login(person)
    client.cookies["pace_language"] = language
    return client.get("/").content.decode()


def won(owner: Person, amount: int, on: date = date(2026, 3, 5)) -> None:
    customer = pipeline.add_customer(name=f"客户{owner.name}{amount}", owner=owner, by=None, at=AT)
    deal = pipeline.open_deal(name="单", customer=customer, owner=owner, amount_minor=amount, on=on, by=None, at=AT)
    pipeline.win_deal(deal, on=on, by=None, at=AT)


@pytest.fixture
def aimed(world: World) -> World:
    """March: 10,000 for the company, 6,000 and 4,000 for two teams, 2,000 each for two people of the first."""
    top = Draft("won_amount", "company", MARCH, 10_000_00)
    teams = [Draft("won_amount", "team", MARCH, amount, team=team.pk, above=identity(top))
             for team, amount in ((world.east1, 6_000_00), (world.east2, 4_000_00))]  # fmt: skip
    people = [Draft("won_amount", "person", MARCH, 3_000_00, person=one.pk, above=identity(teams[0]))
              for one in (world.veteran, world.grower)]  # fmt: skip
    acts.draft_goals([top, *teams, *people], origin="hand", by=None, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    won(world.veteran, 1_000_00)
    won(world.rep2, 3_900_00)
    return world


def test_the_director_reads_the_month_and_the_teams_that_are_short_first(aimed: World):
    """4,900 of 10,000 by the 16th; 一队 has 1,000 of 6,000, 二队 3,900 of 4,000."""
    page = home(aimed.director)
    assert "本月完成 49.0%" in page
    assert "先看 华东一队" in page
    assert "The company stands at 49.0% of this month" in home(aimed.director, "en")
    assert page.index("华东一队</a></th>") < page.index("华东二队</a></th>")


def test_the_manager_reads_the_own_team_and_its_people(aimed: World):
    page = home(aimed.leader)
    assert "团队本月完成 16.7%" in page
    assert "The team stands at 16.7% of this month" in home(aimed.leader, "en")
    assert page.index("陈晨</a></th>") < page.index("孙浩</a></th>"), "the one without a deal is further behind"
    assert "吴迪</a></th>" not in page
    assert "华东二队" not in page.split("<main", 1)[1]


def test_who_leads_nobody_has_no_outlook(aimed: World):
    for person in (aimed.hrbp, aimed.finance, aimed.marketing, aimed.admin):
        assert 'class="outlook"' not in home(person)


def test_without_goals_the_page_is_as_before(world: World):
    assert 'class="outlook"' not in home(world.director)


def test_a_month_that_was_made_says_so(aimed: World):
    won(aimed.rep2, 6_000_00)
    assert "本月目标已经达成：109.0%" in home(aimed.director), "never capped"


@pytest.mark.parametrize(
    ("label", "words", "english"),
    [("PM2026-03", "2026-03 业绩月", "Performance month 2026-03"), ("2026Q1", "2026 年第 1 季度", "Q1 2026")],
)
def test_goals_of_another_time_than_the_natural_month_are_read_by_their_own(
    world: World, label: str, words: str, english: str
):
    """Won on 5 March: 4,900 of 10,000, in the performance month (26 February to 25 March) and in the quarter."""
    organisation.change_company(performance_start_day=26, by=None, at=AT)
    period = periods.parse(label, reads.period_settings(reads.company()))
    top = Draft("won_amount", "company", period, 10_000_00)
    team = Draft("won_amount", "team", period, 10_000_00, team=world.east1.pk, above=identity(top))
    acts.draft_goals([top, team], origin="hand", by=None, at=AT)
    put_in_force(Goal.objects.values_list("pk", flat=True))
    won(world.veteran, 4_900_00)
    won(world.veteran, 77_00, on=date(2026, 3, 16))
    page = home(world.director)
    assert f"{words}完成 49.8%" in page
    assert f"{words}各团队" in page
    assert "本月" not in page.split("<main", 1)[1]
    assert "2026-03 业绩月至今，对比" in page
    assert f"The company stands at 49.8% of {english}" in home(world.director, "en")


def leads(owner: Person, *, intents: int, wins: int) -> None:
    """40 qualified leads of 80 days ago: some with intent, the others lost; some of those won with a deal each."""
    on = TODAY - timedelta(days=80)
    for n in range(40):
        lead = pipeline.add_lead(name=f"线索{owner.pk}-{n}", owner=owner, on=on, by=None, at=AT)
        pipeline.move_lead(lead, stage="valid", on=on, by=None, at=AT)
        if n >= intents:
            pipeline.move_lead(lead, stage="lost", on=on, loss_reason="price", by=None, at=AT)
            continue
        pipeline.move_lead(lead, stage="intent", on=on, by=None, at=AT)
        if n < wins:
            customer = pipeline.add_customer(name=f"线索客户{owner.pk}-{n}", owner=owner, by=None, at=AT)
            deal = pipeline.open_deal(name="单", customer=customer, lead=lead, owner=owner, amount_minor=100_00, on=on,
                                      by=None, at=AT)  # fmt: skip
            pipeline.win_deal(deal, on=on, by=None, at=AT)


def test_the_step_that_costs_a_team_the_most_is_named(aimed: World):
    """一队 brings 10 of 40 qualified leads to intent, 二队 30 of 40: 25 % against 50 % of all."""
    leads(aimed.veteran, intents=10, wins=4)
    leads(aimed.rep2, intents=30, wins=12)
    page = home(aimed.director)
    first, second = page.index("华东一队</a></th>"), page.index("华东二队</a></th>")
    assert "有效→意向 25.0% / 50.0%" in page[first:second]
    assert f"scope=team:{aimed.east1.pk}" in page[first:second]
    assert "没有明显偏低的环节" in page[second:]


def test_the_page_stays_within_its_queries(aimed: World):
    for person in (aimed.director, aimed.leader):
        client = Client()
        client.force_login(person)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/")
        assert len(seen) <= 25, len(seen)
