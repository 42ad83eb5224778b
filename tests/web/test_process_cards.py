"""管理 → 规则: the scorecard and the report template as versions by date; two people at one setting."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from pacesetter.activity import acts, reads
from pacesetter.activity.models import Norm, ReportTemplate, Scorecard, VisitRule
from pacesetter.activity.rules.evidence import REPORT, SCORECARD
from pacesetter.journal.models import Entry
from pacesetter.people.models import Person
from pacesetter.web.forms.evidence import ObservationForm, ReportForm
from tests.world import AT, TODAY, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
CARD, TEMPLATE = "/manage/process/scorecard/", "/manage/process/report/"
INPUT = re.compile(r'<input[^>]*name="([^"]+)"[^>]*>')


def client_of(person: Person, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["pace_language"] = language
    return client


def boxes(client: Client, path: str) -> dict[str, str]:
    """The form as it stands on the page, ready to be sent."""
    page = client.get(path).content.decode()
    found = {}
    for tag in INPUT.finditer(page[page.index('name="valid_from"') - 300 :]):
        value = re.search(r'value="([^"]*)"', tag[0])
        if 'type="checkbox"' not in tag[0]:
            found[tag[1]] = value[1] if value else ""
        elif "checked" in tag[0]:
            found[tag[1]] = "on"
    return {**found, "key": uuid.uuid4().hex}


def test_the_scorecard_is_shown_changed_from_a_day_and_the_version_in_force_is_marked(world: World):
    client = client_of(world.director)
    asked = boxes(client, CARD)
    assert asked["zh_0"] == SCORECARD[0]["zh"]
    later = TODAY + timedelta(days=4)
    sent = {**asked, "valid_from": later.isoformat(), "zh_0": "开场", "en_0": "", "reason": "学华东队的做法"}
    for name in ("zh", "en", "zh1", "en1", "zh3", "en3", "zh5", "en5"):
        sent[f"{name}_1"] = ""
    assert client.post(CARD, sent).status_code == 302
    row = Scorecard.objects.get()
    assert [one["key"] for one in row.questions] == ["purpose", "listening", "value", "next_step"]
    assert (row.questions[0]["zh"], row.questions[0]["en"]) == ("开场", "开场")
    assert row.questions[0]["anchors"] == SCORECARD[0]["anchors"]
    assert reads.questions_of(reads.scorecard_on(TODAY)) == SCORECARD
    assert reads.questions_of(reads.scorecard_on(later))[0]["zh"] == "开场"
    page = client_of(world.leader).get(CARD).content.decode()
    assert "还没生效" in page
    assert "学华东队的做法" in page
    assert world.director.name in page
    assert 'name="valid_from"' not in page, "a reader has no form"
    now = page[page.index("现在用的") : page.index("各个版本")]
    assert SCORECARD[0]["zh"] in now, "what holds today stands first"
    assert "开场" not in now.replace(SCORECARD[0]["anchors"]["5"][0], "")


def test_a_version_that_has_not_begun_is_replaced_by_the_next(world: World):
    client = client_of(world.director)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert client.post(CARD, {**boxes(client, CARD), "valid_from": tomorrow, "zh_0": "开场"}).status_code == 302
    assert client.post(CARD, {**boxes(client, CARD), "valid_from": tomorrow, "zh_0": "开场白"}).status_code == 302
    assert Scorecard.objects.get().questions[0]["zh"] == "开场白"
    assert [line.act for line in Entry.objects.filter(entity="scorecard")] == ["set_scorecard"] * 2


def test_a_new_question_needs_its_anchors_and_gets_a_key_of_its_own(world: World):
    client = client_of(world.director)
    sent = {**boxes(client, CARD), "zh_5": "礼貌"}
    answer = client.post(CARD, sent)
    assert answer.status_code == 422
    assert "这一行要填完整。" in answer.content.decode()
    whole = {**boxes(client, CARD), "zh_5": "礼貌", "zh1_5": "差", "zh3_5": "可以", "zh5_5": "好"}
    assert client.post(CARD, whole).status_code == 302
    keys = [one["key"] for one in Scorecard.objects.get().questions]
    assert keys[:5] == [one["key"] for one in SCORECARD]
    assert keys[5].isidentifier()
    assert keys[5] not in keys[:5]
    empty = {name: "" if name[:2] in ("zh", "en") else value for name, value in boxes(client, CARD).items()}
    refused = client.post(CARD, {**empty, "valid_from": (TODAY + timedelta(days=2)).isoformat()})
    assert "观察表要 3 到 6 题" in refused.content.decode()


def test_the_report_template_from_a_day_on(world: World):
    client = client_of(world.admin)
    sent = {**boxes(client, TEMPLATE), "zh_2": "", "en_2": "", "zh_6": "现场照片说明", "required_6": "on"}
    del sent["required_0"]
    assert client.post(TEMPLATE, sent).status_code == 302
    row = ReportTemplate.objects.get()
    assert [one["zh"] for one in row.sections] == [
        *(one["zh"] for one in REPORT if one["key"] != "decision"), "现场照片说明",
    ]  # fmt: skip
    assert [one["required"] for one in row.sections] == [False, True, False, False, True, True]
    assert reads.sections_of(reads.template_on(TODAY - timedelta(days=1))) == REPORT
    assert "现场照片说明 *" in client_of(world.hrbp).get(TEMPLATE).content.decode()
    assert client.post(TEMPLATE, {**boxes(client, TEMPLATE), "valid_from": "2026-03-01"}).status_code == 422


@pytest.mark.parametrize("path", [CARD, TEMPLATE])
def test_readers_cannot_write_and_reps_see_nothing(world: World, path: str):
    sent = boxes(client_of(world.director), path)
    before = Entry.objects.count()
    for reader in (world.leader, world.hrbp, world.analyst):
        assert client_of(reader).get(path).status_code == 200
        assert client_of(reader).post(path, sent).status_code == 404
    assert client_of(world.veteran).get(path).status_code == 404
    assert Entry.objects.count() == before
    assert client_of(world.director).post(path, sent).status_code == 302, "the same form by who may"


# --- two people at one setting ----------------------------------------------------------------------------------------
def test_two_at_the_scorecard_the_second_is_told_and_sees_both(world: World):
    director, admin = client_of(world.director), client_of(world.admin)
    first, second = boxes(director, CARD), boxes(admin, CARD)
    tomorrow, later = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
    assert admin.post(CARD, {**second, "valid_from": tomorrow.isoformat(), "zh_0": "开门见山"}).status_code == 302
    mine = {**first, "valid_from": later.isoformat(), "zh_0": "开场白"}
    answer = director.post(CARD, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"{world.admin.name} 在你打开之后改过这条记录" in page
    assert "开门见山" in page
    assert "开场白" in page
    assert Scorecard.objects.count() == 1
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen is not None
    assert director.post(CARD, {**mine, "version": seen[1]}).status_code == 302, "who has seen both may keep theirs"
    assert Scorecard.objects.get(valid_from=later).questions[0]["zh"] == "开场白"


RULE: dict[str, Any] = {"contact": "on", "result": "on", "next_step": "on", "entry_hours": "0", "duplicate_days": "0",
                        "back_days": "3"}  # fmt: skip


def test_two_at_the_visit_rule(world: World):
    director, admin, path = client_of(world.director), client_of(world.admin), "/manage/process/"
    first = boxes(director, path)["version"]
    sent = {**RULE, "version": first, "valid_from": "2026-03-20", "min_minutes": "15"}
    assert admin.post(path, {**sent, "key": uuid.uuid4().hex}).status_code == 302
    mine = {**sent, "key": uuid.uuid4().hex, "valid_from": "2026-03-25", "min_minutes": "30"}
    answer = director.post(path, mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert world.admin.name in page
    assert re.search(r"最短时长（分钟）</dt><dd>现在是 <b>15</b> · 你写的是 <b>30</b>", page)
    assert VisitRule.objects.count() == 1
    seen = re.search(r'name="version" value="(\d+)"', page)
    assert seen is not None
    assert director.post(path, {**mine, "version": seen[1]}).status_code == 302


def test_two_at_one_number_of_the_day_and_another_number_is_no_conflict(world: World):
    director, admin, path = client_of(world.director), client_of(world.admin), "/manage/process/norms/"
    first = boxes(director, path)["version"]
    base = {"per": "day", "valid_from": "2026-03-17", "version": first}
    visits, calls = {**base, "metric": "effective_visits"}, {**base, "metric": "call_count", "per": "week"}
    assert admin.post(path, {**visits, "count": "5", "key": uuid.uuid4().hex}).status_code == 302
    answer = director.post(path, {**visits, "count": "8", "key": uuid.uuid4().hex})
    assert answer.status_code == 422
    assert re.search(r"数量</dt><dd>现在是 <b>5</b> · 你写的是 <b>8</b>", answer.content.decode())
    assert Norm.objects.get().count == 5
    metric = re.search(r'<option value="(proposals)"', director.get(path).content.decode())
    assert metric is not None
    other = {**calls, "metric": metric[1], "count": "3", "key": uuid.uuid4().hex}
    assert director.post(path, other).status_code == 302, "nobody touched this one"
    same = director.post(path, {**visits, "count": "5", "key": uuid.uuid4().hex})
    assert same.status_code == 302, "the same number again is no conflict"


def test_without_the_check_the_second_would_have_won(world: World):
    acts.set_norm(metric="effective_visits", per="day", count=5, valid_from=TODAY, by=world.admin, at=AT)
    acts.set_norm(metric="effective_visits", per="day", count=8, valid_from=TODAY, by=world.director, at=AT)
    assert Norm.objects.get().count == 8, "whoever looked at nothing, such as a program, writes"


def test_the_pages_speak_english(world: World):
    client = client_of(world.director, "en")
    page = client.get(CARD).content.decode()
    assert "Question 1" in page
    assert "Agreed purpose and time at the start" in page
    assert "Section 1" in client.get(TEMPLATE).content.decode()


def test_words_without_english_say_on_an_english_page_that_they_are_chinese(world: World):
    director, english = client_of(world.director), client_of(world.director, "en")
    today = {"valid_from": TODAY.isoformat()}
    assert director.post(CARD, {**boxes(director, CARD), **today, "zh_0": "开场", "en_0": ""}).status_code == 302
    sections = {**boxes(director, TEMPLATE), **today, "zh_0": "现状", "en_0": ""}
    assert director.post(TEMPLATE, sections).status_code == 302
    marked = '<span lang="zh-Hans">%s</span>'
    for path, word, other in ((CARD, "开场", "Questions"), (TEMPLATE, "现状", "Needs and problems")):
        page = english.get(path).content.decode()
        now = page[page.index("<dl") : page.index("</dl>")]
        assert marked % word in now
        assert marked % other not in now, "what has its English is not marked"
        assert "No English yet: English pages show the Chinese." in page
        box = re.search(r'<input[^>]*name="en_0"[^>]*>', page)
        assert box is not None
        assert f'placeholder="{word}"' in box[0]
        assert "value=" not in box[0], "the box is as empty as it was left"
        assert marked % word not in director.get(path).content.decode(), "a Chinese page says nothing of it"


def test_a_report_and_an_observation_mark_them_too(world: World):
    director = client_of(world.director)
    today = {"valid_from": TODAY.isoformat()}
    sent = {**boxes(director, CARD), **today, "zh_0": "开场", "en_0": "", "en5_0": ""}
    assert director.post(CARD, sent).status_code == 302
    sections = {**boxes(director, TEMPLATE), **today, "zh_0": "现状", "en_0": ""}
    assert director.post(TEMPLATE, sections).status_code == 302
    with translation.override("en"):
        card = ObservationForm(questions=reads.questions_of(reads.scorecard_on(TODAY)), english=True)
        report = ReportForm(on=TODAY, sections=reads.sections_of(reads.template_on(TODAY)), english=True)
    assert str(card["score_purpose"].label) == '<span lang="zh-Hans">开场</span>'
    assert 'lang="zh-Hans"' in str(card["score_purpose"]), "an anchor without English in the choices"
    assert 'lang="zh-Hans"' not in str(card["score_listening"])
    assert str(report["section_situation"].label) == '<span lang="zh-Hans">现状</span>'
    assert str(report["section_needs"].label) == "Needs and problems"
