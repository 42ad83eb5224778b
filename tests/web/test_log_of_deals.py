"""The log sheet and customers that the reader knows by a deal or lead only: found by name, never made a second time."""

from __future__ import annotations

import pytest

from pacesetter.activity.models import Activity
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer, Lead
from tests.web.test_day_pages import client_of, send
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def theirs(world: World) -> Customer:
    """A colleague's customer with whom the reader has a deal."""
    row = pipeline.add_customer(name="翊帆机械", owner=world.rep2, industry="机床", by=None, at=AT)
    pipeline.add_contact(row, name="保密的人", by=None, at=AT)
    pipeline.open_deal(name="二期", owner=world.veteran, customer=row, by=None, at=AT)
    return row


def test_the_sheet_finds_the_customer_of_my_deal_and_tells_its_name_and_my_deals_only(
    world: World, theirs: Customer
) -> None:
    pipeline.open_deal(name="同事的单", owner=world.rep2, customer=theirs, by=None, at=AT)
    client = client_of(world.veteran)
    for path in ("/log/find/?q=翊帆", "/log/known/"):
        [told] = client.get(path).json()["customers"]
        assert (told["id"], told["name"], told["under"], told["contacts"]) == (theirs.pk, "翊帆机械", "", []), path
        assert [deal["name"] for deal in told["deals"]] == ["二期"]
    assert client.get(f"/customers/{theirs.pk}/").status_code == 404, "the deal names it; its card is the owner's"
    assert client_of(world.rep2).get("/log/find/?q=翊帆").json()["customers"][0]["contacts"][0]["name"] == "保密的人"


def test_a_lead_that_became_a_customer_is_enough(world: World) -> None:
    row = pipeline.add_customer(name="衡舟", owner=None, by=None, at=AT)
    lead = pipeline.add_lead(name="衡舟", owner=world.veteran, by=None, at=AT)
    client = client_of(world.veteran)
    assert client.get("/log/find/?q=衡舟").json() == {"customers": []}
    Lead.objects.filter(pk=lead.pk).update(customer=row)
    assert [one["id"] for one in client.get("/log/find/?q=衡舟").json()["customers"]] == [row.pk]


def test_a_log_that_names_the_customer_of_my_deal_makes_no_second_one(world: World, theirs: Customer) -> None:
    client = client_of(world.veteran)
    assert send(client, customer_name="翊帆机械").status_code == 200
    assert send(client, customer=theirs.pk, kind="call").status_code == 200
    assert list(Activity.objects.values_list("customer_id", flat=True)) == [theirs.pk, theirs.pk]
    assert Customer.objects.count() == 1
    assert send(client, customer_name="翊帆", kind="call").status_code == 200
    assert Customer.objects.count() == 2, "another name is another customer"
