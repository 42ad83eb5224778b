"""Which chat systems this installation is connected to: those whose settings are complete. None, unless set up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .adapter import Adapter
from .calling import Line
from .dingtalk import DingTalk
from .feishu import Feishu
from .wecom import WeCom

NAMES: Final[dict[str, Any]] = {"wecom": _("企业微信"), "dingtalk": _("钉钉"), "feishu": _("飞书")}
NEEDED: Final = {
    "wecom": ("corp_id", "agent_id", "secret"),
    "dingtalk": ("corp_id", "client_id", "secret"),
    "feishu": ("app_id", "secret"),
}
_KINDS: Final[dict[str, Callable[[Any, Callable[[str], Line]], Adapter]]] = {
    "wecom": WeCom,
    "dingtalk": DingTalk,
    "feishu": Feishu,
}
# What their web views call themselves.
_MARKS: Final = {"wecom": "wxwork/", "dingtalk": "dingtalk", "feishu": "lark"}


def names() -> list[str]:
    """The connected systems, in their order."""
    return [name for name, needed in NEEDED.items() if all(settings.CHAT[name][key] for key in needed)]


def adapter(name: str, *, patience: int = 0, sleep: Callable[[float], None] = time.sleep) -> Adapter:
    """The connected system of this name; KeyError when it is not connected. `patience`: see `Line`."""
    if name not in names():
        raise KeyError(name)
    waited: list[int] = []

    def line(base: str) -> Line:
        return Line(base, settings.CHAT_LOCAL, patience, sleep, waited)

    return _KINDS[name](settings.CHAT[name], line)


def in_app(name: str, agent: str) -> bool:
    """Whether a browser is this system's own web view."""
    words = agent.lower()
    return _MARKS[name] in words or (name == "feishu" and "feishu" in words)
