"""Goals without a place in a new spread go with it, drafts and published ones, and return when it is undone."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts, facts, reads
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Goal, GoalEvent, GoalVersion
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import acts as people
from tests.world import AT, World, put_in_force

Q2 = periods.parse("2026Q2")
MONTHS = [periods.parse(f"2026-{month:02d}") for month in (4, 5, 6)]


def team(world: World, target: int = 90_00) -> Draft:
    return Draft("won_amount", "team", Q2, target, team=world.east1.pk)


def own(person: int, target: int, above, **more) -> Draft:
    return Draft("won_amount", "person", Q2, target, person=person, above=above, **more)


@pytest.fixture
def spread(world: World) -> dict[str, Goal]:
    """一队 with 孙浩 (published twice, signed, with months) and 陈晨 (a draft)."""
    top = team(world)
    parts = [Part(month, value) for month, value in zip(MONTHS, (10_00, 20_00, 30_00), strict=True)]
    acts.draft_goals([top, own(world.veteran.pk, 50_00, identity(top)), own(world.grower.pk, 40_00, identity(top))],
                     origin="spread", by=world.director, at=AT)  # fmt: skip
    one, veteran, grower = Goal.objects.order_by("pk")
    put_in_force([one.pk, veteran.pk, grower.pk])
    acts.draft_goals([own(world.veteran.pk, 60_00, one.pk, parts=parts, valid_from=date(2026, 5, 1)),
                      own(world.grower.pk, 30_00, one.pk)], origin="hand", by=world.director, at=AT)  # fmt: skip
    put_in_force([veteran.pk, grower.pk])
    acts.accept_goal(goal=veteran.pk, version=view(veteran).in_force.row.pk, by=world.veteran, at=AT)
    acts.draft_goals([own(world.veteran.pk, 70_00, one.pk)], origin="hand", by=world.leader, at=AT)
    return {"one": one, "veteran": veteran, "grower": grower}


def view(goal: Goal) -> reads.GoalView:
    return reads.book([goal])[goal.pk]


def again(world: World, goals: dict[str, Goal], gone: dict[int, int], reason: str = "转到别的团队") -> Entry:
    drafts = [team(world), own(world.grower.pk, 90_00, goals["one"].pk)]
    return acts.draft_goals(drafts, origin="spread", by=world.director, at=AT, gone=gone, reason=reason)


def seen(goal: Goal) -> dict[int, int]:
    return {goal.pk: view(goal).newest}


def counted(goal: Goal) -> bool:
    """Whether the numbers count with it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT target FROM ({facts.GOAL.sql}) AS g WHERE g.id = {goal.pk}")
        return cursor.fetchone() is not None


def test_a_goal_goes_with_its_draft_and_nothing_older_holds_again(world: World, spread) -> None:
    mine = spread["veteran"]
    assert counted(mine)
    entry = again(world, spread, seen(mine))
    assert view(mine).shown is None
    assert not counted(mine), "the version of April does not come back"
    assert GoalEvent.objects.filter(version__goal=mine, kind="withdrawn", reason="转到别的团队").count() == 3
    assert (entry.rows, entry.after) == (3, {"origin": "spread", "goals": 2, "withdrawn": 1})
    assert entry.row_changes.filter(entity="goals.goal").get().row_id == mine.pk


def test_undoing_the_spread_brings_everything_back_with_its_signature_and_months(world: World, spread) -> None:
    mine = spread["veteran"]
    entry = again(world, spread, seen(mine))
    assert acts.undo_drafts(entry=entry, by=world.director, at=AT) == 2
    stands = view(mine)
    assert (stands.in_force.row.target, stands.draft.row.target) == (60_00, 70_00)
    assert stands.on(date(2026, 4, 2)).row.target == 50_00, "charts show the change on its date again"
    assert stands.in_force.accepted.by_name == world.veteran.name
    assert [part.target for part in stands.in_force.parts] == [10_00, 20_00, 30_00]
    assert counted(mine)
    assert view(spread["grower"]).shown.row.target == 30_00
    with pytest.raises(Refusal) as refused:
        acts.undo_drafts(entry=entry, by=world.director, at=AT)
    assert refused.value.code == "changed"


def test_what_was_set_anew_since_is_not_undone(world: World, spread) -> None:
    mine = spread["veteran"]
    entry = again(world, spread, seen(mine))
    acts.draft_goals([own(world.veteran.pk, 5_00, None)], origin="hand", by=world.leader, at=AT)
    count = GoalVersion.objects.count()
    with pytest.raises(Refusal) as refused:
        acts.undo_drafts(entry=entry, by=world.director, at=AT)
    assert (refused.value.code, "won_amount 2026Q2" in str(refused.value)) == ("changed", True)
    assert GoalVersion.objects.count() == count


def test_a_draft_alone_goes_without_a_reason_a_published_goal_does_not(world: World, spread) -> None:
    mine = spread["veteran"]
    with pytest.raises(Refusal) as refused:
        again(world, spread, seen(mine), reason=" ")
    assert refused.value.code == "required"
    extra = acts.draft_goals([own(world.rep2.pk, 5_00, spread["one"].pk)], origin="hand", by=world.director, at=AT)
    draft = Goal.objects.get(pk=extra.object_id)
    again(world, spread, seen(draft), reason="")
    assert view(draft).shown is None


def test_what_was_changed_since_it_was_looked_at_or_is_locked_stays(world: World, spread) -> None:
    mine = spread["veteran"]
    with pytest.raises(Conflict):
        again(world, spread, {mine.pk: view(mine).newest - 1})
    acts.withdraw_goals([mine.pk], by=world.director, at=AT)
    acts.lock_goals([mine.pk], by=world.director, at=AT)
    count = GoalVersion.objects.count()
    with pytest.raises(Refusal) as refused:
        again(world, spread, seen(mine))
    assert refused.value.code == "locked"
    with pytest.raises(Refusal) as refused:
        again(world, spread, seen(spread["grower"]))
    assert refused.value.code == "twice", "the same goal is not set and withdrawn at once"
    assert GoalVersion.objects.count() == count, "and nothing else was done"


def test_a_goal_of_a_closed_period_stays(world: World, spread) -> None:
    past = Draft("won_amount", "person", periods.parse("2026-02"), 1_00, person=world.rep2.pk)
    entry = acts.draft_goals([past], origin="hand", by=world.director, at=AT, history=True)
    people.close_period(start=date(2026, 1, 1), end=date(2026, 3, 1), by=world.admin, at=AT)
    with pytest.raises(Refusal) as refused:
        again(world, spread, seen(Goal.objects.get(pk=entry.object_id)))
    assert refused.value.code == "closed_period"


def test_what_went_does_not_hold_again_in_a_period_that_was_closed_meanwhile(world: World, spread) -> None:
    mine = spread["veteran"]
    entry = again(world, spread, seen(mine))
    later = AT.replace(month=7)
    people.close_period(start=date(2026, 4, 1), end=date(2026, 7, 1), by=world.admin, at=later)
    with pytest.raises(Refusal) as refused:
        acts.undo_drafts(entry=entry, by=world.director, at=later)
    assert refused.value.code == "closed_period"
    assert view(mine).shown is None
