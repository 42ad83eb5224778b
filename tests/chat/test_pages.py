"""The page of the organisation sync, its command and its chores."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pacesetter.chat import followups
from pacesetter.chat.models import State, SyncRun
from pacesetter.people.models import EntityMaster, ExternalId, Person
from pacesetter.worker import chores
from tests.chat.standin import StandIn
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")
Connect = Callable[..., StandIn]


def reader(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, path: str, **fields: Any) -> Any:
    return client.post(path, {"key": uuid.uuid4().hex, **fields})


def test_an_admin_tries_looks_and_applies(connect: Connect, world: World):
    stand = connect("wecom")
    stand.users[3]["mobile"], stand.users[3]["extattr"] = "", {"attrs": []}
    admin = reader(world.admin)
    assert "还没有试算过" in admin.get("/manage/chat/").content.decode()
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    assert stand.calls.total() == 0, "nothing is asked while a page is answered"
    assert "正在读取企业微信的通讯录" in admin.get(where).content.decode()
    assert followups.run_waiting(now=AT) == 1
    assert admin.get(where, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = admin.get(where).content.decode()
    for words in ("对应到已有团队", "华东一队", "可能是同一个人", "李想", "新增兼岗", "应用"):
        assert words in page
    assert ExternalId.objects.count() == 0
    run = SyncRun.objects.get()
    answer = send(admin, f"{where}apply/", tick=["same_name:u-li"])
    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.state, run.applied_by) == (State.APPLIED, world.admin)
    assert ExternalId.objects.get(external_id="u-li").object_id == world.newcomer.pk
    assert "方正" in admin.get(where).content.decode()
    assert "已应用" in admin.get("/manage/chat/").content.decode()
    assert send(admin, f"{where}apply/").status_code == 422


def test_the_same_form_sent_twice_applies_once(connect: Connect, world: World):
    connect("wecom")
    admin = reader(world.admin)
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    form = {"key": uuid.uuid4().hex}
    first, second = admin.post(f"{where}apply/", form), admin.post(f"{where}apply/", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]


def test_hrbp_reads_and_does_not_write(connect: Connect, world: World):
    connect("wecom")
    where = send(reader(world.admin), "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    hrbp = reader(world.hrbp)
    page = hrbp.get(where).content.decode()
    assert "华东一队" in page
    assert 'type="checkbox"' not in page
    assert f"{where}apply/" not in page.replace(f'action="{where}apply/"', "")
    assert send(hrbp, f"{where}apply/").status_code == 404
    assert send(hrbp, "/manage/chat/wecom/try/").status_code == 404
    assert send(hrbp, "/manage/chat/master/", master="wecom").status_code == 404
    assert ExternalId.objects.count() == 0


def test_who_is_right_is_a_setting(connect: Connect, world: World):
    connect("wecom")
    admin = reader(world.admin)
    assert send(admin, "/manage/chat/master/", master="wecom").status_code == 302
    assert set(EntityMaster.objects.values_list("entity", "source")) == {
        ("person", "wecom"), ("team", "wecom"), ("membership", "wecom"),
    }  # fmt: skip
    assert "selected" in admin.get("/manage/chat/").content.decode()
    assert send(admin, "/manage/chat/master/", master="feishu").status_code == 404
    send(admin, "/manage/chat/master/", master="")
    assert not EntityMaster.objects.exists()


def test_a_fault_over_there_is_told_on_the_page(connect: Connect, world: World):
    stand = connect("wecom")
    stand.fails["/cgi-bin/department/list"] = (200, {"errcode": 60011, "errmsg": "no privilege"}, {})
    admin = reader(world.admin)
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    page = admin.get(where).content.decode()
    assert "通讯录范围太小" in page
    assert "60011 no privilege" in page


def test_many_leavers_at_once_are_doubted(connect: Connect, world: World):
    stand = connect("wecom")
    admin = reader(world.admin)
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    send(admin, f"{where}apply/")
    stand.users.clear()
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    page = admin.get(where).content.decode()
    assert "范围变小了" in page
    assert "要你勾选才会处理" in page
    assert page.count('type="checkbox"') == 6
    send(admin, f"{where}apply/")
    assert not Person.objects.filter(access_ended=True).exclude(pk=world.left.pk).exists()


def test_in_english(connect: Connect, world: World):
    connect("wecom")
    admin = reader(world.admin)
    where = send(admin, "/manage/chat/wecom/try/").headers["Location"]
    followups.run_waiting(now=AT)
    admin.cookies["pace_language"] = "en"
    assert "Who is right" in admin.get("/manage/chat/").content.decode()
    page = admin.get(where).content.decode()
    assert "Teams recognised" in page
    assert "changes. Here is the whole list" in page


def test_without_configuration_the_page_is_not_there(world: World):
    SyncRun.objects.create(name="wecom", at=AT, state=State.READY, nightly=True, counts={"leaver": 1})
    admin = reader(world.admin)
    for path in ("/manage/chat/", "/manage/chat/runs/1/", "/manage/chat/wecom/try/"):
        assert admin.get(path).status_code == 404
    for path in ("/", "/manage/people/"):
        assert "/manage/chat/" not in admin.get(path).content.decode()


def test_with_it_the_page_is_in_the_navigation_and_the_night_speaks_on_the_first_page(connect: Connect, world: World):
    connect("wecom")
    admin = reader(world.admin)
    assert "/manage/chat/" in admin.get("/manage/people/").content.decode()
    assert "还没有应用" not in admin.get("/").content.decode()
    run = SyncRun.objects.create(name="wecom", at=AT, state=State.READY, nightly=True, counts={"leaver": 1})
    assert f"/manage/chat/runs/{run.pk}/" in admin.get("/").content.decode()
    assert "/manage/chat/" not in reader(world.veteran).get("/").content.decode()


def command(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    call_command("sync", *words, "--json")
    return json.loads(capsys.readouterr().out)


def test_the_command_tries_and_takes(connect: Connect, world: World, capsys: pytest.CaptureFixture[str]):
    connect("feishu")
    tried = command(capsys, "feishu", "--dry-run")
    assert (tried["applied"], tried["counts"]["person_link"]) == (False, 6)
    assert {"id", "kind", "label", "says"} <= set(tried["steps"][0])
    assert ExternalId.objects.count() == 0
    taken = command(capsys, "feishu")
    assert (taken["applied"], taken["counts"]) == (True, tried["counts"])
    assert ExternalId.objects.count() == 10
    assert command(capsys, "feishu")["counts"] == {}


def test_the_command_says_what_is_wrong(
    connect: Connect, world: World, capsys: pytest.CaptureFixture[str], settings: Any
):
    with pytest.raises(CommandError) as usage:
        command(capsys, "feishu")
    assert usage.value.returncode == 64
    connect("feishu")
    settings.CHAT["feishu"]["secret"] = "wrong"
    with pytest.raises(SystemExit) as refused:
        command(capsys, "feishu", "--dry-run")
    assert refused.value.code == 2
    assert "密钥" in json.loads(capsys.readouterr().out)["error"]


def test_the_worker_looks_for_runs_that_wait(connect: Connect, world: World):
    assert chores.organisation(AT) == 0
    assert chores.nightly_organisation(AT) == 0
    connect("wecom")
    SyncRun.objects.create(name="wecom", at="2026-03-15T00:00:00Z", state=State.APPLIED)
    assert chores.nightly_organisation(AT.replace(day=15, hour=18, minute=0)) == 0, "02:00 there"
    assert chores.nightly_organisation(AT) == 1
    assert chores.organisation(AT) == 1
    assert SyncRun.objects.latest("id").state == State.READY
