"""A page shows no way that ends in 404 for the same reader."""

from __future__ import annotations

import re
from html import unescape

import pytest

from pacesetter.people.models import Person
from tests.matrix.policy import ROLES
from tests.web.selling_goals import as_reader, cascade, page, sold
from tests.world import World

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = "period=2026-03"


def ways(html: str, *, only: str) -> list[str]:
    """The addresses of a page's own part that match, without those of the frame."""
    main = html[html.index('id="main"') :]
    return sorted({unescape(found) for found in re.findall(r'href="([^"#]+)"', main) if re.search(only, found)})


def dead(reader: Person, paths: list[str]) -> list[str]:
    client = as_reader(reader)
    return [path for path in paths if client.get(path).status_code == 404]


@pytest.mark.parametrize(("language", "says"), [("zh-hans", "没有这一页"), ("en", "There is no such page")])
def test_what_is_not_there_is_said_to_every_role_with_a_way_home(world: World, language: str, says: str):
    for role in ROLES:
        client = as_reader(world.by_role(role))
        client.cookies["pace_language"] = language
        for path in ("/nowhere/", "/customers/999999/", "/goals/999999/"):
            answer = client.get(path)
            assert (answer.status_code, says in answer.content.decode()) == (404, True), (role, path)
            assert 'href="/"' in answer.content.decode(), (role, path)
        assert client.get("/", follow=True).status_code == 200, role


def test_whoever_reads_only_lead_goals_gets_a_cascade_whose_switches_work(world: World):
    cascade(world)
    found = ways(page(world.marketing, "/goals/"), only=r"^/goals/\?")
    assert any("period=2026Q2" in one for one in found)
    assert dead(world.marketing, found) == []
    assert "metric=won_amount" in " ".join(ways(page(world.director, "/goals/"), only=r"^/goals/\?"))


def test_the_register_leads_back_to_applications_only_whom_they_concern(world: World):
    back = 'href="/goals/adjustments/"'
    assert back not in page(world.marketing, "/goals/events/")
    assert back in page(world.director, "/goals/events/")


def test_a_number_of_the_funnel_names_no_page_of_its_own(world: World):
    sold(world)
    for key, has_page in (("funnel_deal_deal", False), ("won_amount", True)):
        html = page(world.director, f"/why/{key}/?{MARCH}")
        assert (f'href="/insights/metrics/{key}/"' in html) is has_page, key


def test_a_metric_names_the_funnel_only_to_whoever_has_one(world: World):
    sold(world)
    path = f"/insights/metrics/deals_won/?{MARCH}"
    assert "/insights/funnel/" in page(world.director, path)
    assert dead(world.finance, ways(page(world.finance, path), only="/insights/funnel/")) == []


def test_a_goal_names_the_page_of_its_metric_only_to_whoever_may_open_it(world: World):
    goal = cascade(world)["company"]
    own = 'href="/insights/metrics/won_amount/"'
    assert own in page(world.director, f"/goals/{goal.pk}/")
    assert own not in page(world.hrbp, f"/goals/{goal.pk}/")
