"""The sheet of a deal's next step: chips, what is missing, a stale card, a double press, the win."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Booking, Deal, StageChange
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
TOMORROW = (TODAY + timedelta(days=1)).isoformat()


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, path: str, key: str = "", **values: Any) -> Any:
    return client.post(path, {"key": key or uuid.uuid4().hex, "on": TODAY.isoformat(), **values})


@pytest.fixture
def deal(world: World) -> Deal:
    customer = acts.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    return acts.open_deal(name="一期", owner=world.veteran, customer=customer, on=date(2026, 2, 2), by=None, at=AT)


def path(deal: Deal, to: str) -> str:
    return f"/deals/{deal.pk}/{to}/" if to in ("win", "lose") else f"/deals/{deal.pk}/move/?to={to}"


def test_each_stage_shows_only_what_it_needs(world: World, deal: Deal):
    client = client_of(world.veteran)
    boxes = {
        "intent": {"next_step", "next_on"},
        "proposal": {"amount_minor", "next_step", "next_on"},
        "negotiation": {"amount_minor", "expected_on", "next_step", "next_on"},
        "win": {"amount_minor", "contract_no", "on"},
        "lose": {"loss_reason", "competitor", "note"},
    }
    every = set().union(*boxes.values()) - {"on"}
    for to, wanted in boxes.items():
        html = client.get(path(deal, to)).content.decode()
        assert {name for name in every | {"on"} if f'name="{name}"' in html} - {"on"} == wanted - {"on"}, to
    assert 'name="reason"' not in html


def test_chips_alone_are_enough(world: World, deal: Deal):
    client = client_of(world.veteran)
    answer = send(client, path(deal, "proposal"), amount_minor="86000", chip_next_step="报价", chip_next_on=TOMORROW)
    assert answer.status_code == 302
    deal.refresh_from_db()
    assert (deal.stage, deal.amount_minor, deal.next_step) == ("proposal", 8_600_000, "报价")
    assert deal.next_on.isoformat() == TOMORROW


def test_what_is_missing_stands_beside_its_box(world: World, deal: Deal):
    client = client_of(world.veteran)
    answer = send(client, path(deal, "proposal"))
    html = answer.content.decode()
    assert answer.status_code == 422
    for name in ("amount_minor", "next_step", "next_on"):
        assert f'id="id_{name}_error"' in html
    answer = send(client, path(deal, "intent"), next_step="电话确认")
    assert (answer.status_code, "下一步定在哪一天" in answer.content.decode()) == (422, True)
    deal.refresh_from_db()
    assert (deal.stage, deal.version) == ("prospect", 1)


def test_going_back_asks_why(world: World, deal: Deal):
    client = client_of(world.veteran)
    send(client, path(deal, "intent"))
    assert 'name="reason"' in client.get(path(deal, "prospect")).content.decode()
    assert send(client, path(deal, "prospect")).status_code == 422
    assert send(client, path(deal, "prospect"), reason="预算没批").status_code == 302


def test_a_win_pressed_twice_is_booked_once_and_says_what_the_month_comes_to(world: World, deal: Deal):
    earlier = acts.open_deal(name="零期", owner=world.veteran, amount_minor=1_400_000, on=date(2026, 3, 1), by=None,
                             at=AT)  # fmt: skip
    acts.win_deal(earlier, by=None, at=AT)
    client, key = client_of(world.veteran), uuid.uuid4().hex
    answers = [send(client, path(deal, "win"), key, amount_minor="86000", contract_no="HT-1") for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Booking.objects.filter(deal=deal).count() == 1
    assert StageChange.objects.filter(deal=deal, outcome="won").count() == 1
    html = client.get(answers[0].headers["Location"]).content.decode()
    assert "签下海川机械 ¥8.6万！本月 ¥10万" in html
    assert "data-celebrate" in html
    # the party is over on the next look
    assert "data-celebrate" not in client.get(f"/deals/{deal.pk}/").content.decode()


def test_losing_takes_one_of_eight_chips(world: World, deal: Deal):
    client = client_of(world.veteran)
    html = client.get(path(deal, "lose")).content.decode()
    assert html.count('type="radio" name="loss_reason"') == 8
    assert send(client, path(deal, "lose")).status_code == 422
    answer = send(client, path(deal, "lose"), loss_reason="competitor")
    assert (answer.status_code, 'id="id_competitor_error"' in answer.content.decode()) == (422, True)
    assert send(client, path(deal, "lose"), loss_reason="competitor", competitor="宏图").status_code == 302
    deal.refresh_from_db()
    assert (deal.stage, deal.loss_reason, deal.competitor) == ("lost", "competitor", "宏图")


def test_a_stale_card_shows_both_values_and_can_then_be_sent(world: World, deal: Deal):
    client = client_of(world.veteran)
    acts.change_deal(deal, amount_minor=7_000_000, by=world.leader, at=AT)
    answer = send(client, path(deal, "win"), amount_minor="86000", version="1")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "王敏" in html
    assert "¥70,000.00" in html and "¥86,000.00" in html  # noqa: PT018
    assert 'name="version" value="2"' in html
    assert send(client, path(deal, "win"), amount_minor="86000", version="2").status_code == 302


def test_a_closed_deal_has_no_next_step(world: World, deal: Deal):
    acts.lose_deal(deal, loss_reason="price", by=None, at=AT)
    client = client_of(world.veteran)
    for to in ("intent", "win", "lose"):
        assert client.get(path(deal, to)).status_code == 302
        assert send(client, path(deal, to), loss_reason="price", amount_minor="1").status_code == 422


def test_with_lines_the_amount_is_told_not_asked(world: World, deal: Deal):
    acts.change_deal(deal, lines=[acts.Line(name="泵", amount_minor=500)], by=None, at=AT)
    client = client_of(world.veteran)
    html = client.get(path(deal, "win")).content.decode()
    assert 'name="amount_minor"' not in html
    assert "¥5.00" in html
    assert send(client, path(deal, "win")).status_code == 302
