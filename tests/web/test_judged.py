"""Where a visit is shown, its own rule is: the page of the record, the Why drawer, the timeline of the customer."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from pacesetter.activity import acts
from pacesetter.activity.models import Activity
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
OLD, NEW = date(2026, 1, 1), date(2026, 3, 15)


def text(person: Person, path: str, language: str = "zh-hans") -> str:
    client = Client()
    client.force_login(person)
    client.cookies["pace_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.fixture
def customer(world: World) -> Customer:
    acts.set_visit_rule(valid_from=OLD, by=world.director, at=AT)
    acts.set_visit_rule(valid_from=NEW, min_minutes=15, by=world.director, at=AT)
    return pipeline.add_customer(name="两版机械", owner=world.veteran, by=None, at=AT)


def logged(world: World, customer: Customer, on: date, minutes: int | None) -> Activity:
    at = datetime.combine(on, datetime.min.time(), AT.tzinfo) + timedelta(hours=4)
    return acts.log_activity(
        person=world.veteran, kind="visit", on=on, customer=customer, contact_name="王总", result="有意向",
        next_step="送方案", next_on=on + timedelta(days=2), minutes=minutes, by=world.veteran, at=at,
    )  # fmt: skip


def test_the_page_lists_each_condition_and_names_the_version(world: World, customer: Customer):
    before = text(world.veteran, f"/activities/{logged(world, customer, date(2026, 3, 14), 10).pk}/")
    short = text(world.veteran, f"/activities/{logged(world, customer, NEW, 10).pk}/")
    untold = text(world.leader, f"/activities/{logged(world, customer, TODAY, None).pk}/")
    assert "规则：2026-01-01 起的版本" in before
    assert "至少 15 分钟" not in before
    assert "✓ 见到联系人 满足" in before
    assert "规则：2026-03-15 起的版本" in short
    assert "✗ 至少 15 分钟 不满足" in short
    assert "? 至少 15 分钟 不清楚" in untold


def test_a_confirmed_visit_still_shows_what_was_missing(world: World, customer: Customer):
    row = logged(world, customer, TODAY, None)
    acts.confirm_visit(row, by=world.leader, at=AT, reason="同去")
    shown = text(world.leader, f"/activities/{row.pk}/")
    assert "? 至少 15 分钟" in shown
    assert "主管确认" in shown


def test_the_drawer_names_the_version_that_judged_each_visit(world: World, customer: Customer):
    logged(world, customer, date(2026, 3, 14), 10)
    logged(world, customer, NEW, 20)
    logged(world, customer, NEW, 10)
    shown = text(world.veteran, "/why/effective_visits/?period=2026Q1")
    assert shown.count("规则：2026-01-01 起的版本 ✓见到联系人 ✓有结果 ✓有带日期的下一步") == 1
    assert shown.count("规则：2026-03-15 起的版本 ✓见到联系人 ✓有结果 ✓有带日期的下一步 ✓至少 15 分钟") == 1
    assert "✗" not in shown, "what does not count is not among the records of the number"
    english = text(world.veteran, "/why/effective_visits/?period=2026Q1", "en")
    assert english.count("Rule: the version from") == 2


def test_the_timeline_says_it_in_short(world: World, customer: Customer):
    logged(world, customer, NEW, 10)
    acts.log_activity(person=world.veteran, kind="call", customer=customer, by=world.veteran, at=AT)
    shown = text(world.veteran, f"/customers/{customer.pk}/")
    assert shown.count("4/5 条满足 · 规则：2026-03-15 起的版本") == 1
    assert shown.count("条满足") == 1
