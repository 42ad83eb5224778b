"""From an organisation over there and ours to a plan: what would change, in order, and what stands in the way."""

from __future__ import annotations

import hashlib
from datetime import date

from pacesetter.journal.acts import canonical

from ..book import Book
from ..snapshot import Snapshot
from .people import People
from .seats import Seats
from .steps import NOTES, STEPS, TICKED, Note, Plan, Step, told
from .teams import Teams

__all__ = ["NOTES", "STEPS", "TICKED", "Note", "Plan", "Step", "digest", "plan", "told"]


def plan(snapshot: Snapshot, book: Book, on: date) -> Plan:
    """The plan of a day. The same organisation a second time gives an empty one."""
    made = Plan()
    teams = Teams(snapshot, book, made)
    people = People(snapshot, book, made)
    Seats(snapshot, book, made, teams, people, on).run()
    order = list(STEPS)
    made.steps.sort(key=lambda one: order.index(one.kind))
    return made


def digest(made: Plan) -> str:
    """What an admin saw: a plan made again must have the same, or nothing is applied."""
    return hashlib.sha256(canonical(made.as_json()).encode()).hexdigest()
