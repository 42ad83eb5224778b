"""What was fetched, as plain JSON and back: a plan is always made from what is kept, never from a second look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .adapter import Adapter, Department, Member


@dataclass(frozen=True)
class Snapshot:
    """An organisation at one moment."""

    source: str
    departments: list[Department]
    members: list[Member]


def fetch(adapter: Adapter) -> Snapshot:
    """Ask for everything. Never inside a transaction: it may take minutes."""
    departments = adapter.departments()
    return Snapshot(adapter.source, departments, adapter.members(departments))


def dump(snapshot: Snapshot) -> dict[str, Any]:
    """As JSON."""
    members = [asdict(one) | {"hire_on": one.hire_on.isoformat() if one.hire_on else None} for one in snapshot.members]
    return {
        "source": snapshot.source,
        "departments": [asdict(one) for one in snapshot.departments],
        "members": members,
    }


def load(kept: Mapping[str, Any]) -> Snapshot:
    """From JSON."""
    return Snapshot(
        kept["source"],
        [Department(**one) for one in kept["departments"]],
        [
            Member(
                **one
                | {
                    "departments": tuple(one["departments"]),
                    "leads": tuple(one["leads"]),
                    "hire_on": date.fromisoformat(one["hire_on"]) if one["hire_on"] else None,
                }
            )
            for one in kept["members"]
        ],
    )
