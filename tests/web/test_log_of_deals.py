"""The log sheet and customers that the reader knows by a deal or lead only: found by name, never made a second time."""

from __future__ import annotations

import pytest

from pacesetter.activity.models import Activity
from pacesetter.people import acts as people
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer, Deal, Lead
from tests.api.calling import Program
from tests.web.test_day_pages import client_of, send
from tests.world import AT, TODAY, World

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


def test_a_program_logs_with_the_customer_of_my_deal_as_the_sheet_does(world: World, theirs: Customer) -> None:
    rep = Program(world.veteran)
    assert rep.get(f"/customers/{theirs.pk}").status_code == 404
    logged = rep.post("/activities", {"kind": "call", "customer_id": theirs.pk})
    assert (logged.status_code, logged.json()["customer_id"]) == (201, theirs.pk)
    assert Program(world.grower).post("/activities", {"kind": "call", "customer_id": theirs.pk}).status_code == 404
    deal = Deal.objects.get(name="二期")
    both = {"kind": "call", "customer_id": theirs.pk, "deal_id": deal.pk}
    assert rep.post("/activities", {**both, "kind": "visit"}).status_code == 201
    assert Program(world.grower).post("/activities", {"kind": "call", "deal_id": deal.pk}).status_code == 404


def test_what_is_only_read_is_not_logged_with_at_any_door(world: World, theirs: Customer) -> None:
    """Finance reads every customer and writes none: selling besides does not widen whom one logs with."""
    other = pipeline.add_customer(name="晨星电子", owner=world.rep2, by=None, at=AT)
    people.grant_role(person=world.veteran, role="finance", on=TODAY, by=world.admin, at=AT)
    rep = Program(world.veteran)
    assert rep.get(f"/customers/{other.pk}").status_code == 200
    assert rep.post("/activities", {"kind": "call", "customer_id": other.pk}).status_code == 404
    assert send(client_of(world.veteran), customer=other.pk).status_code == 404
    assert not Activity.objects.exists()


def test_a_lead_of_the_pool_is_logged_with_at_both_doors(world: World) -> None:
    first, second = (pipeline.add_lead(name=name, owner=None, by=None, at=AT) for name in ("展会名片", "官网留言"))
    assert send(client_of(world.veteran), lead=first.pk, kind="call").status_code == 200
    logged = Program(world.veteran).post("/activities", {"kind": "call", "lead_id": second.pk})
    assert (logged.status_code, logged.json()["lead_id"]) == (201, second.pk)
    theirs = pipeline.add_lead(name="同事的", owner=world.rep2, by=None, at=AT)
    assert send(client_of(world.veteran), lead=theirs.pk, kind="call").status_code == 404
    assert Program(world.veteran).post("/activities", {"kind": "call", "lead_id": theirs.pk}).status_code == 404
