"""Observations and reports as pages: who finds what where, in how many queries, and what is refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity import acts
from pacesetter.activity.models import Activity, NeedsReport, Observation
from pacesetter.people import acts as people_acts
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
JSON = {"accept": "application/json"}
WORDS = {"section_situation": "三条产线", "section_needs": "停机太多", "section_proposal": "先试一条线"}


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def key() -> str:
    return uuid.uuid4().hex


@pytest.fixture
def customer(world: World) -> Customer:
    return pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)


@pytest.fixture
def visit(world: World, customer: Customer) -> Activity:
    return acts.log_activity(person=world.veteran, kind="visit", customer=customer, companion=world.rep2,
                             by=world.veteran, at=AT)  # fmt: skip


def test_the_sheet_names_who_came_along_from_its_list_only(world: World, customer: Customer):
    client = client_of(world.veteran)
    offered = {one["name"].split(" · ")[0] for one in client.get("/log/known/").json()["colleagues"]}
    assert offered == {"王敏", "周岚", "李想", "陈晨"}
    body = {"kind": "visit", "customer": customer.pk, "companion": world.leader.pk}
    assert client.post("/log/", {**body, "key": key()}, headers=JSON).status_code == 200
    assert Activity.objects.get().companion == world.leader
    strange = client.post("/log/", {**body, "key": key(), "companion": world.rep2.pk, "twin": "add"}, headers=JSON)
    assert (strange.status_code, strange.json()["faults"][0]["field"]) == (422, "companion")


def test_a_companion_of_another_team_finds_writes_and_changes_it_without_reaching_the_record(
    world: World, visit: Activity
):
    client = client_of(world.rep2)
    path = f"/activities/{visit.pk}/observation/"
    assert client.get(f"/activities/{visit.pk}/").status_code == 404
    assert path in client.get("/observations/").content.decode()
    assert "等你写观察" in client.get("/today/").content.decode()
    form = {"score_purpose": "5", "did_well": "开场清楚", "to_try": "多问一句"}
    assert client.post(path, {**form, "key": key()}).status_code == 302
    assert "等你写观察" not in client.get("/today/").content.decode()
    row = Observation.objects.get()
    assert (row.scores, row.did_well) == ({"purpose": 5}, "开场清楚")
    again = client.post(path, {**form, "score_purpose": "3", "version": "1", "key": key()})
    assert (again.status_code, Observation.objects.get().scores) == (302, {"purpose": 3})
    lost = client.post(path, {**form, "version": "1", "key": key()})
    assert lost.status_code == 422
    assert Observation.objects.get().scores == {"purpose": 3}


def test_the_person_seen_reads_it_on_the_record_and_cannot_write_it(world: World, visit: Activity):
    acts.observe_visit(visit, scores={"purpose": 2}, to_try="多问一句", by=world.rep2, at=AT)
    for reader in (world.veteran, world.leader, world.director):
        assert "多问一句" in client_of(reader).get(f"/activities/{visit.pk}/").content.decode()
    assert "多问一句" not in client_of(world.analyst).get(f"/activities/{visit.pk}/").content.decode()
    path = f"/activities/{visit.pk}/observation/"
    sent = client_of(world.veteran).post(path, {"did_well": "我很好", "key": key()})
    assert (sent.status_code, Observation.objects.count()) == (404, 1)
    assert client_of(world.analyst).get(path).status_code == 404


def test_an_empty_observation_is_refused_on_the_page(world: World, visit: Activity):
    sent = client_of(world.rep2).post(f"/activities/{visit.pk}/observation/", {"key": key()})
    assert sent.status_code == 422
    assert "至少打一个分" in sent.content.decode()


def test_a_report_from_the_customers_card_reaches_its_reader_and_comes_back(world: World, customer: Customer):
    author, reader = client_of(world.veteran), client_of(world.leader)
    address = f"/reports/new/?customer={customer.pk}"
    assert address in author.get(f"/customers/{customer.pk}/").content.decode()
    assert 'value="海川机械"' in author.get(address).content.decode()
    sent = {"customer": "海川机械", "reader": world.leader.pk, "key": key(), **WORDS}
    for _again in range(2):
        assert author.post("/reports/new/", sent).status_code == 302
    report = NeedsReport.objects.get()
    assert (report.activity.kind, report.activity.customer) == ("needs_report", customer)
    assert "等你读" in reader.get("/").content.decode()
    author.get(f"/reports/{report.pk}/")
    report.refresh_from_db()
    assert report.read_at is None
    reader.get(f"/reports/{report.pk}/")
    report.refresh_from_db()
    assert report.read_at is not None
    assert reader.post(f"/reports/{report.pk}/", {"reply": "先约技术", "key": key()}).status_code == 302
    assert "已回复" in author.get("/today/").content.decode()
    assert "先约技术" in author.get(f"/reports/{report.pk}/").content.decode()
    assert f"/reports/{report.pk}/" not in author.get("/today/").content.decode()


def test_looking_through_somebodys_eyes_reads_no_report(world: World, customer: Customer):
    record = acts.log_activity(person=world.veteran, kind="needs_report", customer=customer, by=None, at=AT)
    answers = {"situation": "x", "needs": "y", "proposal": "z"}
    report = acts.write_report(record, answers=answers, reader=world.leader, by=None, at=AT)
    client = client_of(world.admin)
    session = client.session
    session["view_as"] = world.leader.pk
    session.save()
    assert client.get(f"/reports/{report.pk}/").status_code == 200
    report.refresh_from_db()
    assert report.read_at is None


def test_a_report_without_its_sections_is_refused_beside_the_section_and_logs_nothing(world: World, customer: Customer):
    client = client_of(world.veteran)
    sent = client.post("/reports/new/", {"customer": "海川机械", "reader": world.leader.pk, "key": key()})
    assert (sent.status_code, Activity.objects.count()) == (422, 0)
    record = acts.log_activity(person=world.veteran, kind="needs_report", customer=customer, by=None, at=AT)
    path = f"/activities/{record.pk}/report/"
    assert path in client.get(f"/activities/{record.pk}/").content.decode()
    assert client.post(path, {"reader": world.leader.pk, "key": key(), **WORDS}).status_code == 302
    page = client.get(f"/activities/{record.pk}/").content.decode()
    assert "王敏" in page
    assert path not in page
    nobody = client.post("/reports/new/", {"customer": "", "reader": world.leader.pk, "key": key(), **WORDS})
    assert nobody.status_code == 422
    somebody_elses = client_of(world.grower).get(path)
    assert somebody_elses.status_code == 404


def test_the_sheet_goes_on_to_the_report_of_what_it_logged(world: World, customer: Customer):
    client = client_of(world.veteran)
    answer = client.post("/log/", {"kind": "needs_report", "customer": customer.pk, "key": key()}, headers=JSON).json()
    assert answer["open"] == f"/activities/{answer['id']}/report/"
    assert client.get(answer["open"]).status_code == 200
    call = client.post("/log/", {"kind": "call", "customer": customer.pk, "key": key()}, headers=JSON).json()
    assert call["open"] == ""


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def test_pages_cost_at_most_25_queries_however_much_there_is(world: World, customer: Customer):
    people_acts.grant_role(person=world.newcomer, role="mentor", by=None, at=AT)
    made: list[Any] = []
    for _n in range(6):
        row = acts.log_activity(person=world.veteran, kind="visit", customer=customer, companion=world.newcomer,
                                by=None, at=AT)  # fmt: skip
        acts.observe_visit(row, scores={"purpose": 4}, by=world.leader, at=AT)
        record = acts.log_activity(person=world.veteran, kind="needs_report", customer=customer, by=None, at=AT)
        answers = {"situation": "x", "needs": "y", "proposal": "z"}
        made.append((row, acts.write_report(record, answers=answers, reader=world.leader, by=None, at=AT)))
    acts.observe_visit(made[0][0], scores={"purpose": 4}, by=world.newcomer, at=AT)
    row, report = made[0]
    paths = {
        world.veteran: ["/observations/", "/reports/", "/today/", "/reports/new/", f"/activities/{row.pk}/",
                        f"/activities/{report.activity_id}/", f"/activities/{report.activity_id}/report/"],
        world.leader: ["/reports/", f"/reports/{report.pk}/", f"/activities/{row.pk}/observation/", "/"],
        world.newcomer: ["/observations/", f"/activities/{row.pk}/observation/", "/today/"],
    }  # fmt: skip
    cost = {(who.name, path): queries(client_of(who), path) for who, some in paths.items() for path in some}
    assert {where: n for where, n in cost.items() if n > 25} == {}
