"""Pages of customers, deals and money: forms that act once, lists that stay flat, files that run nothing."""

from __future__ import annotations

import csv
import io
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity import acts as activity_acts
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Booking, Customer, Deal, Lead
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, path: str, key: str = "", **values: Any) -> Any:
    return client.post(path, {"key": key or uuid.uuid4().hex, **values})


@pytest.fixture
def customer(world: World) -> Customer:
    return acts.add_customer(name="海川机械", owner=world.veteran, phone="13812345678", by=None, at=AT)


def many(world: World, count: int, tag: str) -> None:
    """Customers with deals, leads, instalments and activities of the veteran."""
    who = world.veteran.pk
    with bulk.promote(by=None, at=AT, on=TODAY, label="x") as batch:
        ids = batch.customers([bulk.CustomerRow(name=f"客户{tag}{n}", owner_id=who) for n in range(count)])
        deals = [bulk.DealRow(name=f"商机{n}", customer_id=pk, owner_id=who, amount_minor=100, opened_on=TODAY)
                 for n, pk in enumerate(ids)]  # fmt: skip
        batch.deals(deals)
        batch.leads([bulk.LeadRow(f"线索{n}", TODAY, owner_id=who) for n in range(count)])
        batch.instalments([bulk.InstalmentRow(pk, TODAY, 100, person_id=who) for pk in ids])
        batch.receipts([bulk.ReceiptRow(pk, TODAY, 100, person_id=who) for pk in ids])


def queries(client: Client, path: str) -> int:
    # the first call of a while also notes that this device is in use
    client.get("/me/privacy/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_lists_cost_the_same_for_ten_rows_and_for_two_hundred(world: World):
    client = client_of(world.leader)
    paths = ["/customers/", "/deals/", "/leads/", "/collections/", "/collections/?view=receipts", "/activities/"]
    many(world, 10, "a")
    few = [queries(client, path) for path in paths]
    many(world, 200, "b")
    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 25, dict(zip(paths, few, strict=True))


def test_cards_cost_the_same_however_long_the_history(world: World, customer: Customer):
    deal = acts.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=5, by=None, at=AT)
    lead = acts.add_lead(name="线索", owner=world.veteran, by=None, at=AT)
    client = client_of(world.leader)
    paths = [f"/customers/{customer.pk}/", f"/deals/{deal.pk}/", f"/leads/{lead.pk}/"]
    kinds = ("visit", "call", "online", "proposal")

    def log(times: int) -> None:
        for place in range(times):
            for what in ({"deal": deal}, {"lead": lead}):
                activity_acts.log_activity(person=world.veteran, kind=kinds[place % 4], by=None, at=AT, **what)

    log(2)
    few = [queries(client, path) for path in paths]
    log(12)
    assert [queries(client, path) for path in paths] == few
    assert max(few) <= 25, dict(zip(paths, few, strict=True))


def test_a_customer_is_made_once_however_often_the_form_is_sent(world: World):
    client, key = client_of(world.veteran), uuid.uuid4().hex
    for _time in range(2):
        answer = send(client, "/customers/new/", key, name="远大集团")
        assert answer.status_code == 302
    assert Customer.objects.get(name="远大集团").owner == world.veteran
    assert send(client, "/customers/new/", key, name="另一家").status_code == 422


def test_a_form_that_is_wrong_comes_back_as_422_with_the_fault(world: World):
    answer = send(client_of(world.veteran), "/customers/new/", name="")
    assert answer.status_code == 422
    assert "必填" in answer.content.decode()


def test_a_deal_goes_from_form_to_bookings(world: World, customer: Customer):
    pump = acts.add_product(name="水泵", by=None, at=AT)
    client = client_of(world.veteran)
    answer = send(client, f"/deals/new/?customer={customer.pk}", name="一期", customer="海川机械", stage="intent",
                  opened_on="2026-03-02", tax_basis="included", line_0_product=pump.pk, line_0_amount="1,200.50",
                  line_1_name="安装", line_1_amount="300")  # fmt: skip
    deal = Deal.objects.get()
    assert (answer.status_code, deal.amount_minor, deal.owner) == (302, 150_050, world.veteran)
    path = f"/deals/{deal.pk}/"
    assert send(client, path + "win/", on="2026-03-16", amount_minor="1500.50", version=deal.version).status_code == 302
    assert sum(Booking.objects.values_list("amount_minor", flat=True)) == 150_050
    assert client.get(path).status_code == 200
    stale = send(client, path + "reopen/", reason="试", version=1)
    assert stale.status_code == 422


@pytest.mark.parametrize("who", ["veteran", "finance"])
def test_a_file_of_deals_names_customer_and_number_and_every_column(world: World, customer: Customer, who: str):
    acts.open_deal(name="一期", code="D-7", customer=customer, owner=world.veteran, by=None, at=AT)
    client = client_of(getattr(world, who))
    text = client.get("/deals/export.csv").content.decode().lstrip("\ufeff")
    head, line = csv.reader(io.StringIO(text))
    told = dict(zip(head, line, strict=True))
    assert (told["商机名称"], told["客户"], told["商机编号"]) == ("一期", "海川机械", "D-7")
    assert all(head)
    # on the page the customer stands below the name
    assert 'data-label="商机编号"' not in client.get("/deals/").content.decode()


@pytest.mark.parametrize("amount", ["1e3", "1_000", "１２３元", "12.345", "-5", "1,23"])
def test_amounts_that_are_no_amounts_are_refused(world: World, customer: Customer, amount: str):
    answer = send(client_of(world.finance), "/collections/receipts/new/", customer="海川机械", on="2026-03-16",
                  amount_minor=amount)  # fmt: skip
    assert answer.status_code == 422


def test_full_width_digits_and_separators_are_understood(world: World, customer: Customer):
    client = client_of(world.finance)
    answer = send(
        client, "/collections/receipts/new/", customer="海川机械", on="2026-03-16", amount_minor="１２，３４５.6"
    )
    assert answer.status_code == 302
    assert customer.receipts.get().amount_minor == 1_234_560


def test_finance_allocates_what_is_suggested(world: World, customer: Customer):
    due = acts.plan_instalment(customer=customer, due_on=date(2026, 3, 1), amount_minor=600, by=None, at=AT)
    money = acts.record_receipt(customer=customer, on=TODAY, amount_minor=1_000, by=None, at=AT)
    path, client = f"/collections/receipts/{money.pk}/", client_of(world.finance)
    assert 'value="6.00"' in client.get(path).content.decode()
    too_much = {f"part_{due.pk}": "6.01"}
    assert send(client, path, **too_much).status_code == 422
    fitting = {f"part_{due.pk}": "6"}
    assert send(client, path, **fitting).status_code == 302
    assert send(client_of(world.veteran), path, **fitting).status_code == 404


def test_an_exported_list_runs_no_formula_and_leaves_a_line(world: World):
    acts.add_customer(name='=HYPERLINK("x")', owner=world.veteran, by=None, at=AT)
    acts.add_customer(name="别人的", owner=world.rep2, by=None, at=AT)
    answer = client_of(world.veteran).get("/customers/export.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["客户名称", '\'=HYPERLINK("x")']
    line = Entry.objects.get(act="export_records")
    assert (line.entity, line.rows, line.by_id) == ("customers", 1, world.veteran.pk)


def test_an_analyst_sees_contacts_masked_on_page_and_in_file(world: World, customer: Customer):
    acts.add_contact(customer, name="王总", mobile="13912345678", by=None, at=AT)
    client = client_of(world.analyst)
    for path in (f"/customers/{customer.pk}/", "/customers/export.csv"):
        text = client.get(path).content.decode()
        assert "138****78" in text
        assert "13812345678" not in text
        assert "13912345678" not in text


def test_a_masked_number_is_not_found_by_searching_for_it(world: World, customer: Customer):
    acts.add_lead(name="青屿线索", mobile="13712345678", owner=world.veteran, by=None, at=AT)
    for path, name in (("/customers/?q=13812345678", "海川机械"), ("/leads/?q=13712345678", "青屿线索")):
        assert name not in client_of(world.analyst).get(path).content.decode()
        assert name in client_of(world.director).get(path).content.decode()


def test_marketing_sees_customers_that_came_from_a_lead_and_no_deals(world: World, customer: Customer):
    other = acts.add_customer(name="没有线索", owner=world.veteran, by=None, at=AT)
    Lead.objects.create(name="x", owner=world.veteran, customer=customer, created_on=TODAY, created_at=AT)
    acts.open_deal(name="秘密商机", owner=world.veteran, customer=customer, amount_minor=77_700, by=None, at=AT)
    client = client_of(world.marketing)
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "秘密商机" not in page
    assert client.get(f"/customers/{other.pk}/").status_code == 404
    assert client.get("/deals/").status_code == 404


def test_a_card_shows_no_deal_or_visit_of_somebody_else(world: World, customer: Customer):
    deal = acts.open_deal(name="别队的商机", owner=world.rep2, customer=customer, amount_minor=5, by=None, at=AT)
    activity_acts.log_activity(person=world.rep2, kind="call", deal=deal, note="机密便条", by=None, at=AT)
    page = client_of(world.veteran).get(f"/customers/{customer.pk}/").content.decode()
    assert "别队的商机" not in page
    assert "机密便条" not in page


def test_twins_are_merged_and_the_merge_taken_back(world: World, customer: Customer):
    twin = acts.add_customer(name="海川 机械", owner=world.grower, by=None, at=AT)
    client = client_of(world.leader)
    assert "海川 机械" in client.get("/customers/duplicates/").content.decode()
    answer = send(client, "/customers/merge/", keep=customer.pk, drop=[twin.pk])
    assert answer.headers["Location"] == f"/customers/{customer.pk}/"
    assert client.get(f"/customers/{twin.pk}/").status_code == 404 or client.get(f"/customers/{twin.pk}/").url
    entry = Entry.objects.get(act="merge_customers")
    assert send(client, f"/customers/unmerge/{entry.pk}/").status_code == 302
    twin.refresh_from_db()
    assert twin.merged_into is None


def test_the_pool_is_claimed_with_one_tap(world: World):
    lead = acts.add_lead(name="公海线索", owner=None, by=None, at=AT)
    client = client_of(world.rep2)
    assert "公海线索" in client.get("/leads/?view=pool").content.decode()
    # to change it, one claims it first
    for verb in ("edit", "step", "release"):
        assert send(client, f"/leads/{lead.pk}/{verb}/", name="我的").status_code == 404
    assert send(client, f"/leads/{lead.pk}/claim/").status_code == 302
    assert send(client_of(world.grower), f"/leads/{lead.pk}/claim/").status_code in (404, 422)
    lead.refresh_from_db()
    assert lead.owner == world.rep2


@pytest.mark.parametrize(
    "query", ["?page=9999", "?page=x", "?sort=password", "?owner=zz", "?q=%00", "?page=0", "?tier=Z"]
)
def test_a_strange_address_is_no_error(world: World, customer: Customer, query: str):
    assert client_of(world.director).get("/customers/" + query).status_code == 200
