"""Each chat test gets stand-ins, a connected installation, and no token of the test before."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from pacesetter.chat import calling
from tests.chat.company import ORGANISATIONS
from tests.chat.standin import StandIn, running, settings_for


@pytest.fixture(autouse=True)
def _no_tokens() -> None:
    calling.forget()


@pytest.fixture
def connect(settings: Any) -> Iterator[Callable[..., StandIn]]:
    """`connect("wecom")` starts the stand-in with the small company and connects this installation to it."""
    settings.CHAT = copy.deepcopy(settings.CHAT)
    settings.CHAT_LOCAL = True
    with ExitStack() as stack:

        def make(name: str, **more: str) -> StandIn:
            stand = stack.enter_context(running(name))
            departments, users = ORGANISATIONS[name]()
            stand.departments, stand.users = departments, users
            settings.CHAT[name] = settings_for(stand, name) | more
            return stand

        yield make
