"""What an application foresees is what holds once it is approved: for sums, months, numbers a day, rates and curves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pacesetter import assembly
from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import Goal
from pacesetter.lib import periods
from pacesetter.metrics.pace import Pace
from pacesetter.people.models import Person
from tests.goals.applying import at, voice
from tests.web.facts import busy
from tests.world import AT, World, put_in_force

pytestmark = pytest.mark.django_db
Q1, MARCH = periods.parse("2026Q1"), periods.parse("2026-03")
ON = date(2026, 3, 20)
MONTHS = [Part(periods.parse(f"2026-0{m}"), share) for m, share in ((1, 300_000_00), (2, 200_000_00), (3, 500_000_00))]


def a_draft(kind: str, who: Person) -> tuple[Draft, int]:
    """A goal, and what is asked for instead."""
    return {
        "sum": (Draft("won_amount", "person", MARCH, 900_000_00, person=who.pk), 700_000_00),
        "months": (Draft("won_amount", "person", Q1, 1_000_000_00, person=who.pk, parts=MONTHS), 800_000_00),
        "a day": (Draft("visits", "person", MARCH, 4, person=who.pk, per="day"), 3),
        "rate": (Draft("win_rate", "person", Q1, 6_000, person=who.pk), 4_000),
        "curve": (Draft("won_amount", "person", MARCH, 900_000_00, person=who.pk, pace_basis="curve"), 700_000_00),
    }[kind]  # type: ignore[return-value]


def stands(goal: Goal) -> tuple[reads.GoalView, Any, reads.Days]:
    view = reads.book([goal])[goal.pk]
    days = reads.Days(goal.start, goal.end)
    return view, assembly.standing([view], until=ON, reach=None, calendars=days)[goal.pk], days


@pytest.mark.parametrize("kind", ["sum", "months", "a day", "rate", "curve"])
def test_what_is_foreseen_is_what_holds_afterwards(world: World, kind: str) -> None:
    busy(world, months=9)
    me = world.veteran
    draft, target = a_draft(kind, me)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    event = acts.add_event(kind="policy", title="新规", on=date(2026, 3, 2), by=world.leader, at=AT)
    asked = acts.request_adjustment(goal=goal.pk, event=event.pk, reason="新规", target=target,
                                    valid_from=date(2026, 3, 16), by=me, at=AT)  # fmt: skip
    view, now, days = stands(goal)
    version = reads.foreseen(view, asked)
    assert version is not None
    foreseen: Pace = assembly.foreseen(view, version, now, until=ON, calendars=days).pace
    voice(asked, "analyst", world.analyst)
    voice(asked, "director", world.director, at=at(date(2026, 3, 16)))
    _view, then, _days = stands(goal)
    assert foreseen == then.pace
    assert foreseen != now.pace, "the control: the other line is another pace"
    assert foreseen.basis == {"months": "months", "rate": "level", "curve": "curve"}.get(kind, "working_days")


def test_foreseeing_writes_nothing(world: World) -> None:
    acts.draft_goals([Draft("won_amount", "person", Q1, 1_000_000_00, person=world.veteran.pk, parts=MONTHS)],
                     origin="hand", by=world.director, at=AT)  # fmt: skip
    goal = Goal.objects.get()
    put_in_force([goal.pk])
    event = acts.add_event(kind="policy", title="新规", on=date(2026, 3, 2), by=world.leader, at=AT)
    asked = acts.request_adjustment(goal=goal.pk, event=event.pk, reason="新规", target=800_000_00,
                                    valid_from=date(2026, 3, 1), by=world.veteran, at=AT)  # fmt: skip
    before = reads.book([goal])[goal.pk]
    version = reads.foreseen(before, asked)
    assert version is not None
    assert [part.target for part in version.parts] == [300_000_00, 200_000_00, 300_000_00], "past months stay"
    after = reads.book([goal])[goal.pk].in_force
    assert after is not None
    assert (after.row.target, [part.target for part in after.parts]) == (
        1_000_000_00, [part.target for part in MONTHS],
    )  # fmt: skip
    assert before.in_force is not None
    assert before.in_force.row.target == 1_000_000_00, "the version that was read is not touched either"
