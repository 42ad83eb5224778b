"""Telling the story: nine months that end today, the same for the same seed and day."""

from __future__ import annotations

from datetime import date, timedelta

from .cast import TEAMS, people
from .days import Days, months_back
from .dice import Dice
from .doing import Doing
from .paying import pay
from .plan import Story
from .selling import Selling

SEED, MONTHS, POOL = 20_260_316, 9, 40
BEFORE = timedelta(days=420)


def tell(today: date, *, seed: int = SEED) -> Story:
    """The whole story up to `today`."""
    dice = Dice(seed)
    start = months_back(today, MONTHS)
    story = Story(today, start, list(TEAMS), people(today))
    days = Days(start - BEFORE, today)
    selling = Selling(story, dice, days)
    for person in story.people:
        selling.accounts(person)
    for person in story.people:
        selling.year(person)
    selling.pool(POOL)
    pay(story, dice, days)
    doing = Doing(story, dice, days, {team.key: team.leader for team in TEAMS})
    for person in story.people:
        doing.year(person)
    story.activities.sort(key=lambda one: (one.at, one.person))
    return story
