"""Coming in through a chat system, and its organisation: read by whoever manages people, written by admins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pacesetter.people.models import Person
from tests.matrix.policy import Row, everybody
from tests.world import World


def system(world: World, who: Person) -> Mapping[str, Any]:
    return {"name": "wecom"}


ROWS = {
    "chat_enter": Row(everybody(), system, anonymous="open"),
    "chat_back": Row(everybody(), system, anonymous="open"),
}
