"""An empty period is filled from the one before or from the growth engine's template, once, and undone in one go."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from pacesetter.goals import acts, reads, rules
from pacesetter.goals.acts import Draft
from pacesetter.goals.models import Goal, GoalVersion
from pacesetter.journal.models import Entry
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Company
from tests.web.selling_goals import as_reader, cascade, page, send, sold
from tests.world import AT, TODAY, World

pytestmark = pytest.mark.usefixtures("on_the_day")
Q2 = periods.parse("2026Q2")
EMPTY = "/goals/?metric=won_amount&period=2026Q2"
COPY = "/goals/copy/?metric=won_amount&period=2026Q2"
TEMPLATE = "/goals/template/?metric=won_amount&period=2026Q2"


@pytest.fixture
def sales(world: World) -> World:
    sold(world)
    cascade(world)
    return world


def made() -> dict[str, reads.GoalView]:
    """The goals of the second quarter by whose they are."""
    rows = Goal.objects.filter(start=Q2.start, end=Q2.end).order_by("pk")
    return {f"{v.goal.metric}{_owner(v.goal)}": v for v in reads.book(rows) if v.shown}


def _owner(goal: Goal) -> str:
    return f" t{goal.team_id}" if goal.team_id else f" p{goal.person_id}" if goal.person_id else ""


def after(reader: Any, path: str, **data: Any) -> str:
    """The page that follows what was sent, with what it says on top."""
    answer = as_reader(reader).post(path, {"key": uuid.uuid4().hex, **data}, follow=True)
    assert answer.redirect_chain, "it was refused"
    return answer.content.decode()


def copied(reader: Any, percent: int = 0, **more: Any) -> Any:
    return send(reader, COPY, source="2026Q1", percent=percent, **more)


def test_an_empty_period_offers_a_copy_a_template_and_a_file(sales: World) -> None:
    html = page(sales.director, EMPTY)
    for address in ("/goals/copy/?", "/goals/template/?", "/manage/imports/new/", "/goals/new/?"):
        assert f'href="{address}' in html, address
    rep = page(sales.veteran, EMPTY)
    assert "/goals/copy/" not in rep
    assert "/goals/template/" not in rep
    past = page(sales.director, "/goals/?metric=won_amount&period=2025Q4")
    assert "/goals/copy/" not in past, "what is over takes no goal"


def test_the_tree_is_copied_with_weights_parents_months_and_lines(sales: World) -> None:
    answer = copied(sales.director)
    assert answer.status_code == 302
    found = made()
    assert len(found) == 6
    company, one = found["won_amount"], found[f"won_amount t{sales.east1.pk}"]
    veteran = found[f"won_amount p{sales.veteran.pk}"]
    assert (company.shown.row.target, company.shown.row.buffer, company.status) == (30_000_000, 2_000_000, "drafted")
    assert one.shown.row.parent_id == company.pk
    assert veteran.shown.row.parent_id == one.pk
    assert veteran.shown.row.challenge == 12_000_000
    assert [(part.label, part.target) for part in veteran.shown.parts] == [
        ("2026-04", 2_000_000), ("2026-05", 3_000_000), ("2026-06", 5_000_000)
    ]  # fmt: skip
    daily = found[f"customers_visited p{sales.veteran.pk}"]
    assert (daily.goal.per, daily.shown.row.target, daily.shown.row.parent_id) == ("day", 3, veteran.pk)
    assert {v.shown.row.origin for v in found.values()} == {"copy"}
    entry = Entry.objects.filter(act="draft_goals").latest("id")
    assert (entry.rows, entry.after["origin"], entry.reason) == (6, "copy", "从 2026Q1 复制")


def test_a_tenth_more_adds_up_everywhere_and_leaves_action_goals_alone(sales: World) -> None:
    html = page(sales.director, f"{COPY}&source=2026Q1&percent=10")
    assert "¥330,000.00" in html
    assert copied(sales.director, 10).status_code == 302
    found = made()
    assert found["won_amount"].shown.row.target == 33_000_000
    assert found[f"won_amount p{sales.veteran.pk}"].shown.row.target == 11_000_000
    assert found[f"won_amount p{sales.veteran.pk}"].shown.row.challenge == 13_200_000
    assert found[f"customers_visited p{sales.veteran.pk}"].shown.row.target == 3
    book = reads.book(Goal.objects.filter(start=Q2.start))
    assert [b for b in rules.balances(book.nodes()).values() if b.difference] == []
    assert len(rules.balances(book.nodes())) == 2


def test_sent_twice_it_happens_once(sales: World) -> None:
    key = uuid.uuid4().hex
    first, again = copied(sales.director, key=key), copied(sales.director, key=key)
    assert (first.status_code, again.status_code) == (302, 302)
    other = copied(sales.director)
    assert other.status_code == 422, "another form finds everything there"
    assert "没有可以复制的目标" in other.content.decode()
    assert "这个期间已经有目标了" in other.content.decode()
    assert GoalVersion.objects.filter(goal__start=Q2.start).count() == 6


def test_who_left_and_what_stands_already_are_left_out_and_named(sales: World) -> None:
    people.leave(person=sales.grower, on=date(2026, 3, 14), reason="测试", by=None, at=AT)
    top = Draft("won_amount", "company", Q2, 1_00)
    acts.draft_goals([top], origin="hand", by=sales.director, at=AT)
    standing = Goal.objects.get(owner_kind="company", start=Q2.start)
    html = page(sales.director, f"{COPY}&source=2026Q1&percent=0")
    assert html.count("已离职") == 1
    assert html.count("这个期间已经有目标了") == 1
    assert "2 个没有复制" in after(sales.director, COPY, source="2026Q1", percent="0")
    found = made()
    assert f"won_amount p{sales.grower.pk}" not in found
    assert found["won_amount"].shown.row.target == 1_00, "it was not touched"
    assert found[f"won_amount t{sales.east1.pk}"].shown.row.parent_id == standing.pk


def test_averages_are_copied_each_by_itself_and_not_as_a_sum(sales: World) -> None:
    """105 a tenth more is 116 for everybody, though 210 a tenth more is 231."""
    before = periods.parse("2026Q1")
    top = Draft("average_order_value", "company", before, 105_00)
    below = [Draft("average_order_value", "team", before, 105_00, team=team.pk, above=acts.identity(top))
             for team in (sales.east1, sales.east2)]  # fmt: skip
    acts.draft_goals([top, *below], origin="hand", by=sales.director, at=AT)
    path = COPY.replace("won_amount", "average_order_value")
    assert send(sales.director, path, source="2026Q1", percent="10").status_code == 302
    assert {v.shown.row.target for v in made().values()} == {116_00}
    assert len(made()) == 3


def test_a_manager_copies_the_own_team_below_the_company_goal_that_stands(sales: World) -> None:
    acts.draft_goals([Draft("won_amount", "company", Q2, 9_00)], origin="hand", by=sales.director, at=AT)
    standing = Goal.objects.get(owner_kind="company", start=Q2.start)
    acts.publish_goals([standing.pk], by=sales.director, at=AT)
    html = page(sales.leader, f"{COPY}&source=2026Q1&percent=0")
    assert "不在你能设目标的范围" in html
    assert copied(sales.leader).status_code == 302
    found = made()
    assert f"won_amount t{sales.east2.pk}" not in found
    assert found[f"won_amount t{sales.east1.pk}"].shown.row.parent_id == standing.pk
    assert f"won_amount p{sales.veteran.pk}" in found


def test_a_copy_is_undone_in_one_go_and_then_made_again(sales: World) -> None:
    copied(sales.director, 10)
    entry = Entry.objects.filter(act="draft_goals").latest("id")
    assert send(sales.director, f"/goals/spread/undo/{entry.pk}/").status_code == 302
    assert made() == {}
    assert copied(sales.director).status_code == 302
    assert len(made()) == 6


def test_a_form_that_lay_too_long_opens_the_same_one_again(sales: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(sales.director)
    answer = strict.post(COPY, {"source": "2026Q1", "percent": "0"})
    assert answer.status_code == 403
    assert f'href="{COPY.replace("&", "&amp;")}"' in answer.content.decode()
    assert made() == {}


@pytest.mark.parametrize("given", [{"percent": "-95"}, {"percent": "viel"}, {"source": "2019Q1"}])
def test_what_is_no_copy_is_refused(sales: World, given: dict[str, str]) -> None:
    answer = send(sales.director, COPY, **{"source": "2026Q1", "percent": "0", **given})
    assert answer.status_code == 422
    assert made() == {}
    assert as_reader(sales.veteran).get(COPY).status_code == 404


# --- the template ---
def boxes(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(value-\w+)" value="([^"]*)"', html))


def test_the_template_sets_the_engine_at_once_with_what_was_before_beside_it(sales: World) -> None:
    html = page(sales.director, TEMPLATE)
    assert set(boxes(html).values()) == {""}
    assert "¥180,000.00" in html, "what the company won in the quarter before"
    filled = boxes(page(sales.director, f"{TEMPLATE}&fill=2026Q1"))
    assert filled["value-won_amount"] == "180000"
    sent = {"value-won_amount": "33万", "value-new_amount": "20万", "value-customers_developed": "12"}
    assert send(sales.director, TEMPLATE, **sent).status_code == 302
    found = made()
    assert {key: v.shown.row.target for key, v in found.items()} == {
        "won_amount": 33_000_000, "new_amount": 20_000_000, "customers_developed": 12,
    }  # fmt: skip
    assert {v.goal.layer for v in found.values()} == {"strategic"}
    assert "增长引擎" in page(sales.director, EMPTY)


def serves() -> dict[str, int | None]:
    return {key: view.shown.row.parent_id for key, view in made().items()}


def test_the_goals_of_the_template_serve_the_amount_and_those_of_a_team_the_ones_above(sales: World) -> None:
    east1, east2 = (f"won_amount t{team.pk}" for team in (sales.east1, sales.east2))
    send(sales.leader, TEMPLATE, **{"value-won_amount": "18万", "value-customers_developed": "9"})
    assert serves() == {east1: None, f"customers_developed t{sales.east1.pk}": made()[east1].pk}
    send(sales.director, TEMPLATE, **{"value-won_amount": "33万"})
    send(sales.director, TEMPLATE, **{"value-customers_developed": "20"})
    company = {key: made()[key].pk for key in ("won_amount", "customers_developed")}
    assert serves()["customers_developed"] == company["won_amount"], "the amount that stands already"
    assert serves()["won_amount"] is None
    acts.publish_goals(list(company.values()), by=sales.director, at=AT)
    sent = {"value-won_amount": "14万", "value-customers_developed": "5", "value-new_amount": "3万"}
    assert send(sales.leader2, TEMPLATE, **sent).status_code == 302
    found = serves()
    assert found[east2] == company["won_amount"]
    assert found[f"customers_developed t{sales.east2.pk}"] == company["customers_developed"]
    assert found[f"new_amount t{sales.east2.pk}"] == made()[east2].pk


def test_the_goal_above_is_the_nearest_and_the_shortest_that_holds_the_period(sales: World) -> None:
    year = periods.parse("2026")
    area = Draft("won_amount", "team", year, 9_000_000, team=sales.east_area.pk)
    scoped = Draft("won_amount", "team", Q2, 1, team=sales.east_area.pk, industry="机械")
    drafts = [area, scoped, Draft("won_amount", "company", Q2, 33_000_000), Draft("won_amount", "company", year, 1)]
    acts.draft_goals(drafts, origin="hand", by=sales.director, at=AT)
    drafted = Goal.objects.filter(Q(start=Q2.start) | Q(end=year.end))
    rows = {(g.owner_kind, g.start, g.industry): g.pk for g in drafted}

    def over() -> int | None:
        return reads.goal_over(sales.east1.pk, "won_amount", Q2.start, Q2.end, TODAY)

    assert over() is None, "drafts are no goals yet"
    acts.publish_goals(list(rows.values()), history=True, by=sales.director, at=AT)
    assert over() == rows["team", year.start, ""]
    acts.withdraw_goals([rows["team", year.start, ""]], reason="重来", by=sales.director, at=AT)
    assert over() == rows["company", Q2.start, ""]


def test_what_stands_is_left_alone_and_said(sales: World) -> None:
    send(sales.director, TEMPLATE, **{"value-won_amount": "33万"})
    again = page(sales.director, TEMPLATE)
    assert "value-won_amount" not in boxes(again)
    said = after(sales.director, TEMPLATE, **{"value-won_amount": "44万", "value-new_amount": "5万"})
    assert "已经有目标的没有动：成交额" in said
    assert made()["won_amount"].shown.row.target == 33_000_000
    assert send(sales.director, TEMPLATE, **{"value-won_amount": "1"}).status_code == 422


def test_a_box_that_cannot_be_read_saves_nothing(sales: World) -> None:
    answer = send(sales.director, TEMPLATE, **{"value-won_amount": "很多", "value-new_amount": "5万"})
    assert answer.status_code == 422
    assert boxes(answer.content.decode())["value-new_amount"] == "5万"
    assert made() == {}
    assert send(sales.director, TEMPLATE).status_code == 422


def test_what_the_template_sets_says_so_and_not_that_it_was_copied(sales: World) -> None:
    send(sales.director, TEMPLATE, **{"value-won_amount": "33万"})
    html = page(sales.director, f"/goals/{made()['won_amount'].pk}/")
    assert "用增长引擎模板" in html
    assert "从上期复制" not in html


@pytest.mark.parametrize(("word", "taken"), [("$500", 50_000), ("USD 500", 50_000), ("¥500", None)])
def test_the_boxes_take_the_sign_of_the_company_and_no_other(sales: World, word: str, taken: int | None) -> None:
    Company.objects.update(currency="USD")
    answer = send(sales.director, TEMPLATE, **{"value-won_amount": word})
    assert answer.status_code == (302 if taken else 422)
    assert [v.shown.row.target for v in made().values()] == ([taken] if taken else [])


def test_a_manager_fills_it_for_the_own_team_and_no_other(sales: World) -> None:
    assert send(sales.leader, TEMPLATE, **{"value-won_amount": "18万"}).status_code == 302
    assert set(made()) == {f"won_amount t{sales.east1.pk}"}
    assert as_reader(sales.leader).get(f"{TEMPLATE}&team={sales.east2.pk}").status_code == 404
    assert as_reader(sales.veteran).get(TEMPLATE).status_code == 404
