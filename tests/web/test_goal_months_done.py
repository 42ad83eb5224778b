"""The cascade by month: target, actual and attainment side by side, each column measured at its own grain.

What was sold stands in `selling_goals.py`; the day is Monday 2026-03-16, so March counts up to Sunday.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import GoalVersion
from pacesetter.lib import periods
from pacesetter.people import acts as people
from pacesetter.people.models import Person
from tests.web.facts import more_people
from tests.web.selling_goals import MONTHS, Q1, as_reader, cascade, page, sold
from tests.world import AT, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")
BY_MONTH = "/goals/?metric=won_amount&period=2026Q1&view=months"
YEAR = periods.parse("2026")
Cells = list[tuple[str, str, str]]


@pytest.fixture
def sales(world: World) -> World:
    sold(world)
    return world


def cells(html: str, owner: str) -> Cells:
    """(target, actual, attainment) of one owner's columns."""
    line = next(row for row in html.split("<tr data-row")[1:] if f">{owner}</a>" in row)
    found = []
    for cell in line.split("<td")[1:]:
        target, _under, done = cell.partition('class="under"')
        wanted = re.search(r'title="([^"]*)"', target)
        actual = re.search(r'data-why title="([^"]*)"', done)
        share = re.search(r"([\d,.]+%)", re.sub(r'="[^"]*"', "", done))
        found.append((wanted[1] if wanted else "", actual[1] if actual else "", share[1] if share else ""))
    return found


def test_months_and_their_sum_show_what_was_done_and_how_much_of_the_target_it_is(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, BY_MONTH)
    assert cells(html, "孙浩") == [
        ("¥20,000.00", "¥0.00", "0.0%"),
        ("¥30,000.00", "¥50,000.00", "166.7%"),
        ("¥50,000.00", "¥100,000.00", "200.0%"),
        ("¥100,000.00", "¥150,000.00", "150.0%"),
    ]
    one, company = cells(html, sales.east1.name), cells(html, "领跑样例")
    assert [actual for _target, actual, _share in one] == ["¥0.00", "¥50,000.00", "¥100,000.00", "¥150,000.00"]
    assert one[3] == ("¥180,000.00", "¥150,000.00", "83.3%")
    assert [share for _target, _actual, share in one[:3]] == ["", "", ""], "no month has a target"
    assert company[3] == ("¥300,000.00", "¥180,000.00", "60.0%")


def test_a_draft_is_what_is_planned_and_what_is_in_force_is_attained(sales: World) -> None:
    cascade(sales)
    again = [Part(month, 2 * value) for month, value in zip(MONTHS, (2_000_000, 3_000_000, 5_000_000), strict=True)]
    draft = Draft("won_amount", "person", Q1, 20_000_000, person=sales.veteran.pk, parts=again, seen=1)
    acts.draft_goals([draft], origin="hand", by=sales.director, at=AT)
    assert cells(page(sales.director, BY_MONTH), "孙浩") == [
        ("¥40,000.00", "¥0.00", "0.0%"),
        ("¥60,000.00", "¥50,000.00", "166.7%"),
        ("¥100,000.00", "¥100,000.00", "200.0%"),
        ("¥200,000.00", "¥150,000.00", "150.0%"),
    ]
    assert "150.0%" in page(sales.director, "/goals/?metric=won_amount&period=2026Q1&open=all"), "as the cascade says"


def test_a_number_of_a_month_is_the_number_its_why_page_shows(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, BY_MONTH)
    line = next(row for row in html.split("<tr data-row")[1:] if ">孙浩</a>" in row)
    address = re.findall(r'href="(/why/[^"]*)"', line)[1].replace("&amp;", "&")
    assert "period=2026-02" in address
    assert "¥50,000.00" in page(sales.director, address)


def test_a_goal_of_somebody_who_was_away_is_attained_alike_on_every_page(sales: World) -> None:
    """Away on 4 of 22 working days: of March's 50,000.00 are 40,909.09 left, and 90,909.09 of the quarter."""
    goals = cascade(sales)
    people.record_absence(person=sales.veteran, kind="sick", start=date(2026, 3, 2), end=date(2026, 3, 6),
                          by=sales.hrbp, at=AT)  # fmt: skip
    html = page(sales.director, BY_MONTH)
    assert cells(html, "孙浩") == [
        ("¥20,000.00", "¥0.00", "0.0%"),
        ("¥30,000.00", "¥50,000.00", "166.7%"),
        ("¥50,000.00", "¥100,000.00", "244.4%"),
        ("¥100,000.00", "¥150,000.00", "165.0%"),
    ]
    line = next(row for row in html.split("<tr data-row")[1:] if ">孙浩</a>" in row)
    assert re.findall(r"在岗折算 ([^<]*)", line) == ["¥4.09万", "¥9.09万"]
    assert "165.0%" in page(sales.director, "/goals/?metric=won_amount&period=2026Q1&open=all")
    assert "165.0%" in page(sales.director, f"/goals/{goals['veteran'].pk}/")


def test_months_to_come_are_unknown(sales: World) -> None:
    year = Draft("won_amount", "person", YEAR, 12_000_000, person=sales.veteran.pk)
    acts.draft_goals([year], origin="hand", by=sales.director, at=AT)
    found = cells(page(sales.director, BY_MONTH.replace("2026Q1", "2026")), "孙浩")
    assert len(found) == 17, "twelve months, four quarters, the year"
    assert found[2][1] == "¥100,000.00"
    assert found[3][1] == "¥150,000.00", "the first quarter"
    assert {actual for _target, actual, _share in found[4:16]} == {""}
    assert found[16] == ("¥120,000.00", "¥150,000.00", "125.0%")


def test_what_does_not_add_up_is_measured_in_every_column(sales: World) -> None:
    """Won amount ÷ deals: nothing in January, 50,000 ÷ 1, 130,000 ÷ 2, and 180,000 ÷ 3 in all, no mean of means."""
    acts.draft_goals(
        [Draft("average_order_value", "company", Q1, 5_000_000),
         Draft("average_order_value", "company", MONTHS[1], 4_000_000)],
        origin="hand", by=sales.director, at=AT, history=True,
    )  # fmt: skip
    html = page(sales.director, BY_MONTH.replace("won_amount", "average_order_value"))
    assert cells(html, "领跑样例") == [
        ("—", "", ""), ("¥40,000.00", "¥50,000.00", "125.0%"), ("—", "¥65,000.00", ""),
        ("¥50,000.00", "¥60,000.00", "120.0%"),
    ]  # fmt: skip


def test_a_rate_on_a_handful_of_cases_is_not_judged(sales: World) -> None:
    acts.draft_goals([Draft("win_rate", "company", Q1, 5_000)], origin="hand", by=sales.director, at=AT)
    html = page(sales.director, BY_MONTH.replace("won_amount", "win_rate"))
    assert [(actual, share) for _target, actual, share in cells(html, "领跑样例")] == [
        ("", ""), ("1 ÷ 1，样本太少", ""), ("2 ÷ 2，样本太少", ""), ("3 ÷ 3，样本太少", ""),
    ]  # fmt: skip


def test_a_rep_sees_the_own_amounts_and_of_those_above_the_percentage(sales: World) -> None:
    cascade(sales)
    html = page(sales.veteran, BY_MONTH)
    assert cells(html, "孙浩")[3] == ("¥100,000.00", "¥150,000.00", "150.0%")
    assert cells(html, "领跑样例")[3] == ("¥300,000.00", "", "60.0%")
    assert "¥180,000.00</a>" not in html
    hrbp = page(sales.hrbp, BY_MONTH)
    assert "/why/won_amount" not in hrbp
    assert cells(hrbp, "领跑样例")[3][2] == "60.0%"


@pytest.mark.parametrize("who", ["director", "leader", "veteran", "hrbp"])
@pytest.mark.parametrize("metric", ["won_amount", "win_rate", "overdue_amount"])
def test_the_months_ask_few_questions_however_many_rows(sales: World, who: str, metric: str) -> None:
    """A stand (`overdue_amount`) is asked at the end of each column, and still all of them together."""
    cascade(sales)
    client, address = as_reader(getattr(sales, who)), BY_MONTH.replace("won_amount", metric)

    def drafts(persons: list[Person]) -> None:
        parts = [Part(month, 100) for month in MONTHS] if metric == "won_amount" else []
        values = [Draft(metric, "person", Q1, 300, person=person.pk, parts=parts) for person in persons]
        goals = acts.draft_goals(values, origin="hand", by=sales.director, at=AT)
        rows = goals.row_changes.filter(entity="goals.goalversion").values_list("row_id", flat=True)
        put_in_force(_goals(list(rows)))

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    if metric != "won_amount":
        drafts([sales.veteran, sales.grower])
    before = cost()
    drafts(more_people(sales, 12))
    assert cost() <= before
    assert before <= 25


def _goals(versions: list[int]) -> list[int]:
    return list(GoalVersion.objects.filter(pk__in=versions).values_list("goal_id", flat=True))


def test_a_goal_for_each_day_keeps_to_its_own_page(sales: World) -> None:
    cascade(sales)
    html = page(sales.director, BY_MONTH.replace("won_amount", "customers_visited"))
    assert cells(html, "孙浩")[3] == ("3", "", "")
