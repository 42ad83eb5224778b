"""Pages ask the database little, however much they show: at most 25 times, the company once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter import assembly
from pacesetter.activity import acts as activity
from pacesetter.journal.models import Answer
from pacesetter.people import acts, reads
from pacesetter.people.facts import person_labels, team_labels
from pacesetter.people.models import ExternalId, Person
from pacesetter.pipeline import acts as pipeline
from tests.homes import Moulds
from tests.web.facts import busy
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
LIMIT = 25
MARCH = "period=2026-03"


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.get("/me/")
    return client


def asked(client: Client, path: str) -> list[str]:
    """What one page asked the database."""
    with CaptureQueriesContext(connection) as seen:
        answer = client.get(path)
        getattr(answer, "content", None)
    assert answer.status_code == 200, path
    return [query["sql"] for query in seen.captured_queries]


@pytest.fixture
def full(world: World) -> World:
    busy(world, months=3)
    return world


def pages_about_numbers(world: World) -> Iterator[str]:
    for key in assembly.catalogue():
        for scope in ("", f"&scope=person:{world.veteran.pk}"):
            yield f"/why/{key}/?{MARCH}{scope}"
        yield f"/insights/metrics/{key}/?{MARCH}"


def test_every_number_of_the_catalogue_explains_itself_in_few_queries(full: World) -> None:
    """The leader of a team has the dearest pages: every number is limited to the team."""
    client = client_of(full.leader)
    counts = {path: len(asked(client, path)) for path in pages_about_numbers(full)}
    assert {path: count for path, count in counts.items() if count > LIMIT} == {}
    assert counts[f"/why/won_amount/?{MARCH}"] <= 22
    assert len(counts) > 100


def test_the_records_behind_a_number_are_read_once(full: World) -> None:
    client = client_of(full.leader)
    for key in ("won_amount", "average_order_value", "new_amount_share", "win_rate", "effective_visits"):
        ran = asked(client, f"/why/{key}/records/?{MARCH}")
        assert len(ran) <= LIMIT, key
        long = [sql for sql in ran if len(sql) > 300 and "django_session" not in sql]
        assert len(long) == len(set(long)), f"{key}: the same is asked twice"


@pytest.mark.parametrize("who", ["leader", "director", "veteran", "analyst", "hrbp"])
def test_the_catalogue_and_the_board_are_read_in_few_queries(full: World, who: str) -> None:
    client = client_of(getattr(full, who))
    for path in ("/insights/metrics/", "/insights/board/", f"/insights/board/?{MARCH}&group=team"):
        assert len(asked(client, path)) <= LIMIT - 2, path


def test_a_request_reads_the_company_once(full: World) -> None:
    client = client_of(full.leader)
    for path in ("/insights/metrics/", f"/why/won_amount/?{MARCH}", "/today/", "/manage/people/"):
        company = [sql for sql in asked(client, path) if 'FROM "people_company"' in sql]
        assert len(company) == 1, path


def test_one_visit_is_logged_in_few_queries(world: World) -> None:
    """With everything a log does: contact, deal, the plan it ends, the next step it makes, the rings as they stand."""
    me = world.veteran
    row = pipeline.add_customer(name="海川机械", owner=me, by=None, at=AT)
    contact = pipeline.add_contact(row, name="李工", by=None, at=AT)
    deal = pipeline.open_deal(name="产线", customer=row, owner=me, on=TODAY, by=None, at=AT)
    plan = activity.plan_item(person=me, on=TODAY, customer=row, by=None, at=AT)
    sent = {
        "key": str(uuid4()), "kind": "visit", "customer": row.pk, "contact": contact.pk, "deal": deal.pk,
        "result": "intent", "next_step": "报价", "next_on": "2026-03-19", "note": "看了样机",
    }  # fmt: skip
    client = client_of(me)
    with CaptureQueriesContext(connection) as seen:
        answer = client.post("/log/", sent, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["effective"]) == (200, True)
    plan.refresh_from_db()
    assert plan.state == "done"
    assert len(seen) <= 28
    assert len([query for query in seen.captured_queries if 'FROM "people_company"' in query["sql"]]) == 1
    # the same sheet again is the same record, also where the answer was forgotten
    Answer.objects.all().delete()
    again = client.post("/log/", sent, headers={"Accept": "application/json"})
    assert again.json()["id"] == answer.json()["id"]


def test_who_changes_the_company_sees_the_change_in_the_same_request(world: World) -> None:
    with reads.company_once():
        assert reads.company().growth_months == 12
        acts.change_company(by=world.admin, at=AT, growth_months=18)
        assert reads.company().growth_months == 18
    with reads.company_once(), CaptureQueriesContext(connection) as seen:
        assert (reads.company().name, reads.zone().key) == (reads.company().name, "Asia/Shanghai")  # type: ignore[attr-defined]
        assert len(seen) == 1
    with CaptureQueriesContext(connection) as seen:
        reads.company()
        reads.company()
    assert len(seen) == 2, "outside of a request nothing is kept"


def test_names_are_told_apart_in_one_query(world: World) -> None:
    def add(name: str, number: str | None) -> Person:
        mobile = None if number else "13911112222"
        return acts.add_person(name=name, employee_no=number, mobile=mobile, by=world.admin, at=AT)

    one, two, outside = add("张伟", "Z1"), add("张伟", "Z2"), add("张伟", None)
    ids = [one.pk, world.veteran.pk]
    with CaptureQueriesContext(connection) as seen:
        told = person_labels(ids)
    assert told == {one.pk: "张伟 (Z1)", world.veteran.pk: world.veteran.name}
    assert len(seen) == 1
    assert person_labels([outside.pk]) == {outside.pk: f"张伟 (#{outside.pk})"}
    ExternalId.objects.create(source="crm", entity="person", external_id="X9", object_id=outside.pk)
    assert person_labels([outside.pk]) == {outside.pk: "张伟 (X9)"}
    # a record that was merged away no longer makes a name ambiguous
    Person.objects.filter(pk__in=[two.pk, outside.pk]).update(merged_into=one)
    assert person_labels([one.pk]) == {one.pk: "张伟"}
    with CaptureQueriesContext(connection) as seen:
        teams: dict[int, Any] = team_labels([world.east1.pk])
    assert (teams, len(seen)) == ({world.east1.pk: world.east1.name}, 1)


def test_a_head_knows_the_tree_of_any_day_from_one_query(world: World) -> None:
    reach = world.reach(world.director)
    with CaptureQueriesContext(connection) as seen:
        assert reach.led == (world.hq.pk,)
        assert {world.east1.pk, world.south1.pk} <= reach.team_ids
    assert len(seen) == 1
    assert world.reach(world.veteran).led == ()
    fresh = acts.add_team(name="专项组", parent=world.hq, leader=world.veteran, on=TODAY, by=world.admin, at=AT)
    assert (world.reach(world.veteran).led, world.reach(world.veteran).team_ids) == ((fresh.pk,), {fresh.pk})
    acts.close_team(team=fresh, on=TODAY, by=world.admin, at=AT)
    assert world.reach(world.veteran).led == ()


ON_POSTGRESQL = """
from django.conf import settings
from django.test import Client
from pacesetter.activity import acts
from pacesetter.people import acts as people
from pacesetter.people.models import Person, Team
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY
settings.ALLOWED_HOSTS = ["*"]
me = Person.objects.get(name="孙浩")
row = pipeline.add_customer(name="海川机械", owner=me, by=None, at=AT)
deal = pipeline.open_deal(name="产线", customer=row, owner=me, on=TODAY, by=None, at=AT)
acts.log_activity(kind="visit", person=me, customer=row, deal=deal, on=TODAY, result="intent", by=me, at=AT)
acts.plan_item(person=me, on=TODAY, customer=row, by=None, at=AT)
fresh = people.add_people([people.Newcomer("赵一", "N1", extra={"宿舍": "3 栋"})], by=None, at=AT)
teams = people.add_teams([people.NewTeam("西区", Team.objects.get(name="华东区"), fresh[0])], by=None, at=AT)
places = [people.Place(fresh[0], teams[0], role="manager", stage="mature")]
people.place_people(places, on=TODAY, reason="开业", by=None, at=AT)
for name in ("孙浩", "王敏"):
    client = Client()
    client.force_login(Person.objects.get(name=name))
    for path in ("/today/", f"/deals/{deal.pk}/", f"/customers/{row.pk}/", "/insights/metrics/", "/insights/board/",
                 "/why/won_amount/", "/why/days_in_stage/", "/why/overdue_amount/", "/insights/metrics/overdue_amount/",
                 "/manage/people/"):
        print(client.get(path).status_code, name, path)
"""


def test_what_is_read_in_one_go_is_read_on_postgresql_too(moulds: Moulds, tmp_path: Path) -> None:
    """Statements put side by side must have the same types there, which SQLite does not mind."""
    with moulds.home(tmp_path, "cast", "postgresql") as home:
        told = home.python(ON_POSTGRESQL).splitlines()
    assert len(told) == 20
    assert [line for line in told if not line.startswith("200 ")] == []
