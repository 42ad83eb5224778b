"""The cast stands as its docstring says."""

from datetime import date

from pacesetter.journal.acts import broken_lines
from pacesetter.people import reads
from tests.world import TODAY, World


def test_seats_follow_the_moves(world: World) -> None:
    book = reads.SeatBook()
    before = book.at(world.mover.pk, date(2026, 1, 31))
    after = book.at(world.mover.pk, date(2026, 2, 1))
    assert (before.team_id, before.manager_id) == (world.east1.pk, world.leader.pk)
    assert (after.team_id, after.manager_id) == (world.east2.pk, world.leader2.pk)
    assert book.at(world.newcomer.pk, TODAY).growth_stage == "newcomer"
    assert book.at(world.grower.pk, TODAY).growth_stage == "growth"
    assert book.at(world.veteran.pk, TODAY).growth_stage == "mature"
    assert book.at(world.veteran.pk, date(2022, 4, 10)).growth_stage == "unknown"
    assert reads.seat_at(world.veteran.pk, TODAY) == book.at(world.veteran.pk, TODAY)
    assert book.at(world.veteran.pk, TODAY).region_id == world.east.pk


def test_every_act_left_a_line_and_the_chain_is_whole(world: World) -> None:
    assert broken_lines() == []


def test_a_leader_reaches_the_own_subtree_and_a_rep_only_oneself(world: World) -> None:
    assert world.reach(world.leader).team_ids == {world.east1.pk}
    assert world.reach(world.director).team_ids >= {world.east1.pk, world.south1.pk, world.hq.pk}
    assert world.reach(world.leader).people_ids == {
        world.leader.pk, world.newcomer.pk, world.grower.pk, world.veteran.pk,
    }  # fmt: skip
    assert world.reach(world.veteran).people_ids == {world.veteran.pk}
    assert set(world.reach(world.veteran).people()) == {world.veteran}
    assert set(world.reach(world.stranger).people()) == {world.stranger}


def test_somebody_who_left_has_no_seat_and_no_access(world: World) -> None:
    assert reads.seat_at(world.left.pk, date(2026, 1, 31)).team_id == world.east1.pk
    assert reads.seat_at(world.left.pk, date(2026, 2, 1)).team_id is None
    assert not world.left.is_active
    assert reads.roles_of(world.left.pk, TODAY) == frozenset()
