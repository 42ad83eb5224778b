"""What the three adapters ask and how they read the answers: errors in the body, pages, tokens, limits, addresses."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from pacesetter.chat import calling, configured
from pacesetter.chat.adapter import ChatError
from tests.chat.standin import SECRET, StandIn

ALL = pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
BACK = "https://pace.example.com/chat/x/back/"
Connect = Callable[..., StandIn]


def code_for(stand: StandIn, name: str, userid: str) -> str:
    stand.codes["c1"] = f"union-{userid}" if name == "dingtalk" else userid
    return "c1"


@ALL
def test_the_organisation_comes_whole_over_pages(connect: Connect, name: str):
    stand = connect(name)
    stand.page = 2
    adapter = configured.adapter(name)
    departments = adapter.departments()
    members = {one.name: one for one in adapter.members(departments)}
    ids = {one.id: one for one in departments}
    root = next(one for one in departments if one.parent is None)
    assert len(departments) == 4
    assert sorted(one.name for one in departments if one is not root) == ["华东一队", "华东二队", "华东区"]
    assert sorted(members) == sorted(["周岚", "王敏", "赵磊", "李想", "孙浩", "吴迪"])
    wu = members["吴迪"]
    assert [ids[one].name for one in wu.departments] == ["华东二队", "华东一队"]
    assert wu.leader == members["赵磊"].id
    assert (wu.employee_no, wu.title, wu.here) == ("E007", "销售", True)
    heads = {one.name: one.leader for one in departments} | {
        ids[pk].name: one.id for one in members.values() for pk in one.leads
    }
    assert heads["华东一队"] == members["王敏"].id
    if name != "wecom":
        assert str(wu.hire_on) == "2018-05-07"


@ALL
def test_a_code_tells_who_it_is_once(connect: Connect, name: str):
    stand = connect(name)
    adapter = configured.adapter(name)
    code = code_for(stand, name, "u-sun")
    found = adapter.person_of(code, BACK)
    assert found.external_id == "u-sun"
    assert found.employee_no == ("" if name == "wecom" else "E006")
    # 飞书 says itself that nobody confirmed its mobiles
    assert found.mobile == ("" if name == "feishu" else "13800000006")
    with pytest.raises(ChatError) as replayed:
        adapter.person_of(code, BACK)
    assert replayed.value.kind == "code"


def test_a_guest_of_wecom_and_a_member_of_a_linked_company_are_strangers(connect: Connect):
    stand = connect("wecom")
    for guest in ("somebody-else", "otherCorp/u-sun"):
        stand.codes["c"] = guest
        stand.users.append({"userid": "otherCorp/u-sun", "department": [9]})
        with pytest.raises(ChatError) as fault:
            configured.adapter("wecom").person_of("c", BACK)
        assert fault.value.kind == "stranger"


def test_anybody_else_with_dingtalk_is_a_stranger_also_with_a_colleagues_mobile(connect: Connect):
    stand = connect("dingtalk")
    stand.codes["c"] = "union-of-somebody-elsewhere"
    with pytest.raises(ChatError) as fault:
        configured.adapter("dingtalk").person_of("c", BACK)
    assert fault.value.kind == "stranger"
    stand.users[0]["contact_type"] = 1
    stand.codes["c"] = "union-u-zhou"
    with pytest.raises(ChatError) as fault:
        configured.adapter("dingtalk").person_of("c", BACK)
    assert fault.value.kind == "stranger"


@ALL
def test_a_token_is_kept_and_fetched_anew_when_it_has_ended(connect: Connect, name: str):
    stand = connect(name)
    adapter = configured.adapter(name)
    adapter.departments()
    adapter.departments()
    assert len(stand.tokens) == 1
    stand.expired.add("token-1")
    assert len(adapter.departments()) == 4
    assert stand.tokens == ["token-1", "token-2"]


@ALL
def test_a_token_that_is_never_taken_is_asked_for_once_more_and_then_told(connect: Connect, name: str):
    stand = connect(name)
    stand.expired.update({"token-1", "token-2"})
    with pytest.raises(ChatError) as fault:
        configured.adapter(name).departments()
    assert fault.value.kind == "token"
    assert len(stand.tokens) == 2


@ALL
def test_a_limit_is_waited_for_where_there_is_time(connect: Connect, name: str):
    stand = connect(name)
    slept: list[float] = []
    stand.limits = 2
    adapter = configured.adapter(name, patience=60, sleep=slept.append)
    assert len(adapter.departments()) == 4
    assert slept == ([3, 3] if name == "feishu" else [1, 2])


@ALL
def test_a_limit_is_told_at_once_where_somebody_waits(connect: Connect, name: str):
    stand = connect(name)
    stand.limits = 1
    with pytest.raises(ChatError) as fault:
        configured.adapter(name, sleep=lambda seconds: pytest.fail("slept")).departments()
    assert fault.value.kind == "limited"


@ALL
def test_a_wrong_secret_is_told_without_naming_it(
    connect: Connect, name: str, settings: Any, caplog: pytest.LogCaptureFixture
):
    connect(name)
    settings.CHAT[name]["secret"] = wrong = SECRET[::-1]
    with caplog.at_level(logging.DEBUG), pytest.raises(ChatError) as fault:
        configured.adapter(name).departments()
    assert fault.value.kind == "credentials"
    assert wrong not in str(fault.value) + fault.value.says + caplog.text


def test_errors_stand_in_the_body_of_a_200(connect: Connect):
    stand = connect("wecom")
    stand.fails["/cgi-bin/department/list"] = (200, {"errcode": 60011, "errmsg": "no privilege, hint: [9]"}, {})
    with pytest.raises(ChatError) as fault:
        configured.adapter("wecom").departments()
    assert (fault.value.kind, fault.value.detail) == ("scope", "60011 no privilege")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((200, "<html>too many</html>", {}), "malformed"),
        ((429, "<html>too many</html>", {}), "limited"),
        ((200, "[1]", {}), "malformed"),
        ((200, {}, {}), "malformed"),
        ((200, {"access_token": "x", "expires_in": "soon"}, {}), "malformed"),
        ((302, {}, {"Location": "http://127.0.0.1:1/"}), "malformed"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(connect: Connect, answer: Any, kind: str):
    """Nor is a redirect followed."""
    stand = connect("wecom")
    stand.fails["/cgi-bin/gettoken"] = answer
    with pytest.raises(ChatError) as fault:
        configured.adapter("wecom").departments()
    assert fault.value.kind == kind


def test_a_server_that_is_not_there_is_told(connect: Connect, settings: Any):
    connect("wecom")
    settings.CHAT["wecom"]["api"] = "http://127.0.0.1:9"
    with pytest.raises(ChatError) as fault:
        configured.adapter("wecom").departments()
    assert fault.value.kind == "unreachable"


@pytest.mark.parametrize(
    "base",
    [
        "http://qyapi.weixin.qq.com",
        "http://localhost:8000",
        "https://localhost",
        "https://u:p@qyapi.weixin.qq.com",  # pragma: allowlist secret
        "ftp://x",
    ],
)
def test_only_https_is_asked(base: str):
    with pytest.raises(ChatError):
        calling.check_address(base, local=False)


def test_only_https_or_this_machine_in_tests():
    calling.check_address("https://qyapi.weixin.qq.com", local=False)
    calling.check_address("http://localhost:8000", local=True)
    with pytest.raises(ChatError):
        calling.check_address("http://qyapi.weixin.qq.com", local=True)


@pytest.mark.parametrize(
    "address", ["10.0.0.8", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "0.0.0.0"]
)
def test_no_name_leads_into_the_own_network(monkeypatch: pytest.MonkeyPatch, address: str):
    monkeypatch.setattr(calling.socket, "getaddrinfo", lambda *a, **k: [(2, 1, 6, "", (address, 443))])
    with pytest.raises(ChatError) as fault:
        calling.Line("https://qyapi.example.com").get("/")
    assert fault.value.kind == "malformed"


def test_a_public_address_is_one():
    """The control of the test above."""
    assert calling.public("1.1.1.1", 443) == ("1.1.1.1", 443)


@ALL
def test_nothing_is_connected_until_it_is_configured(name: str):
    assert configured.names() == []
    with pytest.raises(KeyError):
        configured.adapter(name)


@ALL
def test_half_a_configuration_is_none(connect: Connect, settings: Any, name: str):
    connect(name)
    assert configured.names() == [name]
    settings.CHAT[name]["secret"] = ""
    assert configured.names() == []


def test_a_secret_may_lie_in_a_file_of_the_home(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    from pacesetter.config import settings as source

    monkeypatch.setattr(source, "HOME", tmp_path)
    assert source.kept("PACE_WECOM_SECRET") == ""
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "pace_wecom_secret").write_text("from-the-file\n")
    assert source.kept("PACE_WECOM_SECRET") == "from-the-file"
    monkeypatch.setenv("PACE_WECOM_SECRET", "from-the-environment")
    assert source.kept("PACE_WECOM_SECRET") == "from-the-environment"


@pytest.mark.parametrize(
    ("name", "agent"),
    [("wecom", "Mozilla/5.0 wxwork/4.1.0 MicroMessenger/7.0.1"), ("dingtalk", "AliApp(DingTalk/7.0.10)"),
     ("feishu", "Mozilla/5.0 Lark/7.1.5"), ("feishu", "Mozilla/5.0 Feishu/7.1.5")],
)  # fmt: skip
def test_a_web_view_is_known_by_its_name(name: str, agent: str):
    assert configured.in_app(name, agent)
    assert not configured.in_app(name, "Mozilla/5.0 Chrome/126.0 Safari/537.36")
