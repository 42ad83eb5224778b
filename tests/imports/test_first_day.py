"""My day of a company that has nothing but an imported list of deals: a day with reasons, on the first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.activity.models import Activity
from pacesetter.activity.reads import my_day
from pacesetter.people.models import Person
from pacesetter.people.reach import reach_of
from pacesetter.pipeline.models import Deal
from pacesetter.pipeline.rules import OPEN_STAGES

from .real import folder, imported

pytestmark = pytest.mark.django_db
DAY = date(2017, 12, 31)
AT = datetime(2017, 12, 31, 1, tzinfo=UTC)
# no suggestion counts from before the first day of the data
LONGEST = (DAY - date(2016, 1, 1)).days


@pytest.fixture
def on_the_last_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACE_TODAY", str(DAY))


def sellers() -> list[Person]:
    """Those with open deals, most first."""
    open_deals = list(Deal.objects.filter(stage__in=OPEN_STAGES).values_list("owner_id", flat=True))
    people = Person.objects.filter(pk__in=open_deals)
    return sorted(people, key=lambda one: -open_deals.count(one.pk))


def a_day_that_makes_sense(person: Person) -> None:
    """The page is not empty, every suggestion says why, and its figures are possible."""
    assert not Activity.objects.exists()
    day = my_day(reach_of(person, DAY), DAY)
    assert day.overdue == [], "nobody promised anything yet"
    assert day.suggested, person
    client = Client()
    client.force_login(person)
    client.get("/today/?part=list")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get("/today/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(seen) <= 25, len(seen)
    for todo in day.suggested:
        assert todo.hint is not None
        name = str(todo.customer or todo.lead or todo.deal)
        assert name in page
        why = client.get(f"/today/hints/{todo.hint.key}/" + (f"?deal={todo.deal.pk}" if todo.deal else ""))
        assert why.status_code == 200
        for hint in (todo.hint, *todo.more):
            assert hint.days is not None
            assert 0 <= hint.days <= LONGEST, hint
            assert str(hint.days) in page, hint
    assert "None" not in page
    assert not re.search(r"\d{4,} 天", page)


class TestCrmOpportunities:
    @pytest.fixture(scope="class")
    def taken(self, django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
        with imported(django_db_blocker, folder("crm_opportunities"), "crm_opportunities", at=AT):
            yield

    def test_an_agent_with_open_deals_has_a_day(self, taken: None, on_the_last_day: None) -> None:
        found = sellers()
        assert len(found) > 20
        for person in (found[0], found[len(found) // 2], found[-1]):
            a_day_that_makes_sense(person)

    def test_an_agent_without_open_deals_is_told_what_to_do(self, taken: None, on_the_last_day: None) -> None:
        idle = Person.objects.exclude(pk__in=[one.pk for one in sellers()]).filter(role_grants__role="rep").first()
        assert idle is not None
        client = Client()
        client.force_login(idle)
        assert "今天没有安排" in client.get("/today/").content.decode()


class TestAnInventedFile:
    """Other people, other customers, other products: nothing of the set is in the code."""

    @pytest.fixture(scope="class")
    def taken(
        self, django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[None]:
        path = tmp_path_factory.mktemp("files")
        rows = {
            "sales_teams": ["sales_agent,manager,regional_office", "卫青,霍光,西北", "班超,霍光,西北"],
            "products": ["product,series,sales_price", "水泵,P,120"],
            "accounts": ["account,sector", "敦煌水务,water", "楼兰酒庄,food", "龟兹乐器,music"],
            "sales_pipeline": [
                "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
                "Y1,卫青,水泵,敦煌水务,Engaging,2017-10-02,,",
                "Y2,卫青,水泵,楼兰酒庄,Engaging,2017-12-20,,",
                "Y3,卫青,水泵,,Prospecting,,,",
                "Y4,班超,水泵,龟兹乐器,Won,2017-11-01,2017-12-01,240.50",
            ],
        }
        for name, lines in rows.items():
            (path / f"my_{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with imported(django_db_blocker, path, "crm_opportunities", at=AT) as result:
            assert result.taken, result.as_json()["errors"]
            yield

    def test_whoever_has_open_deals_has_a_day(self, taken: None, on_the_last_day: None) -> None:
        """敦煌水务 was opened 90 days ago, 楼兰酒庄 11 days ago."""
        (person,) = sellers()
        a_day_that_makes_sense(person)
        day = my_day(reach_of(person, DAY), DAY)
        told = {str(todo.customer): (todo.hint.key, todo.hint.days) for todo in day.suggested if todo.hint}
        assert told["敦煌水务"] == ("no_activity", 90)
        assert told["楼兰酒庄"] == ("no_activity", 11)

    def test_whoever_has_none_is_told_what_to_do(self, taken: None, on_the_last_day: None) -> None:
        client = Client()
        client.force_login(Person.objects.get(name="班超"))
        assert "今天没有安排" in client.get("/today/").content.decode()
