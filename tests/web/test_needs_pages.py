"""Hints on cards, in the list, on a manager's first page and in the API: one sentence everywhere, few queries."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity import acts as activity
from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Deal
from tests.api.calling import Program
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
QUIET = "20 天没有联系"
LATE = "约好的下一步过了 2 天"


def client_of(person: Person, **cookies: str) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies.load(cookies)
    return client


def page(person: Person, path: str, **cookies: str) -> str:
    answer = client_of(person, **cookies).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.fixture
def deal(world: World) -> Deal:
    """Twenty days old, never touched, its next step two days over."""
    customer = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=8_600_000,
                          on=TODAY - timedelta(days=20), next_step="报价", next_on=TODAY - timedelta(days=2), by=None,
                          at=AT)  # fmt: skip


def test_the_same_sentence_stands_everywhere(world: World, deal: Deal):
    for person, path in (
        (world.veteran, f"/deals/{deal.pk}/"),
        (world.veteran, f"/customers/{deal.customer_id}/"),
        (world.veteran, f"/today/hints/no_activity/?deal={deal.pk}"),
        (world.leader, "/"),
    ):
        html = page(person, path)
        assert LATE in html, path
        assert QUIET in html, path
    html = page(world.leader, "/deals/")
    assert LATE in html
    assert QUIET not in html, "the list shows the weightiest only"
    assert f"/today/hints/next_overdue/?deal={deal.pk}" in html


def test_it_is_said_in_english_too(world: World, deal: Deal):
    html = page(world.veteran, f"/deals/{deal.pk}/", pace_language="en")
    needs = re.search(r'<section class="needs".*?</section>', html, re.S)
    assert needs is not None
    assert not re.search(r"[\u4e00-\u9fff]", needs.group()), needs.group()


def test_what_was_done_makes_the_hint_go(world: World, deal: Deal):
    activity.log_activity(person=world.veteran, kind="call", deal=deal, customer=deal.customer, result="有意向",
                          next_step="报价", next_on=TODAY + timedelta(days=1), by=world.veteran, at=AT)  # fmt: skip
    html = page(world.veteran, f"/deals/{deal.pk}/")
    assert QUIET not in html
    assert LATE not in html


def test_the_list_is_narrowed_to_what_needs_attention(world: World, deal: Deal):
    calm = acts.open_deal(name="安稳的", owner=world.veteran, next_step="报价", next_on=TODAY, by=None, at=AT)
    html = page(world.leader, "/deals/")
    assert "要处理（1）" in html
    assert "下一步过期 1" in html
    assert calm.name in html
    html = page(world.leader, "/deals/?needs=any")
    assert (deal.name in html, calm.name in html) == (True, False)
    html = page(world.leader, "/deals/?needs=no_activity")
    assert f"/deals/{deal.pk}/" in html
    text = client_of(world.leader).get("/deals/export.csv").content.decode()
    assert "下一步过期" in text


def test_a_manager_sees_the_five_weightiest_of_the_team_with_their_owner(world: World, deal: Deal):
    for n in range(6):
        acts.open_deal(name=f"小单{n}", owner=world.grower, amount_minor=n, on=TODAY - timedelta(days=20), by=None,
                       at=AT)  # fmt: skip
    other = acts.open_deal(name="别队的", owner=world.rep2, on=TODAY - timedelta(days=20), by=None, at=AT)
    html = page(world.leader, "/")
    panel = html[html.index("最要处理的商机") :]
    panel = panel[: panel.index("</ul>")]
    assert panel.count("<li>") == 5
    assert panel.index("一期") < panel.index("小单5")
    assert "孙浩" in panel
    assert other.name not in panel


@pytest.mark.parametrize(
    ("role", "told"), [("rep", True), ("manager", True), ("director", True), ("analyst", True), ("finance", False)]
)
def test_who_may_not_read_activities_is_told_nothing_of_them(world: World, deal: Deal, role: str, told: bool):
    person = world.by_role(role)
    for path in (f"/deals/{deal.pk}/", f"/customers/{deal.customer_id}/", "/deals/"):
        assert (LATE in page(person, path)) == told, path
    status = client_of(person).get(f"/today/hints/no_activity/?deal={deal.pk}").status_code
    assert status == (200 if told else 404)
    answer: Any = Program(person).send("GET", f"/deals/{deal.pk}")
    assert [one["key"] for one in answer.json()["hints"]][:2] == (["next_overdue", "no_activity"] if told else [])


def test_the_api_gives_figures_not_sentences(world: World, deal: Deal):
    answer: Any = Program(world.veteran).send("GET", "/deals")
    hints = answer.json()["items"][0]["hints"]
    assert {"key": "no_activity", "days": 20, "against": None, "n": 0} in hints


def queries(client: Client, path: str) -> int:
    client.get("/me/privacy/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_hints_cost_the_same_for_ten_deals_and_for_two_hundred(world: World):
    client = client_of(world.leader)

    def many(count: int, tag: str) -> None:
        with bulk.promote(by=None, at=AT, on=TODAY, label="x") as batch:
            rows = [bulk.CustomerRow(name=f"客户{tag}{n}", owner_id=world.veteran.pk) for n in range(count)]
            ids = batch.customers(rows)
            batch.deals([bulk.DealRow(name=f"商机{n}", customer_id=pk, owner_id=world.veteran.pk, amount_minor=100,
                                      opened_on=TODAY - timedelta(days=30)) for n, pk in enumerate(ids)])  # fmt: skip

    paths = ["/deals/", "/deals/?needs=any", "/"]
    many(10, "a")
    few = [queries(client, path) for path in paths]
    many(200, "b")
    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 25, dict(zip(paths, few, strict=True))
