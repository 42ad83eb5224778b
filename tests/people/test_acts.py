"""Every act: what it changes, its one journal line, what it refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from pacesetter.journal import acts as journal
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts, reads, rules
from pacesetter.people.models import CalendarDay, ClosedPeriod, Membership, Person, RoleGrant, Team, TeamClosure
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Customer
from pacesetter.pipeline.rules import Credit
from tests.world import AT, TODAY, World

MARCH = date(2026, 3, 1)


def refused(code: str, call: Any, **values: Any) -> None:
    lines = Entry.objects.count()
    with pytest.raises(Refusal) as refusal:
        call(by=None, at=AT, **values)
    assert refusal.value.code == code
    assert str(refusal.value)
    assert Entry.objects.count() == lines


def seat(person: Person, on: date) -> reads.SeatAt:
    return reads.seat_at(person.pk, on)


# --- seats -----------------------------------------------------------------------------------------------------------
def test_a_transfer_keeps_the_past_and_takes_the_new_heads_manager(world: World) -> None:
    acts.transfer(person=world.veteran, team=world.east2, on=MARCH, by=world.admin, at=AT)
    assert seat(world.veteran, date(2026, 2, 28)).team_id == world.east1.pk
    now = seat(world.veteran, MARCH)
    assert (now.team_id, now.manager_id) == (world.east2.pk, world.leader2.pk)


def test_a_transfer_into_a_closed_period_is_refused(world: World) -> None:
    acts.close_period(start=date(2026, 2, 1), end=MARCH, by=world.admin, at=AT)
    refused("closed_period", acts.transfer, person=world.veteran, team=world.east2, on=date(2026, 2, 10))
    acts.transfer(person=world.veteran, team=world.east2, on=MARCH, by=world.admin, at=AT)


def test_the_past_is_corrected_in_open_periods_only(world: World) -> None:
    acts.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=world.admin, at=AT)
    done = acts.correct_membership(
        person=world.veteran, team=world.east2, start=date(2026, 1, 15), end=MARCH, reason="录错了", by=None, at=AT
    )
    assert done.refreeze == ((date(2026, 2, 1), MARCH),)
    assert seat(world.veteran, date(2026, 2, 10)).team_id == world.east2.pk
    assert seat(world.veteran, MARCH).team_id == world.east1.pk
    refused("required", acts.correct_membership, person=world.veteran, team=world.east2, start=MARCH, reason=" ")


def test_a_second_post_stands_beside_the_primary_team(world: World) -> None:
    acts.join_team(person=world.veteran, team=world.east2, on=MARCH, primary=False, by=None, at=AT)
    assert seat(world.veteran, TODAY).team_id == world.east1.pk
    row = reads.roster(Person.objects.filter(pk=world.veteran.pk), TODAY, AT)[0]
    assert [team.name for team in row.further] == ["华东二队"]
    assert "two_primary" not in row.warnings


def test_nobody_manages_themselves(world: World) -> None:
    refused("own_manager", acts.transfer, person=world.veteran, team=world.east1, on=TODAY, manager=world.veteran)


def test_leaving_ends_seat_roles_and_leadership_and_reports_pass_on(world: World) -> None:
    acts.leave(person=world.leader, on=TODAY, successor=world.veteran, by=world.admin, at=AT)
    after = date(2026, 3, 17)
    assert seat(world.leader, TODAY).team_id == world.east1.pk
    assert seat(world.leader, after).team_id is None
    assert reads.roles_of(world.leader.pk, after) == frozenset()
    assert Team.objects.get(pk=world.east1.pk).leader == world.veteran
    assert seat(world.grower, TODAY).manager_id == world.leader.pk
    assert seat(world.grower, after).manager_id == world.veteran.pk
    assert seat(world.veteran, after).manager_id != world.veteran.pk
    world.leader.refresh_from_db()
    assert world.leader.access_ended
    refused("left", acts.grant_role, person=world.leader, role="rep", on=after)


def test_a_stage_by_hand_beats_tenure_while_it_holds(world: World) -> None:
    acts.override_stage(person=world.veteran, stage="growth", on=MARCH, until=TODAY, reason="转岗", by=None, at=AT)
    stages = [seat(world.veteran, day).growth_stage for day in (date(2026, 2, 28), MARCH, TODAY)]
    assert stages == ["mature", "growth", "mature"]
    refused("required", acts.override_stage, person=world.veteran, stage="growth", on=MARCH, reason="")
    refused("stage", acts.override_stage, person=world.veteran, stage="guru", on=MARCH, reason="x")


# --- teams -----------------------------------------------------------------------------------------------------------
def test_a_moved_team_belongs_to_both_parents_each_in_its_time(world: World) -> None:
    acts.move_team(team=world.east2, parent=world.south_area, on=MARCH, by=world.admin, at=AT)
    assert world.east2.pk in reads.subtree([world.east_area.pk], date(2026, 2, 28))
    assert world.east2.pk not in reads.subtree([world.east_area.pk], MARCH)
    assert world.east2.pk in reads.subtree([world.south_area.pk], MARCH)


def test_a_team_cannot_stand_under_itself_and_nothing_is_kept(world: World) -> None:
    before = TeamClosure.objects.count()
    refused("loop", acts.move_team, team=world.hq, parent=world.east1, on=MARCH)
    refused("loop", acts.move_team, team=world.east1, parent=world.east1, on=MARCH)
    assert TeamClosure.objects.count() == before


def test_a_team_with_people_is_not_closed(world: World) -> None:
    refused("not_empty", acts.close_team, team=world.east1, on=TODAY)
    acts.transfer(person=world.south_rep, team=world.east1, on=TODAY, by=None, at=AT)
    acts.close_team(team=world.south1, on=TODAY, by=None, at=AT)
    assert world.south1.pk not in {branch.team.pk for branch in reads.tree(TODAY)}


# --- people ----------------------------------------------------------------------------------------------------------
def test_no_sign_in_word_means_two_people(world: World) -> None:
    refused("exists", acts.add_person, name="新人", employee_no=world.veteran.mobile)
    refused("exists", acts.change_person, person=world.grower, mobile=world.veteran.mobile)
    refused("bad_mobile", acts.add_person, name="新人", mobile="12345")
    refused("required", acts.add_person, name="  ")
    refused("unknown_field", acts.change_person, person=world.grower, access_ended=False)


def test_an_outside_key_means_one_record(world: World) -> None:
    acts.link_external(source="crm", entity="person", external_id="7|a", object_id=1, by=None, at=AT)
    acts.link_external(source="crm", entity="person", external_id="7|a", object_id=1, by=None, at=AT)
    refused("exists", acts.link_external, source="crm", entity="person", external_id="7|a", object_id=2)


def test_merged_people_are_one_everywhere_and_can_be_taken_apart(world: World) -> None:
    twin = acts.add_person(name="孙浩", email="sh@example.com", by=None, at=AT)
    customer = pipeline.add_customer(name="海川机械", owner=twin, by=None, at=AT)
    entry = acts.merge_people(keep=world.veteran, drop=twin, reason="同一人", by=world.admin, at=AT)
    customer.refresh_from_db()
    world.veteran.refresh_from_db()
    twin.refresh_from_db()
    assert customer.owner == world.veteran
    assert (world.veteran.email, twin.email) == ("sh@example.com", None)
    assert not twin.is_active
    acts.undo_merge(entry=entry, by=world.admin, at=AT)
    customer.refresh_from_db()
    twin.refresh_from_db()
    assert customer.owner == twin
    assert twin.is_active
    assert twin.email == "sh@example.com"


def test_a_merge_with_later_changes_is_not_undone_in_part(world: World) -> None:
    twin = acts.add_person(name="孙浩", mobile="13911110000", by=None, at=AT)
    first = pipeline.add_customer(name="甲", owner=twin, by=None, at=AT)
    second = pipeline.add_customer(name="乙", owner=twin, by=None, at=AT)
    entry = acts.merge_people(keep=world.veteran, drop=twin, reason="同一人", by=None, at=AT)
    Customer.objects.filter(pk=second.pk).update(owner=world.rep2)
    refused("changed", acts.undo_merge, entry=entry)
    first.refresh_from_db()
    assert first.owner == world.veteran


def grants_of(person: Person) -> list[tuple[str, date, date]]:
    return sorted(person.role_grants.values_list("role", "valid_from", "valid_to"))


@pytest.mark.parametrize("longer", ["kept", "dropped", "neither"])
def test_a_role_that_both_hold_is_held_once_as_long_as_the_longer(world: World, longer: str) -> None:
    """Both sell since the same day; the shorter of the two grants is left out, named in the journal, and comes back."""
    since, end, twin = date(2024, 1, 1), date(2027, 1, 1), acts.add_person(name="孙浩", by=None, at=AT)
    until = {"kept": (rules.OPEN_END, end), "dropped": (end, rules.OPEN_END), "neither": (rules.OPEN_END,) * 2}[longer]
    for person, last in zip((world.veteran, twin), until, strict=True):
        person.role_grants.all().delete()
        acts.grant_role(person=person, role="rep", on=since, until=last, by=None, at=AT)
    acts.grant_role(person=twin, role="mentor", by=None, at=AT)
    before = grants_of(world.veteran), grants_of(twin)
    entry = acts.merge_people(keep=world.veteran, drop=twin, reason="同一人", by=world.admin, at=AT)
    assert grants_of(world.veteran) == [("mentor", rules.OPEN_START, rules.OPEN_END), ("rep", since, rules.OPEN_END)]
    assert grants_of(twin) == []
    (told,) = entry.after["grants"]
    left_out = twin if longer != "dropped" else world.veteran
    assert (told["person"], told["role"], told["from"]) == (left_out.pk, "rep", "2024-01-01")
    acts.undo_merge(entry=entry, by=world.admin, at=AT)
    assert (grants_of(world.veteran), grants_of(twin)) == before


def test_a_role_taken_away_since_does_not_come_back_by_taking_a_merge_apart(world: World) -> None:
    twin = acts.add_person(name="孙浩", by=None, at=AT)
    own = world.veteran.role_grants.get()
    acts.grant_role(person=twin, role=own.role, on=own.valid_from, by=None, at=AT)
    entry = acts.merge_people(keep=world.veteran, drop=twin, reason="同一人", by=world.admin, at=AT)
    acts.revoke_role(person=world.veteran, role=own.role, on=TODAY, by=world.admin, at=AT)
    refused("changed", acts.undo_merge, entry=entry)
    assert grants_of(twin) == []


@pytest.mark.parametrize("since", [date(2024, 1, 1), TODAY + timedelta(days=1)])
def test_a_merge_gives_nobody_a_role_by_their_own_hand_now_or_later(world: World, since: date) -> None:
    twin = acts.add_person(name="方正", by=None, at=AT)
    acts.grant_role(person=twin, role="director", on=since, by=None, at=AT)
    with pytest.raises(Refusal) as refusal:
        acts.merge_people(keep=world.admin, drop=twin, reason="同一人", by=world.admin, at=AT)
    assert refusal.value.code == "own_role"
    acts.merge_people(keep=world.admin, drop=twin, reason="同一人", by=None, at=AT)
    assert "director" in world.reach(world.admin, max(since, TODAY)).roles


def test_a_role_that_is_over_keeps_nobody_from_merging_into_themselves(world: World) -> None:
    twin = acts.add_person(name="方正", by=None, at=AT)
    acts.grant_role(person=twin, role="director", on=date(2024, 1, 1), until=TODAY, by=None, at=AT)
    acts.merge_people(keep=world.admin, drop=twin, reason="同一人", by=world.admin, at=AT)
    assert "director" not in world.reach(world.admin).roles


def test_what_cannot_be_one_is_still_refused(world: World) -> None:
    """The control: two shares in one deal are no harmless double."""
    twin = acts.add_person(name="孙浩", by=None, at=AT)
    acts.grant_role(person=twin, role="rep", by=None, at=AT)
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="产线", customer=customer, owner=world.veteran, on=TODAY, by=None, at=AT)
    shared = [Credit(world.veteran.pk, 600_000, primary=True), Credit(twin.pk, 400_000)]
    pipeline.set_credits(deal, credits=shared, by=None, at=AT)
    refused("both", acts.merge_people, keep=world.veteran, drop=twin, reason="同一人")
    assert twin.role_grants.count() == 1


def test_two_employee_numbers_are_two_people(world: World) -> None:
    refused("employee_no", acts.merge_people, keep=world.veteran, drop=world.rep2, reason="x")


# --- company ---------------------------------------------------------------------------------------------------------
def test_the_calendar_knows_spring_festival_and_make_up_days(world: World) -> None:
    """2026: the festival begins on 16 February (Monday off); Saturday 14 February is worked for it."""
    days = {row.day: row for row in CalendarDay.objects.filter(calendar=world.company.calendar, day__year=2026)}
    assert days[date(2026, 2, 17)].weight == 0
    assert days[date(2026, 2, 14)].weight == 1
    assert days[date(2026, 3, 16)].weight == 1
    assert CalendarDay.objects.filter(day=date(2028, 5, 1), provisional=True).exists()


def test_a_day_by_hand_survives_a_rebuild(world: World) -> None:
    calendar = world.company.calendar
    assert calendar is not None
    acts.set_calendar_day(calendar=calendar, day=date(2026, 3, 18), weight=0, name="年会", by=None, at=AT)
    acts.build_calendar(calendar=calendar, first=2026, last=2026, by=None, at=AT)
    row = CalendarDay.objects.get(calendar=calendar, day=date(2026, 3, 18))
    assert (row.weight, row.name, row.overridden) == (0, "年会", True)


def test_another_fiscal_year_relabels_every_day(world: World) -> None:
    acts.change_company(fiscal_start_month=4, performance_start_day=26, by=world.admin, at=AT)
    row = CalendarDay.objects.get(calendar=world.company.calendar, day=date(2026, 3, 27))
    assert (row.fiscal_year, row.fiscal_quarter) == ("FY2026", "FY2026Q4")
    assert row.performance_month == "PM2026-04"


def test_older_facts_make_the_calendar_longer_without_a_gap(world: World) -> None:
    acts.ensure_calendar(first=date(2010, 5, 1), last=date(2026, 1, 1), by=None, at=AT)
    days = CalendarDay.objects.filter(calendar=world.company.calendar, day__gte=date(2010, 1, 1), day__lt=MARCH)
    assert days.count() == (MARCH - date(2010, 1, 1)).days
    assert not acts.ensure_calendar(first=date(2010, 5, 1), last=TODAY, by=None, at=AT)


def test_a_period_is_closed_once_and_never_ahead(world: World) -> None:
    acts.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=world.admin, at=AT)
    refused("closed_period", acts.close_period, start=date(2026, 1, 15), end=MARCH)
    refused("future", acts.close_period, start=MARCH, end=date(2026, 4, 1))
    refused("order", acts.close_period, start=MARCH, end=MARCH)
    assert ClosedPeriod.objects.count() == 1
    assert reads.closed_period(date(2026, 1, 31)) is not None
    assert reads.closed_period(date(2026, 2, 1)) is None


def test_there_is_one_company(world: World) -> None:
    refused("exists", acts.create_company, name="另一家")
    refused("currency", acts.change_company, currency="XXQ")
    refused("zone", acts.change_company, zone="Mars/Base")
    refused("order", acts.change_company, newcomer_months=12)


# --- all of them -----------------------------------------------------------------------------------------------------
def test_nothing_is_kept_when_the_journal_line_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_kw: Any) -> None:
        raise OSError("disk full")

    for module in ("seats", "roles", "persons", "teams", "company"):
        monkeypatch.setattr(f"pacesetter.people.acts.{module}.record", broken)
    counts = [model.objects.count() for model in (Person, Membership, RoleGrant, Team, ClosedPeriod)]
    for call in (
        lambda: acts.add_person(name="新人", by=None, at=AT),
        lambda: acts.transfer(person=world.veteran, team=world.east2, on=TODAY, by=None, at=AT),
        lambda: acts.grant_role(person=world.veteran, role="mentor", by=None, at=AT),
        lambda: acts.add_team(name="新队", by=None, at=AT),
        lambda: acts.close_period(start=date(2026, 1, 1), end=MARCH, by=None, at=AT),
    ):
        with pytest.raises(OSError, match="disk full"):
            call()
    assert counts == [model.objects.count() for model in (Person, Membership, RoleGrant, Team, ClosedPeriod)]
    assert seat(world.veteran, TODAY).team_id == world.east1.pk


def test_the_journal_is_whole_and_a_changed_line_would_show(world: World) -> None:
    assert journal.broken_lines() == []
    line = Entry.objects.order_by("id")[3]
    line.label = "别的"
    assert journal.digest_of(line) != line.digest
