"""`./pace invite`: people who came from a file sign in without anybody who could have invited them."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from pacesetter.journal.models import Entry
from pacesetter.people.models import Person, RoleGrant
from pacesetter.people.models.access import Invitation
from tests.world import PASSWORD, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def told(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("invite", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def test_the_link_signs_in_whoever_it_names_and_makes_an_admin_where_asked(world: World) -> None:
    RoleGrant.objects.filter(role="admin").delete()
    said = told(world.director.employee_no, "--admin", "首次登录", "--address", "https://pace.example/")
    assert said["name"] == "周岚"
    assert said["link"].startswith("https://pace.example/invite/")
    client = Client()
    path = said["link"].removeprefix("https://pace.example")
    assert client.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert client.get("/manage/people/new/").status_code == 200
    grant = RoleGrant.objects.get(person=world.director, role="admin")
    assert (grant.reason, grant.valid_from) == ("首次登录", TODAY)
    assert Entry.objects.get(act="grant_role", about_id=world.director.pk, after__role="admin").by_id is None


def test_without_asking_nobody_becomes_an_admin_and_a_password_is_only_set_anew(world: World) -> None:
    before = RoleGrant.objects.count()
    told(world.veteran.employee_no)
    world.veteran.set_password(PASSWORD)
    world.veteran.save()
    told(world.veteran.employee_no)
    kinds = Invitation.objects.filter(person=world.veteran).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["invite", "reset"]
    assert RoleGrant.objects.count() == before


def test_whoever_left_gets_no_link_and_no_role(world: World) -> None:
    Person.objects.filter(pk=world.veteran.pk).update(access_ended=True)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("invite", world.veteran.employee_no, "--admin", "首次登录", stdout=out)
    assert ended.value.code == 2
    assert "已离职" in json.loads(out.getvalue())["errors"][0]["reason"]
    assert not RoleGrant.objects.filter(person=world.veteran, role="admin").exists()
    with pytest.raises(CommandError) as unknown:
        told("E999")
    assert unknown.value.returncode == 64
