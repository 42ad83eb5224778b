"""Attainment by hand: the metric beside the goal, no goal counted twice, a row for every goal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from pacesetter import assembly
from pacesetter.goals import acts
from pacesetter.goals.acts import Draft, Part
from pacesetter.goals.models import Goal
from pacesetter.goals.reads import Days, book
from pacesetter.lib import periods
from pacesetter.pipeline import acts as pipeline
from tests.world import AT, TODAY, World, put_in_force

START, END = date(2026, 1, 1), date(2027, 1, 1)


def set_goals(*rows: Draft) -> None:
    acts.draft_goals(rows, origin="import", by=None, at=AT, history=True)
    drafted = Goal.objects.filter(versions__events__kind="drafted").exclude(versions__events__kind="published")
    put_in_force(drafted.values_list("pk", flat=True))


def won(world: World, owner, on: date, amount: int, **customer) -> None:
    made = pipeline.add_customer(name=f"客户{owner.pk}{on}{amount}", owner=owner, by=None, at=AT, **customer)
    deal = pipeline.open_deal(name=f"单{on}", customer=made, owner=owner, amount_minor=amount, on=on, by=None, at=AT)
    pipeline.win_deal(deal, on=on, by=None, at=AT)


def rows(of: str, *by: str, start=START, end=END, **more) -> dict:
    asked = assembly.aimed(of, start, end, reach=None, by=by, **more)
    return {row.labels: (row.cell.top, row.cell.bottom) for row in assembly.attainment(asked)}


def person(world: World, who, label: str, target: int, **more) -> Draft:
    return Draft("won_amount", "person", periods.parse(label), target, person=who.pk, **more)


@pytest.fixture
def sold(world: World) -> World:
    won(world, world.veteran, date(2026, 1, 20), 400_00)
    won(world, world.veteran, date(2026, 2, 10), 300_00)
    won(world, world.grower, date(2026, 2, 11), 50_00)
    won(world, world.rep2, date(2026, 3, 3), 70_00)
    return world


def test_each_goal_has_a_row_also_without_facts(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00), person(sold, sold.newcomer, "2026Q1", 100_00),
              person(sold, sold.veteran, "2026Q2", 900_00))  # fmt: skip
    assert rows("won_amount", "person", "quarter") == {
        ("孙浩", "2026Q1"): (700_00, 1000_00), ("李想", "2026Q1"): (0, 100_00), ("孙浩", "2026Q2"): (0, 900_00),
    }  # fmt: skip


def test_a_row_is_found_where_there_is_a_goal_not_where_there_are_only_facts(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00))
    assert set(rows("won_amount", "person", "quarter")) == {("孙浩", "2026Q1")}


def test_months_make_the_quarter_and_a_quarter_of_its_own_goes_first(sold: World):
    set_goals(person(sold, sold.veteran, "2026-01", 300_00), person(sold, sold.veteran, "2026-02", 300_00),
              person(sold, sold.grower, "2026-02", 80_00), person(sold, sold.grower, "2026Q1", 200_00))  # fmt: skip
    assert rows("won_amount", "person", "quarter") == {
        ("孙浩", "2026Q1"): (700_00, 600_00), ("陈晨", "2026Q1"): (50_00, 200_00),
    }  # fmt: skip
    assert rows("won_amount", "person", "month") == {
        ("孙浩", "2026-01"): (400_00, 300_00), ("孙浩", "2026-02"): (300_00, 300_00),
        ("陈晨", "2026-02"): (50_00, 80_00),
    }  # fmt: skip


def test_the_months_of_a_years_goal_speak_for_each_month_and_quarter(sold: World):
    months = [Part(periods.parse(f"2026-{m:02d}"), 100_00 + m) for m in range(1, 13)]
    set_goals(person(sold, sold.veteran, "2026", sum(p.target for p in months), parts=months))
    assert rows("won_amount", "person", "month")["孙浩", "2026-02"] == (300_00, 100_02)
    assert rows("won_amount", "person", "quarter")["孙浩", "2026Q1"] == (700_00, 300_06)
    assert rows("won_amount", "person", "year") == {("孙浩", "2026"): (700_00, 1200_78)}


def test_a_team_goal_is_measured_by_those_who_were_in_it_then(sold: World):
    """郑宇 sold for 一队 in January and for 二队 from February on."""
    won(sold, sold.mover, date(2026, 1, 15), 5_00)
    won(sold, sold.mover, date(2026, 2, 15), 7_00)
    set_goals(*[Draft("won_amount", "team", periods.parse("2026Q1"), 1000_00, team=team.pk)
                for team in (sold.east1, sold.east2, sold.east_area)])  # fmt: skip
    assert rows("won_amount", "team", "quarter") == {
        ("华东一队", "2026Q1"): (755_00, 1000_00), ("华东二队", "2026Q1"): (77_00, 1000_00),
        ("华东区", "2026Q1"): (832_00, 1000_00),
    }  # fmt: skip


def test_the_companys_goal_has_neither_person_nor_team(sold: World):
    set_goals(Draft("won_amount", "company", periods.parse("2026"), 5000_00))
    assert rows("won_amount", "year") == {("2026",): (820_00, 5000_00)}
    assert rows("won_amount") == {(): (820_00, 5000_00)}
    assert rows("won_amount", "person", "year") == {}


def test_a_rate_is_rolled_up_from_tops_and_bottoms(world: World):
    """1 of 1 in January against 50 %, 0 of 3 in February against 40 %: 1 ÷ (0.5 × 1 + 0.4 × 3), never an average."""
    for on, wins in ((date(2026, 1, 10), 1), (date(2026, 2, 10), 0)):
        for place in range(1 if wins else 3):
            made = pipeline.add_customer(name=f"客{on}{place}", owner=world.veteran, by=None, at=AT)
            deal = pipeline.open_deal(name="单", customer=made, owner=world.veteran, amount_minor=100, on=on, by=None,
                                      at=AT)  # fmt: skip
            if wins:
                pipeline.win_deal(deal, on=on, by=None, at=AT)
            else:
                pipeline.lose_deal(deal, on=on, loss_reason="price", by=None, at=AT)
    rate = [Draft("win_rate", "person", periods.parse(label), bp, person=world.veteran.pk)
            for label, bp in (("2026-01", 5000), ("2026-02", 4000))]  # fmt: skip
    set_goals(*rate)
    assert rows("win_rate", "person", "month", basis="") == {
        ("孙浩", "2026-01"): (1 * 10_000, 5000), ("孙浩", "2026-02"): (0, 4000 * 3),
    }  # fmt: skip
    assert rows("win_rate", "person", "quarter") == {("孙浩", "2026Q1"): (10_000, 5000 + 12_000)}


def test_a_scoped_goal_is_no_part_of_the_whole(sold: World):
    won(sold, sold.veteran, date(2026, 3, 1), 9_00, region="华东", industry="制造业")
    scoped = Draft("won_amount", "company", periods.parse("2026Q1"), 100_00, customer_region="华东", industry="制造业")
    set_goals(scoped, Draft("won_amount", "company", periods.parse("2026Q1"), 2000_00))
    assert rows("won_amount", "quarter") == {("2026Q1",): (829_00, 2000_00)}
    asked = assembly.aimed("won_amount", START, END, reach=None, by=("quarter",))
    narrowed = replace(asked, only=(("customer_region", ("华东",)), ("industry", ("制造业",))))
    assert [(r.labels, r.cell.top, r.cell.bottom) for r in assembly.attainment(narrowed)] == [
        (("2026Q1",), 9_00, 100_00)
    ]


def test_a_newer_version_is_the_one_to_reach_and_a_draft_is_not(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00))
    acts.draft_goals([person(sold, sold.veteran, "2026Q1", 800_00)], origin="hand", by=None, at=AT)
    assert rows("won_amount", "person", "quarter") == {("孙浩", "2026Q1"): (700_00, 1000_00)}
    put_in_force([Goal.objects.get().pk])
    assert rows("won_amount", "person", "quarter") == {("孙浩", "2026Q1"): (700_00, 800_00)}


def test_only_the_subtree_asked_for(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00), person(sold, sold.rep2, "2026Q1", 500_00),
              person(sold, sold.mover, "2026Q1", 300_00))  # fmt: skip
    assert set(rows("won_amount", "person", "quarter", within=(sold.east2.pk,))) == {
        ("吴迪", "2026Q1"),
        ("郑宇", "2026Q1"),
    }
    assert set(rows("won_amount", "person", "quarter", within=(sold.east_area.pk,))) == {
        ("孙浩", "2026Q1"), ("吴迪", "2026Q1"), ("郑宇", "2026Q1"),
    }  # fmt: skip


def test_a_reader_gets_the_goals_in_reach(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00), person(sold, sold.rep2, "2026Q1", 500_00))

    def seen_by(who) -> set:
        asked = assembly.aimed("won_amount", START, END, reach=sold.reach(who), by=("person",))
        return {row.labels[0] for row in assembly.attainment(asked)}

    assert seen_by(sold.veteran) == {"孙浩"}
    assert seen_by(sold.leader) == {"孙浩"}
    assert seen_by(sold.leader2) == {"吴迪"}
    assert seen_by(sold.director) == {"孙浩", "吴迪"}


@pytest.mark.parametrize("by", [("product",), ("person", "team"), ("month", "quarter")])
def test_dims_that_goals_do_not_carry_are_refused(world: World, by: tuple[str, ...]):
    with pytest.raises(assembly.engine.UnknownDim):
        assembly.aimed("won_amount", START, END, reach=None, by=by)


def test_a_goal_for_each_working_day_counts_each_day_by_itself(world: World):
    """拜访 3 家 a day: the same customer on two days counts on both; the goal is 3 × the working days of March."""
    from pacesetter.people.models import CalendarDay

    days = CalendarDay.objects.filter(day__gte="2026-03-01", day__lt="2026-04-01", weight=1,
                                      calendar=world.company.calendar).count()  # fmt: skip
    set_goals(Draft("customers_visited", "person", periods.parse("2026-03"), 3, person=world.veteran.pk, per="day"))
    assert rows("customers_visited", "person", "month") == {("孙浩", "2026-03"): (0, 3 * days)}


def paces(of: str, *by: str, as_of: date, start=START, end=END) -> dict:
    asked = assembly.aimed(of, start, end, reach=None, by=by)
    return {row.labels: found for row, found in assembly.paces(asked, until=as_of + timedelta(days=1))}


def working(world: World, start: date, end: date, calendar=None) -> int:
    from pacesetter.people import reads

    return reads.working_days((calendar or world.company.calendar).pk, start, end)


def test_pace_on_a_day_inside_the_quarter_is_the_formula(sold: World):
    """Up to 10 February: 700 of a goal of 1,000 × days passed ÷ days of the quarter."""
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00))
    done, whole = working(sold, START, date(2026, 2, 11)), working(sold, START, date(2026, 4, 1))
    found = paces("won_amount", "person", "quarter", as_of=date(2026, 2, 10))["孙浩", "2026Q1"]
    assert found.expected == Fraction(1000_00 * done, whole)
    assert (found.cell.top, found.cell.bottom) == (700_00, round(found.expected))
    one, calendar = found.paces[0]
    assert (one.days_passed, one.days_left, calendar) == (done, whole - done, sold.company.calendar.name)
    assert paces("won_amount", "person", as_of=date(2026, 1, 31))["孙浩",].cell.top == 400_00


def test_after_the_end_all_is_expected_and_before_the_start_nothing(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00), person(sold, sold.veteran, "2026Q3", 500_00))
    found = paces("won_amount", "person", "quarter", as_of=date(2026, 4, 30))
    assert found["孙浩", "2026Q1"].expected == 1000_00
    assert (found["孙浩", "2026Q3"].cell.bottom, found["孙浩", "2026Q3"].cell.value) == (0, None)


def test_a_team_on_a_six_day_week_has_its_own_count(sold: World):
    from pacesetter.people import acts as people_acts

    six = people_acts.add_calendar(name="单休", pattern="six_day", by=None, at=AT)
    people_acts.change_team(team=sold.east1, calendar=six, by=None, at=AT)
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00), person(sold, sold.rep2, "2026Q1", 1000_00))
    found = paces("won_amount", "person", as_of=date(2026, 2, 10))
    mine, other = found["孙浩",].paces[0], found["吴迪",].paces[0]
    assert (mine[1], other[1]) == ("单休", sold.company.calendar.name)
    assert mine[0].days_passed == working(sold, START, date(2026, 2, 11), six)
    assert mine[0].days_passed > other[0].days_passed


def test_whoever_joins_later_is_counted_by_the_calendar_of_the_team_joined(sold: World):
    """Before the first seat that of the first team, after the last that of the last; in between that of the day."""
    from pacesetter.people import acts as people_acts

    six = people_acts.add_calendar(name="单休", pattern="six_day", by=None, at=AT)
    people_acts.change_team(team=sold.east1, calendar=six, by=None, at=AT)
    late = people_acts.add_person(name="韩冰", hire_on=date(2026, 2, 2), by=None, at=AT)
    people_acts.join_team(person=late, team=sold.east1, on=date(2026, 2, 2), by=None, at=AT)
    people_acts.transfer(person=sold.rep2, team=sold.east1, on=date(2026, 2, 2), reason="充实一队", by=None, at=AT)
    book = Days(START, date(2026, 4, 1))

    def by(who) -> list[str]:
        return [book.of("person", who.pk, on).name for on in (START, date(2026, 2, 10), date(2026, 3, 31))]

    ours = sold.company.calendar.name
    assert by(late) == ["单休"] * 3
    assert by(sold.rep2) == [ours, "单休", "单休"]
    assert by(sold.mover) == ["单休", ours, ours]
    assert by(sold.left) == ["单休"] * 3
    set_goals(person(sold, late, "2026Q1", 1000_00, present=((START, date(2026, 4, 1)),)))
    (row,) = paces("won_amount", "person", as_of=date(2026, 3, 31)).values()
    own, whole = working(sold, date(2026, 2, 2), date(2026, 4, 1), six), working(sold, START, date(2026, 4, 1), six)
    assert row.paces[0][0].target == Fraction(1000_00 * own, whole)


def test_a_standing_tells_chip_and_what_a_day_requires(sold: World):
    from pacesetter.goals import reads

    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00))
    view = reads.book(Goal.objects.all())
    found = next(iter(assembly.standing(view, until=date(2026, 2, 11), reach=sold.reach(sold.veteran)).values()))
    left = working(sold, date(2026, 2, 11), date(2026, 4, 1))
    assert found.attainment == Fraction(7, 10)
    assert found.pace.required_per_day == Fraction(300_00, left)
    assert found.pace.status == "ahead"
    nobody = assembly.standing(view, until=date(2026, 2, 11), reach=sold.reach(sold.leader2))
    assert next(iter(nobody.values())).cell.top == 0, "figures out of reach do not count"


def test_a_forecast_is_the_run_so_far_and_none_before_a_fifth_was_expected(sold: World):
    set_goals(person(sold, sold.veteran, "2026Q1", 1000_00))
    done, whole = working(sold, START, date(2026, 2, 11)), working(sold, START, date(2026, 4, 1))
    found = paces("won_amount", "person", as_of=date(2026, 2, 10))["孙浩",]
    assert abs(found.forecast - Fraction(700_00 * whole, done)) <= Fraction(1, 2)
    assert paces("won_amount", "person", as_of=date(2026, 1, 6))["孙浩",].forecast is None


def closed(world: World, on: date, wins: int, losses: int) -> None:
    """So many deals of 孙浩, won and lost on a day."""
    for place in range(wins + losses):
        made = pipeline.add_customer(name=f"客{on}{place}", owner=world.veteran, by=None, at=AT)
        deal = pipeline.open_deal(name="单", customer=made, owner=world.veteran, amount_minor=100, on=on, by=None,
                                  at=AT)  # fmt: skip
        if place < wins:
            pipeline.win_deal(deal, on=on, by=None, at=AT)
        else:
            pipeline.lose_deal(deal, on=on, loss_reason="price", by=None, at=AT)


def test_rates_of_several_months_keep_pace_as_one_rate(world: World):
    """50 % of 1 and 30 % of 3 are 1.4 of 4: 35 % is asked, and 2 of 4 are 50 %. March has no case and no weight."""
    closed(world, date(2026, 1, 12), 1, 0)
    closed(world, date(2026, 2, 10), 1, 2)
    set_goals(*(Draft("win_rate", "person", periods.parse(label), bp, person=world.veteran.pk)
                for label, bp in (("2026-01", 5000), ("2026-02", 3000), ("2026-03", 9000))))  # fmt: skip
    found = paces("win_rate", "person", "quarter", as_of=date(2026, 3, 15))["孙浩", "2026Q1"]
    assert (found.target, found.expected, found.level) == (3500, 3500, 5000)
    assert (found.cell.top, found.cell.bottom) == (2 * 10_000, 5000 + 3 * 3000)
    assert (found.status, found.forecast, found.due) == ("ahead", 5000, 3500)


def test_equal_rates_of_three_months_ask_for_that_rate(world: World):
    set_goals(*(Draft("win_rate", "person", periods.parse(f"2026-0{month}"), 2500, person=world.veteran.pk)
                for month in (1, 2, 3)))  # fmt: skip
    found = paces("win_rate", "person", "quarter", as_of=date(2026, 3, 15))["孙浩", "2026Q1"]
    assert (found.target, found.expected, found.level, found.status) == (2500, 2500, None, "")


def test_of_stands_of_several_months_the_last_that_has_begun_counts(world: World):
    set_goals(*(Draft("overdue_amount", "team", periods.parse(f"2026-0{month}"), month * 1000_00, team=world.east1.pk)
                for month in (1, 2, 3)))  # fmt: skip
    found = paces("overdue_amount", "team", "quarter", as_of=date(2026, 2, 20))["华东一队", "2026Q1"]
    assert (found.target, found.expected) == (2000_00, 2000_00)
    assert rows("overdue_amount", "team", "quarter", today=date(2026, 2, 20)) == {("华东一队", "2026Q1"): (0, 2000_00)}


def test_a_month_of_a_goal_by_its_own_curve_goes_by_working_days(sold: World):
    """The curve tells how a year comes about, not a month: on the 10th of 22 working days 10 ÷ 22 of it is due."""
    for year in (2022, 2023, 2024, 2025):
        won(sold, sold.veteran, date(year, 12, 10), 1000_00)
    months = [Part(periods.parse(f"2026-{m:02d}"), 220_00) for m in range(1, 13)]
    set_goals(person(sold, sold.veteran, "2026", 12 * 220_00, parts=months, pace_basis="curve"))
    found = paces("won_amount", "person", "month", as_of=date(2026, 3, 13))["孙浩", "2026-03"]
    assert found.expected == 100_00
    year = paces("won_amount", "person", "year", as_of=date(2026, 3, 13))["孙浩", "2026"]
    assert year.paces[0][0].basis == "curve"
    assert year.expected == 0


def test_the_course_of_a_rate_that_is_a_stand_ends_where_its_figure_stands(world: World) -> None:
    """An instalment of January paid in February is paid by the end of February: days of a stand do not add up."""
    customer = pipeline.add_customer(name="海川机械", owner=world.veteran, by=None, at=AT)
    due = pipeline.plan_instalment(customer=customer, due_on=date(2026, 1, 20),
                                   amount_minor=100_000, by=None, at=AT)  # fmt: skip
    paid = pipeline.record_receipt(customer=customer, on=date(2026, 2, 10), amount_minor=80_000, by=None, at=AT)
    pipeline.allocate_receipt(paid, parts=[(due, 80_000)], by=None, at=AT)
    set_goals(Draft("collection_rate", "company", periods.parse("2026Q1"), 9_000))
    goal = Goal.objects.get()
    points = assembly.course(
        book([goal])[goal.pk], [date(2026, 2, 1), date(2026, 3, 1), TODAY], today=TODAY, reach=None,
        calendars=Days(goal.start, goal.end),
    )  # fmt: skip
    done = [point.done for point in points]
    assert [cell and (cell.top, cell.bottom, cell.n) for cell in done] == [
        (0, 100_000, 1), (80_000, 100_000, 1), (80_000, 100_000, 1)]  # fmt: skip
