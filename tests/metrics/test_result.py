"""Result metrics: the facts stand in each docstring, the number is worked out by hand."""

from fractions import Fraction

from .ledger import Ledger


def test_won_amount_nets_refunds_in_the_period_they_happen(ledger: Ledger) -> None:
    """Deal 1: 1,000.00 won 10 Jan (person 1: 600.00, person 2: 400.00, overlay person 3: 500.00); refund 200.00 on
    5 Feb (person 1: 120.00, person 2: 80.00). January stays 1,000.00, February is −200.00.
    """
    for person, amount, overlay in ((1, 60000, 0), (2, 40000, 0), (3, 50000, 1)):
        ledger.add("booking", happened_on="2026-01-10", person_id=person, amount_minor=amount, overlay=overlay)
    for person, amount in ((1, -12000), (2, -8000)):
        ledger.add("booking", happened_on="2026-02-05", person_id=person, amount_minor=amount, kind="refund")
    assert ledger.rows("won_amount", "month") == [("2026-01", 100000, None), ("2026-02", -20000, None)]
    assert ledger.rows("won_amount", "person,month") == [
        (1, "2026-01", 60000, None),
        (1, "2026-02", -12000, None),
        (2, "2026-01", 40000, None),
        (2, "2026-02", -8000, None),
    ]
    [cell] = ledger.cells("won_amount")
    assert (cell.key, cell.top, cell.n, cell.unit, cell.value) == ((), 80000, 1, "minor", 80000)


def test_the_end_is_exclusive_and_the_start_is_not(ledger: Ledger) -> None:
    """1.00 on 31 Jan, 2.00 on 1 Feb, 4.00 on 28 Feb, 8.00 on 1 Mar: February = 6.00."""
    for day, amount in (("2026-01-31", 100), ("2026-02-01", 200), ("2026-02-28", 400), ("2026-03-01", 800)):
        ledger.add("booking", happened_on=day, amount_minor=amount)
    assert ledger.rows("won_amount", "", "2026-02-01", "2026-03-01") == [(600, None)]


def test_deals_won_counts_the_primary_owner_and_takes_cancellations_off_on_their_day(ledger: Ledger) -> None:
    """Person 1 wins deals 1 and 2 in January, deal 2 is cancelled in March; a win of deal 3 was undone by reopening."""
    ledger.add("deal_step", happened_on="2026-01-10", person_id=1, deal_id=1, outcome="won")
    ledger.add("deal_step", happened_on="2026-01-12", person_id=1, deal_id=2, outcome="won")
    ledger.add("deal_step", happened_on="2026-03-02", person_id=1, deal_id=2, outcome="cancelled")
    ledger.add("deal_step", happened_on="2026-01-15", person_id=1, deal_id=3, outcome="won", valid=0)
    assert ledger.rows("deals_won", "quarter,month") == [
        ("2026Q1", "2026-01", 2, None),
        ("2026Q1", "2026-03", -1, None),
    ]
    assert ledger.rows("deals_won", "person") == [(1, 1, None)]


def test_deals_by_product_count_once_under_each_product(ledger: Ledger) -> None:
    """Deal 1 holds products 7 and 8, deal 2 product 8, deal 3 none: 7 → 1, 8 → 2, none → 1, all → 3 (not 4)."""
    for deal in (1, 2, 3):
        ledger.add("deal_step", happened_on="2026-01-10", deal_id=deal, outcome="won")
    for deal, product in ((1, 7), (1, 8), (2, 8)):
        ledger.add("deal_product", deal_id=deal, product_id=product)
    assert ledger.rows("deals_won", "product") == [(7, 1, None), (8, 2, None), (None, 1, None)]
    assert ledger.rows("deals_won") == [(3, None)]
    assert ledger.rows("deals_won", only=(("product", (7, 8)),)) == [(2, None)]
    assert ledger.rows("deals_won", only=(("product", (None,)),)) == [(1, None)]


def test_a_team_rate_is_never_the_mean_of_rates(ledger: Ledger) -> None:
    """Person 1 wins 1 of 1, person 2 wins 0 of 3: the team wins 1 of 4, not the mean of 100 % and 0 %."""
    ledger.add("deal_step", happened_on="2026-01-10", person_id=1, team_id=5, deal_id=1, outcome="won")
    for deal in (2, 3, 4):
        ledger.add("deal_step", happened_on="2026-01-10", person_id=2, team_id=5, deal_id=deal, outcome="lost")
    assert ledger.rows("win_rate", "person") == [(1, 1, 1), (2, 0, 3)]
    [cell] = ledger.cells("win_rate", "team")
    assert (cell.key, cell.top, cell.bottom, cell.n, cell.value) == ((5,), 1, 4, 4, Fraction(1, 4))


def test_win_rate_created_looks_at_the_deals_opened_in_the_period(ledger: Ledger) -> None:
    """Opened in January: deals 1 (won in May), 2 (lost), 3 (open). Created basis 1/3; closed in January: nothing."""
    for deal, stage in ((1, "won"), (2, "lost"), (3, "proposal")):
        ledger.add("deal_step", happened_on="2026-01-05", deal_id=deal, outcome="opened", deal_stage=stage)
    ledger.add("deal_step", happened_on="2026-05-05", deal_id=1, outcome="won", deal_stage="won")
    ledger.add("deal_step", happened_on="2026-06-05", deal_id=2, outcome="lost", deal_stage="lost")
    assert ledger.rows("win_rate", "month", basis="created") == [("2026-01", 1, 3)]
    assert ledger.rows("win_rate", "month", basis="closed") == [("2026-05", 1, 1), ("2026-06", 0, 1)]


def test_a_rate_over_nothing_has_no_value(ledger: Ledger) -> None:
    """Amount 5.00 without a counted win (a correction): average order value is 500 over 0: no value, no error."""
    ledger.add("booking", happened_on="2026-01-10", amount_minor=500, kind="correction")
    [cell] = ledger.cells("average_order_value")
    assert (cell.top, cell.bottom, cell.n, cell.value) == (500, 0, 0, None)


def test_average_order_value_is_per_deal_and_amount_per_customer_per_customer(ledger: Ledger) -> None:
    """Customer 1 buys deals 1 (300) and 2 (100), customer 2 deal 3 (201): 601/3 per deal, 601/2 per customer."""
    for deal, customer, amount in ((1, 1, 300), (2, 1, 100), (3, 2, 201)):
        ledger.add("booking", happened_on="2026-01-10", deal_id=deal, customer_id=customer, amount_minor=amount)
        ledger.add("deal_step", happened_on="2026-01-10", deal_id=deal, customer_id=customer, outcome="won")
    [per_deal] = ledger.cells("average_order_value")
    [per_customer] = ledger.cells("amount_per_customer")
    assert (per_deal.top, per_deal.bottom, per_deal.value) == (601, 3, Fraction(601, 3))
    assert (per_customer.top, per_customer.bottom, per_customer.n) == (601, 2, 2)


def test_distinct_customers_are_counted_again_at_each_grain(ledger: Ledger) -> None:
    """Customer 1 buys in January and February: one each month, one in the quarter."""
    for day in ("2026-01-10", "2026-02-10"):
        ledger.add("booking", happened_on=day, customer_id=1, amount_minor=100)
    assert ledger.rows("amount_per_customer", "month") == [("2026-01", 100, 1), ("2026-02", 100, 1)]
    assert ledger.rows("amount_per_customer", "quarter") == [("2026Q1", 200, 1)]


def test_new_share_leaves_the_unknown_out(ledger: Ledger) -> None:
    """New 300, repurchase 100, unknown 600: share 300/400."""
    for kind, amount in (("new", 300), ("repurchase", 100), ("unknown", 600)):
        ledger.add("booking", happened_on="2026-01-10", customer_kind=kind, amount_minor=amount)
    assert ledger.rows("new_amount_share") == [(300, 400)]
    assert ledger.rows("new_amount") == [(300, None)]
    assert ledger.rows("repurchase_amount") == [(100, None)]
    assert ledger.rows("won_amount", "customer_kind") == [
        ("new", 300, None),
        ("repurchase", 100, None),
        ("unknown", 600, None),
    ]


def test_repurchase_rate_counts_customers_won_by_the_end_of_each_period(ledger: Ledger) -> None:
    """Customer 1 first in 2025, again in February; customer 2 first in January, twice again in February; customer 3
    first in February. January: 0 of 2 (1, 2). February: 2 of 3. First quarter: 2 of 3.
    """
    for customer, day, kind in (
        (1, "2025-12-30", "new"),
        (2, "2026-01-10", "new"),
        (1, "2026-02-01", "repurchase"),
        (2, "2026-02-02", "repurchase"),
        (2, "2026-02-03", "repurchase"),
        (3, "2026-02-04", "new"),
    ):
        ledger.add("booking", happened_on=day, customer_id=customer, customer_kind=kind, amount_minor=1)
    assert ledger.rows("repurchase_rate", "month", "2026-01-01", "2026-03-01") == [("2026-01", 0, 2), ("2026-02", 2, 3)]
    assert ledger.rows("repurchase_rate", "quarter", "2026-01-01", "2026-04-01") == [("2026Q1", 2, 3)]
    assert ledger.rows("customers_developed", "month") == [("2026-01", 1, None), ("2026-02", 1, None)]


def test_an_instalment_is_capped_at_its_plan_and_looks_at_the_end_of_its_own_period(ledger: Ledger) -> None:
    """Instalment 1: 100 due 15 Jan, 60 paid 20 Jan, 60 more paid 10 Feb (20 too much). Instalment 2: 50 due 10 Feb,
    paid early on 5 Jan. Instalment 3: 70 due 20 Jan, voided 25 Jan.
    January by itself: 60 of 100. February: 50 of 50. Both months together: 100 + 50 of 150.
    """
    ledger.add("instalment", id=1, due_on="2026-01-15", amount_minor=100)
    ledger.add("instalment", id=2, due_on="2026-02-10", amount_minor=50)
    ledger.add("instalment", id=3, due_on="2026-01-20", amount_minor=70, voided_on="2026-01-25")
    for plan, day, amount in ((1, "2026-01-20", 60), (1, "2026-02-10", 60), (2, "2026-01-05", 50)):
        ledger.add("allocation", instalment_id=plan, happened_on=day, amount_minor=amount)
    assert ledger.rows("collection_rate", "month", "2026-01-01", "2026-03-01") == [
        ("2026-01", 60, 100),
        ("2026-02", 50, 50),
    ]
    [cell] = ledger.cells("collection_rate", "", "2026-01-01", "2026-03-01")
    assert (cell.top, cell.bottom, cell.n) == (150, 150, 2)


def test_the_receivable_basis_divides_by_what_was_open_and_what_was_invoiced(ledger: Ledger) -> None:
    """Invoiced 100 in December and 50 in January; received 30 in December, 90 in January. January: 90 of 70 + 50."""
    for day, amount in (("2025-12-30", 100), ("2026-01-10", 50)):
        ledger.add("invoice", happened_on=day, amount_minor=amount)
    for day, amount in (("2025-12-31", 30), ("2026-01-20", 90)):
        ledger.add("receipt", happened_on=day, amount_minor=amount)
    assert ledger.rows("collection_rate", "month", "2026-01-01", "2026-02-01", basis="receivable") == [
        ("2026-01", 90, 120)
    ]
    assert ledger.rows("collected_amount", "month", "2026-01-01", "2026-02-01") == [("2026-01", 90, None)]


def test_without_any_invoice_the_receivable_basis_takes_the_due_days(ledger: Ledger) -> None:
    """Due 100 in December, 50 in January; received 30 in December, 90 in January: 90 of 120 as above."""
    for day, amount in (("2025-12-30", 100), ("2026-01-10", 50)):
        ledger.add("instalment", due_on=day, amount_minor=amount)
    for day, amount in (("2025-12-31", 30), ("2026-01-20", 90)):
        ledger.add("receipt", happened_on=day, amount_minor=amount)
    assert ledger.rows("collection_rate", "month", "2026-01-01", "2026-02-01", basis="receivable") == [
        ("2026-01", 90, 120)
    ]


def test_overdue_is_a_stand_at_the_end_with_its_age(ledger: Ledger) -> None:
    """At the end of 31 March: due 1 Mar (31 days before 1 April) 100 with 40 paid → 60 in 31–60; due 2 Mar (30 days)
    10 → 0–30; due 31 Mar 5 → 0–30; due 1 Jan (90 days) 7 → 61–90; due 31 Dec (91 days) 9 → 90+; due 1 Apr not yet.
    Paid on 1 April only: still overdue at the end of March.
    """
    for plan, day, amount in (
        (1, "2026-03-01", 100),
        (2, "2026-03-02", 10),
        (3, "2026-03-31", 5),
        (4, "2026-01-01", 7),
        (5, "2025-12-31", 9),
        (6, "2026-04-01", 1000),
    ):
        ledger.add("instalment", id=plan, due_on=day, amount_minor=amount, person_id=1)
    ledger.add("allocation", instalment_id=1, happened_on="2026-03-10", amount_minor=40)
    ledger.add("allocation", instalment_id=2, happened_on="2026-04-01", amount_minor=10)
    assert ledger.rows("overdue_amount", "ageing", "2026-03-01", "2026-04-01") == [
        ("0-30", 15, None),
        ("31-60", 60, None),
        ("61-90", 7, None),
        ("90+", 9, None),
    ]
    assert ledger.rows("overdue_amount", "person,month", "2026-02-01", "2026-04-01") == [
        (1, "2026-02", 16, None),
        (1, "2026-03", 91, None),
    ]


def test_a_month_that_is_not_over_is_judged_today(ledger: Ledger) -> None:
    """Due 10 March 40, 14 March 10, 15 March 7, 20 March 30; today is 15 March: what is due today is late tomorrow."""
    from datetime import date

    for day, amount in (("2026-03-10", 40), ("2026-03-14", 10), ("2026-03-15", 7), ("2026-03-20", 30)):
        ledger.add("instalment", due_on=day, amount_minor=amount)
    asked = {"today": date(2026, 3, 15)}
    assert ledger.rows("overdue_amount", "", "2026-03-01", "2026-04-01", **asked) == [(50, None)]
    assert ledger.rows("overdue_amount", "month", "2026-03-01", "2026-06-01", **asked) == [("2026-03", 50, None)]
    assert ledger.rows("overdue_amount", "", "2026-03-01", "2026-04-01", today=date(2026, 3, 16)) == [(57, None)]


def test_what_is_due_on_the_last_day_is_late_on_the_first_morning_after(ledger: Ledger) -> None:
    """Due 31 March 5 and 1 March 3. On 31 March only the 3, 30 days late; on 1 April March stands at 8 (31 days)."""
    from datetime import date

    ledger.add("instalment", due_on="2026-03-31", amount_minor=5)
    ledger.add("instalment", due_on="2026-03-01", amount_minor=3)
    march = ("overdue_amount", "ageing", "2026-03-01", "2026-04-01")
    assert ledger.rows(*march, today=date(2026, 3, 31)) == [("0-30", 3, None)]
    for today in (date(2026, 4, 1), date(2026, 5, 9), None):
        assert ledger.rows(*march, today=today) == [("0-30", 5, None), ("31-60", 3, None)]
