"""Who walks the matrix: one person for each role, signed in once a worker.

Signing in writes a session and, with the first page, the device it came from. Their rows are kept, and each test puts
them back into its own transaction; whether they still hold is asked anew with every request.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from pacesetter.people.models import DeviceSession
from tests.matrix.policy import ROLES, reader
from tests.world import World


@dataclass
class Kept:
    """What signing in has written, by the first test of this worker."""

    keys: dict[str, str] = field(default_factory=dict)
    rows: list[Session | DeviceSession] = field(default_factory=list)

    def sign_in(self, world: World) -> None:
        for role in ROLES:
            client = Client()
            client.force_login(reader(world, role))
            assert client.get("/me/").status_code == 200
            self.keys[role] = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.rows = [*Session.objects.all(), *DeviceSession.objects.all()]


KEPT = Kept()
HANDLER = Client().handler


class Readers:
    """The nine of this test."""

    def __init__(self, world: World) -> None:
        if not KEPT.keys:
            KEPT.sign_in(world)
        else:
            for model in (Session, DeviceSession):
                model._default_manager.bulk_create([row for row in KEPT.rows if isinstance(row, model)])

    def client(self, role: str) -> Client:
        """A browser in which the person of this role is signed in."""
        client = Client()
        client.handler = HANDLER
        client.cookies[settings.SESSION_COOKIE_NAME] = KEPT.keys[role]
        return client
