"""管理 → 规则: seen in words and in visits before it is saved, read by those who are judged, written by two roles."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from pacesetter.activity import acts, reads
from pacesetter.activity.models import ActivityKind, HintSetting, VisitRule
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
RULE = {"valid_from": "2026-03-20", "contact": "on", "result": "on", "next_step": "on", "min_minutes": "15",
        "entry_hours": "0", "duplicate_days": "0", "back_days": "3", "reason": "季度会定的"}  # fmt: skip


def client_of(person: Person, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["pace_language"] = language
    return client


def send(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, {"key": uuid.uuid4().hex, **values})


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_version_is_previewed_then_saved_with_its_reason(world: World):
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    acts.log_activity(person=world.veteran, kind="visit", customer=customer, contact_name="王总", result="有意向",
                      next_step="送方案", next_on=TODAY, minutes=10, by=world.veteran, at=AT)  # fmt: skip
    client = client_of(world.director)
    seen = send(client, "/manage/process/", preview="1", **RULE).content.decode()
    assert "有效拜访要：见到联系人、有结果、有带日期的下一步、至少 15 分钟。" in seen
    assert "近 30 天计有效 1 次。按这个版本，其中 1 次不会计，另有 0 次会计。" in seen
    assert VisitRule.objects.count() == 0
    assert send(client, "/manage/process/", **RULE).status_code == 302
    assert VisitRule.objects.get().min_minutes == 15
    page = text(client_of(world.leader), "/manage/process/")
    assert "季度会定的" in page
    assert world.director.name in page
    assert 'name="valid_from"' not in page, "a reader has no form"
    assert 'name="valid_from"' in text(client, "/manage/process/")
    again = send(client, "/manage/process/", **RULE)
    assert again.status_code == 422


@pytest.mark.parametrize("path", ["/manage/process/", "/manage/process/norms/"])
def test_readers_cannot_write(world: World, path: str):
    before = Entry.objects.count()
    for reader in (world.leader, world.hrbp, world.analyst):
        assert client_of(reader).get(path).status_code == 200
        assert send(client_of(reader), path, **RULE).status_code == 404
        assert send(client_of(reader), path, preview="1", **RULE).status_code == 404
    assert client_of(world.veteran).get(path).status_code == 404
    assert Entry.objects.count() == before


def test_a_number_of_the_day_holds_from_its_day_on(world: World):
    client = client_of(world.director)
    asked = {"metric": "effective_visits", "per": "day", "count": "5", "valid_from": "2026-03-17", "reason": "旺季"}
    assert send(client, "/manage/process/norms/", **asked).status_code == 302
    assert reads.norms(TODAY)["effective_visits"] == ("day", 3)
    assert reads.norms(TODAY + timedelta(days=1))["effective_visits"] == ("day", 5)
    page = text(client, "/manage/process/norms/")
    assert "有效拜访 · 每个工作日 5" in page
    assert "旺季" in page
    refused = send(client, "/manage/process/norms/", **{**asked, "valid_from": "2026-03-15"})
    assert refused.status_code == 422


def test_a_hint_is_tuned_with_its_sentence_and_a_colleagues_change_is_not_overwritten(world: World):
    director, admin = client_of(world.director), client_of(world.admin)
    page = text(director, "/manage/process/hints/no_activity/")
    assert "10 天没有任何往来记录" in page
    told = re.search(r'name="seen" value="([^"]*)"', page)
    assert told is not None
    seen = told[1].replace("&quot;", '"')
    assert send(admin, "/manage/process/hints/no_activity/", days="7", active="on", seen=seen).status_code == 302
    answer = send(director, "/manage/process/hints/no_activity/", days="20", active="on", seen=seen)
    assert answer.status_code == 422
    assert world.admin.name in answer.content.decode()
    assert HintSetting.objects.get().days == 7
    assert "7 天没有任何往来记录" in text(client_of(world.analyst), "/manage/process/hints/")
    assert "No contact" not in text(client_of(world.analyst), "/manage/process/hints/")
    assert client_of(world.leader).get("/manage/process/hints/no_activity/").status_code == 404
    assert director.get("/manage/process/hints/nothing/").status_code == 404


def test_a_companys_own_kind_is_made_asks_and_can_be_switched_off(world: World):
    client = client_of(world.director)
    asked = {"key": str(uuid.uuid4()), "zh": "盘点库存", "en": "Stock count", "needs_photo": "on"}
    page = client.post("/manage/process/kinds/new/", {**asked, "code": "stock_count"})
    assert page.status_code == 302
    kind = ActivityKind.objects.get(key="stock_count")
    assert (kind.needs_photo, kind.is_visit, kind.active) == (True, False, True)
    shown = text(client, "/manage/process/kinds/")
    assert "盘点库存" in shown
    assert ">18<" in shown.replace(" ", ""), "10 seconds and 8 for the photo"
    assert "盘点库存" in text(client_of(world.veteran), "/log/")
    off = send(client, f"/manage/process/kinds/{kind.pk}/", zh="盘点库存", en="Stock count")
    assert off.status_code == 302
    assert "盘点库存" not in text(client_of(world.veteran), "/log/")
    visit = ActivityKind.objects.get(key="visit")
    assert send(client, f"/manage/process/kinds/{visit.pk}/", zh="拜访", en="Visit", needs_note="on").status_code == 302
    visit.refresh_from_db()
    assert (visit.needs_note, visit.active) == (True, True), "a built-in kind has no switch"


def test_the_pages_speak_english(world: World):
    client = client_of(world.analyst, "en")
    assert "An effective visit needs" in text(client, "/manage/process/")
    assert "days" in text(client, "/manage/process/hints/")
