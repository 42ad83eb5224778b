"""The finder: what it finds by name or number, and that nothing out of reach is among it."""

from __future__ import annotations

import pytest
from django.test import Client

from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.models import Customer, Deal
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def found(reader: Person, asked: str, htmx: bool = True) -> str:
    client = Client()
    client.force_login(reader)
    answer = client.get("/search/", {"q": asked}, headers={"HX-Request": "true"} if htmx else {})
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, phone="13812345678", code="C9", by=None, at=AT)


@pytest.fixture
def deal(world: World, customer: Customer) -> Deal:
    return acts.open_deal(
        name="装配线", customer=customer, owner=world.veteran, amount_minor=100, on=TODAY, by=None, at=AT
    )  # fmt: skip


def test_a_rep_finds_a_customer_by_name_number_and_telephone(world: World, customer: Customer):
    for asked in ("海川", "c9", "12345678"):
        assert f'href="/customers/{customer.pk}/"' in found(world.veteran, asked)


def test_a_deal_is_found_by_its_own_name_and_its_customers(world: World, deal: Deal):
    for asked in ("装配", "海川"):
        assert f'href="/deals/{deal.pk}/"' in found(world.veteran, asked)


def test_somebody_elses_records_are_not_found(world: World, customer: Customer, deal: Deal):
    page = found(world.rep2, "海川")
    assert f"/customers/{customer.pk}/" not in page
    assert f"/deals/{deal.pk}/" not in page
    assert "没有叫“海川”的" in page


def test_masked_telephone_numbers_are_not_searched(world: World, customer: Customer):
    assert f"/customers/{customer.pk}/" in found(world.analyst, "海川")
    assert f"/customers/{customer.pk}/" not in found(world.analyst, "12345678")


def test_an_admin_finds_people_and_no_business(world: World, customer: Customer):
    assert f'href="/manage/people/{world.veteran.pk}/"' in found(world.admin, world.veteran.name)
    assert "/customers/" not in found(world.admin, "海川")


def test_without_scripts_it_is_a_page(world: World, customer: Customer):
    page = found(world.veteran, "海川", htmx=False)
    assert "<h1>" in page
    assert f'href="/customers/{customer.pk}/"' in page
