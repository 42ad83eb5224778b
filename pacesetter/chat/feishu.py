"""飞书, a custom app: open.feishu.cn/document; OAuth v2 with `user_info`, organisation by contact/v3; ids: union_id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from .adapter import ChatError, Department, Identity, Member, main_first, understood
from .calling import Answer, Line, with_token

_KINDS = {
    99991661: "token", 99991663: "token", 99991664: "token", 99991665: "token", 99991400: "limited",
    99991672: "scope", 99991679: "scope", 40004: "scope", 41050: "scope", 20010: "scope", 20003: "code",
    20004: "code", 20024: "code", 20002: "credentials", 20048: "credentials", 10003: "credentials",
    10014: "credentials", 10015: "credentials",
}  # fmt: skip
_IDS = {"user_id_type": "union_id", "department_id_type": "open_department_id"}
_CHINA = timedelta(hours=8)
PAGE = 50


def _plain(answer: Answer, otherwise: str = "refused") -> dict[str, Any]:
    """The body when `code` is 0; a limit says in a header how long to wait."""
    code = answer.body.get("code", 0)
    if code == 0 and answer.status < 400:
        return answer.body
    kind = "limited" if answer.status == 429 else _KINDS.get(code, otherwise)
    wait = answer.headers.get("x-ogw-ratelimit-reset", "0")
    words = answer.body.get("msg") or answer.body.get("error_description") or ""
    raise ChatError(kind, f"{code} {words}", int(wait) if wait.isdigit() else 0)


class Feishu:
    """See `Adapter`."""

    name = "feishu"

    def __init__(self, settings: Mapping[str, str], line: Callable[[str], Line]) -> None:
        self._set = settings
        self._api = line(settings["api"])
        parts = urlsplit(settings["token_url"])
        self._tokens, self._token_path = line(f"{parts.scheme}://{parts.netloc}"), parts.path
        self.source = f"feishu:{settings['app_id']}"[:60]

    def sign_in_url(self, state: str, redirect: str, in_app: bool) -> str:
        """One page for both: inside the app it is silent, outside it shows a QR code."""
        asked = {
            "client_id": self._set["app_id"],
            "response_type": "code",
            "redirect_uri": redirect,
            "state": state,
        }
        return f"{self._set['accounts']}/open-apis/authen/v1/authorize?{urlencode(asked)}"

    @understood
    def person_of(self, code: str, redirect: str) -> Identity:
        """Its mobiles are typed by admins and confirmed by nobody, as its documentation warns: they open no door."""
        asked = {
            "grant_type": "authorization_code",
            "client_id": self._set["app_id"],
            "client_secret": self._set["secret"],
            "code": code,
            "redirect_uri": redirect,
        }
        token = _plain(self._tokens.post(self._token_path, asked), "code").get("access_token")
        headers = {"Authorization": f"Bearer {token}"}
        me = _plain(self._api.get("/open-apis/authen/v1/user_info", headers=headers)).get("data") or {}
        if not me.get("union_id"):
            raise ChatError("malformed", "union_id")
        return Identity(
            str(me["union_id"]), name=str(me.get("name") or ""), employee_no=str(me.get("employee_no") or "")
        )

    @understood
    def departments(self) -> list[Department]:
        """The root and everything below it, fifty at a time. The root of a company has no name there."""
        root = self._set["root"] or "0"
        found = [Department(root, "")]
        path = f"/open-apis/contact/v3/departments/{quote(root, safe='')}/children"
        for row in self._pages(path, {"fetch_child": "true"}):
            found.append(
                Department(
                    str(row["open_department_id"]),
                    str(row.get("name") or row["open_department_id"]),
                    str(row.get("parent_department_id") or root),
                    str(row.get("leader_user_id") or ""),
                )
            )
        return found

    @understood
    def members(self, departments: Iterable[Department]) -> list[Member]:
        """`find_by_department` of each department, fifty at a time."""
        known = list(departments)
        inside = {one.id for one in known}
        found: dict[str, Member] = {}
        for department in known:
            for row in self._pages("/open-apis/contact/v3/users/find_by_department", {"department_id": department.id}):
                found.setdefault(str(row["union_id"]), _member(row, inside))
        return list(found.values())

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterable[Mapping[str, Any]]:
        after: dict[str, str] = {}
        while True:
            data = self._get(path, {**_IDS, **query, "page_size": str(PAGE), **after}).get("data") or {}
            yield from data.get("items") or ()
            if not data.get("has_more"):
                return
            after = {"page_token": str(data["page_token"])}

    def _get(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        key = ("feishu", self._set["api"], self._set["app_id"])

        def ask(token: str) -> dict[str, Any]:
            return _plain(self._api.get(path, query, {"Authorization": f"Bearer {token}"}))

        return self._api.patiently(lambda: with_token(key, self._fetch, ask))

    def _fetch(self) -> tuple[str, int]:
        asked = {"app_id": self._set["app_id"], "app_secret": self._set["secret"]}
        said = _plain(self._api.post("/open-apis/auth/v3/tenant_access_token/internal", asked), "credentials")
        return str(said["tenant_access_token"]), int(said["expire"])


def _member(row: Mapping[str, Any], inside: set[str]) -> Member:
    status = row.get("status") or {}
    main = next((one["department_id"] for one in row.get("orders") or () if one.get("is_primary_dept")), "")
    joined = row.get("join_time")
    return Member(
        id=str(row["union_id"]),
        name=str(row.get("name") or row["union_id"]),
        departments=main_first([str(one) for one in row.get("department_ids") or () if str(one) in inside], str(main)),
        leader=str(row.get("leader_user_id") or ""),
        mobile=str(row.get("mobile") or ""),
        employee_no=str(row.get("employee_no") or ""),
        email=str(row.get("enterprise_email") or row.get("email") or ""),
        title=str(row.get("job_title") or ""),
        hire_on=(datetime.fromtimestamp(int(joined), UTC) + _CHINA).date() if joined else None,
        here=not any(status.get(key) for key in ("is_resigned", "is_exited", "is_frozen")),
    )
