"""No page tells that a record out of reach exists: not by name, not by amount, not by a count."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from pacesetter.pipeline import acts as pipeline
from tests.matrix.policy import reader
from tests.world import AT, TODAY, World

from .test_matrix import NAMES, POLICY

pytestmark = pytest.mark.usefixtures("on_the_day")
NAME, CODE = "金丝雀精密仪器", "CANARY-7731"
AMOUNTS = ("77,310,019", "7731.00", "77310019", "7,731.0")
OUTSIDE = ("rep", "manager", "hrbp", "admin", "stranger")


def test_lists_and_exports_keep_silent_about_another_team(world: World) -> None:
    customer = pipeline.add_customer(name=NAME, owner=world.south_rep, code=CODE, by=None, at=AT)
    pipeline.open_deal(
        name=f"{NAME} 一期", owner=world.south_rep, customer=customer, amount_minor=7_731_001_900, by=None, at=AT
    )
    told = []
    for role in OUTSIDE:
        client = Client()
        client.force_login(reader(world, role))
        for name in NAMES:
            row = POLICY.get(name)
            if row is None or row.make or name.startswith(("account", "mfa", "audit")) or role not in row.allow:
                continue
            for query in ("", f"?q={CODE}"):
                body = client.get(reverse(name) + (row.query or query)).content.decode(errors="replace")
                # whoever searches finds the own word again in the search field
                signs = (NAME, *AMOUNTS) if query else (NAME, CODE, *AMOUNTS)
                told += [f"{role} {name}{query}: {sign}" for sign in signs if sign in body]
    assert told == []


def test_the_owner_does_find_it(world: World) -> None:
    """The control: the same signs are on the owner's page."""
    customer = pipeline.add_customer(name=NAME, owner=world.south_rep, code=CODE, by=None, at=AT)
    pipeline.open_deal(name=f"{NAME} 一期", owner=world.south_rep, customer=customer, next_step="回访", next_on=TODAY,
                       by=None, at=AT)  # fmt: skip
    client = Client()
    client.force_login(world.south_rep)
    assert NAME in client.get(reverse("home")).content.decode()
