"""Goals in force and applications to change them, for the tests of adjusting."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Adjustment, Goal, MarketEvent
from tests.world import AT, World, put_in_force

from .applying import MONTHS, Q2, ask, voice


@pytest.fixture
def goals(world: World) -> dict[str, Goal]:
    """The company's quarter, 一队's and 孙浩's, all in force; 孙浩's has months and is locked."""
    top = Draft("won_amount", "company", Q2, 100_00)
    team = Draft("won_amount", "team", Q2, 100_00, team=world.east1.pk, above=identity(top))
    parts = [Part(month, share) for month, share in zip(MONTHS, (30_00, 30_00, 40_00), strict=True)]
    own = Draft("won_amount", "person", Q2, 100_00, person=world.veteran.pk, above=identity(team), floor=80_00,
                stretch=110_00, parts=parts)  # fmt: skip
    acts.draft_goals([top, team, own], origin="hand", by=world.director, at=AT)
    company, one, mine = Goal.objects.order_by("pk")
    acts.publish_goals([company.pk, one.pk, mine.pk], by=world.director, at=AT)
    acts.lock_goals([mine.pk], by=world.director, at=AT)
    return {"company": company, "team": one, "own": mine}


@pytest.fixture
def event(world: World) -> MarketEvent:
    return acts.add_event(kind="competitor", title="竞品降价 15%", on=date(2026, 3, 10), by=world.leader, at=AT)


@pytest.fixture
def asked(world: World, goals, event) -> Adjustment:
    return ask(goals, event, world.veteran)


@pytest.fixture
def of_the_director(world: World, event) -> Adjustment:
    """周岚 asks to change her own goal; there is no other director."""
    acts.draft_goals([Draft("won_amount", "team", Q2, 100_00, team=world.hq.pk)], origin="hand", by=world.director,
                     at=AT)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    made = ask({"own": goal}, event, world.director, floor=None, stretch=None)
    voice(made, "analyst", world.analyst)
    return made
