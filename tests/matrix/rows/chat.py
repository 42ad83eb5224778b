"""Coming in through a chat system, and its organisation: read by whoever manages people, written by admins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.chat.models import State, SyncRun
from pacesetter.people.models import Person
from tests.matrix.policy import Row, everybody, to
from tests.world import AT, World

HR = to("hrbp", "admin")
ADMIN = to("admin")


def system(world: World, who: Person) -> Mapping[str, Any]:
    return {"name": "wecom"}


def run(world: World, who: Person) -> Mapping[str, Any]:
    return {"pk": SyncRun.objects.get_or_create(name="wecom", state=State.READY, defaults={"at": AT})[0].pk}


ROWS = {
    "chat_enter": Row(everybody(), system, anonymous="open"),
    "chat_back": Row(everybody(), system, anonymous="open"),
    "chat": Row(HR),
    "chat_master": Row(ADMIN),
    "chat_try": Row(ADMIN, system),
    "chat_run": Row(HR, run),
    "chat_apply": Row(ADMIN, run),
}
