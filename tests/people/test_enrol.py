"""Many new people at once are what the acts of one person would have made of them, in three lines of the journal."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry, RowChange
from pacesetter.journal.reads import lines_of
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads
from pacesetter.people.models import Membership, Person, RoleGrant, StageOverride, Team, TeamClosure
from tests.world import AT, TODAY, World

HIRED = date(2026, 1, 5)


def enrol(world: World) -> tuple[list[Person], list[Team]]:
    """赵一 heads 西区 and its 西一队, 钱二 sells in 西一队, 孙三 in the team that was there, 李四 has no team."""
    people = acts.add_people(
        [acts.Newcomer(name, f"N{place}", None, None, HIRED) for place, name in enumerate(("赵一", "钱二", "孙三"))]
        + [acts.Newcomer(" 李四 ", None, "13700001111", None, None, {"宿舍": "3 栋"})],
        by=world.admin, at=AT,
    )  # fmt: skip
    head, seller, other, last = people
    teams = acts.add_teams([acts.NewTeam("西区", world.hq, head), acts.NewTeam("西一队", 0)], by=world.admin, at=AT)
    acts.place_people(
        [
            acts.Place(head, teams[0], role="manager"), acts.Place(seller, teams[1], role="rep", title=" 专员 "),
            acts.Place(other, world.east1, world.director, world.south, role="rep", stage="mature"),
            acts.Place(last, role="hrbp"),
        ],
        on=TODAY, reason="开业", by=world.admin, at=AT,
    )  # fmt: skip
    return people, teams


def test_seats_roles_and_stages_are_those_of_the_single_acts(world: World) -> None:
    (head, seller, other, last), teams = enrol(world)
    west, west1 = teams
    # the head of a team stands under whoever heads the team above, everybody else under the nearest head
    assert reads.seat_at(head.pk, TODAY).manager_id == world.director.pk
    seat = reads.seat_at(seller.pk, TODAY)
    assert (seat.team_id, seat.manager_id, seat.growth_stage) == (west1.pk, head.pk, "newcomer")
    seat = reads.seat_at(other.pk, TODAY)
    assert (seat.team_id, seat.manager_id, seat.region_id) == (world.east1.pk, world.director.pk, world.south.pk)
    assert (seat.growth_stage, reads.seat_at(other.pk, HIRED).growth_stage) == ("mature", "newcomer")
    assert reads.seat_at(last.pk, TODAY) == reads.SeatAt(last.pk)
    assert [reads.roles_of(one.pk, TODAY) for one in (head, seller, other, last)] == [
        {"manager"}, {"rep"}, {"rep"}, {"hrbp"},
    ]  # fmt: skip
    assert Membership.objects.get(person=seller).title == "专员"
    assert world.reach(head).team_ids == {west.pk, west1.pk}
    assert {west.pk, west1.pk} <= world.reach(world.director).team_ids
    # as one by one
    alone = acts.add_person(name="周五", employee_no="N9", hire_on=HIRED, by=world.admin, at=AT)
    acts.join_team(person=alone, team=west1, by=world.admin, at=AT)
    acts.grant_role(person=alone, role="rep", by=world.admin, at=AT)
    left = ("id", "person_id", "title")
    twin, mine = (Membership.objects.filter(person=one).values().get() for one in (alone, seller))
    assert {k: v for k, v in twin.items() if k not in left} == {k: v for k, v in mine.items() if k not in left}
    before = sorted(TeamClosure.objects.values_list("ancestor_id", "descendant_id", "valid_from", "valid_to", "depth"))
    acts.rebuild_closure()
    after = sorted(TeamClosure.objects.values_list("ancestor_id", "descendant_id", "valid_from", "valid_to", "depth"))
    assert before == after


def test_a_person_added_in_bulk_is_the_person_that_is_stored_and_cannot_sign_in_yet(world: World) -> None:
    (head, _seller, _other, last), _teams = enrol(world)
    stored = Person.objects.get(pk=last.pk)
    assert (stored.name, stored.mobile, stored.extra) == ("李四", "13700001111", {"宿舍": "3 栋"})
    assert (last.name, last.mobile, last.extra, last.login) == (stored.name, stored.mobile, stored.extra, stored.login)
    assert head.login != last.login
    assert not stored.has_usable_password()
    head.name = "赵一一"
    head.save()
    assert Person.objects.get(pk=head.pk).name == "赵一一"


def test_a_batch_is_a_line_an_act_with_every_row_before_and_after(world: World) -> None:
    newest = Entry.objects.latest("id").pk
    (head, seller, *_rest), teams = enrol(world)
    lines = Entry.objects.filter(pk__gt=newest).order_by("id")
    assert [(line.act, line.rows) for line in lines] == [("add_people", 4), ("add_teams", 2), ("place_people", 4)]
    told = RowChange.objects.filter(entry__in=lines, entity="person", row_id=seller.pk).order_by("id")
    assert [row.before for row in told] == [None, None]
    assert told[0].after["employee_no"] == "N1"
    assert (told[1].after["team_id"], told[1].after["manager_id"]) == (teams[1].pk, head.pk)
    assert broken_lines() == []
    # a person's own history shows the batches they came with
    assert [line.act for line in lines_of("person", seller.pk)] == ["place_people", "add_people"]


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([acts.Newcomer("甲", "T1"), acts.Newcomer("乙", " T1 ")], "employee_no"),
        ([acts.Newcomer("甲", "13800009999"), acts.Newcomer("乙", None, "13800009999")], "mobile"),
        ([acts.Newcomer("甲", "T1"), acts.Newcomer("  ", "T2")], "name"),
        ([acts.Newcomer("甲", "T1"), acts.Newcomer("乙", "坏 号")], "employee_no"),
    ],
)
def test_no_key_means_two_people_and_nobody_is_added_when_one_is_refused(
    world: World, rows: list[acts.Newcomer], field: str
) -> None:
    count = Person.objects.count()
    with pytest.raises(Refusal) as refused:
        acts.add_people(rows, by=world.admin, at=AT)
    assert refused.value.field == field
    taken = world.veteran.employee_no or world.veteran.mobile
    with pytest.raises(Refusal, match=world.veteran.name):
        acts.add_people([acts.Newcomer("甲", "T1"), acts.Newcomer("乙", taken)], by=world.admin, at=AT)
    assert Person.objects.count() == count
    # the control: the same people with keys of their own
    assert len(acts.add_people([acts.Newcomer("甲", "T1"), acts.Newcomer("乙", "T2")], by=world.admin, at=AT)) == 2


def test_only_people_without_a_seat_are_placed_in_bulk(world: World) -> None:
    counts = Membership.objects.count(), RoleGrant.objects.count(), StageOverride.objects.count()
    with pytest.raises(ValueError, match="only people without seat"):
        acts.place_people([acts.Place(world.veteran, world.east2)], on=TODAY, reason="", by=world.admin, at=AT)
    fresh = acts.add_people([acts.Newcomer("甲", "T1")], by=world.admin, at=AT)[0]
    with pytest.raises(ValueError, match="twice"):
        acts.place_people([acts.Place(fresh), acts.Place(fresh)], on=TODAY, reason="", by=world.admin, at=AT)
    for bad in (acts.Place(fresh, world.east1, fresh), acts.Place(fresh, role="emperor"), acts.Place(fresh, stage="x")):
        with pytest.raises(Refusal):
            acts.place_people([bad], on=TODAY, reason="", by=world.admin, at=AT)
    assert counts == (Membership.objects.count(), RoleGrant.objects.count(), StageOverride.objects.count())
