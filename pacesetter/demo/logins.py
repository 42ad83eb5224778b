"""One login per role, with passwords of this home only; they lie in HOME/demo-logins.txt, readable by its owner."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pacesetter.people import acts as people

from .played import Played

FILE = "demo-logins.txt"
# role → who shows it best
SHOWN = {"rep": "e11", "manager": "wang", "director": "zhou", "hrbp": "lin", "analyst": "he", "marketing": "ma",
         "finance": "gao", "admin": "fang"}  # fmt: skip
WORDS = ("cedar", "lantern", "harbor", "meadow", "copper", "willow", "canyon", "ember", "garnet", "juniper", "maple",
         "orchard", "pebble", "quartz", "saffron", "timber")  # fmt: skip


@dataclass(frozen=True)
class Login:
    """What the demo prints: the role, whom to sign in as, and how."""

    role: str
    name: str
    login: str
    password: str


def password() -> str:
    """Words one can type on a phone, and enough chance for a demo that only this machine serves."""
    return "-".join([secrets.choice(WORDS), secrets.choice(WORDS), str(1000 + secrets.randbelow(9000))])


def make(played: Played, home: Path, *, at: datetime) -> list[Login]:
    """Set the passwords through the act and write them down."""
    made = []
    for role, key in SHOWN.items():
        person, word = played.people[key], password()
        people.set_password(person=person, password=word, by=None, at=at)
        made.append(Login(role, person.name, person.employee_no or "", word))
    handle = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([asdict(login) for login in made], file, ensure_ascii=False, indent=1)
    return made


def read(home: Path) -> list[Login]:
    """The logins of this home; none for a company of one's own."""
    try:
        return [Login(**one) for one in json.loads((home / FILE).read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
