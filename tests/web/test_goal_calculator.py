"""The reverse-funnel calculator: who opens whose, the numbers of tests/goals/calculating.py, taking over, no data."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from pacesetter.goals import acts, reads
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalSuggestion, GoalVersion, SuggestionAnswer
from pacesetter.people.models import Person
from pacesetter.worker import chores
from tests.goals.calculating import MARCH, aimed, worked
from tests.goals.test_suggesting import NIGHT, derive
from tests.world import AT, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
PAGE = "/goals/calculator/"


def as_reader(reader: Person, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(reader)
    return client


def page(reader: Person, query: str = "", **more: Any) -> str:
    response = as_reader(reader, **more).get(PAGE + query)
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def part(html: str, name: str) -> str:
    """The text of what has this id, tags taken out."""
    body = html.split(f'id="{name}"')[1].split("</li>")[0] if f'id="{name}"' in html else ""
    body = body.split('<div class="calc-step"')[0] if name.startswith("calc-rate") else body
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", body.split(">", 1)[1]))


@pytest.fixture
def small(world: World) -> World:
    worked(world)
    aimed(world)
    return world


# --- numbers ---------------------------------------------------------------------------------------------------------
def test_the_chain_says_what_one_can_calculate_by_hand(small: World):
    html = page(small.veteran)
    assert "¥250,000.00" in html
    for key, needed in (("deals", "5"), ("intents", "20"), ("leads", "40"), ("visits", "80"), ("proposals", "10")):
        assert f"{needed}</a>" in html.split(f'id="calc-step-{key}"')[1].split("</div>")[0], key
    assert "4/16" in part(html, "calc-rate-intents")
    assert "25.0%" in part(html, "calc-rate-intents")
    assert "10/20" in part(html, "calc-rate-leads")
    assert re.search(r"40 ÷ 20 = 2", part(html, "calc-rate-visits"))
    assert re.search(r"日均 [\d.]+–[\d.]+ 次，按期望 6.7 次", part(html, "calc-step-visits"))
    assert "按你现在的转化率需日均 6.7 次。" in html
    assert "每日有效拜访 7 家" in html
    assert "每周 5 份方案" in html


def test_a_slider_changes_the_visits_and_the_sentence_says_both(small: World):
    html = page(small.veteran, "?win_rate=50")
    assert "按你现在的转化率需日均 6.7 次，若成单率到 50.0%则 3.3 次。" in html
    assert "每日有效拜访 4 家" in html
    html = page(small.veteran, "?lead_conversion_rate=80&win_rate=25.0")
    assert "若线索转化率到 80.0%则 4.2 次" in html


def test_what_stands_where_it_stood_is_not_set_by_hand(small: World):
    """A form without scripts sends every slider along."""
    query = "?average_order_value=50000&win_rate=25.0&lead_conversion_rate=50.0&visits_per_lead=2.0&amount=250000"
    html = page(small.veteran, query)
    assert "按你现在的转化率需日均 6.7 次。" in html
    assert "试算" not in html
    assert "手工填写" not in html


def test_the_other_way_visits_a_day_bring_an_amount(small: World):
    """6 a day on 12 days are 72 visits: 36 leads, 18 prospects, 4.5 deals, 225,000.00; 25,000.00 short."""
    html = page(small.veteran, "?visits=6")
    told = html.split('id="calc-forward"')[1].split("</div>")[0]
    assert "¥225,000.00" in told
    assert "还差 ¥2.50万" in told
    assert "成单率要到 27.8%" in told  # 25 % × 80 ÷ 72
    assert "够了" in page(small.veteran, "?visits=7").split('id="calc-forward"')[1]


def test_another_amount_can_be_typed(small: World):
    html = page(small.veteran, "?amount=150000")
    assert "手工填写" in html
    assert "按你现在的转化率需日均 4 次。" in html


@pytest.mark.parametrize("typed", ["abc", "-5", "1e9", "1.234"])
def test_an_amount_that_cannot_be_read_is_said_beside_the_field(small: World, typed: str):
    response = as_reader(small.veteran).get(PAGE, {"amount": typed})
    assert response.status_code == 422
    assert "金额写成" in response.content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "abc", "1e5", "99999999999999999999", "25.0000001", ""])
def test_a_slider_nobody_can_set_stays_in_its_range(small: World, value: str):
    response = as_reader(small.veteran).get(PAGE, {"win_rate": value, "visits": value, "average_order_value": value})
    assert response.status_code == 200


def test_every_number_opens_its_why(small: World):
    client = as_reader(small.veteran)
    html = client.get(PAGE + "?win_rate=50").content.decode()
    chain = html.split('class="calc-chain"')[1].split("</ol>")[0]
    found = set(re.findall(r'href="([^"]*why[^"]*)"', chain))
    assert len(found) >= 12
    for url in found:
        answer = client.get(url.replace("&amp;", "&"), headers={"hx-request": "true"})
        assert answer.status_code == 200, url
    why = client.get(PAGE + "why/?step=visits&win_rate=50").content.decode()
    assert "有效拜访 = 有效线索 × 每条线索的有效拜访" in why
    assert "= 20 × 2 = 40" in why
    assert "日均 = 40 ÷ 剩余 12 个工作日 = 3.3" in why
    assert client.get(PAGE + "why/?step=nonsense").status_code == 404


def test_the_own_number_is_the_one_its_why_shows(small: World):
    client = as_reader(small.veteran)
    html = client.get(PAGE).content.decode()
    url = re.findall(r'href="([^"]*why/win_rate[^"]*)"', html)[0].replace("&amp;", "&")
    assert "25.0%" in client.get(url).content.decode()


def test_steps_without_data_say_so_and_nothing_is_guessed(world: World):
    aimed(world)
    html = page(world.veteran)
    assert html.count("最近 90 天没有这一步的数据，先不算。") == 5
    assert "采纳为我的动作" not in html
    assert 'type="range"' not in html


def test_without_a_goal_an_amount_is_asked_for(world: World):
    worked(world)
    html = page(world.veteran)
    assert "2026 年 3 月 还没有成交额目标，先填一个数。" in html
    assert "采纳为我的动作" not in html
    assert "日均 4 次" in page(world.veteran, "?amount=150000")


def test_a_team_that_does_better_is_the_lever(small: World):
    worked(small, small.grower, wins=16, losses=0)
    html = page(small.veteran)
    assert re.search(r"若成单率到 62.5%则 [\d.]+ 次", html)  # 20 of 32


def test_in_english_it_reads_the_same(small: World):
    html = page(small.veteran, "?win_rate=50", language="en")
    assert "At your present rates you need 6.7 effective visits a day; with Win rate at 50.0% it is 3.3." in html
    assert "4 customers effectively visited a day" in html


# --- who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "status"),
    [("veteran", 200), ("leader", 200), ("director", 200), ("analyst", 200), ("grower", 404), ("leader2", 404),
     ("hrbp", 404), ("marketing", 404), ("finance", 404), ("admin", 404), ("stranger", 404)],
)  # fmt: skip
def test_who_opens_somebody_elses(small: World, role: str, status: int):
    reader, pk = getattr(small, role), small.veteran.pk
    for path in (f"{PAGE}?person={pk}", f"{PAGE}why/?step=visits&person={pk}"):
        assert as_reader(reader).get(path).status_code == status, path


def test_who_reads_several_picks_one(small: World):
    html = page(small.director)
    assert "先选一位销售" in html
    assert "吴迪" in html
    own = page(small.leader)
    assert "孙浩" in own
    assert "吴迪" not in own.split("</select>")[0]
    assert "<select" not in page(small.veteran).split('id="calc"')[0]


@pytest.mark.parametrize("text", ["0", "999999", "abc", "-1", "1" * 30])
def test_nobody_is_behind_another_number(small: World, text: str):
    assert as_reader(small.director).get(PAGE, {"person": text}).status_code == 404


def test_a_rep_reads_the_teams_rate_without_its_records(small: World):
    """The aggregate is the measure; what it is made of belongs to the manager."""
    worked(small, small.grower, wins=16, losses=0)
    assert "62.5% (n=32)" in page(small.veteran)
    assert f"scope=team%3A{small.east1.pk}" not in page(small.veteran)
    assert f"scope=team%3A{small.east1.pk}" in page(small.leader, f"?person={small.veteran.pk}")


# --- taking over -----------------------------------------------------------------------------------------------------
def form_of(client: Client, query: str = "") -> dict[str, str]:
    """The hidden fields of the taking-over form."""
    html = client.get(PAGE + query).content.decode()
    body = html.split(f'action="{PAGE}adopt/"')[1].split("</form>")[0]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', body))
    return {key: value for key, value in found.items() if key != "csrfmiddlewaretoken"}


def test_taking_over_makes_action_goals_once(small: World):
    client = as_reader(small.veteran)
    form = form_of(client)
    for _tap in range(2):
        response = client.post(f"{PAGE}adopt/", form)
        assert (response.status_code, response.headers["Location"]) == (302, "/today/")
    goals = Goal.objects.filter(layer="action").order_by("metric")
    assert [(g.metric, g.per, g.start, g.end, g.person) for g in goals] == [
        ("customers_visited", "day", MARCH.start, MARCH.end, small.veteran),
        ("proposals", "week", MARCH.start, MARCH.end, small.veteran),
    ]
    views = reads.book(goals)
    amount = Goal.objects.get(metric="won_amount")
    for view, target in zip(views, (7, 5), strict=True):
        assert view.in_force is not None
        row = view.in_force.row
        assert (row.target, row.origin, row.parent_id, row.by_name) == (target, "calculator", amount.pk, "孙浩")
    assert GoalVersion.objects.filter(goal__in=goals).count() == 2


def test_taking_over_again_with_other_rates_is_a_further_version(small: World):
    client = as_reader(small.veteran)
    client.post(f"{PAGE}adopt/", form_of(client))
    html = client.get(PAGE).content.decode()
    assert html.count("已是动作目标") == 2
    assert f'action="{PAGE}adopt/"' not in html
    client.post(f"{PAGE}adopt/", form_of(client, "?win_rate=50"))
    view = next(iter(reads.book(Goal.objects.filter(metric="customers_visited"))))
    assert [(v.row.number, v.row.target, v.status) for v in view.versions] == [
        (1, 7, "superseded"), (2, 4, "published"),
    ]  # fmt: skip


def test_what_is_not_there_to_take_is_refused(small: World):
    client = as_reader(small.veteran)
    form = form_of(client)
    client.post(f"{PAGE}adopt/", form)
    again = client.post(f"{PAGE}adopt/", {**form, "key": "another"})
    assert again.status_code == 422
    assert "没有要改的动作目标" in again.content.decode()


@pytest.mark.parametrize(("role", "status"), [("leader", 302), ("director", 302), ("analyst", 404), ("grower", 404)])
def test_a_manager_takes_over_for_the_own_people_only(small: World, role: str, status: int):
    client = as_reader(getattr(small, role))
    response = client.post(f"{PAGE}adopt/", {"key": "k1", "person": str(small.veteran.pk)})
    assert response.status_code == status
    assert Goal.objects.filter(layer="action").exists() is (status == 302)


def test_the_goal_shows_the_rates_it_was_derived_by(small: World):
    client = as_reader(small.veteran)
    client.post(f"{PAGE}adopt/", form_of(client))
    pk = Goal.objects.get(metric="customers_visited").pk
    html = client.get(f"/goals/{pk}/").content.decode()
    body = html.split('aria-label="由哪些率算出"')[1].split("</table>")[0]
    for text in ("4 ÷ 16", "25.0%", "10 ÷ 20", "40 ÷ 20", "¥20.00万 ÷ 4", ">80<"):
        assert text in body, text
    amount = Goal.objects.get(metric="won_amount").pk
    assert "由哪些率算出" not in client.get(f"/goals/{amount}/").content.decode()
    assert "由哪些率算出" not in as_reader(small.hrbp).get(f"/goals/{pk}/").content.decode(), "amounts are masked"


# --- suggestions -----------------------------------------------------------------------------------------------------
def test_my_day_and_the_goal_ask_once_and_a_tap_answers(small: World):
    goal = derive(small, 5)
    client = as_reader(small.veteran)
    assert "data-suggestion" not in client.get("/today/").content.decode()
    chores.suggestions(NIGHT)
    for path in ("/today/", f"/goals/{goal.pk}/"):
        html = client.get(path).content.decode()
        assert "按最近 90 天的转化率，需要每日有效拜访 7 家（现为 5）。" in html, path
        assert "改为 7" in html
    row = GoalSuggestion.objects.get()
    for _tap in range(2):
        answer = client.post(f"/goals/suggestions/{row.pk}/", {"key": "k", "answer": "take"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/today/")
    view = next(iter(reads.book(Goal.objects.filter(pk=goal.pk))))
    assert view.in_force is not None
    assert (view.in_force.row.target, view.newest) == (7, 2)
    assert "data-suggestion" not in client.get("/today/").content.decode()


def test_keeping_the_number_changes_nothing(small: World):
    goal = derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    as_reader(small.veteran).post(f"/goals/suggestions/{row.pk}/", {"key": "k", "answer": "keep", "back": "goal"})
    assert SuggestionAnswer.objects.get().kind == "kept"
    assert next(iter(reads.book(Goal.objects.filter(pk=goal.pk)))).newest == 1


@pytest.mark.parametrize(("role", "status"), [("leader", 302), ("grower", 404), ("leader2", 404), ("hrbp", 404)])
def test_who_answers_a_suggestion(small: World, role: str, status: int):
    derive(small, 5)
    chores.suggestions(NIGHT)
    row = GoalSuggestion.objects.get()
    client = as_reader(getattr(small, role))
    assert client.post(f"/goals/suggestions/{row.pk}/", {"key": "k", "answer": "keep"}).status_code == status
    assert SuggestionAnswer.objects.exists() is (status == 302)


def test_a_locked_action_goal_is_not_overwritten(small: World):
    draft = Draft("customers_visited", "person", MARCH, 2, person=small.veteran.pk, per="day")
    acts.draft_goals([draft], origin="hand", by=small.director, at=AT)
    pk = Goal.objects.get(per="day").pk
    put_in_force([pk])
    acts.lock_goals([pk], by=small.director, at=AT)
    client = as_reader(small.veteran)
    answer = client.post(f"{PAGE}adopt/", form_of(client))
    assert answer.status_code == 422
    assert "锁定" in answer.content.decode()
    assert not Goal.objects.filter(per="week").exists()
