"""The goal pages: who sees what, sums, one value explained, and the same number everywhere.

What was sold stands in `selling_goals.py`. The day is Monday 2026-03-16: pages stand at the end of Sunday.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import GoalEvent
from tests.web.facts import more_people
from tests.web.selling_goals import Q1, amount, as_reader, cascade, page, send, sold
from tests.world import AT, World

pytestmark = pytest.mark.usefixtures("on_the_day")


@pytest.fixture
def sales(world: World) -> World:
    """What was sold beside the goals."""
    return sold(world)


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


def test_a_goal_that_changed_since_it_was_looked_at_is_shown_as_it_is_now(sales: World) -> None:
    goals = cascade(sales, publish=False)
    path = f"/goals/{goals['grower'].pk}"
    seen = 'name="seen" value="1"'
    assert page(sales.leader, f"{path}/").count(seen) == 2, "handing in and taking back carry the version"
    send(sales.leader, f"{path}/submit/")
    assert page(sales.director, f"{path}/").count(seen) == 3, "publishing, returning and taking back do"
    said = GoalEvent.objects.count()
    for step, number in (("return", 2), ("publish", 2), ("withdraw", 2), ("submit", 2), ("lock", 2)):
        answer = send(sales.director, f"{path}/{step}/", seen=number, reason="先看去年")
        assert (answer.status_code, "在你看过之后又改了" in answer.content.decode()) == (422, True), step
    assert GoalEvent.objects.count() == said
    assert send(sales.director, f"{path}/return/", seen=1, reason="先看去年").status_code == 302


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
    assert page(sales.director, f"/goals/{goals['one'].pk}/").count('name="seen" value="1"') == 2
    assert send(sales.director, f"/goals/{goals['one'].pk}/lock/").status_code == 302
    assert "已锁定" in page(sales.leader, f"/goals/{goals['one'].pk}/")
    assert send(sales.director, f"/goals/{goals['one'].pk}/withdraw/", reason="x").status_code == 422
