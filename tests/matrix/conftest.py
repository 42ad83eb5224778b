"""The matrix is walked with a chat system connected, so that its addresses answer; nothing is sent there."""

from __future__ import annotations

import copy
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _connected(settings: Any) -> None:
    settings.CHAT = copy.deepcopy(settings.CHAT)
    settings.CHAT["wecom"] |= {"corp_id": "ww1", "agent_id": "1", "secret": "never-sent"}
