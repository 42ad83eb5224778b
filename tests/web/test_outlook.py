"""The first page of whoever leads: will we make it, which team, which step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, identity
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")


def home(person: Person) -> str:
    client = Client()
    client.force_login(person)
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
    acts.publish_goals(list(Goal.objects.values_list("pk", flat=True)), by=None, at=AT)
    won(world.veteran, 1_000_00)
    won(world.rep2, 3_900_00)
    return world


def test_the_director_reads_the_month_and_the_teams_that_are_short_first(aimed: World):
    """4,900 of 10,000 by the 16th; 一队 has 1,000 of 6,000, 二队 3,900 of 4,000."""
    page = home(aimed.director)
    assert "本月完成 49.0%" in page
    assert "先看 华东一队" in page
    assert page.index("华东一队</a></th>") < page.index("华东二队</a></th>")


def test_the_manager_reads_the_own_team_and_its_people(aimed: World):
    page = home(aimed.leader)
    assert "团队本月完成 16.7%" in page
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


def test_the_step_that_costs_a_team_the_most_is_named(aimed: World, monkeypatch: pytest.MonkeyPatch):
    from pacesetter.web.views import outlook

    def counted(figures: Any, subject: str, keys: list[str], money: str, on: date, teams: list[int]) -> Any:
        return {aimed.east1.pk: ("意向→方案 20.0% / 40.0%", 5_000_00)}

    monkeypatch.setattr(outlook, "_of_subject", counted)
    page = home(aimed.director)
    row = page[page.index("华东一队</a></th>") : page.index("华东二队</a></th>")]
    assert "意向→方案 20.0% / 40.0%" in row
    assert f"scope=team:{aimed.east1.pk}" in row


def test_the_page_stays_within_its_queries(aimed: World):
    for person in (aimed.director, aimed.leader):
        client = Client()
        client.force_login(person)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/")
        assert len(seen) <= 25, len(seen)
