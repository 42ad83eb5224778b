"""Setting goals on pages: the sentence with its checks, conflicts, action goals, the letter, the company's choices."""

from __future__ import annotations

from datetime import date

import pytest

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.people.models import Company
from pacesetter.pipeline.acts import bulk
from pacesetter.pipeline.models import Customer
from tests.web.selling_goals import Q1, as_reader, cascade, page, send, sold
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def sales(world: World) -> World:
    """What was sold beside the goals."""
    return sold(world)


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


@pytest.mark.parametrize(("word", "taken"), [("$500", 50_000), ("500 USD", 50_000), ("¥500", None)])
def test_an_amount_is_set_in_the_currency_of_the_company_and_no_other(
    sales: World, word: str, taken: int | None
) -> None:
    Company.objects.update(currency="USD")
    sent = {"owner": f"team:{sales.east1.pk}", "metric": "won_amount", "period": "2026Q2", "target": word,
            "weight": "60", "pace_basis": "days", "version": "0"}  # fmt: skip
    assert send(sales.director, "/goals/new/", **sent).status_code == (302 if taken else 422)
    assert [v.target for v in GoalVersion.objects.all()] == ([taken] if taken else [])


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
    put_in_force([goal.pk])
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


def test_a_word_no_customer_carries_is_named_with_the_nearest_and_not_refused(sales: World) -> None:
    Customer.objects.filter(name="海川机械").update(industry="装备制造", region="华东")
    asked = f"metric=won_amount&owner=person:{sales.veteran.pk}&period=2026Q2&target=5&weight=100&pace_basis=days"
    typo = page(sales.director, f"/goals/check/?{asked}&industry=装备制照")
    assert "还没有客户写着“装备制照”。是不是“装备制造”？" in typo
    assert 'data-fix="industry" data-fix-value="装备制造"' in typo
    assert "还没有客户写着“火星”" in page(sales.director, f"/goals/check/?{asked}&customer_region=火星")
    both = page(sales.director, f"/goals/check/?{asked}&industry=装备制照&customer_region=火星")
    assert "还没有客户写着“火星”，看看有没有写错。 还没有客户写着“装备制照”。是不是“装备制造”？" in both
    assert 'data-fix="customer_region"' in both
    assert 'data-fix="industry"' not in both, "the button leads to the first of them"
    assert "还没有客户" not in page(sales.director, f"/goals/check/?{asked}&industry=装备制造&customer_region=华东")
    form = page(sales.director, "/goals/new/?metric=won_amount")
    assert '<datalist id="known-industry"><option value="装备制造">' in form
    assert 'list="known-industry"' in form
    sent = {"owner": f"person:{sales.veteran.pk}", "metric": "won_amount", "period": "2026Q2", "target": "5",
            "weight": "100", "pace_basis": "days", "industry": "装备制照"}  # fmt: skip
    saved = as_reader(sales.director).post("/goals/new/", {"key": "scope-typo", **sent}, follow=True)
    assert "是不是“装备制造”？" in saved.content.decode()
    assert Goal.objects.filter(industry="装备制照").exists(), "a new region or industry may come"


def test_a_withdrawn_goal_is_offered_to_nobody_and_leaves_the_tree(sales: World) -> None:
    goals = cascade(sales)
    pk = goals["one"].pk
    acts.withdraw_goals([pk], by=sales.director, at=AT, reason="团队解散")
    assert f'<option value="{pk}"' not in page(sales.director, "/goals/new/?metric=won_amount")
    assert f'<option value="{goals["company"].pk}"' in page(sales.director, "/goals/new/?metric=won_amount")
    tree = page(sales.director, "/goals/?metric=won_amount&period=2026Q1")
    assert f'data-goal="{pk}"' not in tree
    assert f'data-goal="{goals["veteran"].pk}"' in tree
    draft = Draft("won_amount", "person", Q1, 90_000_00, person=sales.veteran.pk, above=pk, valid_from=TODAY)
    acts.draft_goals([draft], origin="hand", by=sales.director, at=AT)
    refused = send(sales.director, f"/goals/{goals['veteran'].pk}/publish/", seen="2")
    assert refused.status_code == 422
    assert "还没有说明支撑哪个上级目标" in refused.content.decode()


def test_applying_is_offered_to_whoever_may_and_hides_drafts_of_others(sales: World) -> None:
    goals = cascade(sales)
    link = f'href="/goals/{goals["veteran"].pk}/adjust/"'
    assert link in page(sales.veteran, f"/goals/{goals['veteran'].pk}/")
    for other in (sales.director, sales.leader):
        assert link not in page(other, f"/goals/{goals['veteran'].pk}/")
        assert as_reader(other).get(f"/goals/{goals['veteran'].pk}/adjust/").status_code == 404
    draft = Draft("deals_won", "person", Q1, 9, person=sales.veteran.pk)
    acts.draft_goals([draft], origin="hand", by=sales.director, at=AT)
    hidden = Goal.objects.get(metric="deals_won")
    assert as_reader(sales.veteran).get(f"/goals/{hidden.pk}/adjust/").status_code == 404
    acts.submit_goals([hidden.pk], by=sales.director, at=AT)
    assert as_reader(sales.veteran).get(f"/goals/{hidden.pk}/adjust/").status_code == 200
