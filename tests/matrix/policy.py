"""The rights matrix: who gets an answer from which address, for whose record.

Each area keeps its rows in `rows/<area>.py` as `ROWS: dict[url name, Row]`. The test walks the resolver: an address
without a row fails, and so does a row without an address.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pacesetter.people.models import Person
from tests.world import World

from . import rows

ROLES = ("rep", "manager", "director", "hrbp", "analyst", "marketing", "finance", "admin", "stranger")
# own: the reader's; team: a team mate's; other: another team's; ex: moved away from my team; left: no longer here
RELATIONS = ("own", "team", "other", "ex", "left")
EVERY = frozenset(RELATIONS)
OWN = frozenset({"own"})
TEAM = frozenset({"own", "team"})
NOBODY: Mapping[str, frozenset[str]] = {}

Make = Callable[[World, Person], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """Who may open one address.

    `allow`: role → relations that get an answer; every other reader gets 404. `make` builds the address' arguments for
    the record of a person (None: the address has none, the relation does not matter). `anonymous`: what somebody not
    signed in gets: "login" (sent to the sign-in page), "open", or "hidden" (404). `query` is appended.
    `post_only`: opening it answers nothing of its own (a redirect or 405). `write`: roles that may also send it.
    """

    allow: Mapping[str, frozenset[str]]
    make: Make | None = None
    anonymous: str = "login"
    query: str = ""
    write: Mapping[str, frozenset[str]] | None = field(default=None)


def to(*roles: str, relations: frozenset[str] = EVERY) -> dict[str, frozenset[str]]:
    """These roles, for these relations."""
    return dict.fromkeys(roles, relations)


def everybody(relations: frozenset[str] = EVERY) -> dict[str, frozenset[str]]:
    """All who are signed in."""
    return to(*ROLES, relations=relations)


def reader(world: World, role: str) -> Person:
    """The person of a role."""
    return world.by_role(role)


def whose(world: World, role: str, relation: str) -> Person:
    """The person a record belongs to, as seen by the reader of this role."""
    viewer = reader(world, role)
    mate = world.grower if role == "rep" else world.veteran
    return {"own": viewer, "team": mate, "other": world.rep2, "ex": world.mover, "left": world.left}[relation]


def policy() -> dict[str, Row]:
    """All rows of all areas."""
    found: dict[str, Row] = {}
    for module in pkgutil.iter_modules(rows.__path__):
        area = importlib.import_module(f"{rows.__name__}.{module.name}").ROWS
        assert not set(found) & set(area), f"twice: {set(found) & set(area)}"
        found.update(area)
    return found
