"""The spoken line at the door: within reach, nothing written, saved the ordinary way as text."""

from __future__ import annotations

import uuid
from datetime import time
from typing import Any

import pytest
from django.test import Client

from pacesetter.activity.models import Activity
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Contact, Customer
from tests.api.calling import Program
from tests.world import AT, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
JSON = {"accept": "application/json"}
LINE = "拜访 海川机械 王总 有意向 下周二下午3点报价 担心交期"


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def customer(world: World) -> Customer:
    row = pipeline.add_customer(name="海川机械有限公司", owner=world.veteran, by=None, at=AT)
    pipeline.add_contact(row, name="王立新", decision_role="decision_maker", by=None, at=AT)
    return row


def said(person: Person, text: str, **headers: str) -> Any:
    answer = client_of(person).post("/log/say/", {"text": text}, headers={**JSON, **headers})
    assert answer.status_code == 200
    return answer.json()


def test_a_line_is_a_card_and_nothing_is_written(world: World, customer: Customer):
    before = Entry.objects.count()
    told = said(world.veteran, LINE)
    assert told["customer"]["id"] == customer.pk
    assert told["fields"] == {
        "kind": "visit", "contact": Contact.objects.get().pk, "contact_name": "王总", "result": "有意向",
        "next_step": "报价", "next_on": "2026-03-24", "next_time": "15:00", "minutes": None,
        "amount_minor": "", "on": "", "note": "担心交期",
    }  # fmt: skip
    assert {"part": "customer", "name": "客户", "value": "海川机械有限公司", "said": "海川机械"} in told["lines"]
    assert told["missing"] == ""
    assert (Activity.objects.count(), Entry.objects.count()) == (0, before)


def test_what_was_not_said_is_named_in_the_readers_language(world: World, customer: Customer):
    assert said(world.veteran, "海川机械")["missing"] == "没说到：类型、联系人、结果、下一步、下一步日期。"
    Person.objects.filter(pk=world.veteran.pk).update(language="en")
    assert said(world.veteran, "海川机械 电话")["missing"].startswith("Not mentioned: Contact")


def test_a_colleagues_customer_is_not_found_by_its_name(world: World, customer: Customer):
    told = said(world.rep2, LINE)
    assert (told["customer"], told["candidates"]) == (None, [])
    assert "海川机械" in told["fields"]["note"]
    assert said(world.veteran, LINE)["customer"] is not None


def test_two_customers_of_one_name_are_offered_with_mine_first(world: World):
    theirs = pipeline.add_customer(name="宏达电气北方", owner=world.grower, by=None, at=AT)
    mine = pipeline.add_customer(name="宏达电气南方", owner=world.leader, by=None, at=AT)
    told = said(world.leader, "拜访 宏达电气 王总")
    assert told["customer"] is None
    assert [one["id"] for one in told["candidates"]] == [mine.pk, theirs.pk]
    assert "客户" in told["missing"]


def test_the_card_is_saved_the_ordinary_way_as_text(world: World, customer: Customer):
    client = client_of(world.veteran)
    fields = {name: value for name, value in said(world.veteran, LINE)["fields"].items() if value is not None}
    body = {**fields, "customer": customer.pk, "key": uuid.uuid4().hex, "channel": "text"}
    assert client.post("/log/", body, headers=JSON).json()["state"] == "valid"
    row = Activity.objects.get()
    assert (row.channel, row.note, row.next_step) == ("text", "担心交期", "报价")
    assert row.next_plan.time == time(15, 0)


def test_a_time_without_its_day_stays_in_the_step(world: World, customer: Customer):
    fields = said(world.veteran, "拜访 海川机械 下午3点报价")["fields"]
    assert (fields["next_on"], fields["next_time"]) == ("", "")
    assert "下午3点" in fields["next_step"] + fields["note"]


def test_a_link_brings_its_line_to_the_sheet(world: World):
    page = client_of(world.veteran).get("/log/", {"say": LINE}).content.decode()
    assert '"say": "' in page


def test_a_program_gets_the_same_card(world: World, customer: Customer):
    answer = Program(world.veteran).post("/activities/parse", {"text": LINE + " 8.6万"})
    told = answer.json()
    assert answer.status_code == 200, answer.content
    assert (told["kind"], told["customer"]["id"], told["contact"]["name"]) == ("visit", customer.pk, "王立新")
    assert (told["next_on"], told["next_time"], told["amount_minor"]) == ("2026-03-24", "15:00:00", 8_600_000)
    assert (told["note"], told["candidates"]) == ("担心交期", [])
    assert Activity.objects.count() == 0
    foreign = Program(world.rep2).post("/activities/parse", {"text": LINE}).json()
    assert foreign["customer"] is None
