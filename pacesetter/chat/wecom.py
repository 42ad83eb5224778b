"""企业微信, a self-built app: developer.work.weixin.qq.com/document, paths 90664, 91022, 91023, 98152, 90208, 90201."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from .adapter import ChatError, Department, Identity, Member, main_first, understood
from .calling import Answer, Line, with_token

_KINDS = {
    40001: "credentials", 40013: "credentials", 40056: "credentials", 42001: "token", 40014: "token", 40029: "code",
    45009: "limited", 45033: "limited", -1: "limited", 48002: "scope", 60011: "scope", 60020: "scope",
    50001: "scope", 48001: "scope",
}  # fmt: skip
# activated, or not yet; 2 is switched off, 5 has left
_HERE = {1, 4}


def _plain(answer: Answer) -> dict[str, Any]:
    """The body when errcode is 0; errors stand in the body of an HTTP 200."""
    code = answer.body.get("errcode", 0)
    if code != 0:
        raise ChatError(_KINDS.get(code, "refused"), f"{code} {answer.body.get('errmsg', '')}".split(", hint")[0])
    return answer.body


class WeCom:
    """See `Adapter`."""

    name = "wecom"

    def __init__(self, settings: Mapping[str, str], line: Callable[[str], Line]) -> None:
        self._set = settings
        self._line = line(settings["api"])
        self.source = f"wecom:{settings['corp_id']}"[:60]

    def sign_in_url(self, state: str, redirect: str, in_app: bool) -> str:
        """Silent OAuth inside the app; the QR page outside."""
        common = {"appid": self._set["corp_id"], "agentid": self._set["agent_id"]}
        if not in_app:
            asked = {"login_type": "CorpApp", **common, "redirect_uri": redirect, "state": state}
            return f"{self._set['login']}/wwlogin/sso/login?{urlencode(asked)}"
        asked = {
            "appid": common["appid"],
            "redirect_uri": redirect,
            "response_type": "code",
            "scope": "snsapi_privateinfo" if self._set["ask_mobile"] else "snsapi_base",
            "state": state,
            "agentid": common["agentid"],
        }
        return f"{self._set['open']}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"

    @understood
    def person_of(self, code: str, redirect: str) -> Identity:
        """A member of this very company; guests and members of linked companies are strangers."""
        said = self._get("/cgi-bin/auth/getuserinfo", code=code)
        userid = str(said.get("userid") or "")
        if not userid or "/" in userid:
            raise ChatError("stranger")
        mobile = ""
        if said.get("user_ticket"):
            ticket = {"user_ticket": said["user_ticket"]}
            detail = self._with_token(
                lambda token: _plain(self._line.post("/cgi-bin/auth/getuserdetail", ticket, {"access_token": token}))
            )
            mobile = str(detail.get("mobile") or "")
        return Identity(userid, mobile=mobile, employee_no=userid if self._set["userid_is_number"] else "")

    @understood
    def departments(self) -> list[Department]:
        """The root and everything below it."""
        root = self._set["root"] or "1"
        rows = self._get("/cgi-bin/department/list", id=root)["department"]
        found = []
        for row in rows:
            leaders = row.get("department_leader") or [""]
            # the top of what the app may see has no parent here
            parent = None if str(row["id"]) == root else str(row["parentid"])
            found.append(Department(str(row["id"]), str(row.get("name") or row["id"]), parent, str(leaders[0])))
        return found

    @understood
    def members(self, departments: Iterable[Department]) -> list[Member]:
        """`user/list` of each department; without the right to mobiles those are simply not there."""
        found: dict[str, Member] = {}
        known = list(departments)
        inside = {one.id for one in known}
        for department in known:
            for row in self._get("/cgi-bin/user/list", department_id=department.id)["userlist"]:
                found.setdefault(str(row["userid"]), self._member(row, inside))
        return list(found.values())

    def _member(self, row: Mapping[str, Any], inside: set[str]) -> Member:
        ids = [str(one) for one in row.get("department") or ()]
        leads = zip(ids, row.get("is_leader_in_dept") or (), strict=False)
        own = row["userid"] if self._set["userid_is_number"] else ""
        attributes = (row.get("extattr") or {}).get("attrs") or ()
        number = next(
            (one["text"]["value"] for one in attributes if one.get("name") == "工号" and one.get("text")), own
        )
        return Member(
            id=str(row["userid"]),
            name=str(row.get("name") or row["userid"]),
            departments=main_first([one for one in ids if one in inside], str(row.get("main_department") or "")),
            leader=str((row.get("direct_leader") or [""])[0]),
            mobile=str(row.get("mobile") or ""),
            employee_no=str(number or ""),
            email=str(row.get("biz_mail") or row.get("email") or ""),
            title=str(row.get("position") or ""),
            here=row.get("status", 1) in _HERE,
            leads=tuple(one for one, leader in leads if leader == 1),
        )

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        return self._with_token(lambda token: _plain(self._line.get(path, {"access_token": token, **query})))

    def _with_token(self, ask: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        key = ("wecom", self._set["api"], self._set["corp_id"], self._set["agent_id"])
        return self._line.patiently(lambda: with_token(key, self._fetch, ask))

    def _fetch(self) -> tuple[str, int]:
        asked = {"corpid": self._set["corp_id"], "corpsecret": self._set["secret"]}
        said = _plain(self._line.get("/cgi-bin/gettoken", asked))
        return str(said["access_token"]), int(said["expires_in"])
