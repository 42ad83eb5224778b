"""The goal pages: who sees what, sums, one value explained, and the same number everywhere.

2026-02-10  孙浩 wins    50,000.00
2026-03-05  孙浩 wins   100,000.00
2026-03-10  吴迪 wins    30,000.00
The day is Monday 2026-03-16: pages stand at the end of Sunday.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft, Part, identity
from pacesetter.goals.models import Goal, GoalEvent
from pacesetter.lib import periods
from pacesetter.people.models import Person
from pacesetter.pipeline.acts import bulk
from tests.web.facts import more_people
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
Q1 = periods.parse("2026Q1")
MONTHS = [periods.parse(f"2026-{month:02d}") for month in (1, 2, 3)]


def as_reader(reader: Person) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def page(reader: Person, path: str, **headers: str) -> str:
    response = as_reader(reader).get(path, headers=headers or None)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


@pytest.fixture
def sales(world: World) -> World:
    """The wins of this file's docstring."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="sales") as batch:
        (customer,) = batch.customers([bulk.CustomerRow("海川机械", owner_id=world.veteran.pk)])
        rows = [
            bulk.DealRow(name, "won", customer_id=customer, owner_id=owner, amount_minor=amount,
                         opened_on=date(2026, 1, 5), closed_on=closed)
            for name, owner, amount, closed in (
                ("A", world.veteran.pk, 5_000_000, date(2026, 2, 10)),
                ("B", world.veteran.pk, 10_000_000, date(2026, 3, 5)),
                ("C", world.rep2.pk, 3_000_000, date(2026, 3, 10)),
            )
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    return world


def amount(kind: str, target: int, **more: Any) -> Draft:
    return Draft("won_amount", kind, Q1, target, **more)


def cascade(world: World, *, publish: bool = True) -> dict[str, Goal]:
    """Company 300,000 → 一队 180,000 + 二队 140,000 (buffer 20,000) → 孙浩 100,000 + 陈晨 80,000 → 每日 3 家."""
    top = amount("company", 30_000_000, buffer=2_000_000)
    one = amount("team", 18_000_000, team=world.east1.pk, above=identity(top))
    two = amount("team", 14_000_000, team=world.east2.pk, above=identity(top))
    veteran = amount("person", 10_000_000, person=world.veteran.pk, above=identity(one), challenge=12_000_000,
                     parts=[Part(month, value) for month, value in zip(MONTHS, (2_000_000, 3_000_000, 5_000_000),
                                                                       strict=True)])  # fmt: skip
    grower = amount("person", 8_000_000, person=world.grower.pk, above=identity(one))
    daily = Draft("customers_visited", "person", Q1, 3, person=world.veteran.pk, per="day", above=identity(veteran))
    acts.draft_goals([top, one, two, veteran, grower, daily], origin="hand", by=world.director, at=AT)
    goals = {
        "company": Goal.objects.get(owner_kind="company"),
        "one": Goal.objects.get(team=world.east1),
        "two": Goal.objects.get(team=world.east2),
        "veteran": Goal.objects.get(person=world.veteran, per=""),
        "grower": Goal.objects.get(person=world.grower),
        "daily": Goal.objects.get(per="day"),
    }
    if publish:
        acts.publish_goals([g.pk for g in goals.values()], by=world.director, at=AT)
    return goals


def test_the_tree_shows_every_layer_with_actual_gap_and_whether_it_adds_up(sales: World) -> None:
    goals = cascade(sales)
    html = page(sales.director, "/goals/?metric=won_amount&period=2026Q1")
    for goal in goals.values():
        assert f'data-goal="{goal.pk}"' in html
    assert 'title="¥180,000.00"' in html  # what the company won
    assert "差 ¥12.00万" in html
    assert "下级合计 106.7%，多分 ¥2.00万 作缓冲" in html
    assert "下级合计 100.0%，加得上" in html
    for word in ("战略目标", "团队目标", "个人目标", "动作目标"):
        assert word in html


def test_the_bands_are_the_sums_of_their_goals(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, "/goals/?metric=won_amount&period=2026Q1").split('class="bands"')[1].split("</ol>")[0]
    assert [text.split('"')[0] for text in html.split('title="')[1:]] == ["¥300,000.00", "¥320,000.00", "¥180,000.00"]


def test_what_is_missing_below_is_said_in_words(sales: World) -> None:
    goals = cascade(sales)
    acts.withdraw_goals([goals["two"].pk], by=sales.director, at=AT, reason="撤队")
    html = page(sales.director, "/goals/?metric=won_amount&period=2026Q1")
    assert "下级合计 60.0%，少分 ¥14.00万 未落实" in html


def test_a_number_of_the_tree_is_the_number_its_why_page_shows(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, "/goals/?metric=won_amount&period=2026Q1")
    address = html.split('title="¥180,000.00"')[0].split('href="')[-1].split('"')[0].replace("&amp;", "&")
    assert address.startswith("/why/won_amount/?period=2026Q1")
    assert "¥180,000.00" in page(sales.director, address)


def test_a_rep_sees_the_own_goal_and_those_above_without_their_amounts(sales: World) -> None:
    goals = cascade(sales)
    html = page(sales.veteran, "/goals/?metric=won_amount&period=2026Q1")
    shown = {key for key, goal in goals.items() if f'data-goal="{goal.pk}"' in html}
    assert shown == {"company", "one", "veteran", "daily"}
    assert "¥150,000.00" in html, "his own"
    assert "¥180,000.00" not in html.split('class="bands"')[1].replace('title="¥180,000.00">¥18.00万</span>', ""), (
        "what the company won is not for a rep; 180,000 stands there as the team's target only"
    )
    assert "60.0%" in html, "but how far the company is"
    assert as_reader(sales.veteran).get(f"/goals/{goals['grower'].pk}/").status_code == 404


def test_hrbp_reads_targets_and_percentages_but_no_amount_that_was_won(sales: World) -> None:
    cascade(sales)
    html = page(sales.hrbp, "/goals/?metric=won_amount&period=2026Q1")
    assert "/why/won_amount" not in html
    assert "60.0%" in html


def test_a_manager_does_not_see_another_team(sales: World) -> None:
    goals = cascade(sales)
    html = page(sales.leader, "/goals/?metric=won_amount&period=2026Q1")
    assert f'data-goal="{goals["grower"].pk}"' in html
    assert f'data-goal="{goals["two"].pk}"' not in html
    assert as_reader(sales.leader).get(f"/goals/{goals['two'].pk}/").status_code == 404


def test_a_draft_is_for_those_who_set_it(sales: World) -> None:
    goals = cascade(sales, publish=False)
    assert "草稿" in page(sales.director, "/goals/?metric=won_amount&period=2026Q1")
    assert as_reader(sales.veteran).get(f"/goals/{goals['company'].pk}/").status_code == 404
    acts.submit_goals([goals["veteran"].pk], by=sales.leader, at=AT)
    assert "已提交" in page(sales.veteran, f"/goals/{goals['veteran'].pk}/")


def test_rows_below_are_fetched_when_they_are_opened(sales: World) -> None:
    goals = cascade(sales)
    html = page(
        sales.director, f"/goals/{goals['one'].pk}/rows/?metric=won_amount&period=2026Q1", **{"HX-Request": "true"}
    )
    assert f'data-goal="{goals["veteran"].pk}"' in html
    assert f'data-goal="{goals["two"].pk}"' not in html


def test_months_roll_to_the_whole(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, "/goals/?metric=won_amount&period=2026Q1&view=months")
    line = html.split("孙浩")[1].split("</tr>")[0]
    cells = [text.split('"')[0] for text in line.split('title="')[1:]]
    assert cells == ["¥20,000.00", "¥30,000.00", "¥50,000.00", "¥100,000.00"]


def test_expected_is_explained_with_its_own_figures(sales: World) -> None:
    goals = cascade(sales)
    html = page(sales.director, f"/goals/{goals['company'].pk}/expected/", **{"HX-Request": "true"})
    assert "应完成 = 目标 × 已过工作日 ÷ 全部工作日" in html
    months = page(sales.veteran, f"/goals/{goals['veteran'].pk}/expected/")
    assert "当月目标" in months
    assert "¥50,000.00" in months


def test_the_detail_shows_every_version_and_both_lines_on_the_chart(sales: World) -> None:
    goals = cascade(sales)
    acts.draft_goals(
        [amount("person", 9_000_000, person=sales.veteran.pk, above=goals["one"].pk, valid_from=date(2026, 3, 2),
                note="并入二队的客户"),
         amount("person", 9_000_000, person=sales.grower.pk, above=goals["one"].pk)],
        origin="hand", by=sales.director, at=AT,
    )  # fmt: skip
    acts.publish_goals([goals["veteran"].pk, goals["grower"].pk], by=sales.director, at=AT, reason="客户移交")
    html = page(sales.leader, f"/goals/{goals['veteran'].pk}/")
    assert "第 1 版" in html
    assert "第 2 版" in html
    assert "并入二队的客户" in html
    assert "客户移交" in html
    spec = html.split("data-chart=")[1].split(">")[0]
    assert "第 1 版目标" in spec


def test_the_growth_engine_says_whether_its_parts_make_the_whole(sales: World) -> None:
    cascade(sales)
    new, again = Draft("new_amount", "company", Q1, 12_000_000), Draft("repurchase_amount", "company", Q1, 18_000_000)
    acts.draft_goals([new, again], origin="hand", by=sales.director, at=AT)
    assert "新客 ¥12.00万 + 复购 ¥18.00万 = 成交 ¥30.00万" in page(sales.director, "/goals/?period=2026Q1")
    acts.draft_goals([Draft("new_amount", "company", Q1, 11_000_000)], origin="hand", by=sales.director, at=AT)
    assert "比成交目标 ¥30.00万 少 ¥1.00万" in page(sales.director, "/goals/?period=2026Q1")


@pytest.mark.parametrize("who", ["director", "leader", "veteran", "hrbp"])
def test_the_tree_asks_few_questions_however_many_rows(sales: World, who: str) -> None:
    goals = cascade(sales)
    client = as_reader(getattr(sales, who))

    def cost() -> int:
        client.get("/goals/?metric=won_amount&period=2026Q1&open=all")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/goals/?metric=won_amount&period=2026Q1&open=all").status_code == 200
        return len(seen)

    before = cost()
    more = more_people(sales, 12)
    acts.draft_goals(
        [amount("person", 100, person=person.pk, above=goals["two"].pk) for person in more], origin="hand",
        by=sales.director, at=AT,
    )  # fmt: skip
    acts.draft_goals(
        [Draft("customers_visited", "person", Q1, 2, person=person.pk, per="day", above=goals["two"].pk)
         for person in more], origin="hand", by=sales.director, at=AT,
    )  # fmt: skip
    assert cost() <= before + 1
    assert before <= 25


def send(reader: Person, path: str, **data: Any) -> Any:
    return as_reader(reader).post(path, {"key": uuid.uuid4().hex, **data})


def test_publishing_the_tree_is_refused_with_the_list_and_then_goes_through(sales: World) -> None:
    goals = cascade(sales, publish=False)
    path = "/goals/publish/?metric=won_amount&period=2026Q1"
    assert 'name="goals"' in page(sales.director, path)
    acts.draft_goals(
        [amount("team", 13_000_000, team=sales.east2.pk, above=goals["company"].pk)], origin="hand", by=sales.director,
        at=AT,
    )  # fmt: skip
    chosen = [f"{g.pk}:{2 if key == 'two' else 1}" for key, g in goals.items()]
    answer = send(sales.director, path, goals=chosen)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "有 1 处上下级加不拢" in html
    assert "下级合计 ¥310,000.00，本级 ¥300,000.00，缓冲 ¥20,000.00" in html
    assert not GoalEvent.objects.filter(kind="published").exists()
    acts.draft_goals(
        [amount("team", 14_000_000, team=sales.east2.pk, above=goals["company"].pk)], origin="hand", by=sales.director,
        at=AT,
    )  # fmt: skip
    assert send(sales.director, path, goals=chosen).status_code == 422, "another version than the one looked at"
    chosen = [f"{g.pk}:{3 if key == 'two' else 1}" for key, g in goals.items()]
    assert send(sales.director, path, goals=chosen).status_code == 302
    assert GoalEvent.objects.filter(kind="published").count() == len(goals)


def test_a_manager_hands_in_and_the_director_returns_with_a_reason(sales: World) -> None:
    goals = cascade(sales, publish=False)
    goal = goals["grower"]
    assert send(sales.leader, f"/goals/{goal.pk}/publish/").status_code == 404
    assert send(sales.leader, f"/goals/{goal.pk}/submit/").status_code == 302
    assert send(sales.director, f"/goals/{goal.pk}/return/").status_code == 422
    assert send(sales.director, f"/goals/{goal.pk}/return/", reason="先看去年").status_code == 302
    assert "先看去年" in page(sales.leader, f"/goals/{goal.pk}/")


def test_the_owner_signs_and_nobody_else(sales: World) -> None:
    goals = cascade(sales)
    goal = goals["veteran"]
    version = goal.versions.get().pk
    assert "签认</span>" in page(sales.veteran, f"/goals/{goal.pk}/")
    assert send(sales.leader, f"/goals/{goal.pk}/sign/", version=version).status_code == 404
    assert send(sales.veteran, f"/goals/{goal.pk}/sign/", version=version).status_code == 302
    assert GoalEvent.objects.get(kind="accepted").by_name == "孙浩"
    assert "签认</span>" not in page(sales.veteran, f"/goals/{goal.pk}/")


def test_a_commitment_stands_beside_the_value_with_the_gap(sales: World) -> None:
    goals = cascade(sales)
    path = f"/goals/{goals['veteran'].pk}/commit/"
    assert send(sales.veteran, path, value="8万").status_code == 422
    assert send(sales.veteran, path, value="8万", comment="两个大客户推迟").status_code == 302
    html = page(sales.leader, f"/goals/{goals['veteran'].pk}/")
    assert "¥80,000.00" in html
    assert "比目标差 ¥2.00万" in html
    assert "两个大客户推迟" in html


def test_a_lock_and_a_withdrawal(sales: World) -> None:
    goals = cascade(sales)
    assert send(sales.director, f"/goals/{goals['daily'].pk}/withdraw/").status_code == 422, "a reason is needed"
    assert send(sales.director, f"/goals/{goals['daily'].pk}/withdraw/", reason="换成方案数").status_code == 302
    assert send(sales.director, f"/goals/{goals['one'].pk}/lock/").status_code == 302
    assert "已锁定" in page(sales.leader, f"/goals/{goals['one'].pk}/")
    assert send(sales.director, f"/goals/{goals['one'].pk}/withdraw/", reason="x").status_code == 422


def test_a_goal_is_set_as_a_sentence_and_becomes_a_draft(sales: World) -> None:
    goals = cascade(sales)
    path = "/goals/new/?metric=won_amount&period=2026Q2"
    html = page(sales.director, path)
    assert "SMART+CR 检查" in html
    assert 'id="id_industry"' in html
    sent = {
        "owner": f"team:{sales.east1.pk}", "metric": "won_amount", "period": "2026Q2", "target": "120万",
        "weight": "60", "industry": "装备制造", "elastic": ["policy", "supply"], "pace_basis": "days",
        "version": "0", "note": "新产线",
    }  # fmt: skip
    wrong = send(sales.director, path, **{**sent, "challenge": "100万"})
    assert wrong.status_code == 422
    assert "几条线要依次递进" in wrong.content.decode()
    assert send(sales.director, path, **sent).status_code == 302
    made = Goal.objects.get(industry="装备制造")
    version = made.versions.get()
    assert (version.target, version.weight, version.elastic) == (120_000_000, 60, ["policy", "supply"])
    refused = send(sales.director, f"/goals/{made.pk}/publish/", seen="1")
    assert refused.status_code == 422
    assert "还没有说明支撑哪个上级目标" in refused.content.decode()
    assert goals


def test_the_second_of_two_editors_sees_what_the_first_wrote(sales: World) -> None:
    goals = cascade(sales, publish=False)
    path = f"/goals/{goals['grower'].pk}/edit/"
    sent = {"target": "7万", "weight": "100", "parent": str(goals["one"].pk), "pace_basis": "days", "version": "1"}
    assert send(sales.leader, path, **sent).status_code == 302
    answer = send(sales.director, path, **{**sent, "target": "6万"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "王敏 已经把它改到第 2 版" in html
    assert "7000000" in html
    assert 'name="version" value="2"' in html, "who has seen both may send it again"


def test_a_rep_sets_action_goals_and_nothing_else(sales: World) -> None:
    goals = cascade(sales)
    path = "/goals/new/?metric=effective_visits&period=2026Q1"
    sent = {"owner": f"person:{sales.veteran.pk}", "metric": "effective_visits", "period": "2026Q1", "target": "4",
            "weight": "100", "pace_basis": "days", "parent": str(goals["veteran"].pk)}  # fmt: skip
    refused = send(sales.veteran, path, **sent)
    assert refused.status_code == 422
    assert "销售可以自己设定动作目标" in refused.content.decode()
    assert send(sales.veteran, path, **sent, per="day").status_code == 302
    goal = Goal.objects.get(metric="effective_visits")
    assert goal.layer == "action"
    assert send(sales.veteran, f"/goals/{goal.pk}/publish/", seen="1").status_code == 302
    other = {**sent, "owner": f"person:{sales.grower.pk}", "per": "day"}
    assert send(sales.veteran, path, **other).status_code == 422, "not for somebody else"


def test_the_checks_follow_what_is_typed(sales: World) -> None:
    goals = cascade(sales)
    asked = f"metric=won_amount&owner=person:{sales.veteran.pk}&period=2026Q2&weight=100&pace_basis=days"
    html = page(sales.director, f"/goals/check/?{asked}&target=50万&parent={goals['company'].pk}")
    assert "上级目标的期间不包含它" in html
    html = page(sales.director, f"/goals/check/?{asked}&target=50万&elastic=policy")
    assert "还没有说明支撑哪个上级目标" in html
    assert "可申请调整：政策" in html


def test_the_letter_holds_lines_scope_definition_and_boxes_to_sign(sales: World) -> None:
    goals = cascade(sales)
    html = page(sales.veteran, f"/goals/letter/person/{sales.veteran.pk}/?period=2026Q1")
    for word in ("¥100,000.00", "¥120,000.00", "签字 / 日期", "口径：", "弹性条款：", "还没有在系统里签认"):
        assert word in html
    version = goals["veteran"].versions.get().pk
    acts.accept_goal(goal=goals["veteran"].pk, version=version, by=sales.veteran, at=AT)
    assert "孙浩 已在系统里签认" in page(sales.leader, f"/goals/letter/person/{sales.veteran.pk}/?period=2026Q1")
    assert as_reader(sales.veteran).get(f"/goals/letter/person/{sales.grower.pk}/").status_code == 404
    assert "华东一队" in page(sales.leader, f"/goals/letter/team/{sales.east1.pk}/?period=2026Q1")


def test_settings_are_a_version_from_a_day_on_and_see_each_other(sales: World) -> None:
    form = {
        "valid_from": "2026-03-16", "tolerance": "100", "challenge_over": "15", "challenge_top": "20",
        "decide_days": "3", "pace_basis": "days", "seen": "", "floor_on": "on", "stretch_on": "on",
        "challenge_on": "on", "floor_zh": "底线", "floor_en": "Floor", "target_zh": "目标", "target_en": "Target",
        "stretch_zh": "冲刺", "stretch_en": "Stretch", "challenge_zh": "挑战", "challenge_en": "Challenge",
    }  # fmt: skip
    assert as_reader(sales.leader).get("/goals/settings/").status_code == 404
    assert send(sales.director, "/goals/settings/", **form).status_code == 302
    assert reads.chosen(TODAY).tolerance == 100
    assert reads.lines_named(TODAY, "zh")["floor"] == "底线"
    again = send(sales.director, "/goals/settings/", **{**form, "tolerance": "200"})
    assert again.status_code == 422, "filled from what stood before"
    assert reads.chosen(TODAY).tolerance == 100


def test_a_scoped_goal_counts_only_what_its_scope_holds_and_its_drawer_proves_it(world: World) -> None:
    """华东区制造业客户 新客成交额: 80,000 of what was won, though the director sees everything."""
    with bulk.promote(by=world.admin, at=AT, on=TODAY, label="scoped") as batch:
        made = batch.customers([
            bulk.CustomerRow(name, owner_id=world.veteran.pk, region=region, industry=industry)
            for name, region, industry in (("海川机械", "华东", "装备制造"), ("宏达医药", "华东", "医药"),
                                           ("南方重工", "华南", "装备制造"))
        ])  # fmt: skip
        rows = [
            bulk.DealRow(f"D{place}", "won", customer_id=customer, owner_id=world.veteran.pk, amount_minor=value,
                         opened_on=date(2026, 1, 5), closed_on=date(2026, 2, 3 + place))
            for place, (customer, value) in enumerate(
                zip((*made, made[0]), (8_000_000, 3_000_000, 2_000_000, 1_000_000), strict=True)
            )
        ]  # fmt: skip
        bulk.prepare(rows)
        batch.deals(rows)
    scoped = Draft("new_amount", "company", Q1, 20_000_000, customer_region="华东", industry="装备制造")
    acts.draft_goals([scoped], origin="hand", by=world.director, at=AT)
    goal = Goal.objects.get()
    acts.publish_goals([goal.pk], by=world.director, at=AT)
    html = page(world.director, f"/goals/{goal.pk}/")
    assert "华东 · 装备制造" in html
    address = html.split('class="num" href="/why/new_amount/')[1].split('"')[0].replace("&amp;", "&")
    exact = html.split('href="/why/new_amount/')[1].split('title="')[1].split('"')[0]
    drawer = page(world.director, f"/why/new_amount/{address}")
    assert exact in drawer
    assert "海川机械" in drawer
    assert "宏达医药" not in drawer
    assert "南方重工" not in drawer
    assert "和数字一致" in drawer
    assert "客户地区 华东" in drawer
