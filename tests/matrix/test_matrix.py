"""Every address × every role × every relation answers what the policy says, and an address without a row fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from pacesetter.journal.models import Entry
from tests.matrix.policy import RELATIONS, ROLES, Row, policy, whose
from tests.matrix.readers import Readers
from tests.world import World

POLICY = policy()
pytestmark = pytest.mark.usefixtures("on_the_day")


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Every address of the product by its full name; those without a name by their pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from names(entry, f"{space}{entry.namespace}:" if entry.namespace else space)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name or entry.pattern}"


NAMES = sorted(set(names()))


def test_every_address_has_a_row() -> None:
    assert sorted(set(NAMES) - set(POLICY)) == []


def test_every_row_has_an_address() -> None:
    assert sorted(set(POLICY) - set(NAMES)) == []


class Addresses:
    """The addresses of one row: a person's record is made once, for all who look at it."""

    def __init__(self, name: str, world: World) -> None:
        self.name, self.row, self.world = name, POLICY[name], world
        self.made: dict[int, str] = {}

    def of(self, role: str, relation: str) -> str:
        if self.name == "account_closed":
            return "/accounts/signup/"
        who = whose(self.world, role, relation)
        if who.pk not in self.made:
            record = self.row.make(self.world, who) if self.row.make else {}
            self.made[who.pk] = reverse(self.name, kwargs=dict(record)) + self.row.query
        return self.made[who.pk]


def entries() -> int:
    """How many lines the journal has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {Entry._meta.db_table}")
        return int(cursor.fetchone()[0])


def asks_for_sign_in(response: HttpResponse) -> bool:
    return response.status_code in (301, 302, 303) and "/accounts/login/" in response.headers.get("Location", "")


@pytest.mark.parametrize("name", NAMES)
def test_who_gets_an_answer(name: str, world: World) -> None:
    """Readers out of reach get 404 for opening and for sending, and sending leaves no trace."""
    row, wrong, addresses, readers = POLICY[name], [], Addresses(name, world), Readers(world)
    for role in ROLES:
        client = readers.client(role)
        tried: dict[str, bool] = {}
        for relation in RELATIONS if row.make else RELATIONS[:1]:
            path = addresses.of(role, relation)
            allowed = relation in row.allow.get(role, frozenset())
            if path in tried:
                assert tried[path] == allowed, f"{path} is the same record for every relation"
                continue
            tried[path] = allowed
            status = client.get(path).status_code
            if (status not in (401, 403, 404)) != allowed or status >= 500:
                wrong.append(f"{role} {relation} GET {path}: {status}, allowed={allowed}")
            if not allowed:
                before = entries()
                sent = client.post(path, {"key": uuid.uuid4().hex}).status_code
                if sent not in (401, 403, 404, 405) or entries() != before:
                    wrong.append(f"{role} {relation} POST {path}: {sent}")
    response = Client().get(addresses.of("rep", "own"))
    if row.anonymous == "login" and not (asks_for_sign_in(response) or response.status_code == 401):
        wrong.append(f"anonymous: {response.status_code}, should be sent to sign in")
    if row.anonymous == "hidden" and response.status_code != 404:
        wrong.append(f"anonymous: {response.status_code}, should be hidden")
    if row.anonymous == "open" and (response.status_code >= 500 or response.status_code == 404):
        wrong.append(f"anonymous: {response.status_code}, should be open")
    assert wrong == []


def test_the_matrix_notices_a_wide_open_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a row that allows less than the page does is found."""
    monkeypatch.setitem(POLICY, "people", Row({}))
    with pytest.raises(AssertionError):
        test_who_gets_an_answer("people", world)
