"""Who leaves keeps the goals in their own name: the page that hands everything else over says so and lists them."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from pacesetter.activity import acts as activity
from pacesetter.activity.models import PlanItem
from pacesetter.goals import acts, reads
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from pacesetter.pipeline import acts as pipeline
from tests.web.selling_goals import cascade, page, send
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")


def test_the_page_of_leaving_lists_the_goals_that_stay_in_the_name_of_whoever_goes(world: World):
    goals = cascade(world)
    html = page(world.hrbp, f"/manage/people/{world.veteran.pk}/leave/")
    assert "他有 2 个进行中的目标" in html
    assert "不转给接手人" in html
    assert "最后一天之后才开始的撤回" in html
    assert "没有锁定的都撤回" not in html, "only whoever publishes goals takes running ones back"
    assert f'href="/goals/{goals["veteran"].pk}/"' in html
    assert "¥10.00万" in html
    # somebody who sees no goals reads how many there are and nothing of them
    admin = page(world.admin, f"/manage/people/{world.veteran.pk}/leave/")
    assert "他有 2 个进行中的目标" in admin
    assert f"/goals/{goals['veteran'].pk}/" not in admin
    without = page(world.hrbp, f"/manage/people/{world.rep2.pk}/leave/")
    assert "进行中的目标" not in without
    assert 'name="goals"' not in without


def test_a_draft_is_no_goal_that_runs_and_leaving_moves_none(world: World):
    cascade(world, publish=False)
    assert "进行中的目标" not in page(world.hrbp, f"/manage/people/{world.veteran.pk}/leave/")
    client = Client()
    client.force_login(world.hrbp)
    before = set(Goal.objects.values_list("pk", "person_id"))
    answer = client.post(f"/manage/people/{world.veteran.pk}/leave/", {
        "key": uuid.uuid4().hex, "on": TODAY.isoformat(), "reason": "个人原因", "customers": "manager",
        "deals": "manager", "leads": "manager",
    })  # fmt: skip
    assert answer.status_code == 302
    assert set(Goal.objects.values_list("pk", "person_id")) == before


def leave(world: World, by: Person, **chosen: str) -> int:
    """孙浩 leaves today."""
    sent = {"on": TODAY.isoformat(), "reason": "个人原因", "customers": "manager", "deals": "manager",
            "leads": "manager", **chosen}  # fmt: skip
    return int(send(by, f"/manage/people/{world.veteran.pk}/leave/", **sent).status_code)


def withdrawn() -> set[int]:
    return set(GoalEvent.objects.filter(kind="withdrawn").values_list("version__goal", flat=True))


def next_quarter(world: World) -> int:
    draft = acts.Draft("won_amount", "person", periods.parse("2026Q2"), 9_000_000, person=world.veteran.pk)
    acts.draft_goals([draft], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get(person=world.veteran, start__gt=TODAY)
    acts.publish_goals([goal.pk], history=True, by=world.director, at=AT)
    return goal.pk


@pytest.mark.parametrize(("rule", "gone"), [("stay", False), ("ahead", True)])
def test_what_begins_after_the_last_day_is_withdrawn_where_that_was_chosen(world: World, rule: str, gone: bool):
    cascade(world)
    later = next_quarter(world)
    assert leave(world, world.hrbp, goals=rule) == 302
    assert withdrawn() == ({later} if gone else set())
    if gone:
        assert GoalEvent.objects.get(kind="withdrawn").reason == "个人原因"


def test_no_earlier_version_of_a_withdrawn_goal_holds_again_and_no_draft_stays(world: World):
    cascade(world)
    later = next_quarter(world)
    for value, published in ((8_000_000, True), (7_000_000, False)):
        again = acts.Draft("won_amount", "person", periods.parse("2026Q2"), value, person=world.veteran.pk)
        acts.draft_goals([again], origin="hand", by=world.director, at=AT)
        if published:
            acts.publish_goals([later], history=True, by=world.director, at=AT)
    assert leave(world, world.hrbp, goals="ahead") == 302
    (view,) = reads.book(Goal.objects.filter(pk=later))
    assert (view.in_force, view.coming, view.draft) == (None, None, None)
    assert [version.status for version in view.versions] == ["withdrawn"] * 3


def test_withdrawing_asks_why_and_leaves_everything_until_it_is_told(world: World):
    cascade(world)
    next_quarter(world)
    assert leave(world, world.hrbp, goals="ahead", reason="") == 422
    assert withdrawn() == set()
    assert Person.objects.get(pk=world.veteran.pk).left_on is None


def test_running_goals_are_withdrawn_by_whoever_publishes_goals_and_locked_ones_stay(world: World):
    goals = cascade(world)
    acts.lock_goals([goals["daily"].pk], by=world.director, at=AT)
    assert leave(world, world.hrbp, goals="all") == 422, "no choice of an HRBP"
    assert withdrawn() == set()
    people.grant_role(person=world.director, role="hrbp", on=TODAY, by=world.admin, at=AT)
    assert leave(world, world.director, goals="all") == 302
    assert withdrawn() == {goals["veteran"].pk}


def test_plans_go_with_the_customers_deals_and_leads_they_are_about(world: World):
    me = world.veteran
    customer = pipeline.add_customer(name="海川机械", owner=me, by=None, at=AT)
    deal = pipeline.open_deal(name="一期", customer=customer, owner=me, by=None, at=AT)
    lead = pipeline.add_lead(name="象山电子", owner=me, by=None, at=AT)
    plans = {
        name: activity.plan_item(person=me, on=TODAY, by=me, at=AT, purpose=name, **about)
        for name, about in (("customer", {"customer": customer}), ("deal", {"deal": deal}), ("lead", {"lead": lead}))
    }
    assert "3 项计划" in page(world.hrbp, f"/manage/people/{me.pk}/leave/")
    chosen = {"customers": "successor", "deals": "stay", "leads": "pool", "successor": str(world.rep2.pk)}
    assert leave(world, world.hrbp, **chosen) == 302
    now = {name: PlanItem.objects.get(pk=item.pk) for name, item in plans.items()}
    assert (now["customer"].person_id, now["customer"].state) == (world.rep2.pk, "open")
    assert (now["deal"].person_id, now["deal"].state) == (me.pk, "open")
    assert (now["lead"].person_id, now["lead"].state, now["lead"].reason) == (me.pk, "dropped", "个人原因")
