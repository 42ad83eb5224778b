"""Stand-ins of the three chat systems: small servers on this machine that answer in the published shapes.

They keep an organisation in plain lists, count what they are asked, and can be told to misbehave: `after` a number of
calls a token is not taken any more, `limits` calls are answered as too many, `fails` gives a path an error of its own.
Sign-in pages are there as well: they send the browser straight back with a code, as an app's web view does.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

SECRET = "stand-in-word"  # known to the stand-ins only


@dataclass
class StandIn:
    """One running stand-in. `codes`: one-time code → user id; `who`: whom the sign-in page lets in."""

    port: int = 0
    departments: list[dict[str, Any]] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    who: str = ""
    calls: Counter[str] = field(default_factory=Counter)
    tokens: list[str] = field(default_factory=list)
    expired: set[str] = field(default_factory=set)
    limits: int = 0
    fails: dict[str, Any] = field(default_factory=dict)
    page: int = 2
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def user(self, key: str, value: str) -> dict[str, Any] | None:
        return next((one for one in self.users if str(one.get(key)) == value), None)

    def answer(self, path: str, query: dict[str, str], body: dict[str, Any], headers: Any) -> tuple[int, Any, dict]:
        raise NotImplementedError

    def new_token(self) -> str:
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return self.tokens[-1]

    def good(self, token: str) -> bool:
        return token in self.tokens and token not in self.expired

    def back(self, query: dict[str, str], code_name: str = "code") -> tuple[int, Any, dict]:
        """The sign-in page: straight back with a code for `who`."""
        code = f"code-{sum(self.calls.values())}"
        self.codes[code] = self.who
        target = query["redirect_uri"] + "?" + urlencode({code_name: code, "state": query["state"]})
        return 302, {}, {"Location": target}


class WeComStandIn(StandIn):
    def answer(self, path: str, query: dict[str, str], body: dict[str, Any], headers: Any) -> tuple[int, Any, dict]:
        if path in ("/connect/oauth2/authorize", "/wwlogin/sso/login"):
            return self.back(query)
        if path == "/cgi-bin/gettoken":
            if query.get("corpsecret") != SECRET:
                return 200, {"errcode": 40001, "errmsg": "invalid credential"}, {}
            return 200, {"errcode": 0, "errmsg": "ok", "access_token": self.new_token(), "expires_in": 7200}, {}
        if not self.good(query.get("access_token", "")):
            return 200, {"errcode": 42001, "errmsg": "access_token expired"}, {}
        if self.limits:
            self.limits -= 1
            return 200, {"errcode": 45009, "errmsg": "api freq out of limit, hint: [123]"}, {}
        fine: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
        if path == "/cgi-bin/auth/getuserinfo":
            userid = self.codes.pop(query["code"], None)
            if userid is None:
                return 200, {"errcode": 40029, "errmsg": "invalid code"}, {}
            if self.user("userid", userid) is None:
                return 200, fine | {"openid": userid}, {}
            return 200, fine | {"userid": userid, "user_ticket": f"ticket-{userid}"}, {}
        if path == "/cgi-bin/auth/getuserdetail":
            user = self.user("userid", body["user_ticket"].removeprefix("ticket-")) or {}
            return 200, fine | {"userid": user["userid"], "gender": "1", "mobile": user.get("mobile", "")}, {}
        if path == "/cgi-bin/department/list":
            return 200, fine | {"department": self.departments}, {}
        if path == "/cgi-bin/user/list":
            inside = [one for one in self.users if int(query["department_id"]) in one["department"]]
            return 200, fine | {"userlist": inside}, {}
        return 404, {"errcode": 404}, {}


class DingTalkStandIn(StandIn):
    def answer(self, path: str, query: dict[str, str], body: dict[str, Any], headers: Any) -> tuple[int, Any, dict]:
        if path == "/oauth2/auth":
            return self.back(query, "authCode")
        if path == "/v1.0/oauth2/accessToken":
            if body.get("appSecret") != SECRET:
                return 400, {"code": "invalidClientIdOrSecret", "requestid": "1", "message": "wrong"}, {}
            return 200, {"accessToken": self.new_token(), "expireIn": 7200}, {}
        if path == "/v1.0/oauth2/userAccessToken":
            unionid = self.codes.pop(body["code"], None)
            if unionid is None or body["clientSecret"] != SECRET:
                return 400, {"code": "invalidParameter.authCode.notFound", "requestid": "1", "message": "no"}, {}
            return 200, {"accessToken": f"user-{unionid}", "refreshToken": "r", "expireIn": 7200, "corpId": "c"}, {}
        if path == "/v1.0/contact/users/me":
            unionid = headers["x-acs-dingtalk-access-token"].removeprefix("user-")
            user = self.user("unionid", unionid) or {"name": "外人", "mobile": "13900009999"}
            return 200, {"nick": user["name"], "unionId": unionid, "openId": "o", "mobile": user.get("mobile", ""),
                         "stateCode": user.get("state_code", "86")}, {}  # fmt: skip
        if not self.good(query.get("access_token", "")):
            return 200, {"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token", "errmsg": "x"}, {}
        if self.limits:
            self.limits -= 1
            return 200, {"errcode": 90018, "errmsg": "该接口调用太频繁"}, {}
        fine: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "request_id": "1"}
        if path == "/topapi/user/getbyunionid":
            user = self.user("unionid", body["unionid"])
            if user is None:
                return 200, {"errcode": 60121, "errmsg": "找不到该用户"}, {}
            return 200, fine | {"result": {"contact_type": user.get("contact_type", 0), "userid": user["userid"]}}, {}
        if path == "/topapi/v2/user/get":
            user = self.user("userid", body["userid"]) or {}
            return 200, fine | {"result": user}, {}
        if path == "/topapi/v2/department/get":
            return 200, fine | {"result": self._department(body["dept_id"])}, {}
        if path == "/topapi/v2/department/listsub":
            below = [one for one in self.departments if one["parent_id"] == body["dept_id"]]
            return 200, fine | {"result": below}, {}
        if path == "/topapi/v2/user/list":
            inside = [one for one in self.users if body["dept_id"] in one["dept_id_list"]]
            start, end = body["cursor"], body["cursor"] + self.page
            brief = [{k: v for k, v in one.items() if k not in ("manager_userid", "leader_in_dept")}
                     for one in inside[start:end]]  # fmt: skip
            more = end < len(inside)
            return (
                200,
                fine | {"result": {"has_more": more, "list": brief} | ({"next_cursor": end} if more else {})},
                {},
            )
        return 404, {"errcode": 404}, {}

    def _department(self, dept_id: int) -> dict[str, Any]:
        return next(one for one in self.departments if one["dept_id"] == dept_id)


class FeishuStandIn(StandIn):
    def answer(self, path: str, query: dict[str, str], body: dict[str, Any], headers: Any) -> tuple[int, Any, dict]:
        if path == "/open-apis/authen/v1/authorize":
            return self.back(query)
        if path == "/open-apis/auth/v3/tenant_access_token/internal":
            if body.get("app_secret") != SECRET:
                return 200, {"code": 10014, "msg": "app secret invalid"}, {}
            return 200, {"code": 0, "msg": "ok", "tenant_access_token": self.new_token(), "expire": 7200}, {}
        if path == "/open-apis/authen/v2/oauth/token":
            union_id = self.codes.pop(body["code"], None)
            if union_id is None:
                return 400, {"code": 20003, "error": "invalid_grant", "error_description": "code is used"}, {}
            return 200, {"code": 0, "access_token": f"u-{union_id}", "expires_in": 7200, "token_type": "Bearer"}, {}
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        if path == "/open-apis/authen/v1/user_info":
            user = self.user("union_id", token.removeprefix("u-")) or {}
            kept = ("name", "union_id", "mobile", "employee_no")
            return 200, {"code": 0, "msg": "success", "data": {key: user.get(key, "") for key in kept}}, {}
        if not self.good(token):
            return 400, {"code": 99991663, "msg": "Invalid access token for authorization."}, {}
        if self.limits:
            self.limits -= 1
            return 429, {"code": 99991400, "msg": "request trigger frequency limit"}, {"x-ogw-ratelimit-reset": "3"}
        items: list[dict[str, Any]] = []
        if path.endswith("/children"):
            items = self.departments
        elif path == "/open-apis/contact/v3/users/find_by_department":
            items = [one for one in self.users if query["department_id"] in one["department_ids"]]
        else:
            return 404, {"code": 404}, {}
        start = int(query.get("page_token", "0"))
        end = start + self.page
        data: dict[str, Any] = {"has_more": end < len(items), "items": items[start:end]}
        if data["has_more"]:
            data["page_token"] = str(end)
        return 200, {"code": 0, "msg": "success", "data": data}, {}


KINDS = {"wecom": WeComStandIn, "dingtalk": DingTalkStandIn, "feishu": FeishuStandIn}


@contextmanager
def running(name: str) -> Iterator[StandIn]:
    """A stand-in that answers until the block ends."""
    stand = KINDS[name]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            self._reply(json.loads(self.rfile.read(size) or b"{}"))

        def _reply(self, body: dict[str, Any]) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            stand.calls[parts.path] += 1
            stand.seen.append((parts.path, query | body))
            status, said, headers = stand.fails.get(parts.path) or stand.answer(parts.path, query, body, self.headers)
            text = said.encode() if isinstance(said, str) else json.dumps(said).encode()
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        server.server_close()


def settings_for(stand: StandIn, name: str) -> dict[str, str]:
    """What an admin would configure, with the stand-in's address for every host."""
    url = stand.url
    return {
        "wecom": {
            "corp_id": "ww1", "agent_id": "1000002", "secret": SECRET, "root": "", "ask_mobile": "1",
            "userid_is_number": "", "api": url, "open": url, "login": url,
        },
        "dingtalk": {
            "corp_id": "ding1", "client_id": "dingapp", "secret": SECRET, "root": "", "api": url, "oapi": url,
            "login": url,
        },
        "feishu": {
            "app_id": "cli_1", "secret": SECRET, "root": "", "api": url, "accounts": url,
            "token_url": url + "/open-apis/authen/v2/oauth/token",
        },
    }[name]  # fmt: skip
