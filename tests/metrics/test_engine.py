"""The engine: reach, filters, keys, periods — and every metric by every dim, alike on both databases."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from pacesetter.lib.periods import Settings
from pacesetter.metrics import schema
from pacesetter.metrics.catalogue import METRICS, UnknownBasis
from pacesetter.metrics.engine import Question, Reach, UnknownDim, ask, dims_for, periods, total
from tests.homes import server

from .ledger import Ledger

FIRST, LAST = date(2026, 1, 1), date(2026, 7, 1)


def test_a_leader_sees_the_subtree_of_the_day_of_the_record(ledger: Ledger) -> None:
    """Company 1 > team 2 until 1 March, then team 3. Team 9 sold 10 in February, 20 in March, team 8 (under nobody) 40:
    the leader of 2 sees February's 10, the leader of 3 March's 20, the leader of 1 both, the seller 5 of team 8 own 40.
    """
    ledger.tree((1, 1), (2, 2), (3, 3), (8, 8), (9, 9), (1, 2), (1, 3), (1, 9))
    ledger.tree((2, 9), end=date(2026, 3, 1))
    ledger.tree((3, 9), start=date(2026, 3, 1))
    for day, team, person, amount in (
        ("2026-02-28", 9, 4, 10),
        ("2026-03-01", 9, 4, 20),
        ("2026-02-28", 8, 5, 40),
    ):
        ledger.add("booking", happened_on=day, team_id=team, person_id=person, amount_minor=amount)

    def seen(**reach: tuple[int, ...]) -> list[tuple[object, ...]]:
        return ledger.rows("won_amount", reach=Reach(**reach))

    assert seen(teams=(2,)) == [(10, None)]
    assert seen(teams=(3,)) == [(20, None)]
    assert seen(teams=(1,)) == [(30, None)]
    assert seen(teams=(1, 2, 3)) == [(30, None)]
    assert seen(persons=(5,)) == [(40, None)]
    assert seen(persons=(5,), teams=(2, 3)) == [(70, None)]
    assert seen() == []
    assert ledger.rows("won_amount", within=(3,), reach=Reach(persons=(5,))) == []
    assert ledger.rows("won_amount", "team", within=(1,)) == [(9, 30, None)]


def test_what_belongs_to_a_record_counts_whoever_did_it(ledger: Ledger) -> None:
    """Person 1's deal entered intent; a colleague (2) sent the proposal and another (3) booked the money: person 1 sees
    one of one and nothing overdue.
    """
    ledger.add("deal_step", happened_on="2026-01-01", deal_id=1, stage="intent", person_id=1)
    ledger.add("activity", kind="proposal", deal_id=1, happened_on="2026-01-03", person_id=2)
    ledger.add("instalment", id=1, due_on="2026-01-01", amount_minor=5, person_id=1)
    ledger.add("allocation", instalment_id=1, happened_on="2026-01-02", amount_minor=5, person_id=3)
    mine = {"reach": Reach(persons=(1,))}
    assert ledger.rows("proposal_rate", **mine) == [(1, 1)]
    assert ledger.rows("overdue_amount", **mine) == []


def test_filters_take_any_dim_and_the_missing_value(ledger: Ledger) -> None:
    """Industries a 1, b 2, none 4."""
    for industry, amount in (("a", 1), ("b", 2), (None, 4)):
        ledger.add("booking", happened_on="2026-01-10", industry=industry, amount_minor=amount)
    for wanted, expected in ((("a",), 1), (("a", "b"), 3), ((None,), 4), (("b", None), 6)):
        assert ledger.rows("won_amount", only=(("industry", wanted),)) == [(expected, None)]
    assert ledger.rows("won_amount", only=(("industry", ("%s'; --",)),)) == []
    assert ledger.rows("won_amount", "industry") == [("a", 1, None), ("b", 2, None), (None, 4, None)]


def test_no_key_comes_twice_and_a_missing_value_is_none(ledger: Ledger) -> None:
    """Wins with and without a person, tops and bottoms on other keys: each key once."""
    ledger.add("booking", happened_on="2026-01-10", person_id=None, amount_minor=1)
    ledger.add("booking", happened_on="2026-01-11", person_id=None, amount_minor=2)
    ledger.add("deal_step", happened_on="2026-01-10", person_id=None, deal_id=1, outcome="won")
    ledger.add("deal_step", happened_on="2026-01-10", person_id=3, deal_id=2, outcome="won")
    assert ledger.rows("average_order_value", "person,quarter") == [(3, "2026Q1", 0, 1), (None, "2026Q1", 3, 1)]


def test_the_order_of_dims_is_the_order_of_the_key(ledger: Ledger) -> None:
    """Also where a stand is taken period by period."""
    ledger.add("instalment", due_on="2026-01-10", amount_minor=1, person_id=7, team_id=8)
    january = ("2026-01-01", "2026-02-01")
    assert ledger.rows("overdue_amount", "team,month,person", *january) == [(8, "2026-01", 7, 1, None)]
    assert ledger.rows("collection_rate", "day,person,year", *january) == [("2026-01-10", 7, "2026", 0, 1)]


def test_a_fiscal_year_is_named_by_the_year_it_ends_in(new_ledger: Callable[..., Ledger]) -> None:
    """Fiscal year from July: 30 June 2026 is FY2026Q4, 1 July FY2027Q1; the calendar quarter stays 2026Q2, 2026Q3."""
    ledger = new_ledger(settings=Settings(fiscal_start_month=7, performance_start_day=26))
    ledger.calendar("2026-06-01", "2026-08-01")
    for day, amount in (("2026-06-30", 1), ("2026-07-01", 2)):
        ledger.add("booking", happened_on=day, amount_minor=amount)
    assert ledger.rows("won_amount", "fiscal_quarter,fiscal_year,quarter,performance_month") == [
        ("FY2026Q4", "FY2026", "2026Q2", "PM2026-07", 1, None),
        ("FY2027Q1", "FY2027", "2026Q3", "PM2026-07", 2, None),
    ]


def test_a_dim_the_facts_do_not_carry_is_refused_with_those_they_do(ledger: Ledger) -> None:
    with pytest.raises(
        UnknownDim, match=r"effective_visits cannot be asked by 'product'; it has: person, team"
    ) as caught:
        ledger.rows("effective_visits", "product")
    assert "activity_kind" in caught.value.has
    with pytest.raises(UnknownDim):
        ledger.rows("lead_conversion_rate", only=(("product", (1,)),))
    with pytest.raises(UnknownBasis, match="it has: closed, created"):
        ledger.rows("win_rate", basis="cohort")


def test_a_question_without_facts_is_an_empty_answer_and_a_total_of_zero(ledger: Ledger) -> None:
    assert ledger.rows("won_amount", "person") == []
    assert ledger.rows("win_rate") == []
    question = Question(METRICS["won_amount"], FIRST, LAST)
    assert (total(ledger.store, question).top, total(ledger.store, question).value) == (0, 0)
    assert total(ledger.store, question.at(metric=METRICS["win_rate"])).value is None


def test_periods_are_cut_at_the_edges_and_end_today(ledger: Ledger) -> None:
    question = Question(
        METRICS["overdue_amount"], date(2026, 1, 10), date(2026, 6, 1), by=("month",), today=date(2026, 3, 3)
    )
    assert periods(ledger.store, question) == [
        (("2026-01",), date(2026, 1, 10), date(2026, 2, 1)),
        (("2026-02",), date(2026, 2, 1), date(2026, 3, 1)),
        (("2026-03",), date(2026, 3, 1), date(2026, 3, 4)),
    ]


# ---- every metric by every dim ---------------------------------------------------------------------------------------


def crowd(ledger: Ledger) -> Ledger:
    """A few hundred seeded facts in every table, nulls included; the same on every database."""
    chance = random.Random(20260101)

    def seat() -> dict[str, object]:
        person = chance.choice([1, 2, 3, 4, None])
        team = {1: 11, 2: 11, 3: 12, 4: 13, None: None}[person]
        stage = chance.choice(["newcomer", "growth", "mature", "unknown"])
        return {
            "person_id": person,
            "team_id": team,
            "manager_id": team,
            "region_id": team and team % 2,
            "growth_stage": stage,
        }

    def customer() -> dict[str, object]:
        number = chance.choice([1, 2, 3, 4, 5, None])
        return {
            "customer_id": number,
            "customer_region": chance.choice(["华东", "华南", None]),
            "industry": chance.choice(["制造", "零售", None]),
        }

    def day() -> date:
        return FIRST + timedelta(chance.randrange(-20, 190))

    def maybe(value: object) -> object:
        return chance.choice([value, None])

    kinds, sources = ["new", "repurchase", "unknown"], ["web", "展会", None]
    ledger.calendar("2025-12-01", "2026-08-01")
    ledger.tree((10, 10), (11, 11), (12, 12), (13, 13), (10, 11), (10, 12), (10, 13))
    for deal in range(1, 60):
        source, kind = chance.choice(sources), chance.choice(kinds)
        opened = day()
        ledger.add(
            "deal_step",
            happened_on=opened,
            deal_id=deal,
            outcome="opened",
            stage=chance.choice(["prospect", "intent"]),
            deal_stage=chance.choice(["won", "lost", "intent"]),
            **seat(),
            **customer(),
            source=source,
            customer_kind=kind,
        )
        for stage, outcome in (("intent", "moved"), ("lost", "lost"), ("won", "won"), ("won", "cancelled")):
            if chance.random() < 0.6:
                stay = chance.randrange(40)
                opened += timedelta(stay)
                ledger.add(
                    "deal_step",
                    happened_on=opened,
                    deal_id=deal,
                    outcome=outcome,
                    stage=stage,
                    **seat(),
                    **customer(),
                    previous_stage="prospect",
                    days_in_previous=stay,
                    source=source,
                    customer_kind=kind,
                    amount_minor=chance.randrange(10**9),
                )
        for product in chance.sample([1, 2, 3], chance.randrange(3)):
            ledger.add("deal_product", deal_id=deal, product_id=product)
        for _ in range(chance.randrange(4)):
            ledger.add(
                "booking",
                happened_on=day(),
                deal_id=deal,
                product_id=maybe(1),
                source=source,
                customer_kind=kind,
                kind=chance.choice(["won", "won", "refund"]),
                amount_minor=chance.randrange(-(10**10), 10**12),
                overlay=chance.choice([0, 0, 1]),
                **seat(),
                **customer(),
            )
    for number in range(1, 120):
        created = day()
        ledger.add(
            "lead",
            id=number,
            created_on=created,
            intent_on=maybe(created + timedelta(9)),
            source=chance.choice(sources),
            customer_region=maybe("华东"),
            industry=maybe("制造"),
            stage="new",
            closed_on=maybe(created + timedelta(40)),
            won_on=maybe(created + timedelta(40)),
            last_touch_on=maybe(day()),
            **seat(),
        )
        kind = chance.choice(["visit", "call", "online", "proposal", "needs_report", "joint_visit", "other"])
        ledger.add(
            "activity",
            happened_on=day(),
            kind=kind,
            effective=chance.choice([0, 1, None]),
            deal_id=maybe(number % 60),
            lead_id=maybe(number),
            state=chance.choice(["valid", "not_effective", None]),
            seconds=chance.choice([None, 9, 14, 31]),
            delay_minutes=chance.choice([None, 0, 90, 121, 2000]),
            burst=chance.choice([0, 1]),
            twin=chance.choice([0, 0, 1]),
            backdated=chance.choice([0, 0, 1]),
            result="ok",
            **seat(),
            **customer(),
        )
        ledger.add(
            "instalment",
            id=number,
            due_on=day(),
            amount_minor=chance.randrange(10**6),
            voided_on=maybe(None),
            **seat(),
            **customer(),
        )
        ledger.add("allocation", instalment_id=number, happened_on=day(), amount_minor=chance.randrange(10**6))
        ledger.add("receipt", happened_on=day(), amount_minor=chance.randrange(10**6), **seat(), **customer())
        ledger.add("invoice", happened_on=day(), amount_minor=chance.randrange(10**6), **seat(), **customer())
    for person in (1, 2, 3, 4):
        ledger.add(
            "membership",
            person_id=person,
            team_id=11,
            valid_from="1900-01-01",
            valid_to="9999-12-31",
            hire_on=FIRST - timedelta(100 * person),
        )
    return ledger


@pytest.fixture(scope="module")
def crowded() -> Iterator[Ledger]:
    connection = sqlite3.connect(":memory:")
    yield crowd(Ledger(connection, "sqlite"))
    connection.close()


@pytest.fixture(scope="module")
def crowded_postgres() -> Iterator[Ledger]:
    import psycopg

    with psycopg.connect(server(), autocommit=True) as connection:
        yield crowd(Ledger(connection, "postgres"))


def questions(key: str) -> Iterator[Question]:
    """A metric on every basis: the total, each dim, each with the month, and within a reach."""
    metric = METRICS[key]
    for basis in metric.bases:
        whole = Question(metric, FIRST, LAST, basis=basis)
        yield whole
        for dim in dims_for(metric, basis):
            if dim == "day":
                # Stands are taken day by day: a week of them is enough.
                yield whole.at(by=("day",), end=FIRST + timedelta(7))
                continue
            yield whole.at(by=(dim,))
        yield whole.at(by=("person", "month"), reach=Reach(persons=(2,), teams=(10,)), within=(11, 12))


@pytest.mark.parametrize("key", METRICS)
def test_every_metric_by_every_dim_runs_and_its_parts_make_the_whole(crowded: Ledger, key: str) -> None:
    """Parts of an additive metric sum to it (products of a deal aside: it may hold several)."""
    metric = METRICS[key]
    wholes: dict[str, tuple[int, int]] = {}
    for question in questions(key):
        cells = ask(crowded.store, question)
        keys = [cell.key for cell in cells]
        assert len(keys) == len(set(keys))
        assert all(isinstance(cell.top, int) and isinstance(cell.n, int) for cell in cells)
        _, basis = metric.basis(question.basis)
        if not question.by:
            assert cells, "the crowd says nothing about this metric"
            wholes[question.basis] = (cells[0].top, cells[0].bottom or 0)
        elif metric.additive and not basis.moving and not basis.plan and question.reach.everything:
            if question.by[0] in ("product", "day") and basis.measures()[0].fact != "booking":
                continue
            if question.by[0] == "product" and basis.bottom:
                continue
            if question.by[0] == "day":
                continue
            assert (sum(c.top for c in cells), sum(c.bottom or 0 for c in cells)) == wholes[question.basis], question.by


@pytest.mark.postgresql
@pytest.mark.parametrize("key", METRICS)
def test_both_databases_give_the_same_cells(crowded: Ledger, crowded_postgres: Ledger, key: str) -> None:
    for question in questions(key):
        assert ask(crowded.store, question) == ask(crowded_postgres.store, question), question.by


def test_every_dim_of_the_command_line_serves_some_metric() -> None:
    served = {dim for metric in METRICS.values() for basis in metric.bases for dim in dims_for(metric, basis)}
    assert served == set(schema.DIMS)
