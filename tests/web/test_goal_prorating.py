"""Goals of people who are not there all the time: the same number on every door, the goal itself untouched.

The day is Monday 2026-03-16; pages stand at the end of Sunday. March 2026 has 22 working days, 10 of them have passed.
孙浩's goal of March is 220,000.00: 10,000.00 for each working day. He won 100,000.00 on the 5th.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.core.management import call_command

from pacesetter import assembly
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import Goal, GoalOutcome, GoalVersion
from pacesetter.lib import calendars, periods
from pacesetter.people import acts as people
from pacesetter.worker import chores
from tests.web.selling_goals import page, sold
from tests.web.spreading_company import Company, company_goal, company_of, send, shown
from tests.world import AT, TODAY, World, put_in_force

pytestmark = pytest.mark.usefixtures("on_the_day")

MARCH = periods.parse("2026-03")
Q1 = periods.parse("2026Q1")
FOUR_DAYS = (date(2026, 3, 2), date(2026, 3, 6))


def put(*drafts: Draft, world: World, origin: str = "hand") -> list[Goal]:
    before = set(Goal.objects.values_list("pk", flat=True))
    acts.draft_goals(drafts, origin=origin, by=world.director, at=AT)
    made = list(Goal.objects.exclude(pk__in=before).order_by("pk"))
    put_in_force([goal.pk for goal in made])
    return made


def month(world: World, target: int = 22_000_000, metric: str = "won_amount", **more) -> Draft:
    return Draft(metric, "person", MARCH, target, person=world.veteran.pk, **more)


def absent(world: World, span=FOUR_DAYS, person=None):
    return people.record_absence(person=person or world.veteran, kind="sick", start=span[0], end=span[1],
                                 by=world.hrbp, at=AT)  # fmt: skip


def attained(period: periods.Period, by: str = "month", of: str = "won_amount", owner: str = "person"):
    asked = assembly.aimed(of, period.start, period.end, reach=None, by=(owner, by), today=TODAY)
    return {row.labels[0]: (row.cell.top, row.cell.bottom) for row in assembly.attainment(asked)}


def paced(period: periods.Period, of: str = "won_amount", owner: str = "person", by: str = "month"):
    asked = assembly.aimed(of, period.start, period.end, reach=None, by=(owner, by), today=TODAY)
    return {row.labels[0]: found for row, found in assembly.paces(asked, until=TODAY)}


@pytest.fixture
def sales(world: World) -> World:
    return sold(world)


def test_four_of_22_days_away_leave_18_and_taking_it_back_restores(sales: World) -> None:
    (goal,) = put(month(sales, floor=11_000_000), world=sales)
    assert attained(MARCH) == {"孙浩": (10_000_000, 22_000_000)}
    assert paced(MARCH)["孙浩"].expected == 10_000_000
    row = absent(sales)
    assert attained(MARCH) == {"孙浩": (10_000_000, 18_000_000)}
    found = paced(MARCH)["孙浩"]
    # 10 working days have passed, 4 of them without him
    assert (found.target, found.before, found.expected) == (18_000_000, 22_000_000, 6_000_000)
    (only, _calendar) = found.paces[0]
    assert (only.days_passed, only.days_left) == (6, 12)
    assert only.required_per_day == Fraction(8_000_000, 12)
    version = GoalVersion.objects.get(goal=goal)
    assert (version.target, version.floor, version.present) == (22_000_000, 11_000_000, [])
    people.withdraw_absence(absence=row, by=sales.hrbp, at=AT)
    assert attained(MARCH) == {"孙浩": (10_000_000, 22_000_000)}


def test_a_quarter_is_prorated_month_by_month_and_its_months_agree(sales: World) -> None:
    months = [periods.parse(f"2026-{n:02d}") for n in (1, 2, 3)]
    parts = [Part(one, value) for one, value in zip(months, (10_000_000, 10_000_000, 22_000_000), strict=True)]
    put(Draft("won_amount", "person", Q1, 42_000_000, person=sales.veteran.pk, parts=parts), world=sales)
    absent(sales)
    assert attained(Q1, by="quarter") == {"孙浩": (15_000_000, 38_000_000)}
    assert attained(MARCH) == {"孙浩": (10_000_000, 18_000_000)}
    assert paced(Q1, by="quarter")["孙浩"].expected == 10_000_000 + 10_000_000 + 6_000_000


def test_rates_less_is_better_teams_and_the_company_stand(sales: World) -> None:
    put(month(sales, 2_500, "win_rate"), month(sales, 50_000_00, "overdue_amount"),
        Draft("won_amount", "team", MARCH, 22_000_000, team=sales.east1.pk),
        Draft("won_amount", "company", MARCH, 30_000_000), world=sales)  # fmt: skip
    before = {of: paced(MARCH, of)["孙浩"].paces for of in ("win_rate", "overdue_amount")}
    absent(sales)
    for of, paces in before.items():
        after = paced(MARCH, of)["孙浩"].paces
        assert [(p.target, p.expected, p.days_left) for p, _ in after] == [
            (p.target, p.expected, p.days_left) for p, _ in paces
        ], of
    assert attained(MARCH, owner="team") == {"华东一队": (10_000_000, 22_000_000)}


def test_a_number_for_each_day_counts_the_days_at_work(sales: World) -> None:
    put(month(sales, 3, "customers_visited", per="day"), world=sales)
    absent(sales)
    found = paced(MARCH, "customers_visited")["孙浩"]
    assert (found.target, found.expected) == (3 * 18, 3 * 6)


def test_what_the_company_does_not_prorate_stands_from_the_day_of_its_choice_on(sales: World) -> None:
    put(month(sales), month(sales, 22, "deals_won"), world=sales)
    absent(sales)
    acts.set_goal_settings(
        valid_from=TODAY, tolerance=0, lines=[("target", "目标", "Target")], challenge_over=10, challenge_top=20,
        whole_metrics=["won_amount"], decide_days=3, pace_basis="days", by=sales.director, at=AT,
    )  # fmt: skip
    assert paced(MARCH)["孙浩"].target == 22_000_000
    assert paced(MARCH)["孙浩"].expected == 10_000_000
    assert paced(MARCH, "deals_won")["孙浩"].target == 18
    # as of a day before the choice
    asked = assembly.aimed("won_amount", MARCH.start, MARCH.end, reach=None, by=("person",), today=date(2026, 3, 10))
    assert [row.cell.bottom for row in assembly.attainment(asked)] == [18_000_000]


# --- joining and leaving ---
def days(start: date, end: date) -> int:
    weight = calendars.weights(calendars.build(Q1.start, Q1.end))
    return calendars.count(weight, start, end)


def test_a_late_joiner_is_asked_for_the_days_since_hiring_unless_the_number_knows(sales: World) -> None:
    """李想 was hired on 2026-02-02."""
    own, whole = days(date(2026, 2, 2), Q1.end), days(Q1.start, Q1.end)
    put(Draft("won_amount", "person", Q1, whole * 100, person=sales.newcomer.pk), world=sales)
    assert attained(Q1, by="quarter")["李想"] == (0, own * 100)
    # a file states what is asked of each person
    put(Draft("deals_won", "person", Q1, whole, person=sales.newcomer.pk), world=sales, origin="import")
    assert attained(Q1, by="quarter", of="deals_won")["李想"] == (0, whole)
    # she came later than the file knew
    people.change_person(person=sales.newcomer, hire_on=date(2026, 3, 2), by=sales.hrbp, at=AT)
    later = days(date(2026, 3, 2), Q1.end)
    assert attained(Q1, by="quarter", of="deals_won")["李想"] == (0, round(Fraction(whole * later, own)))


def test_a_file_that_asks_somebody_hired_only_later_is_taken_at_its_word(sales: World) -> None:
    people.change_person(person=sales.newcomer, hire_on=date(2026, 4, 1), by=sales.hrbp, at=AT)
    draft = Draft("deals_won", "person", MARCH, 7, person=sales.newcomer.pk)
    put(draft, world=sales, origin="import")
    assert attained(MARCH, of="deals_won") == {"李想": (0, 7)}
    put(replace(draft, metric="proposals"), world=sales)
    assert attained(MARCH, of="proposals") == {"李想": (0, 0)}, "set by hand it is for the whole month"


def test_leaving_ends_what_is_asked(sales: World) -> None:
    """The last day is the 16th: 11 of 22."""
    put(month(sales), world=sales)
    people.leave(person=sales.veteran, on=date(2026, 3, 16), by=sales.hrbp, at=AT)
    assert attained(MARCH) == {"孙浩": (10_000_000, 11_000_000)}


def test_a_transfer_changes_nothing_of_the_own_goal(sales: World) -> None:
    put(month(sales), world=sales)
    people.transfer(person=sales.veteran, team=sales.east2, on=date(2026, 3, 10), by=sales.hrbp, at=AT)
    assert attained(MARCH) == {"孙浩": (10_000_000, 22_000_000)}


def test_a_spread_knows_who_joins_when_and_is_not_prorated_again(world: World) -> None:
    company: Company = company_of(world)
    goal = company_goal(world)
    newcomer = company[2][29]
    preview = send(world.director, goal)
    assert send(world.director, goal, save="1", previewed="1", **shown(preview)).status_code == 302
    version = GoalVersion.objects.get(goal__person=newcomer)
    newcomer.refresh_from_db()
    assert version.present == [[newcomer.hire_on.isoformat(), "2027-01-01"]]
    put_in_force(Goal.objects.filter(versions__events__kind="drafted").distinct().values_list("pk", flat=True))
    year = periods.parse("2026")

    def asked() -> int:
        found = assembly.aimed("won_amount", year.start, year.end, reach=None, by=("person",), today=TODAY)
        rows = [row.cell for row in assembly.attainment(found) if row.labels == (newcomer.name,)]
        return rows[0].bottom

    assert asked() == version.target
    absent(world, (date(2026, 6, 1), date(2026, 7, 1)), newcomer)
    june = next(part.target for part in version.parts.all() if part.label == "2026-06")
    assert june > 0
    assert asked() == version.target - june


# --- pages and the command line ---
def test_the_goal_says_how_it_is_prorated_and_not_who_was_ill(sales: World) -> None:
    (goal,) = put(month(sales, 100, "deals_won", floor=55), world=sales)
    assert "在岗折算后" not in page(sales.director, f"/goals/{goal.pk}/")
    absent(sales)
    words = "目标 100 × 18/22 个工作日 = 81.8"
    for reader in (sales.director, sales.analyst, sales.veteran, sales.leader):
        html = page(reader, f"/goals/{goal.pk}/")
        assert words in html
        assert "保底 45" in html
        assert "病假" not in html
        assert (f"/manage/people/{sales.veteran.pk}/" in html) == (reader != sales.analyst), reader.name
    assert words in page(sales.director, f"/goals/{goal.pk}/expected/")
    assert "在岗折算 81.8" in page(sales.director, "/goals/?metric=deals_won&period=2026-03")
    english = page(sales.director, f"/goals/{goal.pk}/", **{"Accept-Language": "en"})
    assert "Goal 100 × 18/22 working days = 81.8" in english


def test_my_day_says_what_was_set_beside_what_is_left(sales: World) -> None:
    put(month(sales), world=sales)
    assert "在岗折算" not in page(sales.veteran, "/today/")
    absent(sales)
    html = page(sales.veteran, "/today/")
    # 180,000.00 of 220,000.00; 80,000.00 still to win on 12 days
    assert "目标 ¥18.00万，差 ¥8.00万（在岗折算，原 ¥22.00万）" in html


def test_the_outcome_is_judged_by_what_was_left(sales: World) -> None:
    after = datetime(2026, 6, 3, 1, 0, tzinfo=UTC)
    april = periods.parse("2026-04")
    for who in (sales.veteran, sales.rep2):
        put(Draft("deals_won", "person", MARCH, 2, person=who.pk), world=sales)
        put(Draft("deals_won", "person", april, 22, person=who.pk), world=sales)
    absent(sales, (date(2026, 3, 2), date(2026, 3, 17)))
    absent(sales, (april.start, april.end))
    chores.goals_end(after)
    ended = {(o.goal.person_id, o.goal.label): o.verdict for o in GoalOutcome.objects.select_related("goal")}
    # each won one deal in March: of 2, and of 2 × 11/22 = 1
    assert ended[sales.rep2.pk, "2026-03"] == "missed"
    assert ended[sales.veteran.pk, "2026-03"] == "achieved"
    # away for all of April: nothing was asked
    assert ended[sales.veteran.pk, "2026-04"] == "expired"


def test_the_command_line_tells_the_goal_as_it_was_set_beside_what_is_left(sales: World, capsys) -> None:
    put(month(sales), world=sales)

    def told() -> dict:
        call_command("metric", "pace", "--of", "won_amount", "--by", "person", "--from", "2026-03-01", "--to",
                     "2026-04-01", "--as-of", "2026-03-15", "--json")  # fmt: skip
        return json.loads(capsys.readouterr().out)[0]

    assert "target_before" not in told()
    absent(sales)
    row = told()
    assert (row["target"], row["target_before"], row["expected"], row["bottom"]) == (
        18_000_000, 22_000_000, 6_000_000, 6_000_000)  # fmt: skip
