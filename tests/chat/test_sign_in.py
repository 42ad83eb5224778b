"""Coming in through a chat system: one time, from this session, to this product, as the one person that fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from pacesetter.journal.models import Entry
from pacesetter.people import acts
from pacesetter.people.models import ExternalId, Person
from tests.chat.standin import StandIn
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
ALL = pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
IN_APP = {
    "wecom": "Mozilla/5.0 wxwork/4.1.0 MicroMessenger/7.0.1",
    "dingtalk": "Mozilla/5.0 AliApp(DingTalk/7.0.10)",
    "feishu": "Mozilla/5.0 Lark/7.1.5",
}
Connect = Callable[..., StandIn]


def begin(client: Client, name: str, target: str = "", agent: str = "") -> dict[str, str]:
    """Go to the entry; what the chat system's page was asked."""
    sent = client.get(f"/chat/{name}/enter/", {"next": target} if target else {}, headers={"User-Agent": agent})
    assert sent.status_code == 302, sent.content.decode()
    asked = {key: values[0] for key, values in parse_qs(urlsplit(sent.headers["Location"]).query).items()}
    return asked | {"page": urlsplit(sent.headers["Location"]).path}


def come_back(client: Client, stand: StandIn, name: str, state: str, userid: str, code: str = "c1") -> Any:
    stand.codes[code] = f"union-{userid}" if name == "dingtalk" else userid
    key = "authCode" if name == "dingtalk" else "code"
    return client.get(f"/chat/{name}/back/", {key: code, "state": state})


def signed_in(client: Client) -> int | None:
    key = client.session.get("_auth_user_id")
    return int(key) if key else None


def link(name: str, stand: StandIn, userid: str, person: Person) -> None:
    from pacesetter.chat import configured

    acts.link_external(
        source=configured.adapter(name).source, entity="person", external_id=userid, object_id=person.pk, by=None, at=AT
    )


@ALL
def test_somebody_known_by_number_or_confirmed_mobile_comes_in_and_is_bound(connect: Connect, world: World, name: str):
    stand, client = connect(name), Client()
    asked = begin(client, name, "/customers/?q=海川", IN_APP[name])
    assert asked["redirect_uri"] == f"http://testserver/chat/{name}/back/"
    answer = come_back(client, stand, name, asked["state"], "u-sun")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/customers/?q=%E6%B5%B7%E5%B7%9D")
    assert signed_in(client) == world.veteran.pk
    assert client.get("/").status_code == 200
    bound = ExternalId.objects.get(entity="person", external_id="u-sun")
    assert bound.object_id == world.veteran.pk
    assert Entry.objects.filter(act="link_external", object_id=str(world.veteran.pk)).count() == 1
    assert world.veteran.device_sessions.filter(ended_at=None).count() == 1

    # bound once: neither number nor mobile is needed any more
    Person.objects.filter(pk=world.veteran.pk).update(mobile=None, employee_no=None)
    again = Client()
    asked = begin(again, name)
    assert come_back(again, stand, name, asked["state"], "u-sun", "c2").status_code == 302
    assert signed_in(again) == world.veteran.pk
    assert ExternalId.objects.filter(entity="person").count() == 1


def test_the_web_view_is_asked_silently_and_the_desktop_shows_a_code_to_scan(connect: Connect, world: World):
    connect("wecom", ask_mobile="")
    inside, outside = begin(Client(), "wecom", agent=IN_APP["wecom"]), begin(Client(), "wecom", agent="Chrome/126")
    assert (inside["page"], inside["scope"]) == ("/connect/oauth2/authorize", "snsapi_base")
    assert (outside["page"], outside["login_type"]) == ("/wwlogin/sso/login", "CorpApp")
    assert len(inside["state"]) == 32
    assert inside["state"].isalnum()


@ALL
def test_a_state_that_is_missing_used_old_or_of_another_session_opens_nothing(
    connect: Connect, world: World, name: str, monkeypatch: pytest.MonkeyPatch
):
    stand, client, other = connect(name), Client(), Client()
    mine, theirs = begin(client, name)["state"], begin(other, name)["state"]
    for state in ("", "0" * 32, theirs):
        answer = come_back(client, stand, name, state, "u-sun")
        assert answer.status_code == 422
        assert "请重新进入" in answer.content.decode()
        assert signed_in(client) is None
        assert "c1" in stand.codes, "the code was not even asked about"
    assert come_back(client, stand, name, mine, "u-sun").status_code == 302
    client.logout()
    assert come_back(client, stand, name, mine, "u-sun", "c2").status_code == 422
    assert signed_in(client) is None

    from pacesetter.web import door

    late = begin(client, name)["state"]
    now = door.clock.now()
    monkeypatch.setattr(door.clock, "now", lambda: now + timedelta(minutes=10, seconds=30))
    assert come_back(client, stand, name, late, "u-sun", "c3").status_code == 422
    assert signed_in(client) is None


def test_a_state_of_one_system_is_none_of_another(connect: Connect, world: World):
    connect("wecom")
    feishu, client = connect("feishu"), Client()
    state = begin(client, "wecom")["state"]
    assert come_back(client, feishu, "feishu", state, "u-sun").status_code == 422
    assert signed_in(client) is None


@ALL
def test_a_replayed_code_opens_nothing(connect: Connect, world: World, name: str):
    stand, client = connect(name), Client()
    state = begin(client, name)["state"]
    key = "authCode" if name == "dingtalk" else "code"
    answer = client.get(f"/chat/{name}/back/", {key: "spent", "state": state})
    assert answer.status_code == 422
    assert "已经用过或过期" in answer.content.decode()
    assert signed_in(client) is None
    assert stand.calls


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:evil",
        "evil",
        "/\t/evil.example",
    ],
)
def test_the_way_on_never_leads_to_another_host(connect: Connect, world: World, target: str):
    stand, client = connect("feishu"), Client()
    state = begin(client, "feishu", target)["state"]
    assert come_back(client, stand, "feishu", state, "u-sun").headers["Location"] == "/"
    inside = client.get("/chat/feishu/enter/", {"next": target})
    assert inside.headers["Location"] == "/"


@ALL
def test_a_leaver_gets_nothing(connect: Connect, world: World, name: str):
    stand, client = connect(name), Client()
    acts.leave(person=world.veteran, on=TODAY, by=None, at=AT)
    answer = come_back(client, stand, name, begin(client, name)["state"], "u-sun")
    assert "已经离职或停用" in answer.content.decode()
    link(name, stand, "u-sun", world.veteran)
    answer = come_back(client, stand, name, begin(client, name)["state"], "u-sun", "c2")
    assert answer.status_code == 422
    assert "已经离职或停用" in answer.content.decode()
    assert signed_in(client) is None


@ALL
def test_a_last_day_that_has_passed_ends_access_also_before_the_worker_came(connect: Connect, world: World, name: str):
    stand, client = connect(name), Client()
    Person.objects.filter(pk=world.veteran.pk).update(left_on=TODAY - timedelta(days=1))
    assert come_back(client, stand, name, begin(client, name)["state"], "u-sun").status_code == 422
    assert signed_in(client) is None


@ALL
def test_a_stranger_is_told_what_to_do_and_nobody_is_made(connect: Connect, world: World, name: str):
    stand, client = connect(name), Client()
    acts.change_person(person=world.veteran, mobile="13911112222", employee_no="X9", by=None, at=AT)
    before = (Person.objects.count(), ExternalId.objects.count(), Entry.objects.count())
    answer = come_back(client, stand, name, begin(client, name)["state"], "u-sun")
    assert answer.status_code == 422
    assert "请系统管理员" in answer.content.decode()
    assert (Person.objects.count(), ExternalId.objects.count(), Entry.objects.count()) == before
    assert signed_in(client) is None


def test_number_and_mobile_that_mean_two_people_mean_nobody(connect: Connect, world: World):
    stand, client = connect("dingtalk"), Client()
    stand.user("userid", "u-sun")["mobile"] = world.grower.mobile  # type: ignore[index]
    answer = come_back(client, stand, "dingtalk", begin(client, "dingtalk")["state"], "u-sun")
    assert "不止一个人" in answer.content.decode()
    assert signed_in(client) is None


def test_a_mobile_nobody_confirmed_opens_nothing(connect: Connect, world: World):
    """飞书 passes on what an admin typed; the number alone would be somebody's way into another's account."""
    stand, client = connect("feishu"), Client()
    stand.user("union_id", "u-sun")["employee_no"] = ""  # type: ignore[index]
    answer = come_back(client, stand, "feishu", begin(client, "feishu")["state"], "u-sun")
    assert answer.status_code == 422
    assert signed_in(client) is None


def test_a_second_account_does_not_take_over_a_person_who_has_one(connect: Connect, world: World):
    stand, client = connect("dingtalk"), Client()
    link("dingtalk", stand, "u-sun-of-last-year", world.veteran)
    answer = come_back(client, stand, "dingtalk", begin(client, "dingtalk")["state"], "u-sun")
    assert "已经和另一个账号绑定" in answer.content.decode()
    assert signed_in(client) is None


@pytest.mark.parametrize("said", ["", "1"])
def test_a_userid_is_a_number_only_where_the_company_says_so(connect: Connect, world: World, said: str):
    stand, client = connect("wecom", userid_is_number=said), Client()
    stand.users.append({"userid": "E006", "department": [3]})
    answer = come_back(client, stand, "wecom", begin(client, "wecom")["state"], "E006")
    assert answer.status_code == (302 if said else 422)
    assert signed_in(client) == (world.veteran.pk if said else None)


def test_who_refused_is_told_so(connect: Connect, world: World):
    connect("feishu")
    client = Client()
    state = begin(client, "feishu")["state"]
    answer = client.get("/chat/feishu/back/", {"error": "access_denied", "state": state})
    assert "没有同意授权" in answer.content.decode()


@ALL
def test_a_fault_over_there_is_a_page_not_a_crash(connect: Connect, world: World, name: str, settings: Any):
    stand, client = connect(name), Client()
    stand.limits = 5
    if name == "feishu":
        stand.fails["/open-apis/authen/v1/user_info"] = (429, {"code": 99991400, "msg": "limit"}, {})
    answer = come_back(client, stand, name, begin(client, name)["state"], "u-sun")
    assert answer.status_code == 422
    assert "限制了调用频率" in answer.content.decode()
    english = client.get(
        "/chat/feishu/back/" if name == "feishu" else f"/chat/{name}/back/", headers={"accept-language": "en"}
    )
    assert "Not signed in" in english.content.decode()


@ALL
def test_a_second_factor_is_still_asked(connect: Connect, world: World, name: str):
    """The chat system takes the place of the password, not of the second factor."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=world.veteran, type="totp", data={"secret": "x"})
    stand, client = connect(name), Client()
    answer = come_back(client, stand, name, begin(client, name)["state"], "u-sun")
    assert "2fa" in answer.headers["Location"]
    assert signed_in(client) is None


@ALL
def test_without_configuration_there_is_no_button_and_no_address(world: World, name: str):
    assert "/chat/" not in Client().get(reverse("account_login")).content.decode()
    for path in (f"/chat/{name}/enter/", f"/chat/{name}/back/", f"/chat/{name}/back/?code=c&state=s"):
        assert Client().get(path).status_code == 404


def test_with_it_there_is_a_button_that_keeps_the_way(connect: Connect, world: World):
    connect("wecom")
    page = Client().get(reverse("account_login"), {"next": "/deals/"}).content.decode()
    assert 'href="/chat/wecom/enter/?next=/deals/"' in page
    assert "用企业微信登录" in page
    assert "/chat/feishu/" not in page
    assert Client().get("/chat/skype/enter/").status_code == 404


def test_the_session_ends_like_any_other(connect: Connect, world: World):
    stand, client = connect("feishu"), Client()
    come_back(client, stand, "feishu", begin(client, "feishu")["state"], "u-sun")
    assert client.get("/").status_code == 200
    acts.grant_role(person=world.veteran, role="manager", by=None, at=AT)
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
