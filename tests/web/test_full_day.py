"""The first pages with everything on them at once ask the database at most 25 times, as the empty ones do: goals, plans
with contacts, hints, money that is late, answers, reports, an open suggestion and an application that is late."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pacesetter.activity import acts as activity
from pacesetter.activity import reads
from pacesetter.goals import acts, followups
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.homes import Moulds
from tests.web.facts import busy
from tests.web.test_few_queries import LIMIT, asked, client_of
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
MARCH = periods.parse("2026-03")
DAY = timedelta(days=1)
# what is late today was asked for a week ago
EARLIER = AT - timedelta(days=7)


def aim(world: World, *rows: Draft) -> None:
    acts.draft_goals(rows, origin="hand", by=world.director, at=EARLIER)
    put_in_force(Goal.objects.values_list("pk", flat=True), at=EARLIER)


def a_late_application(world: World) -> None:
    """陈晨's, told further up this morning; nobody has spoken."""
    goal = Goal.objects.get(person=world.grower)
    event = acts.add_event(kind="competitor", title="竞品降价", on=date(2026, 3, 2), by=world.leader, at=EARLIER)
    acts.request_adjustment(goal=goal.pk, event=event.pk, reason="三家客户改签", target=80_000_000_00, valid_from=TODAY,
                            by=world.grower, at=EARLIER)  # fmt: skip
    assert followups.applications(now=AT) == 1


def a_day_of(me: Person, world: World) -> None:
    """A visit planned with a contact, one overdue, a deal that stands still, money that is late, a lead untouched, an
    answered question, a report that was answered and one to read, a visit to observe."""
    row = pipeline.add_customer(name="海川机械", owner=me, by=None, at=EARLIER)
    contact = pipeline.add_contact(row, name="李工", by=None, at=EARLIER)
    deal = pipeline.open_deal(name="产线", customer=row, owner=me, on=date(2026, 1, 5), by=None, at=EARLIER)
    activity.plan_item(person=me, on=TODAY, customer=row, deal=deal, by=None, at=EARLIER)
    activity.plan_item(person=me, on=TODAY - 3 * DAY, customer=row, by=None, at=EARLIER)
    pipeline.plan_instalment(customer=row, due_on=date(2026, 2, 2), amount_minor=50_00, by=None, at=EARLIER)
    pipeline.add_lead(name="新线索", owner=me, by=None, at=EARLIER)
    activity.log_activity(kind="visit", person=me, customer=row, contact=contact, deal=deal, on=TODAY, result="intent",
                          companion=world.leader, by=me, at=AT)  # fmt: skip
    done = activity.log_activity(kind="needs_report", person=me, customer=row, by=me, at=AT)
    asked_of = people.ask_question(metric="won_amount", basis="", scope=f"scope=person:{me.pk}", period="2026-03",
                                   shown=(1, None, 1), text="为什么少了一单？", by=me, at=EARLIER)  # fmt: skip
    people.answer_question(question=asked_of, answer="上月的单这月退了", by=world.analyst, at=AT)
    sections = {section["key"]: "要换产线" for section in reads.sections_of(None)}
    report = activity.write_report(done, answers=sections, reader=world.leader, by=me, at=AT)
    activity.answer_report(report, reply="跟住", by=world.leader, at=AT)


@pytest.fixture
def full(world: World) -> World:
    """孙浩 has all of it, and stands in for the director."""
    busy(world, months=3)
    me = world.veteran
    aim(world, Draft("won_amount", "company", MARCH, 900_000_000_00),
        *(Draft("won_amount", "team", MARCH, 300_000_000_00, team=team.pk) for team in (world.east1, world.east2)),
        *(Draft("won_amount", "person", MARCH, 90_000_000_00, person=who.pk)
          for who in (me, world.grower)))  # fmt: skip
    visits = Draft("customers_visited", "person", MARCH, 3, person=me.pk, per="day", basis_figures={"days": 90})
    (action,) = acts.adopt_actions([visits], by=me, at=EARLIER)
    assert acts.suggest([acts.Suggested(action, 3, 4)], at=AT) == 1
    a_late_application(world)
    acts.name_delegate(delegate=me.pk, start=TODAY, end=TODAY + DAY, by=world.director, at=AT)
    a_day_of(me, world)
    return world


def test_my_day_with_everything_on_it_asks_as_little_as_an_empty_one(full: World):
    client = client_of(full.veteran)
    page = client.get("/today/").content.decode()
    shown = ("data-suggestion", "data-late-adjustments", "海川机械", "为什么少了一单", "日均需完成", "已回复",
             'data-ring="customers_visited"')  # fmt: skip
    assert [words for words in shown if words not in page] == []
    ran = asked(client, "/today/")
    assert len(ran) <= LIMIT, len(ran)
    assert len(asked(client, "/today/?part=list")) <= LIMIT


@pytest.mark.parametrize("who", ["director", "leader", "analyst", "hrbp"])
def test_the_first_pages_of_those_who_lead_and_judge_ask_little(full: World, who: str):
    acts.name_delegate(delegate=full.leader.pk, start=TODAY, end=TODAY + DAY, by=full.analyst, at=AT)
    client = client_of(getattr(full, who))
    page = client.get("/").content.decode()
    assert "data-late-adjustments" in page
    assert len(asked(client, "/")) <= LIMIT


def test_a_team_with_a_calendar_of_its_own_costs_nothing_more(full: World):
    """A six-day week in 华东一队: who stands under it comes with the calendars."""
    own = people.add_calendar(name="单休", pattern="six_day", by=full.admin, at=AT)
    people.change_team(team=full.east1, calendar=own, by=full.admin, at=AT)
    for who, path in ((full.veteran, "/today/"), (full.director, "/"), (full.leader, "/")):
        assert len(asked(client_of(who), path)) <= LIMIT, who


ON_POSTGRESQL = """
from datetime import date, timedelta
from django.conf import settings
from django.test import Client
from pacesetter.goals import acts, followups
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person, Team
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, put_in_force
settings.ALLOWED_HOSTS = ["*"]
me, head, mate = (Person.objects.get(name=name) for name in ("孙浩", "周岚", "陈晨"))
before = AT - timedelta(days=7)
own = people.add_calendar(name="单休", pattern="six_day", by=head, at=AT)
people.change_team(team=Team.objects.get(name="华东一队"), calendar=own, by=head, at=AT)
march = periods.parse("2026-03")
rows = [Draft("won_amount", "company", march, 900)]
rows += [Draft("won_amount", "person", march, 100, person=who.pk) for who in (me, mate)]
rows.append(Draft("won_amount", "team", march, 300, team=Team.objects.get(name="华东一队").pk))
acts.draft_goals(rows, origin="hand", by=head, at=before)
put_in_force(Goal.objects.values_list("pk", flat=True), at=before)
visits = Draft("customers_visited", "person", march, 3, person=me.pk, per="day", basis_figures={"days": 90})
goal = acts.adopt_actions([visits], by=me, at=before)[0]
acts.suggest([acts.Suggested(goal, 3, 4)], at=AT)
event = acts.add_event(kind="policy", title="新规", on=TODAY, by=head, at=before)
row = pipeline.add_customer(name="海川机械", owner=me, by=None, at=before)
pipeline.plan_instalment(customer=row, due_on=date(2026, 2, 2), amount_minor=50, by=None, at=before)
asked = acts.request_adjustment(goal=Goal.objects.get(person=mate).pk, event=event.pk, reason="x", target=80,
                                valid_from=TODAY, by=mate, at=before)
followups.applications(now=AT)
acts.name_delegate(delegate=me.pk, start=TODAY, end=TODAY + timedelta(days=1), by=head, at=AT)
for who, path, words in (
    (me, "/today/", ("data-suggestion", "data-late-adjustments")), (head, "/", ("data-late-adjustments", "海川机械")),
    (head, f"/goals/adjustments/{asked.pk}/", ("陈晨",)), (head, "/goals/adjustments/?show=late", ("陈晨",)),
    (head, f"/goals/{asked.goal_id}/expected/?application={asked.pk}", ("单休",)),
):
    client = Client()
    client.force_login(who)
    answer = client.get(path)
    page = answer.content.decode()
    print(answer.status_code, [word for word in words if word not in page], path)
"""


def test_they_are_read_on_postgresql_too(moulds: Moulds, tmp_path: Path) -> None:
    """With a team on a calendar of its own: what stands side by side in one statement has the same types there."""
    with moulds.home(tmp_path, "cast", "postgresql") as home:
        told = home.python(ON_POSTGRESQL).splitlines()
    assert len(told) == 5
    assert [line for line in told if not line.startswith("200 [] ")] == []
