"""What exists already while the story is played."""

from __future__ import annotations

from dataclasses import dataclass, field

from pacesetter.people.models import Person, Team

ZONE = "Asia/Shanghai"


@dataclass
class Played:
    """Records by the keys of the story: people and teams themselves, of the others their ids."""

    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    customers: dict[int, int] = field(default_factory=dict)
    contacts: dict[tuple[int, str], int] = field(default_factory=dict)
    leads: dict[int, int] = field(default_factory=dict)
    deals: dict[int, int] = field(default_factory=dict)
