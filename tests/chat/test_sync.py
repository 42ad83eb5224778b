"""The organisation taken over: a plan first, then exactly that plan, and nothing the second time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pacesetter.activity import acts as activity
from pacesetter.activity.models import PlanItem
from pacesetter.chat import acts, configured, planning
from pacesetter.chat.models import State
from pacesetter.journal.acts import broken_lines
from pacesetter.journal.models import Entry
from pacesetter.lib.refusal import Refusal
from pacesetter.people import acts as people
from pacesetter.people import reads as ours
from pacesetter.people.models import ExternalId, Membership, Person, RoleGrant, Team
from pacesetter.pipeline import acts as pipeline
from pacesetter.pipeline.models import Booking, Customer
from tests.chat.hands import add_user, kinds, named, notes, seat, take, tried
from tests.chat.standin import StandIn
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
ALL = pytest.mark.parametrize("name", ["wecom", "dingtalk", "feishu"])
Connect = Callable[..., StandIn]


@ALL
def test_the_first_run_finds_everybody_and_the_second_finds_nothing_to_do(connect: Connect, world: World, name: str):
    connect(name)
    before = (Person.objects.count(), Team.objects.count(), Membership.objects.count(), Entry.objects.count())
    run = tried(name)
    assert (Person.objects.count(), Team.objects.count(), Membership.objects.count(), Entry.objects.count()) == before
    found = kinds(run)
    assert sorted(found["team_link"]) == ["华东一队", "华东二队", "华东区", "领跑样例"]
    assert sorted(found["person_link"]) == sorted(["周岚", "王敏", "赵磊", "李想", "孙浩", "吴迪"])
    # 吴迪 is 兼岗 in 一队 over there
    assert found["further"] == ["吴迪"]
    assert set(found) == {"team_link", "person_link", "further"}

    counts = take(run, world.admin)
    assert counts == run.counts
    assert ExternalId.objects.filter(source=configured.adapter(name).source).count() == 10
    assert Entry.objects.filter(act="sync_organisation", by_id=world.admin.pk).count() == 1
    assert Entry.objects.filter(act="link_external").count() == 10
    assert broken_lines() == []
    held = Membership.objects.get(ours.valid(TODAY), person=world.rep2, primary=False)
    assert held.team == world.east1

    again = tried(name)
    assert again.steps == []
    assert take(again, world.admin) == {}
    assert Membership.objects.count() == before[2] + 1


@ALL
def test_a_newcomer_a_new_team_and_a_title_come_over(connect: Connect, world: World, name: str):
    stand = connect(name)
    if name == "wecom":
        stand.departments.append({"id": 9, "name": "华东三队", "parentid": 2, "department_leader": ["u-新来的"]})
    elif name == "dingtalk":
        stand.departments.append({"dept_id": 9, "name": "华东三队", "parent_id": 2})
    else:
        stand.departments.append(
            {
                "open_department_id": "od-9",
                "name": "华东三队",
                "parent_department_id": "od-2",
                "leader_user_id": "u-新来的",
            }
        )
    add_user(stand, name, "新来的", (9, 3), mobile="13911110001", number="N001")
    if name == "dingtalk":
        stand.users[-1]["leader_in_dept"] = [{"dept_id": 9, "leader": True}]
    run = tried(name)
    found = kinds(run)
    assert found["team_add"] == ["华东三队"]
    assert found["person_add"] == ["新来的"]
    assert found["team_leader"] == ["华东三队"]
    assert "新来的" in found["seat"]
    assert sorted(found["further"]) == ["吴迪", "新来的"]
    take(run, world.admin, role="rep")
    fresh = named("新来的")
    assert (fresh.mobile, fresh.employee_no, fresh.has_usable_password()) == ("13911110001", "N001", False)
    assert seat(fresh) == ("华东三队", "王敏")
    team = Team.objects.get(name="华东三队")
    assert (team.leader, team.pk in ours.subtree([world.east_area.pk], TODAY)) == (fresh, True)
    assert ours.roles_of(fresh.pk, TODAY) == {"rep"}
    assert Membership.objects.get(ours.valid(TODAY), person=fresh, primary=True).title == "销售"
    if name != "wecom":
        assert fresh.hire_on == date(2018, 5, 7)
    assert tried(name).steps == []


@ALL
def test_a_role_is_given_only_when_asked_for(connect: Connect, world: World, name: str):
    stand = connect(name)
    add_user(stand, name, "新来的", (3,), mobile="13911110001")
    run = tried(name)
    with pytest.raises(Refusal):
        take(run, world.admin, role="admin")
    take(run, world.admin)
    assert not RoleGrant.objects.filter(person=named("新来的")).exists()


def moved(stand: StandIn) -> None:
    """孙浩 goes to 二队 under 赵磊; 华东一队 gets another name and hangs under the top; 吴迪 is no longer 兼岗."""
    stand.user("userid", "u-sun").update(department=[4], main_department=4, direct_leader=["u-zhao"])  # type: ignore[union-attr]
    stand.user("userid", "u-wu").update(department=[4], main_department=4)  # type: ignore[union-attr]
    stand.user("userid", "u-li").update(name="李想想", direct_leader=["u-zhou"])  # type: ignore[union-attr]
    stand.departments[2] |= {"name": "华东大客户队", "parentid": 1}


def test_what_we_master_is_only_told(connect: Connect, world: World):
    stand = connect("wecom")
    take(tried("wecom"), world.admin)
    moved(stand)
    run = tried("wecom")
    assert run.steps == []
    kept = {(one["label"], one["args"]["from"], one["args"]["to"]) for one in run.notes if one["kind"] == "kept"}
    assert kept == {
        ("孙浩", "华东一队", "华东二队"), ("华东一队", "华东一队", "华东大客户队"),
        ("华东大客户队", "华东区", "领跑样例"), ("李想", "李想", "李想想"), ("李想想", "王敏", "周岚"),
        ("吴迪", "华东一队", ""),
    }  # fmt: skip
    take(run, world.admin)
    assert seat(world.veteran) == ("华东一队", "王敏")


def test_what_is_mastered_there_follows_and_the_past_keeps_its_team(connect: Connect, world: World):
    stand = connect("wecom")
    take(tried("wecom"), world.admin)
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    deal = pipeline.open_deal(name="一期", owner=world.veteran, customer=customer, amount_minor=100, by=None, at=AT)
    pipeline.win_deal(deal, by=None, at=AT, on=TODAY)
    acts.choose_master(name="wecom", by=world.admin, at=AT)
    moved(stand)
    run = tried("wecom")
    assert {one["kind"] for one in run.steps} == {
        "team_rename", "team_move", "person_change", "seat_move", "seat_manager", "further_end",
    }  # fmt: skip
    take(run, world.admin)
    assert seat(world.veteran) == ("华东二队", "赵磊")
    assert seat(world.veteran, date(2026, 3, 15)) == ("华东大客户队", "王敏")
    assert seat(Person.objects.get(pk=world.newcomer.pk))[1] == "周岚"
    assert Person.objects.get(pk=world.newcomer.pk).name == "李想想"
    world.east1.refresh_from_db()
    assert world.east1.name == "华东大客户队"
    assert world.east1.pk not in ours.subtree([world.east_area.pk], TODAY)
    assert world.east1.pk in ours.subtree([world.east_area.pk], date(2026, 3, 15))
    assert not Membership.objects.filter(ours.valid(TODAY), person=world.rep2, primary=False).exists()
    # a fact of today follows the seat of today
    assert set(Booking.objects.filter(person=world.veteran).values_list("team_id", flat=True)) == {world.east2.pk}
    assert tried("wecom").steps == []


@ALL
def test_a_leaver_is_proposed_and_taken_only_when_ticked(connect: Connect, world: World, name: str):
    stand = connect(name)
    take(tried(name), world.admin)
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    planned = activity.plan_item(person=world.veteran, on=TODAY, customer=customer, by=None, at=AT)
    stand.users = [one for one in stand.users if one["name"] != "孙浩"]
    run = tried(name)
    assert kinds(run) == {"leaver": ["孙浩"]}
    take(run, world.admin)
    world.veteran.refresh_from_db()
    assert world.veteran.left_on is None
    run = tried(name)
    take(run, world.admin, "leaver:u-sun")
    world.veteran.refresh_from_db()
    assert (world.veteran.left_on, world.veteran.access_ended) == (TODAY, True)
    assert Customer.objects.get(pk=customer.pk).owner == world.leader
    assert PlanItem.objects.get(pk=planned.pk).person == world.leader
    assert Person.objects.filter(name="孙浩").exists(), "never deleted"
    assert tried(name).steps == []


@pytest.mark.parametrize(
    ("name", "gone"),
    [("wecom", {"status": 5}), ("wecom", {"status": 2}), ("feishu", {"status": {"is_resigned": True}})],
)
def test_somebody_switched_off_over_there_is_proposed_too(connect: Connect, world: World, name: str, gone: Any):
    stand = connect(name)
    take(tried(name), world.admin)
    next(one for one in stand.users if one["name"] == "孙浩").update(gone)
    assert kinds(tried(name)) == {"leaver": ["孙浩"]}


def test_the_admin_is_never_taken_for_a_leaver(connect: Connect, world: World):
    stand = connect("wecom")
    take(tried("wecom"), world.admin)
    people.grant_role(person=world.director, role="admin", reason="试", by=None, at=AT)
    stand.users = stand.users[1:]
    run = tried("wecom")
    assert ("leaver_admin", "周岚") in notes(run)
    take(run, world.admin, "leaver:u-zhou")
    world.director.refresh_from_db()
    assert world.director.left_on is None


@ALL
def test_what_is_in_the_way_is_told_with_a_remedy_and_not_taken(connect: Connect, world: World, name: str):
    stand = connect(name)
    add_user(stand, name, "双一", (3,), mobile="13911110001")
    add_user(stand, name, "双二", (3,), mobile="13911110001")
    add_user(stand, name, "圈一", (3,), leader="u-圈二", mobile="13911110004")
    add_user(stand, name, "圈二", (3,), leader="u-圈一", mobile="13911110005")
    add_user(stand, name, "上级不明", (3,), leader="u-nobody", mobile="13911110006")
    add_user(stand, name, "两个人", (3,), mobile=str(world.grower.mobile), number=str(world.south_rep.employee_no))
    add_user(stand, name, "钱进", (3,), mobile=str(world.left.mobile))
    add_user(stand, name, "陈晨", (3,))
    add_user(stand, name, "无号", (3,))
    run = tried(name)
    assert {one for one in notes(run) if one[0] != "kept"} == {
        ("same_key", "双一"), ("same_key", "双二"), ("leader_loop", "圈一"),
        ("leader_loop", "圈二"), ("leader_unknown", "上级不明"), ("two_people", "两个人"), ("left_here", "钱进"),
        ("no_key", "无号"),
    }  # fmt: skip
    assert kinds(run)["same_name"] == ["陈晨"]
    assert all(str(planning.NOTES[one["kind"]]).endswith("。") for one in run.notes)
    take(run, world.admin)
    assert not Person.objects.filter(name__in=["双一", "双二", "两个人"]).exists()
    assert Person.objects.filter(name="陈晨").count() == 1
    assert seat(named("圈一")) == seat(named("上级不明")) == ("华东一队", "王敏")
    assert tried(name).counts == {"same_name": 1}


def test_a_namesake_is_taken_for_the_same_person_only_when_ticked(connect: Connect, world: World):
    stand = connect("wecom")
    add_user(stand, "wecom", "陈晨", (3,))
    add_user(stand, "wecom", "何敏", (3,), number="OTHER-1", mobile="13911110009")
    run = tried("wecom")
    # the other 何敏 has a number of her own: two people
    assert kinds(run)["person_add"] == ["何敏"]
    take(run, world.admin, "same_name:u-陈晨")
    assert ExternalId.objects.get(external_id="u-陈晨").object_id == world.grower.pk
    assert Person.objects.filter(name="何敏").count() == 2


def test_a_circle_of_departments_is_told(connect: Connect, world: World):
    stand = connect("wecom")
    stand.departments += [
        {"id": 7, "name": "圈甲", "parentid": 8, "department_leader": []},
        {"id": 8, "name": "圈乙", "parentid": 7, "department_leader": []},
    ]
    run = tried("wecom")
    assert {("department_loop", "圈甲"), ("department_loop", "圈乙")} <= notes(run)
    take(run, world.admin)
    assert Team.objects.filter(name="圈甲").count() == 1


def test_two_teams_of_one_name_are_not_guessed(connect: Connect, world: World):
    connect("wecom")
    for parent in (world.south_area, world.hq):
        people.add_team(name="华东一队", parent=parent, by=None, at=AT)
    people.move_team(team=world.east1, parent=world.hq, on=TODAY, by=None, at=AT)
    run = tried("wecom")
    assert ("team_twice", "华东一队") in notes(run)
    assert "华东一队" not in kinds(run)["team_link"]
    # whoever sits there alone is taken without a team; 吴迪 keeps the other one
    assert {who for kind, who in notes(run) if kind == "no_department"} == {"王敏", "李想", "孙浩"}
    take(run, world.admin)
    assert seat(world.veteran)[0] == "华东一队"


def test_only_what_was_shown_is_applied(connect: Connect, world: World):
    connect("wecom")
    run = tried("wecom")
    people.change_person(person=world.veteran, employee_no="Z1", mobile=None, by=None, at=AT)
    with pytest.raises(Refusal, match="重新试算"):
        take(run, world.admin)
    assert ExternalId.objects.count() == 0
    run = tried("wecom")
    take(run, world.admin)
    with pytest.raises(Refusal, match="已经应用过"):
        take(run, world.admin)


def test_a_refusal_in_the_middle_takes_nothing(connect: Connect, world: World, monkeypatch: pytest.MonkeyPatch):
    connect("wecom")
    run = tried("wecom")

    def refuse(**_how: Any) -> None:
        raise Refusal("不行", code="no")

    monkeypatch.setattr(people, "join_team", refuse)
    with pytest.raises(Refusal):
        take(run, world.admin)
    assert ExternalId.objects.count() == 0
    run.refresh_from_db()
    assert run.state == State.READY


@ALL
def test_a_fault_over_there_ends_the_run_with_its_words(connect: Connect, world: World, name: str, settings: Any):
    connect(name)
    settings.CHAT[name]["secret"] = "wrong"
    run = tried(name)
    assert (run.state, run.fault["kind"], run.steps) == (State.FAILED, "credentials", [])
