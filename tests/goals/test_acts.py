"""Goals are set, published, locked and end; nothing is overwritten, and each refusal says what to do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Goal, GoalEvent, GoalVersion
from pacesetter.lib import periods
from pacesetter.lib.refusal import Conflict, Refusal
from pacesetter.people import acts as people
from tests.world import AT, World

LATER = datetime(2026, 5, 2, 1, 0, tzinfo=UTC)
Q2 = periods.parse("2026Q2")
APRIL, MAY, JUNE = (periods.parse(f"2026-{m:02d}") for m in (4, 5, 6))


def company_goal(target: int = 3_000_000_00, **more) -> Draft:
    return Draft("won_amount", "company", Q2, target, **more)


def team_goal(team: int, target: int, above=None, **more) -> Draft:
    return Draft("won_amount", "team", Q2, target, team=team, above=above, **more)


def draft(*rows: Draft, by, **more):
    return acts.draft_goals(rows, origin="hand", by=by, at=AT, **more)


def view(goal: Goal) -> reads.GoalView:
    return reads.book([goal])[goal.pk]


@pytest.fixture
def cascade(world: World) -> tuple[Goal, Goal, Goal]:
    """The company's quarter and two teams that make it up."""
    top = company_goal()
    draft(top, team_goal(world.east1.pk, 1_800_000_00, identity(top)),
          team_goal(world.east2.pk, 1_200_000_00, identity(top)), by=world.director)  # fmt: skip
    company, one, two = Goal.objects.order_by("pk")
    return company, one, two


def publish(*goals: Goal, by, **more):
    return acts.publish_goals([g.pk for g in goals], by=by, at=AT, **more)


def test_a_goal_and_those_below_it_are_set_in_one_act(world: World, cascade):
    company, one, _two = cascade
    assert view(one).draft.row.parent_id == company.pk
    assert (company.layer, one.layer) == ("strategic", "team")
    assert view(company).status == "drafted"
    assert view(company).in_force is None


def test_publishing_puts_in_force_and_a_new_version_supersedes(world: World, cascade):
    company, one, two = cascade
    publish(*cascade, by=world.director)
    assert view(one).in_force.row.target == 1_800_000_00
    draft(
        team_goal(world.east1.pk, 1_900_000_00, company.pk, seen=1),
        company_goal(3_100_000_00, seen=1),
        by=world.director,
    )
    assert view(one).in_force.row.target == 1_800_000_00, "a draft changes nothing"
    publish(company, one, by=world.director)
    now = view(one)
    assert now.in_force.row.number == 2
    assert [v.status for v in now.versions] == ["superseded", "published"]
    assert now.versions[0].row.target == 1_800_000_00, "the earlier version remains readable"
    assert view(two).in_force.row.number == 1


def test_what_does_not_add_up_is_not_published_and_the_list_says_where(world: World, cascade):
    company, _one, _two = cascade
    draft(team_goal(world.east2.pk, 1_100_000_00, company.pk), by=world.director)
    with pytest.raises(acts.Unbalanced) as refused:
        publish(*cascade, by=world.director)
    assert [(goal.pk, balance.difference) for goal, balance in refused.value.faults] == [(company.pk, -100_000_00)]
    acts.set_goal_settings(
        valid_from=date(2026, 3, 16), tolerance=334, lines=reads.DEFAULT_LINES, challenge_over=10, challenge_top=20,
        whole_metrics=(), decide_days=3, pace_basis="days", by=None, at=AT,
    )  # fmt: skip
    publish(*cascade, by=world.director)
    assert view(company).status == "published"


def test_a_buffer_is_written_down_and_then_adds_up(world: World):
    top = company_goal(buffer=200_000_00)
    draft(top, team_goal(world.east1.pk, 3_200_000_00, identity(top)), by=world.director)
    publish(*Goal.objects.all(), by=world.director)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target": 0}, "value"),
        ({"floor": 4_000_000_00}, "lines"),
        ({"metric": "no_such_metric"}, "metric"),
        ({"basis": "no_such"}, "basis"),
        ({"person": 1}, "owner"),
        ({"per": "hour"}, "per"),
        ({"period": periods.parse("2026-02")}, "over"),
        ({"above": 987_654}, "above"),
        ({"metric": "effective_visits", "customer_kind": "new"}, "scope"),
        ({"parts": (Part(APRIL, 1),)}, "parts"),
    ],
)  # fmt: skip
def test_a_goal_that_cannot_be_is_refused_whole(world: World, change: dict, code: str):
    values = {"metric": "won_amount", "owner_kind": "company", "period": Q2, "target": 3_000_000_00} | change
    with pytest.raises(Refusal) as refused:
        draft(Draft("deals_won", "company", Q2, 4), Draft(**values), by=world.director)
    assert refused.value.code == code
    assert not Goal.objects.exists()


def test_months_sum_to_the_target(world: World):
    parts = [Part(APRIL, 900_000_00), Part(MAY, 1_000_000_00), Part(JUNE, 1_100_000_00)]
    draft(company_goal(parts=parts), by=world.director)
    assert [p.target for p in view(Goal.objects.get()).draft.parts] == [p.target for p in parts]


def test_two_editors_the_second_sees_the_first(world: World, cascade):
    company, one, _two = cascade
    draft(team_goal(world.east1.pk, 1_700_000_00, company.pk, seen=1), by=world.director)
    with pytest.raises(Conflict) as refused:
        draft(team_goal(world.east1.pk, 1_600_000_00, company.pk, seen=1), by=world.leader)
    assert refused.value.both == (("target", 1_700_000_00, 1_600_000_00),)
    assert refused.value.who == "周岚"
    assert view(one).draft.row.target == 1_700_000_00


def test_publishing_what_changed_since_it_was_looked_at_is_refused(world: World, cascade):
    company, _one, _two = cascade
    draft(company_goal(3_000_001_00, seen=1), by=world.leader)
    with pytest.raises(Conflict) as refused:
        publish(company, by=world.director, seen={company.pk: 1})
    assert (refused.value.now, f"#{company.pk}" in str(refused.value)) == (2, True)


def test_no_step_is_taken_with_a_version_that_somebody_followed(world: World, cascade):
    """The version is compared while the goal is held, whatever is done to it."""
    company, one, _two = cascade

    def refused(act, goal: Goal, number: int, **more) -> None:
        said = GoalEvent.objects.count()
        with pytest.raises(Conflict):
            act([goal.pk], seen={goal.pk: number - 1}, by=world.director, at=AT, **more)
        assert GoalEvent.objects.count() == said
        act([goal.pk], seen={goal.pk: number}, by=world.director, at=AT, **more)

    draft(company_goal(seen=1), by=world.director)
    publish(*cascade, by=world.director, seen={company.pk: 2})
    refused(acts.lock_goals, company, 2)
    draft(team_goal(world.east1.pk, 1_700_000_00, company.pk, seen=1), by=world.director)
    refused(acts.submit_goals, one, 2)
    refused(acts.return_goals, one, 2, reason="先对齐")
    refused(acts.withdraw_goals, one, 2)


def test_a_goal_that_serves_none_holds_only_where_a_file_says_so(world: World):
    draft(team_goal(world.east1.pk, 1_800_000_00), by=world.director)
    alone = Goal.objects.get()
    for by in (world.director, None):
        with pytest.raises(Refusal) as refused:
            publish(alone, by=by)
        assert refused.value.code == "smart", "the system is held to it too"
    publish(alone, by=None, history=True)
    assert view(alone).in_force.row.target == 1_800_000_00


def test_the_same_goal_twice_published_happens_once(world: World, cascade):
    publish(*cascade, by=world.director)
    with pytest.raises(Refusal) as refused:
        publish(*cascade, by=world.director)
    assert refused.value.code == "status"
    assert GoalEvent.objects.filter(kind="published").count() == 3


def test_submitted_drafts_come_back_with_a_reason(world: World, cascade):
    _company, one, _two = cascade
    acts.submit_goals([one.pk], by=world.leader, at=AT)
    with pytest.raises(Refusal):
        acts.return_goals([one.pk], reason=" ", by=world.director, at=AT)
    acts.return_goals([one.pk], reason="先看看去年同期", by=world.director, at=AT)
    assert view(one).status == "returned"
    with pytest.raises(Refusal):
        publish(one, by=world.director)


def test_a_batch_of_drafts_is_undone_together_until_one_is_published(world: World, cascade):
    company, one, two = cascade
    entry = draft(team_goal(world.east1.pk, 1_500_000_00, company.pk),
                  team_goal(world.east2.pk, 1_500_000_00, company.pk), by=world.director)  # fmt: skip
    assert acts.undo_drafts(entry=entry, by=world.director, at=AT) == 2
    assert view(one).draft.row.target == 1_800_000_00, "what was being worked on is back"
    assert [v.row.number for v in view(one).versions] == [1, 2, 3]
    again = draft(team_goal(world.east1.pk, 1_500_000_00, company.pk),
                  team_goal(world.east2.pk, 1_500_000_00, company.pk), company_goal(), by=world.director)  # fmt: skip
    publish(company, one, two, by=world.director)
    with pytest.raises(Refusal) as refused:
        acts.undo_drafts(entry=again, by=world.director, at=AT)
    assert refused.value.code == "changed"


def test_the_owner_signs_what_was_read(world: World, cascade):
    _company, one, _two = cascade
    publish(*cascade, by=world.director)
    version = view(one).in_force.row.pk
    first = acts.accept_goal(goal=one.pk, version=version, by=world.leader, at=AT)
    assert acts.accept_goal(goal=one.pk, version=version, by=world.leader, at=AT) == first
    with pytest.raises(Refusal):
        acts.accept_goal(goal=one.pk, version=version + 1, by=world.leader, at=AT)


def test_a_commitment_needs_its_comment_and_stands_beside_the_value(world: World, cascade):
    _company, one, _two = cascade
    with pytest.raises(Refusal):
        acts.commit_value(goal=one.pk, value=1_500_000_00, comment="", by=world.leader, at=AT)
    acts.commit_value(goal=one.pk, value=1_500_000_00, comment="两个大客户推迟到三季度", by=world.leader, at=AT)
    acts.commit_value(goal=one.pk, value=1_500_000_00, comment="两个大客户推迟到三季度", by=world.leader, at=AT)
    assert one.commitments.count() == 1
    assert view(one).draft.row.target == 1_800_000_00


def test_a_locked_goal_takes_no_other_version(world: World, cascade):
    company, one, _two = cascade
    publish(*cascade, by=world.director)
    acts.lock_goals([one.pk], by=world.director, at=AT)
    with pytest.raises(Refusal) as refused:
        draft(team_goal(world.east1.pk, 1, company.pk), by=world.director)
    assert refused.value.code == "locked"
    with pytest.raises(Refusal):
        acts.withdraw_goals([one.pk], by=world.director, at=AT, reason="不要了")


def test_a_published_goal_is_withdrawn_with_a_reason(world: World, cascade):
    _company, one, _two = cascade
    publish(*cascade, by=world.director)
    with pytest.raises(Refusal):
        acts.withdraw_goals([one.pk], by=world.director, at=AT)
    acts.withdraw_goals([one.pk], by=world.director, at=AT, reason="团队解散")
    assert view(one).in_force is None


def test_what_held_before_a_withdrawn_version_holds_again_and_goes_on(world: World, cascade):
    company, one, two = cascade
    publish(*cascade, by=world.director)
    for target in (1_900_000_00, 1_950_000_00):
        draft(team_goal(world.east1.pk, target, company.pk), company_goal(target + 1_200_000_00), by=world.director)
        publish(company, one, by=world.director)
    for target in (1_900_000_00, 1_800_000_00):
        acts.withdraw_goals([one.pk], by=world.director, at=AT, reason="改错了")
        now = view(one)
        assert (now.in_force.row.target, now.status) == (target, "published")
    acts.withdraw_goals([company.pk], by=world.director, at=AT, reason="一起撤")
    acts.withdraw_goals([company.pk], by=world.director, at=AT, reason="一起撤")
    draft(team_goal(world.east1.pk, 1_700_000_00, company.pk), company_goal(2_900_000_00), by=world.director)
    publish(company, one, by=world.director)
    assert view(one).in_force.row.target == 1_700_000_00
    acts.withdraw_goals([one.pk], by=world.director, at=AT, reason="改错了")
    acts.withdraw_goals([one.pk], by=world.director, at=AT, reason="团队解散")
    assert view(one).in_force is None, "taken back to nothing in the end"
    assert view(two).status == "published"


def test_a_goal_that_came_back_to_a_superseded_version_takes_the_next_one(world: World, cascade):
    """As homes of an earlier day hold it: the second version went, and the first holds though it was superseded."""
    company, one, _two = cascade
    publish(*cascade, by=world.director)
    draft(team_goal(world.east1.pk, 1_900_000_00, company.pk), company_goal(3_100_000_00), by=world.director)
    publish(company, one, by=world.director)
    GoalEvent.objects.create(version=view(one).in_force.row, kind="withdrawn", at=AT)
    assert view(one).in_force.status == "superseded"
    draft(team_goal(world.east1.pk, 1_900_000_00, company.pk), by=world.director)
    publish(one, by=world.director)
    assert (view(one).in_force.row.number, view(one).status) == (3, "published")


def test_a_goal_that_came_back_to_a_superseded_version_is_signed_and_ends(world: World, cascade):
    """Such homes end their goals by night like all others, and not one of them holds up the rest."""
    company, one, two = cascade
    publish(*cascade, by=world.director)
    draft(team_goal(world.east1.pk, 1_900_000_00, company.pk), company_goal(3_100_000_00), by=world.director)
    publish(company, one, by=world.director)
    GoalEvent.objects.create(version=view(one).in_force.row, kind="withdrawn", at=AT)
    old = view(one).in_force
    signed = acts.accept_goal(goal=one.pk, version=old.row.pk, by=world.leader, at=AT)
    assert acts.accept_goal(goal=one.pk, version=view(one).in_force.row.pk, by=world.leader, at=AT) == signed
    now = view(one)
    assert (now.in_force.row.target, now.status, now.in_force.accepted) == (old.row.target, "published", signed)
    GoalEvent.objects.create(version=view(company).in_force.row, kind="withdrawn", at=AT)
    over = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    figures = {company.pk: (3_000_000_00, None, 12), one.pk: (1_900_000_00, None, 7), two.pk: None}
    assert acts.end_goals(figures, at=over) == 3
    assert [view(goal).status for goal in cascade] == ["achieved", "achieved", "expired"]
    outcome = view(company).outcome
    assert (outcome.version_id, outcome.version.target) == (view(company).in_force.row.pk, 3_000_000_00)


def test_a_goal_ends_by_the_clock_and_stays_so(world: World, cascade):
    company, one, two = cascade
    publish(*cascade, by=world.director)
    actuals = {company.pk: (3_000_000_00, None, 12), one.pk: (1_799_999_99, None, 7), two.pk: None}
    assert acts.end_goals(actuals, at=AT) == 0, "not before its time"
    over = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
    assert acts.end_goals(actuals, at=over) == 3
    assert [view(g).status for g in cascade] == ["achieved", "missed", "expired"]
    assert acts.end_goals(actuals, at=over) == 0
    with pytest.raises(Refusal) as refused:
        acts.draft_goals([company_goal()], origin="hand", by=world.director, at=over)
    assert refused.value.code in ("over", "ended")


def test_a_closed_period_takes_no_goal(world: World):
    people.close_period(start=date(2026, 1, 1), end=date(2026, 2, 1), by=None, at=AT)
    january = Draft("won_amount", "company", periods.parse("2026-01"), 100)
    with pytest.raises(Refusal) as refused:
        draft(january, by=world.director, history=True)
    assert refused.value.code == "closed_period"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE goals_goalversion SET target = 1",
        "UPDATE goals_goalevent SET kind = 'published'",
        "DELETE FROM goals_goalevent",
        "DELETE FROM goals_goalversion",
        "UPDATE goals_goal SET start = '2026-01-01'",
        "UPDATE goals_goal SET team_id = NULL, owner_kind = 'company'",
        "DELETE FROM goals_goal",
    ],
)
def test_the_database_itself_refuses_to_change_a_goal(world: World, cascade, sql: str):
    with pytest.raises(DatabaseError, match="never overwritten"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_itself_keeps_a_locked_goal(world: World, cascade):
    _company, one, two = cascade
    publish(*cascade, by=world.director)
    acts.lock_goals([one.pk], by=world.director, at=AT)
    row = GoalVersion.objects.filter(goal=two).values().get()
    copy = {k: v for k, v in row.items() if k != "id"} | {"number": 9}
    GoalVersion.objects.create(**copy)  # the control: another goal is not locked
    with pytest.raises(DatabaseError, match="locked"), transaction.atomic():
        GoalVersion.objects.create(**(copy | {"goal_id": one.pk}))


def test_a_merge_of_two_records_takes_the_goals_along(world: World):
    twin = people.add_person(name="孙浩", by=None, at=AT)
    draft(Draft("won_amount", "person", Q2, 100, person=twin.pk), by=world.director)
    entry = people.merge_people(keep=world.veteran, drop=twin, reason="同一个人", by=None, at=AT)
    assert Goal.objects.get().person_id == world.veteran.pk
    people.undo_merge(entry=entry, by=None, at=AT)
    assert Goal.objects.get().person_id == twin.pk
    with pytest.raises(DatabaseError, match="never overwritten"), transaction.atomic():
        Goal.objects.update(person=world.grower)
