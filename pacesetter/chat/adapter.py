"""The one small interface that 企业微信, 钉钉 and 飞书 fit behind, and what they say through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

# What may go wrong out there, and what an admin can do about it.
FAULTS: Final[dict[str, Any]] = {
    "unreachable": _("连不上对方的服务器。检查网络后再试一次。"),
    "malformed": _("对方的回答看不懂。检查接口地址是否填对。"),
    "credentials": _("对方不认应用的编号或密钥。请系统管理员核对配置。"),
    "scope": _("应用没有这项权限，或通讯录范围太小。请在对方的管理后台开通后再试。"),
    "limited": _("对方限制了调用频率。过几分钟再试。"),
    "code": _("这次授权已经用过或过期。请重新进入。"),
    "stranger": _("这个账号不是本企业的成员。"),
    "token": _("对方的访问凭证失效。请再试一次。"),
    "refused": _("对方拒绝了请求。"),
}


class ChatError(Exception):
    """The other side did not answer as hoped. `kind` is a key of FAULTS; `detail` never holds a secret."""

    def __init__(self, kind: str, detail: str = "", wait: int = 0) -> None:
        super().__init__(f"{kind} {detail}".strip())
        self.kind, self.detail, self.wait = kind, detail[:200], wait

    @property
    def says(self) -> str:
        """The fault in words, with what the other side said."""
        return f"{FAULTS[self.kind]} {f'({self.detail})' if self.detail else ''}".strip()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is over there.

    `mobile` only where the chat system had its owner confirm it; `employee_no` only where members cannot change it
    themselves: both open a door here.
    """

    external_id: str
    name: str = ""
    mobile: str = ""
    employee_no: str = ""


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `parent` None = the root of what is synchronised. `leader` is a member's id."""

    id: str
    name: str
    parent: str | None = None
    leader: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the organisation: departments with the main one first, and the 直属上级."""

    id: str
    name: str
    departments: tuple[str, ...] = ()
    leader: str = ""
    mobile: str = ""
    employee_no: str = ""
    email: str = ""
    title: str = ""
    hire_on: date | None = None
    here: bool = True
    leads: tuple[str, ...] = ()


class Adapter(Protocol):
    """One chat system. `source` is how its ids are kept here."""

    name: str
    source: str

    def sign_in_url(self, state: str, redirect: str, in_app: bool) -> str:
        """Where to send the browser: silently inside the app's web view, to a QR page on a desktop."""

    def person_of(self, code: str, redirect: str) -> Identity:
        """Who came back with this one-time code."""

    def departments(self) -> list[Department]:
        """Every department, the root included."""

    def members(self, departments: Iterable[Department]) -> list[Member]:
        """Everybody in these departments, once each."""


P = ParamSpec("P")
R = TypeVar("R")


def understood(ask: Callable[P, R]) -> Callable[P, R]:
    """An answer without the fields it should have is a fault of the other side, not of ours."""

    @wraps(ask)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return ask(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as fault:
            raise ChatError("malformed", f"{ask.__name__} {type(fault).__name__}") from fault

    return asked


def main_first(departments: Iterable[str], main: str) -> tuple[str, ...]:
    """Department ids without doubles, the main one in front."""
    ids = list(dict.fromkeys(departments))
    return tuple(sorted(ids, key=lambda one: one != main)) if main in ids else tuple(ids)
