"""Why a number is what it is: formula, figures, records that add up, comparison."""

from datetime import date
from fractions import Fraction

import pytest

from pacesetter.metrics import engine, why
from pacesetter.metrics.catalogue import METRICS
from pacesetter.metrics.engine import Question, Reach
from pacesetter.metrics.why import Record, Records

from .ledger import OPEN_END, OPEN_START, Ledger

JANUARY = (date(2026, 1, 1), date(2026, 2, 1))
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def sold(ledger: Ledger) -> Ledger:
    """Person 1 in January: deal 1 (300 in two lines) and 2 (100) won, deal 3 lost. Person 2: deal 4 (50) won; in Feb
    deal 1 is refunded by 20.
    """
    for deal, person, amount in ((1, 1, 200), (1, 1, 100), (2, 1, 100), (4, 2, 50)):
        ledger.add("booking", happened_on="2026-01-10", person_id=person, deal_id=deal, amount_minor=amount)
    ledger.add("booking", happened_on="2026-02-10", person_id=1, deal_id=1, amount_minor=-20, kind="refund")
    for deal, person, outcome in ((1, 1, "won"), (2, 1, "won"), (3, 1, "lost"), (4, 2, "won")):
        ledger.add("deal_step", happened_on="2026-01-10", person_id=person, deal_id=deal, outcome=outcome)
    return ledger


def test_a_formula_carries_its_own_figures(sold: Ledger) -> None:
    question = Question(METRICS["win_rate"], *YEAR, by=("person", "month"))
    told = why.explain(sold.store, question, (1, "2026-01"))
    assert told.cell.value == Fraction(2, 3)
    assert told.formula(0) == "成单率 = 赢单数 ÷ 赢单与输单数"
    assert told.formula(1) == "Win rate = won ÷ deals won or lost"
    assert [(f.side, f.value, f.n, f.entity) for f in told.figures] == [("top", 2, 2, "deal"), ("bottom", 3, 3, "deal")]
    assert (told.question.start, told.question.end) == JANUARY


def test_the_records_add_up_to_the_number(sold: Ledger) -> None:
    """Person 1 in January: deal 1 brings 300, deal 2 brings 100."""
    question = Question(METRICS["won_amount"], *YEAR, by=("month", "person"))
    found = why.records(sold.store, question, ("2026-01", 1))
    assert found == Records("deal", (Record(1, 300), Record(2, 100)), 2, 400)
    page = why.records(sold.store, question, ("2026-01", 1), first=1, size=1)
    assert page == Records("deal", (Record(2, 100),), 2, 400)
    assert why.records(sold.store, question, ("2026-02", 1)).rows == (Record(1, -20),)
    lost = why.records(sold.store, question.at(metric=METRICS["win_rate"]), ("2026-01", 1), side="bottom")
    assert {row.id for row in lost.rows} == {1, 2, 3}


@pytest.mark.parametrize("key", ["won_amount", "deals_won", "average_order_value", "amount_per_customer", "win_rate"])
def test_each_figure_is_the_sum_of_its_records(sold: Ledger, key: str) -> None:
    question = Question(METRICS[key], *YEAR, by=("person", "month"))
    for cell in engine.ask(sold.store, question):
        told = why.explain(sold.store, question, cell.key)
        for figure in told.figures:
            found = why.records(sold.store, question, cell.key, side=figure.side, place=figure.place)
            assert found.total == figure.value
        assert sum(f.value for f in told.figures if f.side == "top") == cell.top


def test_records_out_of_reach_are_neither_listed_nor_counted(sold: Ledger) -> None:
    question = Question(METRICS["won_amount"], *JANUARY, reach=Reach(persons=(2,)))
    assert why.records(sold.store, question) == Records("deal", (Record(4, 50),), 1, 50)
    assert why.explain(sold.store, question).cell.top == 50


def test_a_finder_of_a_room_takes_the_place_of_the_postings(sold: Ledger) -> None:
    """The records come from elsewhere, and a difference to the number shows."""
    asked: list[Question] = []

    def finder(question: Question, measure: object, first: int, size: int) -> Records:
        asked.append(question)
        return Records("deal", (Record(1, 299),), 1, 299)

    question = Question(METRICS["won_amount"], *YEAR, by=("person",))
    found = why.records(sold.store, question, (1,), finders={"booking": finder})
    assert found.total != why.explain(sold.store, question, (1,)).cell.top
    assert asked[0].only == (("person", (1,)),)


def test_a_stand_lists_what_was_open_then(ledger: Ledger) -> None:
    """Due 5 Jan 100 with 40 paid, due 6 Jan 10: at the end of January 60 and 10 are overdue, in 0–30."""
    ledger.add("instalment", id=1, due_on="2026-01-05", amount_minor=100)
    ledger.add("instalment", id=2, due_on="2026-01-06", amount_minor=10)
    ledger.add("allocation", instalment_id=1, happened_on="2026-01-20", amount_minor=40)
    question = Question(METRICS["overdue_amount"], *YEAR, by=("month", "ageing"), today=date(2026, 3, 1))
    found = why.records(ledger.store, question, ("2026-01", "0-30"))
    assert found == Records("instalment", (Record(1, 60), Record(2, 10)), 2, 70)
    assert why.records(ledger.store, question, ("2026-01", "90+")).count == 0


def test_a_key_without_a_value_is_a_key(ledger: Ledger) -> None:
    ledger.add("booking", happened_on="2026-01-10", industry=None, deal_id=7, amount_minor=5)
    question = Question(METRICS["won_amount"], *YEAR, by=("industry",))
    assert why.records(ledger.store, question, (None,)).rows == (Record(7, 5),)
    assert why.explain(ledger.store, question, ("none such",)).cell.top == 0


def test_customers_and_people_are_records_too(ledger: Ledger) -> None:
    """Two customers with wins; person 1's capacity of January: 22 working days."""
    for customer in (1, 1, 2):
        ledger.add("booking", happened_on="2026-01-10", customer_id=customer, amount_minor=5)
    question = Question(METRICS["amount_per_customer"], *JANUARY)
    found = why.records(ledger.store, question, side="bottom")
    assert (found.entity, {row.id for row in found.rows}, found.total) == ("customer", {1, 2}, 2)
    seat = {"valid_from": OPEN_START, "valid_to": OPEN_END, "hire_on": "2020-01-01", "team_id": 1}
    ledger.add("membership", person_id=1, **seat)
    capacity = Question(METRICS["sales_capacity"], *YEAR, by=("team", "month"))
    assert why.records(ledger.store, capacity, (1, "2026-01")) == Records("person", (Record(1, 2200),), 1, 2200)
    assert why.explain(ledger.store, capacity, (1, "2026-01")).cell.value == 22


def test_a_label_of_no_period_is_refused(ledger: Ledger) -> None:
    question = Question(METRICS["won_amount"], *YEAR, by=("month",))
    with pytest.raises(LookupError):
        why.explain(ledger.store, question, ("2031-01",))


def test_before_is_the_period_before_and_a_year_earlier_the_same_days() -> None:
    question = Question(METRICS["won_amount"], date(2026, 3, 1), date(2026, 4, 1))
    earlier = why.before(question)
    assert (earlier.start, earlier.end) == (date(2026, 2, 1), date(2026, 3, 1))
    odd = why.before(question.at(start=date(2026, 3, 3), end=date(2026, 3, 10)))
    assert (odd.start, odd.end) == (date(2026, 2, 24), date(2026, 3, 3))
    year = why.year_before(question.at(start=date(2024, 2, 1), end=date(2024, 3, 1)))
    assert (year.start, year.end) == (date(2023, 2, 1), date(2023, 3, 1))


def test_movers_add_up_to_the_change(sold: Ledger) -> None:
    """January 450, February −20: person 1 moved −420, person 2 −50, together −470."""
    january = Question(METRICS["won_amount"], *JANUARY)
    february = january.at(start=date(2026, 2, 1), end=date(2026, 3, 1))
    moved = why.movers(sold.store, february, january, "person")
    assert [(mover.key, mover.change) for mover in moved] == [((1,), -420), ((2,), -50)]
    assert [cell.key for cell in why.contributors(sold.store, january, "person", most=1)] == [(1,)]
