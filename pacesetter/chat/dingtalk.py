"""钉钉, an internal app: open.dingtalk.com/document, sign-in by its OAuth page, organisation by topapi/v2."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from .adapter import ChatError, Department, Identity, Member, understood
from .calling import Answer, Line, with_token

_KINDS = {
    "40014": "token", "42001": "token", "40001": "credentials", "40089": "credentials", "60011": "scope",
    "50002": "scope", "50004": "scope", "60121": "stranger", "90002": "limited", "90018": "limited",
    "90006": "limited", "90008": "limited", "90019": "limited", "-1": "limited",
}  # fmt: skip
_CHINA = timedelta(hours=8)
PAGE = 100


def _plain(answer: Answer) -> dict[str, Any]:
    """The body of an answer of oapi.dingtalk.com; the gateway hides some codes in `sub_code`."""
    body = answer.body
    code = str(body.get("errcode", 0))
    if code == "88":
        code = str(body.get("sub_code") or code)
    if code != "0":
        raise ChatError(_KINDS.get(code, "refused"), f"{code} {body.get('sub_msg') or body.get('errmsg') or ''}")
    return body


def _modern(answer: Answer, otherwise: str) -> dict[str, Any]:
    """The body of an answer of api.dingtalk.com, which speaks by status and a code in words."""
    if answer.status < 400:
        return answer.body
    code = str(answer.body.get("code") or answer.status)
    kind = otherwise
    if answer.status == 429 or code.lower().startswith(("throttling", "qps", "flowcontrol")):
        kind = "limited"
    elif answer.status == 403:
        kind = "scope"
    elif answer.status >= 500:
        kind = "unreachable"
    raise ChatError(kind, f"{answer.status} {code}")


class DingTalk:
    """See `Adapter`."""

    name = "dingtalk"

    def __init__(self, settings: Mapping[str, str], line: Callable[[str], Line]) -> None:
        self._set = settings
        self._api, self._oapi = line(settings["api"]), line(settings["oapi"])
        self.source = f"dingtalk:{settings['corp_id']}"[:60]

    def sign_in_url(self, state: str, redirect: str, in_app: bool) -> str:
        """One page for both: inside the app it knows the person, outside it shows a QR code."""
        asked = {
            "redirect_uri": redirect,
            "response_type": "code",
            "client_id": self._set["client_id"],
            "scope": "openid",
            "state": state,
            "prompt": "consent",
        }
        return f"{self._set['login']}/oauth2/auth?{urlencode(asked)}"

    @understood
    def person_of(self, code: str, redirect: str) -> Identity:
        """Anybody with 钉钉 can pass its page: only who has a userid in this organisation is somebody here."""
        asked = {
            "clientId": self._set["client_id"],
            "clientSecret": self._set["secret"],
            "code": code,
            "grantType": "authorization_code",
        }
        token = _modern(self._api.post("/v1.0/oauth2/userAccessToken", asked), "code").get("accessToken")
        headers = {"x-acs-dingtalk-access-token": str(token)}
        me = _modern(self._api.get("/v1.0/contact/users/me", headers=headers), "refused")
        if not me.get("unionId"):
            raise ChatError("malformed", "unionId")
        found = self._post("/topapi/user/getbyunionid", unionid=me["unionId"])["result"]
        if found.get("contact_type", 0) != 0 or not found.get("userid"):
            raise ChatError("stranger")
        detail = self._post("/topapi/v2/user/get", userid=found["userid"])["result"]
        mobile, state = str(me.get("mobile") or ""), str(me.get("stateCode") or "86")
        return Identity(
            str(found["userid"]),
            name=str(detail.get("name") or me.get("nick") or ""),
            mobile=mobile if state == "86" or not mobile else f"+{state}{mobile}",
            employee_no=str(detail.get("job_number") or ""),
        )

    @understood
    def departments(self) -> list[Department]:
        """The root and everything below it: one question for each department."""
        root = self._set["root"] or "1"
        name = str(self._post("/topapi/v2/department/get", dept_id=int(root))["result"].get("name") or root)
        found = {root: Department(root, name)}
        waiting = [root]
        while waiting:
            above = waiting.pop(0)
            for row in self._post("/topapi/v2/department/listsub", dept_id=int(above)).get("result") or ():
                one = Department(str(row["dept_id"]), str(row.get("name") or row["dept_id"]), str(row["parent_id"]))
                if one.id not in found:
                    found[one.id] = one
                    waiting.append(one.id)
        return list(found.values())

    @understood
    def members(self, departments: Iterable[Department]) -> list[Member]:
        """`user/list` page by page; the 直属上级 and who leads which department stand in `user/get` alone."""
        known = list(departments)
        inside = {one.id for one in known}
        found: dict[str, Member] = {}
        for department in known:
            cursor = 0
            while True:
                page = self._post("/topapi/v2/user/list", dept_id=int(department.id), cursor=cursor, size=PAGE)[
                    "result"
                ]
                for row in page.get("list") or ():
                    if str(row["userid"]) not in found:
                        detail = self._post("/topapi/v2/user/get", userid=row["userid"])["result"]
                        found[str(row["userid"])] = _member({**row, **detail}, inside)
                if not page.get("has_more"):
                    break
                cursor = int(page["next_cursor"])
        return list(found.values())

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        key = ("dingtalk", self._set["api"], self._set["client_id"])

        def ask(token: str) -> dict[str, Any]:
            return _plain(self._oapi.post(path, body, {"access_token": token}))

        return self._oapi.patiently(lambda: with_token(key, self._fetch, ask))

    def _fetch(self) -> tuple[str, int]:
        asked = {"appKey": self._set["client_id"], "appSecret": self._set["secret"]}
        said = _modern(self._api.post("/v1.0/oauth2/accessToken", asked), "credentials")
        return str(said["accessToken"]), int(said["expireIn"])


def _member(row: Mapping[str, Any], inside: set[str]) -> Member:
    hired = row.get("hired_date")
    return Member(
        id=str(row["userid"]),
        name=str(row.get("name") or row["userid"]),
        departments=tuple(dict.fromkeys(str(one) for one in row.get("dept_id_list") or () if str(one) in inside)),
        leader=str(row.get("manager_userid") or ""),
        mobile=str(row.get("mobile") or ""),
        employee_no=str(row.get("job_number") or ""),
        email=str(row.get("org_email") or row.get("email") or ""),
        title=str(row.get("title") or ""),
        hire_on=(datetime.fromtimestamp(int(hired) // 1000, UTC) + _CHINA).date() if hired else None,
        leads=tuple(str(one["dept_id"]) for one in row.get("leader_in_dept") or () if one.get("leader")),
    )
